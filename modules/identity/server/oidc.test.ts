import { createServer, get } from 'node:https'
import type { AddressInfo } from 'node:net'
import { codeShown, selfSigned, testDatabase } from '@tongchou/testing'
import { afterAll, describe, expect, test } from 'vitest'
import { auditOf, browser, givenAccount, givenPlatform, password, signedIn } from './identity.given.ts'
import { callback, client, givenCrookedProvider, givenProvider, throughProvider } from './oidc.given.ts'

const { db, owner } = await testDatabase()
const provider = await givenProvider()
const crooked = await givenCrookedProvider()
afterAll(() => Promise.all([provider.close(), crooked.close()]))
const settings = { secondFactorForAdministrators: false }
const label = '乌海统一身份'
const { app, clock, ctx } = await givenPlatform(db, null, settings, { ...client, issuer: provider.issuer, label })
const bent = await givenPlatform(db, null, settings, { ...client, issuer: crooked.issuer, label })
const none = await givenPlatform(db)
await givenAccount(ctx, 'admin', 'platform', ['system-admin'], 'other')

type App = typeof app

/** A browser on its way through the sign-on: what it was sent with, and the way back. */
async function sentBy(at: App) {
  const start = await at.inject({ method: 'POST', url: '/api/v1/sessions/oidc-start' })
  const flow = start.cookies.find((cookie) => cookie.name === 'tongchou_oidc')
  const comeBack = (query: string) =>
    at.inject({ method: 'POST', url: '/api/v1/sessions/oidc', cookies: { tongchou_oidc: flow?.value ?? '' }, payload: { query } })
  return { start, flow, url: (start.json() as { url: string }).url, comeBack }
}

async function bindingOf(username: string, subject: string, duties = ['applicant']) {
  const who = await givenAccount(ctx, username, 'civil-affairs', duties)
  const admin = await signedIn(app, 'admin')
  expect((await admin.send('PUT', `/accounts/${who.accountId}/oidc-binding`, { subject })).statusCode).toBe(204)
  return who
}

async function through(subject: string) {
  provider.state.person = subject
  const { url, comeBack } = await sentBy(app)
  return comeBack(await throughProvider(url))
}

