import { randomUUID } from 'node:crypto'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { sm2Fingerprint } from '@tongchou/evidence'
import { type Actor, type Ctx, fixedClock, InvalidValue, inTransaction, systemActor } from '@tongchou/kernel'
import { testDatabase } from '@tongchou/testing'
import type { Parcel } from '@tongchou/wire'
import { beforeEach, describe, expect, test } from 'vitest'
import { readChannel } from './channel.permissions.ts'
import { exchangeDb } from './channel.tables.ts'
import { actorOf, digestOf, givenApp, ours, second, theirs } from './exchange.given.ts'
import { channelsRelyOn, isBrought } from './reliance.ts'
import { watchChannels } from './watch.job.ts'

const { db, owner } = await testDatabase()
const clock = fixedClock('2026-03-02T01:00:00Z')
const { call, put, ask, library, gate, ports } = await givenApp(db, () => clock.now())

const center = actorOf('大数据中心', 'big-data-center')
const steward = actorOf('民政局', 'data-steward')
const clerk = actorOf('民政局', 'applicant')
const stranger = actorOf('卫健委', 'data-steward')
const auditor = actorOf('审计局', 'audit')

let id = ''
let names = 0
beforeEach(async () => {
  library.taken.length = 0
  gate.admitted = true
  id = (await created(`通道${++names}`)).id
  await registered(ours.publicKey)
})

async function created(name: string) {
  return (await call(center, 'POST', '/channels', { name, orgId: '民政局', resource: 'households' })).body
}

/** Each act at a moment of its own. */
const versionOf = async () => {
  clock.tick()
  return (await call(center, 'GET', `/channels/${id}`)).body.version
}
const keep = async (path: string, body: object, as: Actor = center) =>
  call(as, 'POST', `/channels/${id}/${path}`, { version: await versionOf(), ...body })
const registered = (publicKey: string) => keep('keys', { publicKey })
const claimed = async () => (await call(steward, 'POST', `/channels/${id}/lanes/main/epochs`, {})).body
const suspended = () => keep('state', { state: 'suspended', reason: '来源库迁移' })

const lines = '{"format":1,"schema":1,"items":["i1"]}\n["A"]'
const parcel = (number: number, change: Partial<Parcel> = {}): Parcel => ({
  channel: id,
  lane: 'main',
  epoch: 1,
  number,
  batchId: `b${number}`,
  digest: digestOf(lines),
  ...change,
})
const system = (): Ctx => ({ db, actor: systemActor, now: () => clock.now(), requestId: 'watch', inside: false })
const auditOf = async () =>
  (await owner.query('select action, outcome, detail from kernel.audit_event where subject_id = $1 order by seq', [id])).rows

const lockWaits = async () => {
  const waiting = "select count(*)::int as n from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()"
  return (await owner.query(waiting)).rows[0].n
}

