import { testDatabase } from '@tongchou/testing'
import { Type } from 'typebox'
import { beforeEach, describe, expect, test } from 'vitest'
import { inTransaction } from '../context.ts'
import { InvalidState, StateSecretDeclared } from '../errors.ts'
import { givenApp, keptLog } from '../kernel.given.ts'
import { problems, Strict } from './schema.ts'
import { NotSecret, secrecyFirst } from './secrecy.ts'

const { db, owner } = await testDatabase()
const log = keptLog()
const { app, clock } = await givenApp(db, { log: log.stream })

/** What the act under test does before and after its commit; set by the test. */
let before: () => Promise<void>
let after: () => Promise<void>
beforeEach(async () => {
  before = after = async () => undefined
  await owner.query('truncate kernel.idempotency, kernel.setting')
})

const signedIn = { tags: ['test'], 'x-authz': { 'signed-in': [] } }
const response = { 201: Type.Object({ no: Type.Integer(), text: Type.String() }), 204: Type.Null(), ...problems }
const body = Strict({ text: Type.String() })
let acts = 0

app.post('/api/v1/notes', { schema: { ...signedIn, operationId: 'note', body, response } }, async (request, reply) => {
  const { text } = request.body as { text: string }
  const no = ++acts
  await inTransaction(request.ctx, async (tx) => {
    await tx.db
      .insertInto('kernel.setting')
      .values({ key: `${no}`, value: JSON.stringify({ text }), updated_at: tx.now() })
      .execute()
    await before()
  })
  await after()
  return text === 'silent' ? reply.status(204).send() : reply.status(201).send({ no, text })
})
const aside = async () => undefined
app.post(
  '/api/v1/sessions',
  { schema: { ...signedIn, operationId: 'signIn', body, response }, config: { ignoresIdempotencyKey: true } },
  aside,
)
app.post('/api/v1/questions', { schema: { ...signedIn, operationId: 'ask', body, response }, config: { storesNothing: true } }, aside)
app.get('/api/v1/notes', { schema: { ...signedIn, operationId: 'notes', response } }, aside)
const form = Strict({ secrecy: NotSecret, text: Type.String() })
app.post('/api/v1/drafts', { schema: { ...signedIn, operationId: 'draft', body: form, response }, preValidation: secrecyFirst }, aside)
app.post('/api/v1/answers', { schema: { ...signedIn, operationId: 'answer', body, response } }, async () => {
  throw new StateSecretDeclared()
})

async function post(key: string, text = 'a', { as = 'clerk', url = '/notes', extra = {} } = {}) {
  const headers = { 'x-as': as, 'idempotency-key': key }
  const reply = await app.inject({ method: 'POST', url: `/api/v1${url}`, headers, payload: { text, ...extra } })
  return { status: reply.statusCode, body: reply.body === '' ? undefined : reply.json(), replayed: reply.headers['idempotency-replayed'] }
}

const effects = async () => (await owner.query('select from kernel.setting')).rowCount
const keys = async () => (await owner.query('select key, applied, status, answer from kernel.idempotency order by key')).rows
const minutes = (n: number) => clock.advance({ minutes: n })

/** A door that stands closed until it is opened, and tells when somebody stands before it. */
function door() {
  const arrived = Promise.withResolvers<void>()
  const opened = Promise.withResolvers<void>()
  const pass = () => {
    arrived.resolve()
    return opened.promise
  }
  return { pass, arrived: arrived.promise, open: () => opened.resolve() }
}

/** Locks the rows of all keys until the function that it gives is called, which may do something to them first. */
async function lockKeys(): Promise<(last?: string) => Promise<void>> {
  const client = await owner.connect()
  await client.query('begin')
  await client.query('select from kernel.idempotency for update')
  return async (last = 'select') => {
    await client.query(last)
    await client.query('commit')
    client.release()
  }
}

/** Until so many statements wait for a lock. */
const waiting = (count: number) =>
  expect
    .poll(
      async () =>
        (await owner.query('select from pg_stat_activity where datname = current_database() and wait_event_type = $1', ['Lock'])).rowCount,
    )
    .toBe(count)

