import { casesPort } from '@tongchou/cases'
import { actorOfPost } from '@tongchou/identity'
import { systemActor } from '@tongchou/kernel'
import type { Form, FormField, Procedure, Step } from '@tongchou/procedure'
import { testDatabase } from '@tongchou/testing'
import { beforeAll, expect, test } from 'vitest'
import { givenFinding } from './testing/finding.ts'
import { goodProposal, type SeatName, seats, smallCity } from './testing/small-city.ts'
import { cityPack } from './wire.ts'

const { db, owner } = await testDatabase()
const city = await smallCity(db)
const pack = city.library.packs.get(cityPack)?.at(-1)
if (!pack) throw new Error(`there is no pack ${cityPack}`)

/** Every line of coverage.yaml that gives an article to a person: article and `procedure/step`. */
const personEntries = [...pack.coverage].flatMap(([article, lines]) =>
  lines.flatMap((line) => (line.kind === 'person' && line.step ? [{ article, step: line.step }] : [])),
)

interface Line {
  step: string
  kind: string
  duty: string
  person: string
}

interface TaskView {
  id: string
  step: string
  outcomes: { id: string; kind: string; dates: { field: string }[] }[]
  documents: { kind: string; required: boolean }[]
  form: { fields: FormField[] } | null
}

interface CaseAnswer {
  status: string
  tasks: TaskView[]
  history: Line[]
}

/** What was signed in each procedure, once it has been walked to its end. */
const signed = new Map<string, Line[]>()
/** Steps that somebody without the duty tried to decide first. */
const defended = new Map<string, number[]>()

beforeAll(async () => {
  const clerk = await city.as('clerk')
  const created = await clerk.post<{ id: string }>('/api/v1/projects', goodProposal())
  const id = created.body.id
  const entry = await clerk.post<{ entryId: string; caseId: string }>(`/api/v1/projects/${id}/plan-entries`, { year: 2027, opinion: '' })
  await walk('plan-entry', entry.body.caseId)
  await walk('city-plan', await beginCityPlan(entry.body.entryId))
  await walk('construction-plan', await begin('clerk', id, 'construction-plan'))
  await walk('establishment', await begin('clerk', id, 'establishment'))
  await walk('funding', await begin('finance', id, 'funding'))
  await walk('tender', await begin('clerk', id, 'tender'))
  await walk('project-change', await begin('clerk', id, 'project-change'))
  await walk('payment', await beginPayment(id))
  await walk('rectification', await beginRectification(id))
  const resource = await beginCatalogEntry(id)
  await walk('catalog-entry', resource.caseId)
  await walk('catalog-change', await beginAmendment(resource.id, 'changes', { secrecy: false, reason: '口径调整' }))
  await walk('sharing-request', (await beginSharing(resource.id)).caseId)
  await walk('sharing-dispute', await beginDispute(resource.id))
  await revokeGrants()
  await confirmSystem(id)
  await walk('acceptance', await begin('clerk', id, 'acceptance'))
  // Until it was accepted, the project relied on the entry.
  const merged = { ground: 'source-abolished', reason: '不再产生', mergedIntoId: null }
  await walk('catalog-withdrawal', await beginAmendment(resource.id, 'withdrawals', merged))
  await walk('finding-check', await beginFinding('group'))
  await walk('data-correction', await beginFinding('error'))
  await walk('handover', await begin('clerk', id, 'handover'))
  await walk('evaluation', await begin('drc', id, 'evaluation'))
}, 180_000)

test('every procedure of the pack can be walked from its first step to its end', () => {
  expect([...signed.keys()].sort()).toEqual(pack.procedures.map((one) => one.procedure.id).sort())
})

