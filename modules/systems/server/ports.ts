import type { Ctx, OrganisationsPort } from '@tongchou/kernel'

/** A project as this module needs it: the parties that may tie a system to it. */
export interface ProjectOfSystem {
  id: string
  name: string
  builderOrgId: string
  userUnitOrgId: string
}

/** What systems needs of `projects`: undefined when the project does not exist or the actor may not read it. */
export interface ProjectsPort {
  project(ctx: Ctx, id: string): Promise<ProjectOfSystem | undefined>
}

/** Everything this module needs from others; wired by the server. */
export interface SystemsPorts {
  projects: ProjectsPort
  organisations: OrganisationsPort
}
