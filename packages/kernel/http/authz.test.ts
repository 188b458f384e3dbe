import { testDatabase } from '@tongchou/testing'
import type { FastifyInstance, FastifyPluginAsync } from 'fastify'
import { sql } from 'kysely'
import { Type } from 'typebox'
import { describe, expect, test } from 'vitest'
import { givenApp, officer } from '../kernel.given.ts'
import { Id, problems, Strict } from './schema.ts'

const { db } = await testDatabase()
const { app } = await givenApp(db)

const id = '018f0000-0000-7000-8000-000000000001'
const response = { 200: Type.Object({ ok: Type.Boolean() }), ...problems }
const schema = (operationId: string, authz: Record<string, string[]>) => ({ operationId, tags: ['test'], 'x-authz': authz, response })
const ok = async () => ({ ok: true })

app.get('/api/v1/law', { schema: schema('readLaw', { public: [] }) }, ok)
app.get('/api/v1/me', { schema: schema('readMe', { 'signed-in': [] }) }, ok)
app.post('/api/v1/approvals', { schema: schema('approve', { any: ['drc', 'finance'] }) }, ok)
app.post('/api/v1/nobody', { schema: schema('doNothing', { own: [] }) }, ok)
const plan = { schema: { ...schema('approvePlan', { granted: ['drc'] }), params: Strict({ id: Id }) } }
app.post('/api/v1/hidden-plans/:id/approval', plan, ok)
// As a noun's permission does: the id goes to the database as it came.
const asked: string[] = []
app.post(
  '/api/v1/plans/:id/approval',
  {
    schema: { ...plan.schema, operationId: 'approveReadablePlan' },
    config: {
      mayRead: async (_ctx, params) => {
        asked.push(params.id ?? '')
        const found = await sql<{ found: boolean }>`select ${params.id}::uuid = ${id}::uuid as found`.execute(db)
        return found.rows[0]?.found ?? false
      },
    },
  },
  ok,
)

async function call(as: string | null, method: 'GET' | 'POST', url: string, headers: Record<string, string> = {}) {
  const reply = await app.inject({ method, url: `/api/v1${url}`, headers: { ...headers, ...(as ? { 'x-as': as } : {}) } })
  return [reply.statusCode, reply.json().code ?? 'done']
}

describe('who may call', () => {
  test('what is public, everybody', async () => {
    expect(await call(null, 'GET', '/law')).toEqual([200, 'done'])
  })

  test('what needs a session, whoever has one', async () => {
    expect(await call(null, 'GET', '/me')).toEqual([401, 'session.required'])
    expect(await call('clerk', 'GET', '/me')).toEqual([200, 'done'])
  })

  test('what needs a duty, who has one of them', async () => {
    expect(await call(null, 'POST', '/approvals')).toEqual([401, 'session.required'])
    expect(await call('clerk', 'POST', '/approvals')).toEqual([403, 'duty.missing'])
    expect(await call('officer', 'POST', '/approvals')).toEqual([200, 'done'])
  })

  test('where no duty is named, nobody', async () => {
    expect(await call('officer', 'POST', '/nobody')).toEqual([403, 'duty.missing'])
  })
})

describe('a token with a scope', () => {
  const opens = async (scope: { access: 'read' | 'write'; tags: string[] }) => {
    const { app: fresh } = await givenApp(db, { authenticate: async () => ({ ...officer, scope }) })
    const tagged = (operationId: string, ...tags: string[]) => ({ ...schema(operationId, { any: ['drc'] }), tags })
    fresh.get('/api/v1/plans', { schema: tagged('listPlans', 'plans') }, ok)
    fresh.post('/api/v1/plans', { schema: tagged('addPlan', 'plans') }, ok)
    fresh.post('/api/v1/plans/dry-run', { schema: tagged('tryPlan', 'plans'), config: { storesNothing: true } }, ok)
    fresh.get('/api/v1/cases', { schema: tagged('listCases', 'cases') }, ok)
    fresh.get('/api/v1/both', { schema: tagged('listBoth', 'plans', 'cases') }, ok)
    fresh.get('/api/v1/who', { schema: { ...schema('readWho', { 'signed-in': [] }), tags: ['people'] } }, ok)
    fresh.get('/api/v1/law', { schema: schema('readLaw', { public: [] }) }, ok)
    const asked = ['GET plans', 'HEAD plans', 'POST plans', 'POST plans/dry-run', 'GET cases', 'GET both', 'GET who', 'GET law']
    const opened: string[] = []
    for (const one of asked) {
      const [method, path] = one.split(' ')
      const reply = await fresh.inject({ method: method as 'GET', url: `/api/v1/${path}` })
      if (reply.statusCode === 200) opened.push(one)
      else expect([one, reply.statusCode, reply.body === '' || reply.json().code === 'token.scope_missing']).toEqual([one, 403, true])
    }
    return opened
  }

  test('reads of its own kinds, questions that store nothing, and what is public; the rest is closed', async () => {
    expect(await opens({ access: 'read', tags: ['plans'] })).toEqual(['GET plans', 'HEAD plans', 'POST plans/dry-run', 'GET law'])
    expect(await opens({ access: 'write', tags: ['plans'] })).toEqual([
      'GET plans',
      'HEAD plans',
      'POST plans',
      'POST plans/dry-run',
      'GET law',
    ])
    expect(await opens({ access: 'write', tags: ['people', 'cases'] })).toEqual(['GET cases', 'GET who', 'GET law'])
    expect(await opens({ access: 'write', tags: [] })).toEqual(['GET law'])
  })
})

