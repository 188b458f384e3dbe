import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseConfig, runAgent, runAgentCommand } from '@tongchou/agent'
import { beginEpoch } from '@tongchou/kernel'
import { receiveBatch } from '@tongchou/libraries'
import type { RecordGrant, ResourceDefinition } from '@tongchou/records'
import { testDatabase } from '@tongchou/testing'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { exchangeCity } from '../apps/server/src/testing/exchange-city.given.ts'

const database = await testDatabase()
const { owner, pool, connection } = database
const center = await exchangeCity(database)
const folder = mkdtempSync(join(tmpdir(), 'tongchou-receive-'))
afterAll(async () => {
  await center.close()
  rmSync(folder, { recursive: true, force: true })
})
await owner.query('create schema target')

const vehicles = (resource: string, change: Partial<ResourceDefinition> = {}): ResourceDefinition => ({
  resource,
  version: 1,
  title: '机动车登记',
  kind: 'state',
  key: ['i1', 'i5'],
  items: [
    { id: 'i1', title: '号牌', type: { kind: 'text', length: 10 }, required: true },
    { id: 'i2', title: '所有人', type: { kind: 'text', length: 10 }, required: true },
    { id: 'i3', title: '价格', type: { kind: 'money' }, required: false },
    { id: 'i4', title: '变更时间', type: { kind: 'instant' }, required: false },
    { id: 'i5', title: '登记日期', type: { kind: 'date' }, required: true },
  ],
  ...change,
})
const granted: RecordGrant = { items: { i1: null, i2: 'keep-ends', i3: null, i4: null, i5: null }, rows: [] }
const columns = { i1: 'plate', i2: 'owner', i3: 'price', i4: 'moved_at', i5: 'registered' }

let resource = ''
let grant = ''
let table = ''
let n = 0
let batches = 0
beforeEach(async () => {
  n += 1
  resource = `vehicles-${n}`
  table = `target.vehicle_${n}`
  await center.install(vehicles(resource))
  grant = await center.grant(resource, granted)
  writeFileSync(join(folder, 'token'), (await center.token('exchange-feed')).token)
})

type Row = [plate: string, owner: string, price: number | null, moved: string | null, registered: string]
const on = '2026-01-09'
const send = (...rows: (Row | { delete: [string, string] })[]) => {
  const text = [{ format: 1, schema: 1, items: ['i1', 'i2', 'i3', 'i4', 'i5'] }, ...rows].map((line) => JSON.stringify(line)).join('\n')
  return receiveBatch(pool, { resource, batchId: `b${++batches}`, text, receivedBy: 'test', receivedAt: center.city.clock.now() })
}
const plain = (plate: string, price = 1): Row => [plate, '王小明', price, null, on]

const yaml = (data = `data-${n}`, items: Readonly<Record<string, string>> = columns) =>
  [
    ...[
      `center: ${center.url}`,
      'token-file: token',
      `data: ${data}`,
      'receives:',
      `  - subscription: ${grant}`,
      '    wait: 1s',
      '    target:',
    ],
    `      url: postgres://${connection.user}@localhost/${connection.database}?host=${encodeURIComponent(String(connection.host))}&port=${connection.port}`,
    ...[`      table: ${table}`, '    items:', ...Object.entries(items).map(([id, column]) => `      ${id}: ${column}`), ''],
  ].join('\n')

async function command(act: string, text = yaml()) {
  writeFileSync(join(folder, 'agent.yaml'), text)
  const out: string[] = []
  const write = (line: string) => void out.push(line)
  const code = await runAgentCommand(act, ['--config', join(folder, 'agent.yaml'), '--json'], { write, complain: write })
  return { code, body: JSON.parse(out.join('')) }
}

