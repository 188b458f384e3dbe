import { expect } from 'vitest'
import { deskOf } from './testing/desk.ts'
import { type SeatName, type SmallCity, seats } from './testing/small-city.ts'

/** How many cases of which kind and step a reorganisation finds. */
export const mixture = {
  ...{ filed: 18, returned: 6, withdrawn: 4, catalog: 4, countersign: 4, report: 3, verify: 2 },
  // In the midst of a verb: 中止计时、挂账、委托、转办、申请延期、加签 (asked of the office, and by it)、督办.
  ...{ paused: 2, shelved: 2, entrusted: 2, handed: 2, extending: 2, asked: 2, asking: 2, overseen: 2 },
} as const
export type Stand = keyof typeof mixture

/** Where in the list that `openMany` gives the cases of one kind are. */
export function casesOf(cases: readonly string[], stand: Stand): readonly string[] {
  const names = Object.keys(mixture) as Stand[]
  const first = names.slice(0, names.indexOf(stand)).reduce((sum, name) => sum + mixture[name], 0)
  return cases.slice(first, first + mixture[stand])
}

const problem = {
  secrecy: false,
  party: 'builder',
  kind: 'data-not-shared',
  description: '数据未按要求共享。',
  demand: '完成数据对接。',
  foundOn: '2026-03-01',
  dueOn: '2026-12-31',
}

/** Fills the small city with open cases of 民政局 and 卫健委: at every kind of step, returned, withdrawn, signed by one of two, and in the midst of every verb. */
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
  const orderedOf = async (n: number, stand: Stand) => {
    const { id } = await filedOf(n, stand)
    const center = await city.as('center')
    const ordered = await center.post<{ cases: { caseId: string }[] }>('/api/v1/supervision/problems', { ...problem, projectId: id })
    expect(ordered.status, JSON.stringify(ordered.body)).toBe(201)
    const caseId = ordered.body.cases[0]?.caseId ?? ''
    await desk.decide('center2', caseId, 'agree')
    if (stand !== 'countersign') await desk.decide('drc', caseId, 'agree')
    return caseId
  }
  for (const stand of ['countersign', 'report', 'verify'] as const)
    for (let n = 0; n < mixture[stand]; n += 1) {
      const caseId = await orderedOf(n, stand)
      if (stand === 'verify')
        await desk.decide(clerkOf(n), caseId, 'submit', {
          opinion: '已完成整改。',
          form: { measures: '接入共享平台。', result: '已接入。' },
        })
      cases.push(caseId)
    }
  for (const stand of Object.keys(inTheMidst) as (keyof typeof inTheMidst)[])
    for (let n = 0; n < mixture[stand]; n += 1) {
      // An opinion is asked of the office on what it did not hand in itself; everything else is its own to put right.
      const caseId = stand === 'asked' ? (await filedOf(3, stand)).caseId : await orderedOf(0, stand)
      await inTheMidst[stand](city, caseId)
      cases.push(caseId)
    }
  return cases
}

const until = '2026-11-30'

/** Presses a verb, as a person does: on the first task that is theirs where it is about a task. */
async function press(city: SmallCity, seat: SeatName, caseId: string, path: string, body: Record<string, unknown>): Promise<void> {
  const answer = await (await city.as(seat)).post(`/api/v1/cases/${caseId}/${path}`, { opinion: '按分工办理。', ...body })
  expect(answer.status, `${seat} ${path} ${JSON.stringify(answer.body)}`).toBe(200)
}

async function taskOf(city: SmallCity, seat: SeatName, caseId: string): Promise<string> {
  const { body } = await (await city.as(seat)).get<{ tasks: OpenTask[] }>(`/api/v1/cases/${caseId}`)
  return body.tasks[0]?.id ?? 'none'
}

async function offered(city: SmallCity, seat: SeatName, caseId: string, kind: string): Promise<OfferedVerb | undefined> {
  const { body } = await (await city.as(seat)).get<{ verbs?: OfferedVerb[] }>(`/api/v1/cases/${caseId}`)
  return body.verbs?.find((verb) => verb.kind === kind && verb.refused === null)
}

