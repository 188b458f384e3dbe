import type { CasesPort, Ctx, JudgePort, OrganisationsPort, ProjectFactsPort } from '@tongchou/kernel'

/** What this module needs of the others; the server wires it. */
export interface ProjectsPorts {
  organisations: OrganisationsPort
  cases: CasesPort
  policy: JudgePort
  /** Live facts of the registers: systems, catalog, supervision. */
  registers: readonly ProjectFactsPort[]
  /** Whether payments of the project are held by a recorded decision (WH23-20). */
  isHeld(ctx: Ctx, projectId: string): Promise<boolean>
}
