import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { syntheticSocialCreditCode } from '@tongchou/kernel'
import { testDatabase } from '@tongchou/testing'
import { beforeAll, describe, expect, test } from 'vitest'
import { DEMO_PASSWORD } from './demo/people.ts'
import { deskOf, type Refusal } from './testing/desk.ts'
import { goodProposal, type Speaker, smallCity } from './testing/small-city.ts'

const { db, owner } = await testDatabase()
const city = await smallCity(db)
const desk = deskOf(city)

/** Two firms that build for two departments: A for both, B for the first alone. */
const codeA = syntheticSocialCreditCode('91', '150300', 1)
const codeB = syntheticSocialCreditCode('91', '150300', 2)
const A = '甲信息技术有限公司'
const B = '乙软件有限公司'

interface Page<T> {
  items: T[]
}
interface ContractLine {
  id: string
  number: string
  project: { name: string }
  returnedCount: number
}
interface Notice {
  kind: string
  title: string
  body: string
  href: string
}

const contracts: Record<string, string> = {}
const projects: Record<string, string> = {}
const enterprises: Record<string, string> = {}
let agentA: Speaker
let agentB: Speaker
let agentWithin: Speaker

/** A project under contract, being built. */
async function built(name: string, number: string, supplier: string, code: string | undefined, seat: 'clerk' | 'stranger' = 'clerk') {
  const unit = seat === 'clerk' ? 'civil-affairs' : 'health'
  const drafted = await (await city.as(seat)).post<{ id: string }>('/api/v1/projects', goodProposal({ name, userUnitOrgId: unit }))
  const { id } = drafted.body
  await owner.query(
    `update projects.project set submitted_at = now(), stage = 'established', proposal_approved_at = now(), feasibility_approved_at = now(),
       preliminary_design_approved_at = now() where id = $1`,
    [id],
  )
  const tender = await desk.begin(seat, id, 'tender')
  const result = { venue: 'other', noticeNumber: 'WH-1', winner: supplier, amountFen: 1_000, openedOn: '2026-02-20' }
  await desk.decide('tender', tender, 'register', { form: result })
  const form = {
    ...{ number, supplier, amountFen: 900, signedOn: '2026-03-01' },
    ...(code === undefined ? {} : { supplierUscc: code }),
    terms: [
      { title: '首付款', amountFen: 400 },
      { title: '验收款', amountFen: 500 },
    ],
  }
  const filed = await desk.act(seat, tender, 'register', { form })
  if (filed.status === 200) {
    const { rows } = await owner.query('select id, enterprise_id from projects.contract where project_id = $1', [id])
    contracts[number] = rows[0].id
    enterprises[supplier] = rows[0].enterprise_id
    projects[number] = id
    await (await city.as(seat)).put(`/api/v1/projects/${id}/milestones`, { milestones: [{ title: `${name}上线`, dueOn: '2026-09-30' }] })
  }
  return filed
}

async function agent(seat: 'center' | 'clerk', username: string, enterprise: string): Promise<Speaker> {
  const body = { kind: 'contractor-agent', subjectId: enterprises[enterprise], name: `${username}员`, username }
  const granted = await (await city.as(seat)).post<{ id: string; initialPassword: string }>('/api/v1/relations', body)
  expect(granted.status).toBe(201)
  const first = await city.signIn(username, granted.body.initialPassword)
  const changed = await first.post('/api/v1/me/password', { currentPassword: granted.body.initialPassword, newPassword: DEMO_PASSWORD })
  expect(changed.status).toBe(204)
  return city.signIn(username, DEMO_PASSWORD)
}

beforeAll(async () => {
  expect((await built('核对系统', 'HT-A1', A, codeA)).status).toBe(200)
  expect((await built('养老系统', 'HT-B1', B, codeB)).status).toBe(200)
  expect((await built('卫生系统', 'HT-A2', A, codeA, 'stranger')).status).toBe(200)
  agentA = await agent('center', 'agent-a', A)
  agentB = await agent('center', 'agent-b', B)
  agentWithin = await agent('clerk', 'agent-within', A)
})

/** Returns everything that waits on a contract. */
async function settle(number: string): Promise<void> {
  const clerk = await city.as('clerk')
  const { items } = (await clerk.get<Page<{ id: string; contract: { number: string } }>>('/api/v1/supplier-reports?state=submitted')).body
  for (const { id } of items.filter(({ contract }) => contract.number === number))
    await clerk.post(`/api/v1/supplier-reports/${id}/decision`, { outcome: 'return', reason: '请重新报送。' })
}

