import { type Actor, type Ctx, containing, decodeCursor } from '@tongchou/kernel'
import { type Insertable, sql, type Updateable } from 'kysely'
import { readProject } from './project.permissions.ts'
import type { Project, Proposal, Stage } from './project.schema.ts'
import { stages } from './project.schema.ts'
import { type ProjectRow, type ProjectTable, projectsDb } from './project.tables.ts'

/** Columns of a proposal, from what the unit wrote. */
type ProposalColumns = Pick<
  Insertable<ProjectTable>,
  | 'name'
  | 'kind'
  | 'summary'
  | 'plan_basis'
  | 'builder'
  | 'builder_org_id'
  | 'user_unit_org_id'
  | 'reach'
  | 'deliverables'
  | 'funding'
  | 'superior_coordinated'
  | 'app_stage'
  | 'standard_interface'
  | 'necessity'
  | 'planned_deployment'
  | 'om_cost_fen'
  | 'budget_fen'
  | 'responsible_person'
  | 'no_data_reason'
  | 'urgency'
  | 'urgency_reason'
>

export function proposalColumns(proposal: Proposal, builderOrgId: string): ProposalColumns {
  return {
    name: proposal.name,
    kind: proposal.kind,
    summary: proposal.summary,
    plan_basis: proposal.planBasis,
    builder: proposal.builder,
    builder_org_id: builderOrgId,
    user_unit_org_id: proposal.userUnitOrgId,
    reach: proposal.reach,
    deliverables: proposal.deliverables,
    funding: proposal.funding,
    superior_coordinated: proposal.superiorCoordinated,
    app_stage: proposal.appStage,
    standard_interface: proposal.standardInterface,
    necessity: proposal.necessity,
    planned_deployment: proposal.plannedDeployment,
    om_cost_fen: proposal.omCostFen,
    budget_fen: proposal.budgetLines.reduce((sum, line) => sum + line.amountFen, 0),
    responsible_person: proposal.responsiblePerson,
    no_data_reason: proposal.noDataReason,
    urgency: proposal.urgencyReason.trim() === '' ? 'none' : 'declared',
    urgency_reason: proposal.urgencyReason,
  }
}

export async function insertProject(ctx: Ctx, values: Insertable<ProjectTable>): Promise<ProjectRow> {
  return projectsDb(ctx).insertInto('projects.project').values(values).returningAll().executeTakeFirstOrThrow()
}

/** Locks the row until the transaction ends, so that two acts on one project cannot interleave. */
export async function lockProject(ctx: Ctx, id: string): Promise<ProjectRow | undefined> {
  return projectsDb(ctx).selectFrom('projects.project').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
}

export async function findProject(ctx: Ctx, id: string): Promise<ProjectRow | undefined> {
  return projectsDb(ctx).selectFrom('projects.project').selectAll().where('id', '=', id).executeTakeFirst()
}

