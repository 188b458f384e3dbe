import type { RecordGrant, ResourceDefinition } from '@tongchou/records'
import { testDatabase } from '@tongchou/testing'
import fc from 'fast-check'
import { beforeEach, describe, expect, test } from 'vitest'
import { feedHead, openFeed, readFeed, readSnapshot } from './feed.ts'
import { installResource } from './installer.ts'
import { receiveBatch } from './receive.service.ts'

const { pool, db, owner } = await testDatabase()
const at = new Date('2026-11-29T02:00:00Z')

const definition = (resource: string, change: Partial<ResourceDefinition> = {}): ResourceDefinition => ({
  resource,
  version: 1,
  title: '低保家庭',
  kind: 'state',
  key: ['i1'],
  items: [
    { id: 'i1', title: '家庭编号', type: { kind: 'text', length: 15 }, required: true },
    { id: 'i2', title: '户主', type: { kind: 'text', length: 10 }, required: true },
    { id: 'i3', title: '区', type: { kind: 'code', codes: ['东', '西'] }, required: true },
    { id: 'i4', title: '月收入', type: { kind: 'money' }, required: false },
    { id: 'i5', title: '系数', type: { kind: 'double' }, required: false },
    { id: 'i6', title: '变更时间', type: { kind: 'instant' }, required: false },
  ],
  ...change,
})
/** Number and head of the household, the head masked, of those in the east. The rest is hidden. */
const east: RecordGrant = { items: { i1: null, i2: 'keep-ends' }, rows: [{ item: 'i3', is: '东' }] }
const whole: RecordGrant = { items: { i1: null, i2: null, i3: null, i4: null, i5: null, i6: null }, rows: [] }

let resource = ''
let number = 0
let batches = 0
beforeEach(async () => {
  resource = await installed()
})

async function installed(change: Partial<ResourceDefinition> = {}, as = `f${++number}`) {
  const client = await owner.connect()
  await installResource(client, definition(as, change), at).finally(() => client.release())
  return as
}

type Row = [id: string, head: string, area: '东' | '西', income?: number | null, factor?: number | null, moved?: string | null]
const send = (lines: readonly (Row | { delete: [string] })[], to = resource) => {
  const padded = lines.map((line) => (Array.isArray(line) ? [...line, ...new Array(6 - line.length).fill(null)] : line))
  const header = { format: 1, schema: 1, items: ['i1', 'i2', 'i3', 'i4', 'i5', 'i6'] }
  const text = [header, ...padded].map((line) => JSON.stringify(line)).join('\n')
  return receiveBatch(pool, { resource: to, batchId: `b${++batches}`, text, receivedBy: 'test', receivedAt: at })
}
const opened = (grant = east, of = resource) => openFeed(db, of, grant)

/** Everything there is to see after a number, page by page. */
async function feed(grant = east, { after = 0, most = 100, of = resource } = {}) {
  const seen: (string | null)[][] = []
  for (let seq = after; ; ) {
    const page = await readFeed(db, of, grant, seq, most)
    expect(page.changes.length).toBeLessThanOrEqual(most)
    seen.push(...page.changes.map(({ op, values }) => [op, ...values]))
    if (!page.hasMore) return { seen, seq: page.seq }
    seq = page.seq
  }
}

