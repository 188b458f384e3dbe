import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { syntheticCitizenId } from '@tongchou/kernel'
import { elements } from '@tongchou/resource-packs'
import { selfSigned, testDatabase } from '@tongchou/testing'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { resourceEntry } from './authorization-matrix.world.ts'
import { deskOf } from './testing/desk.ts'
import { type SeatName, smallCity } from './testing/small-city.ts'

const { db, owner } = await testDatabase()
/** What the name of the department's host is resolved to, one answer after the other; the last one stays. */
let names: string[] = ['127.0.0.1']
let lookups = 0
const resolve = async () => {
  lookups++
  return [{ address: (names.length > 1 ? names.shift() : names[0]) ?? '' }]
}
const city = await smallCity(db, undefined, undefined, [], null, null, null, null, undefined, resolve)
const desk = deskOf(city)

// ---- the department's own machine
type Handler = (request: IncomingMessage, response: ServerResponse, body: string) => void
let handler: Handler = () => undefined
const asked: { url: string; headers: IncomingMessage['headers']; body: string }[] = []
const serve: (request: IncomingMessage, response: ServerResponse) => void = (request, response) => {
  let body = ''
  request.on('data', (piece) => {
    body += String(piece)
  })
  request.on('end', () => {
    asked.push({ url: request.url ?? '', headers: request.headers, body })
    handler(request, response, body)
  })
}
const { key, cert } = selfSigned()
const department = createServer(serve)
const secure = createSecureServer({ key, cert }, serve)
const listen = (server: Server) =>
  new Promise<number>((done) => server.listen(0, '127.0.0.1', () => done((server.address() as AddressInfo).port)))
const port = await listen(department)
const securePort = await listen(secure as unknown as Server)
afterAll(() => {
  for (const server of [department, secure]) {
    server.closeAllConnections()
    server.close()
  }
})

const json =
  (value: unknown): Handler =>
  (_request, response) => {
    response.setHeader('content-type', 'application/json')
    response.end(typeof value === 'string' ? value : JSON.stringify(value))
  }
const [first, second, third] = ['1964-10-21', '1958-12-07', '1990-01-02'].map((day) => syntheticCitizenId('150302', day))
const household = (no: string, id: string | undefined, over: object = {}) => ({
  ...{ jtbh: no, person: { id }, area: '150302', income: 1250, illness: '无' },
  ...over,
})
const households = [household('A1', first), household('A2', second, { income: 300 }), household('B1', third, { area: '150303' })]
const answering = (records: readonly unknown[] = households) => json({ data: { list: records } })

// ---- the entry and its grant
const item = (over: object) => ({ type: 'C', length: 40, isKey: false, sensitivity: 'general', masking: null, sharing: null, ...over })
const entryItems = [
  item({ name: '家庭编号', code: 'JTBH', isKey: true }),
  item({
    ...{ name: '公民身份号码', code: 'GMSFHM', length: 18, element: elements['citizen-id'] },
    ...{ sensitivity: 'sensitive-personal', masking: 'middle' },
  }),
  item({ name: '区划', code: 'QH', length: 6 }),
  item({ name: '月收入', code: 'YSR', type: 'N', length: 10, precision: 0 }),
  item({ name: '病情', code: 'BQ', length: 20, sensitivity: 'sensitive-personal', masking: 'full' }),
]

async function registered(name: string, over: object = {}): Promise<string> {
  const steward = await city.as('steward')
  const made = await steward.post<{ id: string }>('/api/v1/catalog/resources', { ...resourceEntry(name), items: entryItems, ...over })
  const sent = await steward.post<{ cases: { caseId: string }[] }>(`/api/v1/catalog/resources/${made.body.id}/submission`, { version: 1 })
  expect(sent.status).toBe(200)
  const caseId = sent.body.cases[0]?.caseId ?? ''
  for (const [seat, outcome] of [
    ['leader', 'sign'],
    ['secrecy', 'pass'],
    ['center', 'approve'],
    ['center2', 'register'],
  ] as const)
    await desk.decide(seat, caseId, outcome)
  return made.body.id
}

