import { testDatabase } from '@tongchou/testing'
import fc from 'fast-check'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { Malformed } from '../errors.ts'
import { decodeCursor, encodeCursor, toPage } from './page.ts'

const { db, owner } = await testDatabase()
await owner.query('create table public.paper (id uuid primary key, at timestamptz not null); grant select on public.paper to tongchou_app')

interface Paper {
  id: string
  at: Date
}

/** A list as a module has it: newest first, two sort values, one row more than the page. */
async function page(limit: number, cursor: string | undefined) {
  const after = decodeCursor(cursor, ['instant', 'id'])
  const { rows } = await sql<Paper>`select id, at from public.paper
    where ${after ? sql`(at, id) < (${after[0]}::timestamptz, ${after[1]}::uuid)` : sql`true`}
    order by at desc, id desc limit ${limit + 1}`.execute(db)
  return toPage(
    rows,
    limit,
    (row) => [row.at.toISOString(), row.id],
    ({ id }) => id,
  )
}

async function walk(limit: number, between: () => Promise<unknown> = async () => undefined): Promise<string[][]> {
  const pages: string[][] = []
  for (let cursor: string | undefined; ; ) {
    const { items, nextCursor } = await page(limit, cursor)
    pages.push(items)
    if (nextCursor === null) return pages
    cursor = nextCursor
    await between()
  }
}

const papers = fc.uniqueArray(
  fc.record({ id: fc.uuid(), at: fc.integer({ min: 0, max: 3 }).map((n) => new Date(Date.UTC(2026, 2, 2) + n)) }),
  {
    selector: ({ id }) => id,
    maxLength: 25,
  },
)
const fill = (rows: readonly Paper[]) =>
  owner.query('insert into public.paper select * from unnest($1::uuid[], $2::timestamptz[])', [
    rows.map((r) => r.id),
    rows.map((r) => r.at),
  ])

test('page by page, every row comes once and in order, however many share an instant', async () => {
  await fc.assert(
    fc.asyncProperty(papers, fc.integer({ min: 1, max: 7 }), async (rows, limit) => {
      await owner.query('truncate public.paper')
      await fill(rows)
      const pages = await walk(limit)
      const newestFirst = [...rows].sort((a, b) => b.at.getTime() - a.at.getTime() || (a.id < b.id ? 1 : -1))
      expect(pages.flat()).toEqual(newestFirst.map(({ id }) => id))
      expect(pages.slice(0, -1).every((items) => items.length === limit)).toBe(true)
    }),
    { numRuns: 60 },
  )
})

test('rows that come or go meanwhile neither repeat nor hide the others', async () => {
  await owner.query('truncate public.paper')
  const at = new Date('2026-03-02T01:00:00Z')
  const old = Array.from({ length: 12 }, (_, i) => ({ id: `018f0000-0000-7000-8000-0000000000${String(i + 10)}`, at }))
  await fill(old)
  const added: Paper[] = []
  const pages = await walk(3, async () => {
    const paper = { id: `018f0000-0000-7000-8000-0000000001${String(added.length + 10)}`, at: new Date(at.getTime() + 1000) }
    added.push(paper)
    await fill([paper])
    await owner.query('delete from public.paper where id = $1', [old.at(-1)?.id])
  })
  expect(pages.flat()).toEqual(old.map(({ id }) => id).reverse())
})

test('the last page ends the list; an exactly full one too', async () => {
  await owner.query('truncate public.paper')
  expect(await page(3, undefined)).toEqual({ items: [], nextCursor: null })
  await fill(['1', '2', '3'].map((n) => ({ id: `018f0000-0000-7000-8000-00000000000${n}`, at: new Date(0) })))
  expect((await page(3, undefined)).nextCursor).toBeNull()
  expect((await page(2, undefined)).nextCursor).not.toBeNull()
})

test('a cursor gives back what was put in', () => {
  const value = fc.oneof(fc.string({ unit: 'grapheme' }).filter((s) => !s.includes('\u0000') && s.isWellFormed()))
  fc.assert(
    fc.property(
      value,
      fc.maxSafeInteger(),
      fc.uuid(),
      fc.date({ min: new Date(0), max: new Date('9999-12-31'), noInvalidDate: true }),
      (a, b, c, d) => {
        const values = [a, b, c, d.toISOString()]
        expect(decodeCursor(encodeCursor(values), ['text', 'integer', 'id', 'instant'])).toEqual(values)
        expect(encodeCursor(values)).toMatch(/^[\w-]+$/)
      },
    ),
  )
})

const raw = (text: string) => Buffer.from(text).toString('base64url')
const id = '018f0000-0000-7000-8000-000000000001'
test.each([
  ['nothing', ''],
  ['no base64', '%%%'],
  ['no JSON', raw('[')],
  ['no list', raw('{"0":"2026-03-02T01:00:00.000Z"}')],
  ['too few values', encodeCursor(['2026-03-02T01:00:00.000Z'])],
  ['too many values', encodeCursor(['2026-03-02T01:00:00.000Z', id, id])],
  ['a NUL', encodeCursor(['2026-03-02T01:00:00.000Z', `${id}\u0000`])],
  ['no id', encodeCursor(['2026-03-02T01:00:00.000Z', 'x'])],
  ['a number for an id', encodeCursor(['2026-03-02T01:00:00.000Z', 5])],
  ['no instant', encodeCursor(['yesterday', id])],
  ['a day that does not exist', encodeCursor(['2026-02-30T00:00:00.000Z', id])],
  ['a month that does not exist', encodeCursor(['2026-13-01T00:00:00.000Z', id])],
  ['the year 0', encodeCursor(['0000-01-01T00:00:00.000Z', id])],
  ['a year beyond', encodeCursor(['+275760-09-13T00:00:00.000Z', id])],
  ['SQL', encodeCursor(["2026-03-02T01:00:00.000Z'; drop table paper --", id])],
  ['null', raw('[null,null]')],
  ['lists', raw(`[["2026-03-02T01:00:00.000Z"],["${id}"]]`)],
])('a cursor that is none is a 400 that names the field, and the database is not asked: %s', async (_what, cursor) => {
  const refusal: unknown = await page(3, cursor).catch((error: unknown) => error)
  expect(refusal).toBeInstanceOf(Malformed)
  expect(refusal).toMatchObject({ code: 'request.bad_cursor', fields: [{ path: 'cursor' }] })
})

test.each([
  ['a text', 'integer', encodeCursor(['5'])],
  ['a fraction', 'integer', encodeCursor([0.5])],
  ['more than a number can hold', 'integer', raw('[1e400]')],
  ['half a character', 'text', raw('["\\ud800"]')],
  ['a NUL', 'text', encodeCursor(['\u0000'])],
] as const)('%s is no %s', (_what, kind, cursor) => {
  expect(() => decodeCursor(cursor, [kind])).toThrow(Malformed)
})
