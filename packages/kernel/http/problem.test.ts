import { connect, type Socket } from 'node:net'
import { PassThrough, type Readable } from 'node:stream'
import { testDatabase } from '@tongchou/testing'
import type { FastifyInstance } from 'fastify'
import { sql } from 'kysely'
import type pg from 'pg'
import { Type } from 'typebox'
import { afterAll, describe, expect, test } from 'vitest'
import { openPool } from '../database.ts'
import { type Finding, PolicyRefusal, TooManyRequests } from '../errors.ts'
import { clerk, givenApp, keptLog } from '../kernel.given.ts'
import { problems, Strict } from './schema.ts'

const { db, owner, connection } = await testDatabase()
const log = keptLog()
const { app } = await givenApp(db, { log: log.stream, bodyLimit: 10_000 })

const open = { tags: ['test'], 'x-authz': { public: [] } }
const answer = { 200: Type.Object({ said: Type.String(), by: Type.Optional(Type.Object({ name: Type.String() })) }), ...problems }

const finding: Finding = {
  rule: 'catalog-compiled',
  effect: 'refuse',
  modality: 'must',
  basis: 'text',
  mode: 'enforce',
  article: 'WH23-15',
  text: null,
  message: '数据资源目录未编制。',
  cure: '请先编制目录。',
  facts: ['catalog.compiled'],
}

const thrown: Record<string, () => unknown> = {
  defect: () => new TypeError('hunter2 is the password of the postgres user'),
  text: () => 'hunter2',
  nothing: () => null,
  object: () => ({ statusCode: 418, message: 'hunter2' }),
  refusal: () => new PolicyRefusal('acceptance.refused', [finding]),
  often: () => new TooManyRequests('session.locked', '请稍后再试。', 30),
}

app.get(
  '/api/v1/throw/:what',
  { schema: { ...open, operationId: 'throwIt', params: Strict({ what: Type.String() }), response: answer } },
  async (request) => {
    throw thrown[(request.params as { what: string }).what]?.()
  },
)
app.get('/api/v1/said', { schema: { ...open, operationId: 'say', response: answer } }, async () => ({
  said: '好',
  password: 'hunter2',
  by: { name: clerk.name, password: 'hunter2' },
}))
app.get('/api/v1/other-status', { schema: { ...open, operationId: 'sayOtherwise', response: answer } }, async (_request, reply) =>
  reply.status(202).send({ password: 'hunter2' } as never),
)
app.get('/api/v1/wrong-answer', { schema: { ...open, operationId: 'sayWrongly', response: answer } }, async () => ({ password: 'hunter2' }))
app.get('/api/v1/mine', { schema: { ...open, 'x-authz': { 'signed-in': [] }, operationId: 'mine', response: answer } }, async () => ({
  said: '好',
}))
app.post(
  '/api/v1/heard',
  { schema: { ...open, operationId: 'hear', body: Strict({ text: Type.String() }), response: answer } },
  async () => ({
    said: '听到',
  }),
)
// Read as it comes, as files are; refused at its first bytes.
app.register(async (uploads) => {
  uploads.addContentTypeParser('application/octet-stream', (_request, body, done) => done(null, body))
  uploads.post('/api/v1/uploads', { schema: { ...open, operationId: 'upload', response: answer } }, async (request) => {
    const read = (request.body as Readable).pipe(new PassThrough())
    for await (const _bytes of read) throw new TooManyRequests('upload.refused', '请稍后再上传。', 30)
    return { said: '收到' }
  })
})

const isProblem = expect.stringMatching(/^application\/problem\+json/)

describe('a defect', () => {
  test.each(['defect', 'text', 'nothing', 'object'])(
    'thrown as %s is a 500 that tells nothing but the number of the request',
    async (what) => {
      const reply = await app.inject(`/api/v1/throw/${what}`)
      expect(reply.statusCode).toBe(500)
      expect(reply.headers['content-type']).toEqual(isProblem)
      expect(Object.keys(reply.json()).sort()).toEqual(['code', 'detail', 'requestId', 'status', 'title', 'type'])
      expect(reply.json()).toMatchObject({ type: '/problems/server.error', status: 500, code: 'server.error', title: '系统错误' })
      expect(reply.body).not.toContain('hunter2')
      expect(log.text()).toContain(reply.json().requestId)
    },
  )

  test('an answer that its schema cannot write is one too, and nothing of it is sent or logged', async () => {
    const reply = await app.inject('/api/v1/wrong-answer')
    expect(reply.statusCode).toBe(500)
    expect(reply.headers['content-type']).toEqual(isProblem)
    expect(reply.body).not.toMatch(/hunter2|said/)
  })
})

test('a refusal carries its findings whole, though the schema of the answer names none', async () => {
  const narrow = { ...answer, 409: Type.Object({ code: Type.String() }) }
  const { app: strict } = await givenApp(db)
  strict.get('/api/v1/narrow', { schema: { ...open, operationId: 'narrow', response: narrow } }, async () => {
    throw thrown.refusal?.()
  })
  const reply = await strict.inject('/api/v1/narrow')
  expect(reply.statusCode).toBe(409)
  expect(reply.json()).toMatchObject({ code: 'acceptance.refused', title: '当前不能办理', detail: finding.message, findings: [finding] })
})

