import { testDatabase } from '@tongchou/testing'
import { describe, expect, test } from 'vitest'
import { smallCity } from './testing/small-city.ts'

const { db } = await testDatabase()
const city = await smallCity(db)

type Json = null | boolean | number | string | Json[] | { [key: string]: Json }
interface Schema {
  type?: string | string[]
  format?: string
  anyOf?: Schema[]
  properties?: Record<string, Schema>
  required?: string[]
  items?: Schema
  minimum?: number
  maximum?: number
}
interface Media {
  schema?: Schema
}
interface Operation {
  operationId: string
  tags: string[]
  'x-authz': Record<string, string[]>
  parameters?: { name: string; in: string; required?: boolean; schema: Schema }[]
  requestBody?: { content: Record<string, Media> }
  responses: Record<string, { description: string; content?: Record<string, Media> }>
}
interface Document {
  openapi: string
  info: { title: string; version: string }
  paths: Record<string, Record<string, Operation>>
}

const answer = await city.app.inject('/openapi.json')
const document = answer.json<Document>()
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation, name: `${method.toUpperCase()} ${path}` })),
)

/** Every value in the document with its place. */
function* walk(value: Json, place = '#'): Generator<[string, Json]> {
  yield [place, value]
  if (typeof value !== 'object' || value === null) return
  for (const [key, inner] of Object.entries(value)) yield* walk(inner, `${place}/${key}`)
}
const places = [...walk(document as unknown as Json)]

/** Every property that a schema declares, with its schema. */
const properties = places.flatMap(([place, value]) => {
  const declares = typeof value === 'object' && value !== null && !Array.isArray(value) && place.endsWith('/properties')
  return declares ? Object.entries(value).map(([name, schema]) => ({ name, schema: schema as unknown as Schema, place })) : []
})

/** The alternatives of a schema without null. */
const alternatives = (schema: Schema): Schema[] => (schema.anyOf ? schema.anyOf.filter(({ type }) => type !== 'null') : [schema])

describe('the document', () => {
  test('is OpenAPI 3.1 and says whose it is', () => {
    expect(answer.headers['content-type']).toMatch(/^application\/json/)
    expect(document.openapi).toMatch(/^3\.1\.\d+$/)
    expect(document.info.title).toContain('统筹')
    expect(document.info.version).toBeTruthy()
    expect(operations.length).toBeGreaterThan(60)
  })

  test('every reference leads somewhere in the document', () => {
    const known = new Set(places.map(([place]) => place))
    for (const [place, value] of places) if (place.endsWith('/$ref')) expect(known, `${place} ${String(value)}`).toContain(value)
  })

  test('is written in the words of 3.1, not of 3.0', () => {
    for (const [place, value] of places) {
      expect(place).not.toMatch(/\/nullable$/)
      if (/\/exclusive(Min|Max)imum$/.test(place) && !place.includes('/properties/exclusive')) expect(typeof value, place).toBe('number')
    }
  })

  test('every operation has a name of its own, tags, and answers with a description', () => {
    const ids = operations.map(({ operation }) => operation.operationId)
    expect(new Set(ids).size).toBe(ids.length)
    for (const { name, operation } of operations) {
      expect(operation.operationId, name).toMatch(/^[a-z][a-zA-Z]+$/)
      expect(operation.tags.length, name).toBeGreaterThan(0)
      const statuses = Object.keys(operation.responses)
      expect(statuses.length, name).toBeGreaterThan(0)
      for (const status of statuses) expect(operation.responses[status]?.description, `${name} ${status}`).toEqual(expect.any(String))
    }
  })

  test('the parameters of a path are those that stand in it', () => {
    for (const { name, path, operation } of operations) {
      const inPath = [...path.matchAll(/\{([^}]+)\}/g)].map(([, parameter]) => parameter)
      const declared = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path')
      expect(declared.map((parameter) => parameter.name).sort(), name).toEqual(inPath.sort())
      for (const parameter of declared) expect(parameter.required, name).toBe(true)
    }
  })

  test('every public address of it is served, and no served operation is missing in it', async () => {
    for (const { name, path, method, operation } of operations) {
      if (!('public' in operation['x-authz']) || method !== 'get') continue
      const url = path.replace('{pack}', 'wuhai-2023').replace('{article}', 'WH23-1')
      const { statusCode } = await city.app.inject(path.endsWith('/search') ? `${url}?q=%E7%AB%8B%E9%A1%B9` : url)
      expect(statusCode, name).toBe(200)
    }
    const listed = new Set(operations.map(({ name }) => name))
    for (const wanted of [
      'POST /api/v1/sessions',
      'DELETE /api/v1/sessions/current',
      'POST /api/v1/tokens',
      'GET /api/v1/demo/accounts',
      'GET /api/v1/policy-packs',
      'GET /api/v1/policy-packs/{pack}',
      'GET /api/v1/policy-packs/{pack}/articles/{article}',
      'POST /api/v1/policy-packs/{pack}/evaluate',
    ])
      expect(listed).toContain(wanted)
  })
})