describe('a channel', () => {
  test('is set up by the center, seen by its department, the center and the auditor, and by nobody else', async () => {
    const seen = await Promise.all([center, steward, clerk, auditor].map((actor) => call(actor, 'GET', `/channels/${id}`)))
    expect(seen.map(({ status }) => status)).toEqual([200, 200, 200, 200])
    expect(seen[0]?.body).toMatchObject({
      org: { id: '民政局' },
      resource: { title: '低保家庭', structure: 1 },
      state: 'in-use',
      lanes: [],
    })
    expect((await call(stranger, 'GET', `/channels/${id}`)).status).toBe(404)
    expect((await call(steward, 'POST', '/channels', { name: 'x', orgId: '民政局', resource: 'households' })).status).toBe(403)
    expect((await auditOf()).map(({ action }) => action)).toEqual(expect.arrayContaining(['channel.created', 'channel.key_registered']))
  })

  test('is listed page by page, each reader’s own', async () => {
    const own = await call(clerk, 'GET', '/channels?limit=1')
    expect(own.body.items).toMatchObject([{ id, state: 'in-use', lastAt: null }])
    const next = await call(clerk, 'GET', `/channels?limit=1&cursor=${own.body.nextCursor}`)
    expect(next.body.items).toHaveLength(1)
    expect((await call(stranger, 'GET', '/channels')).body.items).toEqual([])
    await suspended()
    expect((await call(center, 'GET', `/channels?state=suspended&q=通道${names}`)).body.items).toMatchObject([{ id }])
  })

  test('the permission as SQL and as a function give the same list', async () => {
    const rows = await exchangeDb({ db } as never)
      .selectFrom('exchange.channel')
      .selectAll()
      .execute()
    const within = { ...actorOf('区', 'big-data-center'), within: new Map([['big-data-center', new Set(['卫健委'])]]) }
    for (const actor of [center, steward, clerk, stranger, auditor, within, actorOf('民政局', 'enterprise')]) {
      const listed = await exchangeDb({ db } as never)
        .selectFrom('exchange.channel')
        .select('id')
        .where(readChannel.where(actor))
        .execute()
      expect(listed.map((row) => row.id).sort()).toEqual(
        rows
          .filter((row) => readChannel.allows(actor, row))
          .map((row) => row.id)
          .sort(),
      )
    }
  })

  test.each([
    ['没有的单位', { name: 'x', orgId: '无此局', resource: 'households' }, 422, 'channel.no_such_organisation'],
    ['没有建库的资源', { name: 'x', orgId: '民政局', resource: 'nowhere' }, 422, 'channel.resource_not_collected'],
    ['空名', { name: ' ', orgId: '民政局', resource: 'households' }, 400, 'request.invalid'],
  ])('%s：不能建立', async (_, body, status, code) => {
    const answer = await call(center, 'POST', '/channels', body)
    expect([answer.status, answer.body.code]).toEqual([status, code])
  })

  test('of one name there is one in a department, also when two set it up at once', async () => {
    const body = { name: '同名', orgId: '民政局', resource: 'households' }
    const answers = await Promise.all([call(center, 'POST', '/channels', body), call(center, 'POST', '/channels', body)])
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409])
  })

  test('its key is exchanged without a gap, never taken from another office, and never used again', async () => {
    expect((await registered(second.publicKey)).body.keys).toHaveLength(2)
    expect((await registered(theirs.publicKey)).body.code).toBe('channel.too_many_keys')
    const withdrawn = await keep('key-withdrawals', { fingerprint: sm2Fingerprint(ours.publicKey), reason: '轮换' })
    expect(withdrawn.body.keys.map(({ withdrawnAt }: { withdrawnAt: string | null }) => withdrawnAt !== null)).toEqual([true, false])
    expect((await registered(ours.publicKey)).body.code).toBe('channel.key_known')
    expect((await registered(`04${'00'.repeat(64)}`)).body.code).toBe('channel.bad_key')
    const other = await call(center, 'POST', '/channels', { name: `卫健${names}`, orgId: '卫健委', resource: 'households' })
    const taken = await call(center, 'POST', `/channels/${other.body.id}/keys`, { version: 1, publicKey: second.publicKey })
    expect([taken.status, taken.body.code]).toEqual([409, 'channel.key_of_others'])
  })

  test('is suspended with a reason, by the center alone and at the version that was seen', async () => {
    expect((await keep('state', { state: 'suspended', reason: null })).body.code).toBe('channel.reason_missing')
    expect((await keep('state', { state: 'suspended', reason: 'x' }, steward)).status).toBe(403)
    expect((await keep('state', { state: 'suspended', reason: 'x' }, stranger)).status).toBe(404)
    expect((await call(center, 'POST', `/channels/${id}/state`, { version: 1, state: 'suspended', reason: 'x' })).body.code).toBe(
      'subject.changed_meanwhile',
    )
    expect((await suspended()).body).toMatchObject({ state: 'suspended', stateReason: '来源库迁移' })
    expect((await suspended()).body.code).toBe('channel.state_same')
    expect((await keep('state', { state: 'in-use', reason: null })).body).toMatchObject({ state: 'in-use', stateReason: null })
  })
})

