import { auditJobs } from '@tongchou/audit'
import { type Ctx, recordAudit, systemActor } from '@tongchou/kernel'
import { testDatabase } from '@tongchou/testing'
import { beforeAll, describe, expect, test } from 'vitest'
import { deskOf } from './testing/desk.ts'
import { type SeatName, smallCity } from './testing/small-city.ts'

const { db, owner } = await testDatabase()
const city = await smallCity(db)
const desk = deskOf(city)
const nobody = '00000000-0000-4000-8000-000000000000'

interface Event {
  seq: number
  at: string
  personName: string | null
  orgId: string | null
  action: string
  title: string
  module: string | null
  outcome: 'done' | 'refused' | 'looked'
  subjectKind: string
  subjectId: string
  requestId: string
}
interface Page<T> {
  items: T[]
  nextCursor: string | null
}
interface Verification {
  id: string
  state: string
  report: { verified: number; firstBad: { position: number; reason: string } | null } | null
}

const get = async <T = Page<Event>>(seat: SeatName, path: string) => (await city.as(seat)).get<T>(`/api/v1${path}`)
const events = async (seat: SeatName, query = '') => (await get(seat, `/audit/events?limit=200${query}`)).body.items

let projectId = ''
beforeAll(async () => {
  projectId = (await desk.draft()).id
  await get('clerk', `/projects/${projectId}`)
  await (await city.as('stranger')).post(`/api/v1/projects/${projectId}/urgency`, { reason: '测试' })
  await (await city.as('admin')).post('/api/v1/people', { name: '新来的人' })
})

describe('the auditor searches', () => {
  test.each<[string, () => string, (event: Event) => boolean]>([
    ['by person', () => '&person=民政申报员', ({ personName }) => personName === '民政申报员'],
    ['by office', () => '&orgId=health', ({ orgId }) => orgId === 'health'],
    ['by act', () => '&action=project.drafted', ({ title }) => title === '起草项目'],
    ['by module', () => '&module=projects', ({ module }) => module === 'projects'],
    ['by thing', () => `&subjectId=${projectId}`, ({ subjectId }) => subjectId === projectId],
    ['by kind of thing', () => '&subjectKind=person', ({ subjectKind }) => subjectKind === 'person'],
    ['by outcome', () => '&outcome=refused', ({ outcome }) => outcome === 'refused'],
    ['by what was looked at', () => '&outcome=looked', ({ outcome }) => outcome === 'looked'],
    ['by day', () => '&from=2026-03-02&to=2026-03-02', ({ at }) => at.startsWith('2026-03-02')],
  ])('%s, and gets those rows and no others', async (_by, query, belongs) => {
    const found = await events('auditAdmin', query())
    expect(found.length).toBeGreaterThan(0)
    expect(found.filter((event) => !belongs(event))).toEqual([])
    const all = await events('auditAdmin')
    expect(all.filter(belongs).length).toBeGreaterThanOrEqual(found.length - 1)
  })

  test('nothing on a day before anything was done; a period that ends before it begins is refused', async () => {
    expect(await events('auditAdmin', '&to=2026-03-01&from=2026-02-01')).toEqual([])
    const refused = await get<{ code: string }>('auditAdmin', '/audit/events?from=2026-03-02&to=2026-03-01')
    expect([refused.status, refused.body.code]).toEqual([422, 'audit.period_reversed'])
  })

  test('page by page, newest first, every row once', async () => {
    const seen: number[] = []
    let cursor: string | null = null
    do {
      const query: string = cursor === null ? '' : `&cursor=${cursor}`
      const { body } = await get('auditAdmin', `/audit/events?limit=7&orgId=civil-affairs${query}`)
      seen.push(...body.items.map(({ seq }) => seq))
      cursor = body.nextCursor
    } while (cursor !== null)
    expect(seen).toEqual([...new Set(seen)].sort((a, b) => b - a))
    expect(seen).toEqual((await events('auditAdmin', '&orgId=civil-affairs')).map(({ seq }) => seq))
  })

  test('a refused act has the title of what was asked, and its request leads to all its rows', async () => {
    const [refused] = await events('auditAdmin', '&outcome=refused&person=卫健申报员')
    expect(refused).toMatchObject({ action: 'declareUrgent', title: '申报紧急项目', subjectKind: 'project', subjectId: projectId })
    const [drafted] = await events('auditAdmin', '&action=project.drafted')
    const page = await get<{ sameRequest: Event[]; detail: object; seal: { position: number } | null }>(
      'auditAdmin',
      `/audit/events/${drafted?.seq}`,
    )
    expect(page.body).toMatchObject({ detail: { name: expect.any(String) }, seal: null, sameRequest: [] })
    await city.sealer.sealNow()
    const sealed = await get<{ seal: { position: number; hash: string } }>('auditAdmin', `/audit/events/${drafted?.seq}`)
    expect(sealed.body.seal.hash).toMatch(/^[0-9a-f]{64}$/)
  })

  test('everything the auditor does is in the log: what was searched for, what was opened', async () => {
    await events('auditAdmin', '&person=某人')
    const mine = await events('auditAdmin', '&person=审计管理员')
    expect(mine.map(({ action }) => action)).toContain('audit.viewed')
    expect(mine.map(({ action }) => action)).toContain('audit-event.viewed')
    const search = await owner.query(
      "select 1 from kernel.audit_event where action = 'audit.viewed' and detail -> 'filters' ->> 'person' = '某人'",
    )
    expect(search.rowCount).toBe(1)
  })
})

