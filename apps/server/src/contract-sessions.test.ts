import { once } from 'node:events'
import { type IncomingMessage, request as plain } from 'node:http'
import { createServer, request } from 'node:https'
import type { AddressInfo } from 'node:net'
import { createAccount, createOrganisation, createPerson, createPost, grantRelation, hashPassword, sessionCookie } from '@tongchou/identity'
import { type Ctx, fixedClock, keyRingOf, newKeys, systemActor } from '@tongchou/kernel'
import { personSubject } from '@tongchou/libraries'
import { registerEnterprise } from '@tongchou/projects'
import { selfSigned, testDatabase } from '@tongchou/testing'
import { afterAll, describe, expect, onTestFinished, test } from 'vitest'
import { settleCitizens } from './demo/citizens.ts'
import { demoCity } from './demo/city.ts'
import { DEMO_PASSWORD } from './demo/people.ts'
import { expectProblem } from './testing/expect-problem.ts'
import { wire } from './wire.ts'

const { db, owner } = await testDatabase()
const clock = fixedClock('2026-03-02T01:00:00Z')
await settleDemoCity()
const city = await wire({ db, keys: keyRingOf(newKeys()), clock, demo: true })
await settleAgents()
const address = await city.app.listen({ port: 0, host: '127.0.0.1' })
afterAll(() => city.app.close())

/** The people of the demo city with their accounts, and nothing else of it. */
async function settleDemoCity(): Promise<void> {
  const ctx: Ctx = { db, actor: systemActor, now: () => clock.now(), requestId: 'demo', inside: false }
  const { organisations, people } = demoCity()
  for (const organisation of organisations) await createOrganisation(ctx, { ...organisation, validFrom: '2010-01-01' })
  const publishedHash = await hashPassword(DEMO_PASSWORD)
  for (const { name, username, posts } of people) {
    const person = await createPerson(ctx, { name })
    const ids: string[] = []
    for (const { orgId, title, duties } of posts)
      ids.push((await createPost(ctx, { personId: person.id, organisationId: orgId, title, duties, validFrom: '2023-01-01' })).id)
    await createAccount(ctx, { personId: person.id, username, credential: { publishedHash }, postId: ids[0] ?? '' })
  }
}

/** And its people outside the offices. */
async function settleAgents(): Promise<void> {
  const actor = { ...systemActor, roles: new Set(['big-data-center']) }
  const ctx: Ctx = { db, actor, now: () => clock.now(), requestId: 'demo', inside: false }
  const { agents, citizens, enterprises } = demoCity()
  const publishedHash = await hashPassword(DEMO_PASSWORD)
  for (const { name, username, enterpriseId } of agents) {
    const enterprise = enterprises.find(({ id }) => id === enterpriseId)
    if (!enterprise) throw new Error(`${username} acts for nobody`)
    const { id } = await registerEnterprise(ctx, enterprise)
    const granted = { kind: 'contractor-agent', subjectId: id, name, username, publishedHash }
    await grantRelation(ctx, city.relations, granted)
  }
  const police = { ...ctx, actor: { ...systemActor, roles: new Set(['public-security']) } }
  for (const { name, username, identifier } of citizens) {
    const granted = { kind: 'data-subject', identifier, document: 'id-card' as const, name, username, publishedHash }
    await grantRelation(police, city.relations, granted)
  }
}

