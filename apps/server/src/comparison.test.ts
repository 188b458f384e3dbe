import { naiveCount } from '@tongchou/synthetic/naive-count'
import { testDatabase } from '@tongchou/testing'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { asRead, demo, type GivenLibraries, givenLibraries, givenProviders } from './comparison.given.ts'
import { DEMO_PASSWORD } from './demo/people.ts'
import { deskOf } from './testing/desk.ts'
import { type Speaker, smallCity } from './testing/small-city.ts'

const database = await testDatabase()
const { db, pool, owner, connection } = database
const city = await smallCity(db, undefined, undefined, [], null, connection, null, pool)
const desk = deskOf(city)
const errors: Error[] = []
let stop = async () => {}
let center: Speaker

interface Counted {
  id: string
  count: number
}
interface Run {
  id: string
  state: string
  failure: string | null
  waitingCount: number
  counts: Record<'found' | 'errors' | 'fresh' | 'known' | 'gone' | 'groups' | 'withoutConsent', number> & {
    byReason: Counted[]
    byError: Counted[]
  }
  positions: { title: string; seq: number; rows: number }[]
  mayDo: string[]
}
interface Finding {
  id: string
  kind: string
  key: string | null
  state: string
  outcome: string | null
  grounds: { id: string }[]
  cases: { caseId: string; status: string }[]
}

const comparison = 'social-assistance/dibao-economic-status'
const start = { comparison, note: '季度核对' }

/** Runs it to its end. */
async function ran(): Promise<Run> {
  const { status, body } = await center.post<Run>('/api/v1/comparison-runs', start)
  expect([status, body]).toEqual([201, expect.objectContaining({ state: 'running' })])
  return ended(body.id)
}
async function ended(id: string): Promise<Run> {
  return vi.waitFor(
    async () => {
      const { body } = await center.get<Run>(`/api/v1/comparison-runs/${id}`)
      expect(body.state).not.toBe('running')
      return body
    },
    { timeout: 60_000, interval: 100 },
  )
}
/** The list to its end. */
async function findings(query = ''): Promise<Finding[]> {
  const found: Finding[] = []
  for (let cursor = ''; ; ) {
    const { body } = await center.get<{ items: Finding[]; nextCursor: string | null }>(
      `/api/v1/comparison-findings?limit=200${query}${cursor && `&cursor=${cursor}`}`,
    )
    found.push(...body.items)
    if (body.nextCursor === null) return found
    cursor = body.nextCursor
  }
}

beforeAll(async () => {
  await givenProviders({ ...city, db })
  center = await city.as('center')
  const runner = await city.runner.start({ pool, db, clock: city.clock, onError: (error) => errors.push(error) })
  stop = () => runner.stop()
})
afterAll(() => stop())

describe('the households and the errors that are in the data are found, whatever the seed', () => {
  test.each([{ ...demo, seed: 2, families: 1500 }, { ...demo, seed: 3, families: 2000, on: '2027-03-15' }, demo])('%o', async (recipe) => {
    await owner.query('delete from comparison.finding')
    const { tables } = await givenLibraries(city, database, recipe)
    const naive = naiveCount(asRead(tables))
    const run = await ran()
    expect([run.state, run.failure]).toEqual(['done', null])
    const households = await findings('&kind=group')
    expect(new Set(households.map(({ key }) => key))).toEqual(naive.households)
    expect(run.counts).toMatchObject({ found: naive.households.size, errors: naive.sourceErrors.size, withoutConsent: 0 })
    if (recipe === demo) expect([run.counts.found, run.counts.errors]).toEqual([137, 12])
    expect(errors).toEqual([])
  })
})