describe('the same request again', () => {
  test('has one effect and gets the answer that was given', async () => {
    const first = await post('k')
    const again = await post('k')
    expect(first).toMatchObject({ status: 201, replayed: undefined })
    expect(again).toEqual({ ...first, replayed: 'true' })
    expect(await effects()).toBe(1)
  })

  test('also where the answer has no body', async () => {
    expect((await post('k', 'silent')).status).toBe(204)
    expect(await post('k', 'silent')).toEqual({ status: 204, body: undefined, replayed: 'true' })
    expect(await effects()).toBe(1)
  })

  test('with another body, or to another address, is a 422', async () => {
    await post('k')
    expect(await post('k', 'b')).toMatchObject({ status: 422, body: { code: 'idempotency.other_body' } })
    expect(await post('k', 'a', { url: '/answers' })).toMatchObject({ status: 422, body: { code: 'idempotency.other_body' } })
    expect(await effects()).toBe(1)
  })

  test('while the first still runs is a 409, whatever its body', async () => {
    const gate = door()
    before = gate.pass
    const first = post('k')
    await gate.arrived
    expect(await post('k')).toMatchObject({ status: 409, body: { code: 'idempotency.running' } })
    expect(await post('k', 'b')).toMatchObject({ status: 422 })
    gate.open()
    expect((await first).status).toBe(201)
    expect(await post('k')).toMatchObject({ status: 201, replayed: 'true' })
    expect(await effects()).toBe(1)
  })

  test('five at once: one acts', async () => {
    const statuses = (await Promise.all(Array.from({ length: 5 }, () => post('k')))).map(
      ({ status, replayed }) => `${status}${replayed ? ' replayed' : ''}`,
    )
    expect(statuses.filter((status) => status === '201')).toHaveLength(1)
    expect(statuses.filter((status) => !['201', '409', '201 replayed'].includes(status))).toEqual([])
    expect(await effects()).toBe(1)
  })

  test('under the key of another account is another request', async () => {
    const mine = await post('k')
    const theirs = await post('k', 'b', { as: 'officer' })
    expect(theirs).toMatchObject({ status: 201, body: { text: 'b' }, replayed: undefined })
    expect((await post('k')).body).toEqual(mine.body)
    expect(await effects()).toBe(2)
  })

  test('gets the kept answer for 24 hours, and acts anew after them', async () => {
    await post('k')
    clock.advance({ hours: 24 })
    expect((await post('k')).replayed).toBe('true')
    clock.tick()
    expect(await post('k')).toMatchObject({ status: 201, replayed: undefined })
    expect(await effects()).toBe(2)
  })

  test('what was kept goes after 24 hours even if its account never comes back', async () => {
    await post('k')
    clock.advance({ hours: 24, seconds: 1 })
    await post('other', 'b', { as: 'officer' })
    expect((await keys()).map(({ key }) => key)).toEqual(['other'])
  })
})

describe('a request that came to nothing frees its key', () => {
  test.each<[string, () => Promise<void>, number]>([
    ['refused', () => Promise.reject(new InvalidState('note.refused', '不能保存。')), 409],
    ['a defect', () => Promise.reject(new Error('bug')), 500],
  ])('%s', async (_how, fails, status) => {
    before = fails
    expect((await post('k')).status).toBe(status)
    expect(await keys()).toEqual([])
    before = async () => undefined
    expect((await post('k', 'b')).status).toBe(201)
    expect(await effects()).toBe(1)
  })

  test('before it was judged: malformed', async () => {
    expect((await post('k', 'a', { extra: { unknown: 1 } })).status).toBe(400)
    expect(await keys()).toEqual([])
  })
})