test('too often is a 429 that says when to come again', async () => {
  const reply = await app.inject('/api/v1/throw/often')
  expect(reply.statusCode).toBe(429)
  expect(reply.headers['retry-after']).toBe('30')
})

test('an answer holds what its schema declares and nothing else, at every depth', async () => {
  expect((await app.inject('/api/v1/said')).json()).toEqual({ said: '好', by: { name: clerk.name } })
})

test('an answer of a status that is not declared is not sent', async () => {
  const reply = await app.inject('/api/v1/other-status')
  expect(reply.statusCode).toBe(500)
  expect(reply.body).not.toContain('hunter2')
})

describe('a database that does not answer is a 503 with a time to come again', () => {
  const raised = (state: string) => (pool: pg.Pool) => pool.query(`do $$ begin raise exception 'x' using errcode = '${state}'; end $$`)
  test.each<[string, object, (pool: pg.Pool) => Promise<unknown>]>([
    ['nobody listens', { host: '127.0.0.1', port: 1, user: 'x', database: 'x' }, (pool) => pool.query('select 1')],
    ['its socket is gone', { ...connection, host: '/nowhere' }, (pool) => pool.query('select 1')],
    ['its connection is killed', connection, killed],
    ['a statement takes too long', { ...connection, max: 1 }, slow],
    ['no connection is free', { ...connection, max: 1, connectionTimeoutMillis: 30 }, crowded],
    ['it does not take more', connection, raised('53300')],
    ['two acts wait for each other', connection, raised('40P01')],
    ['it only gives', connection, raised('25006')],
  ])('%s', async (_why, config, act) => {
    const pool = openPool(config, () => undefined)
    const { app: failing } = await givenApp(db)
    failing.get('/api/v1/ask', { schema: { ...open, operationId: 'ask', response: answer } }, async () => {
      await act(pool)
      return { said: 'answered' }
    })
    const reply = await failing.inject('/api/v1/ask')
    await pool.end()
    expect(reply.statusCode, reply.body).toBe(503)
    expect(reply.headers['retry-after']).toBe('5')
    expect(reply.json()).toMatchObject({ code: 'server.unavailable', title: '暂时无法办理' })
  })

  async function killed(pool: pg.Pool): Promise<void> {
    const client = await pool.connect()
    try {
      const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid')
      await Promise.all([client.query('select pg_sleep(10)'), owner.query('select pg_terminate_backend($1)', [rows[0]?.pid])])
    } finally {
      client.release(true)
    }
  }

  async function slow(pool: pg.Pool): Promise<void> {
    await pool.query('set statement_timeout = 20')
    await pool.query('select pg_sleep(10)')
  }

  async function crowded(pool: pg.Pool): Promise<void> {
    await Promise.all([pool.query('select pg_sleep(0.3)'), pool.query('select 1')])
  }

  test('but a statement that is wrong is a defect', async () => {
    const { app: failing } = await givenApp(db)
    failing.get('/api/v1/ask', { schema: { ...open, operationId: 'ask', response: answer } }, async () => {
      await sql`select nothing`.execute(db)
      return { said: '' }
    })
    expect((await failing.inject('/api/v1/ask')).statusCode).toBe(500)
  })
})

describe('HEAD and OPTIONS', () => {
  test('HEAD answers what GET answers, without its body', async () => {
    const head = await app.inject({ method: 'HEAD', url: '/api/v1/said' })
    const get = await app.inject('/api/v1/said')
    expect([head.statusCode, head.body, head.headers['content-length']]).toEqual([200, '', get.headers['content-length']])
  })

  test('HEAD does not get past the sign-in either', async () => {
    expect((await app.inject({ method: 'HEAD', url: '/api/v1/mine' })).statusCode).toBe(401)
    expect((await app.inject({ method: 'HEAD', url: '/api/v1/mine', headers: { 'x-as': 'clerk' } })).statusCode).toBe(200)
  })

  test.each(['OPTIONS', 'PATCH', 'DELETE'] as const)('%s where there is none is a 404 in the same words', async (method) => {
    const reply = await app.inject({ method, url: '/api/v1/said' })
    expect(reply.statusCode).toBe(404)
    expect(reply.headers['content-type']).toEqual(isProblem)
    expect(reply.json()).toMatchObject({ code: 'request.no_such_address' })
  })
})