test.each(personEntries)('$article is done by a person at $step', ({ article, step: at }) => {
  const { procedure, step } = stepOf(at)
  expect(procedure.articles, `${at} belongs to ${article}`).toContain(article)
  const lines = signed.get(procedure.id)?.filter((line) => line.step === step.id && line.kind !== 'return') ?? []
  // 会签 asks every holder, anything else one of them.
  const duties = step.holders.map((holder) => holder.duty)
  const signers = new Set(lines.map((line) => line.duty))
  expect(lines.length, `${at} was signed`).toBeGreaterThan(0)
  for (const duty of signers) expect(duties).toContain(duty)
  if (step.quorum === 'all') expect([...signers].sort()).toEqual([...duties].sort())
  for (const line of lines) {
    const seat = Object.values(seats).find((one) => one.name === line.person)
    expect(seat?.duties, `${line.person} signed ${at}`).toContain(line.duty)
  }
})

test('whoever does not bear the duty of a step cannot decide it', () => {
  const steps = pack.procedures.flatMap(({ procedure }) =>
    procedure.steps.filter((step) => step.kind !== 'start').map((step) => `${procedure.id}/${step.id}`),
  )
  expect([...defended.keys()].sort()).toEqual(steps.sort())
  for (const [step, statuses] of defended) for (const status of statuses) expect([403, 404], step).toContain(status)
})

function stepOf(at: string): { procedure: Procedure; step: Step } {
  const [id, stepId] = at.split('/')
  const procedure = pack?.procedures.find((one) => one.procedure.id === id)?.procedure
  const step = procedure?.steps.find((one) => one.id === stepId)
  if (!procedure || !step) throw new Error(`coverage names ${at}, which the pack does not have`)
  return { procedure, step }
}

/** Goes forward through a case, each task decided by somebody whose post bears the duty, until it has ended. */
async function walk(procedureId: string, caseId: string): Promise<void> {
  for (let acts = 0; acts < 30; acts++) {
    const seen = await lookAt(procedureId, caseId)
    if (seen.status === 'ended') {
      signed.set(procedureId, seen.history)
      return
    }
    const task = seen.task
    await tryAsOthers(procedureId, caseId, task)
    const forward = task.outcomes.find((one) => one.kind === 'forward' || one.kind === 'end')
    const person = await city.as(seen.seat)
    const answer = await person.post(`/api/v1/cases/${caseId}/acts`, {
      ...plain,
      taskId: task.id,
      outcome: forward?.id ?? '',
      form: task.form ? filled(task.form.fields) : {},
      documents: await papers(seen.seat, task.documents),
      dates: Object.fromEntries((forward?.dates ?? []).map(({ field }) => [field, '2026-12-31'])),
    })
    expect(answer.body, `${procedureId}/${task.step} by ${seen.seat}`).not.toHaveProperty('code')
  }
  throw new Error(`${procedureId} did not come to its end`)
}

const plain = { opinion: '同意。', form: {}, documents: [], choices: [], dates: {} }

type Seen = { status: 'ended'; history: Line[] } | { status: 'open'; seat: SeatName; task: TaskView }

/** Finds somebody who may decide now; the engine says who may, the pack only which duties to ask. */
async function lookAt(procedureId: string, caseId: string): Promise<Seen> {
  const duties = new Set(pack?.procedures.find((one) => one.procedure.id === procedureId)?.procedure.steps.flatMap(dutiesOf))
  for (const seat of seatNames().filter((name) => seats[name].duties.some((duty) => duties.has(duty)))) {
    const view = await (await city.as(seat)).get<CaseAnswer>(`/api/v1/cases/${caseId}`)
    if (view.status !== 200) continue
    if (view.body.status === 'ended') return { status: 'ended', history: view.body.history }
    const task = view.body.tasks[0]
    if (task) return { status: 'open', seat, task }
  }
  throw new Error(`nobody can go on with ${procedureId} (${caseId})`)
}

/** Everybody who bears none of the step's duties is turned away before somebody who does decides it. */
async function tryAsOthers(procedureId: string, caseId: string, task: TaskView): Promise<void> {
  const { step } = stepOf(`${procedureId}/${task.step}`)
  const others = seatNames().filter((name) => !seats[name].duties.some((duty) => dutiesOf(step).includes(duty)))
  const statuses: number[] = []
  for (const name of others) {
    const person = await city.as(name)
    const outcome = task.outcomes[0]?.id ?? ''
    statuses.push((await person.post(`/api/v1/cases/${caseId}/acts`, { ...plain, taskId: task.id, outcome })).status)
  }
  const key = `${procedureId}/${step.id}`
  defended.set(key, [...(defended.get(key) ?? []), ...statuses])
}

