import type { KernelTables } from '@tongchou/kernel'
import { testDatabase } from '@tongchou/testing'
import type { Kysely } from 'kysely'
import { beforeAll, expect, test } from 'vitest'
import { clientOf } from './testing/client.ts'
import { goodProposal, type SmallCity, smallCity } from './testing/small-city.ts'

let db: Kysely<KernelTables>
let city: SmallCity
beforeAll(async () => {
  const opened = await testDatabase()
  db = opened.db
  city = await smallCity(db)
})

interface Draft {
  id: string
  version: number
  content: Record<string, unknown>
  copied: string[]
  copiedFrom: { id: string; name: string } | null
  code?: string
}
const root = '/api/v1/proposal-drafts'

async function actionsOf(id: string): Promise<string[]> {
  const rows = await db.selectFrom('kernel.audit_event').select('action').where('subject_id', '=', id).orderBy('seq').execute()
  return rows.map((row) => row.action)
}

test('a proposal is saved from the first character, half typed and wrong as it may be, and read back as it was', async () => {
  const clerk = await city.as('clerk')
  const begun = await clerk.post<Draft>(root, { secrecy: false, content: { name: '低' } })
  expect(begun.status).toBe(201)
  const content = {
    name: '低保核对',
    budgetLines: [{ title: '软件' }, { category: '不详' }],
    unread: [{ path: 'budgetLines/0/amountFen', text: '1.005' }],
  }
  const saved = await clerk.put<Draft>(`${root}/${begun.body.id}`, { secrecy: false, version: 1, content, copied: [] })
  expect(saved).toMatchObject({ status: 200, body: { version: 2, content } })
  expect((await clerk.get<Draft>(`${root}/${begun.body.id}`)).body).toMatchObject({ content, copied: [], copiedFrom: null })
  const list = await clerk.get<{ items: { id: string; name: string }[] }>(root)
  expect(list.body.items).toContainEqual(expect.objectContaining({ id: begun.body.id, name: '低保核对' }))
  expect(await actionsOf(begun.body.id)).toEqual(['proposal_draft.begun', 'proposal_draft.saved'])
})

test('a draft of a state secret is kept by nobody (WH23-21)', async () => {
  const clerk = await city.as('clerk')
  const before = (await clerk.get<{ items: unknown[] }>(root)).body.items.length
  expect(await clerk.post(root, { secrecy: true, content: { name: '涉密项目' } })).toMatchObject({
    status: 409,
    body: { code: 'secrecy.out_of_scope' },
  })
  expect((await clerk.post(root, { content: { name: '未答' } })).status).toBe(400)
  expect((await clerk.get<{ items: unknown[] }>(root)).body.items.length).toBe(before)
})

test('a draft is its writer’s alone: a colleague, another unit and the center do not learn that it exists; who proposes nothing begins none', async () => {
  const clerk = await city.as('clerk')
  const { body } = await clerk.post<Draft>(root, { secrecy: false, content: { name: '秘而不宣' } })
  for (const seat of ['head', 'stranger'] as const) {
    const other = await city.as(seat)
    expect((await other.get(`${root}/${body.id}`)).status).toBe(404)
    expect((await other.put(`${root}/${body.id}`, { secrecy: false, version: 1, content: {}, copied: [] })).status).toBe(404)
    expect((await other.get<{ items: { id: string }[] }>(root)).body.items.map((one) => one.id)).not.toContain(body.id)
  }
  const center = await city.as('center')
  expect((await center.get(`${root}/${body.id}`)).status).toBeGreaterThanOrEqual(403)
  expect((await center.post(root, { secrecy: false, content: {} })).status).toBe(403)
  expect((await city.app.inject({ url: root })).statusCode).toBe(401)
})

test('of two windows that save the same version one is told; nothing is written over', async () => {
  const clerk = await city.as('clerk')
  const { body } = await clerk.post<Draft>(root, { secrecy: false, content: { name: '一' } })
  const save = (name: string) => clerk.put<Draft>(`${root}/${body.id}`, { secrecy: false, version: 1, content: { name }, copied: [] })
  const answers = await Promise.all([save('二'), save('三')])
  expect(answers.map((one) => one.status).sort()).toEqual([200, 409])
  const won = answers.find((one) => one.status === 200)?.body.content.name
  expect((await clerk.get<Draft>(`${root}/${body.id}`)).body.content.name).toBe(won)
})

