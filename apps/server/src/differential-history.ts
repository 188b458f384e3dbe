import type { DrawnCase, DrawnProblem, DrawnSystem, History } from './differential-cases.ts'
import type { Sandbox } from './differential-sandbox.ts'

/** A stored project as far as its history needs it. */
export interface StoredProject {
  id: string
  ownerOrgId: string
  builderOrgId: string
  dataResources: readonly { id: string; name: string }[]
}

/** Days before `today` a thing of the past happened at. */
const past = '2026-01-15T02:00:00Z'

/**
 * Puts the records of a drawn history behind a project, as the offices and registers would have left them. Written straight into the
 * tables: what is tested is how the product reads them, and going through ten offices each time would take all day.
 */
export async function putHistory(sandbox: Sandbox, drawn: DrawnCase, project: StoredProject, today: string): Promise<void> {
  await putApprovals(sandbox, drawn, project.id)
  await putPlan(sandbox, drawn.history.plan, project.id)
  for (const [index, system] of drawn.history.systems.entries()) await putSystem(sandbox, system, project, index)
  await putResources(sandbox, drawn.history, project)
  for (const problem of drawn.history.problems) await putProblem(sandbox, problem, project, today)
  for (const state of drawn.history.withheld) await putWithheld(sandbox, state, project)
}

const stageOf: Readonly<Record<DrawnCase['act'], string>> = {
  'plan.file': 'draft',
  'project.apply': 'draft',
  'project.establish': 'argued',
  'funding.schedule': 'established',
  'project.tender': 'established',
  'project.accept': 'building',
  'project.handover': 'accepted',
  'payment.release': 'building',
}

async function putApprovals(sandbox: Sandbox, { act, history }: DrawnCase, id: string): Promise<void> {
  const at = (done: boolean) => (done ? past : null)
  await sandbox.query(
    `update projects.project set stage = $2, submitted_at = coalesce(submitted_at, $3), reviewed_at = $4, argued_at = $5,
       proposal_approved_at = $6, feasibility_approved_at = $7, preliminary_design_approved_at = $8,
       building_since = $9, accepted_at = $10
     where id = $1`,
    [
      id,
      stageOf[act],
      at(history.submitted),
      at(history.reviewed),
      at(history.argued),
      at(history.proposalApproved),
      at(history.feasibilityApproved),
      at(history.designApproved),
      at(['project.accept', 'project.handover', 'payment.release'].includes(act)),
      at(act === 'project.handover'),
    ],
  )
}

/** The entry is of the year before the one that a new filing asks for. */
async function putPlan(sandbox: Sandbox, plan: History['plan'], projectId: string): Promise<void> {
  if (plan === 'none') return
  const cityPlan = ['compiling', 'submitted', 'joint-reviewed', 'approved'].includes(plan) ? await putCityPlan(sandbox, plan) : null
  const state = plan === 'approved' ? 'listed' : ['filed', 'rejected'].includes(plan) ? plan : 'reviewed'
  if (plan === 'plan-rejected') await putCityPlan(sandbox, 'rejected')
  await sandbox.query(
    `insert into projects.plan_entry (project_id, year, state, city_plan_id, filed_by, filed_at, reviewed_at)
     values ($1, 2026, $2, $3, '生成', $4, $5)`,
    [projectId, state, cityPlan, past, ['filed', 'rejected'].includes(plan) ? null : past],
  )
}

async function putCityPlan(sandbox: Sandbox, state: string): Promise<string> {
  const reviewed = state === 'joint-reviewed' || state === 'approved'
  const [row] = await sandbox.query<{ id: string }>(
    `insert into projects.city_plan (year, title, state, compiled_by, compiled_by_person_id, joint_reviewed_at, approved_at, created_at, updated_at)
     values (2026, '2026年度计划', $1, '生成', '生成', $2, $3, $4, $4) returning id`,
    [state, reviewed ? past : null, state === 'approved' ? past : null, past],
  )
  if (!row) throw new Error('a plan was not stored')
  return row.id
}