const agents: { stop(): Promise<unknown> }[] = []
afterAll(() => Promise.all(agents.map((agent) => agent.stop())))
function start(text = yaml()) {
  const ended = new AbortController()
  const log: string[] = []
  const outcome = runAgent(parseConfig(text, folder), ended.signal, {
    echo: (line) => void log.push(line),
    patience: { first: 20, last: 200 },
  })
  outcome.catch(() => undefined)
  const stop = () => {
    ended.abort()
    return outcome
  }
  const agent = { outcome, log, stop }
  agents.push(agent)
  return agent
}
async function prepared() {
  const { body } = await command('sql')
  for (const text of body.sql) await owner.query(text)
}
const held = async () => (await owner.query({ text: `select plate from ${table} order by 1`, rowMode: 'array' })).rows.flat()
const troublesOf = async () => (await command('status')).body.receives[0].troubles.map(({ code }: { code: string }) => code)
const arrives = (...plates: string[]) => expect.poll(held, { timeout: 10_000, interval: 20 }).toEqual(plates)

test('a table that the administrator made as printed is loaded, then follows: new, changed, gone and re-keyed records', async () => {
  await send(['A', '王小明', 12, '2026-01-02T03:04:05.120Z', on], plain('B'), plain('C'))
  expect((await command('check')).body.receives[0]).toMatchObject({ ok: false, message: expect.stringContaining('tongchou agent sql') })
  await prepared()
  expect(await command('check')).toMatchObject({ code: 0, body: { receives: [{ ok: true }] } })
  // What stands in the table and is not at the center goes with the load.
  await owner.query(`insert into ${table} (plate, registered) values ('OLD', '${on}'), ('A', '${on}')`)
  const agent = start()
  await arrives('A', 'B', 'C')
  expect((await owner.query(`select * from ${table} where plate = 'A'`)).rows).toMatchObject([
    { owner: '王＊明', price: '12', moved_at: new Date('2026-01-02T03:04:05.120Z') },
  ])
  await send({ delete: ['B', on] }, { delete: ['C', on] }, plain('D'), ['C', '王小明', 1, null, '2026-01-10'])
  await arrives('A', 'C', 'D')
  await send(plain('A', 7))
  await expect.poll(async () => (await owner.query(`select price from ${table} where plate = 'A'`)).rows[0].price).toBe('7')
  await agent.stop()
  await send(plain('E'))
  // On one connection that stays: what comes is told as it comes.
  const again = start(yaml().replace('    wait: 1s\n', ''))
  await arrives('A', 'C', 'D', 'E')
  await send(plain('F'))
  await arrives('A', 'C', 'D', 'E', 'F')
  await send({ delete: ['F', on] })
  await arrives('A', 'C', 'D', 'E')
  await again.stop()
  expect(again.log.join()).toContain('条变更之后')
  expect((await command('status')).body.receives).toMatchObject([{ table, progress: { isLoading: false }, troubles: [] }])
  expect((await owner.query('select position from tongchou.received where subscription = $1', [grant])).rows).toEqual([{ position: '8' }])
  expect((await owner.query('select * from tongchou.received_key')).rows).toEqual([])
})

describe('two receivers of one table', () => {
  test('the one that started later has it; the other stops by itself and has written nothing after it', async () => {
    await prepared()
    const first = start(yaml('first'))
    await send(plain('A'))
    await arrives('A')
    const second = start(yaml('second'))
    await expect.poll(() => second.log.join()).toContain('已登记')
    await send(plain('B'))
    await arrives('A', 'B')
    expect(await first.outcome).toBe('superseded')
    expect(first.log.join()).toContain('receive.superseded')
    await second.stop()
  })

  test('one that was stopped in the middle of a page does not keep the table: what it had not committed is given up', async () => {
    await prepared()
    const first = start(yaml('stopped'))
    await send(plain('A'))
    await arrives('A')
    await first.stop()
    const zombie = await owner.connect()
    zombie.on('error', () => undefined)
    await zombie.query(`set application_name to 'tongchou-receive ${grant.slice(0, 8)}'`)
    await zombie.query('begin')
    await zombie.query('select from tongchou.received where subscription = $1 for update', [grant])
    await zombie.query(`insert into ${table} (plate, registered) values ('ZOMBIE', '${on}')`)
    const second = start(yaml('taking-over'))
    await send(plain('B'))
    await arrives('A', 'B')
    await expect(zombie.query('commit')).rejects.toThrow()
    zombie.release(true)
    await second.stop()
  })
})

