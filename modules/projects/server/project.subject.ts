import type { Actor, CaseAct, CaseRef, CaseSubjectPort, Ctx, Finding } from '@tongchou/kernel'
import { NotFound } from '@tongchou/kernel'
import { expressionBuilder, type RawBuilder, sql, type Updateable } from 'kysely'
import type { ProjectsPorts } from '../ports.ts'
import { describeCityPlan, describePayment, describeProject } from './describe.ts'
import { gatherFacts } from './facts.ts'
import { formFen } from './form-values.ts'
import {
  alreadyRequested,
  concludeEvaluation,
  findPayment,
  insertChange,
  insertContract,
  insertTenderResult,
  livePayment,
  lockTerm,
  openEvaluation,
  prepareFunding,
  reportEvaluation,
  scheduleFunding,
  setPaymentState,
  settleChange,
} from './money.store.ts'
import { readCityPlan } from './plan.service.ts'
import { findCityPlan, findPlanEntry, listEntriesOf, releaseEntries, setPlanEntryState, updateCityPlan } from './plan.store.ts'
import { readProject } from './project.permissions.ts'
import { findProject, furthest, lockProject, updateProject } from './project.store.ts'
import type { ProjectRow, ProjectsTables, ProjectTable } from './project.tables.ts'

/** What an event changes on a project: columns, and rows that belong to it. */
type Apply = (tx: Ctx, project: ProjectRow, act: CaseAct, kase: CaseRef) => Promise<Updateable<ProjectTable>> | Updateable<ProjectTable>

const at = (tx: Ctx) => tx.now()

/** Events of the procedures whose subject is the project itself, one line each. */
const projectEvents: Record<string, Apply> = {
  'project.reviewed': (tx) => ({ reviewed_at: at(tx) }),
  'project.argued': (tx, p) => ({ argued_at: at(tx), stage: furthest(p.stage, 'argued') }),
  'project.not-argued': () => ({ reviewed_at: null }),
  'project.proposal-approved': (tx) => ({ proposal_approved_at: at(tx) }),
  'project.feasibility-approved': (tx) => ({ feasibility_approved_at: at(tx) }),
  'project.preliminary-design-approved': (tx, _p, act) => ({
    preliminary_design_approved_at: at(tx),
    approved_fen: formFen(act, 'approvedFen'),
  }),
  'project.established': (tx, p) => ({ established_at: at(tx), stage: furthest(p.stage, 'established') }),
  'project.funding-prepared': async (tx, p, act) => {
    await prepareFunding(tx, p.id, p.approved_fen, act)
    return {}
  },
  'project.funded': async (tx, p) => ({ funded_at: at(tx), funded_fen: await scheduleFunding(tx, p.id) }),
  'project.tender-started': (tx, p) => ({ tender_started_at: at(tx), stage: furthest(p.stage, 'tendering') }),
  'project.tender-result': async (tx, p, act) => ({ tender_venue: await insertTenderResult(tx, p.id, act) }),
  'project.contracted': async (tx, p, act) => {
    await insertContract(tx, p.id, act)
    return { building_since: at(tx), stage: furthest(p.stage, 'building') }
  },
  'project.in-acceptance': () => ({ stage: 'in-acceptance' }),
  'project.accepted': (tx) => ({ accepted_at: at(tx), stage: 'accepted' }),
  'project.acceptance-failed': () => ({ stage: 'building' }),
  'project.handed-over': (tx, p) => ({ handed_over_at: at(tx), stage: furthest(p.stage, 'in-operation') }),
  'project.evaluation-opened': async (tx, p, act) => {
    await openEvaluation(tx, p.id, act)
    return {}
  },
  'project.evaluation-reported': async (tx, p, act) => {
    await reportEvaluation(tx, p.id, act)
    return {}
  },
  'project.evaluated': async (tx, p, act) => {
    await concludeEvaluation(tx, p.id, act)
    return { evaluated_at: at(tx), stage: furthest(p.stage, 'evaluated') }
  },
  'project.change-filed': async (tx, p, act) => {
    await insertChange(tx, p.id, act)
    return {}
  },
  'project.changed': async (tx, p) => {
    await settleChange(tx, p.id, 'accepted')
    return {}
  },
}

/** What the standing of a case means for the project: while the construction plan is with an office, the proposal is not edited. */
const standingEvents: Record<string, (procedure: string) => Updateable<ProjectTable>> = {
  'case.returned': (procedure) => (procedure === 'construction-plan' ? { editable: true } : acceptanceBack(procedure)),
  'case.withdrawn': (procedure) => (procedure === 'construction-plan' ? { editable: true } : acceptanceBack(procedure)),
  'case.rejected': (procedure) => (procedure === 'construction-plan' ? { editable: true } : {}),
  'case.voided': (procedure) => (procedure === 'construction-plan' ? { editable: true } : acceptanceBack(procedure)),
  'case.resubmitted': (procedure) => (procedure === 'construction-plan' ? { editable: false } : {}),
  'case.ended': () => ({}),
}