describe('a batch', () => {
  test('is taken, packed or not, and the lane stands behind it', async () => {
    expect(await claimed()).toMatchObject({ epoch: 1, nextNumber: 1, structure: { key: ['i1'], version: 1 } })
    const answers = [
      await put(steward, parcel(1), lines),
      await put(steward, parcel(2), gzipSync(lines), { headers: { 'content-encoding': 'gzip' } }),
      await put(steward, parcel(3), zstdCompressSync(lines), { headers: { 'content-encoding': 'zstd' } }),
    ]
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
    expect(library.taken.map(({ text, batchId }) => [text, batchId])).toEqual([1, 2, 3].map((n) => [lines, `${id}/b${n}`]))
    const { lanes } = (await call(clerk, 'GET', `/channels/${id}`)).body
    expect(lanes).toMatchObject([{ lane: 'main', epoch: 1, lastNumber: 3, lastReceipt: { inserted: 1 }, failure: null }])
  })

  test('that is sent again has the same receipt and is written once, also when both are sent at once', async () => {
    await claimed()
    const [one, two] = await Promise.all([put(steward, parcel(1), lines), put(steward, parcel(1), lines)])
    expect([one.status, two.body]).toEqual([200, one.body])
    expect((await put(steward, parcel(1), lines)).body).toEqual(one.body)
    expect(library.taken).toHaveLength(1)
  })

  test('is not taken before the one before it, nor in place of another', async () => {
    await claimed()
    expect((await put(steward, parcel(2), lines)).body).toMatchObject({ status: 409, code: 'exchange.gap' })
    await put(steward, parcel(1), lines)
    expect((await put(steward, parcel(1, { batchId: 'other' }), lines)).body).toMatchObject({ status: 409, code: 'exchange.number_taken' })
    expect(library.taken).toHaveLength(1)
  })

  test('that overtakes the one before it waits for it; behind one that is refused nothing is taken, and the reason that is kept is that one’s', async () => {
    await claimed()
    const behind = put(steward, parcel(2), lines)
    const overtaken = put(steward, parcel(1), lines)
    expect([(await overtaken).status, (await behind).status]).toEqual([200, 200])
    expect(library.taken.map(({ batchId }) => batchId)).toEqual([`${id}/b1`, `${id}/b2`])
    library.next = new InvalidValue('libraries.batch_header', '批次不能接收。')
    const [four, three] = await Promise.all([put(steward, parcel(4), lines), put(steward, parcel(3), lines)])
    expect([three.body.code, four.body.code]).toEqual(['libraries.batch_header', 'exchange.gap'])
    const { lanes } = (await call(center, 'GET', `/channels/${id}`)).body
    expect(lanes).toMatchObject([{ lastNumber: 2, failure: { number: 3, code: 'libraries.batch_header' } }])
  })

  test('of a sender that was replaced is refused, and nobody is replaced while a batch of theirs is written', async () => {
    await claimed()
    let written: () => void = () => undefined
    library.next = new Promise<void>((resolve) => {
      written = resolve
    })
    const sending = put(steward, parcel(1), lines)
    await expect.poll(() => library.next === undefined).toBe(true)
    const replacing = claimed()
    // The claim waits for the lane that the batch holds.
    await expect.poll(lockWaits).toBe(1)
    written()
    expect((await sending).status).toBe(200)
    expect(await replacing).toMatchObject({ epoch: 2, nextNumber: 2 })
    expect((await put(steward, parcel(2), lines)).body).toMatchObject({ status: 409, code: 'exchange.superseded' })
    expect((await put(steward, parcel(2, { epoch: 3 }), lines)).body.code).toBe('exchange.epoch_unknown')
    expect((await put(steward, parcel(2, { epoch: 2 }), lines)).status).toBe(200)
  })

  test('signed by somebody else is refused by name before its body is read, and the channel’s page says so', async () => {
    await claimed()
    const foreign = await put(steward, parcel(1), lines, { by: theirs })
    expect(foreign).toMatchObject({ status: 403, body: { code: 'exchange.foreign_key' } })
    expect(foreign.body.detail).toContain(sm2Fingerprint(theirs.publicKey).slice(0, 16))
    const forged = await put(steward, parcel(1), lines, { headers: { 'tongchou-signature': 'ab'.repeat(64) } })
    expect(forged.body.code).toBe('exchange.bad_signature')
    const { lanes } = (await call(center, 'GET', `/channels/${id}`)).body
    expect(lanes[0]).toMatchObject({ lastNumber: 0, failure: { number: 1, code: 'exchange.bad_signature' } })
    expect(library.taken).toEqual([])
  })

  test('that is other than what was signed is refused', async () => {
    await claimed()
    expect((await put(steward, parcel(1), lines.replace('A', 'B'))).body.code).toBe('exchange.digest_differs')
    const cut = gzipSync(lines).subarray(0, 30)
    expect((await put(steward, parcel(1), cut, { headers: { 'content-encoding': 'gzip' } })).body.code).toBe('exchange.unpackable')
    expect((await put(steward, parcel(1), 'no zstd', { headers: { 'content-encoding': 'zstd' } })).body.code).toBe('exchange.unpackable')
    expect((await put(steward, parcel(1), lines, { headers: { 'content-encoding': 'br' } })).body.code).toBe('exchange.encoding')
  })

  test.each(['gzip', 'zstd'])('of some kilobytes that %s unpacks without end is stopped', async (encoding) => {
    await claimed()
    const endless = Buffer.alloc(65 * 1024 * 1024)
    const small = encoding === 'gzip' ? gzipSync(endless) : zstdCompressSync(endless)
    const answer = await put(steward, parcel(1, { digest: digestOf(endless) }), small, { headers: { 'content-encoding': encoding } })
    expect(answer.body).toMatchObject({ status: 422, code: 'exchange.too_large' })
    expect(library.taken).toEqual([])
  })

  test('whose token was withdrawn while it came in is not written', async () => {
    await claimed()
    gate.admitted = false
    expect((await put(steward, parcel(1), lines)).body).toMatchObject({ status: 401, code: 'exchange.token_ended' })
    expect(library.taken).toEqual([])
  })

  test('by a withdrawn key or a suspended channel is refused', async () => {
    await claimed()
    await registered(second.publicKey)
    await keep('key-withdrawals', { fingerprint: sm2Fingerprint(ours.publicKey), reason: '轮换' })
    expect((await put(steward, parcel(1), lines)).body.code).toBe('exchange.foreign_key')
    expect((await put(steward, parcel(1), lines, { by: second })).status).toBe(200)
    await suspended()
    const refused = await put(steward, parcel(2), lines, { by: second })
    expect(refused.body).toMatchObject({ code: 'exchange.suspended', detail: expect.stringContaining('来源库迁移') })
    expect(await claimed()).toMatchObject({ code: 'exchange.suspended' })
  })

  test('is sent by the department’s data steward alone; others may not, strangers cannot tell that there is a channel', async () => {
    await claimed()
    expect((await put(clerk, parcel(1), lines)).status).toBe(403)
    expect((await put(center, parcel(1), lines)).status).toBe(403)
    expect((await put(stranger, parcel(1), lines)).status).toBe(404)
    expect((await put(steward, parcel(1, { channel: randomUUID() }), lines)).status).toBe(404)
  })

  test('that finds no room is told when to come again, and the next one finds it', async () => {
    await claimed()
    let written: () => void = () => undefined
    library.next = new Promise<void>((resolve) => {
      written = resolve
    })
    const waiting = [put(steward, parcel(1), lines)]
    await expect.poll(() => library.next === undefined).toBe(true)
    waiting.push(put(steward, parcel(2), lines), put(steward, parcel(3), lines))
    // One is being written, two wait behind it.
    await expect.poll(lockWaits).toBe(2)
    const busy = await put(steward, parcel(4), lines)
    expect(busy).toMatchObject({ retryAfter: '1', body: { code: 'exchange.busy' } })
    written()
    await Promise.all(waiting)
    const { lastNumber } = (await call(center, 'GET', `/channels/${id}`)).body.lanes[0]
    expect((await put(steward, parcel(lastNumber + 1), lines)).status).toBe(200)
  })

  test('that the library refuses keeps the lane where it is, with the reason', async () => {
    await claimed()
    library.next = new InvalidValue('libraries.batch_unknown_item', '没有信息项 i9')
    expect((await put(steward, parcel(1), lines)).body.code).toBe('libraries.batch_unknown_item')
    const { lanes } = (await call(clerk, 'GET', `/channels/${id}`)).body
    expect(lanes[0]).toMatchObject({ lastNumber: 0, failure: { code: 'libraries.batch_unknown_item' } })
    expect((await put(steward, parcel(1), lines)).status).toBe(200)
  })

  test.each([
    ['tongchou-epoch', 'x', 'exchange.header'],
    ['tongchou-digest', '00', 'exchange.header'],
    ['content-type', 'application/json', 'request.not_json'],
    ['content-type', 'text/csv', 'request.media_type'],
  ])('with a header %s of %s is refused', async (name, value, code) => {
    await claimed()
    expect((await put(steward, parcel(1), lines, { headers: { [name]: value } })).body.code).toBe(code)
  })
})

