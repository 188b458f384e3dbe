import { testDatabase } from '@tongchou/testing'
import type { InjectOptions } from 'fastify'
import { describe, expect, test } from 'vitest'
import { auditOf, givenAccount, givenPlatform, password, signedIn } from './identity.given.ts'
import { identityDb } from './identity.tables.ts'
import { defaultSettings, type SecuritySettings } from './security-settings.schema.ts'
import { findCommonSettings, putSettings } from './security-settings.store.ts'

const { db } = await testDatabase()
const { app, clock, ctx } = await givenPlatform(db)
await givenAccount(ctx, 'guard', 'security', ['security-admin'], 'other')
await givenAccount(ctx, 'clerk', 'civil-affairs', ['applicant'])

let version = 1
async function set(change: Partial<SecuritySettings>) {
  version += 1
  const settings = { ...(await findCommonSettings(identityDb(ctx))), ...change }
  expect(await putSettings(identityDb(ctx), { settings, version, changedBy: 'given' }, clock.now())).toBe(true)
  clock.advance({ minutes: 11 })
}

let guessed = 0
const signIn = (from: string, body: object, headers: Record<string, string> = {}) =>
  app.inject({ method: 'POST', url: '/api/v1/sessions', remoteAddress: from, headers, payload: body } satisfies InjectOptions)
/** One password tried on ever other names: what the lock-out of a name does not see. */
const spray = (from: string, headers: Record<string, string> = {}) =>
  signIn(from, { username: `nobody-${guessed++}`, password: 'Spring-2026' }, headers)
/** Without a session it is a 401, and counted all the same: asking for one costs too. */
const costly = (from: string) => app.inject({ method: 'POST', url: '/api/v1/reorganisations/preview', remoteAddress: from, payload: {} })
const outcomes = (answers: { statusCode: number }[]) => answers.map(({ statusCode }) => statusCode)

describe('sign-ins from one address', () => {
  test('that fail too often are put off with 429, in Chinese, and others go on; the log has one line of it', async () => {
    await set({ addressSignInFailures: 20 })
    // At once, so that counting after the check would let all of them through.
    const tried = await Promise.all(Array.from({ length: 30 }, () => spray('203.0.113.1')))
    expect(outcomes(tried).filter((status) => status === 401)).toHaveLength(20)
    const refused = tried.filter(({ statusCode }) => statusCode === 429)
    expect(refused).toHaveLength(10)
    expect(refused[0]?.headers['retry-after']).toBe('600')
    expect(refused[0]?.headers['content-type']).toContain('application/problem+json')
    expect(refused[0]?.json()).toMatchObject({
      code: 'address.too_many_sign_ins',
      title: '操作过于频繁',
      detail: expect.stringContaining('10 分钟'),
    })
    // The right password waits too: who guesses must not learn which was right.
    expect((await signIn('203.0.113.1', { username: 'clerk', password })).statusCode).toBe(429)
    expect((await signIn('203.0.113.2', { username: 'clerk', password })).statusCode).toBe(201)
    expect(await auditOf(ctx, '203.0.113.1')).toMatchObject([
      { action: 'address.limited', outcome: 'refused', detail: { limited: 'sign-in', most: 20 } },
    ])
    clock.advance({ minutes: 9 })
    expect((await spray('203.0.113.1')).headers['retry-after']).toBe('60')
    clock.advance({ minutes: 1 })
    expect((await spray('203.0.113.1')).statusCode).toBe(401)
  })

  test('that succeed cost nothing: an office behind one address signs in as often as it wants', async () => {
    await set({ addressSignInFailures: 20 })
    for (let count = 0; count < 25; count++) expect((await signIn('203.0.113.3', { username: 'clerk', password })).statusCode).toBe(201)
    expect((await spray('203.0.113.3')).statusCode).toBe(401)
  })

  test('one subscriber has one address of IPv6, whatever it writes behind the 64 bits', async () => {
    await set({ addressSignInFailures: 20 })
    for (let count = 0; count < 20; count++) await spray(`2001:db8:7:7::${count + 1}`)
    expect((await spray('2001:db8:7:7:ffff::1')).statusCode).toBe(429)
    expect((await spray('2001:db8:7:8::1')).statusCode).toBe(401)
  })
})