/** A change that did not go through stays as it was filed; a corrected one is filed anew in the same case. */
const settledChanges: Record<string, 'rejected' | 'withdrawn' | 'returned'> = {
  'case.rejected': 'rejected',
  'case.withdrawn': 'withdrawn',
  'case.returned': 'returned',
  'case.voided': 'withdrawn',
}

const acceptanceBack = (procedure: string): Updateable<ProjectTable> => (procedure === 'acceptance' ? { stage: 'building' } : {})

/** Columns that an event set, to be emptied when its act is withdrawn. */
const retractions: Record<string, Updateable<ProjectTable>> = {
  'project.reviewed': { reviewed_at: null },
  'project.proposal-approved': { proposal_approved_at: null },
  'project.feasibility-approved': { feasibility_approved_at: null },
  'project.tender-started': { tender_started_at: null, stage: 'established' },
  'project.tender-result': { tender_venue: null },
  'project.in-acceptance': { stage: 'building' },
}

/** Cases about a project: construction plan, establishment, funding, tender, acceptance, handover, evaluation, change. */
export function projectSubject(ports: ProjectsPorts): CaseSubjectPort {
  return {
    kind: 'project',
    mayRead: async (ctx, id) => {
      const project = await findProject(ctx, id)
      return project !== undefined && readProject.allows(ctx.actor, project)
    },
    readable: (actor, id) => projectReadable(actor, sql`${id}::uuid`),
    judge: (ctx, kase, guard) => judgeProject(ctx, ports, kase.subject.id, guard),
    describe: (ctx, id) => describeProject(ctx, ports, id),
    apply: async (tx, kase, event, act) => {
      const project = await locked(tx, kase.subject.id)
      const apply = projectEvents[event]
      const set = apply ? await apply(tx, project, act, kase) : (standingEvents[event]?.(kase.procedure) ?? {})
      const settled = kase.procedure === 'project-change' ? settledChanges[event] : undefined
      if (settled) await settleChange(tx, project.id, settled)
      if (Object.keys(set).length > 0) await updateProject(tx, project.id, set)
    },
    retract: async (tx, kase, event) => {
      const set = retractions[event]
      if (set) await updateProject(tx, kase.subject.id, set)
    },
  }
}

/** Cases about one project's entry in a year's plan (年度计划申报). */
export function planEntrySubject(ports: ProjectsPorts): CaseSubjectPort {
  const projectOf = async (ctx: Ctx, entryId: string) => {
    const entry = await findPlanEntry(ctx, entryId)
    const project = entry && (await findProject(ctx, entry.project_id))
    if (!entry || !project) throw new NotFound('plan-entry.not_found', '年度计划申报不存在')
    return { entry, project }
  }
  return {
    kind: 'plan-entry',
    mayRead: async (ctx, id) => {
      const entry = await findPlanEntry(ctx, id)
      const project = entry && (await findProject(ctx, entry.project_id))
      return project !== undefined && readProject.allows(ctx.actor, project)
    },
    readable: (actor, id) => projectReadable(actor, sql`(select project_id from projects.plan_entry where plan_entry.id = ${id}::uuid)`),
    judge: async (ctx, kase, guard) => judgeProject(ctx, ports, (await projectOf(ctx, kase.subject.id)).project.id, guard),
    describe: async (ctx, id) => describeProject(ctx, ports, (await projectOf(ctx, id)).project.id),
    partOf: async (ctx, id) => ({ kind: 'project', id: (await projectOf(ctx, id)).project.id }),
    apply: async (tx, kase, event) => {
      const { entry, project } = await projectOf(tx, kase.subject.id)
      const state = planEntryStates[event]
      if (state) await setPlanEntryState(tx, entry.id, state)
      const set = planEntryColumns(tx, event, project)
      if (set) await updateProject(tx, project.id, set)
    },
    retract: async () => undefined,
  }
}

const planEntryStates: Record<string, 'filed' | 'returned' | 'reviewed' | 'rejected' | 'withdrawn'> = {
  'plan-entry.filed': 'filed',
  'plan-entry.reviewed': 'reviewed',
  'plan-entry.rejected': 'rejected',
  'case.returned': 'returned',
  'case.withdrawn': 'withdrawn',
  'case.voided': 'withdrawn',
}

function planEntryColumns(tx: Ctx, event: string, project: ProjectRow): Updateable<ProjectTable> | undefined {
  if (event === 'plan-entry.filed')
    return { editable: false, submitted_at: project.submitted_at ?? at(tx), stage: furthest(project.stage, 'filed') }
  if (event === 'plan-entry.reviewed') return { stage: furthest(project.stage, 'reviewed') }
  if (['plan-entry.rejected', 'case.returned', 'case.withdrawn', 'case.voided'].includes(event)) return { editable: true }
  return undefined
}