const numbers = async (who: Speaker) =>
  (await who.get<Page<ContractLine>>('/api/v1/supplier-contracts')).body.items.map(({ number }) => number).sort()

describe('a contract names its supplier as a row of the register', () => {
  test('a code registers the enterprise once; the text stays as it was signed', async () => {
    const { rows } = await owner.query('select name, uscc from projects.enterprise order by name')
    expect(rows).toEqual([
      { name: B, uscc: codeB },
      { name: A, uscc: codeA },
    ])
    const project = await (await city.as('clerk')).get<{ contracts: object[] }>(`/api/v1/projects/${projects['HT-A1']}`)
    expect(project.body.contracts).toMatchObject([{ number: 'HT-A1', supplier: A, enterpriseId: enterprises[A] }])
  })

  test.each([
    ['a check character that is wrong', `${codeA.slice(0, 17)}${codeA.endsWith('X') ? 'Y' : 'X'}`, 422, '校验'],
    ['a code that is another firm’s', codeB, 422, '不一致'],
  ])('a code with %s is refused', async (_what, code, status, why) => {
    const refused = await built('另一系统', 'HT-X', A, code)
    expect(refused).toMatchObject({ status })
    expect(JSON.stringify(refused.body)).toContain(why)
    expect(contracts['HT-X']).toBeUndefined()
  })

  test('a name alone is still taken, as before; the center fills in its code, and a code that is known joins the two', async () => {
    expect((await built('旧系统', 'HT-OLD', '丙公司', undefined)).status).toBe(200)
    const id = enterprises.丙公司 ?? ''
    const center = await city.as('center')
    expect((await center.get(`/api/v1/enterprises/${id}`)).body).toMatchObject({
      uscc: null,
      mayIdentify: true,
      mayGrant: false,
      grantObstacle: expect.stringContaining('未登记统一社会信用代码'),
    })
    const grant = { kind: 'contractor-agent', subjectId: id, name: '某', username: 'agent-none' }
    expect(await center.post('/api/v1/relations', grant)).toMatchObject({ status: 409, body: { code: 'relation.not_grantable' } })
    const code = syntheticSocialCreditCode('91', '150300', 3)
    expect(await (await city.as('clerk')).post(`/api/v1/enterprises/${id}/code`, { uscc: code })).toMatchObject({ status: 403 })
    expect(await center.post(`/api/v1/enterprises/${id}/code`, { uscc: codeA })).toMatchObject({ body: { code: 'enterprise.other_name' } })
    expect((await center.post('/api/v1/enterprises', { name: '丙公司', uscc: code })).status).toBe(201)
    // The name says two enterprises now: the next contract has to say which.
    expect(JSON.stringify((await built('新系统', 'HT-NEW', '丙公司', undefined)).body)).toContain('不止一家')
    const joined = await center.post<{ id: string }>(`/api/v1/enterprises/${id}/code`, { uscc: code })
    expect(joined.status).toBe(200)
    expect(joined.body.id).not.toBe(id)
    expect((await center.get(`/api/v1/enterprises/${id}`)).status).toBe(404)
    expect((await center.get(`/api/v1/enterprises/${joined.body.id}`)).body).toMatchObject({
      contracts: [{ number: 'HT-OLD', supplier: '丙公司' }],
    })
  })

  test('contracts that were filed before the register was there become rows by name', async () => {
    const file = join(import.meta.dirname, '../../../modules/projects/migrations/0051_create_enterprise.sql')
    const client = await owner.connect()
    try {
      await client.query('begin')
      // As it stood before: contracts with a text and nothing else.
      await client.query('drop table projects.supplier_report')
      await client.query('alter table projects.contract drop column enterprise_id')
      await client.query('drop table projects.enterprise')
      await client.query(`update projects.contract set supplier = ' 甲信息技术有限公司 ' where number = 'HT-A2'`)
      await client.query(readFileSync(file, 'utf8'))
      const { rows } = await client.query(
        `select c.number, c.supplier, e.name, e.uscc from projects.contract c join projects.enterprise e on e.id = c.enterprise_id
         where c.number in ('HT-A1', 'HT-A2', 'HT-B1') order by c.number`,
      )
      expect(rows).toEqual([
        { number: 'HT-A1', supplier: A, name: A, uscc: null },
        { number: 'HT-A2', supplier: ` ${A} `, name: A, uscc: null },
        { number: 'HT-B1', supplier: B, name: B, uscc: null },
      ])
      expect((await client.query('select name from projects.enterprise where name = $1', [A])).rowCount).toBe(1)
    } finally {
      await client.query('rollback')
      client.release()
    }
  })
})

