import { type Ctx, systemActor } from '@tongchou/kernel'
import { grantInForce } from '@tongchou/sharing'
import { testDatabase } from '@tongchou/testing'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { resourceEntry } from './authorization-matrix.world.ts'
import { deskOf } from './testing/desk.ts'
import { type SeatName, seats, smallCity } from './testing/small-city.ts'

const { db, owner, pool } = await testDatabase()
const city = await smallCity(db)
const desk = deskOf(city)

interface Request {
  id: string
  number: number
  state: string
  version: number
  course: string | null
  mayDo: string[]
  proposed: unknown
  decisions: {
    decidedAs: string
    outcome: string
    reason: string | null
    basis: string | null
    decidedBy: string
    grant: { id: string; number: number } | null
    terms: unknown
  }[]
  cases: { caseId: string; status: string }[]
  code: string
  detail: string
  fields: { path: string; message: string }[]
  findings: { article: string; cure: string }[]
}
interface Grant {
  id: string
  standing: string
  version: number
  terms: { items: { id: string; name: string; masking: string | null }[]; rows: unknown[]; validUntil: string }
  mayDo: string[]
  code: string
}

const item = (over: object) => ({ type: 'C', length: 40, isKey: false, sensitivity: 'general', masking: null, sharing: null, ...over })
const basis = { basisLaw: 'personal-information-protection-law', basisClause: '第二十八条', sharingReason: '涉及敏感个人信息。' }
const conditional = { sharing: 'conditional', sharingCondition: '用于核对', sharingReason: '指向个人。' }
const items = [
  item({ name: '家庭编号', code: 'JTBH', isKey: true }),
  item({ name: '公民身份号码', code: 'GMSFHM', length: 18, sensitivity: 'sensitive-personal', masking: 'middle', ...conditional }),
  item({ name: '区划', code: 'QH', length: 6, ...conditional }),
  item({ name: '病情', code: 'BQ', sensitivity: 'sensitive-personal', masking: 'full', sharing: 'none', ...basis }),
]

/** An entry of 民政局 that is in force. */
async function registered(name: string, over: object = {}): Promise<string> {
  const steward = await city.as('steward')
  const made = await steward.post<{ id: string }>('/api/v1/catalog/resources', {
    ...resourceEntry(name),
    sharing: 'unconditional',
    sharingCondition: null,
    items,
    ...over,
  })
  const sent = await steward.post<Request>(`/api/v1/catalog/resources/${made.body.id}/submission`, { version: 1 })
  expect([sent.status, sent.body.fields]).toEqual([200, undefined])
  const caseId = sent.body.cases[0]?.caseId ?? ''
  await desk.decide('leader', caseId, 'sign')
  await desk.decide('secrecy', caseId, 'pass')
  await desk.decide('center', caseId, 'approve')
  await desk.decide('center2', caseId, 'register')
  return made.body.id
}

const ask = (resourceId: string, over: object = {}) => ({
  ...{ resourceId, way: 'query', items: { i1: false, i2: true, i3: false }, rows: [{ item: 'i3', is: '150302' }] },
  ...{
    purpose: '核对医疗救助对象的低保身份',
    matter: '医疗救助资格审核',
    basis: '《社会救助暂行办法》第五十八条',
    necessity: '须按身份号码逐人核对。',
  },
  ...{ validFrom: '2026-03-02', validUntil: '2027-03-01', quotaPerDay: 100 },
  ...over,
})

const send = async (seat: SeatName, method: 'post' | 'put', path: string, body: object) =>
  (await city.as(seat))[method]<Request>(`/api/v1/sharing/requests${path}`, body)
const read = async (seat: SeatName, id: string) => (await city.as(seat)).get<Request>(`/api/v1/sharing/requests/${id}`)
const grantOf = async (seat: SeatName, id: string | undefined) => (await city.as(seat)).get<Grant>(`/api/v1/sharing/grants/${id}`)

/** Drafted by the clerk of 卫健委 and handed in by its steward. */
async function handedIn(resourceId: string, over: object = {}): Promise<Request> {
  const drafted = await send('stranger', 'post', '', ask(resourceId, over))
  expect([drafted.status, drafted.body.detail]).toEqual([201, undefined])
  const sent = await send('healthSteward', 'post', `/${drafted.body.id}/submission`, { version: drafted.body.version })
  expect([sent.status, sent.body.detail]).toEqual([200, undefined])
  return sent.body
}