/** Cases about the city's plan of a year (全市年度计划). */
export function cityPlanSubject(ports: Pick<ProjectsPorts, 'cases'>): CaseSubjectPort {
  return {
    kind: 'city-plan',
    describe: describeCityPlan,
    mayRead: async (ctx, id) => {
      const plan = await findCityPlan(ctx, id)
      return plan !== undefined && readCityPlan.allows(ctx.actor, plan)
    },
    readable: (actor, id) =>
      sql<boolean>`exists (select 1 from projects.city_plan where projects.city_plan.id = ${id}::uuid and ${readCityPlan.where(actor)})`,
    judge: async () => [],
    apply: async (tx, kase, event) => {
      const id = kase.subject.id
      if (event === 'city-plan.joint-reviewed') await updateCityPlan(tx, id, { state: 'joint-reviewed', joint_reviewed_at: at(tx) })
      if (event === 'city-plan.approved') await listAll(tx, ports, id)
      if (event === 'case.returned' || event === 'case.withdrawn')
        await updateCityPlan(tx, id, { state: 'compiling', joint_reviewed_at: null })
      if (event === 'case.rejected' || event === 'case.voided') {
        await updateCityPlan(tx, id, { state: 'rejected', joint_reviewed_at: null })
        await releaseEntries(tx, id)
      }
      if (event === 'case.opened' || event === 'case.resubmitted') await updateCityPlan(tx, id, { state: 'submitted' })
    },
    retract: async () => undefined,
  }
}

/**
 * Approved by the city: its entries stand in next year's construction plan (列入下一年度建设计划). Their proposals open again for what
 * the construction plan has to say (WH23-8, WH23-11), unless that is with an office already.
 */
async function listAll(tx: Ctx, ports: Pick<ProjectsPorts, 'cases'>, planId: string): Promise<void> {
  await updateCityPlan(tx, planId, { state: 'approved', approved_at: at(tx) })
  for (const projectId of await listEntriesOf(tx, planId)) {
    const project = await locked(tx, projectId)
    const cases = await ports.cases.casesOf(tx, 'project', projectId)
    const isHeld = cases.some((one) => one.procedure === 'construction-plan' && one.status === 'running')
    await updateProject(tx, projectId, { stage: furthest(project.stage, 'listed'), ...(isHeld ? {} : { editable: true }) })
  }
}

/** Cases about one payment (资金支付). */
export function paymentSubject(ports: ProjectsPorts): CaseSubjectPort {
  return {
    kind: 'payment',
    describe: (ctx, id) => describePayment(ctx, ports, id),
    partOf: async (ctx, id) => {
      const payment = await findPayment(ctx, id)
      return payment && { kind: 'project', id: payment.project_id }
    },
    mayRead: async (ctx, id) => {
      const payment = await findPayment(ctx, id)
      const project = payment && (await findProject(ctx, payment.project_id))
      return project !== undefined && readProject.allows(ctx.actor, project)
    },
    readable: (actor, id) => projectReadable(actor, sql`(select project_id from projects.payment where payment.id = ${id}::uuid)`),
    judge: async (ctx, kase, guard) => {
      const payment = await findPayment(ctx, kase.subject.id)
      if (!payment) throw new NotFound('payment.not_found', '支付申请不存在')
      return judgeProject(ctx, ports, payment.project_id, guard)
    },
    apply: async (tx, kase, event) => {
      if (event === 'case.resubmitted') await requireTermFree(tx, kase.subject.id)
      const state = paymentStates[event]
      if (state) await setPaymentState(tx, kase.subject.id, state)
    },
    retract: async () => undefined,
  }
}

/** While a request was withdrawn, somebody else may have asked for the same term. */
async function requireTermFree(tx: Ctx, paymentId: string): Promise<void> {
  const payment = await findPayment(tx, paymentId)
  if (!payment) throw new NotFound('payment.not_found', '支付申请不存在')
  await lockTerm(tx, payment.project_id, payment.contract_id, payment.line_no)
  const live = await livePayment(tx, payment.contract_id, payment.line_no)
  if (live && live.id !== paymentId) throw alreadyRequested(live)
}

const paymentStates: Record<string, 'requested' | 'released' | 'refused' | 'withdrawn'> = {
  'case.resubmitted': 'requested',
  'payment.released': 'released',
  'case.rejected': 'refused',
  'case.withdrawn': 'withdrawn',
  'case.voided': 'withdrawn',
}

async function judgeProject(ctx: Ctx, ports: ProjectsPorts, projectId: string, guard: string): Promise<Finding[]> {
  const project = await locked(ctx, projectId)
  return ports.policy.judge(ctx, guard, await gatherFacts(ctx, project, ports.registers, guard))
}

/** Locked, so that what the rules read cannot change before the act commits. */
async function locked(tx: Ctx, id: string): Promise<ProjectRow> {
  const project = tx.inside ? await lockProject(tx, id) : await findProject(tx, id)
  if (!project) throw new NotFound('project.not_found', '项目不存在')
  return project
}

/** The project's reading permission as SQL, wherever the id comes from. */
function projectReadable(actor: Actor, projectId: RawBuilder<unknown>): RawBuilder<boolean> {
  const mayRead = readProject.where(actor)(expressionBuilder<ProjectsTables, 'projects.project'>())
  return sql<boolean>`exists (select 1 from projects.project where projects.project.id = ${projectId} and ${mayRead})`
}
