import { createHash } from 'node:crypto'
import { type Receipt as EvidenceReceipt, receiptFile, verifyReceipt } from '@tongchou/evidence'
import { receiveBatch } from '@tongchou/libraries'
import { testDatabase } from '@tongchou/testing'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { resourceEntry } from './authorization-matrix.world.ts'
import { deskOf } from './testing/desk.ts'
import { smallCity } from './testing/small-city.ts'

const database = await testDatabase()
const { db, pool, owner, connection } = database
const city = await smallCity(db, undefined, undefined, [], null, connection)
const desk = deskOf(city)
const errors: Error[] = []
let stop = async () => {}

interface Line {
  id: string
  title: string
  state: string
  reasons: string[]
  tries: number
  structure: number | null
  mayRetry: boolean
}
interface Entry {
  id: string
  version: number
  content: Record<string, unknown> & { items: (Record<string, unknown> & { id: string; name: string })[] }
  gaps: { path: string; message: string }[]
  cases: { caseId: string }[]
}

const duties = Object.fromEntries(
  ['handledBy', 'usedBy', 'managedBy', 'archivedBy', 'answersFor'].map((duty) => [duty, { orgId: 'civil-affairs', post: '社会救助科' }]),
)

/** The clerk introduces a resource of the pack, and the steward completes it. */
async function introduced(resource: string): Promise<Entry> {
  const clerk = await city.as('clerk')
  const made = await clerk.post<{ id: string }>(`/api/v1/resource-packs/social-assistance/resources/${resource}/drafts`)
  expect(made.status).toBe(201)
  const { body } = await clerk.get<Entry>(`/api/v1/catalog/resources/${made.body.id}`)
  return body
}

async function completed(entry: Entry, change: (content: Entry['content']) => object = () => ({})): Promise<Entry> {
  const steward = await city.as('steward')
  const content = {
    ...entry.content,
    classCode: '30700101',
    class: 'department',
    providerCode: String(resourceEntry('x').providerCode),
    duties,
  }
  const { body, status } = await steward.put<Entry>(`/api/v1/catalog/resources/${entry.id}`, {
    ...{ secrecy: false, version: entry.version, ...content },
    ...change(content as Entry['content']),
  })
  expect([status, body]).toEqual([200, expect.anything()])
  return body
}

async function submitted(entry: Entry): Promise<{ caseId: string }> {
  const steward = await city.as('steward')
  const { status, body } = await steward.post<Entry>(`/api/v1/catalog/resources/${entry.id}/submission`, { version: entry.version })
  expect([status, body]).toEqual([200, expect.anything()])
  return body.cases.at(-1) ?? { caseId: '' }
}

async function registered(entry: Entry): Promise<void> {
  const { caseId } = await submitted(entry)
  await desk.decide('leader', caseId, 'sign')
  await desk.decide('secrecy', caseId, 'pass')
  await desk.decide('center', caseId, 'approve')
  await desk.decide('center2', caseId, 'register')
}

const lineOf = async (id: string) =>
  (await (await city.as('center')).get<{ items: Line[] }>('/api/v1/libraries')).body.items.find((one) => one.id === id)
const built = (id: string, state = 'installed') =>
  vi.waitFor(async () => expect(await lineOf(id)).toMatchObject({ state }), { timeout: 60_000, interval: 200 })

let household: Entry
beforeAll(async () => {
  household = await completed(await introduced('household'))
  await registered(household)
  // Registered while no runner was there, as after a crash between the registration and the building.
  expect(await lineOf(household.id)).toBeUndefined()
  const runner = await city.runner.start({ pool, db, clock: city.clock, onError: (error) => errors.push(error) })
  stop = () => runner.stop()
  await built(household.id)
})
afterAll(() => stop())

