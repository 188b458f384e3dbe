import { type Actor, type Ctx, decodeCursor, type SortKey, sorted, sortsOf } from '@tongchou/kernel'
import { type Expression, type Selectable, type SqlBool, sql } from 'kysely'
import { readProject } from './project.permissions.ts'
import { type CityPlanTable, type PlanEntryTable, type ProjectRow, projectsDb } from './project.tables.ts'

export type PlanEntryRow = Selectable<PlanEntryTable>
export type CityPlanRow = Selectable<CityPlanTable>

export async function insertPlanEntry(ctx: Ctx, projectId: string, year: number): Promise<PlanEntryRow> {
  return projectsDb(ctx)
    .insertInto('projects.plan_entry')
    .values({
      project_id: projectId,
      year,
      state: 'filed',
      city_plan_id: null,
      filed_by: `${ctx.actor.orgName} ${ctx.actor.name}`,
      filed_at: ctx.now(),
      reviewed_at: null,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** The entry of a project in a year that was not rejected; there is at most one. A withdrawn one goes on in its own case. */
export async function liveEntry(ctx: Ctx, projectId: string, year: number): Promise<PlanEntryRow | undefined> {
  return projectsDb(ctx)
    .selectFrom('projects.plan_entry')
    .selectAll()
    .where('project_id', '=', projectId)
    .where('year', '=', year)
    .where('state', '!=', 'rejected')
    .executeTakeFirst()
}

/** The latest year into whose plan a project was filed; null when it never was. */
export async function latestPlanYear(ctx: Ctx, projectId: string): Promise<number | null> {
  const row = await projectsDb(ctx)
    .selectFrom('projects.plan_entry')
    .select((eb) => eb.fn.max('year').as('year'))
    .where('project_id', '=', projectId)
    .executeTakeFirst()
  return row?.year ?? null
}

export async function findPlanEntry(ctx: Ctx, id: string): Promise<PlanEntryRow | undefined> {
  return projectsDb(ctx).selectFrom('projects.plan_entry').selectAll().where('id', '=', id).executeTakeFirst()
}

export async function setPlanEntryState(ctx: Ctx, id: string, state: PlanEntryRow['state']): Promise<void> {
  const reviewed = state === 'reviewed' ? { reviewed_at: ctx.now() } : {}
  await projectsDb(ctx)
    .updateTable('projects.plan_entry')
    .set({ state, ...reviewed })
    .where('id', '=', id)
    .execute()
}

export interface PlanEntryFilter {
  year?: number
  state?: PlanEntryRow['state']
  ownerOrgId?: string
  cityPlanId?: string
  projectId?: string
  sort?: (typeof entrySorts)[number]
  limit: number
  cursor?: string
}

const entryColumns = [
  'e.id',
  'e.year',
  'e.state',
  'e.city_plan_id',
  'e.filed_by',
  'e.filed_at',
  'e.project_id',
  'projects.project.name',
  'projects.project.kind',
  'projects.project.budget_fen',
  'projects.project.om_cost_fen',
  'projects.project.owner_org_id',
] as const

/** Entries whose project the actor may read, as far as the filter lets them through. */
function entriesOf(ctx: Ctx, actor: Actor, filter: PlanEntryFilter) {
  let query = projectsDb(ctx)
    .selectFrom('projects.project')
    .innerJoin('projects.plan_entry as e', 'e.project_id', 'projects.project.id')
    // The join adds a table to the handle; the permission speaks of the project's columns alone.
    .where((eb) => readProject.where(actor)(eb as never))
  if (filter.year) query = query.where('e.year', '=', filter.year)
  if (filter.state) query = query.where('e.state', '=', filter.state)
  if (filter.ownerOrgId) query = query.where('projects.project.owner_org_id', '=', filter.ownerOrgId)
  if (filter.cityPlanId) query = query.where('e.city_plan_id', '=', filter.cityPlanId)
  if (filter.projectId) query = query.where('e.project_id', '=', filter.projectId)
  return query
}

/** An entry with what the list shows of its project. */
export type PlanEntryLine = Pick<PlanEntryRow, 'id' | 'year' | 'state' | 'city_plan_id' | 'filed_by' | 'filed_at' | 'project_id'> &
  Pick<ProjectRow, 'name' | 'kind' | 'budget_fen' | 'om_cost_fen' | 'owner_org_id'>

/** What the list can be sorted by; newest filing first unless asked. */
export const entrySortKeys = {
  filed: { title: '报送日期', kind: 'instant', by: sql.ref('e.filed_at'), of: (row) => row.filed_at },
  budget: { title: '申报投资', kind: 'integer', by: sql.ref('projects.project.budget_fen'), of: (row) => row.budget_fen },
  om: { title: '年运维费', kind: 'integer', by: sql.ref('projects.project.om_cost_fen'), of: (row) => row.om_cost_fen },
} as const satisfies Record<string, SortKey<{ filed_at: Date; budget_fen: number; om_cost_fen: number }>>
export const entrySorts = sortsOf(entrySortKeys)

/** The order that is asked for, from the cursor on. */
export function entryOrder({ sort = '-filed', cursor }: Pick<PlanEntryFilter, 'sort' | 'cursor'>) {
  return sorted<PlanEntryLine, keyof typeof entrySortKeys>(
    entrySortKeys,
    { kind: 'id', by: sql.ref('e.id'), of: (row) => row.id },
    sort,
    cursor,
  )
}

/** One page of them. */
export async function listPlanEntries(ctx: Ctx, actor: Actor, filter: PlanEntryFilter): Promise<PlanEntryLine[]> {
  const order = entryOrder(filter)
  let query = entriesOf(ctx, actor, filter).select(entryColumns)
  if (order.after) query = query.where(order.after)
  return query
    .orderBy(order.by, order.direction)
    .orderBy(order.tie, order.direction)
    .limit(filter.limit + 1)
    .execute()
}

/** How many of them there are and what they ask for, whatever page is shown. */
export async function planEntryTotals(ctx: Ctx, actor: Actor, filter: PlanEntryFilter) {
  const row = await entriesOf(ctx, actor, filter)
    .select((eb) => [
      eb.fn.countAll<string>().as('count'),
      eb.fn.sum<string | null>('projects.project.budget_fen').as('budget'),
      eb.fn.sum<string | null>('projects.project.om_cost_fen').as('om_cost'),
    ])
    .executeTakeFirstOrThrow()
  return { count: Number(row.count), budgetFen: Number(row.budget ?? 0), omCostFen: Number(row.om_cost ?? 0) }
}

export async function insertCityPlan(ctx: Ctx, plan: { year: number; title: string; note: string }): Promise<CityPlanRow> {
  const at = ctx.now()
  return projectsDb(ctx)
    .insertInto('projects.city_plan')
    .values({
      ...plan,
      compiled_by: `${ctx.actor.orgName} ${ctx.actor.name}`,
      compiled_by_person_id: ctx.actor.personId,
      joint_reviewed_at: null,
      approved_at: null,
      created_at: at,
      updated_at: at,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
}

export async function lockCityPlan(ctx: Ctx, id: string): Promise<CityPlanRow | undefined> {
  return projectsDb(ctx).selectFrom('projects.city_plan').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
}

export async function findCityPlan(ctx: Ctx, id: string): Promise<CityPlanRow | undefined> {
  return projectsDb(ctx).selectFrom('projects.city_plan').selectAll().where('id', '=', id).executeTakeFirst()
}

/** Plans that the actor may read, latest year first; `limit + 1` rows. */
export async function listCityPlans(
  ctx: Ctx,
  readable: Expression<SqlBool>,
  { year, limit, cursor }: { year?: number; limit: number; cursor?: string },
): Promise<CityPlanRow[]> {
  const after = decodeCursor(cursor, ['integer', 'instant', 'id'])
  let query = projectsDb(ctx).selectFrom('projects.city_plan').selectAll().where(readable)
  if (year) query = query.where('year', '=', year)
  if (after) query = query.where(sql<boolean>`(year, created_at, id) < (${after[0]}, ${after[1]}::timestamptz, ${after[2]}::uuid)`)
  return query
    .orderBy('year', 'desc')
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute()
}

export async function updateCityPlan(
  ctx: Ctx,
  id: string,
  set: Partial<Pick<CityPlanRow, 'title' | 'note' | 'state' | 'joint_reviewed_at' | 'approved_at'>>,
): Promise<CityPlanRow> {
  return projectsDb(ctx)
    .updateTable('projects.city_plan')
    .set({ ...set, version: sql<number>`version + 1`, updated_at: ctx.now() })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** Puts exactly these reviewed entries of the plan's year into it; gives back the ids that could not be taken. */
export async function assignEntries(ctx: Ctx, plan: CityPlanRow, entryIds: readonly string[]): Promise<string[]> {
  const db = projectsDb(ctx)
  await db
    .updateTable('projects.plan_entry')
    .set({ city_plan_id: null })
    .where('city_plan_id', '=', plan.id)
    .where('state', '=', 'reviewed')
    .execute()
  const taken = await db
    .updateTable('projects.plan_entry')
    .set({ city_plan_id: plan.id })
    .where('id', 'in', entryIds)
    .where('year', '=', plan.year)
    .where('state', '=', 'reviewed')
    .where('city_plan_id', 'is', null)
    .returning('id')
    .execute()
  const ids = new Set(taken.map((t) => t.id))
  return entryIds.filter((id) => !ids.has(id))
}

/** Lists every entry of an approved plan; gives back their projects. */
export async function listEntriesOf(ctx: Ctx, planId: string): Promise<string[]> {
  const rows = await projectsDb(ctx)
    .updateTable('projects.plan_entry')
    .set({ state: 'listed' })
    .where('city_plan_id', '=', planId)
    .where('state', '=', 'reviewed')
    .returning('project_id')
    .execute()
  return rows.map((r) => r.project_id)
}

/** Frees the entries of a plan that was not approved, so that a new one can take them. */
export async function releaseEntries(ctx: Ctx, planId: string): Promise<void> {
  await projectsDb(ctx)
    .updateTable('projects.plan_entry')
    .set({ city_plan_id: null })
    .where('city_plan_id', '=', planId)
    .where('state', '=', 'reviewed')
    .execute()
}

/** How many entries a plan holds and what they ask for. */
export async function cityPlanTotals(
  ctx: Ctx,
  planIds: readonly string[],
): Promise<Map<string, { entryCount: number; budgetFen: number }>> {
  if (planIds.length === 0) return new Map()
  const rows = await projectsDb(ctx)
    .selectFrom('projects.plan_entry as e')
    .innerJoin('projects.project as p', 'p.id', 'e.project_id')
    .where('e.city_plan_id', 'in', planIds)
    .groupBy('e.city_plan_id')
    .select((eb) => ['e.city_plan_id', eb.fn.countAll<number>().as('count'), sql<number>`sum(p.budget_fen)::bigint`.as('sum')])
    .execute()
  return new Map(rows.map((r) => [r.city_plan_id ?? '', { entryCount: r.count, budgetFen: r.sum }]))
}
