import { expect } from 'vitest'
import { deskOf } from './testing/desk.ts'
import { type SeatName, type SmallCity, seats } from './testing/small-city.ts'

/** How many cases of which kind and step a reorganisation finds. */
export const mixture = { filed: 24, returned: 8, withdrawn: 4, catalog: 6, countersign: 4, report: 3, verify: 2 } as const

const problem = {
  secrecy: false,
  party: 'builder',
  kind: 'data-not-shared',
  description: '数据未按要求共享。',
  demand: '完成数据对接。',
  foundOn: '2026-03-01',
  dueOn: '2026-12-31',
}

/** Fills the small city with open cases of 民政局 and 卫健委: at every kind of step, returned, withdrawn, countersigned by one of two. */
export async function openMany(city: SmallCity): Promise<string[]> {
  const desk = deskOf(city)
  const cases: string[] = []
  const clerkOf = (n: number): SeatName => (n % 4 === 3 ? 'stranger' : 'clerk')
  const projectOf = async (n: number, kind: string) => {
    const seat = clerkOf(n)
    const unit = seats[seat].org
    return { seat, ...(await desk.draft({ name: `${kind}项目${n}`, userUnitOrgId: unit }, seat)) }
  }
  const filedOf = async (n: number, kind: string) => {
    const project = await projectOf(n, kind)
    const { caseId } = await desk.file(project.id, project.seat, 2027)
    return { ...project, caseId }
  }
  for (let n = 0; n < mixture.filed; n += 1) cases.push((await filedOf(n, '初审')).caseId)
  for (let n = 0; n < mixture.returned; n += 1) {
    const { caseId } = await filedOf(n, '退回')
    await desk.decide('center', caseId, 'return', { opinion: '请补充测算依据。' })
    cases.push(caseId)
  }
  for (let n = 0; n < mixture.withdrawn; n += 1) {
    const { caseId, seat } = await filedOf(n, '撤回')
    expect((await (await city.as(seat)).post(`/api/v1/cases/${caseId}/withdrawal`, { opinion: null })).status).toBe(200)
    cases.push(caseId)
  }
  for (let n = 0; n < mixture.catalog; n += 1) cases.push(await openCatalogEntry(city, n))
  const problems = ['countersign', 'report', 'verify'] as const
  for (const stand of problems)
    for (let n = 0; n < mixture[stand]; n += 1) {
      const { id } = await filedOf(n, stand)
      const center = await city.as('center')
      const ordered = await center.post<{ cases: { caseId: string }[] }>('/api/v1/supervision/problems', { ...problem, projectId: id })
      expect(ordered.status, JSON.stringify(ordered.body)).toBe(201)
      const caseId = ordered.body.cases[0]?.caseId ?? ''
      await desk.decide('center2', caseId, 'agree')
      if (stand !== 'countersign') await desk.decide('drc', caseId, 'agree')
      if (stand === 'verify')
        await desk.decide(clerkOf(n), caseId, 'submit', {
          opinion: '已完成整改。',
          form: { measures: '接入共享平台。', result: '已接入。' },
        })
      cases.push(caseId)
    }
  return cases
}

async function openCatalogEntry(city: SmallCity, n: number): Promise<string> {
  const steward = await city.as('steward')
  const unit = { orgId: 'civil-affairs', post: null }
  const entry = await steward.post<{ id: string; version: number }>('/api/v1/catalog/resources', {
    secrecy: false,
    name: `救助信息${n}`,
    projectId: null,
    declaredResourceId: null,
    systemId: null,
    providerCode: '11150300900030002A',
    abstract: '救助对象和救助结果。',
    class: 'department',
    format: 'database',
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
    containsSensitive: false,
    maskingRule: '公民身份号码显示前6位和后4位。',
    items: [{ name: '姓名', code: 'XM', type: 'C', length: 50, isKey: true, sensitivity: 'personal', masking: 'keep-ends', sharing: null }],
  })
  expect(entry.status, JSON.stringify(entry.body)).toBe(201)
  const submitted = await steward.post<{ cases: { caseId: string }[] }>(`/api/v1/catalog/resources/${entry.body.id}/submission`, {
    version: entry.body.version,
  })
  expect(submitted.status, JSON.stringify(submitted.body)).toBe(200)
  return submitted.body.cases[0]?.caseId ?? ''
}

interface OpenTask {
  id: string
  outcomes: { id: string; kind: string }[]
  form: { fields: { id: string; type: string }[] } | null
}

/** Carries a case on by whoever may, until it is over; says how it ended. */
export async function carriedToItsEnd(city: SmallCity, caseId: string): Promise<string> {
  const order = Object.keys(seats) as SeatName[]
  for (let round = 0; round < 12; round += 1) {
    let acted = false
    for (const seat of order) {
      const person = await city.as(seat)
      const view = await person.get<{ status: string; tasks: OpenTask[] }>(`/api/v1/cases/${caseId}`)
      if (view.status !== 200) continue
      if (['ended', 'rejected'].includes(view.body.status)) return view.body.status
      const task = view.body.tasks[0]
      const outcome = task?.outcomes.find((one) => one.kind === 'forward' || one.kind === 'end')
      if (!task || !outcome) continue
      const form = task.form?.fields.some((one) => one.id === 'measures') ? { measures: '接入共享平台。', result: '已接入。' } : {}
      const answer = await person.post(`/api/v1/cases/${caseId}/acts`, {
        taskId: task.id,
        outcome: outcome.id,
        opinion: '同意。',
        form,
        documents: [],
        choices: [],
        dates: {},
      })
      if (answer.status === 200) acted = true
    }
    if (!acted) break
  }
  return 'stuck'
}
