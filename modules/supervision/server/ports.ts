import type { CasesPort, Ctx, NumbersPort, OrganisationsPort, PapersPort } from '@tongchou/kernel'

/** A project as this module needs it: who builds and who uses it. */
export interface ProjectUnderSupervision {
  id: string
  name: string
  builderOrgId: string
  userUnitOrgId: string
}

/** What supervision needs of `projects`: undefined when the project does not exist or the actor may not read it. */
export interface ProjectsPort {
  project(ctx: Ctx, id: string): Promise<ProjectUnderSupervision | undefined>
}

/** Everything this module needs from others; wired by the server. */
export interface SupervisionPorts {
  projects: ProjectsPort
  organisations: OrganisationsPort
  cases: CasesPort
  numbers: NumbersPort
  papers: PapersPort
}
