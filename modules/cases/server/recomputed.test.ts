import { buildApp } from '@tongchou/kernel'
import { testDatabase } from '@tongchou/testing'
import { beforeEach, expect, test } from 'vitest'
import { caseRoutes } from './case.routes.ts'
import { clockedCases, people } from './clock.given.ts'
import { recomputeProvisional } from './clock.service.ts'

const { db, owner } = await testDatabase()
const { clock, ports, system, file, decide, fireAll } = clockedCases(db)
const other = { ...people.other, roles: new Set(['big-data-center']) }
const keeper = { ...people.other, personId: 'keeper', roles: new Set(['system-admin']) }
const actors = new Map(Object.entries({ ...people, keeper, center: { ...other, orgId: 'office' }, elsewhere: other }))
const app = await buildApp({
  db,
  now: clock.now,
  authenticate: async ({ headers }) => actors.get(String(headers['x-as'])) ?? null,
})
await app.register(caseRoutes, { ports })

interface Recomputed {
  id: string
  caseId: string
  wasDueAt: string
  dueAt: string
  provisional: boolean
  isOpen: boolean
  mayReadCase: boolean
}

async function get<T>(as: string, url: string): Promise<{ status: number; body: T }> {
  const answer = await app.inject({ method: 'GET', url, headers: { 'x-as': as } })
  return { status: answer.statusCode, body: answer.json() as T }
}
const list = async (as: string, query = '') =>
  (await get<{ items: Recomputed[]; nextCursor: string | null }>(as, `/calendar/recomputed-deadlines${query}`)).body
const figures = async (as: string, year: number) => (await get(as, `/calendar/recomputation?year=${year}`)).body

beforeEach(async () => {
  clock.set('2026-12-24T02:00:00Z')
  await owner.query(
    `truncate kernel.holiday_notice, cases.explanation, cases.card, cases.deadline, cases.due_change, cases.entry, cases.task, cases.attachment, cases.case_file cascade`,
  )
})

/** The notice of 2027 comes out with one day off, and what waited for it is worked out again. */
async function publish2027(): Promise<void> {
  const days = JSON.stringify([{ name: '元旦', date: '2027-01-01', isOffDay: true }])
  await owner.query(
    `insert into kernel.holiday_notice (year, version, days, papers, loaded_by, loaded_at) values (2027, 1, $1, '[]', 'test', now())`,
    [days],
  )
  await recomputeProvisional(system, ports, 2027)
  await fireAll()
}

test('a limit that the calendar moved is listed with both ends, the latest first, page by page, also after it is done', async () => {
  const first = await file('usual')
  const second = await file('usual')
  expect(await figures('supervisor', 2027)).toEqual({ provisional: 2, recomputed: 0 })
  expect((await list('supervisor')).items).toEqual([])
  await publish2027()
  await decide('handler', first, 'close')
  const { items } = await list('supervisor', '?year=2027')
  expect(items.map(({ caseId, isOpen }) => [caseId, isOpen]).toSorted()).toEqual(
    [
      [first, false],
      [second, true],
    ].toSorted(),
  )
  expect(items[0]).toMatchObject({ wasDueAt: '2027-01-07T15:59:59.999Z', dueAt: '2027-01-08T15:59:59.999Z', provisional: false })
  expect(await figures('supervisor', 2027)).toEqual({ provisional: 0, recomputed: 2 })
  expect((await list('supervisor', '?year=2026')).items).toEqual([])
  const page = await list('supervisor', '?limit=1')
  const rest = await list('supervisor', `?limit=1&cursor=${page.nextCursor}`)
  expect([...page.items, ...rest.items].map(({ id }) => id)).toEqual(items.map(({ id }) => id))
  expect(rest.nextCursor).toBeNull()
})

test('the center sees its own office’s limits, overseers all; whoever holds none of these duties is refused', async () => {
  await file('usual')
  await publish2027()
  expect((await list('center')).items).toHaveLength(1)
  expect((await list('elsewhere')).items).toEqual([])
  expect(await figures('elsewhere', 2027)).toEqual({ provisional: 0, recomputed: 0 })
  for (const who of ['handler', 'clerk']) {
    expect((await get(who, '/calendar/recomputed-deadlines')).status, who).toBe(403)
    expect((await get(who, '/calendar/recomputation?year=2027')).status, who).toBe(403)
  }
})

test('who keeps the calendar sees how many limits it moved, and of no case what it is about', async () => {
  await file('usual')
  await publish2027()
  expect(await figures('keeper', 2027)).toEqual({ provisional: 0, recomputed: 1 })
  expect((await get('keeper', '/calendar/recomputed-deadlines')).status).toBe(403)
})