describe('a resource of a pack', () => {
  test('begins as a draft with the pack’s item ids, and what only the department knows is still to be said', async () => {
    const draft = await introduced('member')
    expect(draft.content.items.slice(0, 2)).toMatchObject([
      { id: 'i1', name: '家庭编号', isKey: true },
      { id: 'i2', name: '公民身份号码', sensitivity: 'sensitive-personal', masking: 'middle' },
    ])
    expect(draft.gaps.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['classCode', 'providerCode', 'duties.handledBy'.replace('.', '/')]),
    )
    expect(draft.gaps.filter(({ path }) => path.startsWith('items'))).toEqual([])
  })

  test('is introduced once by a unit, by who compiles, and only from what there is', async () => {
    const path = '/api/v1/resource-packs/social-assistance/resources/household/drafts'
    expect(await (await city.as('clerk')).post(path)).toMatchObject({ status: 409, body: { code: 'catalog.duplicate_name' } })
    expect((await (await city.as('secrecy')).post(path)).status).toBe(403)
    expect((await (await city.as('clerk')).post(path.replace('household', 'nothing'))).status).toBe(404)
    const { rows } = await owner.query("select detail from kernel.audit_event where action = 'library.introduced' and subject_id = $1", [
      household.id,
    ])
    expect(rows).toMatchObject([{ detail: { pack: 'social-assistance', packResource: 'household', packVersion: '1.0.0' } }])
  })

  test('has a typed table with the pack’s checks once it is registered, also when the runner was away then', async () => {
    const { rows } = await owner.query(`select definition from libraries.structure where resource = $1`, [household.id])
    expect(rows[0].definition).toMatchObject({
      kind: 'state',
      key: ['i1'],
      items: expect.arrayContaining([{ id: 'i3', title: '申请人公民身份号码', type: { kind: 'citizen-id' }, required: true }]),
      rules: expect.arrayContaining([expect.objectContaining({ id: 'q2', rule: 'range', item: 'i10' })]),
    })
    expect(errors).toEqual([])
  })
})

describe('a batch', () => {
  const send = (batchId: string, ...lines: unknown[]) => {
    const items = household.content.items.map(({ id }) => id)
    const text = [JSON.stringify({ format: 1, schema: household.version + 99, items }), ...lines.map((line) => JSON.stringify(line))].join(
      '\n',
    )
    return receiveBatch(pool, { resource: household.id, batchId, text, receivedBy: 'test', receivedAt: city.clock.now() })
  }
  const row = (no: string, headcount: unknown = 2) => [
    ...[
      no,
      '150302',
      '150302196410210000',
      '郝磊爱',
      '1',
      'A',
      null,
      '2026-01-14',
      '2026-02-05',
      headcount,
      1000,
      90000,
      '2026-02-17T21:36:31+08:00',
    ],
  ]

  test('commits with its audit row and its leaf, and its receipt is proved offline from what the provider reads', async () => {
    const structure = (await lineOf(household.id))?.structure
    const items = household.content.items.map(({ id }) => id)
    const text = [JSON.stringify({ format: 1, schema: structure, items }), JSON.stringify(row('DB1')), JSON.stringify(row('DB2', 99))].join(
      '\n',
    )
    const batch = { resource: household.id, batchId: 'batch-1', text, receivedBy: 'channel-1', receivedAt: city.clock.now() }
    const receipt = await receiveBatch(pool, batch)
    expect(receipt).toMatchObject({ inserted: 1, bad: 1 })
    expect(await receiveBatch(pool, batch)).toEqual(receipt)
    const { rows: audit } = await owner.query("select detail, subject_id from kernel.audit_event where action = 'library.batch_received'")
    expect(audit).toMatchObject([
      { subject_id: `${household.id}/batch-1`, detail: { receivedBy: 'channel-1', inserted: 1, bad: 1, digest: receipt.digest } },
    ])
    await city.sealer.sealNow()
    const steward = await city.as('steward')
    const { body } = await steward.get<{ items: { leaf: string; receiptText: string }[] }>(`/api/v1/libraries/${household.id}/batches`)
    const [line] = body.items
    const proof = await steward.get<EvidenceReceipt>(`/api/v1/evidence/leaves/${line?.leaf}/receipt`)
    expect([proof.status, verifyReceipt(receiptFile(proof.body)).holds]).toEqual([200, true])
    expect(proof.body.leaf.digest).toBe(
      createHash('sm3')
        .update(line?.receiptText ?? '')
        .digest('hex'),
    )
    expect(JSON.parse(line?.receiptText ?? '')).toEqual(receipt)
    for (const seat of ['stranger', 'clerk', 'drc'] as const) {
      expect((await (await city.as(seat)).get(`/api/v1/evidence/leaves/${line?.leaf}/receipt`)).status, seat).toBe(404)
      expect((await (await city.as(seat)).get(`/api/v1/libraries/${household.id}/batches`)).status, seat).toBe(404)
    }
  })

  test('that cannot be attested is not there', async () => {
    await owner.query('alter table kernel.evidence_leaf rename to evidence_leaf_gone')
    try {
      const structure = (await lineOf(household.id))?.structure
      const items = household.content.items.map(({ id }) => id)
      const text = `${JSON.stringify({ format: 1, schema: structure, items })}\n${JSON.stringify(row('DB3'))}`
      const batch = { resource: household.id, batchId: 'batch-2', text, receivedBy: 'channel-1', receivedAt: city.clock.now() }
      await expect(receiveBatch(pool, batch)).rejects.toThrow()
    } finally {
      await owner.query('alter table kernel.evidence_leaf_gone rename to evidence_leaf')
    }
    const { rows } = await owner.query("select 1 from libraries.batch where batch_id = 'batch-2'")
    expect(rows).toEqual([])
  })

  test.each(['', 'a b', '批次', 'x'.repeat(121)])('the id “%s” is refused', async (batchId) => {
    await expect(send(batchId)).rejects.toMatchObject({ code: 'libraries.batch_id' })
  })
})