function dutiesOf(step: Step): string[] {
  return step.holders.map((holder) => holder.duty)
}

function seatNames(): SeatName[] {
  return Object.keys(seats) as SeatName[]
}

/** Fills a form from its definition alone; every amount is the same, so that what must agree agrees. */
function filled(fields: readonly FormField[]): Record<string, unknown> {
  return Object.fromEntries(fields.map((field) => [field.id, valueFor(field)]))
}

function valueFor(field: FormField): unknown {
  switch (field.type) {
    case 'text':
    case 'prose':
    case 'enterprise':
      return '按规定填写'.slice(0, field.maxLength)
    case 'money':
      return 40_000_000
    case 'date':
      return '2026-03-02'
    case 'count':
      return field.maximum
    case 'choice':
      return field.choices[0]?.value
    case 'lines':
      return [filled(field.fields)]
  }
}

async function papers(seat: SeatName, documents: TaskView['documents']): Promise<{ kind: string; id: string }[]> {
  const person = await city.as(seat)
  const files = documents.map(async ({ kind }) => ({ kind, id: await person.upload(`${kind}.txt`, `${kind} 正文`) }))
  return Promise.all(files)
}

/** Begins a procedure on a project with what its first step asks for, as the product itself tells it. */
async function begin(seat: SeatName, projectId: string, procedure: string): Promise<string> {
  const person = await city.as(seat)
  const start = await person.get<{ step: { documents: TaskView['documents']; form: Form | null } }>(`/api/v1/procedures/${procedure}`)
  const { documents, form } = start.body.step
  const answer = await person.post<{ caseId: string }>(`/api/v1/projects/${projectId}/${procedure}`, {
    opinion: '',
    form: form ? filled(form.fields) : {},
    documents: await papers(seat, documents),
  })
  expect(answer.body, procedure).not.toHaveProperty('code')
  return answer.body.caseId
}

async function beginCityPlan(entryId: string): Promise<string> {
  const center = await city.as('center')
  const plan = await center.post<{ id: string }>('/api/v1/city-plans', {
    year: 2027,
    title: '2027年度全市政务信息化项目建设计划',
    note: '',
    entryIds: [entryId],
  })
  return (await center.post<{ caseId: string }>(`/api/v1/city-plans/${plan.body.id}/submission`, { opinion: '' })).body.caseId
}

async function beginPayment(projectId: string): Promise<string> {
  const clerk = await city.as('clerk')
  const page = await clerk.get<{ contracts: { id: string }[] }>(`/api/v1/projects/${projectId}`)
  const answer = await clerk.post<{ caseId: string }>(`/api/v1/projects/${projectId}/payments`, {
    opinion: '',
    form: {},
    documents: [],
    contractId: page.body.contracts[0]?.id,
    lineNo: 1,
  })
  return answer.body.caseId
}

async function beginRectification(projectId: string): Promise<string> {
  const center = await city.as('center')
  const problem = await center.post<{ cases: { caseId: string }[] }>('/api/v1/supervision/problems', {
    secrecy: false,
    projectId,
    party: 'builder',
    kind: 'data-not-shared',
    description: '数据未按要求共享。',
    demand: '完成数据对接。',
    foundOn: '2026-03-01',
    dueOn: '2026-12-31',
  })
  expect(problem.body, 'rectification').not.toHaveProperty('code')
  return problem.body.cases[0]?.caseId ?? ''
}