async function granted(resource: string, over: object = {}): Promise<string> {
  const { items, rows, quota } = { items: { i1: null, i2: 'middle', i3: null, i4: null }, rows: [], quota: null, ...over }
  const { rows: made } = await owner.query<{ id: string }>(
    `insert into sharing."grant" (id, resource, title, provider_org_id, org_id, way, items, row_conditions, purpose, valid_from, valid_until, quota_per_day,
       state, state_at, granted_at, updated_by, updated_at)
     values (gen_random_uuid(), $1, '低保家庭', 'civil-affairs', 'health', 'query', $2, $3, '核对低保身份', '2026-01-01', '2026-12-31', $4, 'in-force', now(), now(), '', now())
     returning id`,
    [resource, JSON.stringify(items), JSON.stringify(rows), quota],
  )
  return made[0]?.id ?? ''
}

const registration = (over: object = {}) => ({
  ...{
    version: 0,
    address: `http://127.0.0.1:${port}/households`,
    method: 'GET',
    records: 'data.list',
    timeoutSeconds: 2,
    certificate: null,
  },
  parameters: [
    { item: 'i1', op: 'is', name: 'no', required: false },
    { item: 'i2', op: 'is', name: 'sfzh', required: false },
    { item: 'i4', op: 'to', name: 'most', required: false },
    { item: 'i5', op: 'is', name: 'illness', required: false },
  ],
  fields: [
    { item: 'i1', path: 'jtbh' },
    { item: 'i2', path: 'person.id' },
    { item: 'i3', path: 'area' },
    { item: 'i4', path: 'income' },
    { item: 'i5', path: 'illness' },
  ],
  credential: { header: 'X-Api-Key', value: 'top-secret-4711' },
  ...over,
})

interface Answer {
  code: string
  detail: string
  fields: { path: string; message: string }[]
  records: Record<string, string | null>[]
  total: number
  faulty: { records: number; items: { id: string; title: string; count: number }[] }
  structure: { id: string }[]
  standing: string
  state: string
  version: number
  mayDo: string[]
  failures: number
  calls: { orgName: string; grantNumber: number | null; fault: string | null; cause: string | null; records: number; faulty: unknown[] }[]
  items: { id: string; number: number; address: string; standing: string }[]
}
const path = (id: string, rest = '') => `/api/v1/interfaces/${id}${rest}`
const put = async (seat: SeatName, id: string, body: object) => (await city.as(seat)).put<Answer>(path(id), body)
const post = async (seat: SeatName, url: string, body: object) => (await city.as(seat)).post<Answer>(url, body)
const page = async (seat: SeatName, id: string) => (await city.as(seat)).get<Answer>(path(id))
const query = async (id: string, body: object = {}, seat: SeatName = 'stranger') => post(seat, `/api/v1/libraries/${id}/queries`, body)
const permit = (address: string, network: string | null = null) =>
  post('securityAdmin', '/api/v1/interface-addresses', { address, network, reason: '民政局接口' })

/** Registered as it is told, and let be used. */
async function approved(id: string, over: object = {}): Promise<void> {
  const before = await page('steward', id)
  const made = await put('steward', id, registration({ version: before.body.version ?? 0, ...over }))
  expect([made.status, made.body.detail]).toEqual([200, undefined])
  const done = await post('center', path(id, '/decision'), { version: made.body.version, outcome: 'approve', reason: null })
  expect([done.status, done.body.detail]).toEqual([200, undefined])
}

let resource = ''
let grant = ''
beforeAll(async () => {
  resource = await registered('低保家庭信息')
  grant = await granted(resource)
})
beforeEach(() => {
  handler = answering()
  names = ['127.0.0.1']
  asked.length = 0
  lookups = 0
})