/** And signed by its head: it waits for the provider. */
async function asked(resourceId: string, over: object = {}): Promise<{ id: string; caseId: string }> {
  const { id, cases } = await handedIn(resourceId, over)
  const caseId = cases[0]?.caseId ?? ''
  await desk.decide('healthLeader', caseId, 'sign')
  return { id, caseId }
}

async function propose(seat: SeatName, id: string, over: object) {
  const { version } = (await read(seat, id)).body
  const blank = { outcome: 'grant', terms: null, reason: null, basisLaw: null, basisClause: null }
  return send(seat, 'put', `/${id}/decision`, { ...blank, ...over, version })
}

let households = ''
beforeAll(async () => {
  households = await registered('低保家庭信息')
})

describe('by the catalog’s sharing types', () => {
  test('what is shared without conditions is granted at once, with its record and nobody’s hand', async () => {
    const drafted = await send('stranger', 'post', '', ask(households, { items: { i1: false }, rows: [], necessity: null }))
    expect(drafted.body).toMatchObject({ state: 'draft', course: expect.stringContaining('系统即时授权'), mayDo: ['edit', 'abandon'] })
    const { body } = await send('healthSteward', 'post', `/${drafted.body.id}/submission`, { version: 1 })
    expect(body).toMatchObject({ state: 'granted', cases: [], decisions: [{ decidedAs: 'system', outcome: 'granted' }] })
    const grant = await grantOf('stranger', body.decisions[0]?.grant?.id)
    expect(grant.body).toMatchObject({ standing: 'in-force', terms: { items: [{ id: 'i1', masking: null }] } })
    const { rows } = await owner.query('select action from kernel.audit_event where subject_id = $1 or subject_id = $2 order by seq', [
      body.id,
      body.decisions[0]?.grant?.id,
    ])
    expect(rows.map(({ action }) => action)).toEqual(expect.arrayContaining(['sharing-request.settled', 'sharing-grant.given']))
  })

  test('what is not shared is refused at once with the entry’s own basis, and can be taken to the center', async () => {
    const body = await handedIn(households, { items: { i4: true }, rows: [] })
    expect(body).toMatchObject({
      state: 'refused',
      decisions: [{ decidedAs: 'system', basis: '《中华人民共和国个人信息保护法》第二十八条' }],
    })
    const drafted = await send('stranger', 'post', '', ask(households, { items: { i1: false, i4: true } }))
    const mixed = await send('healthSteward', 'post', `/${drafted.body.id}/submission`, { version: 1 })
    expect([mixed.status, mixed.body.fields]).toEqual([422, [{ path: 'items', message: expect.stringContaining('病情不予共享') }]])
    expect((await read('healthSteward', body.id)).body.mayDo).toEqual(['dispute'])
  })

  test('what the catalog masks is given whole by the provider alone, though it is shared without conditions', async () => {
    const open = items.slice(0, 2).map((one) => ({ ...one, sharing: null, sharingCondition: null, sharingReason: null }))
    const id = await registered('公开名册', { items: open })
    const masked = await handedIn(id, { items: { i2: false }, rows: [] })
    expect(masked.state).toBe('granted')
    expect((await grantOf('stranger', masked.decisions[0]?.grant?.id)).body.terms.items).toMatchObject([{ masking: 'middle' }])
    expect(await handedIn(id, { items: { i2: true }, rows: [] })).toMatchObject({ state: 'submitted', decisions: [] })
  })

  test.each<[string, string, object]>([
    ['no item', 'items', { items: {} }],
    ['an item that the entry does not have', 'items/i9', { items: { i9: false } }],
    ['a term that ends before it begins', 'validUntil', { validUntil: '2026-03-01' }],
    ['more than three years', 'validUntil', { validUntil: '2030-03-01' }],
    ['a condition on what is not shared', 'rows/0/item', { rows: [{ item: 'i4', is: '1' }] }],
  ])('%s is refused at its place', async (_, path, over) => {
    const { status, body } = await send('stranger', 'post', '', ask(households, over))
    expect([status, body.fields?.map((one) => one.path)]).toEqual([422, [path]])
  })

  test('sensitive items need their reason, and one’s own resource is not asked for', async () => {
    const drafted = await send('stranger', 'post', '', ask(households, { necessity: null }))
    const sent = await send('healthSteward', 'post', `/${drafted.body.id}/submission`, { version: 1 })
    expect([sent.status, sent.body.fields]).toEqual([
      422,
      [{ path: 'necessity', message: expect.stringContaining('公民身份号码为敏感信息项') }],
    ])
    expect(await send('steward', 'post', '', ask(households))).toMatchObject({ status: 409, body: { code: 'sharing.own_resource' } })
  })
})