test('a table without a column that is mapped stops the receiver with the statement to execute, and it goes on by itself afterwards', async () => {
  await prepared()
  await owner.query(`alter table ${table} drop column price`)
  await send(plain('A'))
  const agent = start()
  await expect.poll(troublesOf).toEqual(['target.column_missing'])
  expect(agent.log.join()).toContain('add column "price" bigint')
  expect(await held()).toEqual([])
  await owner.query(`alter table ${table} add column price bigint`)
  await arrives('A')
  await owner.query(`alter table ${table} add constraint cheap check (price < 100)`)
  await send(plain('B', 100))
  await expect.poll(troublesOf).toEqual(['target.refuses'])
  await owner.query(`alter table ${table} drop constraint cheap`)
  await arrives('A', 'B')
  await agent.stop()
})

test('an item that is no longer granted, or a table without a key, is named before anything is written', async () => {
  await prepared()
  await send(plain('A'))
  expect((await command('check', yaml(undefined, { ...columns, i9: 'x' }))).body.receives[0].message).toContain('没有信息项 i9')
  expect((await command('check', yaml(undefined, { i1: 'plate' }))).body.receives[0].message).toContain('主键信息项 i5')
  await owner.query(`alter table ${table} drop constraint vehicle_${n}_pkey`)
  expect((await command('check')).body.receives[0].message).toContain('add primary key ("plate", "registered")')
})

test('a token that is withdrawn is named, a new one in the file is enough; a grant that has ended is named', async () => {
  await prepared()
  const own = await center.token('exchange-feed')
  writeFileSync(join(folder, 'token'), own.token)
  const agent = start()
  await send(plain('A'))
  await arrives('A')
  await center.withdrawToken(own.id)
  await expect.poll(() => agent.log.join(), { timeout: 10_000 }).toMatch(/feed\.token_ended|session\.|token\./)
  writeFileSync(join(folder, 'token'), (await center.token('exchange-feed')).token)
  await send(plain('B'))
  await arrives('A', 'B')
  await center.endGrant(grant)
  await expect.poll(troublesOf, { timeout: 10_000 }).toEqual(['feed.grant_ended'])
  await agent.stop()
})

test('a receiver that is ahead of a restored system stops, and loads anew once somebody has said so', async () => {
  await prepared()
  await send(plain('A'))
  const agent = start()
  await arrives('A')
  await send(plain('LOST'))
  await arrives('A', 'LOST')
  await agent.stop()
  const { rows } = await owner.query('select number from libraries.resource where resource = $1', [resource])
  await owner.query('delete from libraries.log_chunk where resource = $1 and seq_to = 2', [resource])
  await owner.query('update libraries.head set last_seq = 1 where resource = $1', [resource])
  await owner.query(`delete from library_data.r_${rows[0].number} where i1 = 'LOST'`)
  await beginEpoch({ db: database.db, now: () => center.city.clock.now() }, { digest: 'test' }, [
    { stream: `libraries/${resource}`, position: 1 },
  ])
  await send(plain('NEW'), plain('NEWER'))
  const ahead = start()
  await expect.poll(troublesOf, { timeout: 10_000 }).toEqual(['feed.ahead'])
  expect(await held()).toEqual(['A', 'LOST'])
  expect(await command('load')).toMatchObject({ code: 3, body: { code: 'agent.running' } })
  await ahead.stop()
  expect((await command('load')).code).toBe(0)
  const again = start()
  await arrives('A', 'NEW', 'NEWER')
  await again.stop()
})

test.each([
  ['两个信息项同一列', { i1: 'plate', i5: 'plate' }, '同一列'],
  ['没有对应关系', {}, 'items'],
])('%s：指出配置的行', async (_, items, words) => {
  const { code, body } = await command('check', yaml(undefined, items))
  expect([code, body.message]).toEqual([2, expect.stringContaining(words)])
})