describe('统一身份认证', () => {
  test('is offered where it is configured, and nowhere else', async () => {
    expect((await browser(app).send('GET', '/sign-in-options')).json()).toEqual({ oidc: { label } })
    expect((await browser(none.app).send('GET', '/sign-in-options')).json()).toEqual({ oidc: null })
    const off = await browser(none.app).send('POST', '/sessions/oidc-start')
    expect([off.statusCode, off.json().code]).toEqual([409, 'oidc.off'])
    expect((await browser(none.app).send('POST', '/sessions/oidc', { query: '?code=x' })).statusCode).toBe(409)
  })

  test('sends the browser with code flow, PKCE, state and nonce, and keeps a cookie that no script reads', async () => {
    const { start, flow, url } = await sentBy(app)
    expect(start.statusCode).toBe(200)
    const asked = new URL(url).searchParams
    expect(Object.fromEntries(asked)).toMatchObject({
      client_id: client.clientId,
      redirect_uri: callback,
      response_type: 'code',
      scope: 'openid',
      code_challenge_method: 'S256',
    })
    for (const name of ['state', 'nonce', 'code_challenge']) expect(asked.get(name)?.length, name).toBeGreaterThan(20)
    expect(flow).toMatchObject({ httpOnly: true, sameSite: 'Lax' })
    expect(url).not.toContain(client.clientSecret)
  })

  test('signs in the account that is bound, under a new session, and says so in the audit log', async () => {
    const who = await bindingOf('zhang', 'zhang.san')
    const answer = await through('zhang.san')
    expect(answer.statusCode, answer.body).toBe(201)
    expect(answer.json().user).toMatchObject({ account: { username: 'zhang' }, post: { id: who.postId } })
    const session = answer.cookies.find((cookie) => cookie.name === 'tongchou_session')?.value ?? ''
    const mine = (await app.inject({ url: '/api/v1/sessions', cookies: { tongchou_session: session } })).json()
    expect(mine.items).toMatchObject([{ signedInBy: 'oidc', current: true }])
    expect((await auditOf(ctx, who.accountId)).at(-1)).toMatchObject({ action: 'session.started', detail: { by: 'oidc' } })
    const out = (await app.inject({ url: '/api/v1/me/oidc-sign-out', cookies: { tongchou_session: session } })).json()
    expect(new URL(out.url).origin).toBe(provider.issuer)
    expect(new URL(out.url).searchParams.get('post_logout_redirect_uri')).toBe('http://localhost/')
    const byPassword = await signedIn(app, 'zhang')
    expect((await byPassword.send('GET', '/me/oidc-sign-out')).json()).toEqual({ url: null })
  })

  test('makes no account and finds none by its name: who is not bound is told how to be', async () => {
    await givenAccount(ctx, 'li.si', 'civil-affairs', ['applicant'])
    const before = (await owner.query('select count(*) from identity.account')).rows
    const answer = await through('li.si')
    expect([answer.statusCode, answer.json().code]).toEqual([403, 'oidc.not_bound'])
    expect(answer.cookies.some((cookie) => cookie.name === 'tongchou_session')).toBe(false)
    expect((await owner.query('select count(*) from identity.account')).rows).toEqual(before)
    expect((await auditOf(ctx, 'unknown')).at(-1)).toMatchObject({ outcome: 'refused', detail: { code: 'oidc.not_bound' } })
  })

  test('refuses a disabled account, and asks for the second factor that the account has', async () => {
    const who = await bindingOf('wang', 'wang.wu')
    const admin = await signedIn(app, 'admin')
    await admin.send('POST', `/accounts/${who.accountId}/disable`)
    const refused = await through('wang.wu')
    expect([refused.statusCode, refused.json().code]).toEqual([403, 'account.disabled'])
    await admin.send('POST', `/accounts/${who.accountId}/enable`)
    const one = await signedIn(app, 'wang')
    const { secret } = (await one.send('POST', '/me/second-factor', { password })).json()
    await one.send('POST', '/me/second-factor/confirm', { code: codeShown(secret, clock.now()) })
    clock.advance({ seconds: 30 })
    const half = await through('wang.wu')
    expect(half.statusCode).toBe(202)
    const pending = half.cookies.find((cookie) => cookie.name === 'tongchou_sign_in')?.value ?? ''
    const payload = { code: codeShown(secret, clock.now()) }
    const done = await app.inject({
      method: 'POST',
      url: '/api/v1/sessions/second-factor',
      cookies: { tongchou_sign_in: pending },
      payload,
    })
    expect(done.statusCode).toBe(201)
    expect((await auditOf(ctx, who.accountId)).at(-1)?.detail).toEqual({ by: 'oidc', secondFactor: 'totp' })
  })
})