describe('an interface is registered', () => {
  test('by the data steward of the department, for its own entry that is shared by interface; the credential is never shown', async () => {
    for (const seat of ['clerk', 'healthSteward', 'stranger'] as const)
      expect((await put(seat, resource, registration())).status, seat).toBe(404)
    const made = await put('steward', resource, registration())
    expect(made).toMatchObject({
      status: 200,
      body: { state: 'submitted', standing: 'submitted', credentialHeader: 'X-Api-Key', mayDo: ['change', 'stop'] },
    })
    expect(await put('center', resource, registration({ version: 1 }))).toMatchObject({ status: 403 })
    const texts = [made, await page('center', resource), await (await city.as('auditor')).get('/api/v1/interfaces')]
    expect(JSON.stringify(texts)).not.toContain('4711')
    expect((await page('stranger', resource)).status).toBe(404)
    const { rows } = await owner.query('select credential, config::text from interfaces.interface')
    expect(JSON.stringify(rows)).not.toContain('4711')
    const audit = await owner.query("select detail from kernel.audit_event where action = 'interface.registered'")
    expect(audit.rows).toEqual([{ detail: { address: `http://127.0.0.1:${port}/households`, method: 'GET', credential: 'set' } }])
  })

  test.each<[string, object, string, string]>([
    ['an account in the address', { address: 'http://a:b@10.1.1.1/' }, 'address', '不能含账号'],
    ['a scheme that is none of the web', { address: 'file:///etc/passwd' }, 'address', 'https://'],
    ['a parameter in the address', { address: 'http://10.1.1.1/?a=1' }, 'address', '不能含查询参数'],
    ['no key in the answer', { fields: registration().fields.slice(1) }, 'fields', '主键“家庭编号”'],
    ['no number of the person in the answer', { fields: registration().fields.filter(({ item }) => item !== 'i2') }, 'fields', '留痕'],
    ['an item that is not there', { fields: [...registration().fields, { item: 'i9', path: 'x' }] }, 'fields/5/item', 'i9'],
    ['from and to of a text', { parameters: [{ item: 'i3', op: 'from', name: 'a', required: false }] }, 'parameters/0/op', '没有起止'],
    ['a header of the connection', { credential: { header: 'Host', value: 'x' } }, 'credential/header', '连接本身'],
    ['a private key for a certificate', { certificate: key }, 'certificate', '不能含私钥'],
  ])('%s is refused at its place', async (_, over, at, text) => {
    const refused = await put('steward', resource, registration({ version: 1, ...over }))
    expect(refused).toMatchObject({ status: 422, body: { code: 'interfaces.bad_registration' } })
    expect(refused.body.fields).toContainEqual({ path: at, message: expect.stringContaining(text) })
  })

  test('nothing is called before the address is on the list and the center has approved it', async () => {
    expect((await query(resource)).status).toBe(404)
    const approve = { version: 1, outcome: 'approve', reason: null }
    expect(await post('center', path(resource, '/decision'), approve)).toMatchObject({
      status: 409,
      body: { code: 'interfaces.address_not_permitted' },
    })
    // A network that is wider is no permission for this machine itself.
    expect((await permit('127.0.0.0/8')).status).toBe(201)
    expect((await permit('0.0.0.0/0')).status).toBe(201)
    expect(await post('center', path(resource, '/decision'), approve)).toMatchObject({
      status: 409,
      body: { code: 'interfaces.address_not_permitted' },
    })
    expect((await permit(`127.0.0.1:${port}`)).status).toBe(201)
    expect(await permit(`127.0.0.1:${port}`)).toMatchObject({ status: 409, body: { code: 'interfaces.address_known' } })
    expect((await post('steward', path(resource, '/decision'), approve)).status).toBe(403)
    expect(await post('center', path(resource, '/decision'), approve)).toMatchObject({ status: 200, body: { standing: 'in-use' } })
    expect(asked).toEqual([])
    expect((await query(resource)).status).toBe(200)
  })

  test('a change waits for the center anew, and keeps the credential where none is told', async () => {
    const { credential: _, ...kept } = registration({ version: 2, method: 'POST' })
    expect(await put('steward', resource, kept)).toMatchObject({ status: 200, body: { state: 'submitted', credentialHeader: 'X-Api-Key' } })
    expect((await query(resource)).status).toBe(404)
    expect(await post('center', path(resource, '/decision'), { version: 3, outcome: 'refuse', reason: null })).toMatchObject({
      status: 422,
    })
    await post('center', path(resource, '/decision'), { version: 3, outcome: 'approve', reason: null })
    expect((await query(resource, { filter: [{ item: 'i1', op: 'is', value: 'A1' }] })).status).toBe(200)
    expect(asked).toMatchObject([{ url: '/households', body: '{"no":"A1"}', headers: { 'x-api-key': 'top-secret-4711' } }])
    await approved(resource)
  })

  test('the list of addresses is kept by the security administrator, and says at its place what is none', async () => {
    expect((await post('center', '/api/v1/interface-addresses', { address: '10.1.1.1:80', network: null, reason: 'x' })).status).toBe(403)
    for (const [address, network, at] of [
      ['data.mzj.test:80', null, 'network'],
      ['data.mzj.test', '10.1.0.0/16', 'address'],
      ['10.1.2.3/16', null, 'address'],
      ['10.1.1.1:99999', null, 'address'],
      ['10.1.1.1:80', '10.1.0.0/16', 'network'],
      ['data.mzj.test:80', '10.1.2.3/16', 'network'],
      ['http://10.1.1.1:80', null, 'address'],
    ] as const)
      expect(await permit(address, network), address).toMatchObject({
        status: 422,
        body: { code: 'interfaces.bad_address', fields: [{ path: at }] },
      })
    const made = await permit('[2001:db8::1]:8443')
    expect(made).toMatchObject({ status: 201, body: { address: '[2001:db8::1]:8443', network: '2001:db8::1/128' } })
    const gone = await post('securityAdmin', `/api/v1/interface-addresses/${(made.body as unknown as { id: string }).id}/withdrawal`, {
      reason: '停用',
    })
    expect(gone.status).toBe(200)
    const { rows } = await owner.query("select detail from kernel.audit_event where action = 'interface-address.withdrawn'")
    expect(rows).toEqual([{ detail: { address: '[2001:db8::1]:8443', network: '2001:db8::1/128', reason: '停用' } }])
    expect((await (await city.as('center')).get<Answer>('/api/v1/interface-addresses')).body.items.length).toBe(3)
  })
})