describe('the provider', () => {
  test('is asked after another hand of the asking office has signed, and has ten working days, whose source is named', async () => {
    const { id, cases } = await handedIn(households)
    const caseId = cases[0]?.caseId ?? ''
    await owner.query(
      `update sharing.request set written_by = written_by || (select to_jsonb(person_id::text) from identity.account where username = 'health-leader') where id = $1`,
      [id],
    )
    expect(await desk.act('healthLeader', caseId, 'sign')).toMatchObject({ status: 403, body: { code: 'sharing.signed_by_writer' } })
    await owner.query("update sharing.request set written_by = '[]' where id = $1", [id])
    await desk.decide('healthLeader', caseId, 'sign')
    const { rows } = await owner.query("select due_at from cases.task where case_id = $1 and step = 'answer'", [caseId])
    expect(rows[0].due_at.toISOString().slice(0, 10)).toBe('2026-03-16')
    const offer = await (await city.as('stranger')).get(`/api/v1/sharing/offers/${households}`)
    expect(offer.body).toMatchObject({ answer: { days: 10, source: '国发〔2016〕51号第十二条', verified: false }, mayAsk: true })
  })

  test('grants what was asked for', async () => {
    const { id, caseId } = await asked(households)
    await desk.decide('steward', caseId, 'grant')
    const { body } = await read('stranger', id)
    expect(body).toMatchObject({ state: 'granted', decisions: [{ decidedAs: 'provider', outcome: 'granted' }] })
    expect((await grantOf('stranger', body.decisions[0]?.grant?.id)).body.terms).toMatchObject({
      items: [
        { id: 'i1', masking: null },
        { id: 'i2', masking: null },
        { id: 'i3', masking: null },
      ],
      rows: [{ item: 'i3', name: '区划', is: '150302' }],
    })
  })

  test('grants less with its reason, and never more than was asked for', async () => {
    const { id, caseId } = await asked(households)
    const terms = {
      items: { i1: null, i2: 'middle' },
      rows: [{ item: 'i3', is: '150302' }],
      validUntil: '2026-12-31',
      quotaPerDay: 50,
      use: '不得转提供。',
    }
    for (const [path, over] of [
      ['terms/items/i4', { items: { i4: null } }],
      ['terms/rows', { rows: [] }],
      ['terms/validUntil', { validUntil: '2027-03-02' }],
      ['terms/quotaPerDay', { quotaPerDay: null }],
    ] as const) {
      const beyond = await propose('steward', id, { terms: { ...terms, ...over } })
      expect([beyond.status, beyond.body.fields?.[0]?.path]).toEqual([422, path])
    }
    expect((await propose('steward', id, { terms })).status).toBe(200)
    const unreasoned = await desk.act('steward', caseId, 'grant')
    expect(unreasoned).toMatchObject({ status: 409, body: { findings: [{ article: 'WH23-15', cure: '在决定中写明理由。' }] } })
    await propose('steward', id, { terms, reason: '按身份号码核对即可，其余不必需。' })
    // What is about to be decided is not told before it is signed.
    expect((await read('healthSteward', id)).body.proposed).toBeNull()
    await desk.decide('steward', caseId, 'grant')
    const { body } = await read('healthSteward', id)
    expect(body).toMatchObject({
      state: 'granted-less',
      mayDo: ['dispute'],
      decisions: [{ outcome: 'granted-less', reason: '按身份号码核对即可，其余不必需。' }],
    })
    const grant = await grantOf('healthSteward', body.decisions[0]?.grant?.id)
    expect(grant.body.terms).toMatchObject({ items: [{ id: 'i1' }, { id: 'i2', masking: 'middle' }], validUntil: '2026-12-31' })
  })

  test('does not refuse without a law and its article; what it refused stays readable beside what the center directs', async () => {
    const { id, caseId } = await asked(households)
    const bare = await desk.act('steward', caseId, 'refuse')
    expect(bare).toMatchObject({
      status: 409,
      body: { findings: [{ article: 'WH23-15', cure: expect.stringContaining('选择依据的法律法规') }] },
    })
    await propose('steward', id, {
      outcome: 'refuse',
      reason: '涉及个人隐私。',
      basisLaw: 'personal-information-protection-law',
      basisClause: '第二十五条',
    })
    expect(await desk.act('steward', caseId, 'grant')).toMatchObject({ status: 409, body: { code: 'sharing.other_than_proposed' } })
    await desk.decide('steward', caseId, 'refuse')
    const refused = (await read('healthSteward', id)).body
    const disputed = await send('healthSteward', 'post', `/${id}/dispute`, { version: refused.version, reason: '救助审核确需核对。' })
    expect(disputed.body).toMatchObject({ state: 'disputed' })
    const dispute = disputed.body.cases.find(({ status }) => status === 'running')?.caseId ?? ''
    // The provider is no party to the review: it finds no task of its own there.
    expect((await desk.act('steward', dispute, 'direct')).status).toBe(409)
    await desk.decide('center', dispute, 'direct', { opinion: '法定职责所需，要求共享。' })
    const { body } = await read('steward', id)
    expect([body.state, body.decisions.map(({ outcome, reason }) => [outcome, reason])]).toEqual([
      'directed',
      [
        ['refused', '涉及个人隐私。'],
        ['directed', '法定职责所需，要求共享。'],
      ],
    ])
    expect((await grantOf('stranger', body.decisions[1]?.grant?.id)).body.standing).toBe('in-force')
  })

  test('sends back what is unclear, and the center may let a refusal stand', async () => {
    const { id, caseId } = await asked(households)
    await desk.decide('steward', caseId, 'return', { opinion: '请说明核对频次。' })
    const back = (await read('stranger', id)).body
    expect(back).toMatchObject({ state: 'returned', returnedReason: '请说明核对频次。', mayDo: ['edit'] })
    const { resourceId: _, ...body } = ask(households, { purpose: '每月核对一次' })
    expect((await send('stranger', 'put', `/${id}`, { ...body, version: back.version })).status).toBe(200)
    await desk.decide('healthSteward', caseId, 'submit')
    await desk.decide('healthLeader', caseId, 'sign')
    await propose('steward', id, { outcome: 'refuse', reason: '涉及个人隐私。', basisLaw: 'data-security-law', basisClause: '第三十八条' })
    await desk.decide('steward', caseId, 'refuse')
    const { version } = (await read('healthSteward', id)).body
    const dispute =
      (await send('healthSteward', 'post', `/${id}/dispute`, { version, reason: '仍需要。' })).body.cases.find(
        ({ status }) => status === 'running',
      )?.caseId ?? ''
    await desk.decide('center', dispute, 'uphold', { opinion: '依据充分。' })
    expect((await read('stranger', id)).body).toMatchObject({ state: 'upheld', mayDo: [] })
  })
})