describe('an enterprise’s agent', () => {
  test('sees own contracts and no others; who was granted by one unit sees that unit’s', async () => {
    expect(await numbers(agentA)).toEqual(['HT-A1', 'HT-A2'])
    expect(await numbers(agentB)).toEqual(['HT-B1'])
    expect(await numbers(agentWithin)).toEqual(['HT-A1'])
    const page = await agentA.get(`/api/v1/supplier-contracts/${contracts['HT-A1']}`)
    expect(page.body).toMatchObject({
      number: 'HT-A1',
      project: { name: '核对系统', stage: 'building' },
      builder: { name: '市民政局' },
      held: false,
      terms: [
        { title: '首付款', amountFen: 400, state: 'open' },
        { title: '验收款', amountFen: 500, state: 'open' },
      ],
      milestones: [{ title: '核对系统上线', doneOn: null }],
      obstacle: null,
    })
    // Nothing of the project but what the contract is about.
    expect(Object.keys(page.body.project as object)).toEqual(['name', 'stage'])
  })

  test('sees a payment go from asked for to paid', async () => {
    const clerk = await city.as('clerk')
    const asked = await clerk.post<{ caseId: string }>(`/api/v1/projects/${projects['HT-A1']}/payments`, {
      ...{ opinion: '', form: {}, documents: [], contractId: contracts['HT-A1'], lineNo: 1 },
    })
    expect(asked.status).toBe(201)
    const terms = async () =>
      (await agentA.get<{ terms: { state: string }[] }>(`/api/v1/supplier-contracts/${contracts['HT-A1']}`)).body.terms.map(
        ({ state }) => state,
      )
    expect(await terms()).toEqual(['requested', 'open'])
    await owner.query(`update projects.payment set state = 'released', released_at = now() where contract_id = $1`, [contracts['HT-A1']])
    expect(await terms()).toEqual(['released', 'open'])
    expect((await agentA.get<Page<object>>('/api/v1/supplier-contracts?q=HT-A1')).body.items).toMatchObject([{ paidFen: 400 }])
  })

  test('hands in material with a file, the unit is told, returns it with the reason, and accepts it the second time', async () => {
    const at = `/api/v1/supplier-contracts/${contracts['HT-A1']}`
    const { milestones } = (await agentA.get<{ milestones: { id: string }[] }>(at)).body
    const file = await agentA.upload('测试报告.txt', '全部通过')
    const input = { secrecy: false, milestoneId: milestones[0]?.id, text: '系统已上线试运行。', files: [file] }
    const handed = await agentA.post<{ id: string }>(`${at}/reports`, input)
    expect(handed.status).toBe(201)
    expect(await agentA.post(`${at}/reports`, { ...input, files: [] })).toMatchObject({
      status: 409,
      body: { code: 'supplier_report.waiting' },
    })

    const clerk = await city.as('clerk')
    const told = await clerk.get<Page<Notice>>('/api/v1/notices')
    expect(told.body.items[0]).toMatchObject({
      kind: 'supplier-report.submitted',
      title: '承建单位报送：核对系统上线',
      href: `/projects/${projects['HT-A1']}#supplier-reports`,
    })
    const listed = await clerk.get<Page<{ id: string; mayDecide: boolean; files: { id: string }[] }>>(
      '/api/v1/supplier-reports?state=submitted',
    )
    expect(listed.body.items).toMatchObject([{ id: handed.body.id, mayDecide: true, files: [{ id: file, fileName: '测试报告.txt' }] }])
    expect((await clerk.get(`/api/v1/attachments/${file}`)).status).toBe(200)

    const decision = `/api/v1/supplier-reports/${handed.body.id}/decision`
    expect(await clerk.post(decision, { outcome: 'return' })).toMatchObject({ status: 422, body: { code: 'supplier_report.no_reason' } })
    expect(await clerk.post(decision, { outcome: 'return', reason: '缺少压力测试。' })).toMatchObject({
      status: 200,
      body: { state: 'returned' },
    })
    expect(await clerk.post(decision, { outcome: 'accept' })).toMatchObject({ status: 409, body: { code: 'supplier_report.decided' } })
    expect((await agentA.get<Page<Notice>>('/api/v1/notices')).body.items[0]).toMatchObject({
      title: '“核对系统上线”被退回',
      body: '建设单位意见：缺少压力测试。',
      href: `/supplier-contracts/${contracts['HT-A1']}`,
    })
    expect((await agentA.get<Page<ContractLine>>('/api/v1/supplier-contracts?q=HT-A1')).body.items).toMatchObject([{ returnedCount: 1 }])

    const again = await agentA.post<{ id: string }>(`${at}/reports`, { ...input, files: [], text: '已补充压力测试。' })
    expect(again.status).toBe(201)
    expect(await clerk.post(`/api/v1/supplier-reports/${again.body.id}/decision`, { outcome: 'accept' })).toMatchObject({
      body: { state: 'accepted' },
    })
    const { rows } = await owner.query(
      `select action, person_name, org_id from kernel.audit_event where subject_id in ($1, $2) and action like 'supplier_report.%' order by seq`,
      [handed.body.id, again.body.id],
    )
    expect(rows).toEqual([
      { action: 'supplier_report.submitted', person_name: 'agent-a员', org_id: `enterprise:${enterprises[A]}` },
      { action: 'supplier_report.returned', person_name: '民政申报员', org_id: 'civil-affairs' },
      { action: 'supplier_report.submitted', person_name: 'agent-a员', org_id: `enterprise:${enterprises[A]}` },
      { action: 'supplier_report.accepted', person_name: '民政申报员', org_id: 'civil-affairs' },
    ])
  })

  test('is refused on what is over, on a milestone of another project, with another’s file, and with a state secret', async () => {
    const at = `/api/v1/supplier-contracts/${contracts['HT-B1']}`
    const report = (more: object) => agentB.post<Refusal>(`${at}/reports`, { secrecy: false, text: '进展正常。', ...more })
    const { milestones } = (await agentA.get<{ milestones: { id: string }[] }>(`/api/v1/supplier-contracts/${contracts['HT-A1']}`)).body
    expect(await report({ milestoneId: milestones[0]?.id })).toMatchObject({ status: 422, body: { code: 'supplier_report.no_milestone' } })
    const foreign = await agentA.upload('甲.txt', '甲')
    expect(await report({ files: [foreign] })).toMatchObject({ status: 422, body: { code: 'document.not_uploaded' } })
    expect((await report({ secrecy: true })).status).toBe(409)
    await owner.query(`update projects.project set stage = 'accepted' where id = $1`, [projects['HT-B1']])
    expect(await report({})).toMatchObject({ status: 409, body: { code: 'supplier_report.not_building' } })
    await owner.query(`update projects.project set stage = 'building' where id = $1`, [projects['HT-B1']])
    expect((await owner.query('select 1 from projects.supplier_report where contract_id = $1', [contracts['HT-B1']])).rows).toEqual([])
  })

  test('two offices may decide at once: one does, the other is told', async () => {
    const at = `/api/v1/supplier-contracts/${contracts['HT-B1']}/reports`
    const { id } = (await agentB.post<{ id: string }>(at, { secrecy: false, text: '进展正常。' })).body
    const [clerk, head] = [await city.as('clerk'), await city.as('head')]
    const both = await Promise.all([clerk, head].map((who) => who.post(`/api/v1/supplier-reports/${id}/decision`, { outcome: 'accept' })))
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409])
  })

  test('only the building unit decides: who reads it is refused, a stranger finds nothing', async () => {
    const { id } = (
      await agentB.post<{ id: string }>(`/api/v1/supplier-contracts/${contracts['HT-B1']}/reports`, { secrecy: false, text: '继续推进。' })
    ).body
    const decide = async (who: Speaker) => (await who.post(`/api/v1/supplier-reports/${id}/decision`, { outcome: 'accept' })).status
    expect(await decide(await city.as('center'))).toBe(403)
    expect(await decide(await city.as('user'))).toBe(403)
    expect(await decide(await city.as('stranger'))).toBe(404)
    expect(await decide(agentA)).toBe(404)
    expect(await decide(agentB)).toBe(404)
  })
})