async function send(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
  const answer = await fetch(`${address}${path}`, {
    method,
    headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  return { status: answer.status, contentType: answer.headers.get('content-type'), text: await answer.text(), headers: answer.headers }
}

const signIn = (username: string, password = DEMO_PASSWORD, headers: Record<string, string> = {}) =>
  send('POST', '/api/v1/sessions', { username, password }, headers)

async function signedIn(username: string): Promise<{ cookie: string }> {
  const answer = await signIn(username)
  expect(answer.status, answer.text).toBe(201)
  return { cookie: answer.headers.getSetCookie()[0]?.split(';')[0] ?? '' }
}

const flagsOf = (answer: { headers: Headers }) => {
  const all = answer.headers.getSetCookie()
  expect(all).toHaveLength(1)
  return (all[0] ?? '').split('; ').slice(1)
}

describe('a session', () => {
  test('is a 201 with the user, and a cookie that no script reads', async () => {
    const answer = await signIn('drc-officer')
    expect(answer.status).toBe(201)
    const body = JSON.parse(answer.text)
    expect(Object.keys(body)).toEqual(['user'])
    expect(body.user).toMatchObject({ account: { username: 'drc-officer' }, roles: ['drc'], demo: true })
    expect(flagsOf(answer).sort()).toEqual(['HttpOnly', 'Path=/', 'SameSite=Lax'])
    expect(answer.text).not.toContain(answer.headers.getSetCookie()[0]?.split(/[=;]/)[1])
  })

  test.each(['https', 'HTTPS', 'https, http', ' https'])('its cookie is Secure behind HTTPS (%j)', async (proto) => {
    expect(flagsOf(await signIn('drc-officer', DEMO_PASSWORD, { 'x-forwarded-proto': proto }))).toContain('Secure')
  })

  test('behind a gateway with TLS people sign in, their cookie goes over TLS only, and a page of elsewhere acts for nobody', async () => {
    const { key, cert } = selfSigned()
    // As docs/operations.md asks of a gateway: Host is passed on, what the client said of itself is overwritten.
    const gateway = createServer({ key, cert }, (incoming, outgoing) => {
      const headers = { ...incoming.headers, 'x-forwarded-proto': 'https', 'x-forwarded-for': incoming.socket.remoteAddress }
      const inner = plain(new URL(incoming.url ?? '/', address), { method: incoming.method, headers }, (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
        answer.pipe(outgoing)
      })
      incoming.pipe(inner)
    })
    gateway.listen(0, '127.0.0.1')
    await once(gateway, 'listening')
    onTestFinished(() => void gateway.close())
    const origin = `https://127.0.0.1:${(gateway.address() as AddressInfo).port}`
    const ask = async (method: string, path: string, headers: Record<string, string>, body = '') => {
      const asked = request(`${origin}/api/v1/sessions${path}`, {
        method,
        ca: cert,
        agent: false,
        headers: { ...headers, 'x-forwarded-proto': 'http' },
      })
      asked.end(body)
      const [answer] = (await once(asked, 'response')) as [IncomingMessage]
      answer.resume()
      return { status: answer.statusCode, cookies: answer.headers['set-cookie'] ?? [] }
    }
    const credentials = JSON.stringify({ username: 'drc-officer', password: DEMO_PASSWORD })
    const { status, cookies } = await ask('POST', '', { 'content-type': 'application/json', origin }, credentials)
    expect(status).toBe(201)
    expect(cookies).toEqual([expect.stringMatching(/; Secure/)])
    const cookie = String(cookies[0]?.split(';')[0])
    expect(await ask('DELETE', '/current', { cookie, origin: 'https://elsewhere.example' })).toMatchObject({ status: 403 })
    expect(await ask('DELETE', '/current', { cookie, origin })).toMatchObject({ status: 204 })
  })

  test.each(['http', 'httpsx', 'http, https'])('its cookie is not Secure where the browser speaks plain HTTP (%j)', async (proto) => {
    expect(flagsOf(await signIn('drc-officer', DEMO_PASSWORD, { 'x-forwarded-proto': proto }))).not.toContain('Secure')
  })

  test('a wrong password is a 401 without a cookie', async () => {
    const answer = await signIn('drc-officer', 'Wrong-password-1')
    expectProblem(answer, 401, 'session.wrong_credentials')
    expect(answer.headers.getSetCookie()).toEqual([])
  })

  test('a locked name is a 429 that says when to come again, right password or not', async () => {
    for (let attempt = 0; attempt < 5; attempt++) expect((await signIn('citizen-b', 'Wrong-password-1')).status).toBe(401)
    const locked = await signIn('citizen-b')
    expectProblem(locked, 429, 'session.locked')
    expect(Number(locked.headers.get('retry-after'))).toBeGreaterThan(0)
    clock.advance({ seconds: Number(locked.headers.get('retry-after')) })
    expect((await signIn('citizen-b')).status).toBe(201)
  })

  test('ends with DELETE of the current one, and only that one', async () => {
    const [here, elsewhere] = [await signedIn('drc-reviewer'), await signedIn('drc-reviewer')]
    const ended = await send('DELETE', '/api/v1/sessions/current', undefined, here)
    expect([ended.status, ended.text]).toEqual([204, ''])
    expect(ended.headers.getSetCookie()[0]).toMatch(/^tongchou_session=;.*(Expires=Thu, 01 Jan 1970|Max-Age=0)/)
    expect((await send('GET', '/api/v1/me', undefined, here)).status).toBe(401)
    expect((await send('GET', '/api/v1/me', undefined, elsewhere)).status).toBe(200)
    expectProblem(await send('DELETE', '/api/v1/sessions/current', undefined, here), 401)
  })
})

describe('a cookie request from elsewhere', () => {
  const host = new URL(address).host
  const ask = async (headers: Record<string, string>, method = 'POST') => {
    const cookie = await signedIn('finance-budget')
    const question = method === 'POST' ? { act: 'line.lease', facts: {} } : undefined
    return send(method, method === 'POST' ? '/api/v1/policy-packs/wuhai-2023/evaluate' : '/api/v1/me', question, { ...cookie, ...headers })
  }

  test.each([
    { origin: 'https://evil.example' },
    { origin: `http://${host}.evil.example` },
    { origin: 'http://127.0.0.1:1' },
    { origin: 'null' },
    { origin: 'rubbish' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { origin: `http://${host}`, 'sec-fetch-site': 'cross-site' },
    { origin: 'https://evil.example', 'sec-fetch-site': 'same-origin' },
  ])('%j is a 403, reading and writing', async (headers) => {
    expectProblem(await ask(headers), 403, 'request.foreign_origin')
    expectProblem(await ask(headers, 'GET'), 403, 'request.foreign_origin')
  })

  test.each([
    {},
    { origin: `http://${host}` },
    { 'sec-fetch-site': 'same-origin' },
    { 'sec-fetch-site': 'none' },
    { origin: `http://${host}`, 'sec-fetch-site': 'same-origin' },
  ])('%j is taken', async (headers) => {
    expect((await ask(headers)).status).toBe(200)
    expect((await ask(headers, 'GET')).status).toBe(200)
  })

  test('it has not happened: nothing is stored of it', async () => {
    const cookie = await signedIn('finance-budget')
    const token = { name: '跨站', expiresOn: '2026-12-31' }
    expectProblem(await send('POST', '/api/v1/tokens', token, { ...cookie, origin: 'https://evil.example' }), 403)
    expect(JSON.parse((await send('GET', '/api/v1/tokens', undefined, cookie)).text).items).toEqual([])
  })

  test('a machine has no cookie, so whatever it says of its origin is no matter', async () => {
    const cookie = await signedIn('finance-budget')
    const { token } = JSON.parse((await send('POST', '/api/v1/tokens', { name: '机器', expiresOn: '2026-12-31' }, cookie)).text)
    const headers = { authorization: `Bearer ${token}`, origin: 'https://machine.example', 'sec-fetch-site': 'cross-site' }
    expect((await send('GET', '/api/v1/me', undefined, headers)).status).toBe(200)
  })
})

describe('a token', () => {
  const issue = async (body: unknown) => send('POST', '/api/v1/tokens', body, await signedIn('audit-officer'))

  test('is a 201 with its id and itself, acts for its holder, and is never shown again', async () => {
    const answer = await issue({ name: '数据对接', expiresOn: '2026-12-31' })
    expect(answer.status).toBe(201)
    const issued = JSON.parse(answer.text)
    expect(Object.keys(issued).sort()).toEqual(['id', 'token'])
    const machine = { authorization: `Bearer ${issued.token}` }
    const me = await send('GET', '/api/v1/me', undefined, machine)
    expect(JSON.parse(me.text)).toMatchObject({ account: { username: 'audit-officer' }, roles: ['audit'] })
    expect(me.headers.getSetCookie()).toEqual([])
    const listed = await send('GET', '/api/v1/tokens', undefined, machine)
    expect(listed.text).toContain(issued.id)
    expect(listed.text).not.toContain(issued.token)
  })

  test('works through the day it ends on, in Shanghai, and not after', async () => {
    const { token } = JSON.parse((await issue({ name: '一日', expiresOn: '2026-03-03' })).text)
    const use = async () =>
      (await send('GET', '/api/v1/policy-packs/wuhai-2023/modes', undefined, { authorization: `bearer ${token}` })).status
    const at = clock.now()
    onTestFinished(() => void clock.set(at))
    clock.set('2026-03-03T15:59:59Z')
    expect(await use()).toBe(200)
    clock.set('2026-03-03T16:00:00Z')
    expect(await use()).toBe(401)
  })

  test.each([
    [{ name: 'x' }, 400],
    [{ expiresOn: '2026-12-31' }, 400],
    [{ name: 'x', expiresOn: '2026-02-30' }, 400],
    [{ name: 'x', expiresOn: '2026-12-31', roles: ['drc'] }, 400],
    [{ name: 'x', expiresOn: '2026-03-01' }, 422],
  ])('%j is refused with %i', async (body, status) => {
    expectProblem(await issue(body), status)
  })

  test('an Idempotency-Key changes nothing: two are two', async () => {
    const cookie = await signedIn('audit-officer')
    const twice = () =>
      send('POST', '/api/v1/tokens', { name: '两次', expiresOn: '2026-12-31' }, { ...cookie, 'idempotency-key': 'token-key' })
    const [first, second] = [await twice(), await twice()]
    expect([first.status, second.status]).toEqual([201, 201])
    expect(first.text).not.toBe(second.text)
  })
})

describe('demo accounts', () => {
  const roles = [
    ...['applicant', 'big-data-center', 'drc', 'finance', 'audit', 'industry', 'public-security', 'vice-mayor', 'city-government'],
    ...['tender-center', 'expert', 'supervisor', 'data-steward', 'secrecy-reviewer', 'district', 'user-unit', 'enterprise', 'citizen'],
    ...['system-admin', 'security-admin', 'audit-admin'],
    // Added by the pack in force.
    'department-head',
  ]
  interface DemoAccount {
    username: string
    password: string
    displayName: string
    organisation: string
    roles: string[]
  }
  const accounts = async () => {
    const answer = await send('GET', '/api/v1/demo/accounts')
    expect(answer.status, answer.text).toBe(200)
    return JSON.parse(answer.text) as { items: DemoAccount[]; nextCursor?: string }
  }

  test('are public and unpaged, each with what a page of people to become needs', async () => {
    const { items, nextCursor } = await accounts()
    expect(nextCursor).toBeUndefined()
    expect(items).toHaveLength(demoCity().people.length + demoCity().agents.length + demoCity().citizens.length)
    for (const item of items) {
      expect(item).toMatchObject({ username: expect.any(String), password: expect.any(String) })
      expect(item.displayName).toMatch(/[\u4e00-\u9fff]/)
      expect(item.organisation).toMatch(/[\u4e00-\u9fff]/)
      expect(item.roles.length).toBeGreaterThan(0)
      for (const role of item.roles) expect(roles).toContain(role)
    }
  })

  test('there is somebody for every role, ready to use: one signs in and has those duties', async () => {
    const { items } = await accounts()
    for (const role of roles) {
      const one = items.find((item) => item.roles.includes(role))
      expect(one, role).toBeDefined()
      const answer = await signIn(one?.username ?? '', one?.password)
      expect(answer.status, `${role}: ${answer.text}`).toBe(201)
      const { user } = JSON.parse(answer.text)
      expect(user.roles, role).toEqual(one?.roles)
      expect(user.person.name).toBe(one?.displayName)
      expect(user.account.mustChangePassword).toBe(false)
    }
  })

  test('a made city that was put in tells its citizens by this city’s key, not by the one it was made under', async () => {
    const subjects = async () => {
      const { rows } = await owner.query<{ subject: string }>(
        "select subject_id as subject from identity.relation where subject_kind = 'person' order by 1",
      )
      return rows.map(({ subject }) => subject)
    }
    const own = await subjects()
    const client = await owner.connect()
    try {
      const elsewhere = personSubject(keyRingOf(newKeys()))
      await settleCitizens(client, { ...city, relations: { subjects: new Map([[elsewhere.kind, elsewhere]]) } })
      expect((await subjects()).some((subject) => own.includes(subject))).toBe(false)
      await settleCitizens(client, city)
      expect(await subjects()).toEqual(own)
    } finally {
      client.release()
    }
  })

  test('outside demo mode there are none, and theirs do not open the door', async () => {
    const real = await wire({ db, keys: keyRingOf(newKeys()), clock, demo: false })
    const list = await real.app.inject('/api/v1/demo/accounts')
    expectProblem({ status: list.statusCode, contentType: String(list.headers['content-type']), text: list.body }, 404, 'demo.off')
    const payload = { username: 'drc-officer', password: DEMO_PASSWORD }
    const door = await real.app.inject({ method: 'POST', url: '/api/v1/sessions', payload })
    expect(door.statusCode).toBe(403)
    expect(door.cookies.filter(({ name }) => name === sessionCookie)).toEqual([])
    await real.app.close()
  })
})
