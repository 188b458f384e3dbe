import { type Ctx, syntheticCitizenId, syntheticSocialCreditCode, systemActor } from '@tongchou/kernel'
import type { ItemType, ResourceDefinition } from '@tongchou/records'
import { testDatabase } from '@tongchou/testing'
import pg from 'pg'
import { beforeEach, describe, expect, test } from 'vitest'
import { changesAfter } from './change-log.store.ts'
import { copyDigests, copyRows } from './digest.store.ts'
import { installResource } from './installer.ts'
import type { LibrariesDb, Receipt } from './library.schema.ts'
import { receiveBatch } from './receive.service.ts'

const { pool, db, owner } = await testDatabase()
const libraries = db as unknown as LibrariesDb
const at = new Date('2026-11-29T02:00:00Z')

const household = (resource: string, change: Partial<ResourceDefinition> = {}): ResourceDefinition => ({
  resource,
  version: 1,
  title: '低保家庭',
  kind: 'state',
  key: ['i1'],
  items: [
    { id: 'i1', title: '家庭编号', type: { kind: 'text', length: 15 }, required: true },
    { id: 'i2', title: '户主', type: { kind: 'text', length: 10 }, required: true },
    { id: 'i3', title: '月收入', type: { kind: 'money' }, required: false },
  ],
  ...change,
})

let resource = ''
let number = 0
beforeEach(async () => {
  resource = `r${++number}`
  await install(household(resource))
})

async function install(definition: ResourceDefinition) {
  const client = await owner.connect()
  try {
    return await installResource(client, definition, at)
  } finally {
    client.release()
  }
}

let batches = 0
function send(
  lines: readonly unknown[],
  options: { batchId?: string; items?: string[]; schema?: number; to?: string } = {},
): Promise<Receipt> {
  const { batchId = `b${++batches}`, items = ['i1', 'i2', 'i3'], schema = 1, to = resource } = options
  const text = [JSON.stringify({ format: 1, schema, items }), ...lines.map((line) => JSON.stringify(line))].join('\n')
  return receiveBatch(pool, { resource: to, batchId, text, receivedBy: 'test', receivedAt: at })
}

async function records(of = resource): Promise<unknown[][]> {
  const { rows } = await owner.query('select number from libraries.resource where resource = $1', [of])
  const { rows: found } = await owner.query({
    text: `select * from library_data.r_${rows[0].number} order by record_key`,
    rowMode: 'array',
  })
  // record_key, record_hash, seq, changed_at, batch_id, then the items
  return found.map(([key, , seq, , , ...items]) => [key, Number(seq), ...items])
}

const log = async (after = 0) =>
  (await changesAfter(libraries, resource, after, 100_000)).changes.map(({ seq, op, values }) => [seq, op, ...values])

