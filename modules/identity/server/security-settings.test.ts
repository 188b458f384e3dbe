import { testDatabase } from '@tongchou/testing'
import { describe, expect, test } from 'vitest'
import { auditOf, browser, givenAccount, givenPlatform, password, signedIn } from './identity.given.ts'
import { defaultSettings, type SecuritySettings } from './security-settings.schema.ts'

const { db, owner } = await testDatabase()
const { app, clock, ctx } = await givenPlatform(db)
const elsewhere = await givenPlatform(db)
await givenAccount(ctx, 'guard', 'security', ['security-admin'], 'other')
await givenAccount(ctx, 'system', 'platform', ['system-admin'], 'other')
await givenAccount(ctx, 'auditor', 'control', ['audit-admin'], 'other')

/** Sets what a test is about, as the security administrator does; the clock may have ended the last session. */
async function set(change: Partial<SecuritySettings>, secret = password) {
  const guard = await signedIn(app, 'guard', secret)
  const { settings, version } = (await guard.send('GET', '/security-settings')).json()
  return guard.send('PUT', '/security-settings', { settings: { ...settings, ...change }, version })
}

const wrong = (username: string) => browser(app).send('POST', '/sessions', { username, password: 'wrong-password-1' })

describe('安全策略', () => {
  test('are set by the security administrator, read by the audit administrator, and closed to the system administrator and all others', async () => {
    await givenAccount(ctx, 'clerk', 'civil-affairs', ['applicant'])
    const [guard, auditor, system, clerk] = [
      await signedIn(app, 'guard'),
      await signedIn(app, 'auditor'),
      await signedIn(app, 'system'),
      await signedIn(app, 'clerk'),
    ]
    const shown = (await guard.send('GET', '/security-settings')).json()
    expect(shown).toMatchObject({ defaults: defaultSettings(false), version: 1 })
    expect((await auditor.send('GET', '/security-settings')).json()).toEqual(shown)
    const body = { settings: { ...shown.settings, idleMinutes: 30 }, version: 1 }
    for (const one of [auditor, system, clerk]) {
      const refused = await one.send('PUT', '/security-settings', body)
      expect([refused.statusCode, refused.json().code]).toEqual([403, 'duty.missing'])
    }
    for (const one of [system, clerk]) expect((await one.send('GET', '/security-settings')).statusCode).toBe(403)
    expect((await browser(app).send('GET', '/security-settings')).statusCode).toBe(401)
    expect((await guard.send('GET', '/security-settings')).json()).toEqual(shown)
    const refusals = await ctx.db
      .selectFrom('kernel.audit_event')
      .select('person_name')
      .where('action', '=', 'changeSecuritySettings')
      .where('outcome', '=', 'refused')
      .execute()
    expect(refusals.map((row) => row.person_name).sort()).toEqual(['auditor员', 'clerk员', 'system员'])
  })

  test('a change is audited with what was and what is, and a second one on old ground is refused', async () => {
    const guard = await signedIn(app, 'guard')
    const { settings, version } = (await guard.send('GET', '/security-settings')).json()
    const changed = await guard.send('PUT', '/security-settings', { settings: { ...settings, idleMinutes: 60 }, version })
    expect(changed.json()).toMatchObject({ version: version + 1, changedBy: 'security局 guard员', settings: { idleMinutes: 60 } })
    expect((await auditOf(ctx, 'current')).at(-1)).toMatchObject({
      action: 'security_settings.changed',
      detail: { changed: { idleMinutes: { from: 120, to: 60 } } },
    })
    const late = await guard.send('PUT', '/security-settings', { settings, version })
    expect([late.statusCode, late.json().code]).toEqual([409, 'security_settings.changed_meanwhile'])
    const atOnce = await Promise.all(
      [30, 40, 50].map((idleMinutes) =>
        guard.send('PUT', '/security-settings', { settings: { ...settings, idleMinutes }, version: version + 1 }),
      ),
    )
    expect(atOnce.map((answer) => answer.statusCode).sort()).toEqual([200, 409, 409])
    await set({ idleMinutes: 120 })
  })

  test.each([
    ['an idle time of a minute', { idleMinutes: 1 }],
    ['passwords of four characters', { passwordMinLength: 4 }],
    ['no lock-out', { lockOutAttempts: 0 }],
    ['sessions of a week', { sessionHours: 168 }],
    ['tokens for ever', { tokenMaxDays: 10_000 }],
    ['half a day', { passwordMaxAgeDays: 0.5 }],
    ['a word', { idleMinutes: '30' }],
    ['a setting that nobody knows', { captcha: true }],
  ])('%s is out of bounds', async (_what, change) => {
    const guard = await signedIn(app, 'guard')
    const { settings, version } = (await guard.send('GET', '/security-settings')).json()
    expect((await guard.send('PUT', '/security-settings', { settings: { ...settings, ...change }, version })).statusCode).toBe(400)
  })

  test('idle time and absolute time hold from the next request on, also in another process', async () => {
    await givenAccount(ctx, 'resting', 'civil-affairs', ['applicant'])
    const one = await signedIn(app, 'resting')
    const there = async () =>
      (await elsewhere.app.inject({ url: '/api/v1/me', cookies: { tongchou_session: one.cookie() ?? '' } })).statusCode
    elsewhere.clock.set(clock.advance({ minutes: 20 }))
    expect(await there()).toBe(200)
    elsewhere.clock.set(clock.advance({ minutes: 20 }))
    expect((await set({ idleMinutes: 15 })).statusCode).toBe(200)
    expect(await there()).toBe(401)
    expect((await one.send('GET', '/me')).statusCode).toBe(401)
    await set({ idleMinutes: 120, sessionHours: 1 })
    const next = await signedIn(app, 'resting')
    clock.advance({ minutes: 50 })
    expect((await next.send('GET', '/me')).statusCode).toBe(200)
    clock.advance({ minutes: 10 })
    expect((await next.send('GET', '/me')).statusCode).toBe(401)
    await set({ sessionHours: 12 })
  })

  test('lock-out: as many attempts and as many minutes as the city sets', async () => {
    await set({ lockOutAttempts: 3, lockOutMinutes: 30 })
    await givenAccount(ctx, 'clumsy', 'civil-affairs', ['applicant'])
    for (let i = 0; i < 3; i++) expect((await wrong('clumsy')).statusCode).toBe(401)
    const closed = await browser(app).send('POST', '/sessions', { username: 'clumsy', password })
    expect([closed.statusCode, closed.headers['retry-after'], closed.json().detail]).toEqual([
      429,
      '1800',
      expect.stringContaining('连续错误 3 次'),
    ])
    clock.advance({ minutes: 30 })
    expect((await browser(app).send('POST', '/sessions', { username: 'clumsy', password })).statusCode).toBe(201)
    await set({ lockOutAttempts: 5, lockOutMinutes: 10 })
  })

  test('length and kinds of characters of new passwords', async () => {
    await set({ passwordMinLength: 14, passwordMinClasses: 3 })
    await givenAccount(ctx, 'longer', 'civil-affairs', ['applicant'])
    const one = await signedIn(app, 'longer')
    const change = (newPassword: string) => one.send('POST', '/me/password', { currentPassword: password, newPassword })
    expect((await change('Short-2026-x')).json().detail).toContain('14')
    expect((await change('onlyletters-and-hyphens')).json().detail).toContain('三类')
    expect((await change('Letters-2026-enough')).statusCode).toBe(204)
    await set({ passwordMinLength: 10, passwordMinClasses: 2 })
  })

  test('the last passwords do not come again, and no more of them are kept than the city asks for', async () => {
    await set({ passwordHistory: 3 })
    const who = await givenAccount(ctx, 'changing', 'civil-affairs', ['applicant'])
    const one = await signedIn(app, 'changing')
    const passwords = [password, 'Second-2026-pass', 'Third-2026-pass', 'Fourth-2026-pass']
    const change = (from: number, to: string) => one.send('POST', '/me/password', { currentPassword: passwords[from], newPassword: to })
    for (const [index, next] of passwords.slice(1).entries()) expect((await change(index, next)).statusCode).toBe(204)
    for (const used of passwords.slice(1, 3)) {
      const refused = await change(3, used)
      expect([refused.statusCode, refused.json().code]).toEqual([422, 'password.used_before'])
    }
    expect((await change(3, 'Fourth-2026-pass')).json().code).toBe('password.unchanged')
    const { rows } = await owner.query<{ n: number }>('select count(*)::int as n from identity.password_history where account_id = $1', [
      who.accountId,
    ])
    expect(rows[0]?.n).toBe(2)
    expect((await change(3, password)).statusCode).toBe(204)
    await set({ passwordHistory: 5 })
  })

  test('of an account that signs in once too often, the session used longest ago ends', async () => {
    await set({ maxSessions: 2 })
    await givenAccount(ctx, 'spread', 'civil-affairs', ['applicant'])
    const sessions = []
    for (let i = 0; i < 3; i++) {
      sessions.push(await signedIn(app, 'spread'))
      clock.advance({ minutes: 2 })
      if (i === 1) await sessions[0]?.send('GET', '/me')
      clock.advance({ minutes: 2 })
    }
    const answers = await Promise.all(sessions.map((one) => one.send('GET', '/me')))
    expect(answers.map((answer) => answer.statusCode)).toEqual([200, 401, 200])
    await set({ maxSessions: 5 })
  })

  test('tokens have no longer term than the city allows', async () => {
    await set({ tokenMaxDays: 30 })
    await givenAccount(ctx, 'machines', 'civil-affairs', ['applicant'])
    const one = await signedIn(app, 'machines')
    const { latestOn, tags } = (await one.send('GET', '/token-choices')).json()
    expect(tags).toEqual(expect.arrayContaining(['identity', 'security']))
    const late = new Date(Date.parse(latestOn) + 86_400_000).toISOString().slice(0, 10)
    expect((await one.send('POST', '/tokens', { name: 'x', expiresOn: late })).json().code).toBe('token.bad_expiry')
    expect((await one.send('POST', '/tokens', { name: 'x', expiresOn: latestOn })).statusCode).toBe(201)
    await set({ tokenMaxDays: 366 })
  })
})

