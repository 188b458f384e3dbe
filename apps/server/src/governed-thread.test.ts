import { testDatabase } from '@tongchou/testing'
import { expect, test } from 'vitest'
import { type Answer, goodProposal, type SeatName, smallCity } from './testing/small-city.ts'

const { db } = await testDatabase()
const city = await smallCity(db)

interface CaseAnswer {
  status: string
  tasks: { id: string; title: string; outcomes: { id: string }[] }[]
}

interface Refusal {
  code: string
  detail: string
  findings?: { article: string; cure: string; text: string; facts: string[]; effect: string }[]
}

/** Decides the one task of a case that waits for a person, and expects it to be taken. */
async function decide(seat: SeatName, caseId: string, outcome: string, more: Record<string, unknown> = {}): Promise<CaseAnswer> {
  const answer = await tryDecide<CaseAnswer>(seat, caseId, outcome, more)
  expect(answer.body, `${seat} ${outcome}`).not.toHaveProperty('code')
  expect(answer.status).toBe(200)
  return answer.body
}

async function tryDecide<T>(seat: SeatName, caseId: string, outcome: string, more: Record<string, unknown> = {}): Promise<Answer<T>> {
  const person = await city.as(seat)
  const view = await person.get<CaseAnswer>(`/api/v1/cases/${caseId}`)
  const task = view.body.tasks?.find((t) => t.outcomes.some((o) => o.id === outcome))
  return person.post<T>(`/api/v1/cases/${caseId}/acts`, {
    taskId: task?.id ?? 'none',
    outcome,
    opinion: '同意。',
    form: {},
    documents: [],
    choices: [],
    dates: {},
    ...more,
  })
}

async function begin(seat: SeatName, url: string, more: Record<string, unknown> = {}): Promise<string> {
  const person = await city.as(seat)
  const answer = await person.post<{ caseId: string }>(url, { opinion: '', form: {}, documents: [], ...more })
  expect(answer.body, url).not.toHaveProperty('code')
  expect(answer.status).toBe(201)
  return answer.body.caseId
}

async function paper(seat: SeatName, kind: string): Promise<{ kind: string; id: string }> {
  const person = await city.as(seat)
  return { kind, id: await person.upload(`${kind}.txt`, `${kind} 正文`) }
}

async function refused(answer: Answer<unknown>, article: string): Promise<void> {
  const body = answer.body as Refusal
  expect(answer.status, JSON.stringify(body)).toBe(409)
  const finding = body.findings?.find((f) => f.article === article)
  expect(finding, JSON.stringify(body)).toBeDefined()
  expect(finding?.text).toBeTruthy()
  expect(finding?.cure).toBeTruthy()
  expect(finding?.facts.length).toBeGreaterThan(0)
}