describe('a batch is written', () => {
  test('new, changed, unchanged, gone and absent records are told apart, and each change has its number', async () => {
    const first = await send([
      ['A', '甲', 1],
      ['B', '乙', 2],
      ['C', '丙', null],
    ])
    expect(first).toMatchObject({ rows: 3, inserted: 3, updated: 0, unchanged: 0, seqFrom: 1, seqTo: 3 })
    const second = await send([['A', '甲', 1], ['B', '乙二', 2], ['D', '丁', 4], { delete: ['C'] }, { delete: ['X'] }])
    expect(second).toMatchObject({ rows: 5, inserted: 1, updated: 1, unchanged: 1, deleted: 1, absent: 1, bad: 0, seqFrom: 4, seqTo: 6 })
    expect(await records()).toEqual([
      ['A', 1, 'A', '甲', '1'],
      ['B', 5, 'B', '乙二', '2'],
      ['D', 6, 'D', '丁', '4'],
    ])
    expect(await log(3)).toEqual([
      [4, 'delete', 'C'],
      [5, 'upsert', 'B', '乙二', '2'],
      [6, 'upsert', 'D', '丁', '4'],
    ])
  })

  test('the same batch again changes nothing and has the same receipt, also when both are sent at once', async () => {
    const lines = [['A', '甲', 1]]
    const [one, two] = await Promise.all([send(lines, { batchId: 'same' }), send(lines, { batchId: 'same' })])
    expect(two).toEqual(one)
    expect(await send(lines, { batchId: 'same' })).toEqual(one)
    expect(await log()).toHaveLength(1)
  })

  test('the id of a batch cannot be used for other lines', async () => {
    await send([['A', '甲', 1]], { batchId: 'once' })
    await expect(send([['A', '甲', 2]], { batchId: 'once' })).rejects.toMatchObject({ status: 409, code: 'libraries.batch_reused' })
    expect(await records()).toEqual([['A', 1, 'A', '甲', '1']])
  })

  test('bad lines are kept with their reasons and harm no other', async () => {
    const receipt = await send([['A', '甲', 1], ['B', '名字超过了十个字的户主乙', 2], ['C', null, 'x'], 'oops\0'])
    expect(receipt).toMatchObject({ rows: 4, inserted: 1, bad: 3 })
    const { rows } = await pool.query('select line, record_key, text, problems from libraries.bad_line where resource = $1 order by line', [
      resource,
    ])
    expect(rows.map(({ line, record_key, problems }) => [line, record_key, problems.map((one: { rule: string }) => one.rule)])).toEqual([
      [3, 'B', ['length']],
      [4, 'C', ['required', 'type']],
      [5, null, ['shape']],
    ])
    expect(rows[2].text).toBe('"oops␀"')
  })

  test('many writers at once: numbers have no gap, and the log replayed gives the table', async () => {
    const writers = Array.from({ length: 8 }, (_, w) =>
      Promise.all(
        Array.from({ length: 10 }, (_, n) =>
          send([[`K${(w * 7 + n) % 23}`, `${w}.${n}`, n], [`L${w}.${n}`, '甲', null], { delete: [`K${n}`] }]),
        ),
      ),
    )
    await Promise.all(writers)
    const changes = await log()
    expect(changes.map(([seq]) => seq)).toEqual(changes.map((_, i) => i + 1))
    const replayed = new Map<unknown, unknown[]>()
    for (const [seq, op, key, ...values] of changes) {
      if (op === 'delete') replayed.delete(key)
      else replayed.set(key, [key, seq, key, ...values])
    }
    expect(await records()).toEqual([...replayed.values()].sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)))
  })

  test('what fails in the middle leaves nothing behind', async () => {
    const text = `${JSON.stringify({ format: 1, schema: 1, items: ['i1', 'i2', 'i3'] })}\n["A","甲",1]`
    const batch = { resource, batchId: 'fails', text, receivedBy: 'test', receivedAt: at }
    const refusing = receiveBatch(pool, batch, { also: () => Promise.reject(new Error('no audit row')) })
    await expect(refusing).rejects.toThrow('no audit row')
    expect(await records()).toEqual([])
    expect(await log()).toEqual([])
    expect(await receiveBatch(pool, batch)).toMatchObject({ inserted: 1, seqFrom: 1 })
  })

  test('a large batch goes through in chunks', async () => {
    const receipt = await send(Array.from({ length: 5000 }, (_, i) => [`K${String(i).padStart(5, '0')}`, '甲\t\\乙\n', i]))
    expect(receipt).toMatchObject({ inserted: 5000, seqTo: 5000 })
    expect((await records())[4999]).toEqual(['K04999', 5000, 'K04999', '甲\t\\乙\n', '4999'])
    const page = await changesAfter(libraries, resource, 4321, 10)
    expect(page.changes[0]).toMatchObject({ seq: 4322, values: ['K04321', '甲\t\\乙\n', '4321'], structure: 1 })
  })

  test.each([
    ['没有这个资源', () => send([], { to: 'nowhere' }), 404, 'libraries.resource_not_found'],
    ['不认识的信息项', () => send([], { items: ['i1', 'i9'] }), 422, 'libraries.batch_unknown_item'],
    ['没有主键', () => send([], { items: ['i2'] }), 422, 'libraries.batch_no_key'],
    ['来源结构较新', () => send([], { schema: 2 }), 422, 'libraries.batch_newer_structure'],
  ])('%s：整批退回', async (_, act, status, code) => {
    await expect(act()).rejects.toMatchObject({ status, code })
  })
})