describe('the age of a password', () => {
  test('has no end where the city sets none', async () => {
    await set({ passwordMaxAgeDays: 0 })
    await givenAccount(ctx, 'ageless', 'civil-affairs', ['applicant'])
    clock.advance({ days: 400 })
    const one = await signedIn(app, 'ageless')
    expect((await one.send('GET', '/me')).json()).toMatchObject({ unfinished: null, account: { passwordDaysLeft: null } })
  })

  test('is told from the first day on, and past it nothing opens but the page that changes it', async () => {
    const guard = await signedIn(app, 'guard')
    await guard.send('POST', '/me/password', { currentPassword: password, newPassword: 'Watch-2027-pass' })
    await set({ passwordMaxAgeDays: 90 }, 'Watch-2027-pass')
    await givenAccount(ctx, 'aging', 'civil-affairs', ['applicant'])
    const first = await signedIn(app, 'aging')
    const { token } = (await first.send('POST', '/tokens', { name: '对接', expiresOn: '2027-12-31' })).json()
    expect((await first.send('GET', '/me')).json()).toMatchObject({
      unfinished: null,
      account: { passwordDaysLeft: 90, mustChangePassword: false },
    })
    clock.advance({ days: 83 })
    const warned = await signedIn(app, 'aging')
    expect((await warned.send('GET', '/me')).json().account).toMatchObject({ passwordDaysLeft: 7, mustChangePassword: false })
    clock.advance({ days: 7 })
    const late = await signedIn(app, 'aging')
    expect((await late.send('GET', '/me')).json()).toMatchObject({
      unfinished: 'expired-password',
      account: { passwordDaysLeft: 0, mustChangePassword: true },
    })
    for (const path of ['/organisations', '/sessions', '/tokens', '/me/second-factor', '/me/preferences']) {
      const refused = await late.send('GET', path)
      expect([path, refused.statusCode, refused.json().code]).toEqual([path, 403, 'password.expired'])
    }
    expect((await late.send('GET', '/organisations')).json().detail).toContain('90 天')
    // A machine does not type: its token has a term of its own.
    expect((await app.inject({ url: '/api/v1/organisations', headers: { authorization: `Bearer ${token}` } })).statusCode).toBe(200)
    expect((await late.send('POST', '/me/password', { currentPassword: password, newPassword: 'Fresh-2026-pass' })).statusCode).toBe(204)
    expect((await late.send('GET', '/organisations')).statusCode).toBe(200)
    expect((await late.send('GET', '/me')).json().account.passwordDaysLeft).toBe(90)
  })
})
