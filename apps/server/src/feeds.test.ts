import { randomUUID } from 'node:crypto'
import { beginEpoch } from '@tongchou/kernel'
import { receiveBatch } from '@tongchou/libraries'
import type { RecordGrant, ResourceDefinition } from '@tongchou/records'
import { testDatabase } from '@tongchou/testing'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { exchangeCity } from './testing/exchange-city.given.ts'

const database = await testDatabase()
const { owner, pool } = database
const center = await exchangeCity(database)
const { token } = await center.token('exchange-feed')
afterAll(() => center.close())

const vehicles = (resource: string): ResourceDefinition => ({
  resource,
  version: 1,
  title: '机动车登记',
  kind: 'state',
  key: ['i1'],
  items: [
    { id: 'i1', title: '号牌', type: { kind: 'text', length: 10 }, required: true },
    { id: 'i2', title: '所有人', type: { kind: 'text', length: 10 }, required: true },
    { id: 'i3', title: '区', type: { kind: 'code', codes: ['东', '西'] }, required: true },
    { id: 'i4', title: '价格', type: { kind: 'money' }, required: false },
  ],
})
/** Plate and owner of the vehicles of the east, the owner masked. */
const east: RecordGrant = { items: { i1: null, i2: 'keep-ends' }, rows: [{ item: 'i3', is: '东' }] }

let resource = ''
let grant = ''
let resources = 0
let batches = 0
beforeEach(async () => {
  resource = `vehicles-${++resources}`
  await center.install(vehicles(resource))
  grant = await center.grant(resource, east)
})

const send = (...rows: ([string, string, '东' | '西', number] | { delete: [string] })[]) => {
  const text = [{ format: 1, schema: 1, items: ['i1', 'i2', 'i3', 'i4'] }, ...rows].map((line) => JSON.stringify(line)).join('\n')
  return receiveBatch(pool, { resource, batchId: `b${++batches}`, text, receivedBy: 'test', receivedAt: center.city.clock.now() })
}

interface Told {
  status: number
  code?: string
  rows: unknown[][]
  structures: { name: string; items: { title: string }[] }[]
  cursor: string
  position: number
  complete: boolean
  problem?: { code: string }
}
type Line =
  | unknown[]
  | { structure?: Told['structures'][0]; cursor?: string; position?: number; complete?: boolean; problem?: { code: string } }

function understood(lines: readonly Line[]): Omit<Told, 'status'> {
  const told: Omit<Told, 'status'> = { rows: [], structures: [], cursor: '', position: -1, complete: false }
  for (const line of lines) {
    if (Array.isArray(line)) told.rows.push(line)
    else {
      if (line.structure) told.structures.push(line.structure)
      Object.assign(
        told,
        line.cursor ? { cursor: line.cursor, position: line.position } : {},
        line.problem ? { problem: line.problem } : {},
      )
      told.complete ||= line.complete === true
    }
  }
  return told
}

const headers = (by = token) => ({ authorization: `Bearer ${by}` })
async function ask(
  path: string,
  { by = token, id = grant, signal }: { by?: string; id?: string; signal?: AbortSignal } = {},
): Promise<Told> {
  const answer = await fetch(`${center.url}/api/v1/feeds/${id}/${path}`, { headers: headers(by), ...(signal ? { signal } : {}) })
  const text = await answer.text()
  if (!answer.ok) return { ...understood([]), status: answer.status, code: JSON.parse(text).code }
  const lines = text.trim() === '' ? [] : text.trim().split('\n')
  return { status: answer.status, ...understood(lines.map((line) => JSON.parse(line) as Line)) }
}
const open = async (id = grant, by = token) => {
  const answer = await fetch(`${center.url}/api/v1/feeds/${id}/openings`, {
    ...{ method: 'POST', body: '{}', headers: { ...headers(by), 'content-type': 'application/json' } },
  })
  return { status: answer.status, body: (await answer.json()) as { code: string; structure: { items: object[] } } }
}
const changes = (after: string, more = '') => ask(`changes?after=${after}${more}`)
const loaded = async () => {
  await open()
  return (await ask('records')).cursor
}
const subscriptionOf = async (seat: 'center' | 'steward' | 'stranger' | 'auditor', id = grant) => {
  const { body } = await (await center.city.as(seat)).get<{ items: { id: string }[] }>('/api/v1/subscriptions?limit=200')
  return body.items.find((line) => line.id === id)
}