describe('without the duty, an act on one thing', () => {
  test('is a 403 on what one may read, a 404 on what one may not', async () => {
    expect(await call('clerk', 'POST', `/plans/${id}/approval`)).toEqual([403, 'duty.missing'])
    expect(await call('clerk', 'POST', `/plans/${id.replace('1', '2')}/approval`)).toEqual([404, 'subject.not_found'])
    expect(await call('officer', 'POST', `/plans/${id}/approval`)).toEqual([200, 'done'])
  })

  test('is a 404 where the noun has no reading rule', async () => {
    expect(await call('clerk', 'POST', `/hidden-plans/${id}/approval`)).toEqual([404, 'subject.not_found'])
  })

  test('is a 404 where the id is none, and the database is not asked', async () => {
    const before = asked.length
    expect(await call('clerk', 'POST', '/plans/not-an-id/approval')).toEqual([404, 'subject.not_found'])
    expect(asked).toHaveLength(before)
    expect(await call('officer', 'POST', '/plans/not-an-id/approval')).toEqual([400, 'request.invalid'])
  })
})

describe('an operation that does not say who may call it does not start', () => {
  const silent = { schema: { operationId: 'x', tags: ['x'], response } }
  const routes: [string, (instance: FastifyInstance) => void][] = [
    ['without x-authz', (it) => it.get('/api/v1/x', silent, ok)],
    ['with an empty one', (it) => it.get('/api/v1/x', { schema: { ...silent.schema, 'x-authz': {} } }, ok)],
    ['without any schema', (it) => it.post('/api/v1/x', ok)],
    ['hidden, but under /api/', (it) => it.get('/api/v1/x', { schema: { hide: true } }, ok)],
    ['outside /api/ and not hidden', (it) => it.get('/ogc/x', silent, ok)],
    ['without a name', (it) => it.get('/api/v1/x', { schema: { ...schema('', { public: [] }) } }, ok)],
    ['without a tag', (it) => it.get('/api/v1/x', { schema: { ...schema('x', { public: [] }), tags: [] } }, ok)],
    ['as OPTIONS', (it) => it.options('/api/v1/x', silent, ok)],
    ['as HEAD', (it) => it.head('/api/v1/x', silent, ok)],
    ['of several methods', (it) => it.route({ method: ['GET', 'PUT'], url: '/api/v1/x', ...silent, handler: ok })],
  ]

  test.each(routes)('%s', async (_how, route) => {
    const { app: fresh } = await givenApp(db)
    expect(() => route(fresh)).toThrow(/declares no/)
  })

  test.each(routes.slice(0, 3))('%s, in a plugin inside a plugin registered later', async (_how, route) => {
    const { app: fresh } = await givenApp(db)
    const inner: FastifyPluginAsync = async (it) => route(it)
    fresh.register(async (outer) => void outer.register(inner), { prefix: '' })
    await expect(fresh.ready()).rejects.toThrow(/declares no x-authz/)
  })

  test('and its gate stands in plugins registered later too', async () => {
    const { app: fresh } = await givenApp(db)
    await fresh.register(
      async (outer) => {
        await outer.register(async (it) => void it.post('/later', { schema: schema('later', { any: ['drc'] }) }, ok), { prefix: '/v1' })
      },
      { prefix: '/api' },
    )
    const status = async (as: string) => (await fresh.inject({ method: 'POST', url: '/api/v1/later', headers: { 'x-as': as } })).statusCode
    expect([await status('nobody'), await status('clerk'), await status('officer')]).toEqual([401, 403, 200])
  })

  test('health and files, hidden and outside /api/, may', async () => {
    const { app: fresh } = await givenApp(db)
    fresh.get('/livez', { schema: { hide: true } }, ok)
    expect((await fresh.inject('/livez')).statusCode).toBe(200)
  })
})

describe('with a session cookie, another site cannot act', () => {
  const cookie = { cookie: 'tongchou_session=x', host: 'city.example' }
  const foreign = { origin: 'https://evil.example' }

  test.each<[string, Record<string, string>, number]>([
    ['its origin is foreign', foreign, 403],
    ['its origin is hidden', { origin: 'null' }, 403],
    ['its origin is the host on another port', { origin: 'https://city.example:8443' }, 403],
    ['the browser says cross-site', { 'sec-fetch-site': 'cross-site' }, 403],
    ['the browser says same-site', { 'sec-fetch-site': 'same-site' }, 403],
    ['its origin is our own', { origin: 'https://city.example', 'sec-fetch-site': 'same-origin' }, 200],
    ['the address was typed', { 'sec-fetch-site': 'none' }, 200],
    ['neither is told', {}, 200],
  ])('%s', async (_why, headers, status) => {
    expect((await call('officer', 'POST', '/approvals', { ...cookie, ...headers }))[0]).toBe(status)
  })

  test('however the address is spelled', async () => {
    for (const url of ['/%61pi/v1/approvals', 'http://city.example/api/v1/approvals', '/api/v1/%61pprovals']) {
      const reply = await app.inject({ method: 'POST', url, headers: { ...cookie, ...foreign, 'x-as': 'officer' } })
      expect([reply.statusCode, reply.json().code], url).toEqual([403, 'request.foreign_origin'])
    }
  })

  test('a machine without a cookie may come from anywhere', async () => {
    expect((await call('officer', 'POST', '/approvals', foreign))[0]).toBe(200)
  })
})