describe('a channel is watched', () => {
  const quiet = { confirmedAt: null, batches: 0, rows: 0, bad: 0, openLines: 0, openSince: null }
  const watch = () => inTransaction(system(), (tx) => watchChannels(tx, ports))
  const kinds = async (as = center) => (await call(as, 'GET', `/channels/${id}`)).body.alarms.map(({ kind }: { kind: string }) => kind)
  const told = () => library.told.filter(({ subject }) => subject.id === id).map(({ kind }) => kind)
  beforeEach(() => {
    library.intakes.clear()
    library.told.length = 0
    delete library.cycle
  })

  test('late is what its catalog entry promises, counted in working days from the last data', async () => {
    // It is Monday 2026-03-02; the Saturday before was worked in place of a holiday, and the last data came then.
    const confirmedAt = new Date('2026-02-28T02:00:00Z')
    library.intakes.set(id, { ...quiet, confirmedAt })
    expect(await kinds()).toEqual([])
    library.cycle = 'daily'
    expect((await call(center, 'GET', `/channels/${id}`)).body).toMatchObject({ cycle: '每日', alarms: [] })
    // Of the Friday's data the next was due on that Saturday.
    library.intakes.set(id, { ...quiet, confirmedAt: new Date('2026-02-27T02:00:00Z') })
    expect(await kinds()).toEqual(['late'])
    library.cycle = 'weekly'
    expect(await kinds()).toEqual([])
    library.cycle = 'irregular'
    library.intakes.set(id, { ...quiet, confirmedAt: new Date('2020-01-01T00:00:00Z') })
    expect(await kinds()).toEqual([])
  })

  test('each episode is told once to whom it concerns, stands in the trail, and is over by itself', async () => {
    library.cycle = 'daily'
    library.intakes.set(id, { ...quiet, confirmedAt: new Date('2026-02-25T02:00:00Z'), openLines: 2, openSince: clock.now() })
    await Promise.all([watch(), watch()])
    await watch()
    expect(told().sort()).toEqual(['channel.late', 'channel.quarantine'])
    expect(library.told[0]?.to).toEqual([
      { duty: 'data-steward', orgId: '民政局' },
      { duty: 'big-data-center', orgId: null },
    ])
    expect((await call(center, 'GET', '/channels?alarm=late')).body.items).toMatchObject([{ id }])
    library.intakes.set(id, { ...quiet, confirmedAt: clock.now() })
    await watch()
    expect((await call(center, 'GET', '/channels?alarm=late')).body.items).toEqual([])
    library.intakes.set(id, { ...quiet, confirmedAt: new Date('2026-02-25T02:00:00Z') })
    await watch()
    expect(told().filter((kind) => kind === 'channel.late')).toHaveLength(2)
    expect(new Set(library.told.map(({ onceKey }) => onceKey)).size).toBe(library.told.length)
    const actions = (await auditOf()).map(({ action }) => action).filter((action) => action.startsWith('channel.alarm'))
    expect(actions.sort()).toEqual([...Array(2).fill('channel.alarm_ended'), ...Array(3).fill('channel.alarm_raised')])
  })

  test('what is refused is kept by batch and reason, alarms until a batch is taken, and no alarm is of a suspended channel', async () => {
    await claimed()
    for (let times = 0; times < 3; times++) await put(steward, parcel(1), lines, { by: theirs })
    await put(steward, parcel(2), lines)
    const { body } = await call(center, 'GET', `/channels/${id}`)
    expect(body).toMatchObject({ refusedToday: 2, alarms: [{ kind: 'failing' }] })
    expect(body.refusals.map(({ number, code, times }: Record<string, unknown>) => [number, code, times]).sort()).toEqual([
      [1, 'exchange.foreign_key', 3],
      [2, 'exchange.gap', 1],
    ])
    await suspended()
    expect(await kinds()).toEqual([])
    await keep('state', { state: 'in-use', reason: null })
    expect(await kinds()).toEqual(['failing'])
    await put(steward, parcel(1), lines)
    expect(await kinds()).toEqual([])
    expect((await call(center, 'GET', `/channels/${id}`)).body.refusals).toHaveLength(2)
  })

  test('the monitor counts all, shows what is wrong, and is not the departments’', async () => {
    library.intakes.set(id, { ...quiet, batches: 2, rows: 7, bad: 3, openLines: 3, openSince: clock.now() })
    const { body } = await call(auditor, 'GET', '/channel-monitor')
    const { items } = (await call(center, 'GET', '/channels?limit=200')).body
    expect(body).toMatchObject({ channels: items.length, quarantine: 1, rowsToday: 7, badToday: 3, openLines: 3, batchesToday: 2 })
    expect(body.lines.find((line: { id: string }) => line.id === id)).toMatchObject({
      alarms: [{ kind: 'quarantine', detail: '3 条问题数据待处理' }],
    })
    expect((await call(steward, 'GET', '/channel-monitor')).status).toBe(403)
  })

  test('has brought the data of its resource once a batch is taken, and no longer when it is suspended', async () => {
    await owner.query("update exchange.channel set state = 'suspended', state_reason = '停用' where id <> $1", [id])
    expect(await isBrought(system(), 'households')).toBe(false)
    await claimed()
    expect(await isBrought(system(), 'households')).toBe(false)
    await put(steward, parcel(1), lines)
    expect(await isBrought(system(), 'households')).toBe(true)
    await suspended()
    expect(await isBrought(system(), 'households')).toBe(false)
  })

  test('one that runs stands against withdrawing the entry of its resource', async () => {
    const name = `通道${names}`
    expect(await channelsRelyOn(system(), 'households')).toContainEqual({
      message: `交换通道“${name}”在用`,
      cure: '请市大数据中心停用该通道后再撤销',
    })
    await suspended()
    expect((await channelsRelyOn(system(), 'households')).map(({ message }) => message).join()).not.toContain(`“${name}”`)
    expect(await channelsRelyOn(system(), 'nowhere')).toEqual([])
  })
})

