import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createAccount, createOrganisation, createPerson, createPost, sessionCookie } from '@tongchou/identity'
import { type Ctx, fixedClock, keyRingOf, newKeys, systemActor, writeKeyFile } from '@tongchou/kernel'
import { codeShown, selfSigned, testDatabase } from '@tongchou/testing'
import type { InjectOptions } from 'fastify'
import { afterAll, describe, expect, test } from 'vitest'
import { wire } from './wire.ts'

// What went wrong in systems of the same kind at sessions, tokens and limits, each as the test that would have found it.
const { db, owner, connection } = await testDatabase()
const clock = fixedClock('2026-03-02T01:00:00Z')
const log: string[] = []
const secretOfTheSignOn = 'canary-secret-of-the-sign-on'
const oidc = { issuer: 'https://sign-on.invalid', clientId: 'tongchou', clientSecret: secretOfTheSignOn, label: '统一身份认证' }
const keys = newKeys()
const city = await wire({ db, keys: keyRingOf(keys), clock, demo: false, log: { write: (line) => void log.push(line) }, oidc })
afterAll(() => city.app.close())
const ctx: Ctx = { db, actor: systemActor, now: () => clock.now(), requestId: 'given', inside: false }
await createOrganisation(ctx, { id: 'platform', name: '平台管理', kind: 'other' })
await createOrganisation(ctx, { id: 'civil-affairs', name: '市民政局', kind: 'city-department' })
const password = 'Canary-2026-password'

async function given(username: string, duties: string[], orgId = 'civil-affairs', now = () => clock.now()) {
  const by = { ...ctx, now }
  const person = await createPerson(by, { name: `${username}员` })
  const post = await createPost(by, { personId: person.id, organisationId: orgId, title: '科员', duties })
  const account = await createAccount(by, { personId: person.id, username, credential: { password, mustChange: false } })
  return { personId: person.id, postId: post.id, accountId: account.id }
}

interface Answer {
  status: number
  body: Record<string, unknown> & { code?: string }
}

/** A browser: keeps the session that it was given last. */
function browser() {
  let cookie = ''
  const send = async (method: InjectOptions['method'] & string, path: string, payload?: object): Promise<Answer> => {
    const answer = await city.app.inject({
      method: method as 'GET',
      url: `/api/v1${path}`,
      ...(cookie && { cookies: { [sessionCookie]: cookie } }),
      ...(payload && { payload }),
    })
    cookie = answer.cookies.find(({ name, value }) => name === sessionCookie && value !== '')?.value ?? cookie
    return { status: answer.statusCode, body: answer.body === '' ? {} : answer.json() }
  }
  return { send, cookie: () => cookie }
}

async function signedIn(username: string, secret = password) {
  const one = browser()
  const answer = await one.send('POST', '/sessions', { username, password: secret })
  expect(answer.status, JSON.stringify(answer.body)).toBe(201)
  return one
}

/** An administrator: with the second factor that a real city asks of one. */
async function administrator(username: string, duty: string) {
  const ids = await given(username, [duty], 'platform')
  const one = await signedIn(username)
  const { body } = await one.send('POST', '/me/second-factor', { password })
  const confirmed = await one.send('POST', '/me/second-factor/confirm', { code: codeShown(String(body.secret), clock.now()) })
  expect(confirmed.status).toBe(200)
  clock.advance({ seconds: 30 })
  return { ...one, ...ids, secret: String(body.secret), recoveryCodes: confirmed.body.recoveryCodes as string[] }
}

const admin = await administrator('system', 'system-admin')
const opens = async (cookie: string) => (await city.app.inject({ url: '/api/v1/me', cookies: { [sessionCookie]: cookie } })).statusCode