describe('who may read what', () => {
  test('the audit office reads business and no administration; the security administrator reads what was done with the log', async () => {
    await events('auditAdmin')
    const office = await events('auditor')
    expect(office.length).toBeGreaterThan(0)
    expect(office.filter(({ module }) => module === 'identity' || module === 'audit' || module === null)).toEqual([])
    const watcher = await events('securityAdmin')
    expect([...new Set(watcher.map(({ module }) => module))]).toEqual(['audit'])
    const all = await events('auditAdmin')
    expect([...new Set(all.map(({ module }) => module))].sort()).toEqual(expect.arrayContaining(['audit', 'identity', 'projects']))
  })

  test.each<SeatName>(['clerk', 'center', 'admin', 'city', 'drc'])('%s is told which duty is needed', async (seat) => {
    for (const path of ['/audit/events', '/audit/actions', '/audit/statistics', '/audit/chain', '/audit/heads'])
      expect(await get(seat, path), path).toMatchObject({ status: 403, body: { code: 'duty.missing' } })
    expect((await get(seat, '/audit/events/1')).status).toBe(404)
  })

  test('a row outside what one may read is 404, as one that is not there', async () => {
    const [signedIn] = await events('auditAdmin', '&action=session.started')
    expect((await get('auditor', `/audit/events/${signedIn?.seq}`)).status).toBe(404)
    expect((await get('auditor', '/audit/events/999999999')).status).toBe(404)
    expect((await get('auditor', '/audit/events/0')).status).toBe(404)
    const [drafted] = await events('auditAdmin', '&action=project.drafted')
    expect((await get('auditor', `/audit/events/${drafted?.seq}`)).status).toBe(200)
  })

  test.each<SeatName>(['auditAdmin', 'auditor', 'securityAdmin'])('the list and the row agree for %s', async (seat) => {
    const all = await events('auditAdmin', '&to=2026-03-02')
    const listed = new Set((await events(seat, '&to=2026-03-02')).map(({ seq }) => seq))
    for (const { seq } of all.slice(0, 60)) {
      const { status } = await get(seat, `/audit/events/${seq}`)
      expect([seq, status]).toEqual([seq, listed.has(seq) ? 200 : 404])
    }
  })

  test('everybody sees their own acts, looks and sign-ins, and nobody else’s', async () => {
    const own = (await get('clerk', '/me/audit?limit=200')).body.items
    expect(new Set(own.map(({ personName }) => personName))).toEqual(new Set(['民政申报员']))
    expect(own.map(({ action }) => action)).toEqual(expect.arrayContaining(['session.started', 'project.drafted', 'project.viewed']))
    const refusals = (await get('stranger', '/me/audit?outcome=refused')).body.items
    expect(refusals).toMatchObject([{ action: 'declareUrgent', outcome: 'refused' }])
  })
})

describe('the chain is verified', () => {
  const system: Ctx = { db, actor: systemActor, now: () => city.clock.now(), requestId: 'job', inside: false }
  const work = async (id: string, stopping = new AbortController().signal) =>
    auditJobs.kinds?.[0]?.work(system, { verificationId: id }, { id: 'job', stopping })
  const begin = async (seat: SeatName, heads: unknown[] = []) =>
    (await city.as(seat)).post<Verification>('/api/v1/audit/verifications', { heads })
  const state = async (id: string) => (await get<Verification>('auditAdmin', `/audit/verifications/${id}`)).body

  test('in the background, with its progress, and ends with what it found; the auditor may hold the head', async () => {
    const head = await (await city.as('auditAdmin')).post<{ position: number; hash: string }>('/api/v1/audit/heads')
    expect(head.body.hash).toMatch(/^[0-9a-f]{64}$/)
    const begun = await begin('auditAdmin', [head.body])
    expect([begun.status, begun.body.state]).toEqual([201, 'running'])
    expect(await begin('auditAdmin')).toMatchObject({ status: 409, body: { code: 'audit.verification_running' } })
    await work(begun.body.id)
    expect(await state(begun.body.id)).toMatchObject({ state: 'holds', report: { firstBad: null, outsideHeads: { compared: 1 } } })
    expect((await events('auditAdmin', '&action=audit.verified'))[0]).toMatchObject({ personName: '系统' })
    const chain = await get<{ unsealed: number; lastVerification: Verification }>('auditor', '/audit/chain')
    expect(chain.body.lastVerification.state).toBe('holds')
  })

  test('of two that begin it at once, one does', async () => {
    const both = await Promise.all([begin('auditAdmin'), begin('securityAdmin')])
    expect(both.map(({ status }) => status).sort()).toEqual([201, 409])
    const running = both.find(({ status }) => status === 201)?.body.id ?? ''
    expect((await (await city.as('auditAdmin')).post<Verification>(`/api/v1/audit/verifications/${running}/stop`)).body.state).toBe(
      'stopped',
    )
    await work(running)
    expect((await state(running)).state).toBe('stopped')
    const again = await (await city.as('auditAdmin')).post(`/api/v1/audit/verifications/${running}/stop`)
    expect(again).toMatchObject({ status: 409, body: { code: 'audit.verification_ended' } })
  })

  test('a server that stops leaves it running, for the next start to take up', async () => {
    const { id } = (await begin('auditAdmin')).body
    await expect(work(id, AbortSignal.abort(new Error('stopping')))).rejects.toThrow()
    expect((await state(id)).state).toBe('running')
    await work(id)
    expect((await state(id)).state).toBe('holds')
  })

  test('the office that audits business may look at the chain but not begin; nobody finds a verification that is not there', async () => {
    expect((await begin('auditor')).status).toBe(403)
    expect((await get('auditAdmin', `/audit/verifications/${nobody}`)).status).toBe(404)
    const body = { heads: [{ position: 1, hash: 'x' }] }
    expect((await (await city.as('auditAdmin')).post('/api/v1/audit/verifications', body)).status).toBe(400)
  })

  test('a row that was changed is named', async () => {
    const { rows } = await owner.query('select seq, position from kernel.audit_seal where position = 5')
    await owner.query("update kernel.audit_event set person_name = '别人' where seq = $1", [rows[0].seq])
    const { id } = (await begin('auditAdmin')).body
    await work(id)
    expect(await state(id)).toMatchObject({ state: 'broken', report: { firstBad: { position: 5, reason: 'hash' } } })
  })
})

