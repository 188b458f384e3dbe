import { type Actor, type Ctx, keyRingOf, newKeys, syntheticCitizenId, systemActor } from '@tongchou/kernel'
import type { ResourceDefinition } from '@tongchou/records'
import { testDatabase } from '@tongchou/testing'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { correctLine, discard, judgeCorrection } from './correct.service.ts'
import { installResource } from './installer.ts'
import { batchesOf, intakeOf } from './intake.store.ts'
import type { LibrariesPorts } from './ports.ts'
import { lookAtLine, quarantineGroups, quarantinePage, readableLine, viewLine } from './quarantine.view.ts'
import { receiveBatch } from './receive.service.ts'
import { recordsRelyOn } from './reliance.ts'
import { keysForList, lookAtKeys } from './shown-key.ts'

const { db, pool, owner } = await testDatabase()
const at = new Date('2026-11-29T02:00:00Z')
const items: ResourceDefinition['items'] = [
  { id: 'i1', title: '家庭编号', type: { kind: 'text', length: 6 }, required: true },
  { id: 'i2', title: '公民身份号码', type: { kind: 'citizen-id' }, required: true },
  { id: 'i3', title: '月收入', type: { kind: 'money' }, required: false },
]
const grades = items.map(({ id }) => ({
  id,
  sensitivity: id === 'i2' ? 'sensitive-personal' : 'general',
  masking: id === 'i2' ? 'middle' : null,
}))
const ports = {
  catalog: { registered: async () => [{ content: { items: grades } }] },
  organisations: { organisations: async () => new Map([['civil-affairs', { name: '市民政局' }]]) },
  senders: { namesOf: async () => new Map([['channel-1', '民政低保通道']]) },
  writing: pool,
  keys: keyRingOf(newKeys()),
} as unknown as LibrariesPorts
const as = (orgId: string, role: string): Ctx => {
  const actor: Actor = { ...systemActor, name: '张三', orgId, orgName: orgId, roles: new Set([role]) }
  return { db, actor, now: () => at, requestId: 'test', inside: false }
}
const steward = as('civil-affairs', 'data-steward')
const center = as('big-data-center', 'big-data-center')
const stranger = as('health', 'data-steward')
const purpose = { kind: 'quality', note: '核对退回数据' } as const

let resource = ''
let number = 0
let person = ''
beforeAll(() => {
  person = syntheticCitizenId('150302', '1964-10-21')
})
beforeEach(() => install(`q${++number}`))

async function install(name: string, kind: ResourceDefinition['kind'] = 'state', key: ResourceDefinition['key'] = ['i1']) {
  resource = name
  const client = await owner.connect()
  await installResource(client, { resource, version: 1, title: '低保家庭', kind, key, items }, at)
  client.release()
  await owner.query(
    `insert into libraries.installation (resource, title, org_id, version, state, reasons, tries, tried_at)
     values ($1, '低保家庭', 'civil-affairs', 1, 'installed', '[]', 1, now())`,
    [resource],
  )
}

let batches = 0
async function send(...lines: unknown[]) {
  const text = [{ format: 1, schema: 1, items: ['i1', 'i2', 'i3'] }, ...lines].map((line) => JSON.stringify(line)).join('\n')
  return receiveBatch(pool, { resource, batchId: `b${++batches}`, text, receivedBy: 'channel-1', receivedAt: at })
}
const lines = async (state: 'all' | 'open' = 'all', reader = steward) =>
  (await quarantinePage(reader, ports, { state, resourceId: resource, sort: 'number' })).items
const states = async () => (await lines()).map(({ key, state }) => [key, state])
const lineOf = async (key: string | null) => (await lines('open')).find((line) => line.key === key)?.id ?? ''
const records = async () => {
  const { rows } = await owner.query('select number from libraries.resource where resource = $1', [resource])
  return (await owner.query(`select i1, i2, i3 from library_data.r_${rows[0].number} order by 1`)).rows
}
const correct = async (id: string, values: Record<string, string | null>, reader = steward) =>
  correctLine(reader, ports, await readableLine(reader, id), { values, note: '经核对原始表' })
const auditOf = async (id: string) =>
  (await owner.query('select action, detail from kernel.audit_event where subject_id = $1 order by seq', [id])).rows