describe('a channel is held against its source', () => {
  const question = { wants: 'digests', nonce: '0'.repeat(32), by: 'hashes', bits: 8, within: null }
  let run = ''
  const begin = (change: Partial<Parameters<typeof ask>[1]> = {}, as = steward, options = {}) =>
    ask(
      as,
      { channel: id, epoch: 1, batchId: run, number: 1, path: '', body: { id: run, follows: null, by: 'hashes' }, ...change },
      options,
    )
  const questions = (number: number, change: Partial<Parameters<typeof ask>[1]> = {}, as = steward, options = {}) =>
    ask(as, { channel: id, epoch: 1, batchId: run, number, path: `/${run}/questions`, body: question, ...change }, options)
  const end = (number: number, found: object = {}) => {
    const none = { onlySource: 0, onlyCenter: 0, different: 0, quarantined: 0, moving: 0 }
    const body = { ...none, seq: 7, compared: 3, bytes: 900, repair: 'none', differences: [], ...found }
    return ask(steward, { channel: id, epoch: 1, batchId: run, number, path: `/${run}/result`, body })
  }
  /** A whole run, and what the channel shows of it. */
  const ran = async (found: object = {}, follows: string | null = null) => {
    run = randomUUID()
    clock.tick()
    await begin({ body: { id: run, follows, by: 'hashes' } })
    await end(2, found)
    return run
  }
  beforeEach(async () => {
    // Others of the resource would send it too.
    await owner.query("update exchange.channel set state = 'suspended', state_reason = 'x' where id <> $1", [id])
    run = randomUUID()
    await claimed()
  })

  test('by its own department, signed and counted: nobody else learns that there is anything to ask', async () => {
    expect((await begin()).body).toMatchObject({ id: run, seq: 7, structure: { key: ['i1'] } })
    expect((await questions(2)).body).toMatchObject({ seq: 7, digests: [[1, 1, 'ab'.repeat(16)]], rows: [] })
    expect((await questions(3, { body: { ...question, wants: 'rows', within: [1] } })).body.rows).toEqual([
      ['A', 'ab'.repeat(16), false, false],
    ])
    // A lost answer is asked for again; a question out of its turn is none.
    expect([(await questions(3)).status, (await questions(5)).body.code]).toEqual([200, 'exchange.reconcile_gap'])
    expect((await questions(4, {}, stranger)).status).toBe(404)
    expect((await questions(4, {}, center)).status).toBe(403)
    expect((await questions(4, {}, steward, { by: theirs })).body.code).toBe('exchange.foreign_key')
    expect((await questions(4, {}, steward, { signed: { ...question, bits: 16 } })).body.code).toBe('exchange.digest_differs')
    expect((await questions(4, {}, steward, { format: 'tongchou-parcel-1' })).body.code).toBe('exchange.bad_signature')
    expect((await questions(4, { batchId: randomUUID() })).body.code).toBe('exchange.digest_differs')
    expect((await questions(4, { epoch: 2 })).body.code).toBe('exchange.epoch_unknown')
    expect((await questions(4, { body: { ...question, wants: 'rows' } })).body.code).toBe('exchange.reconcile_all_rows')
    await claimed()
    expect((await questions(4)).body.code).toBe('exchange.superseded')
    await suspended()
    expect((await questions(4, { epoch: 2 })).body.code).toBe('exchange.suspended')
    const { rows } = await owner.query('select action from kernel.audit_event where subject_id = $1 and outcome = $2 order by seq', [
      run,
      'done',
    ])
    expect(rows.map(({ action }) => action)).toEqual(['channel.reconcile_begun', ...Array(3).fill('channel.reconcile_asked')])
  })

  test('what was found is listed for who may read the channel, and told once more as the same', async () => {
    await begin()
    const differences = [
      { kind: 'only-source', key: 'A' },
      { kind: 'different', key: 'B' },
    ]
    const result = { onlySource: 1, different: 1, quarantined: 2, repair: 'sent', differences }
    const first = await end(2, result)
    expect([first.status, (await end(2, result)).body]).toEqual([200, first.body])
    expect((await end(3, result)).body.code).toBe('exchange.reconcile_ended')
    const { body } = await call(auditor, 'GET', `/channels/${id}/reconciliations`)
    expect(body.items).toMatchObject([{ seq: 7, compared: 3, onlySource: 1, onlyCenter: 0, different: 1, quarantined: 2, repair: 'sent' }])
    const listed = (kind: string) => call(clerk, 'GET', `/channels/${id}/reconciliations/${run}/differences${kind}`)
    expect((await listed('')).body.items).toEqual([
      { number: 1, ...differences[0], withheld: false },
      { number: 2, ...differences[1], withheld: false },
    ])
    expect((await listed('?kind=different')).body.items).toMatchObject([{ key: 'B' }])
    expect((await call(stranger, 'GET', `/channels/${id}/reconciliations/${run}/differences`)).status).toBe(404)
    expect((await call(steward, 'GET', `/channels/${id}/reconciliations/${randomUUID()}/differences`)).status).toBe(404)
    const told = (await auditOf()).filter(({ action }) => action === 'channel.reconciled')
    expect(told).toMatchObject([{ detail: { onlySource: 1, repair: 'sent', seq: 7 } }])
  })

  test('a difference that stands after its repair alarms until a run is clean, and then all are marked as repaired', async () => {
    const kinds = async () => {
      await inTransaction(system(), (tx) => watchChannels(tx, ports))
      return (await call(center, 'GET', `/channels/${id}`)).body.alarms.map(({ kind }: { kind: string }) => kind)
    }
    const first = await ran({ different: 1, repair: 'sent' })
    expect(await kinds()).toEqual([])
    await ran({ different: 1, repair: 'sent' }, first)
    library.told.length = 0
    expect([await kinds(), await kinds()]).toEqual([['unreconciled'], ['unreconciled']])
    expect(library.told.map(({ kind, title }) => [kind, title])).toEqual([['channel.unreconciled', `通道“通道${names}”对账差异未修复`]])
    expect((await call(center, 'GET', '/channel-monitor')).body).toMatchObject({ unreconciled: 1 })
    await ran()
    expect(await kinds()).toEqual([])
    const { items } = (await call(center, 'GET', `/channels/${id}/reconciliations`)).body
    expect(items.map(({ repairedAt }: { repairedAt: string | null }) => repairedAt !== null)).toEqual([false, true, true])
    // What waits for a person alarms at once.
    await ran({ onlyCenter: 500, repair: 'held' })
    expect(await kinds()).toEqual(['unreconciled'])
  })

  test('a sender that says how often it reconciles, and does not for twice as long, alarms until it has done so again', async () => {
    const claims = (body: object) => call(steward, 'POST', `/channels/${id}/lanes/main/epochs`, body)
    const alarms = async () => {
      await inTransaction(system(), (tx) => watchChannels(tx, ports))
      return (await call(center, 'GET', `/channels/${id}`)).body.alarms.filter(({ kind }: { kind: string }) => kind === 'reconcile-late')
    }
    const hoursLater = (hours: number) => clock.set(new Date(clock.now().getTime() + hours * 3_600_000))
    for (const wrong of [0, 1.5, 'daily', 9000, -24]) expect((await claims({ reconcileHours: wrong })).status).toBe(400)
    // Who says nothing of it, or that it does not, promises nothing: senders of before, and sources that only add.
    hoursLater(1000)
    expect(await alarms()).toEqual([])
    await claims({ reconcileHours: null })
    hoursLater(1000)
    expect(await alarms()).toEqual([])

    const began = clock.now()
    await claims({ reconcileHours: 24 })
    hoursLater(47)
    expect(await alarms()).toEqual([])
    hoursLater(2)
    library.told.length = 0
    const since = new Date(began.getTime() + 48 * 3_600_000).toISOString()
    expect([...(await alarms()), ...(await alarms())]).toEqual(
      Array(2).fill({ kind: 'reconcile-late', since, detail: '前置程序每日对账一次，至今没有完成过对账' }),
    )
    expect(library.told.filter(({ kind }) => kind === 'channel.reconcile-late')).toHaveLength(1)
    expect((await call(center, 'GET', '/channel-monitor')).body).toMatchObject({ reconcileLate: 1 })
    expect((await call(center, 'GET', '/channels?alarm=reconcile-late')).body.items.map((one: { id: string }) => one.id)).toEqual([id])

    // A run that ended cures it, one that was only begun does not; then it counts from that run, also over a new start.
    const last = (await claims({ reconcileHours: 24 })).body.epoch
    run = randomUUID()
    await ask(steward, { channel: id, epoch: last, batchId: run, number: 1, path: '', body: { id: run, follows: null, by: 'hashes' } })
    expect(await alarms()).toHaveLength(1)
    const none = { onlySource: 0, onlyCenter: 0, different: 0, quarantined: 0, moving: 0, seq: 7, compared: 3, bytes: 9 }
    const body = { ...none, repair: 'none', differences: [] }
    await ask(steward, { channel: id, epoch: last, batchId: run, number: 2, path: `/${run}/result`, body })
    expect(await alarms()).toEqual([])
    hoursLater(47)
    await claims({ reconcileHours: 24 })
    hoursLater(2)
    expect((await alarms()).map(({ detail }: { detail: string }) => detail)).toEqual(['前置程序每日对账一次，已超过两个周期没有完成对账'])
    await suspended()
    expect(await alarms()).toEqual([])
  })

  test('not where another lane or channel brings the same resource: whose record is gone could not be told', async () => {
    await put(steward, parcel(1), lines)
    expect((await begin()).status).toBe(201)
    await call(steward, 'POST', `/channels/${id}/lanes/other/epochs`, {})
    await put(steward, parcel(1, { lane: 'other', batchId: 'o1' }), lines)
    run = randomUUID()
    expect((await begin()).body).toMatchObject({ code: 'exchange.reconcile_several', detail: expect.stringContaining('发送线 other') })
  })
})