test('CVE-2026-41255 (CKAN, a CSRF exemption primed by an anonymous request): what one request leaves opens no door for the next', async () => {
  await given('ordered', ['applicant'])
  const one = await signedIn('ordered')
  const asked: InjectOptions[] = [
    { method: 'POST', url: '/api/v1/tokens', payload: { name: 'x', expiresOn: '2026-12-31' } },
    { method: 'PUT', url: '/api/v1/me/preferences', payload: { textSize: 'large' } },
    { method: 'POST', url: '/api/v1/me/post', payload: { postId: '00000000-0000-4000-8000-000000000000' } },
    { method: 'POST', url: '/api/v1/sessions/end-others' },
    { method: 'DELETE', url: '/api/v1/sessions/current' },
  ]
  const evil = { origin: 'https://evil.example', cookie: `${sessionCookie}=${one.cookie()}` }
  const verdicts = async (list: readonly InjectOptions[]) => {
    const found: Record<string, number> = {}
    for (const options of list) {
      const answer = await city.app.inject({ ...options, headers: evil })
      found[`${options.method} ${options.url}`] = answer.statusCode
    }
    return found
  }
  const before = await verdicts(asked)
  expect(Object.values(before)).toEqual(asked.map(() => 403))
  // Everything once by nobody, and by a machine that may come from anywhere.
  for (const options of asked) {
    await city.app.inject(options)
    await city.app.inject({
      ...options,
      headers: { authorization: 'Bearer tc_none_none_none_none_none_none', origin: 'https://evil.example' },
    })
  }
  expect(await verdicts(asked.toReversed())).toEqual(before)
  expect(await opens(one.cookie())).toBe(200)
})

describe('CVE-2025-64100 (CKAN, the session was not renewed at sign-in)', () => {
  test('signing in never goes on under the session that the browser brought', async () => {
    await given('renewed', ['applicant'])
    const one = await signedIn('renewed')
    const before = one.cookie()
    await one.send('POST', '/sessions', { username: 'renewed', password })
    expect([one.cookie() !== before, await opens(before), await opens(one.cookie())]).toEqual([true, 401, 200])
    const planted = await city.app.inject({
      method: 'POST',
      url: '/api/v1/sessions',
      cookies: { [sessionCookie]: 'a'.repeat(43) },
      payload: { username: 'renewed', password },
    })
    expect(planted.cookies.find(({ name }) => name === sessionCookie)?.value).not.toBe('a'.repeat(43))
    expect(await opens('a'.repeat(43))).toBe(401)
  })

  test('a change of the password, of the post and of the second factor gives another, and the one before is over', async () => {
    const who = await given('changing', ['applicant'])
    const second = await createPost(ctx, { personId: who.personId, organisationId: 'platform', title: '联络员', duties: ['user-unit'] })
    const one = await signedIn('changing')
    const changed = async (what: () => Promise<Answer>) => {
      const before = one.cookie()
      expect((await what()).status).toBeLessThan(300)
      return [one.cookie() !== before, await opens(before), await opens(one.cookie())]
    }
    const next = 'Another-2026-password'
    const over = [true, 401, 200]
    expect(await changed(() => one.send('POST', '/me/post', { postId: second.id }))).toEqual(over)
    expect(await changed(() => one.send('POST', '/me/password', { currentPassword: password, newPassword: next }))).toEqual(over)
    const { body } = await one.send('POST', '/me/second-factor', { password: next })
    const code = codeShown(String(body.secret), clock.now())
    expect(await changed(() => one.send('POST', '/me/second-factor/confirm', { code }))).toEqual(over)
  })

  test('a change of the duties ends the sessions that had the old ones', async () => {
    const who = await given('promoted', ['applicant'])
    const one = await signedIn('promoted')
    expect((await admin.send('PATCH', `/posts/${who.postId}`, { duties: ['applicant', 'data-steward'], version: 1 })).status).toBe(200)
    expect(await opens(one.cookie())).toBe(401)
    expect((await (await signedIn('promoted')).send('GET', '/me')).body.roles).toEqual(['applicant', 'data-steward'])
  })
})

