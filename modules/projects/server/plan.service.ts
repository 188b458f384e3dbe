import {
  type Actor,
  type Ctx,
  InvalidState,
  InvalidValue,
  inTransaction,
  NotFound,
  NotPermitted,
  recordAudit,
  toPage,
} from '@tongchou/kernel'
import { type Expression, expressionBuilder, type SqlBool } from 'kysely'
import type { Static } from 'typebox'
import type { ProjectsPorts } from '../ports.ts'
import type { CityPlan, PlanEntry } from './plan.schema.ts'
import {
  assignEntries,
  type CityPlanRow,
  cityPlanTotals,
  entryOrder,
  findCityPlan,
  insertCityPlan,
  insertPlanEntry,
  listCityPlans,
  listPlanEntries,
  liveEntry,
  lockCityPlan,
  type PlanEntryFilter,
  type PlanEntryLine,
  planEntryTotals,
  updateCityPlan,
} from './plan.store.ts'
import { applicantDuties, bears, editProposal } from './project.permissions.ts'
import type { ProjectsTables } from './project.tables.ts'
import { named } from './project.view.ts'
import { readable, subjectOf } from './proposal.service.ts'

/**
 * Files a project into the plan of a year (报送年度预算计划，WH23-5): opens the case that the center reviews first.
 * After a return the same case goes on; a project is filed once a year.
 */
export async function filePlanEntry(ctx: Ctx, ports: ProjectsPorts, projectId: string, input: { year: number; opinion: string }) {
  return inTransaction(ctx, async (tx) => {
    const project = await readable(tx, ports, projectId)
    if (!editProposal.allows(tx.actor, project)) throw new NotPermitted('plan.not_owner', '仅申报单位的申报人员可以报送年度计划。')
    const live = await liveEntry(tx, projectId, input.year)
    if (live)
      throw new InvalidState(
        'plan.already_filed',
        `本项目已由 ${live.filed_by} 报送 ${input.year} 年度计划，不能重复报送；已退回或撤回的，在原办件中继续。`,
      )
    const entry = await insertPlanEntry(tx, projectId, input.year)
    const { caseId } = await ports.cases.open(tx, {
      procedure: 'plan-entry',
      subject: { kind: 'plan-entry', id: entry.id, version: project.version },
      title: `${input.year}年度计划：${project.name}`,
      orgs: { 'subject-org': project.owner_org_id, builder: project.builder_org_id, 'user-unit': project.user_unit_org_id },
      act: { outcome: 'submit', opinion: input.opinion || null, form: {}, documents: [], choices: [], dates: {} },
    })
    await recordAudit(tx, 'plan.filed', subjectOf(project), { year: input.year, entryId: entry.id })
    return { entryId: entry.id, caseId }
  })
}

/** Entries of all years that the actor may see. */
export async function readPlanEntries(ctx: Ctx, ports: ProjectsPorts, filter: PlanEntryFilter) {
  const rows = await listPlanEntries(ctx, ctx.actor, filter)
  const orgs = await ports.organisations.organisations(
    ctx,
    rows.map((r) => r.owner_org_id),
  )
  const page = toPage(rows, filter.limit, entryOrder(filter).cursorOf, (r) => toPlanEntry(r, named(orgs, r.owner_org_id), ctx.actor))
  return { ...page, totals: await planEntryTotals(ctx, ctx.actor, filter) }
}

function toPlanEntry(row: PlanEntryLine, owner: { id: string; name: string }, actor: Actor): Static<typeof PlanEntry> {
  return {
    id: row.id,
    year: row.year,
    state: row.state,
    project: { id: row.project_id, name: row.name, kind: row.kind, budgetFen: row.budget_fen, omCostFen: row.om_cost_fen },
    owner,
    cityPlanId: row.city_plan_id,
    filedBy: row.filed_by,
    filedAt: row.filed_at.toISOString(),
    mayContinue: continuesEntry.allows(actor, row),
  }
}

/** The own unit's applicants begin a further year from an entry (沿用上年); one that was sent back or withdrawn goes on in its own case. */
export const continuesEntry = {
  allows: (actor: Actor, entry: Pick<PlanEntryLine, 'owner_org_id' | 'state'>): boolean =>
    bears(actor, ...applicantDuties) && entry.owner_org_id === actor.orgId && entry.state !== 'returned' && entry.state !== 'withdrawn',
}

/** The center and the offices that review, approve and fund by it; departments see their entries, not the draft of the whole. */
export const readCityPlan = {
  allows: (actor: Actor, plan: Pick<CityPlanRow, 'approved_at'>): boolean =>
    bears(actor, 'big-data-center', 'drc', 'city-government', 'vice-mayor', 'finance', 'audit', 'supervisor') ||
    (plan.approved_at !== null && bears(actor, 'applicant', 'district', 'user-unit')),
  where: (actor: Actor): Expression<SqlBool> => {
    const eb = expressionBuilder<ProjectsTables, 'projects.city_plan'>()
    if (bears(actor, 'big-data-center', 'drc', 'city-government', 'vice-mayor', 'finance', 'audit', 'supervisor')) return eb.and([])
    return bears(actor, 'applicant', 'district', 'user-unit') ? eb('projects.city_plan.approved_at', 'is not', null) : eb.lit(false)
  },
}

interface PlanInput {
  title: string
  note: string
  entryIds: string[]
}

