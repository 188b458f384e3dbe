import { testDatabase } from '@tongchou/testing'
import { beforeAll, expect, test } from 'vitest'
import { registration, resourceEntry } from './authorization-matrix.world.ts'
import { deskOf } from './testing/desk.ts'
import { type SeatName, smallCity } from './testing/small-city.ts'

const { db, owner } = await testDatabase()
const city = await smallCity(db)
const desk = deskOf(city)

type Row = Record<string, unknown> & { id: string }

const day = (n: number) => `2026-03-${String(n).padStart(2, '0')}`

beforeAll(async () => {
  // Amounts and dates in another order than the entries were made in, and two alike.
  const amounts = [300, 100, 200, 200]
  for (const [at, amountFen] of amounts.entries()) {
    city.clock.set(`${day(2 + at)}T01:00:00Z`)
    await city.signInAgain()
    const [clerk, steward, center] = [await city.as('clerk'), await city.as('steward'), await city.as('center')]
    const { id } = await desk.draft({
      name: `项目${at}`,
      omCostFen: 1000 - amountFen,
      budgetLines: [{ title: '软件', category: 'software', amountFen }],
    })
    await desk.file(id)
    await clerk.post('/api/v1/systems', registration(`系统${at}`))
    await steward.post('/api/v1/catalog/resources', resourceEntry(`目录${at}`))
    await center.post('/api/v1/supervision/problems', {
      ...{ secrecy: false, projectId: id, party: 'builder', kind: 'not-on-cloud', description: '未上云', demand: '迁移上云' },
      ...{ foundOn: `2026-02-0${1 + ((at * 3) % 4)}`, dueOn: day(20 + ((at * 2) % 3)) },
    })
  }
  // Some are registered, some are not yet, and the order of the days is another one.
  await owner.query(`update catalog.resource set registered_at = timestamptz '2026-03-10' - number * interval '1 day' where number % 2 = 0`)
})

const budgetOf = (row: Row) => (row.project as { budgetFen: number }).budgetFen
const omOf = (row: Row) => (row.project as { omCostFen: number }).omCostFen
const lists: [string, SeatName, string, (row: Row) => number | string][] = [
  ['/api/v1/plan-entries', 'center', 'filed', (row) => String(row.filedAt)],
  ['/api/v1/plan-entries', 'center', 'budget', budgetOf],
  ['/api/v1/plan-entries', 'center', 'om', omOf],
  ['/api/v1/supervision/problems', 'center', 'due', (row) => String(row.dueOn)],
  ['/api/v1/supervision/problems', 'center', 'found', (row) => String(row.foundOn)],
  ['/api/v1/supervision/problems', 'center', 'number', (row) => Number(row.number)],
  ['/api/v1/systems', 'center', 'updated', (row) => String(row.updatedAt)],
  ['/api/v1/systems', 'center', 'number', (row) => Number(row.number)],
  ['/api/v1/catalog/resources', 'steward', 'registered', (row) => String(row.registeredOn ?? '')],
  ['/api/v1/catalog/resources', 'steward', 'number', (row) => Number(row.number)],
]

/** All rows in an order, two at a time. */
async function read(seat: SeatName, url: string, sort: string): Promise<Row[]> {
  const rows: Row[] = []
  let cursor = ''
  do {
    const { status, body } = await (await city.as(seat)).get<{ items: Row[]; nextCursor: string | null }>(
      `${url}?limit=2&sort=${sort}${cursor}`,
    )
    expect(status, `${url} ${sort}`).toBe(200)
    rows.push(...body.items)
    cursor = body.nextCursor === null ? '' : `&cursor=${body.nextCursor}`
  } while (cursor !== '')
  return rows
}

test.each(lists)('%s as %s by %s: page by page each row once, in that order up and down', async (url, seat, sort, valueIn) => {
  const [rising, falling] = [await read(seat, url, sort), await read(seat, url, `-${sort}`)]
  const values = rising.map(valueIn)
  expect(new Set(rising.map(({ id }) => id)).size).toBe(4)
  expect(values).toEqual(values.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0)))
  expect(new Set(values).size).toBeGreaterThan(1)
  expect(falling.map(({ id }) => id)).toEqual(rising.map(({ id }) => id).toReversed())
})

test('an order that a list does not have, and a cursor of another order, are refused by name', async () => {
  const center = await city.as('center')
  expect((await center.get('/api/v1/plan-entries?sort=secret')).status).toBe(400)
  const { body } = await center.get<{ nextCursor: string }>('/api/v1/plan-entries?limit=1&sort=budget')
  expect(await center.get(`/api/v1/plan-entries?sort=filed&cursor=${body.nextCursor}`)).toMatchObject({
    status: 400,
    body: { code: 'request.bad_cursor' },
  })
})