describe('a granted query', () => {
  test('gives the granted items, masked as granted, asks by the interface’s own names, and writes everything down', async () => {
    const before = await owner.query("select count(*)::int as n from kernel.audit_event where action = 'library.queried'")
    const answer = await query(resource, { filter: [{ item: 'i4', op: 'to', value: '0500' }], purpose: { kind: 'case', note: '患者甲' } })
    expect(answer).toMatchObject({ status: 200, body: { total: 1, faulty: { records: 0, items: [] } } })
    expect(answer.body.records).toEqual([{ i1: 'A2', i2: `${second?.slice(0, 3)}＊＊＊${second?.slice(-2)}`, i3: '150302', i4: '300' }])
    expect(asked).toMatchObject([{ url: '/households?most=500', headers: { 'x-api-key': 'top-secret-4711', host: `127.0.0.1:${port}` } }])
    const looks = await owner.query(
      'select items, masked, note, org_id, ground, grant_id from libraries.person_look order by seq desc limit 1',
    )
    expect(looks.rows).toMatchObject([
      { masked: true, org_id: 'health', ground: 'grant', grant_id: grant, items: ['家庭编号', '公民身份号码', '区划', '月收入'] },
    ])
    expect(looks.rows[0].note).toContain('核对低保身份；患者甲')
    const audit = await owner.query("select detail from kernel.audit_event where action = 'library.queried' order by seq desc limit 1")
    expect(audit.rows).toMatchObject([{ detail: { purpose: 'case', records: 1, total: 1, interface: true } }])
    expect((await owner.query("select count(*)::int as n from kernel.audit_event where action = 'library.queried'")).rows[0].n).toBe(
      before.rows[0].n + 1,
    )
    expect((await page('steward', resource)).body.calls[0]).toMatchObject({ orgName: '市卫生健康委', records: 1, fault: null, faulty: [] })
    const used = await owner.query('select queries > 0 as counted from sharing.use where grant_id = $1', [grant])
    expect(used.rows).toEqual([{ counted: true }])
  })

  test('is open to the provider’s own steward whole, to the center and to others not at all', async () => {
    expect(await query(resource, {}, 'steward')).toMatchObject({ status: 422, body: { code: 'libraries.purpose_missing' } })
    const own = await query(resource, { purpose: { kind: 'quality', note: '核对接口' } }, 'steward')
    expect(own.body.records[0]).toEqual({ i1: 'A1', i2: first, i3: '150302', i4: '1250', i5: '无' })
    for (const seat of ['center', 'district'] as const) expect((await query(resource, {}, seat)).status, seat).toBe(404)
    expect((await query(resource, {}, 'auditor')).status).toBe(404)
    expect(await post('stranger', `/api/v1/libraries/${resource}/aggregations`, { groupBy: 'i3' })).toMatchObject({
      status: 409,
      body: { code: 'libraries.not_collected' },
    })
    expect((await post('center', `/api/v1/libraries/${resource}/aggregations`, {})).status).toBe(404)
  })

  test.each<[string, object, string, string]>([
    ['an item that is no parameter', { filter: [{ item: 'i3', op: 'is', value: '150302' }] }, 'libraries.not_a_parameter', '“区划”'],
    ['a comparison that it does not know', { filter: [{ item: 'i4', op: 'from', value: '1' }] }, 'libraries.not_a_parameter', '“月收入”'],
    ['an item that is masked', { filter: [{ item: 'i2', op: 'is', value: first }] }, 'libraries.item_masked', '“公民身份号码”'],
    ['an item that is hidden', { filter: [{ item: 'i5', op: 'is', value: '无' }] }, 'libraries.unknown_item', '没有信息项 i5'],
    ['an item that is not there', { filter: [{ item: 'i6', op: 'is', value: '无' }] }, 'libraries.unknown_item', '没有信息项 i6'],
    ['words', { search: '低保' }, 'libraries.not_a_parameter', '不支持全文检索'],
    ['an order', { sort: { item: 'i1', direction: 'asc' } }, 'libraries.not_a_parameter', '不支持排序'],
    ['a value that is none', { filter: [{ item: 'i4', op: 'to', value: '多' }] }, 'libraries.bad_filter', '“月收入”'],
  ])('cannot be asked by %s, and the department is not asked', async (_, body, code, text) => {
    expect(await query(resource, body)).toMatchObject({ status: 422, body: { code, detail: expect.stringContaining(text) } })
    expect(asked).toEqual([])
  })

  test('tells good records, and counts those that do not fit the catalog by item, to the caller of granted ones only', async () => {
    handler = answering([
      household('A1', first),
      household('A2', second, { income: '很多' }),
      household('', third),
      household('A4', third, { illness: '病'.repeat(21) }),
    ])
    const answer = await query(resource)
    expect(answer.body.records.map(({ i1 }) => i1)).toEqual(['A1', 'A4'])
    expect(answer.body.faulty).toEqual({
      records: 2,
      items: [
        { id: 'i1', title: '家庭编号', count: 1 },
        { id: 'i4', title: '月收入', count: 1 },
      ],
    })
    expect((await page('center', resource)).body.calls[0]?.faulty).toEqual([
      { item: 'i1', title: '家庭编号', count: 1 },
      { item: 'i4', title: '月收入', count: 1 },
      { item: 'i5', title: '病情', count: 1 },
    ])
    // Whose record it is cannot be said: it is not shown.
    handler = answering([household('A1', `${first?.slice(0, 17)}${first?.endsWith('1') ? '2' : '1'}`)])
    expect((await query(resource)).body).toMatchObject({ records: [], faulty: { records: 1 } })
  })

  test('more than was asked for is not told, whatever the interface gives', async () => {
    expect((await query(resource, { filter: [{ item: 'i1', op: 'is', value: 'A2' }] })).body).toMatchObject({
      total: 1,
      records: [{ i1: 'A2' }],
    })
  })

  test('records beyond the conditions of the grant are not told, and what is hidden cannot be felt: two departments that differ only in it answer alike', async () => {
    const narrow = await registered('低保家庭信息二')
    await granted(narrow, { rows: [{ item: 'i3', is: '150302' }], items: { i1: null, i4: null } })
    await approved(narrow)
    const worlds = [
      [household('A1', first), household('A2', second, { income: 'x' })],
      [
        household('A1', first, { illness: '重病', extra: { deep: [1] } }),
        household('Z9', third, { area: '150303', income: 'x' }),
        household('A2', second, { income: 'x', illness: 7 }),
        household('', third, { area: null }),
      ],
      [household('A1', first, { illness: '病'.repeat(900) }), household('A2', second, { income: 'x', illness: {} }), null, 5, 'x'],
    ]
    const bodies = [
      {},
      { filter: [{ item: 'i1', op: 'is', value: 'A1' }] },
      { filter: [{ item: 'i4', op: 'to', value: '2000' }] },
      { offset: 1 },
      { limit: 1 },
    ]
    for (const body of [...bodies, { filter: [{ item: 'i5', op: 'is', value: '重病' }] }]) {
      const told = []
      for (const world of worlds) {
        handler = answering(world)
        const { body: answer, status } = await query(narrow, body)
        told.push({ status, ...answer, requestId: undefined, instance: undefined })
      }
      expect(told[1], JSON.stringify(body)).toEqual(told[0])
      expect(told[2], JSON.stringify(body)).toEqual(told[0])
    }
  })

  test('ends with the day’s quota, which is asked before the department is', async () => {
    const limited = await registered('低保家庭信息三')
    await granted(limited, { quota: 2 })
    await approved(limited)
    expect((await query(limited)).body).toMatchObject({ total: 3, records: [{ i1: 'A1' }, { i1: 'A2' }] })
    const before = asked.length
    expect(await query(limited)).toMatchObject({ status: 429, body: { code: 'sharing.quota_used_up' } })
    expect(asked.length).toBe(before)
  })

  test('a grant that is revoked while the department answers shows nothing', async () => {
    handler = async (request, response, body) => {
      await owner.query(`update sharing."grant" set state = 'suspended', state_reason = '核查' where id = $1`, [grant])
      answering()(request, response, body)
    }
    const looks = await owner.query('select count(*)::int as n from libraries.person_look')
    expect((await query(resource)).status).toBe(404)
    expect((await owner.query('select count(*)::int as n from libraries.person_look')).rows).toEqual(looks.rows)
    await owner.query(`update sharing."grant" set state = 'in-force', state_reason = null where id = $1`, [grant])
  })

  test('a parameter that the interface needs is asked for by name, and one that was not granted is not named', async () => {
    const parameter = (item: string) => [{ item, op: 'is', name: 'no', required: true }]
    await approved(resource, { parameters: parameter('i1') })
    expect(await query(resource)).toMatchObject({
      status: 422,
      body: { code: 'libraries.parameter_missing', detail: expect.stringContaining('“家庭编号”') },
    })
    await approved(resource, { parameters: parameter('i5') })
    const refused = await query(resource)
    expect(refused).toMatchObject({ status: 409, body: { code: 'libraries.parameter_not_granted' } })
    expect(JSON.stringify(refused.body)).not.toContain('病情')
    await approved(resource)
  })
})