describe('what was set aside leaves the quarantine by data', () => {
  test('when a good line of the same key comes, changed or not, when the source deletes it, and when it comes again as bad', async () => {
    await send(['A', person, 'x'], ['B', person, 'x'], ['C', person, 'x'], ['D', person, 'x'])
    expect(await states()).toEqual(['A', 'B', 'C', 'D'].map((key) => [key, 'open']))
    await send(['A', person, 1], { delete: ['B'] }, ['C', person, 'y'])
    expect(await states()).toEqual([
      ['A', 'resent'],
      ['B', 'removed'],
      ['C', 'superseded'],
      ['D', 'open'],
      ['C', 'open'],
    ])
    // As it was before its mistake: nothing is written, and the source is right again.
    await send(['A', person, 'z'])
    expect(await send(['A', person, 1])).toMatchObject({ unchanged: 1 })
    expect((await lines('open')).map(({ key }) => key)).toEqual(['D', 'C'])
    expect((await lines()).find(({ key }) => key === 'B')?.closing).toBe(`批次 b${batches - 2}`)
  })

  test('within one batch the later line counts, and another resource is not touched', async () => {
    await send(['A', person, 'x'], ['A', person, 1], ['B', person, 1], ['B', person, 'x'])
    expect(await states()).toEqual([
      ['A', 'resent'],
      ['B', 'open'],
    ])
    const first = resource
    await install(`q${++number}`)
    await send(['B', person, 2])
    resource = first
    expect((await lines('open')).map(({ key }) => key)).toEqual(['B'])
  })

  test('a key that is none is known by what the source calls it; a line without any stays until somebody has looked', async () => {
    await send(['TOO-LONG', person, 1], [null, person, 1])
    await send(['TOO-LONG', person, 2])
    await send(['A', person, 1], { delete: ['TOO-LONG'] })
    expect((await lines()).map(({ line, state }) => [line, state])).toEqual([
      [2, 'superseded'],
      [3, 'open'],
      [2, 'removed'],
      [3, 'removed'],
    ])
  })

  test('an event that is told otherwise stays until it is told as it was', async () => {
    await install(`q${++number}`, 'event')
    await send(['A', person, 1])
    await send(['A', person, 2])
    expect(await lines('open')).toMatchObject([{ key: 'A', problems: [{ itemTitle: '整行', rule: 'event-changed' }] }])
    await expect(correct(await lineOf('A'), { i3: '3' })).rejects.toMatchObject({ code: 'quarantine.refused' })
    await send(['A', person, 1])
    expect(await lines('open')).toEqual([])
  })

  test('what a sender brought and has waiting is counted; a batch of bad lines alone confirms nothing, one without a line does', async () => {
    const today = new Date('2026-11-28T16:00:00Z')
    const of = async () => (await intakeOf(center, [sender], today)).get(sender)
    const sender = `channel-of-${resource}`
    expect(await of()).toMatchObject({ confirmedAt: null, batches: 0, openLines: 0, openSince: null })
    const from = async (receivedAt: Date, ...given: unknown[]) => {
      const text = [{ format: 1, schema: 1, items: ['i1', 'i2', 'i3'] }, ...given].map((line) => JSON.stringify(line)).join('\n')
      await receiveBatch(pool, { resource, batchId: `b${++batches}`, text, receivedBy: sender, receivedAt })
    }
    await from(new Date('2026-11-28T01:00:00Z'), ['A', person, 1])
    await from(at, ['A', person, 'x'], ['B', person, 'x'])
    expect(await of()).toMatchObject({
      confirmedAt: new Date('2026-11-28T01:00:00Z'),
      batches: 1,
      rows: 2,
      bad: 2,
      openLines: 2,
      openSince: at,
    })
    await from(at)
    expect(await of()).toMatchObject({ confirmedAt: at, batches: 2 })
    await from(at, ['A', person, 1])
    expect(await of()).toMatchObject({ openLines: 1 })
    const page = await batchesOf(center, sender, { limit: 3 })
    expect([page.items.map(({ rows }) => rows), page.nextCursor === null]).toEqual([[1, 0, 2], false])
    expect((await batchesOf(center, sender, { limit: 3, cursor: page.nextCursor ?? '' })).items).toHaveLength(1)
  })
})