async function putSystem(sandbox: Sandbox, system: DrawnSystem, project: StoredProject, index: number): Promise<void> {
  const [row] = await sandbox.query<{ id: string }>(
    `insert into systems.system (name, org_id, project_id, functions, usage_scope, usage_frequency, funding, status, registered_by_person_id,
       created_at, updated_by, updated_at)
     values ($1, $2, $3, '生成', '全市', 'daily', '{}', $4, '生成', $5, '生成', $5) returning id`,
    [`系统${index}${project.id}`, project.builderOrgId, project.id, system.status, past],
  )
  if (system.answers.length === 0) return
  await sandbox.query(
    `insert into systems.answer (system_id, fact, value, standing, evidence, person_id, person_name, org_id, org_name, at)
     select $1, one.fact, one.value, 'confirmed', '生成', '生成', '生成', '生成', '生成', $4
     from unnest($2::text[], $3::jsonb[]) with ordinality as one (fact, value, place) order by one.place`,
    [row?.id, system.answers.map(({ fact }) => fact), system.answers.map(({ value }) => JSON.stringify({ value })), past],
  )
}

async function putResources(sandbox: Sandbox, history: History, project: StoredProject): Promise<void> {
  const stored = history.resources.flatMap((state, index) => (state === null ? [] : [{ state, name: `数据资源${index + 1}` }]))
  if (stored.length === 0) return
  const declaredId = (name: string) => project.dataResources.find((one) => one.name === name)?.id
  await sandbox.query(
    `insert into catalog.resource (name, org_id, project_id, declared_resource_id, abstract, duties, contains_personal, contains_sensitive,
       state, created_at, updated_by, updated_at)
     select one.name || $2::text, $1, $2, one.declared, '生成', '{}', false, false, one.state, $6, '生成', $6
     from unnest($3::text[], $4::text[], $5::text[]) as one (name, declared, state)`,
    [
      project.ownerOrgId,
      project.id,
      stored.map(({ name }) => name),
      stored.map(({ name }) => declaredId(name)),
      stored.map(({ state }) => state),
      past,
    ],
  )
}

async function putProblem(sandbox: Sandbox, problem: DrawnProblem, project: StoredProject, today: string): Promise<void> {
  const [row] = await sandbox.query<{ id: string }>(
    `insert into supervision.problem (project_id, project_name, builder_org_id, user_unit_org_id, kind, party, responsible_org_id, description,
       demand, found_on, due_on, state, ordered_at, reported_on, not_accepted_at, confirmed_at, created_by, created_at, updated_by, updated_at)
     values ($1, '生成', $2, 'civil-affairs', 'data-not-shared', $3, $2, '生成', '生成', '2026-01-01', $4::date + $5::int, $6, $7,
       case when $8::int is null then null else $4::date + $8::int end, $9, $10, '生成', $11, '生成', $11) returning id`,
    [
      project.id,
      project.builderOrgId,
      problem.party,
      today,
      problem.dueIn,
      problem.state,
      problem.ordered ? past : null,
      problem.reportedIn,
      problem.notAccepted ? past : null,
      problem.state === 'confirmed' ? past : null,
      past,
    ],
  )
  if (problem.hold === 'none') return
  await sandbox.query(
    `insert into supervision.payment_hold (problem_id, project_id, reason, duty, decided_by_person_id, decided_by, decided_at, ended_at)
     values ($1, $2, '生成', 'drc', '生成', '生成', $3, $4)`,
    [row?.id, project.id, past, problem.hold === 'ended' ? past : null],
  )
}

async function putWithheld(sandbox: Sandbox, state: 'standing' | 'revoked', project: StoredProject): Promise<void> {
  await sandbox.query(
    `insert into supervision.withheld_record (project_id, project_name, builder_org_id, user_unit_org_id, kind, description, found_on,
       recorded_org_id, recorded_by, recorded_at, revoked_at, updated_by, updated_at)
     values ($1, '生成', $2, 'civil-affairs', 'refused', '生成', '2026-01-10', 'audit', '生成', $3, $4, '生成', $3)`,
    [project.id, project.builderOrgId, past, state === 'revoked' ? past : null],
  )
}

/** A contract with one term, so that a payment can be asked for. */
export async function putContract(sandbox: Sandbox, projectId: string): Promise<string> {
  const [row] = await sandbox.query<{ id: string }>(
    `with firm as (
       insert into projects.enterprise (name, registered_by, registered_at) values ('承建单位', '生成', $2)
       on conflict (name) where uscc is null do update set name = excluded.name returning id)
     insert into projects.contract (project_id, number, supplier, enterprise_id, amount_fen, signed_on, registered_by, registered_at)
     select $1, 'HT-1', '承建单位', id, 1000000, '2026-01-10', '生成', $2 from firm returning id`,
    [projectId, past],
  )
  await sandbox.query(`insert into projects.payment_term (contract_id, line_no, title, amount_fen) values ($1, 1, '首付款', 1000000)`, [
    row?.id,
  ])
  return row?.id ?? ''
}