describe('what happened is only added to', () => {
  test('another telling of a known event and its deletion are set aside', async () => {
    const events = `${resource}e`
    await install(household(events, { kind: 'event' }))
    await send([['A', '甲', 1]], { to: events })
    const receipt = await send([['A', '甲', 1], ['B', '乙', 1], ['A', '甲', 2], { delete: ['B'] }].toReversed(), { to: events })
    expect(receipt).toMatchObject({ rows: 4, inserted: 1, updated: 0, deleted: 0, superseded: 2, unchanged: 1, bad: 0 })
    expect(await send([['A', '甲', 3], { delete: ['B'] }], { to: events })).toMatchObject({ inserted: 0, bad: 2, seqTo: null })
    const { rows } = await pool.query('select line, problems from libraries.bad_line where resource = $1 order by line', [events])
    expect(rows.map(({ line, problems }) => [line, problems[0].rule])).toEqual([
      [2, 'event-changed'],
      [3, 'event-deleted'],
    ])
  })
})

describe('a table grows with its structure', () => {
  test('items come, widen and go while what is there stays, and the second plan is empty', async () => {
    await send([['A', '甲', 1]])
    const wider = household(resource, {
      version: 2,
      items: [
        { id: 'i1', title: '编号', type: { kind: 'text', length: 20 }, required: true },
        { id: 'i3', title: '家庭月收入', type: { kind: 'money' }, required: false },
        { id: 'i4', title: '保障起始', type: { kind: 'date' }, required: true },
      ],
    })
    expect((await install(wider)).statements).toHaveLength(3)
    expect((await install(wider)).statements).toEqual([])
    const receipt = await send([['B-0123456789-0123456', 2, '2026-01-01']], { items: ['i1', 'i3', 'i4'], schema: 2 })
    expect(receipt).toMatchObject({ inserted: 1, structure: 2 })
    expect(await records()).toEqual([
      ['A', 1, 'A', '甲', '1', null],
      ['B-0123456789-0123456', 2, 'B-0123456789-0123456', null, '2', expect.anything()],
    ])
    expect((await changesAfter(libraries, resource, 0, 10)).changes.map(({ structure }) => structure)).toEqual([1, 2])
  })

  test.each<[string, Partial<ResourceDefinition>, string]>([
    ['换主键', { key: ['i2'] }, '主键不能改变'],
    ['换种类', { kind: 'event' }, '数据种类不能改变'],
    [
      '变窄',
      { items: household('').items.map((item) => (item.id === 'i2' ? { ...item, type: { kind: 'text', length: 5 } } : item)) },
      '不能由10 字的文本改为5 字的文本',
    ],
    [
      '换类型',
      { items: household('').items.map((item) => (item.id === 'i3' ? { ...item, type: { kind: 'date' } } : item)) },
      '不能由金额改为日期',
    ],
  ])('%s：拒绝，库表不动', async (_, change, message) => {
    await expect(install(household(resource, { ...change, version: 2 }))).rejects.toMatchObject({
      code: 'libraries.structure_refused',
      message: expect.stringContaining(message),
    })
    expect(await send([['A', '甲', 1]])).toMatchObject({ inserted: 1, structure: 1 })
  })

  test('tables of many resources are built at the same time, also the first ones of a city', async () => {
    await owner.query('revoke usage on schema library_data from tongchou_app')
    const names = Array.from({ length: 4 }, (_, at) => `together-${at}`)
    expect(await Promise.all(names.map(async (name) => (await install(household(name))).statements.length > 0))).toEqual(
      names.map(() => true),
    )
    expect((await send([['A', '甲', null]], { to: 'together-3' })).inserted).toBe(1)
  })

  test('an installed version cannot be given another content', async () => {
    const other = household(resource, { items: household(resource).items.slice(0, 2) })
    await expect(install(other)).rejects.toMatchObject({ message: expect.stringContaining('第 1 版结构已经建库') })
  })

  test('the everyday login may change records and no table', async () => {
    const { rows } = await owner.query('select number from libraries.resource where resource = $1', [resource])
    const table = `library_data.r_${rows[0].number}`
    await expect(pool.query(`alter table ${table} add column x text`)).rejects.toMatchObject({ code: '42501' })
    await expect(pool.query('create table library_data.mine (x text)')).rejects.toMatchObject({ code: '42501' })
    await expect(pool.query('update libraries.structure set version = 9')).rejects.toMatchObject({ code: '42501' })
  })

  test('structure and batches at once: every batch is written under one structure or the other', async () => {
    const versions = Array.from({ length: 5 }, (_, i) => i + 2)
    const growing = (async () => {
      for (const version of versions) await install(household(resource, { version, items: [...household('').items, ...added(version)] }))
    })()
    const sent = Promise.all(Array.from({ length: 30 }, (_, i) => send([[`K${i}`, '甲', i]])))
    const [receipts] = await Promise.all([sent, growing])
    expect(receipts.every(({ inserted }) => inserted === 1)).toBe(true)
    const { changes } = await changesAfter(libraries, resource, 0, 100)
    expect(changes.map(({ seq }) => seq)).toEqual(Array.from({ length: 30 }, (_, i) => i + 1))
  })
})