describe('a receiver is shown', () => {
  test('what was granted, masked as granted: a record that enters the grant appears, one that leaves it goes', async () => {
    await opened()
    await send([
      ['A', '王小明', '东', 1],
      ['B', '李四', '西', 1],
    ])
    await send([['B', '李四', '东', 1]])
    await send([['A', '王小明', '西', 1]])
    await send([{ delete: ['A'] }, { delete: ['B'] }])
    expect((await feed()).seen).toEqual([
      ['upsert', 'A', '王＊明'],
      ['upsert', 'B', '李＊'],
      ['delete', 'A'],
      ['delete', 'B'],
    ])
  })

  test('nothing of a change that touches only what is hidden, or what a mask hides, or a record outside the grant', async () => {
    await opened()
    await send([['A', '王小明', '东', 1, 1e-7, '2026-01-02T03:04:05.120Z']])
    const { seq } = await feed()
    await send([['A', '王小明', '东', 2, 1e-7, '2026-01-02T03:04:05.120Z']])
    await send([['A', '王大明', '东', 2]])
    await send([['C', '赵六', '西', 1]])
    await send([['C', '赵七', '西', 1]])
    await send([{ delete: ['C'] }])
    expect(await readFeed(db, resource, east, seq, 10)).toMatchObject({ changes: [], seq: 6, hasMore: false })
  })

  test('whole records when all was granted, the same values as before compare as the same, whatever their type', async () => {
    await opened(whole)
    await send([['A', '甲', '东', 1, 1e-7, '2026-01-02T03:04:05.120Z']])
    await send([['A', '甲', '东', 2, 1e-7, '2026-01-02T03:04:05.120Z']])
    const seen: RecordGrant = { items: { i1: null, i5: null, i6: null }, rows: [] }
    expect((await feed(seen)).seen).toEqual([['upsert', 'A', '1e-7', '2026-01-02T03:04:05.12Z']])
    expect((await readSnapshot(db, resource, seen, null, 10)).records).toEqual([['A', '1e-7', '2026-01-02T03:04:05.12Z']])
  })

  test('records page by page in the order of their keys, without those that were not granted', async () => {
    await opened()
    await send(Array.from({ length: 7 }, (_, i): Row => [`K${i}`, '甲乙丙', i === 3 ? '西' : '东']))
    const keys: unknown[] = []
    let after: string | null = null
    do {
      const page: Awaited<ReturnType<typeof readSnapshot>> = await readSnapshot(db, resource, east, after, 2)
      keys.push(...page.records.map(([key]) => key))
      after = page.lastKey
    } while (after !== null)
    expect(keys).toEqual(['K0', 'K1', 'K2', 'K4', 'K5', 'K6'])
  })

  test('a new structure only where what is seen of it changed, before the first change under it', async () => {
    await opened()
    await send([['A', '甲', '东']])
    const { items } = definition('')
    const hidden = { id: 'i7', title: '电话', type: { kind: 'text' as const, length: 20 }, required: false }
    await installed({ version: 2, items: [...items, hidden] }, resource)
    await send([['B', '乙', '东']])
    const first = await readFeed(db, resource, east, 0, 10)
    expect(first.changes).toHaveLength(2)
    await installed({ version: 3, items: [...items, { ...hidden, title: '联系电话' }] }, resource)
    const wider: RecordGrant = { ...east, items: { ...east.items, i7: null } }
    await send([['C', '丙', '东']])
    const pages = [await readFeed(db, resource, wider, 0, 10), await readFeed(db, resource, wider, 1, 10)]
    expect(pages.map(({ structure, seq }) => [structure.items.map(({ title }) => title), seq])).toEqual([
      [['家庭编号', '户主'], 1],
      [['家庭编号', '户主', '电话'], 2],
    ])
    expect(new Set(pages.map(({ structure }) => structure.name)).size).toBe(2)
    expect((await readFeed(db, resource, east, 0, 10)).structure).toEqual(first.structure)
  })
})

test('a grant without the whole key, or with a masked one, is refused with the way out', async () => {
  for (const items of [{ i2: null }, { i1: 'full' as const, i2: null }])
    await expect(opened({ items, rows: [] })).rejects.toMatchObject({ code: 'libraries.key_not_granted' })
})

test('whatever is hidden, two worlds that differ only in it give the same changes; and applied, they give what the grant shows', async () => {
  const row = fc.tuple(fc.constantFrom('A', 'B', 'C'), fc.constantFrom('甲一', '乙二'), fc.constantFrom<'东' | '西'>('东', '西'), fc.nat(2))
  const act = fc.oneof(
    row,
    row,
    fc.constantFrom('A', 'B', 'C').map((key): { delete: [string] } => ({ delete: [key] })),
  )
  const grant: RecordGrant = { items: { i1: null, i2: null }, rows: [{ item: 'i3', is: '东' }] }
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(act, { minLength: 1, maxLength: 3 }), { maxLength: 8 }), async (acts) => {
      const [one, other] = [await installed(), await installed()]
      await opened(grant, one)
      await opened(grant, other)
      for (const lines of acts) {
        await send(lines, one)
        // The same, with incomes that nobody sees changed before and after, and a record of the west besides.
        const poorer = lines.map((line) => (Array.isArray(line) ? ([line[0], line[1], line[2], 7] as Row) : line))
        await send([...poorer, ['W', '西一', '西', 1]], other)
        await send(lines, other)
      }
      const { seen } = await feed(grant, { of: one, most: 3 })
      expect((await feed(grant, { of: other, most: 100 })).seen).toEqual(seen)
      const applied = new Map<unknown, unknown>()
      for (const [op, key, head] of seen) {
        if (op === 'upsert') applied.set(key, head)
        else expect(applied.delete(key), 'only what was there goes').toBe(true)
      }
      const { records } = await readSnapshot(db, one, grant, null, 100)
      expect([...applied].sort()).toEqual(records.map(([key, head]) => [key, head]))
    }),
    { numRuns: 25 },
  )
})

test('what was written before anybody subscribed is told as it comes', async () => {
  await send([['A', '甲', '东']])
  await send([['A', '甲', '西']])
  await opened()
  expect((await feed()).seen).toEqual([
    ['upsert', 'A', '甲＊'],
    ['delete', 'A'],
  ])
})

test('a log that no longer begins where one has read to says so, also when nothing of it is left', async () => {
  await opened()
  await send([['A', '甲', '东']])
  await owner.query('delete from libraries.log_chunk where resource = $1', [resource])
  await expect(readFeed(db, resource, east, 0, 10)).rejects.toMatchObject({ code: 'libraries.log_trimmed' })
  expect(await feedHead(db, resource)).toBe(1)
})