test('民政局 takes a project through WH23 from a refused proposal to its evaluation', async () => {
  const clerk = await city.as('clerk')

  // A machine room and an app: refused, and the same is said before it is handed in.
  const draft = await clerk.post<{ id: string; version: number }>(
    '/api/v1/projects',
    goodProposal({ deliverables: ['business-system', 'machine-room', 'public-app'], appStage: 'new' }),
  )
  expect(draft.status, JSON.stringify(draft.body)).toBe(201)
  const id = draft.body.id
  await refused(await clerk.post(`/api/v1/projects/${id}/plan-entries`, { year: 2027, opinion: '' }), 'WH23-4')
  const checked = await clerk.get<{ findings: { article: string; effect: string }[] }>(`/api/v1/projects/${id}/check?act=plan.file`)
  expect(checked.body.findings.map((f) => `${f.article} ${f.effect}`).sort()).toEqual(['WH23-4 refer', 'WH23-4 refuse'])

  // The cure: without them.
  const cured = await clerk.put<{ version: number }>(`/api/v1/projects/${id}`, { ...goodProposal(), version: draft.body.version })
  expect(cured.status, JSON.stringify(cured.body)).toBe(200)
  const filed = await clerk.post<{ caseId: string; entryId: string }>(`/api/v1/projects/${id}/plan-entries`, { year: 2027, opinion: '' })
  expect(filed.status, JSON.stringify(filed.body)).toBe(201)

  // The center returns it once, the clerk corrects it, the center passes it.
  await decide('center', filed.body.caseId, 'return', { opinion: '请补充投资测算依据。' })
  const returned = await clerk.get<{ version: number }>(`/api/v1/projects/${id}`)
  await clerk.put(`/api/v1/projects/${id}`, { ...goodProposal({ summary: '补充投资测算依据。' }), version: returned.body.version })
  await decide('clerk', filed.body.caseId, 'submit', { opinion: null })
  await decide('center', filed.body.caseId, 'pass')

  // The city's plan: compiled, reviewed jointly by another person of the center and by the DRC, approved by the city.
  const center = await city.as('center')
  const plan = await center.post<{ id: string }>('/api/v1/city-plans', {
    year: 2027,
    title: '2027年度全市政务信息化项目建设计划',
    note: '',
    entryIds: [filed.body.entryId],
  })
  expect(plan.status, JSON.stringify(plan.body)).toBe(201)
  const submitted = await center.post<{ caseId: string }>(`/api/v1/city-plans/${plan.body.id}/submission`, { opinion: '' })
  expect(submitted.status, JSON.stringify(submitted.body)).toBe(201)
  const own = await tryDecide<Refusal>('center', submitted.body.caseId, 'pass')
  expect(own.body.code).toMatch(/^(task|person)\./)
  await decide('center2', submitted.body.caseId, 'pass')
  await decide('drc', submitted.body.caseId, 'pass')
  await decide('city', submitted.body.caseId, 'approve')
  expect((await clerk.get<{ stage: string }>(`/api/v1/projects/${id}`)).body.stage).toBe('listed')

  // Establishment before the argument: refused by article 12; then the argument, then establishment.
  const early = await clerk.post(`/api/v1/projects/${id}/establishment`, {
    opinion: '',
    form: {},
    documents: [await paper('clerk', 'project-proposal')],
  })
  await refused(early, 'WH23-12')
  const argument = await begin('clerk', `/api/v1/projects/${id}/construction-plan`, {
    documents: [await paper('clerk', 'construction-plan')],
  })
  await decide('center', argument, 'pass')
  await decide('center2', argument, 'pass')
  // Tender before approval: refused by inference from article 12.
  await refused(await clerk.post(`/api/v1/projects/${id}/tender`, { opinion: '', form: {}, documents: [] }), 'WH23-12')
  const establishment = await begin('clerk', `/api/v1/projects/${id}/establishment`, {
    documents: [await paper('clerk', 'project-proposal')],
  })
  await decide('drc', establishment, 'approve')
  await decide('clerk', establishment, 'submit', { documents: [await paper('clerk', 'feasibility-report')] })
  await decide('drc', establishment, 'approve')
  await decide('clerk', establishment, 'submit', { documents: [await paper('clerk', 'preliminary-design')] })
  await decide('drc', establishment, 'approve', { form: { approvedFen: 80_000_000, documentNumber: '乌海发改字〔2026〕12号' } })

  const funding = await begin('finance', `/api/v1/projects/${id}/funding`, {
    form: { amountFen: 80_000_000, budgetYear: 2027, channel: 'city-finance' },
  })
  await decide('finance2', funding, 'approve')

  const tender = await begin('clerk', `/api/v1/projects/${id}/tender`)
  await decide('tender', tender, 'register', {
    form: {
      venue: 'public-resource-trading-center',
      noticeNumber: 'WHJY-2026-031',
      winner: '乌海市信安软件有限公司',
      amountFen: 78_000_000,
      openedOn: '2026-02-20',
    },
  })
  const contract = {
    number: 'WHMZ-2026-01',
    supplier: '乌海市信安软件有限公司',
    amountFen: 78_000_000,
    signedOn: '2026-03-01',
    terms: [
      { title: '首付款', amountFen: 30_000_000 },
      { title: '验收款', amountFen: 48_000_000 },
    ],
  }
  const wrongSum = await tryDecide<Refusal>('clerk', tender, 'register', { form: { ...contract, amountFen: 77_000_000 } })
  expect(wrongSum.body.detail).toContain('不一致')
  await decide('clerk', tender, 'register', { form: contract })

  // Building.
  await clerk.put(`/api/v1/projects/${id}/milestones`, { milestones: [{ title: '上线试运行', dueOn: '2026-09-30' }] })
  const report = await clerk.post(`/api/v1/projects/${id}/progress-reports`, {
    period: '2026年一季度',
    percent: 60,
    text: '完成核心功能开发。',
  })
  expect(report.status, JSON.stringify(report.body)).toBe(201)

  // Acceptance: refused by article 15 (catalog) and undecidable by article 4 (nobody has confirmed the cloud).
  const early2 = await clerk.post<Refusal>(`/api/v1/projects/${id}/acceptance`, { opinion: '', form: {}, documents: [] })
  await refused(early2, 'WH23-15')
  expect(early2.body.findings?.filter((f) => f.article === 'WH23-4').map((f) => f.effect)).toContain('undecidable')

  await registerSystem(id)
  await catalogue(id)
  const acceptance = await begin('clerk', `/api/v1/projects/${id}/acceptance`)
  await decide('user', acceptance, 'agree')
  await decide('head', acceptance, 'pass')
  const handover = await begin('clerk', `/api/v1/projects/${id}/handover`)
  await decide('user', handover, 'receive')

  // Payment by the terms of the contract.
  const page = await clerk.get<{ contracts: { id: string; terms: { lineNo: number }[] }[] }>(`/api/v1/projects/${id}`)
  const contractId = page.body.contracts[0]?.id
  const payment = await clerk.post<{ caseId: string }>(`/api/v1/projects/${id}/payments`, {
    opinion: '',
    form: {},
    documents: [],
    contractId,
    lineNo: 1,
  })
  expect(payment.status, JSON.stringify(payment.body)).toBe(201)
  await decide('finance', payment.body.caseId, 'agree')
  const same = await tryDecide<Refusal>('finance', payment.body.caseId, 'release')
  expect(same.status, JSON.stringify(same.body)).not.toBe(200)
  await decide('finance2', payment.body.caseId, 'release')

  const evaluation = await begin('drc', `/api/v1/projects/${id}/evaluation`, { form: { requirement: '请报送运行和效益情况。' } })
  await decide('clerk', evaluation, 'submit', { form: { selfReport: '系统运行稳定，核对效率提高。' } })
  await decide('drc2', evaluation, 'conclude', { form: { score: 92, grade: 'excellent' }, opinion: '达到预期目标。' })
  const done = await clerk.get<{ stage: string; money: Record<string, unknown> }>(`/api/v1/projects/${id}`)
  expect(done.body.stage).toBe('evaluated')
  expect(done.body.money).toMatchObject({ approvedFen: 80_000_000, fundedFen: 80_000_000, contractedFen: 78_000_000, paidFen: 30_000_000 })
}, 120_000)