describe('what would drop or reread values', () => {
  test('is said before it is handed in, with its cure', async () => {
    const ctx = { db, actor: {} as never, now: () => city.clock.now(), requestId: 'test', inside: false }
    const narrow = household.content.items.map((item) => (item.name === '申请人姓名' ? { ...item, length: 10 } : item))
    const { judged } = {
      judged: await city.catalog.collection.structureProblems(ctx, household.id, { ...household.content, items: narrow } as never),
    }
    expect(judged).toEqual([
      {
        path: 'items',
        message: '信息项“申请人姓名”（i4）不能由60 字的文本改为10 字的文本，请新增信息项',
        fix: '恢复原样，新的要求以新增信息项或另建资源实现',
      },
    ])
  })

  test('an item whose type no table can check stands against the hand-in', async () => {
    const benefit = await introduced('benefit')
    const spoiled = await completed(benefit, ({ items }) => ({
      items: items.map((item) => (item.name === '到账日期' ? { ...item, type: 'G' } : item)),
    }))
    expect(spoiled.gaps).toEqual([{ path: 'items/3/type', message: expect.stringContaining('信息项“到账日期”的数据类型不能入库') }])
    const steward = await city.as('steward')
    const refused = await steward.post(`/api/v1/catalog/resources/${benefit.id}/submission`, { version: spoiled.version })
    expect(refused).toMatchObject({ status: 422, body: { code: 'catalog.incomplete' } })
  })
})