export async function updateProject(ctx: Ctx, id: string, set: Updateable<ProjectTable>): Promise<ProjectRow> {
  return projectsDb(ctx)
    .updateTable('projects.project')
    .set({ ...set, version: sql<number>`version + 1`, updated_by: `${ctx.actor.orgName} ${ctx.actor.name}`, updated_at: ctx.now() })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** Moves the stage forward to `stage`, never back: the furthest one reached is shown. */
export function furthest(current: Stage, stage: Stage): Stage {
  return stages.indexOf(stage) > stages.indexOf(current) ? stage : current
}

/** Replaces the lines of a proposal. Systems and resources keep their ids where the name stayed: registers refer to them. */
export async function replaceLines(ctx: Ctx, projectId: string, proposal: Proposal): Promise<void> {
  const db = projectsDb(ctx)
  await db.deleteFrom('projects.budget_line').where('project_id', '=', projectId).execute()
  await db
    .insertInto('projects.budget_line')
    .values(
      proposal.budgetLines.map((line, index) => ({
        project_id: projectId,
        line_no: index + 1,
        title: line.title,
        category: line.category,
        amount_fen: line.amountFen,
      })),
    )
    .execute()
  await replaceSystems(ctx, projectId, proposal.systems)
  await replaceResources(ctx, projectId, proposal.dataResources)
}

async function replaceSystems(ctx: Ctx, projectId: string, systems: Proposal['systems']): Promise<void> {
  const db = projectsDb(ctx)
  const names = systems.map((s) => s.name)
  const old = await db.selectFrom('projects.declared_system').select(['id', 'name']).where('project_id', '=', projectId).execute()
  const gone = old.filter((o) => !names.includes(o.name)).map((o) => o.id)
  if (gone.length > 0) await db.deleteFrom('projects.declared_system').where('project_id', '=', projectId).where('id', 'in', gone).execute()
  for (const system of systems) {
    const kept = old.find((o) => o.name === system.name)
    if (kept)
      await db
        .updateTable('projects.declared_system')
        .set({ functions: system.functions })
        .where('project_id', '=', projectId)
        .where('id', '=', kept.id)
        .execute()
    else
      await db
        .insertInto('projects.declared_system')
        .values({ project_id: projectId, name: system.name, functions: system.functions })
        .execute()
  }
}

async function replaceResources(ctx: Ctx, projectId: string, resources: Proposal['dataResources']): Promise<void> {
  const db = projectsDb(ctx)
  const names = resources.map((r) => r.name)
  const old = await db.selectFrom('projects.declared_resource').select(['id', 'name']).where('project_id', '=', projectId).execute()
  const gone = old.filter((o) => !names.includes(o.name)).map((o) => o.id)
  if (gone.length > 0)
    await db.deleteFrom('projects.declared_resource').where('project_id', '=', projectId).where('id', 'in', gone).execute()
  const fresh = names.filter((name) => !old.some((o) => o.name === name))
  if (fresh.length > 0)
    await db
      .insertInto('projects.declared_resource')
      .values(fresh.map((name) => ({ project_id: projectId, name })))
      .execute()
}

/** What the list can be narrowed by. */
export interface ProjectFilter {
  q?: string
  stage?: Stage
  kind?: Project['kind']
  ownerOrgId?: string
  /** By the last change, or by what was asked for; `-` is from the latest or the largest down. */
  sort?: (typeof projectSorts)[number]
  limit: number
  cursor?: string
}

export const projectSorts = ['-updated', 'updated', '-budget', 'budget'] as const

/** Newest change first unless another order is asked; `limit + 1` rows so that the caller knows whether there are more. */
export async function listProjects(ctx: Ctx, actor: Actor, filter: ProjectFilter): Promise<ProjectRow[]> {
  const { sort = '-updated' } = filter
  const falling = sort.startsWith('-')
  const budget = sort.endsWith('budget')
  const after = budget ? decodeCursor(filter.cursor, ['integer', 'id']) : decodeCursor(filter.cursor, ['instant', 'id'])
  let query = projectsDb(ctx).selectFrom('projects.project').selectAll().where(readProject.where(actor))
  if (filter.q) query = query.where('name', 'ilike', containing(filter.q))
  if (filter.stage) query = query.where('stage', '=', filter.stage)
  if (filter.kind) query = query.where('kind', '=', filter.kind)
  if (filter.ownerOrgId) query = query.where('owner_org_id', '=', filter.ownerOrgId)
  const key = budget ? sql.ref('budget_fen') : sql.ref('updated_at')
  const value = after && (budget ? sql`${after[0]}::bigint` : sql`${after[0]}::timestamptz`)
  if (after) query = query.where(sql<boolean>`(${key}, id) ${falling ? sql`<` : sql`>`} (${value}, ${after[1]}::uuid)`)
  return query
    .orderBy(key, falling ? 'desc' : 'asc')
    .orderBy('id', falling ? 'desc' : 'asc')
    .limit(filter.limit + 1)
    .execute()
}

/** Totals of what the filter leaves, for the foot of the list. */
export async function sumProjects(ctx: Ctx, actor: Actor, filter: Omit<ProjectFilter, 'limit' | 'cursor'>) {
  let query = projectsDb(ctx).selectFrom('projects.project').where(readProject.where(actor))
  if (filter.q) query = query.where('name', 'ilike', containing(filter.q))
  if (filter.stage) query = query.where('stage', '=', filter.stage)
  if (filter.kind) query = query.where('kind', '=', filter.kind)
  if (filter.ownerOrgId) query = query.where('owner_org_id', '=', filter.ownerOrgId)
  return query
    .select((eb) => [
      eb.fn.countAll<number>().as('count'),
      sql<number>`coalesce(sum(budget_fen), 0)::bigint`.as('budgetFen'),
      sql<number>`coalesce(sum(approved_fen), 0)::bigint`.as('approvedFen'),
    ])
    .executeTakeFirstOrThrow()
}

/** Everything that belongs to one project. */
export async function readBelongings(ctx: Ctx, projectId: string) {
  const db = projectsDb(ctx)
  const of = { project_id: projectId }
  const [budgetLines, systems, resources, contracts, terms, payments, milestones, reports, tender, evaluation, changes] = [
    await db.selectFrom('projects.budget_line').selectAll().where('project_id', '=', of.project_id).orderBy('line_no').execute(),
    await db.selectFrom('projects.declared_system').selectAll().where('project_id', '=', of.project_id).orderBy('name').execute(),
    await db.selectFrom('projects.declared_resource').selectAll().where('project_id', '=', of.project_id).orderBy('name').execute(),
    await db
      .selectFrom('projects.contract')
      .selectAll()
      .where('project_id', '=', of.project_id)
      .orderBy('signed_on')
      .orderBy('id')
      .execute(),
    await db
      .selectFrom('projects.payment_term as t')
      .innerJoin('projects.contract as c', 'c.id', 't.contract_id')
      .selectAll('t')
      .where('c.project_id', '=', of.project_id)
      .orderBy('t.line_no')
      .execute(),
    await db.selectFrom('projects.payment').selectAll().where('project_id', '=', of.project_id).orderBy('requested_at').execute(),
    await db.selectFrom('projects.milestone').selectAll().where('project_id', '=', of.project_id).orderBy('due_on').execute(),
    await db
      .selectFrom('projects.progress_report')
      .selectAll()
      .where('project_id', '=', of.project_id)
      .orderBy('reported_at', 'desc')
      .execute(),
    await db.selectFrom('projects.tender_result').selectAll().where('project_id', '=', of.project_id).executeTakeFirst(),
    await db.selectFrom('projects.evaluation').selectAll().where('project_id', '=', of.project_id).executeTakeFirst(),
    await db.selectFrom('projects.project_change').selectAll().where('project_id', '=', of.project_id).orderBy('filed_at').execute(),
  ]
  return { budgetLines, systems, resources, contracts, terms, payments, milestones, reports, tender, evaluation, changes }
}
export type Belongings = Awaited<ReturnType<typeof readBelongings>>

/** Whether a live plan entry of the project is in an approved city plan, and how far that plan came. */
export async function planStanding(ctx: Ctx, projectId: string): Promise<{ jointReviewed: boolean; approved: boolean; listed: boolean }> {
  const rows = await projectsDb(ctx)
    .selectFrom('projects.plan_entry as e')
    .leftJoin('projects.city_plan as p', 'p.id', 'e.city_plan_id')
    .select(['e.state', 'p.joint_reviewed_at', 'p.approved_at'])
    .where('e.project_id', '=', projectId)
    .where('e.state', 'in', ['reviewed', 'listed'])
    .execute()
  return {
    jointReviewed: rows.some((r) => r.joint_reviewed_at !== null),
    approved: rows.some((r) => r.approved_at !== null),
    listed: rows.some((r) => r.state === 'listed'),
  }
}

/** Locked projects that one of some organisations proposes, builds or uses. */
export async function projectsOfOrganisations(ctx: Ctx, orgIds: readonly string[]): Promise<ProjectRow[]> {
  return projectsDb(ctx)
    .selectFrom('projects.project')
    .selectAll()
    .where((eb) => eb.or([eb('owner_org_id', 'in', orgIds), eb('builder_org_id', 'in', orgIds), eb('user_unit_org_id', 'in', orgIds)]))
    .orderBy('id')
    .forUpdate()
    .execute()
}