describe('what was found is handed out, decided and answered, and the next run knows it', () => {
  const small = { ...demo, seed: 5, families: 400 }
  let libraries: GivenLibraries
  let first: Run
  let households: Finding[]
  let doubted: Finding

  const page = async (seat: Parameters<typeof city.as>[0], id: string) =>
    (await city.as(seat)).get<Finding>(`/api/v1/comparison-findings/${id}`)
  const caseOf = async (id: string) => (await center.get<Finding>(`/api/v1/comparison-findings/${id}`)).body.cases.at(-1)?.caseId ?? ''
  const records = async (speaker: Speaker, id: string) =>
    speaker.post<{ left: Shown[]; right: (Shown & { ground: string })[] }>(`/api/v1/comparison-findings/${id}/records`)
  interface Shown {
    title: string
    structure: { id: string; title: string; masked: boolean }[]
    records: { values: Record<string, string | null> }[]
  }

  beforeAll(async () => {
    await owner.query('delete from comparison.finding')
    libraries = await givenLibraries(city, database, small)
    // One name is wrong at the source of vehicles, of somebody on the register of persons.
    const rows = [...(libraries.tables.find(({ resource }) => resource.name === 'vehicle')?.rows() ?? [])]
    const [line = []] = rows
    await libraries.send('vehicle', 'wrong', [[...line.slice(0, 3), '错误名', ...line.slice(4)]])
    first = await ran()
    const { body } = await center.post<Run>(`/api/v1/comparison-runs/${first.id}/dispatch`)
    expect(body.waitingCount).toBeGreaterThan(0)
    await vi.waitFor(async () => expect(await findings('&state=new')).toEqual([]), { timeout: 60_000, interval: 100 })
    households = await findings('&kind=group')
    const errorsFound = await findings('&kind=error&ground=e2')
    doubted = errorsFound[0] as Finding
  })

  test('a run says what it read and counted, and stands in the audit log with purpose and basis', async () => {
    expect(first.positions.map(({ title }) => title)).toContain('机动车登记信息')
    expect(first.positions.every(({ seq, rows }) => seq >= rows)).toBe(true)
    const { rows } = await owner.query(
      "select action, detail from kernel.audit_event where subject_id = $1 and action like 'comparison.%' order by seq",
      [first.id],
    )
    expect(rows.map(({ action }) => action)).toEqual(['comparison.started', 'comparison.finished', 'comparison.dispatched'])
    expect(rows[0].detail).toMatchObject({ note: start.note, basis: expect.stringContaining('最低生活保障') })
    expect(rows[1].detail.found).toBe(households.length)
  })

  test('who may see neither register sees no run, no finding and no list of them', async () => {
    const stranger = await city.as('stranger')
    const id = households[0]?.id ?? ''
    for (const path of ['comparisons', 'comparison-runs', 'comparison-findings'])
      expect((await stranger.get(`/api/v1/${path}`)).status).toBe(403)
    // Whose deaths were compared is no party to what was decided.
    const health = await city.signIn('steward-health', DEMO_PASSWORD)
    expect((await health.get<{ items: unknown[] }>('/api/v1/comparison-findings')).body.items).toEqual([])
    for (const path of [`comparison-findings/${id}`, `comparison-runs/${first.id}`])
      expect((await health.get(`/api/v1/${path}`)).status).toBe(404)
    expect((await records(health, id)).status).toBe(404)
    expect((await (await city.as('user')).post(`/api/v1/comparison-runs/${first.id}/dispatch`)).status).toBe(403)
  })

  test('the business office sees its own household whole and of the others what the ground needs, masked as catalogued; each look is kept', async () => {
    const user = await city.as('user')
    const household = households.find(({ grounds }) => grounds.some(({ id }) => id === 'f2')) ?? households[0]
    const { body, status } = await records(user, household?.id ?? '')
    expect(status).toBe(200)
    expect(body.left[0]?.records[0]?.values.i1).toBe(household?.key)
    expect(body.left[0]?.structure.every(({ masked }) => !masked)).toBe(true)
    const seen = new Set(body.right.flatMap(({ structure }) => structure.map(({ title }) => title)))
    for (const hidden of ['号牌号码', '所有人公民身份号码', '公民身份号码', '不动产单元号']) expect(seen).not.toContain(hidden)
    const { rows } = await owner.query('select purpose, note from libraries.person_look order by seq desc limit 1')
    expect(rows[0]).toMatchObject({ purpose: 'case', note: expect.stringContaining('低保家庭经济状况核对') })
  })

  test('a household is checked by the business office and decided by its head; a run that still finds it opens no second finding', async () => {
    const [one] = households
    const caseId = await caseOf(one?.id ?? '')
    await desk.decide('user', caseId, 'keep', { opinion: '车辆为残疾人代步车，按规定不计入。' })
    await desk.decide('leader', caseId, 'confirm')
    expect((await page('user', one?.id ?? '')).body).toMatchObject({ state: 'handled', outcome: 'keep' })
    const again = await ran()
    expect(again.counts).toMatchObject({ found: first.counts.found, fresh: 0 })
    expect((await findings('&kind=group')).length).toBe(households.length)
    expect((await page('user', one?.id ?? '')).body).toMatchObject({ state: 'handled' })
  })

  test('a doubted record goes to its source, which sees what is proposed; once the corrected row came in the next run is clean of it', async () => {
    const source = await city.signIn('steward-public-security', DEMO_PASSWORD)
    const { body } = await records(source, doubted.id)
    expect(body.left[0]?.records[0]?.values.i4).toBe('错误名')
    expect(body.right[0]?.structure.find(({ title }) => title === '姓名')?.masked).toBe(false)
    const task = await source.get<{ tasks: { id: string }[] }>(`/api/v1/cases/${await caseOf(doubted.id)}`)
    const answered = await source.post(`/api/v1/cases/${await caseOf(doubted.id)}/acts`, {
      ...{
        taskId: task.body.tasks[0]?.id,
        outcome: 'corrected',
        opinion: '登记有误，已更正。',
        form: {},
        documents: [],
        choices: [],
        dates: {},
      },
    })
    expect(answered.status).toBe(200)
    // Said to be corrected, and not seen so: open anew.
    await ran()
    expect((await page('center', doubted.id)).body).toMatchObject({ state: 'new', outcome: 'corrected' })
    const rows = [...(libraries.tables.find(({ resource }) => resource.name === 'vehicle')?.rows() ?? [])]
    await libraries.send('vehicle', 'right', [rows[0]])
    const clean = await ran()
    expect(clean.counts.gone).toBe(1)
    expect((await page('center', doubted.id)).body).toMatchObject({ state: 'gone' })
  })

  test('the same positions give the same answer', async () => {
    const [one, two] = [await ran(), await ran()]
    expect(two.counts).toMatchObject({ ...one.counts, fresh: 0, gone: 0 })
    expect(two.positions).toEqual(one.positions)
  })
})