/** What a comparison found, handed out by the center. */
async function beginFinding(kind: 'group' | 'error'): Promise<string> {
  const [runId, id] = [
    `00000000-0000-4000-8000-00000000c${kind === 'group' ? 'a' : 'b'}01`,
    `00000000-0000-4000-8000-00000000c${kind === 'group' ? 'c' : 'd'}01`,
  ]
  await givenFinding((text, parameters) => owner.query(text, parameters), {
    id,
    runId,
    orgId: 'civil-affairs',
    kind,
    comparison: `no-pack/${kind}`,
  })
  await owner.query("update comparison.finding set state = 'sent' where id = $1", [id])
  const { rows } = await owner.query("select current_post_id as post from identity.account where username = 'center'")
  const system = { db, actor: systemActor, now: () => city.clock.now(), requestId: 'finding', inside: false }
  const actor = await actorOfPost(system, rows[0].post)
  if (!actor) throw new Error('nobody is at the center')
  const procedure = kind === 'group' ? 'finding-check' : 'data-correction'
  const { caseId } = await casesPort(city.cases).open(
    { ...system, actor },
    {
      ...{ procedure, subject: { kind: procedure, id, version: 1 }, title: '比对结果', orgs: { responsible: 'civil-affairs' } },
      act: { outcome: 'submit', opinion: null, form: {}, documents: [], choices: [], dates: { 'finding.dueOn': '2026-12-31' } },
    },
  )
  return caseId
}

/** A change or a withdrawal of a published entry, handed in. */
async function beginAmendment(entryId: string, place: 'changes' | 'withdrawals', body: object): Promise<string> {
  const steward = await city.as('steward')
  let made = await steward.post<Amendment>(`/api/v1/catalog/resources/${entryId}/${place}`, body)
  expect(made.status, JSON.stringify(made.body)).toBe(201)
  const { id, content, reason } = made.body
  if (content) {
    const changed = { secrecy: false, ...content, abstract: '低保家庭成员、收入、财产和核对结论。', reason, version: 1 }
    made = await steward.put<Amendment>(`/api/v1/catalog/amendments/${id}/change`, changed)
  }
  const submitted = await steward.post<Amendment>(`/api/v1/catalog/amendments/${id}/submission`, { version: made.body.version })
  expect(submitted.status, JSON.stringify(submitted.body)).toBe(200)
  return submitted.body.cases[0]?.caseId ?? ''
}

interface Sharing {
  id: string
  version: number
  cases: { caseId: string; status: string }[]
}

/** Another office asks for the entry, and hands that in. */
async function beginSharing(resourceId: string): Promise<{ id: string; caseId: string }> {
  const steward = await city.as('healthSteward')
  const made = await steward.post<Sharing>('/api/v1/sharing/requests', {
    ...{ resourceId, way: 'query', items: { i1: false }, rows: [], purpose: '核对资格', matter: '医疗救助', basis: '《社会救助暂行办法》' },
    ...{ necessity: null, validFrom: '2026-03-02', validUntil: '2026-12-31', quotaPerDay: null },
  })
  expect(made.status, JSON.stringify(made.body)).toBe(201)
  const sent = await steward.post<Sharing>(`/api/v1/sharing/requests/${made.body.id}/submission`, { version: 1 })
  expect(sent.status, JSON.stringify(sent.body)).toBe(200)
  return { id: made.body.id, caseId: sent.body.cases[0]?.caseId ?? '' }
}

/** It is refused, and the asking office takes that to the center. */
async function beginDispute(resourceId: string): Promise<string> {
  const { id, caseId } = await beginSharing(resourceId)
  const decide = async (seat: SeatName, outcome: string) => {
    const person = await city.as(seat)
    const [task] = (await person.get<CaseAnswer>(`/api/v1/cases/${caseId}`)).body.tasks
    expect((await person.post(`/api/v1/cases/${caseId}/acts`, { ...plain, taskId: task?.id ?? '', outcome })).status, outcome).toBe(200)
  }
  await decide('healthLeader', 'sign')
  const provider = await city.as('steward')
  const { version } = (await provider.get<Sharing>(`/api/v1/sharing/requests/${id}`)).body
  const refusal = { outcome: 'refuse', terms: null, reason: '涉及隐私', basisLaw: 'data-security-law', basisClause: '第三十八条' }
  expect((await provider.put(`/api/v1/sharing/requests/${id}/decision`, { ...refusal, version })).status).toBe(200)
  await decide('steward', 'refuse')
  const asking = await city.as('healthSteward')
  const refused = (await asking.get<Sharing>(`/api/v1/sharing/requests/${id}`)).body
  const sent = await asking.post<Sharing>(`/api/v1/sharing/requests/${id}/dispute`, { version: refused.version, reason: '法定职责所需。' })
  expect(sent.status, JSON.stringify(sent.body)).toBe(200)
  return sent.body.cases.find(({ status }) => status === 'running')?.caseId ?? ''
}