describe('a grant', () => {
  async function given(): Promise<Grant> {
    const { id, caseId } = await asked(households)
    await desk.decide('steward', caseId, 'grant')
    return (await grantOf('stranger', (await read('stranger', id)).body.decisions[0]?.grant?.id)).body
  }
  const change = async (seat: SeatName, { id, version }: Grant, state: string, reason: string | null) =>
    (await city.as(seat)).post<Grant>(`/api/v1/sharing/grants/${id}/state`, { version, state, reason })

  test('is suspended, resumed and revoked by the provider or the center with a reason, never by who uses it', async () => {
    const grant = await given()
    const holds = async () => (await grantInForce(db, grant.id, city.clock.now())) !== undefined
    expect([await holds(), (await change('healthSteward', grant, 'suspended', '不用了')).status]).toEqual([true, 403])
    expect((await change('steward', grant, 'suspended', null)).status).toBe(422)
    const suspended = await change('steward', grant, 'suspended', '超出用途')
    expect([suspended.body.standing, await holds()]).toEqual(['suspended', false])
    const resumed = await change('center', suspended.body, 'in-force', null)
    expect([resumed.body.standing, await holds()]).toEqual(['in-force', true])
    const revoked = await change('center', resumed.body, 'revoked', '业务取消')
    expect([revoked.body.standing, await holds()]).toEqual(['revoked', false])
    expect((await change('steward', revoked.body, 'in-force', null)).body.code).toBe('sharing.grant_over')
  })

  test('that lives stands against withdrawing the entry, with who uses it and the cure', async () => {
    await given()
    const refused = await (await city.as('steward')).post<Request>(`/api/v1/catalog/resources/${households}/withdrawals`, {
      ...{ ground: 'other', reason: '不再产生', mergedIntoId: null },
    })
    expect([refused.status, refused.body.detail]).toEqual([409, expect.stringMatching(/1个部门正在使用该资源.*收回授权后再撤销/)])
  })

  test('is renewed by a request with what it said, from the day after its end', async () => {
    const grant = await given()
    const renewed = await (await city.as('stranger')).post(`/api/v1/sharing/grants/${grant.id}/renewals`, {})
    expect([renewed.status, renewed.body]).toEqual([
      201,
      expect.objectContaining({
        state: 'draft',
        validFrom: '2027-03-02',
        validUntil: '2028-03-01',
        renews: expect.objectContaining({ id: grant.id }),
      }),
    ])
  })
})