const shelve = async (city: SmallCity, caseId: string, ground: string | null) => {
  await press(city, 'clerk', caseId, 'shelving', { taskId: await taskOf(city, 'clerk', caseId), until, ground })
  await consentTo(city, caseId)
}

const colleague = async (city: SmallCity, caseId: string, path: string) => {
  const clerk = await city.as('clerk')
  const taskId = await taskOf(city, 'clerk', caseId)
  const use = path === 'transfer' ? 'transfer' : 'entrust'
  const parties = await clerk.get<{ items: { orgId: string; duty: string; people: { personId: string; name: string }[] }[] }>(
    `/api/v1/cases/${caseId}/parties?use=${use}&taskId=${taskId}`,
  )
  const office = parties.body.items.find((one) => one.people.some(({ name }) => name === seats.head.name))
  const personId = office?.people.find(({ name }) => name === seats.head.name)?.personId ?? null
  await press(city, 'clerk', caseId, path, { taskId, to: { orgId: office?.orgId, duty: office?.duty, personId } })
}

const ask = async (city: SmallCity, seat: SeatName, caseId: string, to: object) => {
  const more = { to: [to], form: 'before', rule: 'all' }
  await press(city, seat, caseId, 'countersigns', { taskId: await taskOf(city, seat, caseId), ...more })
}

/** Brings a case into the midst of a verb, which the reorganisation then finds it in. */
const inTheMidst = {
  paused: (city: SmallCity, caseId: string) => shelve(city, caseId, 'expert-review'),
  shelved: (city: SmallCity, caseId: string) => shelve(city, caseId, null),
  entrusted: (city: SmallCity, caseId: string) => colleague(city, caseId, 'entrustment'),
  handed: (city: SmallCity, caseId: string) => colleague(city, caseId, 'transfer'),
  extending: async (city: SmallCity, caseId: string) =>
    press(city, 'clerk', caseId, 'extension', { taskId: await taskOf(city, 'clerk', caseId), until: '2027-01-31' }),
  asked: (city: SmallCity, caseId: string) => ask(city, 'center', caseId, { orgId: 'civil-affairs', duty: 'user-unit', personId: null }),
  asking: (city: SmallCity, caseId: string) => ask(city, 'clerk', caseId, { orgId: 'audit', duty: 'audit', personId: null }),
  overseen: (city: SmallCity, caseId: string) => press(city, 'supervisor', caseId, 'oversight', { until, opinion: '请限期办结。' }),
} satisfies Partial<Record<Stand, (city: SmallCity, caseId: string) => Promise<void>>>

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

/** The consent that an office waits for when it is handed over is given afterwards, to whoever waits now. */
export async function consentTo(city: SmallCity, caseId: string): Promise<void> {
  const asked = await offered(city, 'center', caseId, 'answer')
  await press(city, 'center', caseId, 'answers', { ref: asked?.ref ?? 'none', granted: true, to: null })
}

interface OfferedVerb {
  kind: string
  ref: string | null
  taskId: string | null
  refused: string | null
}

/** What must be done before a case in the midst of a verb can go on. */
const ways: Readonly<Record<string, { path: string; body: Record<string, unknown> }>> = {
  sign: { path: 'countersigns/signature', body: {} },
  answer: { path: 'answers', body: { granted: true, to: null } },
  reply: { path: 'oversight/reply', body: {} },
  unshelve: { path: 'shelving/end', body: {} },
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
      const view = await person.get<{ status: string; tasks: OpenTask[]; verbs: OfferedVerb[] }>(`/api/v1/cases/${caseId}`)
      if (view.status !== 200) continue
      if (['ended', 'rejected'].includes(view.body.status)) return view.body.status
      for (const verb of view.body.verbs.filter(({ kind, refused }) => ways[kind] && refused === null)) {
        const about = verb.ref === null ? { taskId: verb.taskId } : { ref: verb.ref }
        await press(city, seat, caseId, ways[verb.kind]?.path ?? '', { ...about, ...ways[verb.kind]?.body })
        acted = true
      }
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