test('last year’s project of the own unit is the start of this year’s, each item marked until it was looked at; nothing decided comes along', async () => {
  const clerk = await city.as('clerk')
  const source = await clerk.post<{ id: string }>(
    '/api/v1/projects',
    goodProposal({ name: '低保系统运维', kind: 'operation', urgencyReason: '' }),
  )
  const begun = await clerk.post<Draft>(root, { secrecy: false, copyFrom: source.body.id, content: { kind: 'operation' } })
  expect(begun.status).toBe(201)
  const { content, copied, copiedFrom, id } = begun.body
  expect(content).toMatchObject({
    name: '低保系统运维',
    kind: 'operation',
    budgetLines: [{ category: 'software' }, { category: 'integration' }],
  })
  expect(copiedFrom).toEqual({ id: source.body.id, name: '低保系统运维', planYear: null })
  // What the applicant chose is not taken over, and there is nothing of attachments or urgency.
  expect(copied).toEqual(expect.arrayContaining(['name', 'budgetLines', 'deliverables']))
  expect(copied).not.toContain('kind')
  expect(Object.keys(content)).not.toContain('urgencyReason')

  const make = (confirmed: string[]) =>
    clerk.post<{ id: string; code: string }>('/api/v1/projects', {
      ...goodProposal({ name: '低保系统运维2027' }),
      draft: { id, confirmed },
    })
  expect(await make(['name'])).toMatchObject({ status: 409, body: { code: 'proposal_draft.copied_unread' } })
  // A mark is taken away by looking, and cannot be set again.
  const rest = copied.filter((item) => item !== 'name')
  expect((await clerk.put<Draft>(`${root}/${id}`, { secrecy: false, version: 1, content, copied: rest })).body.copied).toEqual(rest)
  expect((await clerk.put<Draft>(`${root}/${id}`, { secrecy: false, version: 2, content, copied })).body.copied).toEqual(rest)
  expect((await make(rest)).status).toBe(201)
  expect((await clerk.get(`${root}/${id}`)).status).toBe(404)
  expect(await actionsOf(id)).toEqual(['proposal_draft.begun', 'proposal_draft.saved', 'proposal_draft.saved', 'proposal_draft.settled'])
})

test('another unit’s project is copied by nobody: unknown to a stranger, refused to who may read it', async () => {
  const clerk = await city.as('clerk')
  const { body } = await clerk.post<{ id: string }>('/api/v1/projects', goodProposal({ name: '他单位项目' }))
  const stranger = await city.as('stranger')
  expect((await stranger.post(root, { secrecy: false, copyFrom: body.id })).status).toBe(404)
  await clerk.post(`/api/v1/projects/${body.id}/plan-entries`, { year: 2027, opinion: '' })
  const centerClerk = await city.as('centerClerk')
  const answer = await centerClerk.post(root, { secrecy: false, copyFrom: body.id })
  expect([403, 404]).toContain(answer.status)
})

test('somebody else’s draft settles no project of mine, and the project is not made either', async () => {
  const head = await city.as('head')
  const { body } = await head.post<Draft>(root, { secrecy: false, content: { name: '科长的草稿' } })
  const clerk = await city.as('clerk')
  const count = async () => (await clerk.get<{ totals: { count: number } }>('/api/v1/projects')).body.totals.count
  const before = await count()
  expect((await clerk.post('/api/v1/projects', { ...goodProposal(), draft: { id: body.id, confirmed: [] } })).status).toBe(404)
  expect(await count()).toBe(before)
  expect((await head.get(`${root}/${body.id}`)).status).toBe(200)
})

test('a draft that is thrown away is gone, and the audit says so', async () => {
  const clerk = await city.as('clerk')
  const { body } = await clerk.post<Draft>(root, { secrecy: false, content: { name: '不要了' } })
  const client = clientOf(city)
  expect((await client.ask({ method: 'DELETE', url: `${root}/${body.id}` }, 'stranger')).status).toBe(404)
  expect((await client.ask({ method: 'DELETE', url: `${root}/${body.id}` }, 'clerk')).status).toBe(204)
  expect((await clerk.get(`${root}/${body.id}`)).status).toBe(404)
  expect(await actionsOf(body.id)).toContain('proposal_draft.discarded')
})

test('an entry of the annual plan is where its unit begins the next year: the year is known, and nobody else may', async () => {
  const clerk = await city.as('clerk')
  const { body } = await clerk.post<{ id: string }>('/api/v1/projects', goodProposal({ name: '殡葬系统运维', kind: 'operation' }))
  await clerk.post(`/api/v1/projects/${body.id}/plan-entries`, { year: 2026, opinion: '' })
  const entriesOf = async (seat: 'clerk' | 'center' | 'user') =>
    (await (await city.as(seat)).get<{ items: { mayContinue: boolean }[] }>(`/api/v1/plan-entries?projectId=${body.id}`)).body.items
  expect((await entriesOf('clerk')).map(({ mayContinue }) => mayContinue)).toEqual([true])
  expect((await entriesOf('center')).map(({ mayContinue }) => mayContinue)).toEqual([false])
  // The user unit reads the entry of its own office and proposes nothing.
  expect((await entriesOf('user')).map(({ mayContinue }) => mayContinue)).toEqual([false])
  const begun = await clerk.post<Draft>(root, { secrecy: false, copyFrom: body.id })
  expect(begun.body.copiedFrom).toEqual({ id: body.id, name: '殡葬系统运维', planYear: 2026 })
})