const added = (version: number) =>
  Array.from({ length: version - 1 }, (_, i) => ({ id: `i${10 + i}`, title: `新${i}`, type: { kind: 'note' as const }, required: false }))

test('a killed connection is told, the batch is not there, and the next one goes through', async () => {
  const killer = new pg.Pool({ ...owner.options, max: 1 })
  const text = `${JSON.stringify({ format: 1, schema: 1, items: ['i1', 'i2', 'i3'] })}\n["A","甲",1]`
  const batch = { resource, batchId: 'killed', text, receivedBy: 'test', receivedAt: at }
  const kill = async (client: pg.ClientBase) => {
    const { rows } = await client.query('select pg_backend_pid() as pid')
    await killer.query('select pg_terminate_backend($1)', [rows[0].pid])
    await client.query('select 1')
  }
  await expect(receiveBatch(pool, batch, { also: kill })).rejects.toThrow()
  await killer.end()
  expect(await records()).toEqual([])
  expect(await receiveBatch(pool, batch)).toMatchObject({ inserted: 1, seqTo: 1 })
})

test('a reader that is ahead of the log, or behind what is kept, is told so', async () => {
  await send([['A', '甲', 1]])
  await send([['B', '乙', 1]])
  await expect(changesAfter(libraries, resource, 3, 10)).rejects.toMatchObject({ code: 'libraries.ahead' })
  await owner.query('delete from libraries.log_chunk where resource = $1 and seq_to = 1', [resource])
  await expect(changesAfter(libraries, resource, 0, 10)).rejects.toMatchObject({ code: 'libraries.log_trimmed' })
  expect((await changesAfter(libraries, resource, 1, 10)).changes).toHaveLength(1)
  expect(await changesAfter(libraries, resource, 2, 10)).toMatchObject({ changes: [], head: 2 })
})

