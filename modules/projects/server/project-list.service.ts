import { auditTrail, type Ctx, NotFound, type TrailPage, toPage } from '@tongchou/kernel'
import type { ProjectsPorts } from '../ports.ts'
import { findProject, listProjects, type ProjectFilter, sumProjects } from './project.store.ts'
import { named } from './project.view.ts'
import { mayRead } from './proposal.service.ts'

/** The projects this actor may read, newest change first, with totals of what the filter leaves. */
export async function readProjectList(ctx: Ctx, ports: ProjectsPorts, query: Omit<ProjectFilter, 'limit'> & { limit?: number }) {
  const filter = { ...query, limit: query.limit ?? 50 }
  const rows = await listProjects(ctx, ctx.actor, filter)
  const orgs = await ports.organisations.organisations(
    ctx,
    rows.flatMap((r) => [r.owner_org_id, r.builder_org_id]),
  )
  const page = toPage(
    rows,
    filter.limit,
    (r) => [filter.sort?.endsWith('budget') ? r.budget_fen : r.updated_at.toISOString(), r.id],
    (r) => ({
      id: r.id,
      name: r.name,
      kind: r.kind,
      stage: r.stage,
      owner: named(orgs, r.owner_org_id),
      builder: named(orgs, r.builder_org_id),
      budgetFen: r.budget_fen,
      approvedFen: r.approved_fen,
      updatedAt: r.updated_at.toISOString(),
    }),
  )
  return { ...page, totals: await sumProjects(ctx, ctx.actor, filter) }
}

/** Who did what on a project (操作记录), for those who may read it. */
export async function readTrail(ctx: Ctx, ports: ProjectsPorts, id: string, page: { limit?: number; cursor?: string }): Promise<TrailPage> {
  const project = await findProject(ctx, id)
  if (!project || !(await mayRead(ctx, ports, project))) throw new NotFound('project.not_found', '项目不存在')
  // Refused attempts are recorded under the request's own id, whoever made them.
  const subjects = [
    { kind: 'project', id },
    { kind: 'request', id },
  ]
  return auditTrail(ctx, subjects, page)
}