describe('X-Forwarded-For', () => {
  test('of somebody who is no named proxy buys no fresh address, and frames nobody', async () => {
    await set({ addressSignInFailures: 20, trustedProxies: ['10.0.0.1'] })
    for (let count = 0; count < 20; count++)
      expect((await spray('203.0.113.5', { 'x-forwarded-for': `192.0.2.${count}` })).statusCode).toBe(401)
    expect((await spray('203.0.113.5', { 'x-forwarded-for': '192.0.2.200' })).statusCode).toBe(429)
    expect((await spray('203.0.113.5', { 'x-forwarded-for': '10.0.0.1' })).statusCode).toBe(429)
    expect((await spray('203.0.113.5', { forwarded: 'for=192.0.2.9', 'x-real-ip': '192.0.2.9' })).statusCode).toBe(429)
    expect((await spray('192.0.2.3')).statusCode).toBe(401)
  })

  test('of a named proxy tells the clients apart, but not what a client wrote in front of itself', async () => {
    await set({ addressSignInFailures: 20, trustedProxies: ['10.0.0.0/24'] })
    const via = (client: string) => spray('10.0.0.7', { 'x-forwarded-for': client })
    for (let count = 0; count < 20; count++) expect((await via(`192.0.2.${count}, 203.0.113.6`)).statusCode).toBe(401)
    expect((await via('192.0.2.99, 203.0.113.6')).statusCode).toBe(429)
    expect((await via('203.0.113.7')).statusCode).toBe(401)
  })

  test('is what a session is listed with, when its proxy is named', async () => {
    await set({ trustedProxies: ['10.0.0.1'] })
    const answer = await signIn('10.0.0.1', { username: 'guard', password }, { 'x-forwarded-for': '192.0.2.1, 203.0.113.8' })
    const cookie = answer.cookies.find(({ name }) => name === 'tongchou_session')?.value ?? ''
    const { items } = (await app.inject({ url: '/api/v1/sessions', cookies: { tongchou_session: cookie } })).json()
    expect(items.map(({ address }: { address: string }) => address)).toContain('203.0.113.8')
  })
})

test('operations that cost much are counted by the minute, each address for itself', async () => {
  await set({ addressExpensivePerMinute: 60 })
  expect(outcomes(await Promise.all(Array.from({ length: 60 }, () => costly('203.0.113.20')))).every((status) => status === 401)).toBe(true)
  const refused = await costly('203.0.113.20')
  expect([refused.statusCode, refused.headers['retry-after'], refused.json().code]).toEqual([429, '60', 'address.too_many_requests'])
  expect((await costly('203.0.113.21')).statusCode).toBe(401)
  clock.advance({ minutes: 1 })
  expect((await costly('203.0.113.20')).statusCode).toBe(401)
})

test('a flood of addresses is no memory and opens no counted one that is still asking', async () => {
  await set({ addressExpensivePerMinute: 60 })
  for (let count = 0; count < 61; count++) await costly('203.0.113.30')
  for (let count = 0; count < 2000; count++) await costly(`198.18.${count >> 8}.${count & 255}`)
  expect((await costly('203.0.113.30')).statusCode).toBe(429)
})

describe('安全策略', () => {
  test('the limits and the proxies are set by the security administrator; what is no address is refused at its line', async () => {
    const guard = await signedIn(app, 'guard')
    const shown = (await guard.send('GET', '/security-settings')).json()
    const put = (settings: object) =>
      guard.send('PUT', '/security-settings', { settings: { ...shown.settings, ...settings }, version: shown.version })
    const refused = await put({ trustedProxies: ['10.0.0.1', 'gateway.local'] })
    expect([refused.statusCode, refused.json().code, refused.json().fields[0].path]).toEqual([
      422,
      'security_settings.bad_proxy',
      'settings.trustedProxies.1',
    ])
    expect((await put({ addressSignInFailures: 19 })).statusCode).toBe(400)
    expect((await put({ trustedProxies: ['10.9.0.0/16'], addressExpensivePerMinute: 120 })).statusCode).toBe(200)
    const { detail } = (await auditOf(ctx, 'current')).at(-1) ?? {}
    expect(detail).toMatchObject({ changed: { trustedProxies: { to: ['10.9.0.0/16'] }, addressExpensivePerMinute: { to: 120 } } })
  })

  test('a new city lets a whole city through one gateway', () => {
    expect(defaultSettings(false)).toMatchObject({ addressSignInFailures: 300, addressExpensivePerMinute: 3000, trustedProxies: [] })
  })
})