describe('nothing of another enterprise can be told', () => {
  /** Everything that an agent can ask, as text: what it says before and after must be the same. */
  async function allThatASees(): Promise<string> {
    const paths = [
      '/api/v1/supplier-contracts',
      `/api/v1/supplier-contracts?q=${encodeURIComponent(B)}`,
      '/api/v1/supplier-contracts?q=HT-B',
      `/api/v1/supplier-contracts/${contracts['HT-A1']}`,
      `/api/v1/supplier-contracts/${contracts['HT-B1']}`,
      '/api/v1/notices',
      '/api/v1/notices/unread',
      '/api/v1/search?q=HT-B',
      '/api/v1/enterprises',
      '/api/v1/supplier-reports',
      '/api/v1/projects',
      '/api/v1/exports',
      `/api/v1/projects/${projects['HT-B1']}`,
      `/api/v1/projects/${projects['HT-A1']}`,
    ]
    const answers = []
    for (const path of paths) {
      const { status, body } = await agentA.get(path)
      answers.push(`${path} ${status} ${JSON.stringify(body).replace(/"requestId":"[^"]*"/, '')}`)
    }
    return answers.join('\n')
  }

  test('what happens to another firm changes nothing in lists, counts, search, notices, exports and errors', async () => {
    await settle('HT-B1')
    const before = await allThatASees()
    const report = { secrecy: false, text: '乙公司的材料。' }
    expect((await agentB.post(`/api/v1/supplier-contracts/${contracts['HT-B1']}/reports`, report)).status).toBe(201)
    await settle('HT-B1')
    expect((await built('乙公司新系统', 'HT-B2', B, codeB)).status).toBe(200)
    expect(await numbers(agentB)).toEqual(['HT-B1', 'HT-B2'])
    expect(await allThatASees()).toBe(before)
  })

  test('a foreign contract is answered like one that does not exist, to the letter', async () => {
    const shape = async (id: string) => {
      const { status, body } = await agentA.get(`/api/v1/supplier-contracts/${id}`)
      return `${status} ${JSON.stringify(body)
        .replace(/"requestId":"[^"]*"/, '')
        .replaceAll(id, 'ID')}`
    }
    expect(await shape(contracts['HT-B1'] ?? '')).toBe(await shape('00000000-0000-4000-8000-00000000dead'))
    const report = async (id: string) =>
      (await agentA.post(`/api/v1/supplier-contracts/${id}/reports`, { secrecy: false, text: '试探。' })).status
    expect(await report(contracts['HT-B1'] ?? '')).toBe(404)
  })

  test('an export holds what the list shows, and no list of the offices can be had through it', async () => {
    const exported = (list: string, columns: string[]) => agentA.post('/api/v1/exports', { list, params: {}, query: {}, columns })
    const own = (await agentA.get<{ items: unknown[] }>('/api/v1/supplier-contracts?limit=200')).body.items.length
    expect(await exported('listSupplierContracts', ['number'])).toMatchObject({ status: 201, body: { doneCount: own } })
    for (const [list, column] of [
      ['listOrganisations', 'name'],
      ['listProjects', 'name'],
      ['listOwnLooks', 'at'],
    ] as const)
      expect([list, (await exported(list, [column])).status]).toEqual([list, 403])
  })

  test('a file that another firm handed in is not there', async () => {
    const file = await agentB.upload('乙.txt', '乙')
    expect((await agentA.get(`/api/v1/attachments/${file}`)).status).toBe(404)
    await settle('HT-B1')
    const at = `/api/v1/supplier-contracts/${contracts['HT-B1']}/reports`
    expect((await agentB.post(at, { secrecy: false, text: '附材料。', files: [file] })).status).toBe(201)
    expect((await agentA.get(`/api/v1/attachments/${file}`)).status).toBe(404)
    expect((await (await city.as('stranger')).get(`/api/v1/attachments/${file}`)).status).toBe(404)
  })
})

test('when the relation ends the agent is out, and is told so', async () => {
  const center = await city.as('center')
  const { items } = (await center.get<Page<{ id: string; person: { username: string } }>>('/api/v1/relations?state=standing')).body
  const relation = items.find(({ person }) => person.username === 'agent-within')
  expect((await center.post(`/api/v1/relations/${relation?.id}/end`, { reason: '更换经办人' })).status).toBe(204)
  expect((await agentWithin.get('/api/v1/supplier-contracts')).status).toBe(401)
  await expect(city.signIn('agent-within', DEMO_PASSWORD)).rejects.toThrow('account.no_relation')
})
