import type {
  CasesPort,
  Ctx,
  FilesPort,
  JudgePort,
  NoticesPort,
  OrganisationsPort,
  ProjectFactsPort,
  RelationsPort,
} from '@tongchou/kernel'

/** What this module needs of the others; the server wires it. */
export interface ProjectsPorts {
  organisations: OrganisationsPort
  cases: CasesPort
  policy: JudgePort
  notices: NoticesPort
  files: FilesPort
  relations: RelationsPort
  /** Live facts of the registers: systems, catalog, supervision. */
  registers: readonly ProjectFactsPort[]
  /** Whether payments of the project are held by a recorded decision (WH23-20). */
  isHeld(ctx: Ctx, projectId: string): Promise<boolean>
}