describe('binding', () => {
  test('is done once by the person who has signed in here; only an administrator takes it away', async () => {
    const who = await givenAccount(ctx, 'zhao', 'civil-affairs', ['applicant'])
    const one = await signedIn(app, 'zhao')
    const bindAs = async (subject: string) => {
      provider.state.person = subject
      const start = await one.send('POST', '/me/oidc-binding/start')
      const flow = start.cookies.find((cookie) => cookie.name === 'tongchou_oidc')?.value
      const cookie = `tongchou_session=${one.cookie()}; tongchou_oidc=${flow}`
      return one.send('POST', '/me/oidc-binding', { query: await throughProvider(start.json().url) }, { cookie })
    }
    expect((await one.send('GET', '/me/oidc-binding')).json()).toEqual({ label, boundAt: null })
    expect((await bindAs('zhao.liu')).statusCode).toBe(204)
    expect((await one.send('GET', '/me/oidc-binding')).json()).toEqual({ label, boundAt: clock.now().toISOString() })
    expect((await through('zhao.liu')).statusCode).toBe(201)
    const twice = await bindAs('someone.else')
    expect([twice.statusCode, twice.json().code]).toEqual([409, 'oidc.bound_already'])
    const admin = await signedIn(app, 'admin')
    expect((await one.send('PUT', `/accounts/${who.accountId}/oidc-binding`, { subject: null })).statusCode).toBe(404)
    expect((await admin.send('PUT', `/accounts/${who.accountId}/oidc-binding`, { subject: null })).statusCode).toBe(204)
    expect((await admin.send('PUT', `/accounts/${who.accountId}/oidc-binding`, { subject: null })).json().code).toBe('oidc.none')
    expect((await through('zhao.liu')).json().code).toBe('oidc.not_bound')
    expect((await auditOf(ctx, who.accountId)).map((row) => row.action)).toEqual(expect.arrayContaining(['oidc.bound', 'oidc.unbound']))
  })

  test("an identity is one account's, and an administrator does not bind his own", async () => {
    await bindingOf('first', 'shared.one')
    const second = await givenAccount(ctx, 'second', 'civil-affairs', ['applicant'])
    const admin = await signedIn(app, 'admin')
    const taken = await admin.send('PUT', `/accounts/${second.accountId}/oidc-binding`, { subject: 'shared.one' })
    expect([taken.statusCode, taken.json().code]).toEqual([409, 'oidc.bound_already'])
    const own = (await admin.send('GET', '/me')).json().account.id
    expect((await admin.send('PUT', `/accounts/${own}/oidc-binding`, { subject: 'me' })).json().code).toBe('account.own')
  })

  test('a way that began as a sign-in cannot end as a binding, nor the other way round', async () => {
    await givenAccount(ctx, 'crossed', 'civil-affairs', ['applicant'])
    const one = await signedIn(app, 'crossed')
    provider.state.person = 'crossed.over'
    const { url, flow } = await sentBy(app)
    const cookie = `tongchou_session=${one.cookie()}; tongchou_oidc=${flow?.value}`
    const bound = await one.send('POST', '/me/oidc-binding', { query: await throughProvider(url) }, { cookie })
    expect([bound.statusCode, bound.json().code]).toEqual([409, 'oidc.flow_over'])
  })
})