describe('a receiver', () => {
  test('loads what was granted, then is told each change that concerns him, counted without a gap', async () => {
    await send(['A', '王小明', '东', 1], ['B', '李四', '西', 2])
    expect((await open()).body.structure).toMatchObject({ key: ['i1'], items: [{ title: '号牌' }, { title: '所有人', masked: true }] })
    await send(['C', '赵六六', '东', 1])
    const load = await ask('records')
    expect(load).toMatchObject({ complete: true, rows: [['u', 'A', '王＊明'], ['u', 'C', '赵＊六']] }) // biome-ignore format: a line a load
    await send(['A', '王小明', '东', 9])
    await send(['A', '王小明', '西', 9], ['B', '李四四', '东', 2])
    await send({ delete: ['C'] })
    const all = await changes(load.cursor)
    expect(all.rows).toEqual([
      ['d', 'A'],
      ['u', 'B', '李＊四'],
      ['d', 'C'],
    ])
    expect(all.position).toBe(3)
    const one = await changes(load.cursor, '&limit=1')
    expect([one.rows, one.position]).toEqual([[['d', 'A']], 1])
    expect((await changes(one.cursor)).rows).toEqual(all.rows.slice(1))
    // From any place he was ever given.
    expect((await changes(load.cursor)).rows).toEqual(all.rows)
  })

  test('is told within the same wait of what is committed meanwhile', async () => {
    const cursor = await loaded()
    const waiting = changes(cursor, '&waitSeconds=30')
    await send(['A', '王小明', '西', 1])
    await send(['B', '李小明', '东', 1])
    expect((await waiting).rows).toEqual([['u', 'B', '李＊明']])
  })

  test('cannot tell a change of what is hidden from none: the same lines, and a place that is another text each time', async () => {
    await send(['A', '王小明', '东', 1])
    const cursor = await loaded()
    const none = await changes(cursor)
    for (let price = 2; price < 300; price += 100) await send(['A', '王小明', '东', price], ['W', '西某某', '西', price])
    const hidden = await changes(cursor)
    expect({ ...hidden, cursor: '' }).toEqual({ ...none, cursor: '' })
    expect([hidden.rows, hidden.position, hidden.cursor.length]).toEqual([[], 0, none.cursor.length])
    expect(new Set([cursor, none.cursor, hidden.cursor]).size).toBe(3)
    // Who answers for the exchange sees how many numbers of the log are behind; the receiver does not.
    expect(await subscriptionOf('center')).toMatchObject({ state: 'receiving', position: 0, behind: 6, provider: { name: '市公安局' } })
    expect(await subscriptionOf('steward')).toMatchObject({ behind: null })
    await changes(hidden.cursor)
    expect(await subscriptionOf('auditor')).toMatchObject({ behind: 0 })
    expect(await subscriptionOf('stranger')).toBeUndefined()
  })

  test('of a large resource is given it in parts, each with the place to go on from', async () => {
    for (let part = 0; part < 3; part++)
      await send(...Array.from({ length: 1500 }, (_, i) => [`P${part * 1500 + i}`, '王小明', '东', 1] as [string, string, '东', number]))
    await open()
    const first = await ask('records?limit=2500')
    expect([first.rows.length, first.complete]).toEqual([2500, false])
    expect((await changes(first.cursor)).code).toBe('feed.load_unfinished')
    const rest = await ask(`records?after=${first.cursor}`)
    expect([rest.rows.length, rest.complete]).toEqual([2000, true])
    expect(new Set([...first.rows, ...rest.rows].map(([, key]) => key)).size).toBe(4500)
  })

  test('of a grant with a quota is told so many records a day, told when it is used up, and goes on the next day from where he is', async () => {
    grant = await center.grant(resource, east, { quotaPerDay: 3 })
    await send(...['A', 'B', 'C', 'D', 'E'].map((key) => [key, '王小明', '东', 1] as [string, string, '东', number]), [
      'F',
      '李四',
      '西',
      1,
    ])
    await open()
    const first = await ask('records')
    expect([first.rows.map(([, key]) => key), first.complete, first.problem]).toEqual([['A', 'B', 'C'], false, undefined])
    const again = await fetch(`${center.url}/api/v1/feeds/${grant}/records?after=${first.cursor}`, { headers: headers() })
    expect(again.status).toBe(429)
    expect(Number(again.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(await again.json()).toMatchObject({ code: 'sharing.quota_used_up', detail: expect.stringContaining('3条') })
    expect(await subscriptionOf('center')).toMatchObject({ refusal: { code: 'sharing.quota_used_up' } })
    await owner.query(`update sharing.use set day = day - 1 where grant_id = $1`, [grant])
    const rest = await ask(`records?after=${first.cursor}`)
    expect([rest.rows.map(([, key]) => key), rest.complete]).toEqual([['D', 'E'], true])
    await send(['A', '王小明', '东', 2], ['B', '王小红', '东', 1], ['F', '李四', '西', 2])
    const changed = await changes(rest.cursor)
    expect([changed.rows, changed.problem]).toEqual([[['u', 'B', '王＊红']], undefined])
  })
})

describe('a running feed ends', () => {
  test('when the grant is revoked, waiting or streaming, and says so', async () => {
    const cursor = await loaded()
    const waiting = changes(cursor, '&waitSeconds=60')
    const following = await fetch(`${center.url}/api/v1/feeds/${grant}/changes?after=${cursor}&follow=true`, { headers: headers() })
    await center.endGrant(grant)
    expect(await waiting).toMatchObject({ status: 409, code: 'feed.grant_ended' })
    expect(JSON.parse((await following.text()).trim().split('\n').at(-1) ?? '')).toMatchObject({ problem: { code: 'feed.grant_ended' } })
    expect((await changes(cursor)).code).toBe('feed.grant_ended')
    expect(await subscriptionOf('center')).toMatchObject({ state: 'ended', refusal: { code: 'feed.grant_ended' } })
  })

  test('when the token is withdrawn', async () => {
    const cursor = await loaded()
    const other = await center.token('exchange-feed')
    const waiting = ask(`changes?after=${cursor}&waitSeconds=60`, { by: other.token })
    await expect
      .poll(async () => (await owner.query('select seen_at from exchange.subscription where grant_id = $1', [grant])).rows[0])
      .toBeTruthy()
    await center.withdrawToken(other.id)
    const { status } = await waiting
    expect(status).toBe(401)
    expect((await changes(cursor)).status).toBe(200)
  })

  test('when what was granted has changed: less or more was told before', async () => {
    const cursor = await loaded()
    await owner.query(`update sharing."grant" set items = '{"i1": null, "i2": null}' where id = $1`, [grant])
    expect((await changes(cursor)).code).toBe('feed.grant_changed')
    expect((await ask('records')).complete).toBe(true)
  })
})

test('a receiver that follows is sent what comes, in its order, while others read nothing', async () => {
  const cursor = await loaded()
  const ended = new AbortController()
  const answer = await fetch(`${center.url}/api/v1/feeds/${grant}/changes?after=${cursor}&follow=true`, {
    headers: headers(),
    signal: ended.signal,
  })
  // A second one that never reads what it is sent.
  const dead = await fetch(`${center.url}/api/v1/feeds/${grant}/changes?after=${cursor}&follow=true`, {
    headers: headers(),
    signal: ended.signal,
  })
  expect(dead.status).toBe(200)
  const rows: string[] = []
  const decoder = new TextDecoder()
  const reading = (async () => {
    let text = ''
    for await (const piece of answer.body ?? []) {
      text += decoder.decode(piece, { stream: true })
      for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n')) {
        const line = JSON.parse(text.slice(0, end)) as Line
        if (Array.isArray(line)) rows.push(String(line[1]))
        text = text.slice(end + 1)
      }
      if (rows.length === 40) return
    }
  })()
  for (let n = 0; n < 40; n++) await send([`F${n}`, '王小明', '东', n])
  await reading
  expect(rows).toEqual(Array.from({ length: 40 }, (_, n) => `F${n}`))
  ended.abort()
})

test('after a restore, who has read what the system does not know any more stops and is told so; who has not goes on', async () => {
  await send(['A', '王小明', '东', 1])
  const behind = await loaded()
  await send(['B', '王小明', '东', 1])
  const ahead = (await changes(behind)).cursor
  // As a backup from before B leaves it, in a history of its own.
  await owner.query('delete from libraries.log_chunk where resource = $1 and seq_to = 2', [resource])
  await owner.query('update libraries.head set last_seq = 1 where resource = $1', [resource])
  await beginEpoch({ db: database.db, now: () => center.city.clock.now() }, { digest: 'test' }, [
    { stream: `libraries/${resource}`, position: 1 },
  ])
  expect((await changes(ahead)).code).toBe('feed.ahead')
  // The numbers are used again: that the log has grown past the place must not hide that it is another history.
  await send(['C', '王小明', '东', 1], ['D', '王小明', '东', 1])
  expect((await changes(ahead)).code).toBe('feed.ahead')
  expect((await changes(behind)).rows.map(([, key]) => key)).toEqual(['C', 'D'])
  expect(await subscriptionOf('center')).toMatchObject({ refusal: null })
})

test('what is no place of this subscription is named, and a place of a load is none of the changes', async () => {
  const cursor = await loaded()
  const other = await center.grant(resource, east)
  await open(other)
  for (const after of ['x', 'A'.repeat(120), `${cursor.slice(0, -2)}AA`]) expect((await changes(after)).code).toBe('feed.after_unknown')
  expect((await ask(`changes?after=${cursor}`, { id: other })).code).toBe('feed.after_unknown')
  expect((await ask(`records?after=${cursor}`)).code).toBe('feed.load_ended')
  await owner.query('delete from libraries.log_chunk where resource = $1', [resource])
  await owner.query('update libraries.head set last_seq = 3 where resource = $1', [resource])
  expect((await changes(cursor)).code).toBe('feed.log_trimmed')
})

test('only the department that it was granted to receives, with a token for it; others cannot tell that there is a grant', async () => {
  expect((await ask('changes?after=x')).code).toBe('feed.not_opened')
  const foreign = await center.grant(resource, east, { orgId: 'health', providerOrgId: 'civil-affairs' })
  expect((await open(foreign)).status).toBe(403)
  const elsewhere = await center.grant(resource, east, { orgId: 'health' })
  expect([(await open(elsewhere)).status, (await open(randomUUID())).status]).toEqual([404, 404])
  const byQuery = await center.grant(resource, east, { way: 'query' })
  expect((await open(byQuery)).body.code).toBe('feed.other_way')
  const withoutKey = await center.grant(resource, { items: { i2: null }, rows: [] })
  expect((await open(withoutKey)).body.code).toBe('libraries.key_not_granted')
  const intake = await center.token()
  expect((await open(grant, intake.token)).body.code).toBe('token.scope_missing')
  await open()
  await open()
  const { rows } = await owner.query(`select action from kernel.audit_event where subject_id = $1 and outcome = 'done'`, [grant])
  expect(rows).toEqual([{ action: 'subscription.opened' }])
})
