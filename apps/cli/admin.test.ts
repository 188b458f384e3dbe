import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createAuthenticator, identityRoutes } from '@tongchou/identity'
import { buildApp, keyRingOf, newKeys, startEmbeddedPostgres } from '@tongchou/kernel'
import { testDatabase } from '@tongchou/testing'
import { afterAll, expect, test } from 'vitest'
import { runAdmin } from './admin.ts'

const { db, connection, owner } = await testDatabase()
const databaseUrl = `postgres://${connection.user}@localhost:${connection.port}/${connection.database}?host=${encodeURIComponent(connection.host)}`
const now = () => new Date()
const app = await buildApp({ db, now, authenticate: createAuthenticator({ db, now }) })
await app.register(identityRoutes, { prefix: '/api/v1', db, now, keys: keyRingOf(newKeys()), demo: null })

async function run(args: string[], typed = '', location: { databaseUrl?: string; dataDir?: string } = { databaseUrl }) {
  let output = ''
  let complaint = ''
  const terminal = {
    write: (text: string) => {
      output += text
    },
    complain: (text: string) => {
      complaint += text
    },
    readPassword: async () => typed,
  }
  return { code: await runAdmin(args, terminal, location), output, complaint }
}

const signIn = (username: string, password: string) =>
  app.inject({ method: 'POST', url: '/api/v1/sessions', payload: { username, password } })

test('the first administrator is made with a first password that is shown once and has to be changed', async () => {
  const { code, output } = await run(['create', '--username', 'root.admin'])
  expect(code).toBe(0)
  const password = /初始口令：(\S+)/.exec(output)?.[1] ?? ''
  const answer = await signIn('root.admin', password)
  expect(answer.statusCode).toBe(201)
  expect(answer.json().user).toMatchObject({
    roles: ['system-admin'],
    account: { mustChangePassword: true },
    post: { organisation: { id: 'platform', name: '平台管理' } },
  })
  const { rows } = await owner.query('select 1 from kernel.audit_event e where e::text like $1', [`%${password}%`])
  expect(rows).toEqual([])
})

test('a password from standard input is taken as it is, and need not be changed', async () => {
  const { code, output } = await run(['create', '--username', 'second', '--name', '张三', '--password-stdin', '--json'], 'Typed-2026-pass')
  expect([code, JSON.parse(output)]).toEqual([0, { username: 'second' }])
  expect((await signIn('second', 'Typed-2026-pass')).json().user).toMatchObject({
    person: { name: '张三' },
    account: { mustChangePassword: false },
  })
})

test('a name that is taken and a weak password fail, and leave nothing behind', async () => {
  const count = async () => (await owner.query<{ n: number }>('select count(*)::int as n from identity.person')).rows[0]?.n
  const before = await count()
  expect(await run(['create', '--username', 'ROOT.admin'])).toMatchObject({
    code: 3,
    output: '',
    complaint: expect.stringContaining('已被使用'),
  })
  const weak = await run(['create', '--username', 'third', '--password-stdin', '--json'], 'short')
  expect([weak.code, JSON.parse(weak.complaint).code]).toEqual([3, 'password.too_weak'])
  expect(await count()).toBe(before)
})

test.each([
  [[], '没有这个命令'],
  [['delete', '--username', 'x.y.z'], '没有这个命令'],
  [['create'], '用户名未给出或格式不符'],
  [['create', '--username', '赵磊'], '用户名未给出或格式不符'],
  [['create', '--username', 'ok.name', '--organisation', 'Big Data'], '机构标识'],
  [['create', '--username', 'ok.name', '--name', ' '], '姓名'],
  [['create', '--username', 'ok.name', '--surprise'], '选项无法识别'],
])('%j is wrong usage: %s', async (args, reason) => {
  const { code, complaint } = await run(args)
  expect(code).toBe(2)
  expect(complaint).toContain(reason)
})

const dataDir = mkdtempSync(join(tmpdir(), 'tongchou-admin-'))
afterAll(() => rmSync(dataDir, { recursive: true, force: true }))

test('on the embedded database, whether the platform is down or running', async () => {
  expect((await run(['create', '--username', 'while.down'], '', { dataDir })).code).toBe(0)
  const server = await startEmbeddedPostgres({ dataDir })
  try {
    expect((await run(['create', '--username', 'while.up'], '', { dataDir })).code).toBe(0)
    expect((await run(['create', '--username', 'while.down'], '', { dataDir })).code).toBe(3)
  } finally {
    await server.stop()
  }
})