describe('what comes back is not believed', () => {
  test('with another state, without the cookie, twice, too late, or with a code that is none', async () => {
    await bindingOf('careful', 'careful.one')
    provider.state.person = 'careful.one'
    const codes: string[] = []
    const attempt = async (change: (query: string) => string, prepare: () => void = () => undefined) => {
      const { url, comeBack } = await sentBy(app)
      const query = await throughProvider(url)
      prepare()
      const answer = await comeBack(change(query))
      expect([401, 409], answer.body).toContain(answer.statusCode)
      expect(answer.cookies.some((cookie) => cookie.name === 'tongchou_session')).toBe(false)
      codes.push(answer.json().code)
      return { comeBack, query }
    }
    const replaced = (name: string, value: string) => (query: string) => {
      const params = new URLSearchParams(query)
      params.set(name, value)
      return `?${params}`
    }
    await attempt(replaced('state', 'another-state-of-somebody-else'))
    await attempt(replaced('code', 'no-such-code'))
    await attempt(replaced('iss', 'https://evil.example'))
    await attempt(() => '?error=access_denied&error_description=no')
    await attempt(
      (query) => query,
      () => void clock.advance({ minutes: 10 }),
    )
    const { url } = await sentBy(app)
    const query = await throughProvider(url)
    const bare = await app.inject({ method: 'POST', url: '/api/v1/sessions/oidc', payload: { query } })
    codes.push(bare.json().code)
    const good = await sentBy(app)
    const used = await throughProvider(good.url)
    expect((await good.comeBack(used)).statusCode).toBe(201)
    codes.push((await good.comeBack(used)).json().code)
    // A code that was taken once, brought by another browser of the same person.
    const other = await sentBy(app)
    codes.push((await other.comeBack(replaced('state', new URL(other.url).searchParams.get('state') ?? '')(used))).json().code)
    expect(codes).toEqual([
      'oidc.not_trusted',
      'oidc.not_trusted',
      'oidc.not_trusted',
      'oidc.not_trusted',
      'oidc.flow_over',
      'oidc.flow_over',
      'oidc.flow_over',
      'oidc.not_trusted',
    ])
  })

  const claimsOf = (claims: Record<string, unknown>, more: object = {}) => ({ ...claims, ...more })
  async function offered(make: (claims: Record<string, unknown>, nonce: string) => string, status = 200) {
    const { url, comeBack } = await sentBy(bent.app)
    const asked = new URL(url).searchParams
    crooked.behaviour.status = status
    crooked.behaviour.idToken = (claims) => make(claims, asked.get('nonce') ?? '')
    return comeBack(`?code=any&state=${asked.get('state')}`)
  }

  test('a token with another nonce, audience, issuer or key, without a signature, or past its time', async () => {
    const who = await givenAccount(bent.ctx, 'wary', 'civil-affairs', ['applicant'])
    const admin = await signedIn(bent.app, 'admin')
    await admin.send('PUT', `/accounts/${who.accountId}/oidc-binding`, { subject: 'zhang.san' })
    const right = await offered((claims, nonce) => crooked.signed(claimsOf(claims, { nonce })))
    expect(right.statusCode, right.body).toBe(201)
    const past = Math.floor(Date.now() / 1000) - 3600
    const wrong: Record<string, Awaited<ReturnType<typeof offered>>> = {
      'another nonce': await offered((claims) => crooked.signed(claimsOf(claims, { nonce: 'another' }))),
      'no nonce': await offered((claims) => crooked.signed(claims)),
      'another audience': await offered((claims, nonce) => crooked.signed(claimsOf(claims, { nonce, aud: 'another-client' }))),
      'another issuer': await offered((claims, nonce) => crooked.signed(claimsOf(claims, { nonce, iss: 'https://evil.example' }))),
      'a swapped key': await offered((claims, nonce) => crooked.signedByAnother(claimsOf(claims, { nonce }))),
      'alg none': await offered((claims, nonce) => crooked.unsigned(claimsOf(claims, { nonce }))),
      'past its time': await offered((claims, nonce) => crooked.signed(claimsOf(claims, { nonce, iat: past, exp: past + 60 }))),
      'no subject': await offered((claims, nonce) => crooked.signed(claimsOf(claims, { nonce, sub: '' }))),
      'no token': await offered(() => ''),
    }
    for (const [what, answer] of Object.entries(wrong))
      expect([what, answer.statusCode, answer.json().code]).toEqual([what, 401, 'oidc.not_trusted'])
  })
})

describe('when the sign-on is not there', () => {
  test('the page says so in Chinese and when to come again, and signing in by password goes on', async () => {
    const gone = await givenCrookedProvider()
    await gone.close()
    const { app: alone } = await givenPlatform(db, null, settings, { ...client, issuer: gone.issuer, label })
    const answer = await browser(alone).send('POST', '/sessions/oidc-start')
    expect([answer.statusCode, answer.json().code, answer.headers['retry-after']]).toEqual([503, 'oidc.unavailable', '30'])
    expect(answer.json().detail).toContain('统一身份认证暂时无法连接')
    await givenAccount(ctx, 'sturdy', 'civil-affairs', ['applicant'])
    expect((await (await signedIn(alone, 'sturdy')).send('GET', '/me')).statusCode).toBe(200)
  })

  test('a server that signs its own certificate is not the sign-on', async () => {
    const { key, cert } = selfSigned()
    let asked = 0
    const server = createServer({ key, cert }, (_request, response) => {
      asked += 1
      response.end('{}')
    })
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
    const issuer = `https://127.0.0.1:${(server.address() as AddressInfo).port}`
    try {
      // Who trusts the certificate reaches it: the refusal below is about the trust and about nothing else.
      const status = await new Promise((done, failed) => get(issuer, { ca: cert }, (answer) => done(answer.statusCode)).on('error', failed))
      expect([status, asked]).toEqual([200, 1])
      const { app: lured } = await givenPlatform(db, null, settings, { ...client, issuer, label })
      const answer = await browser(lured).send('POST', '/sessions/oidc-start')
      expect([answer.statusCode, answer.json().code, asked]).toEqual([503, 'oidc.unavailable', 1])
    } finally {
      server.close()
    }
  })
})