describe('a line is corrected here', () => {
  test('item by item, judged by the same checks, and written as a batch of its own with audit and evidence', async () => {
    await send(['A', '150302196410210001', 'x'])
    const id = await lineOf('A')
    const row = await readableLine(steward, id)
    expect((await judgeCorrection(steward, row, { i3: '12' })).problems).toMatchObject([{ itemTitle: '公民身份号码', rule: 'citizen-id' }])
    await expect(correct(id, { i3: '12' })).rejects.toMatchObject({ code: 'quarantine.still_bad', fields: [{ path: 'values/i2' }] })
    await correct(id, { i2: person, i3: '12' })
    expect(await records()).toEqual([{ i1: 'A', i2: person, i3: '12' }])
    expect(await viewLine(steward, ports, await readableLine(steward, id))).toMatchObject({
      state: 'corrected',
      closing: 'civil-affairs 张三：经核对原始表',
      mayDo: [],
    })
    expect(await auditOf(id)).toMatchObject([{ action: 'quarantine.corrected', detail: { items: ['i2', 'i3'], resource, line: 2 } }])
    const { rows } = await owner.query('select 1 from kernel.evidence_leaf where subject = $1', [`${resource}/correction/${id}`])
    expect(rows).toHaveLength(1)
    // The same once more has its answer; other values come too late.
    await correct(id, { i2: person, i3: '12' })
    await expect(correct(id, { i2: person, i3: '13' })).rejects.toMatchObject({ code: 'quarantine.closed' })
    expect(await records()).toEqual([{ i1: 'A', i2: person, i3: '12' }])
  })

  test('never over what came meanwhile, nor over another record', async () => {
    await send(['A', person, 'x'], ['TOO-LONG', person, 5], ['B', person, 7])
    const row = await readableLine(steward, await lineOf('A'))
    // The source was quicker: the page still shows the line.
    await send(['A', person, 1])
    await expect(correctLine(steward, ports, row, { values: { i3: '9' }, note: 'x' })).rejects.toMatchObject({
      code: 'quarantine.closed',
      message: `该行已由来源在批次 b${batches} 中更正，未再写入。`,
    })
    await expect(correct(await lineOf('TOO-LONG'), { i1: 'B' })).rejects.toMatchObject({ code: 'quarantine.key_taken' })
    await correct(await lineOf('TOO-LONG'), { i1: 'C' })
    expect((await records()).map(({ i1, i3 }) => [i1, i3])).toEqual([
      ['A', '1'],
      ['B', '7'],
      ['C', '5'],
    ])
  })

  test('by two at once: one of them stands, and the other is told', async () => {
    await send(['A', person, 'x'])
    const id = await lineOf('A')
    const row = await readableLine(steward, id)
    const both = await Promise.allSettled(['1', '2'].map((i3) => correctLine(steward, ports, row, { values: { i3 }, note: 'x' })))
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(both.find((one) => one.status === 'rejected')?.reason).toMatchObject({ code: 'quarantine.closed' })
    expect(await records()).toHaveLength(1)
  })

  test('by the provider alone; what is no record of values is resent or discarded', async () => {
    await send(['A', person, 'x'], ['B', person], { delete: [null] })
    const id = await lineOf('A')
    await expect(correct(id, { i3: '1' }, center)).rejects.toMatchObject({ code: 'quarantine.not_provider' })
    await expect(readableLine(stranger, id)).rejects.toMatchObject({ status: 404 })
    const shapeless = (await lines('open')).filter(({ key }) => key === null)
    for (const line of shapeless) {
      expect((await viewLine(steward, ports, await readableLine(steward, line.id))).mayDo).toEqual(['discard'])
      await expect(correct(line.id, {})).rejects.toMatchObject({ code: 'quarantine.not_correctable' })
    }
    await expect(correct(id, { i9: '1' })).rejects.toMatchObject({ code: 'libraries.unknown_item' })
    await discard(steward, await readableLine(steward, id), { reason: '测试数据，不入库' })
    await expect(discard(steward, await readableLine(steward, id), { reason: 'x' })).rejects.toMatchObject({ code: 'quarantine.closed' })
    expect((await auditOf(id)).map(({ action }) => action)).toEqual(['quarantine.discarded'])
  })
})