describe('a fault of the department', () => {
  const big = 'x'.repeat(5 * 1024 * 1024)
  test.each<[string, Handler, number, string]>([
    ['is 500', (_q, r) => void r.writeHead(500).end('ORA-00942 at 10.9.8.7'), 502, 'interfaces.unavailable'],
    ['is 401', (_q, r) => void r.writeHead(401).end(), 502, 'interfaces.denied'],
    ['is 404', (_q, r) => void r.writeHead(404).end(), 502, 'interfaces.status'],
    ['redirects', (_q, r) => void r.writeHead(302, { location: `http://127.0.0.1:${port}/other` }).end(), 502, 'interfaces.redirect'],
    ['is a page', json('<html>登录</html>'), 502, 'interfaces.not_json'],
    ['is JSON without a list', json({ data: {} }), 502, 'interfaces.not_list'],
    ['is deep', json(`${'['.repeat(200_000)}${']'.repeat(200_000)}`), 502, 'interfaces.not_json'],
    ['has too many records', json({ data: { list: Array.from({ length: 1001 }, () => ({})) } }), 502, 'interfaces.too_many'],
    ['is too large', json(big), 502, 'interfaces.too_large'],
    ['inflates', (_q, r) => void r.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(big)), 502, 'interfaces.too_large'],
    ['is packed otherwise', (_q, r) => void r.writeHead(200, { 'content-encoding': 'zstd' }).end('x'), 502, 'interfaces.encoding'],
    ['is no gzip', (_q, r) => void r.writeHead(200, { 'content-encoding': 'gzip' }).end('plain'), 502, 'interfaces.encoding'],
    ['is not UTF-8', (_q, r) => void r.end(Buffer.from([0x22, 0xff, 0xfe, 0x22])), 502, 'interfaces.encoding'],
    ['breaks off', (q) => void q.socket.destroy(), 502, 'interfaces.connection'],
    [
      'breaks off in the middle',
      (q, r) => {
        r.writeHead(200, { 'content-length': '100' })
        r.write('{', () => q.socket.destroy())
      },
      502,
      'interfaces.connection',
    ],
  ])('that %s is named for the caller, with a cure and nothing of its inside', async (_, answer, status, code) => {
    await owner.query('update interfaces.interface set failures = 0')
    handler = answer
    const told = await query(resource)
    expect(told).toMatchObject({ status, body: { code, detail: expect.stringMatching(/请/) } })
    expect(JSON.stringify(told.body)).not.toMatch(/ORA|10\.9|127\.0|4711|households/)
    expect((await page('steward', resource)).body.calls[0]).toMatchObject({
      fault: code.replace('interfaces.', '').replace('_', '-'),
      records: 0,
    })
    expect(asked.length).toBe(1)
  })

  test('that never ends is over when its time is: 504, also when it drips', async () => {
    await approved(resource, { timeoutSeconds: 1 })
    handler = () => undefined
    expect(await query(resource)).toMatchObject({ status: 504, body: { code: 'interfaces.timeout' } })
    handler = (request, response) => {
      response.writeHead(200)
      const drip = setInterval(() => response.write(' '), 50)
      request.socket.on('close', () => clearInterval(drip))
    }
    expect(await query(resource)).toMatchObject({ status: 504, body: { code: 'interfaces.timeout' } })
    await approved(resource)
  })

  test('whose certificate nobody knows is refused before anything is sent, and taken with its authority', async () => {
    await permit(`127.0.0.1:${securePort}`)
    await approved(resource, { address: `https://127.0.0.1:${securePort}/households` })
    expect(await query(resource)).toMatchObject({ status: 502, body: { code: 'interfaces.tls' } })
    expect(asked).toEqual([])
    await approved(resource, { address: `https://127.0.0.1:${securePort}/households`, certificate: cert })
    expect((await query(resource)).body.total).toBe(3)
    await approved(resource)
  })

  test('nobody listens: the connection is refused', async () => {
    const gone = createServer()
    const free = await listen(gone)
    await permit(`127.0.0.1:${free}`)
    await approved(resource, { address: `http://127.0.0.1:${free}/` })
    await new Promise((done) => gone.close(done))
    expect(await query(resource)).toMatchObject({ status: 502, body: { code: 'interfaces.connection' } })
    expect((await page('center', resource)).body.calls[0]).toMatchObject({ cause: 'ECONNREFUSED' })
    await approved(resource)
  })

  test('a name that comes to mean another machine is not followed: it is resolved once and connected to what was checked', async () => {
    // Listed where the department is, and a host beside it that is not.
    expect((await permit(`data.mzj.test:${port}`, '127.0.0.1/32')).status).toBe(201)
    await approved(resource, { address: `http://data.mzj.test:${port}/households` })
    lookups = 0
    names = ['127.0.0.1', '127.0.0.2']
    expect((await query(resource)).status).toBe(200)
    expect([lookups, asked[0]?.headers.host]).toEqual([1, `data.mzj.test:${port}`])
    // The next answer of the resolver points elsewhere on this machine: nothing is sent there.
    expect(await query(resource)).toMatchObject({ status: 502, body: { code: 'interfaces.address' } })
    names = ['169.254.169.254']
    expect(await query(resource)).toMatchObject({ status: 502, body: { code: 'interfaces.address' } })
    names = ['::ffff:7f00:2']
    expect(await query(resource)).toMatchObject({ status: 502, body: { code: 'interfaces.address' } })
    expect(asked.length).toBe(1)
    await approved(resource)
  })

  test('an address that is taken off the list is connected to no more', async () => {
    const { body } = await (await city.as('center')).get<Answer>('/api/v1/interface-addresses')
    const { id } = body.items.find(({ address }) => address === `127.0.0.1:${port}`) ?? { id: '' }
    await post('securityAdmin', `/api/v1/interface-addresses/${id}/withdrawal`, { reason: '核查' })
    expect(await query(resource)).toMatchObject({ status: 502, body: { code: 'interfaces.address' } })
    expect(asked).toEqual([])
    await permit(`127.0.0.1:${port}`)
  })
})

