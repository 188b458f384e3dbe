import { tagName } from '@tongchou/identity'
import { buildApp } from '@tongchou/kernel'
import { testDatabase } from '@tongchou/testing'
import { expect, test } from 'vitest'
import { smallCity } from './testing/small-city.ts'

const { db } = await testDatabase()
const city = await smallCity(db)

interface Operation {
  operationId?: string
  tags?: string[]
  'x-authz'?: Record<string, string[]>
}

async function operations(): Promise<{ name: string; operation: Operation }[]> {
  const answer = await city.app.inject({ method: 'GET', url: '/openapi.json' })
  const document = answer.json<{ openapi: string; paths: Record<string, Record<string, Operation>> }>()
  expect(document.openapi).toMatch(/^3\.1/)
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ name: `${method.toUpperCase()} ${path}`, operation })),
  )
}

test('every operation says who may call it, by known relations, and has a name of its own', async () => {
  const all = await operations()
  expect(all.length).toBeGreaterThan(60)
  for (const { name, operation } of all) {
    expect(operation.operationId, name).toBeTruthy()
    expect(operation.tags?.length, name).toBeGreaterThan(0)
    const relations = Object.keys(operation['x-authz'] ?? {})
    expect(relations.length, name).toBeGreaterThan(0)
    for (const relation of relations) expect(['public', 'signed-in', 'own', 'granted', 'any'], name).toContain(relation)
  }
  const ids = all.map(({ operation }) => operation.operationId)
  expect(new Set(ids).size).toBe(ids.length)
})

test('every kind of operation that a token can be limited to has its Chinese name', async () => {
  const tags = new Set((await operations()).flatMap(({ operation }) => operation.tags ?? []))
  expect(tags.size).toBeGreaterThan(20)
  expect([...tags].filter((tag) => !/^\p{Script=Han}/u.test(tagName(tag)))).toEqual([])
})

test('an operation that does not say who may call it does not start', async () => {
  const app = await buildApp({ db, now: () => new Date(0), authenticate: async () => null })
  expect(() => app.get('/api/v1/forgotten', { schema: { operationId: 'forgotten', tags: ['x'] } }, async () => ({}))).toThrow(/x-authz/)
})

test('nobody without a session gets anything but what is public', async () => {
  for (const { name, operation } of await operations()) {
    const [method, path] = name.split(' ') as [string, string]
    if (operation['x-authz']?.public) continue
    const url = path.replace(/\{[^}]+\}/g, '00000000-0000-4000-8000-000000000000')
    const answer = await city.app.inject({
      method: method as 'GET',
      url,
      ...(method === 'GET' || method === 'DELETE' ? {} : { payload: {} }),
    })
    expect([401, 404], `${name} ${answer.statusCode} ${answer.body}`).toContain(answer.statusCode)
  }
})

test('health, metrics and an unknown address answer without telling a version', async () => {
  expect((await city.app.inject('/livez')).json()).toEqual({ status: 'ok' })
  expect((await city.app.inject('/readyz')).json()).toEqual({ status: 'ok' })
  expect((await city.app.inject('/metrics')).body).toContain('tongchou_http_request_seconds')
  const unknown = await city.app.inject('/api/v1/nothing')
  expect(unknown.statusCode).toBe(404)
  expect(unknown.headers['content-type']).toContain('application/problem+json')
})