/** While they hold, the entry cannot be withdrawn. */
async function revokeGrants(): Promise<void> {
  const provider = await city.as('steward')
  const { items } = (await provider.get<{ items: { id: string }[] }>('/api/v1/sharing/grants')).body
  for (const { id } of items)
    expect((await provider.post(`/api/v1/sharing/grants/${id}/state`, { version: 1, state: 'revoked', reason: '业务取消' })).status).toBe(
      200,
    )
}

interface Amendment {
  id: string
  version: number
  reason: string
  content: object | null
  cases: { caseId: string }[]
}

async function beginCatalogEntry(projectId: string): Promise<{ id: string; caseId: string }> {
  const project = await (await city.as('clerk')).get<{ dataResources: { id: string; name: string }[] }>(`/api/v1/projects/${projectId}`)
  const steward = await city.as('steward')
  const unit = { orgId: 'civil-affairs', post: null }
  const entry = await steward.post<{ id: string; version: number }>('/api/v1/catalog/resources', {
    secrecy: false,
    name: project.body.dataResources[0]?.name,
    projectId,
    declaredResourceId: project.body.dataResources[0]?.id,
    systemId: null,
    providerCode: '11150300900030002A',
    abstract: '低保家庭成员、收入和核对结论。',
    class: 'department',
    classCode: '30700101',
    format: 'database',
    formatType: 'postgresql',
    sharingChannel: 'platform',
    sharingForm: 'interface',
    updateCycle: 'daily',
    duties: { handledBy: unit, usedBy: unit, managedBy: unit, archivedBy: unit, answersFor: unit },
    sharing: 'conditional',
    sharingCondition: '用于资格核对',
    basisLaw: null,
    basisClause: null,
    opening: 'none',
    openingCondition: null,
    grade: 'general',
    containsPersonal: false,
    containsSensitive: false,
    maskingRule: null,
    items: [{ name: '核对结论', code: 'HDJL', type: 'C', length: 20, isKey: true, sensitivity: 'general', masking: null, sharing: null }],
  })
  expect(entry.status, `catalog entry ${JSON.stringify(entry.body)}`).toBe(201)
  const submitted = await steward.post<{ cases: { caseId: string }[] }>(`/api/v1/catalog/resources/${entry.body.id}/submission`, {
    version: entry.body.version,
  })
  expect(submitted.status, `catalog submission ${JSON.stringify(submitted.body)}`).toBe(200)
  return { id: entry.body.id, caseId: submitted.body.cases[0]?.caseId ?? '' }
}

/** The center has seen where the system runs; without that nothing is accepted. */
async function confirmSystem(projectId: string): Promise<void> {
  const clerk = await city.as('clerk')
  const system = await clerk.post<{ id: string; version: number }>('/api/v1/systems', {
    secrecy: false,
    projectId,
    name: '低保家庭经济状况核对系统',
    userUnitOrgId: 'civil-affairs',
    functions: '受理、核对、公示、统计',
    usageScope: '全市民政系统',
    usageFrequency: 'daily',
    approvingBody: null,
    approvedOn: null,
    funding: ['city-finance'],
  })
  const answered = await (await city.as('center')).post(`/api/v1/systems/${system.body.id}/answers`, {
    version: system.body.version,
    evidence: '政务云资源台账',
    deployment: 'gov-cloud',
    cityBrainConnected: true,
    standardInterface: true,
  })
  expect(answered.body, 'system').not.toHaveProperty('code')
}