describe('x-authz', () => {
  const relations = ['public', 'signed-in', 'own', 'granted', 'any']

  test('gives every operation relations to lists of roles', () => {
    const vocabulary = new Set(city.library.vocabulary.roles.keys())
    for (const { name, operation } of operations) {
      const authz = operation['x-authz']
      expect(Object.keys(authz).length, name).toBeGreaterThan(0)
      for (const [relation, roles] of Object.entries(authz)) {
        expect(relations, name).toContain(relation)
        expect(Array.isArray(roles), name).toBe(true)
        for (const role of roles) expect(vocabulary, `${name} ${role}`).toContain(role)
        // Everybody is everybody: a list beside it would say something that is not asked.
        if (relation === 'public' || relation === 'signed-in') expect(roles, name).toEqual([])
        else expect(roles.length, name).toBeGreaterThan(0)
      }
    }
  })

  test('what is public on the public page is public here, and evaluate is for everybody signed in', () => {
    const authzOf = (wanted: string) => operations.find(({ name }) => name === wanted)?.operation['x-authz']
    for (const open of [
      'POST /api/v1/sessions',
      'GET /api/v1/demo/accounts',
      'GET /api/v1/policy-packs',
      'GET /api/v1/policy-packs/{pack}',
      'GET /api/v1/policy-packs/{pack}/articles/{article}',
    ])
      expect(authzOf(open), open).toEqual({ public: [] })
    expect(authzOf('POST /api/v1/policy-packs/{pack}/evaluate')).toEqual({ 'signed-in': [] })
  })

  test('nothing that changes anything is public but signing in', () => {
    const open = operations.filter(({ method, operation }) => method !== 'get' && 'public' in operation['x-authz'])
    expect(open.map(({ name }) => name)).toEqual([
      'POST /api/v1/sessions',
      'POST /api/v1/sessions/second-factor',
      'POST /api/v1/sessions/oidc-start',
      'POST /api/v1/sessions/oidc',
    ])
  })
})

describe('answers', () => {
  test('every refusal is declared as a problem', () => {
    let refusals = 0
    for (const { name, operation } of operations)
      for (const [status, response] of Object.entries(operation.responses)) {
        if (Number(status) < 400) continue
        refusals++
        expect(Object.keys(response.content ?? {}), `${name} ${status}`).toEqual(['application/problem+json'])
        const problem = response.content?.['application/problem+json']?.schema
        expect(problem?.required, `${name} ${status}`).toEqual(expect.arrayContaining(['status', 'code', 'title', 'detail']))
      }
    expect(refusals).toBeGreaterThan(300)
  })

  test('every operation behind a session declares its 401', () => {
    for (const { name, operation } of operations) {
      if ('public' in operation['x-authz']) continue
      expect(Object.keys(operation.responses), name).toContain('401')
    }
  })

  // As the contract has it: whole, ready to use. The others are choices of a form and of a filter, and one line an office.
  const shownWhole = ['listDemoAccounts', 'listCaseParties', 'listAuditActions', 'listAuditSigningKeys', 'rankOffices']

  test('a list is paged: limit up to 200, cursor, items and nextCursor', () => {
    const pageOf = ({ responses }: Operation) => Object.values(responses['200']?.content ?? {})[0]?.schema
    const lists = operations.filter(({ method, operation }) => method === 'get' && pageOf(operation)?.properties?.items?.type === 'array')
    const paged = lists.filter(({ operation }) => !shownWhole.includes(operation.operationId))
    expect(paged.length).toBeGreaterThan(10)
    for (const { name, operation } of paged) {
      const query = new Map((operation.parameters ?? []).map((parameter) => [parameter.name, parameter]))
      expect(query.get('limit')?.schema, name).toMatchObject({ type: 'integer', minimum: 1, maximum: 200 })
      expect(query.get('cursor')?.schema, name).toMatchObject({ type: 'string' })
      expect([query.get('limit')?.required, query.get('cursor')?.required], name).not.toContain(true)
      expect(pageOf(operation)?.required, name).toEqual(expect.arrayContaining(['items', 'nextCursor']))
    }
  })

  test('money is whole and in 分, instants are date-times, days are civil dates', () => {
    const seen = { Fen: 0, At: 0, On: 0 }
    for (const { name, schema, place } of properties) {
      const where = `${place}/${name}`
      const [first, ...more] = alternatives(schema)
      if (/[a-z]Fen$/.test(name)) {
        seen.Fen++
        expect([first?.type, more], where).toEqual(['integer', []])
      } else if (/[a-z]At$/.test(name)) {
        seen.At++
        expect([first?.type, first?.format, more], where).toEqual(['string', 'date-time', []])
      } else if (/[a-z]On$/.test(name)) {
        seen.On++
        expect([first?.type, more], where).toEqual(['string', []])
      }
      // No sum of money under another name.
      const counted = first?.type === 'integer' || first?.type === 'number' || first?.type === 'string'
      if (counted) expect(name, where).not.toMatch(/(amount|price|cost|sum|budget|money|yuan)$/i)
    }
    expect(Math.min(seen.Fen, seen.At, seen.On)).toBeGreaterThan(10)
  })
})
