import type { Ctx } from '@tongchou/kernel'
import { readProject } from './project.permissions.ts'
import { stages } from './project.schema.ts'
import { findProject } from './project.store.ts'
import { projectsDb } from './project.tables.ts'

/** A project as the registers need it; undefined when the actor may not read it. */
export async function projectForRegisters(ctx: Ctx, id: string) {
  const project = await findProject(ctx, id)
  if (!project || !readProject.allows(ctx.actor, project)) return undefined
  return { id: project.id, name: project.name, builderOrgId: project.builder_org_id, userUnitOrgId: project.user_unit_org_id }
}

/** Whether a project's acceptance (验收) is still to come, whoever asks: registers keep what its gate waits for. */
export async function gateOfProject(ctx: Ctx, id: string): Promise<{ name: string; awaitsAcceptance: boolean } | undefined> {
  const project = await findProject(ctx, id)
  return project && { name: project.name, awaitsAcceptance: stages.indexOf(project.stage) < stages.indexOf('accepted') }
}

/** Projects of these names that the actor may read: for names that come in a file. */
export function projectsCalled(ctx: Ctx, names: readonly string[]): Promise<{ id: string; name: string }[]> {
  return projectsDb(ctx)
    .selectFrom('projects.project')
    .select(['id', 'name'])
    .where(readProject.where(ctx.actor))
    .where('name', 'in', [...names, ''])
    .execute()
}

/** What data a project said it would make (拟形成的数据资源), and why when it said none. */
export async function declaredResources(
  ctx: Ctx,
  projectId: string,
): Promise<{ resources: { id: string; name: string }[]; noDataReason: string }> {
  const project = await findProject(ctx, projectId)
  const resources = await projectsDb(ctx)
    .selectFrom('projects.declared_resource')
    .select(['id', 'name'])
    .where('project_id', '=', projectId)
    .orderBy('name')
    .execute()
  return { resources, noDataReason: project?.no_data_reason ?? '' }
}