test('CVE-2026-41132 (CKAN, no certificate was checked): who signs a certificate for oneself is not believed', async () => {
  const { key, cert } = selfSigned()
  let asked = 0
  const server = createServer({ key, cert }, (_request, response) => {
    asked += 1
    response.end('{}')
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  const issuer = `https://127.0.0.1:${(server.address() as AddressInfo).port}`
  const lured = await wire({ db, keys: keyRingOf(newKeys()), clock, demo: false, oidc: { ...oidc, issuer } })
  const answer = await lured.app.inject({ method: 'POST', url: '/api/v1/sessions/oidc-start' })
  expect([answer.statusCode, answer.json().code, asked]).toEqual([503, 'oidc.unavailable', 0])
  await lured.app.close()
  server.close()
})

describe('secrets', () => {
  /** A life at the doors; answers with everything secret that was typed or shown on the way. */
  async function lifeAtTheDoors() {
    const { body: person } = await admin.send('POST', '/people', { name: '王建国' })
    await admin.send('POST', '/posts', { personId: person.id, organisationId: 'civil-affairs', title: '科员', duties: ['applicant'] })
    const { body: account } = await admin.send('POST', '/accounts', { personId: person.id, username: 'wang.jianguo' })
    const one = await signedIn('wang.jianguo', String(account.initialPassword))
    const own = 'Canary-typed-by-wang-2026'
    await one.send('POST', '/me/password', { currentPassword: account.initialPassword as string, newPassword: own })
    await one.send('POST', '/me/password', { currentPassword: 'Canary-wrong-2026', newPassword: 'Canary-refused-2026' })
    await browser().send('POST', '/sessions', { username: 'Canary-password-in-the-wrong-field', password: 'Canary-mistyped-2026' })
    const { body: token } = await one.send('POST', '/tokens', { name: '对接', expiresOn: '2026-12-31' })
    await city.app.inject({ url: '/api/v1/me', headers: { authorization: `Bearer ${String(token.token)}` } })
    const { body: factor } = await one.send('POST', '/me/second-factor', { password: own })
    const code = codeShown(String(factor.secret), clock.now())
    const { body: codes } = await one.send('POST', '/me/second-factor/confirm', { code })
    const { body: reset } = await admin.send('POST', `/accounts/${String(account.id)}/password-reset`)
    return {
      kept: [String(factor.secret)],
      never: [
        ...[account.initialPassword, own, 'Canary-wrong-2026', 'Canary-refused-2026', 'Canary-mistyped-2026', reset.initialPassword],
        ...['Canary-password-in-the-wrong-field', token.token, one.cookie(), ...(codes.recoveryCodes as string[]), secretOfTheSignOn],
        ...[password, ...admin.recoveryCodes, admin.cookie()],
      ].map(String),
    }
  }
  const life = lifeAtTheDoors()

  test('CVE-2026-39943 (Directus, secrets in the revision history): none stands in any row of any table, the key of a device neither', async () => {
    const { kept, never } = await life
    const { rows: tables } = await owner.query<{ name: string }>(
      `select format('%I.%I', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where c.relkind in ('r', 'p') and n.nspname not in ('pg_catalog', 'information_schema')`,
    )
    expect(tables.length).toBeGreaterThan(40)
    const found: string[] = []
    for (const { name } of tables) {
      const { rows } = await owner.query<{ row: string }>(`select t::text as row from ${name} t`)
      for (const { row } of rows) for (const canary of [...never, ...kept]) if (row.includes(canary)) found.push(`${name}: ${canary}`)
    }
    expect(found).toEqual([])
  })

  test('CVE-2023-28443 (Directus, tokens in the log): none stands in a log line', async () => {
    const { kept, never } = await life
    const written = log.join('')
    expect(written).toContain('/api/v1/me/second-factor')
    for (const canary of [...never, ...kept]) expect(written).not.toContain(canary)
  })
})

test('CVE-2026-22706 (Strapi, a reset password left sessions alive): a reset ends them all, and tokens wait for the new password', async () => {
  const who = await given('forgetful', ['applicant'])
  const [here, there] = [await signedIn('forgetful'), await signedIn('forgetful')]
  const { body } = await here.send('POST', '/tokens', { name: '对接', expiresOn: '2026-12-31' })
  const byToken = async () => {
    const answer = await city.app.inject({ url: '/api/v1/organisations', headers: { authorization: `Bearer ${String(body.token)}` } })
    return [answer.statusCode, answer.json().code]
  }
  expect(await byToken()).toEqual([200, undefined])
  const reset = await admin.send('POST', `/accounts/${who.accountId}/password-reset`)
  expect([await opens(here.cookie()), await opens(there.cookie())]).toEqual([401, 401])
  expect(await byToken()).toEqual([403, 'password.change_required'])
  const back = await signedIn('forgetful', String(reset.body.initialPassword))
  await back.send('POST', '/me/password', { currentPassword: reset.body.initialPassword as string, newPassword: 'Remembered-2026-pass' })
  expect(await byToken()).toEqual([200, undefined])
})

test('CVE-2025-64526 (Strapi, the limit was keyed by what the attacker sends): whatever of a request is turned, five guesses are five', async () => {
  await given('guessed', ['applicant'])
  const turned = (i: number): InjectOptions => ({
    method: 'POST',
    url: i % 2 === 0 ? '/api/v1/sessions' : `/api/v1/sessions?try=${i}`,
    remoteAddress: `10.0.${i}.1`,
    headers: {
      'x-forwarded-for': `203.0.113.${i}, 10.0.0.${i}`,
      'x-real-ip': `203.0.113.${i}`,
      forwarded: `for=203.0.113.${i}`,
      'true-client-ip': `203.0.113.${i}`,
      'user-agent': `browser ${i}`,
      'accept-language': `x${i}`,
      'idempotency-key': `key-${i}`,
      cookie: `tongchou_sign_in=${i}; other=${i}`,
    },
    payload: { username: ['guessed', 'GUESSED', 'Guessed', 'gUESSED'][i % 4], password: `Wrong-password-${i}` },
  })
  const answers: number[] = []
  for (let i = 0; i < 30; i++) answers.push((await city.app.inject(turned(i))).statusCode)
  expect(answers).toEqual([...Array(5).fill(401), ...Array(25).fill(429)])
  // Letters that only look the same, or fold to the same elsewhere, are another name and not a second key to this one.
  for (const username of ['guessed ', ' guessed', 'ｇuessed', 'gueſſed', 'guessed\u200b'])
    for (let i = 0; i < 2; i++)
      expect(
        (await city.app.inject({ method: 'POST', url: '/api/v1/sessions', payload: { username, password } })).statusCode,
        username,
      ).toBe(401)
  // A field beside the two is refused, not counted apart.
  const more = { username: 'guessed', password, email: 'x@y.z', key: 'other' }
  expect((await city.app.inject({ method: 'POST', url: '/api/v1/sessions', payload: more })).statusCode).toBe(400)
})

test('CVE-2025-53887 (Directus, the exact version in the public document): before signing in nothing tells a version', async () => {
  const own = '0.1.0'
  const versions = [own, process.version, process.version.slice(1), process.versions.v8, process.versions.openssl]
  const { rows } = await owner.query<{ server_version: string }>('show server_version')
  versions.push(String(rows[0]?.server_version))
  for (const url of [
    '/',
    '/openapi.json',
    '/livez',
    '/readyz',
    '/metrics',
    '/api/v1/sign-in-options',
    '/api/v1/me',
    '/api/v1/policy-packs',
  ]) {
    const answer = await city.app.inject({ url, headers: { accept: 'text/html' } })
    const told = `${JSON.stringify(answer.headers)} ${answer.body}`
    for (const version of versions) expect(told.includes(version), `${url} tells ${version}`).toBe(false)
    expect([answer.headers.server, answer.headers['x-powered-by'], answer.headers.via], url).toEqual([undefined, undefined, undefined])
  }
})

describe('GHSA-56p6-qw3c-fq2g (Directus, the token of a suspended user went on)', () => {
  const root = join(import.meta.dirname, '../../..')
  const folder = mkdtempSync(join(tmpdir(), 'tongchou-doors-'))
  const running: ChildProcess[] = []
  afterAll(async () => {
    for (const child of running) {
      const ended = once(child, 'exit')
      child.kill('SIGTERM')
      await ended
    }
    rmSync(folder, { recursive: true, force: true })
  })

  // Servers of one database share its keys.
  const keyFile = join(folder, 'keys.json')
  writeKeyFile(keyFile, keys)

  /** A server process of its own on the database of this file. */
  async function start(name: string): Promise<string> {
    const { user, host, port, database } = connection
    const child = spawn(process.execPath, [join(root, 'apps/server/src/main.js')], {
      cwd: folder,
      env: {
        PATH: process.env.PATH,
        PORT: '0',
        TONGCHOU_DEMO: '0',
        TONGCHOU_DATA: join(folder, name),
        TONGCHOU_KEY_FILE: keyFile,
        DATABASE_URL: `postgres://${user}@localhost:${port}/${database}?host=${encodeURIComponent(host)}`,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    running.push(child)
    let said = ''
    return new Promise((resolve, reject) => {
      const hear = (part: Buffer) => {
        said += part.toString()
        const found = /(http:\/\/[\d.]+:\d+)/.exec(said)?.[1]
        if (found) resolve(found)
      }
      child.stdout?.on('data', hear)
      child.stderr?.on('data', hear)
      child.once('exit', () => reject(new Error(`did not start: ${said}`)))
    })
  }

  test('disabling an account shuts out its sessions and tokens with their next request, on every process of the platform', async () => {
    const now = () => new Date()
    const who = await given('suspended', ['applicant'], 'civil-affairs', now)
    await given('second-system', ['system-admin'], 'platform', now)
    const processes = await Promise.all([start('one'), start('two')])
    const post = (at: string, path: string, body: object | undefined, cookie = '') =>
      fetch(`${at}/api/v1${path}`, {
        method: 'POST',
        headers: { cookie, ...(body && { 'content-type': 'application/json' }) },
        ...(body && { body: JSON.stringify(body) }),
      })
    const cookieOf = (answer: Response) => answer.headers.getSetCookie()[0]?.split(';')[0] ?? ''
    const [first = '', second = ''] = processes
    const session = cookieOf(await post(first, '/sessions', { username: 'suspended', password }))
    const { token } = (await (await post(second, '/tokens', { name: '对接', expiresOn: expiry() }, session)).json()) as { token: string }
    const asked = () =>
      Promise.all(
        processes.flatMap((at) => [
          fetch(`${at}/api/v1/me`, { headers: { cookie: session } }),
          fetch(`${at}/api/v1/me`, { headers: { authorization: `Bearer ${token}` } }),
        ]),
      ).then((answers) => answers.map(({ status }) => status))
    expect(await asked()).toEqual([200, 200, 200, 200])

    const half = cookieOf(await post(first, '/sessions', { username: 'second-system', password }))
    const { secret } = (await (await post(first, '/me/second-factor', { password }, half)).json()) as { secret: string }
    const whole = cookieOf(await post(first, '/me/second-factor/confirm', { code: codeShown(secret, new Date()) }, half))
    // Answers are kept while nothing changes, and the processes are warm with this account: the change must reach both.
    expect(await asked()).toEqual([200, 200, 200, 200])
    const disabled = await post(first, `/accounts/${who.accountId}/disable`, undefined, whole)
    expect(disabled.status, await disabled.clone().text()).toBe(200)
    expect(await asked()).toEqual([401, 401, 401, 401])
  }, 120_000)

  /** The processes run on the machine's own clock. */
  function expiry(): string {
    return new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10)
  }
})

test('a page that asks by itself keeps nobody signed in: the bell does not hold a desk open that was left', async () => {
  await given('left', ['applicant'])
  const one = await signedIn('left')
  for (let i = 0; i < 12; i++) {
    clock.advance({ minutes: 10 })
    const answer = await one.send('GET', '/notices/unread')
    expect([i, answer.status]).toEqual([i, i < 11 ? 200 : 401])
  }
})