/** Compiles the city's plan of a year from the entries that passed the center's review (WH23-6). */
export async function compileCityPlan(ctx: Ctx, input: PlanInput & { year: number }): Promise<Static<typeof CityPlan>> {
  requireCenter(ctx.actor)
  return inTransaction(ctx, async (tx) => {
    const plan = await insertCityPlan(tx, { year: input.year, title: input.title, note: input.note })
    await takeEntries(tx, plan, input.entryIds)
    await recordAudit(tx, 'city-plan.compiled', { kind: 'city-plan', id: plan.id }, { year: plan.year, entries: input.entryIds.length })
    return viewOf(tx, plan)
  })
}

/** Changes a plan that is still being compiled. */
export async function changeCityPlan(ctx: Ctx, id: string, input: PlanInput & { version: number }): Promise<Static<typeof CityPlan>> {
  requireCenter(ctx.actor)
  return inTransaction(ctx, async (tx) => {
    const plan = await locked(tx, id)
    if (plan.state !== 'compiling') throw new InvalidState('city-plan.not_compiling', '计划已提交联合审查，不能修改；退回后可以修改。')
    if (plan.version !== input.version) throw new InvalidState('city-plan.stale', '计划已被他人修改，请刷新后再修改。')
    await takeEntries(tx, plan, input.entryIds)
    const changed = await updateCityPlan(tx, id, { title: input.title, note: input.note })
    await recordAudit(tx, 'city-plan.changed', { kind: 'city-plan', id }, { entries: input.entryIds.length })
    return viewOf(tx, changed)
  })
}

/** Hands the plan in for joint review with the DRC (联合审查，WH23-6). */
export async function submitCityPlan(ctx: Ctx, ports: ProjectsPorts, id: string, opinion: string): Promise<{ caseId: string }> {
  requireCenter(ctx.actor)
  return inTransaction(ctx, async (tx) => {
    const plan = await locked(tx, id)
    if (plan.state !== 'compiling') throw new InvalidState('city-plan.not_compiling', '计划已提交，不能重复提交。')
    const { caseId } = await ports.cases.open(tx, {
      procedure: 'city-plan',
      subject: { kind: 'city-plan', id, version: plan.version },
      title: plan.title,
      orgs: { 'subject-org': tx.actor.orgId },
      act: { outcome: 'submit', opinion: opinion || null, form: {}, documents: [], choices: [], dates: {} },
    })
    await recordAudit(tx, 'city-plan.submitted', { kind: 'city-plan', id })
    return { caseId }
  })
}

/** The city's plans that the actor may read, latest year first. */
export async function readCityPlans(ctx: Ctx, asked: { year?: number; limit?: number; cursor?: string }) {
  const limit = asked.limit ?? 50
  const plans = await listCityPlans(ctx, readCityPlan.where(ctx.actor), { ...asked, limit })
  const totals = await cityPlanTotals(
    ctx,
    plans.map((p) => p.id),
  )
  return toPage(
    plans,
    limit,
    (plan) => [plan.year, plan.created_at.toISOString(), plan.id],
    (plan) => toCityPlan(plan, totals.get(plan.id), ctx.actor),
  )
}

export async function readCityPlanPage(ctx: Ctx, id: string): Promise<Static<typeof CityPlan>> {
  const plan = await findCityPlan(ctx, id)
  if (!plan || !readCityPlan.allows(ctx.actor, plan)) throw new NotFound('city-plan.not_found', '年度计划不存在')
  return viewOf(ctx, plan)
}

async function viewOf(ctx: Ctx, plan: CityPlanRow): Promise<Static<typeof CityPlan>> {
  const totals = await cityPlanTotals(ctx, [plan.id])
  return toCityPlan(plan, totals.get(plan.id), ctx.actor)
}

function toCityPlan(
  plan: CityPlanRow,
  totals: { entryCount: number; budgetFen: number } | undefined,
  actor: Actor,
): Static<typeof CityPlan> {
  const compiling = plan.state === 'compiling' && bears(actor, 'big-data-center')
  return {
    id: plan.id,
    year: plan.year,
    title: plan.title,
    note: plan.note,
    state: plan.state,
    compiledBy: plan.compiled_by,
    entryCount: totals?.entryCount ?? 0,
    budgetFen: totals?.budgetFen ?? 0,
    jointReviewedAt: plan.joint_reviewed_at?.toISOString() ?? null,
    approvedAt: plan.approved_at?.toISOString() ?? null,
    version: plan.version,
    acts: compiling ? ['change', 'submit'] : [],
  }
}

async function locked(tx: Ctx, id: string): Promise<CityPlanRow> {
  const plan = await lockCityPlan(tx, id)
  if (!plan || !readCityPlan.allows(tx.actor, plan)) throw new NotFound('city-plan.not_found', '年度计划不存在')
  return plan
}

async function takeEntries(tx: Ctx, plan: CityPlanRow, entryIds: readonly string[]): Promise<void> {
  const left = await assignEntries(tx, plan, entryIds)
  if (left.length > 0)
    throw new InvalidValue(
      'city-plan.entries_not_reviewed',
      `有 ${left.length} 个申报项目未通过初审、不属于 ${plan.year} 年度或已列入其他计划，请从初审通过的项目中选择。`,
      [{ path: 'entryIds', message: left.slice(0, 5).join('、') }],
    )
}

function requireCenter(actor: Actor): void {
  if (!bears(actor, 'big-data-center')) throw new NotPermitted('city-plan.not_center', '全市年度计划由市大数据中心统筹编制（第六条）。')
}
