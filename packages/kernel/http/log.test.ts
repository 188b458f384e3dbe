import { testDatabase } from '@tongchou/testing'
import { sql } from 'kysely'
import { Type } from 'typebox'
import { expect, test } from 'vitest'
import { inTransaction } from '../context.ts'
import { InvalidState } from '../errors.ts'
import { givenApp, keptLog } from '../kernel.given.ts'
import { problems, Strict } from './schema.ts'

const { db, owner } = await testDatabase()
const log = keptLog()
const { app } = await givenApp(db, { log: log.stream })
await owner.query(`create table public.note (text text unique, constraint short check (length(text) < 40));
  grant select, insert on public.note to tongchou_app`)

const secret = '绝密工程代号七三一九'
const schema = {
  operationId: 'note',
  tags: ['test'],
  'x-authz': { public: [] },
  body: Strict({ how: Type.String(), text: Type.String() }),
  response: { 200: Type.Object({ count: Type.Integer() }), ...problems },
}

const ways: Record<string, (text: string) => Promise<unknown>> = {
  taken: async () => ({ count: 1 }),
  refused: async (text) => {
    throw new InvalidState('note.refused', `不能保存“${text}”。`)
  },
  twice: async (text) => {
    for (let i = 0; i < 2; i++) await sql`insert into public.note values (${text})`.execute(db)
  },
  'against a constraint': (text) => sql`insert into public.note values (repeat(${text}, 9))`.execute(db),
  'as a number': (text) => sql`select ${text}::integer`.execute(db),
  'as JSON': async (text) => JSON.parse(`{"a": ${text}}`),
  'as an answer': async (text) => ({ count: text }),
  'as a cause': async (text) => {
    await sql`select ${text}::uuid`.execute(db).catch((cause) => {
      throw new Error('the note could not be kept', { cause })
    })
  },
}

app.post('/api/v1/notes', { schema }, async (request) => {
  const { how, text } = request.body as { how: string; text: string }
  return (await ways[how]?.(text)) as { count: number }
})

test.each(Object.keys(ways))('a text goes by without a trace in the log: %s', async (how) => {
  const before = log.lines().length
  await app.inject({
    method: 'POST',
    url: `/api/v1/notes?draft=${encodeURIComponent(secret)}`,
    payload: { how, text: secret },
  })
  expect(log.lines().length).toBeGreaterThanOrEqual(before + 2)
  expect(log.text()).not.toContain(secret)
  expect(log.text()).not.toContain(encodeURIComponent(secret))
  expect(log.text()).not.toContain('draft')
})

test('nor in what does not reach a handler', async () => {
  const before = log.lines().length
  const payload = JSON.stringify({ how: 'taken', text: secret })
  const json = { 'content-type': 'application/json' }
  const statuses = await Promise.all([
    app.inject({ method: 'POST', url: `/api/v1/notes?q=${secret}`, headers: json, payload: payload.slice(0, -1) }),
    app.inject({ method: 'POST', url: '/api/v1/notes', headers: json, payload: `{"${secret}":1,"${secret}":2}` }),
    app.inject({ method: 'POST', url: `/api/v1/nothing?q=${encodeURIComponent(secret)}`, headers: json, payload }),
    app.inject({ method: 'GET', url: `/api/v1/%zz?q=${encodeURIComponent(secret)}` }),
  ])
  expect(statuses.map(({ statusCode }) => statusCode)).toEqual([400, 400, 404, 400])
  expect(log.lines().length).toBeGreaterThan(before)
  expect(log.text()).not.toContain(secret)
  expect(log.text()).not.toContain(encodeURIComponent(secret))
})

test('and still tells an operator what failed and where', async () => {
  const reply = await app.inject({ method: 'POST', url: '/api/v1/notes', payload: { how: 'against a constraint', text: secret } })
  const line = log.lines().find((each) => each.msg === 'unexpected error' && each.reqId === reply.json().requestId)
  expect(line?.err).toMatchObject({
    code: '23514',
    schema: 'public',
    table: 'note',
    constraint: 'short',
    stack: expect.stringContaining('log.test.ts'),
  })
  const defect = Object.assign(new TypeError('x is not a function'), { cause: new Error('deeper') })
  app.log.error({ err: defect }, 'told')
  expect(log.lines().at(-1)?.err).toMatchObject({ type: 'TypeError', message: 'x is not a function', cause: { message: 'deeper' } })
})

test('a refusal that cannot be audited is logged without what was refused', async () => {
  const ctxless = await givenApp(db, { log: log.stream })
  ctxless.app.post('/api/v1/acts', { schema: { ...schema, 'x-authz': { 'signed-in': [] }, operationId: 'act' } }, async (request) => {
    await inTransaction(request.ctx, async () => {
      await owner.query("alter table kernel.audit_event add constraint none check (subject_id = '') not valid")
      throw new InvalidState('note.refused', secret)
    })
    return { count: 1 }
  })
  const headers = { 'x-as': 'clerk' }
  const reply = await ctxless.app.inject({ method: 'POST', url: '/api/v1/acts', headers, payload: { how: '', text: secret } })
  await owner.query('alter table kernel.audit_event drop constraint none')
  expect(reply.statusCode).toBe(409)
  expect(log.lines().map((line) => line.msg)).toContain('refusal could not be audited')
  expect(log.text()).not.toContain(secret)
})