describe('on a real connection', async () => {
  await app.listen({ port: 0, host: '127.0.0.1' })
  afterAll(() => app.close())
  const { port } = app.server.address() as { port: number }

  /** Sends bytes and gives what came back before the server closed the connection or was silent for a while. */
  async function exchange(bytes: string | Buffer, then: (socket: Socket) => void = () => undefined): Promise<string> {
    const socket = connect(port, '127.0.0.1')
    const heard: string[] = []
    const closed = new Promise<void>((resolve) => socket.on('close', () => resolve()))
    socket.on('error', () => undefined)
    socket.on('data', (chunk) => heard.push(chunk.toString()))
    await new Promise<void>((resolve) => socket.on('connect', () => resolve()))
    socket.write(bytes)
    then(socket)
    socket.setTimeout(1500, () => socket.destroy())
    await closed
    return heard.join('')
  }

  const post = (headers: string, body: string | Buffer) =>
    Buffer.concat([Buffer.from(`POST /api/v1/heard HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${headers}\r\n\r\n`), Buffer.from(body)])
  const get = (target: string, headers = '') => `GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${headers}\r\n`

  async function lives(instance: FastifyInstance): Promise<void> {
    expect((await instance.inject('/api/v1/said')).statusCode).toBe(200)
    expect(await exchange(get('/api/v1/said'))).toContain('HTTP/1.1 200')
  }

  test.each<[string, string | Buffer, number, string]>([
    ['broken percent signs', get('/api/v1/%zz'), 400, 'request.bad_address'],
    ['half a character in percent signs', get('/api/v1/throw/%e4%b8'), 400, 'request.bad_address'],
    ['a NUL in the address', get('/api/v1/throw/%00'), 400, 'request.bad_text'],
    ['a NUL in the query', get('/api/v1/said?a=%00'), 400, 'request.bad_text'],
    ['an id of thousands of characters', get(`/api/v1/throw/${'x'.repeat(5000)}`), 404, 'request.no_such_address'],
    ['an address that is none', get('//'), 404, 'request.no_such_address'],
    ['headers without end', get('/api/v1/said', `X-Long: ${'x'.repeat(70_000)}\r\n`), 431, 'request.headers_too_large'],
    ['no HTTP', 'hello\r\n\r\n', 400, 'request.malformed'],
    ['a method that does not exist', 'BREW /api/v1/said HTTP/1.1\r\nHost: x\r\n\r\n', 400, 'request.malformed'],
    ['two lengths', post('Content-Type: application/json\r\nContent-Length: 2\r\nContent-Length: 3', '{}'), 400, 'request.malformed'],
    ['a negative length', post('Content-Type: application/json\r\nContent-Length: -1', ''), 400, 'request.malformed'],
    [
      'chunks that are none',
      post('Content-Type: application/json\r\nTransfer-Encoding: chunked', 'zz\r\n{}\r\n'),
      400,
      'request.malformed',
    ],
    ['too much announced', post('Content-Type: application/json\r\nContent-Length: 999999', '{'), 413, 'request.too_large'],
    [
      'too much in chunks',
      post('Content-Type: application/json\r\nTransfer-Encoding: chunked', `4000\r\n${'x'.repeat(0x4000)}\r\n0\r\n\r\n`),
      413,
      'request.too_large',
    ],
    ['no JSON', post('Content-Type: application/json\r\nContent-Length: 1', '{'), 400, 'request.not_json'],
    ['nothing', post('Content-Type: application/json\r\nContent-Length: 0', ''), 400, 'request.empty'],
    ['no UTF-8', post('Content-Type: application/json\r\nContent-Length: 2', Buffer.from([0xc3, 0x28])), 400, 'request.not_utf8'],
    ['another type', post('Content-Type: text/xml\r\nContent-Length: 4', '<a/>'), 415, 'request.media_type'],
    ['a type that is none', post('Content-Type: ;;;\r\nContent-Length: 2', '{}'), 415, 'request.media_type'],
  ])('%s is answered with the problem', async (_what, bytes, status, code) => {
    const [head = '', body = ''] = (await exchange(bytes)).split('\r\n\r\n')
    expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
    expect(head.toLowerCase()).toContain('content-type: application/problem+json')
    expect(JSON.parse(body)).toMatchObject({ status, code, detail: expect.stringMatching(/[一-鿿]/) })
    await lives(app)
  })

  test.each([100, 100_000, 3_000_000])(
    '%i bytes, refused before they were read, do not hold up what is asked next on the same connection',
    async (bytes) => {
      const file = 'x'.repeat(bytes)
      const upload = `POST /api/v1/uploads HTTP/1.1\r\nHost: x\r\nContent-Type: application/octet-stream\r\nContent-Length: ${file.length}\r\n\r\n${file}`
      const heard = await exchange(upload + get('/api/v1/said'))
      expect(heard.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 429', 'HTTP/1.1 200'])
    },
  )

  test.each<[string, (socket: Socket) => void]>([
    ['is cut off', (socket) => socket.destroy()],
    ['is reset', (socket) => socket.resetAndDestroy()],
    ['ends too early', (socket) => socket.end()],
  ])('a body that %s does no harm, and is no defect', async (_how, cut) => {
    await exchange(post('Content-Type: application/json\r\nContent-Length: 500', '{"text":'), (socket) => setTimeout(() => cut(socket), 50))
    await new Promise((resolve) => setTimeout(resolve, 100))
    await lives(app)
    expect(log.lines().filter((line) => JSON.stringify(line).includes('ECONNRESET') && line.msg === 'unexpected error')).toEqual([])
  })
})
