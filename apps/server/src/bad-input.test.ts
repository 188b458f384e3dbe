import { testDatabase } from '@tongchou/testing'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { DEMO_PASSWORD } from './demo/people.ts'
import { goodProposal, seats, smallCity } from './testing/small-city.ts'

const { db } = await testDatabase()
const city = await smallCity(db)

interface Refusal {
  code: string
  detail: string
  fields?: { path: string; message: string }[]
}

async function signIn(): Promise<string> {
  const answer = await city.app.inject({
    method: 'POST',
    url: '/api/v1/sessions',
    payload: { username: seats.clerk.username, password: DEMO_PASSWORD },
  })
  return answer.cookies[0]?.value ?? ''
}
const cookie = await signIn()

async function send(payload: string | Buffer, contentType = 'application/json') {
  const answer = await city.app.inject({
    method: 'POST',
    url: '/api/v1/projects',
    payload,
    headers: { 'content-type': contentType },
    cookies: { tongchou_session: cookie },
  })
  return { status: answer.statusCode, body: answer.json<Refusal>() }
}

async function stored(): Promise<number> {
  const row = await sql<{ count: number }>`select count(*)::int as count from projects.project`.execute(db)
  return row.rows[0]?.count ?? -1
}

const json = (changes: Record<string, unknown>) => JSON.stringify(goodProposal(changes))
const deep = `${'['.repeat(40)}${']'.repeat(40)}`

test.each([
  ['an unknown field', json({ mayor: true }), 400, 'mayor'],
  ['a wrong type', json({ omCostFen: '三万' }), 400, 'omCostFen'],
  ['an amount with a fraction of a 分', json({ omCostFen: 100.5 }), 400, 'omCostFen'],
  ['an amount below zero', json({ omCostFen: -1 }), 400, 'omCostFen'],
  ['a value outside the vocabulary', json({ kind: 'huge' }), 400, 'kind'],
  ['a missing field', JSON.stringify({ secrecy: false }), 400, 'name'],
  ['overlong text', json({ name: '数'.repeat(201) }), 400, 'name'],
  ['an empty name', json({ name: '   ' }), 400, 'name'],
  ['a NUL', json({ name: '低保\u0000核对' }), 400, 'name'],
  ['a lone surrogate', JSON.stringify(goodProposal()).replace('低保家庭经济状况核对系统', '低保\\ud800'), 400, 'name'],
  ['a duplicate key', `{"secrecy":false,"secrecy":false}`, 400, 'secrecy'],
  ['a forbidden key', `{"__proto__":{"a":1}}`, 400, '__proto__'],
  ['deep nesting', `{"secrecy":false,"name":${deep}}`, 400, '层'],
  ['no JSON at all', '{"secrecy":', 400, 'JSON'],
  ['a body of another encoding', Buffer.from([0x7b, 0xff, 0xfe, 0x7d]), 400, 'UTF-8'],
  ['an organisation that does not exist', json({ userUnitOrgId: 'no-such-office' }), 422, 'userUnitOrgId'],
  ['a builder that cannot build for this unit', json({ builder: 'district' }), 422, 'builder'],
])('%s is refused with its place, and nothing is stored', async (_what, payload, status, place) => {
  const before = await stored()
  const answer = await send(payload)
  expect(answer.status, JSON.stringify(answer.body)).toBe(status)
  expect(JSON.stringify(answer.body)).toContain(place)
  expect(answer.body.detail).toMatch(/[一-鿿]/)
  expect(await stored()).toBe(before)
})

test('another content type is a 415', async () => {
  expect((await send('secrecy=false', 'application/x-www-form-urlencoded')).status).toBe(415)
})

test('a body over the limit is a 413', async () => {
  expect((await send(json({ summary: '长'.repeat(800_000) }))).status).toBe(413)
})

test('a path that is no id and a cursor that is none are refused, not crashed on', async () => {
  const clerk = await city.as('clerk')
  expect((await clerk.get('/api/v1/projects/not-an-id')).status).toBeLessThan(500)
  expect((await clerk.get('/api/v1/projects?cursor=%00')).status).toBe(400)
  expect((await clerk.get('/api/v1/projects?cursor=eyJhIjoxfQ')).status).toBe(400)
  expect((await clerk.get('/api/v1/projects?limit=100000')).status).toBe(400)
  expect((await clerk.get('/api/v1/projects?unknown=1')).status).toBe(400)
})