describe('a process that died', () => {
  test('after the commit and before the answer: a retry is told so, and does not act again', async () => {
    await post('k')
    await owner.query('update kernel.idempotency set status = null, answer = null')
    expect(await post('k')).toMatchObject({ status: 409, body: { code: 'idempotency.running' } })
    minutes(1.1)
    expect(await post('k')).toMatchObject({ status: 409, body: { code: 'idempotency.already_applied' } })
    expect(await effects()).toBe(1)
  })

  test('before the commit: of two retries that look at the key at once, one takes it over', async () => {
    await post('k')
    await owner.query('update kernel.idempotency set status = null, answer = null, applied = false')
    await owner.query('delete from kernel.setting')
    expect(await post('k')).toMatchObject({ status: 409, body: { code: 'idempotency.running' } })
    minutes(1.1)
    const release = await lockKeys()
    const both = [post('k'), post('k')]
    await waiting(2)
    await release()
    expect((await Promise.all(both)).map(({ status, body }) => `${status} ${body.code ?? 'done'}`).sort()).toEqual([
      '201 done',
      '409 idempotency.running',
    ])
    expect(await effects()).toBe(1)
  })

  test('only seemed dead, and commits while a retry looks at its key: the retry stands back', async () => {
    await post('k')
    await owner.query('update kernel.idempotency set status = null, answer = null, applied = false')
    minutes(1.1)
    const commit = await lockKeys()
    const retry = post('k')
    await waiting(1)
    await commit('update kernel.idempotency set applied = true')
    expect(await retry).toMatchObject({ status: 409, body: { code: 'idempotency.running' } })
    expect(await effects()).toBe(1)
  })

  test('only seemed dead, and fails: the one who took over keeps the key', async () => {
    const [first, second] = [door(), door()]
    before = () => first.pass().then(() => Promise.reject(new Error('late')))
    const slow = post('k')
    await first.arrived
    minutes(1.1)
    before = second.pass
    const taker = post('k')
    await second.arrived
    first.open()
    expect((await slow).status).toBe(500)
    second.open()
    expect((await taker).status).toBe(201)
    expect((await post('k')).replayed).toBe('true')
    expect(await effects()).toBe(1)
  })

  test('only seemed dead: its late commit fails, and the answer kept is that of the one who took over', async () => {
    const gate = door()
    before = gate.pass
    const slow = post('k')
    await gate.arrived
    minutes(1.1)
    before = async () => undefined
    const taken = await post('k')
    gate.open()
    expect(taken.status).toBe(201)
    expect(await slow).toMatchObject({ status: 409, body: { code: 'idempotency.running' } })
    expect(await post('k')).toEqual({ ...taken, replayed: 'true' })
    expect(await effects()).toBe(1)
  })

  test('only seemed dead, but commits first: nobody acts a second time', async () => {
    const gate = door()
    after = gate.pass
    const slow = post('k')
    await gate.arrived
    minutes(1.1)
    expect(await post('k')).toMatchObject({ status: 409, body: { code: 'idempotency.already_applied' } })
    gate.open()
    expect((await slow).status).toBe(201)
    expect((await post('k')).replayed).toBe('true')
    expect(await effects()).toBe(1)
  })
})

test('a defect after the commit keeps the key: the act stands', async () => {
  after = () => Promise.reject(new Error('bug'))
  expect((await post('k')).status).toBe(500)
  minutes(1.1)
  after = async () => undefined
  expect(await post('k')).toMatchObject({ status: 409, body: { code: 'idempotency.already_applied' } })
  expect(await effects()).toBe(1)
})

test('an answer that cannot be kept is given all the same', async () => {
  await owner.query('alter table kernel.idempotency add constraint full_up check (status is null) not valid')
  const reply = await post('k')
  await owner.query('alter table kernel.idempotency drop constraint full_up')
  expect(reply).toMatchObject({ status: 201, body: { text: 'a' } })
  expect(log.lines().map(({ msg }) => msg)).toContain('answer could not be kept for its Idempotency-Key')
})

describe('a declared state secret leaves no row', () => {
  test.each([
    ['in the form', '/drafts', { secrecy: true }],
    ['found while the act runs', '/answers', {}],
  ])('%s', async (_how, url, extra) => {
    expect(await post('k', 'a', { url, extra })).toMatchObject({ status: 409, body: { code: 'secrecy.out_of_scope' } })
    expect(await keys()).toEqual([])
  })

  test('a yes is turned away before the form is looked at; a no goes on to it', async () => {
    const yes = await post('k', 'a', { url: '/drafts', extra: { secrecy: true, text: 5 } })
    expect(yes.body).toMatchObject({ code: 'secrecy.out_of_scope' })
    expect(yes.body.fields).toBeUndefined()
    expect((await post('k', 'a', { url: '/drafts', extra: { secrecy: false, text: 5 } })).body).toMatchObject({ code: 'request.invalid' })
    expect((await post('k', 'a', { url: '/drafts' })).body.fields).toEqual([{ path: 'secrecy', message: '必须填写' }])
  })
})

describe('the key is not looked at', () => {
  test.each(['/sessions', '/questions'])('by %s', async (url) => {
    expect((await post('k', 'a', { url })).status).toBe(200)
    expect((await post('k', 'b', { url })).status).toBe(200)
    expect(await keys()).toEqual([])
  })

  test('by reading', async () => {
    await app.inject({ method: 'GET', url: '/api/v1/notes', headers: { 'x-as': 'clerk', 'idempotency-key': 'k' } })
    expect(await keys()).toEqual([])
  })

  test('without a session', async () => {
    expect((await post('k', 'a', { as: 'nobody' })).status).toBe(401)
    expect(await keys()).toEqual([])
  })
})

test.each(['', ' ', 'a b', 'x'.repeat(201), 'schlüssel'])('the key %j is refused and nothing done', async (key) => {
  expect(await post(key)).toMatchObject({ status: 400, body: { code: 'idempotency.bad_key' } })
  expect(await effects()).toBe(0)
})

test('keys of 1 and of 200 characters are taken', async () => {
  expect((await post('!')).status).toBe(201)
  expect((await post('~'.repeat(200))).status).toBe(201)
})