describe('how long the log is kept', () => {
  interface Retention {
    days: number
    basis: { title: string; verified: boolean }[]
  }
  const put = async (seat: SeatName, days: number) =>
    (await city.as(seat)).put<Retention & { code: string }>('/api/v1/audit/retention', { days, reason: '市级要求' })

  test('at least half a year, and who sets less is told the law; what was written from memory says so', async () => {
    const before = (await get<Retention>('auditor', '/audit/retention')).body
    expect(before).toMatchObject({ days: 180, minimumDays: 180 })
    expect(before.basis[0]).toMatchObject({ title: '中华人民共和国网络安全法', article: '第二十一条', verified: false })
    expect(await put('auditAdmin', 179)).toMatchObject({
      status: 422,
      body: { code: 'audit.retention_too_short', detail: expect.stringContaining('网络安全法》第二十一条') },
    })
    expect(await put('auditAdmin', 365)).toMatchObject({ status: 200, body: { days: 365 } })
    expect((await events('auditAdmin', '&action=audit.retention_set'))[0]).toMatchObject({ outcome: 'done', personName: '审计管理员' })
  })

  test.each<[SeatName, number]>([
    ['auditor', 403],
    ['securityAdmin', 403],
    ['admin', 403],
  ])('%s may not set it', async (seat, status) => {
    expect((await put(seat, 400)).status).toBe(status)
  })

  test('rows that must still be kept are not packed away', async () => {
    const pack = async (seat: SeatName, beforeOn: string) =>
      (await city.as(seat)).post<{ code: string }>('/api/v1/audit/archives', { beforeOn, reason: '按期归档' })
    expect(await pack('auditAdmin', '2026-03-01')).toMatchObject({ status: 422, body: { code: 'audit.archive_too_young' } })
    expect(await pack('auditAdmin', '2024-03-01')).toMatchObject({ status: 409, body: { code: 'audit.nothing_to_archive' } })
    expect((await pack('auditor', '2024-03-01')).status).toBe(403)
  })
})

test('figures of a period add up, and tell who worked outside office hours', async () => {
  interface Counts {
    done: number
    refused: number
    looked: number
  }
  interface Statistics {
    totals: Counts
    offices: (Counts & { orgId: string })[]
    hours: (Counts & { hour: number })[]
    days: (Counts & { on: string })[]
    people: { personName: string; outsideHours: number }[]
  }
  const actor = { ...systemActor, personId: 'night', name: '值班员', orgId: 'health', orgName: '市卫生健康委' }
  const atNight: Ctx = { db, actor, now: () => new Date('2026-03-01T15:30:00Z'), requestId: 'night', inside: false }
  await recordAudit(atNight, 'project.changed', { kind: 'project', id: projectId })
  const { body } = await get<Statistics>('auditAdmin', '/audit/statistics')
  const sum = (list: Counts[], key: keyof Counts) => list.reduce((total, one) => total + one[key], 0)
  for (const key of ['done', 'refused', 'looked'] as const) {
    expect(sum(body.hours, key)).toBe(body.totals[key])
    expect(sum(body.days, key)).toBe(body.totals[key])
  }
  expect(body.hours.map(({ hour }) => hour)).toContain(23)
  expect(body.offices.find(({ orgId }) => orgId === 'health')?.refused).toBe(1)
  expect(body.people.find(({ personName }) => personName === '值班员')?.outsideHours).toBe(1)
  expect((await get('auditAdmin', '/audit/statistics?from=2024-01-01&to=2026-01-01')).status).toBe(422)
})