test('the secrecy question: a yes leaves who, when and that, and nothing else anywhere', async () => {
  const clerk = await city.as('clerk')
  const secretName = '绝密工程代号七三一九'
  const before = await stored()
  const answer = await clerk.post<Refusal>('/api/v1/projects', goodProposal({ secrecy: true, name: secretName }), {
    'idempotency-key': 'secret-1',
  })
  expect(answer.body.code).toBe('secrecy.out_of_scope')
  expect(await stored()).toBe(before)
  // Even an otherwise broken form is turned away for the secret first, and keeps silent about the rest.
  const broken = await clerk.post<Refusal>('/api/v1/projects', { secrecy: true, name: 7 })
  expect(broken.body).toMatchObject({ code: 'secrecy.out_of_scope' })
  expect(broken.body.fields).toBeUndefined()
  const found = await everywhere(secretName)
  expect(found).toEqual([])
  const audit = await sql<{ detail: unknown; outcome: string }>`
    select detail, outcome from kernel.audit_event where subject_id = 'secrecy' order by seq desc limit 1`.execute(db)
  expect(audit.rows[0]).toEqual({ detail: { code: 'secrecy.out_of_scope' }, outcome: 'refused' })
  const keys = await sql`select 1 from kernel.idempotency where key = 'secret-1'`.execute(db)
  expect(keys.rows).toEqual([])
})

test('before the secrecy question is answered no file is taken', async () => {
  const boundary = 'x'
  const file = `--x\r\ncontent-disposition: form-data; name="file"; filename="a.txt"\r\n\r\n正文\r\n--x--\r\n`
  const answer = await city.app.inject({
    method: 'POST',
    url: '/api/v1/attachments',
    payload: file,
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
    cookies: { tongchou_session: cookie },
  })
  expect(answer.json<Refusal>().code).toBe('secrecy.unanswered')
  const rows = await sql`select 1 from cases.attachment`.execute(db)
  expect(rows.rows).toEqual([])
})

test.each([
  ['plan.pdf', '这不是 PDF', '扩展名不符'],
  ['page.txt', '<html><script>alert(1)</script></html>', '不是可以接收的文件'],
  ['picture.svg', '<svg xmlns="http://www.w3.org/2000/svg"/>', '不是可以接收的文件'],
  ['run.exe', 'MZ\u0000\u0001', '不是可以接收的文件'],
])('a file that lies about its type is refused: %s', async (name, text, why) => {
  const clerk = await city.as('clerk')
  await expect(clerk.upload(name, text)).rejects.toThrow(why)
})

test('the same request twice has one effect and the same answer; another body under its key is refused', async () => {
  const clerk = await city.as('clerk')
  const before = await stored()
  const key = { 'idempotency-key': 'draft-once' }
  const first = await clerk.post<{ id: string }>('/api/v1/projects', goodProposal({ name: '一次提交' }), key)
  const second = await clerk.post<{ id: string }>('/api/v1/projects', goodProposal({ name: '一次提交' }), key)
  expect(second).toEqual(first)
  expect(await stored()).toBe(before + 1)
  const other = await clerk.post<Refusal>('/api/v1/projects', goodProposal({ name: '另一内容' }), key)
  expect(other).toMatchObject({ status: 422, body: { code: 'idempotency.other_body' } })
})

/** Every text column of every table, searched for a text that must be nowhere. */
async function everywhere(needle: string): Promise<string[]> {
  const columns = await sql<{ schema: string; table: string; column: string }>`
    select table_schema as schema, table_name as table, column_name as column from information_schema.columns
    where table_schema not in ('pg_catalog', 'information_schema') and data_type in ('text', 'jsonb', 'character varying', 'ARRAY')`.execute(
    db,
  )
  expect(columns.rows.length).toBeGreaterThan(50)
  const hits: string[] = []
  for (const { schema, table, column } of columns.rows) {
    const at = sql.ref(`${schema}.${table}.${column}`)
    const from = sql.table(`${schema}.${table}`)
    const rows = await sql`select 1 from ${from} where ${at}::text like ${`%${needle}%`} limit 1`.execute(db)
    if (rows.rows.length > 0) hits.push(`${schema}.${table}.${column}`)
  }
  return hits
}