/** The owner registers what it built; the center has seen where it runs and says so. */
async function registerSystem(projectId: string): Promise<void> {
  const clerk = await city.as('clerk')
  const system = await clerk.post<{ id: string; version: number }>('/api/v1/systems', {
    secrecy: false,
    projectId,
    name: '低保家庭经济状况核对系统',
    userUnitOrgId: 'civil-affairs',
    functions: '受理、核对、公示、统计',
    usageScope: '全市民政系统',
    usageFrequency: 'daily',
    approvingBody: '市发展改革委',
    approvedOn: '2026-02-01',
    funding: ['city-finance'],
  })
  expect(system.status, JSON.stringify(system.body)).toBe(201)
  const own = await clerk.post(`/api/v1/systems/${system.body.id}/answers`, { version: 1, evidence: '自报', deployment: 'gov-cloud' })
  expect(own.status).toBe(403)
  const center = await city.as('center')
  const answered = await center.post(`/api/v1/systems/${system.body.id}/answers`, {
    version: system.body.version,
    evidence: '政务云资源台账、城市大脑接入测试记录',
    deployment: 'gov-cloud',
    cityBrainConnected: true,
    standardInterface: true,
    dataShared: true,
    securityAssured: true,
  })
  expect(answered.body, 'answers').not.toHaveProperty('code')
}

/** The data steward compiles, the unit's head signs off, the unit reviews for secrecy, the center reviews and registers (第十五条). */
async function catalogue(projectId: string): Promise<void> {
  const project = await (await city.as('clerk')).get<{ dataResources: { id: string; name: string }[] }>(`/api/v1/projects/${projectId}`)
  const declared = project.body.dataResources[0]
  const steward = await city.as('steward')
  const unit = { orgId: 'civil-affairs', post: null }
  const entry = await steward.post<{ id: string; version: number; gaps: unknown[] }>('/api/v1/catalog/resources', {
    secrecy: false,
    name: declared?.name,
    projectId,
    declaredResourceId: declared?.id,
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
    sharingCondition: '用于社会救助核对，按申请授权使用。',
    basisLaw: null,
    basisClause: null,
    opening: 'none',
    openingCondition: null,
    grade: 'important',
    containsPersonal: true,
    containsSensitive: true,
    maskingRule: '公民身份号码显示前6位和后4位。',
    items: [
      {
        name: '公民身份号码',
        code: 'GMSFHM',
        type: 'C',
        length: 18,
        isKey: true,
        sensitivity: 'sensitive-personal',
        masking: 'keep-ends',
        sharing: null,
      },
      {
        name: '家庭月收入',
        code: 'JTYSR',
        type: 'Y',
        length: null,
        isKey: false,
        sensitivity: 'personal',
        masking: 'range',
        sharing: null,
      },
    ],
  })
  expect(entry.status, JSON.stringify(entry.body)).toBe(201)
  expect(entry.body.gaps).toEqual([])
  const submitted = await steward.post<{ cases: { caseId: string }[] }>(`/api/v1/catalog/resources/${entry.body.id}/submission`, {
    version: entry.body.version,
  })
  expect(submitted.status, JSON.stringify(submitted.body)).toBe(200)
  const caseId = submitted.body.cases[0]?.caseId ?? ''
  await decide('leader', caseId, 'sign')
  await decide('secrecy', caseId, 'pass')
  await decide('center', caseId, 'approve')
  await decide('center2', caseId, 'register')
}