describe('what could not be built', () => {
  test('is shown to the center with its reason, tried again, and by nobody else', async () => {
    const member = await completed(
      (await (await city.as('steward')).get<Entry>(`/api/v1/catalog/resources/${await idOf('低保家庭成员信息')}`)).body,
    )
    // Somebody holds the register of resources: the builder gives up after two seconds rather than holding up everybody.
    const holder = await owner.connect()
    await holder.query('begin; lock table libraries.resource in exclusive mode')
    try {
      await registered(member)
      await built(member.id, 'failed')
      expect(await lineOf(member.id)).toMatchObject({ reasons: ['数据正在读写，等待两秒未取得表锁，稍后自动再试'], mayRetry: true })
    } finally {
      await holder.query('rollback')
      holder.release()
    }
    const path = `/api/v1/libraries/${member.id}/installation`
    expect((await (await city.as('steward')).post(path)).status).toBe(403)
    expect((await (await city.as('stranger')).post(path)).status).toBe(404)
    expect(await (await city.as('center')).post(path)).toMatchObject({
      status: 200,
      body: { state: 'installed', reasons: [], mayRetry: false },
    })
    expect(
      (await (await city.as('steward')).get<{ items: Line[] }>('/api/v1/libraries')).body.items.map(({ title }) => title).sort(),
    ).toEqual(['低保家庭信息', '低保家庭成员信息'])
  })
})

describe('another office', () => {
  interface Asked {
    id: string
    version: number
    cases: { caseId: string }[]
    decisions: { grant: { id: string; version: number } }[]
  }
  const query = async (seat: 'stranger' | 'district' | 'healthLeader', body: object = {}) =>
    (await city.as(seat)).post<{ records: object[]; total: number; structure: { id: string }[]; code: string; detail: string }>(
      `/api/v1/libraries/${household.id}/queries`,
      body,
    )

  test('queries what it was granted and no more, up to the day’s quota, until the grant is revoked', async () => {
    expect([(await query('stranger')).status, (await query('district')).status]).toEqual([404, 404])
    const clerk = await city.as('stranger')
    const id = (name: string) => household.content.items.find((item) => item.name === name)?.id ?? ''
    const [no, person] = [id('家庭编号'), id('申请人公民身份号码')]
    const drafted = await clerk.post<Asked>('/api/v1/sharing/requests', {
      ...{ resourceId: household.id, way: 'query', items: { [no]: false, [person]: false }, rows: [], purpose: '医疗救助资格核对' },
      ...{ matter: '医疗救助', basis: '《社会救助暂行办法》第五十八条', necessity: '逐户核对。' },
      ...{ validFrom: '2026-03-02', validUntil: '2026-12-31', quotaPerDay: 1 },
    })
    const steward = await city.as('healthSteward')
    const sent = await steward.post<Asked>(`/api/v1/sharing/requests/${drafted.body.id}/submission`, { version: 1 })
    const caseId = sent.body.cases[0]?.caseId ?? ''
    await desk.decide('healthLeader', caseId, 'sign')
    await desk.decide('steward', caseId, 'grant')
    const seen = await query('stranger')
    expect([seen.status, seen.body.structure.map((one) => one.id), seen.body.total]).toEqual([200, [no, person], 1])
    expect(seen.body.records).toEqual([{ [no]: 'DB1', [person]: '150＊＊＊00' }])
    // Neither how it is kept nor another duty of the same office is opened by a grant.
    expect((await clerk.get(`/api/v1/libraries/${household.id}/batches`)).status).toBe(404)
    expect((await query('healthLeader')).status).toBe(404)
    const used = await query('stranger')
    expect([used.status, used.body.code, used.body.detail]).toEqual([429, 'sharing.quota_used_up', expect.stringContaining('次日零时恢复')])
    const { body } = await clerk.get<Asked>(`/api/v1/sharing/requests/${drafted.body.id}`)
    const grant = await clerk.get<{ id: string; version: number; queries: number; records: number }>(
      `/api/v1/sharing/grants/${body.decisions[0]?.grant.id}`,
    )
    expect(grant.body).toMatchObject({ queries: 1, records: 1 })
    const revoke = { version: grant.body.version, state: 'revoked', reason: '业务取消' }
    expect((await (await city.as('steward')).post(`/api/v1/sharing/grants/${grant.body.id}/state`, revoke)).status).toBe(200)
    expect((await query('stranger')).status).toBe(404)
  })
})

async function idOf(name: string): Promise<string> {
  const { rows } = await owner.query('select id from catalog.resource where name = $1', [name])
  return rows[0]?.id
}