describe('who may see it', () => {
  test('both sides from the hand-in on, the center and the auditor; a third office is told nothing', async () => {
    const drafted = await send('stranger', 'post', '', ask(households))
    expect((await read('steward', drafted.body.id)).status).toBe(404)
    expect((await read('center', drafted.body.id)).status).toBe(404)
    await send('healthSteward', 'post', `/${drafted.body.id}/submission`, { version: 1 })
    for (const seat of ['steward', 'center', 'auditor', 'supervisor', 'healthLeader'] as const)
      expect((await read(seat, drafted.body.id)).status, seat).toBe(200)
    for (const seat of ['district', 'drc', 'admin'] as const) expect((await read(seat, drafted.body.id)).status, seat).toBe(404)
    const seen = async (seat: SeatName) =>
      (await (await city.as(seat)).get<{ items: unknown[] }>('/api/v1/sharing/requests?limit=200')).body.items.length
    expect([await seen('district'), (await seen('stranger')) - (await seen('center')) > 0]).toEqual([0, true])
  })
})

describe('the search', () => {
  test('finds a request and its grant by number for who may read them, and nothing of them for anybody else', async () => {
    const { id, caseId } = await asked(households)
    await desk.decide('steward', caseId, 'grant')
    const { number, decisions } = (await read('stranger', id)).body
    const grant = { id: decisions[0]?.grant?.id ?? '', number: decisions[0]?.grant?.number }
    const draft = (await send('stranger', 'post', '', ask(households))).body
    const things = [
      { id, word: `申请${number}`, kind: 'sharing-request', path: 'requests' },
      { id: grant.id, word: `授权${grant.number}`, kind: 'sharing-grant', path: 'grants' },
      { id: draft.id, word: `申请${draft.number}`, kind: 'sharing-request', path: 'requests' },
    ]
    for (const thing of things) {
      const readers: string[] = []
      for (const seat of Object.keys(seats) as SeatName[]) {
        const person = await city.as(seat)
        const found = await person.get<{ items: { id: string; href: string; note: string }[]; groups: { count: number }[] }>(
          `/api/v1/search?q=${encodeURIComponent(thing.word)}&kinds=${thing.kind}`,
        )
        const mayRead = (await person.get(`/api/v1/sharing/${thing.path}/${thing.id}`)).status === 200
        const hit = found.body.items?.find((one) => one.id === thing.id)
        expect(hit !== undefined, `${seat} ${thing.word}`).toBe(mayRead)
        if (hit) expect(hit).toMatchObject({ href: `/sharing/${thing.path}/${thing.id}`, note: expect.stringContaining(thing.word) })
        if (mayRead) readers.push(seat)
      }
      expect(readers).toEqual(expect.arrayContaining(['stranger', 'healthSteward']))
      expect([readers.includes('steward'), readers.includes('center')]).toEqual(thing.id === draft.id ? [false, false] : [true, true])
      for (const seat of ['district', 'drc', 'admin']) expect(readers).not.toContain(seat)
    }
  })
})

describe('a grant that ends soon', () => {
  const errors: unknown[] = []
  let stop = async () => {}
  beforeAll(async () => {
    const runner = await city.runner.start({ pool, db, clock: city.clock, onError: (error) => errors.push(error) })
    stop = () => runner.stop()
  })
  afterAll(() => stop())

  test('is told to the stewards of both sides thirty days before, once, and not again by the next look', async () => {
    const { id, caseId } = await asked(households, { validUntil: '2026-04-05' })
    await desk.decide('steward', caseId, 'grant')
    const grant = (await read('stranger', id)).body.decisions[0]?.grant
    const looked = async (at: string) => {
      city.clock.set(at)
      const ctx: Ctx = { db, actor: systemActor, now: () => city.clock.now(), requestId: 'test', inside: false }
      await city.runner.jobs.enqueue(ctx, 'sharing.expiry', {})
      await vi.waitFor(
        async () => {
          const { rows } = await owner.query(
            `select 1 from jobs.job where data->>'kind' = 'sharing.expiry' and state in ('created', 'retry', 'active')`,
          )
          expect(rows).toEqual([])
        },
        { timeout: 20_000, interval: 50 },
      )
      const { rows } = await owner.query(
        `select p.name, n.body from notices.notice n join identity.person p on p.id::text = n.person_id
         where n.kind = 'sharing.expiring' and n.subject_id = $1 order by p.name`,
        [grant?.id],
      )
      return rows
    }
    expect(await looked('2026-03-05T01:00:00Z')).toEqual([])
    const body = expect.stringContaining(`授权${grant?.number}于2026-04-05到期`)
    const told = [
      { name: '卫健数据专员', body },
      { name: '民政数据专员', body },
    ]
    expect(await looked('2026-03-06T01:00:00Z')).toEqual(expect.arrayContaining(told))
    expect(await looked('2026-03-07T01:00:00Z')).toHaveLength(told.length)
    expect(errors).toEqual([])
  })
})

