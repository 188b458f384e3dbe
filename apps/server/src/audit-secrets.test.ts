import { readWorkbook } from '@tongchou/exports'
import { testDatabase } from '@tongchou/testing'
import { expect, test } from 'vitest'
import { clientOf } from './testing/client.ts'
import { goodProposal, seats, smallCity } from './testing/small-city.ts'

const { db, owner } = await testDatabase()
let logged = ''
const log = {
  write: (line: string) => {
    logged += line
  },
}
const city = await smallCity(db, undefined, log)
const client = clientOf(city)

/** Everything that is kept of what was done: the log, the events for others, kept answers, what the process wrote down. */
async function kept(): Promise<string> {
  const tables = ['kernel.audit_event', 'kernel.outbox', 'kernel.idempotency', 'exports.export']
  const rows = await Promise.all(tables.map(async (table) => (await owner.query(`select t::text as row from ${table} t`)).rows))
  return `${rows
    .flat()
    .map(({ row }) => row)
    .join('\n')}\n${logged}`
}

test('of planted secrets none stands in the log, in events, in what the process writes, or in the export of the log', async () => {
  const clerk = await city.as('clerk')
  const canaries = {
    wrongPassword: 'Canary-wrong-password-7319',
    newPassword: 'Canary-new-password-7320',
    bearer: 'tc_canarybearertoken7321canarybearertoken',
    cookie: 'canary-session-cookie-7322',
    stateSecret: '绝密工程代号七三二三',
    unknownField: 'canary-unknown-field-7324',
    query: 'canary-query-7325',
    oneTimeCode: 'CANARYTOTPSECRET7326',
  }
  const inject = city.app.inject.bind(city.app)
  const { username } = seats.clerk
  await inject({ method: 'POST', url: '/api/v1/sessions', payload: { username, password: canaries.wrongPassword } })
  await inject({ method: 'POST', url: '/api/v1/sessions', payload: { username: canaries.wrongPassword, password: 'x' } })
  await inject({ method: 'POST', url: '/api/v1/sessions', payload: { username, password: 'x', code: canaries.oneTimeCode } })
  await inject({ url: '/api/v1/me', headers: { authorization: `Bearer ${canaries.bearer}` } })
  await inject({ url: '/api/v1/me', cookies: { tongchou_session: canaries.cookie } })
  await clerk.post('/api/v1/me/password', { currentPassword: canaries.wrongPassword, newPassword: canaries.newPassword })
  await clerk.post('/api/v1/projects', goodProposal({ secrecy: true, name: canaries.stateSecret }), { 'idempotency-key': 'k1' })
  await clerk.post('/api/v1/projects', { ...goodProposal(), [canaries.unknownField]: canaries.unknownField }, { 'idempotency-key': 'k2' })
  await clerk.get(`/api/v1/projects?q=${canaries.query}`)
  const token = await clerk.post<{ token: string }>('/api/v1/tokens', { name: '报送程序', expiresOn: '2026-12-31' })
  expect(token.status).toBe(201)
  const planted = { ...canaries, token: token.body.token }
  await inject({ url: '/api/v1/me', headers: { authorization: `Bearer ${planted.token}` } })

  const auditor = await city.as('auditAdmin')
  const exported = await auditor.post<{ id: string }>('/api/v1/exports', {
    list: 'listAuditEvents',
    params: {},
    query: { from: '2026-03-02' },
    columns: ['at', 'person', 'org', 'action', 'outcome', 'subject', 'request'],
  })
  expect(exported.status).toBe(201)
  const { answer } = await client.ask({ method: 'GET', url: `/api/v1/exports/${exported.body.id}/file` }, 'auditAdmin')
  const sheet = JSON.stringify(await readWorkbook(answer.rawPayload))
  expect(sheet).toContain('民政申报员')

  const text = await kept()
  expect(text).toContain('session.started')
  const places = { kept: text, sheet }
  const hits = Object.entries(planted).flatMap(([name, secret]) =>
    Object.entries(places).flatMap(([place, content]) => (content.includes(secret) ? [`${name} in ${place}`] : [])),
  )
  expect(hits).toEqual([])
})

test('taking the log along is itself in the log, with filters, number of rows and the digest of the file', async () => {
  const { rows } = await owner.query("select detail from kernel.audit_event where action = 'export.made' order by seq desc limit 1")
  expect(rows[0].detail).toMatchObject({ list: 'listAuditEvents', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) })
})