describe('the copy is told by digests', () => {
  const types: ItemType[] = [
    { kind: 'text', length: 20 },
    { kind: 'note' },
    { kind: 'code', codes: ['01', '𠮷'] },
    { kind: 'citizen-id' },
    { kind: 'credit-code' },
    { kind: 'integer' },
    { kind: 'decimal', digits: 10, scale: 2 },
    { kind: 'money' },
    { kind: 'date' },
    { kind: 'instant' },
    { kind: 'month' },
    { kind: 'flag' },
  ]
  const ctx: Ctx = { db, actor: systemActor, now: () => at, requestId: 'digests', inside: false }
  const nonce = '0123456789abcdef'.repeat(2)

  test('a hash made anew of a record’s values is the one that came with it, whatever its items are, and tells what was altered beside it', async () => {
    const to = `all-${number}`
    const items = types.map((type, i) => ({ id: `i${i + 1}`, title: type.kind, type, required: i === 0 }))
    await install(household(to, { items }))
    const ids = items.map(({ id }) => id)
    const [person, company] = [syntheticCitizenId('150302', '1970-01-01'), syntheticSocialCreditCode('91', '150300', 7)]
    await send(
      [
        ['甲𠮷', '一\n二\\🀄', '𠮷', person, company, -7, '12.5', 100, '2026-02-28', '2026-03-02T09:30:00.1234+08:00', '2026-01', '是'],
        ["B'", null, '01', null, null, 0, '-0.00', 0, '0900-01-01', '1999-12-31T23:59:59Z', null, '否'],
        ['C', '', null, null, null, null, null, null, null, null, null, null],
      ],
      { items: ids, to },
    )
    const told = async (by: 'hashes' | 'values', bits: 8 | 16) => (await copyDigests(ctx, to, nonce, { by, bits, within: null })).digests
    const digests = await told('hashes', 8)
    expect(digests).toHaveLength(3)
    expect(await told('values', 8)).toEqual(digests)
    expect(await told('values', 16)).toEqual(await told('hashes', 16))
    const { table } = await findInstalled(to)
    await owner.query(`update ${table} set i6 = 8 where record_key = 'C'`)
    expect(await told('hashes', 8)).toEqual(digests)
    expect(await told('values', 8)).not.toEqual(digests)
    const within = digests.map(([bucket]) => bucket)
    const { rows } = await copyRows(ctx, to, { by: 'values', bits: 8, within })
    expect(rows.map(([key, , , isStale]) => [key, isStale]).sort()).toEqual([
      ["B'", false],
      ['C', true],
      ['甲𠮷', false],
    ])
  })

  test('the same records have the same digests in any order, another number makes others, and one bucket is asked for alone', async () => {
    await send(Array.from({ length: 600 }, (_, i) => [`K${i}`, '甲', i]))
    const all = await copyDigests(ctx, resource, nonce, { by: 'hashes', bits: 16, within: null })
    expect([all.seq, all.structure, all.digests.reduce((sum, [, rows]) => sum + rows, 0)]).toEqual([600, 1, 600])
    await send([{ delete: ['K1'] }, ['K2', '乙', 2]])
    await send([
      ['K1', '甲', 1],
      ['K2', '甲', 2],
    ])
    expect((await copyDigests(ctx, resource, nonce, { by: 'hashes', bits: 16, within: null })).digests).toEqual(all.digests)
    expect((await copyDigests(ctx, resource, 'ff'.repeat(16), { by: 'hashes', bits: 16, within: null })).digests[0]?.[2]).not.toBe(
      all.digests[0]?.[2],
    )
    const parent = (all.digests[0]?.[0] ?? 0) >> 8
    const some = await copyDigests(ctx, resource, nonce, { by: 'hashes', bits: 16, within: [parent] })
    expect(some.digests).toEqual(all.digests.filter(([bucket]) => bucket >> 8 === parent))
    const { rows } = await copyRows(ctx, resource, { by: 'hashes', bits: 16, within: some.digests.map(([bucket]) => bucket) })
    expect(rows).toHaveLength(some.digests.reduce((sum, [, count]) => sum + count, 0))
  })
})

async function findInstalled(of: string): Promise<{ table: string }> {
  const { rows } = await owner.query('select number from libraries.resource where resource = $1', [of])
  return { table: `library_data.r_${rows[0].number}` }
}