describe('an interface that fails again and again', () => {
  test('is paused after five faults, both sides are told once; after five minutes one call tries, and its answer ends the pause', async () => {
    await approved(resource)
    handler = (_request, response) => void response.writeHead(503).end()
    for (let times = 0; times < 5; times++) expect((await query(resource)).status).toBe(502)
    expect(await query(resource)).toMatchObject({
      status: 503,
      body: { code: 'interfaces.paused', detail: expect.stringContaining('约5分钟') },
    })
    expect(asked.length).toBe(5)
    expect((await page('steward', resource)).body).toMatchObject({ standing: 'paused', failures: 5, mayDo: ['change', 'stop', 'lift'] })
    expect((await (await city.as('center')).get<Answer>('/api/v1/interfaces?standing=paused')).body.items).toMatchObject([{ id: resource }])
    city.clock.set('2026-03-02T01:06:00Z')
    expect((await query(resource)).status).toBe(502)
    expect((await query(resource)).status).toBe(503)
    city.clock.set('2026-03-02T01:12:00Z')
    handler = answering()
    expect((await query(resource)).status).toBe(200)
    expect((await page('steward', resource)).body).toMatchObject({ standing: 'in-use', failures: 0 })
    const { rows } = await owner.query<{ title: string; n: number }>(
      "select title, count(*)::int as n from notices.notice where kind in ('interface.paused', 'interface.recovered') group by title order by title",
    )
    expect(rows.map(({ title }) => title)).toEqual(['接口恢复调用：低保家庭信息', '接口暂停调用：低保家庭信息'])
    const audit = await owner.query(
      "select action from kernel.audit_event where action in ('interface.paused', 'interface.recovered') order by seq",
    )
    expect(audit.rows).toEqual([{ action: 'interface.paused' }, { action: 'interface.recovered' }])
  })

  test('what a query alone brings about pauses nothing', async () => {
    handler = (_request, response) => void response.writeHead(404).end()
    for (let times = 0; times < 6; times++) expect((await query(resource)).body.code).toBe('interfaces.status')
  })

  test('and a slow one holds up its own callers only: four at once, then it is busy', async () => {
    const waiting: ServerResponse[] = []
    handler = (_request, response) => void waiting.push(response)
    const calls = Array.from({ length: 4 }, () => query(resource))
    await expect.poll(() => waiting.length).toBe(4)
    expect(await query(resource)).toMatchObject({ status: 503, body: { code: 'interfaces.busy' } })
    for (const response of waiting) response.end(JSON.stringify({ data: { list: households } }))
    expect((await Promise.all(calls)).map(({ status }) => status)).toEqual([200, 200, 200, 200])
  })

  test('is stopped by either side with a reason, and then is not there for callers', async () => {
    const { version } = (await page('center', resource)).body
    expect((await post('auditor', path(resource, '/state'), { version, act: 'stop', reason: 'x' })).status).toBe(403)
    expect(await post('center', path(resource, '/state'), { version, act: 'stop', reason: null })).toMatchObject({ status: 422 })
    expect(await post('center', path(resource, '/state'), { version, act: 'lift', reason: null })).toMatchObject({ status: 409 })
    expect(await post('center', path(resource, '/state'), { version, act: 'stop', reason: '来源迁移' })).toMatchObject({
      status: 200,
      body: { standing: 'stopped' },
    })
    expect((await query(resource)).status).toBe(404)
  })
})

test('whoever looks at the resource in 资源超市 is told how it is called once granted, and that it is not yet', async () => {
  const offered = async (id: string) =>
    (await (await city.as('stranger')).get<{ passing: object | null }>(`/api/v1/sharing/offers/${id}`)).body.passing
  const id = await registered('接口待核准信息')
  expect(await offered(id)).toEqual({ ready: false, conditions: [] })
  await put('steward', id, registration())
  expect(await offered(id)).toEqual({ ready: false, conditions: [] })
  await permit(`127.0.0.1:${port}`)
  await approved(id)
  const told = await offered(id)
  expect(told).toMatchObject({ ready: true, conditions: [{ name: '家庭编号', op: 'is', required: false }, {}, {}, {}] })
  // In the catalog's words: nothing of the address, nor what the department calls its parameters.
  expect(JSON.stringify(told)).not.toMatch(/127|sfzh|4711/)
  expect(await offered(await registered('按表共享信息', { sharingForm: 'database' }))).toBeNull()
})