describe('when offices are reorganised', () => {
  beforeAll(async () => {
    city.clock.set('2026-03-07T01:00:00Z')
    await city.signInAgain()
  })

  const merged = async (organisationIds: string[], id: string, name: string) => {
    const order = { documentNumber: `乌海党办发〔2026〕${id.length}号`, reason: '机构改革。', effectiveOn: '2026-03-07', kind: 'merge' }
    const merger = { ...order, organisationIds, successors: [{ id, name }] }
    const admin = await city.as('admin')
    const { moves } = (await admin.post<{ moves: object[] }>('/api/v1/reorganisations/preview', merger)).body
    const done = await admin.post<{ moved: number }>('/api/v1/reorganisations', merger)
    expect([done.status, done.body.moved], JSON.stringify(done.body)).toEqual([201, moves.length])
    return moves
  }

  test('what waits and what was granted goes to the successor, and what was decided keeps the name of its day', async () => {
    const waits = await asked(households)
    const old = await asked(households)
    await desk.decide('steward', old.caseId, 'grant')
    const before = (await read('stranger', old.id)).body
    const grant = before.decisions[0]?.grant?.id ?? ''
    const moves = await merged(['civil-affairs', 'finance'], 'civil-finance', '市民政和财政局')
    for (const thing of [
      { kind: 'sharing-request', id: waits.id },
      { kind: 'sharing-grant', id: grant },
    ])
      expect(moves).toContainEqual(expect.objectContaining({ ...thing, role: '提供单位' }))
    expect(await grantInForce(db, grant, city.clock.now())).toBeDefined()
    expect((await grantOf('steward', grant)).body).toMatchObject({ provider: { name: '市民政和财政局' }, mayDo: ['suspend', 'revoke'] })
    expect((await read('steward', waits.id)).body).toMatchObject({ provider: { name: '市民政和财政局' }, mayDo: ['propose'] })
    await desk.decide('steward', waits.caseId, 'grant')
    const decidedBy = async (id: string) => (await read('stranger', id)).body.decisions.map((one) => one.decidedBy)
    expect([await decidedBy(old.id), await decidedBy(waits.id)]).toEqual([['市民政局 民政数据专员'], ['市民政和财政局 民政数据专员']])
  })

  test('where both sides become one office the grant ends, and what was asked for is given up, not granted', async () => {
    const waits = await asked(households)
    const old = await asked(households)
    await desk.decide('steward', old.caseId, 'grant')
    const grant = (await read('stranger', old.id)).body.decisions[0]?.grant?.id ?? ''
    await merged(['civil-finance', 'health'], 'people-affairs', '市民生事务局')
    expect(await grantInForce(db, grant, city.clock.now())).toBeUndefined()
    expect((await grantOf('stranger', grant)).body).toMatchObject({
      standing: 'revoked',
      stateReason: '组织调整后双方为同一单位',
      mayDo: [],
    })
    const { rows } = await owner.query(`select 1 from kernel.audit_event where subject_id = $1 and action = 'sharing-grant.revoked'`, [
      grant,
    ])
    expect(rows).toHaveLength(1)
    expect(await desk.act('steward', waits.caseId, 'grant')).toMatchObject({ status: 409, body: { code: 'sharing.own_resource' } })
    await desk.decide('steward', waits.caseId, 'return', { opinion: '已为同一单位。' })
    await desk.decide('healthSteward', waits.caseId, 'abandon', { opinion: '不再需要。' })
    expect((await read('stranger', waits.id)).body.state).toBe('abandoned')
  })
})