describe('a line is looked at', () => {
  test('whole by its provider, masked by the center, with a purpose by both, and each person is written down', async () => {
    await send(['A', person, 'x'], ['B', person])
    const id = await lineOf('A')
    const row = await readableLine(steward, id)
    await expect(lookAtLine(steward, ports, row, {})).rejects.toMatchObject({ code: 'libraries.purpose_missing' })
    const own = await lookAtLine(steward, ports, row, { purpose })
    expect(own.values.map(({ value }) => value)).toEqual(['A', person, 'x'])
    const seen = await lookAtLine(center, ports, row, { purpose })
    expect(JSON.stringify(seen)).not.toContain(person)
    expect(seen.values[1]).toMatchObject({ masked: true })
    const { rows } = await owner.query('select org_id from libraries.person_look where resource = $1 order by seq', [resource])
    expect(rows.map(({ org_id }) => org_id)).toEqual(['civil-affairs', 'big-data-center'])
    const shapeless = await readableLine(steward, await lineOf(null))
    expect((await lookAtLine(steward, ports, shapeless, { purpose })).text).toContain(person)
    expect((await lookAtLine(center, ports, shapeless, { purpose })).text).toBeNull()
    // No list tells a value.
    expect(JSON.stringify([await lines('all', center), await quarantineGroups(center)])).not.toContain(person)
  })

  test('in groups by reason, and for nobody else', async () => {
    await send(['A', person, 'x'], ['B', person, 'y'])
    await send(['C', person, 'x'])
    const { groups } = await quarantineGroups(steward)
    expect(groups.filter((group) => group.resource.id === resource)).toMatchObject([
      { itemTitle: '月收入', rule: 'type', message: '“月收入”不是整数', count: 3, batches: 2 },
    ])
    expect((await quarantineGroups(stranger)).groups).toEqual([])
    expect(await lines('all', stranger)).toEqual([])
  })
})

test('records that are held stand against withdrawing their entry until the source has taken them back; events stand against nothing', async () => {
  expect(await recordsRelyOn(center, resource)).toEqual([])
  await send(['A', person, 1])
  expect(await recordsRelyOn(center, resource)).toMatchObject([{ message: '基础库存有该资源的数据' }])
  await send({ delete: ['A'] })
  expect(await recordsRelyOn(center, resource)).toEqual([])
  await install(`q${++number}`, 'event')
  await send(['A', person, 1])
  expect([await recordsRelyOn(center, resource), await recordsRelyOn(center, 'nowhere')]).toEqual([[], []])
})

describe('keys of records are listed', () => {
  const listed = async (reader: Ctx, key: string) => (await keysForList(reader, ports, resource))(key)
  const looks = async () =>
    (await owner.query('select org_id, note from libraries.person_look where resource = $1 order by seq', [resource])).rows

  test('as the view shows them, to who may see the records; of several items none where one is a person’s number', async () => {
    expect([await listed(steward, 'A'), await listed(center, 'A'), await listed(stranger, 'A')]).toEqual(['A', 'A', null])
    await install(`q${++number}`, 'state', ['i1', 'i2'])
    expect([await listed(steward, JSON.stringify(['A', person])), await listed(steward, 'A')]).toEqual([null, null])
    expect(await lookAtKeys(steward, ports, resource, [JSON.stringify(['A', person]), 'A'], purpose)).toEqual([`A、${person}`, null])
  })

  test('a person’s number to nobody but who says what for: whole to its provider, masked to the center, each look written down', async () => {
    await install(`q${++number}`, 'state', ['i2'])
    expect([await listed(steward, person), await listed(center, person)]).toEqual([null, null])
    await expect(lookAtKeys(steward, ports, resource, [person], undefined)).rejects.toMatchObject({ code: 'libraries.purpose_missing' })
    await expect(lookAtKeys(stranger, ports, resource, [person], purpose)).rejects.toMatchObject({ status: 403 })
    expect(await looks()).toEqual([])
    expect(await lookAtKeys(steward, ports, resource, [person], purpose)).toEqual([person])
    const [masked] = await lookAtKeys(center, ports, resource, [person], purpose)
    expect(masked).not.toBe(person)
    expect(await looks()).toEqual([
      { org_id: 'civil-affairs', note: purpose.note },
      { org_id: 'big-data-center', note: purpose.note },
    ])
  })
})
