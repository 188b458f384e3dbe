import { codeShown, testDatabase } from '@tongchou/testing'
import { describe, expect, test } from 'vitest'
import { auditOf, type browser, givenAccount, givenPlatform, password, signedIn } from './identity.given.ts'

const { db, owner } = await testDatabase()
const { app, clock, ctx } = await givenPlatform(db, null, { secondFactorForAdministrators: true })
type Browser = ReturnType<typeof browser>

/** What the authenticator shows, some half minutes from now. */
const codeOf = (secret: string, halfMinutes = 0) => codeShown(secret, new Date(clock.now().getTime() + halfMinutes * 30_000))
/** Six digits that are not the code of now, before or after. */
const wrongCode = (secret: string) =>
  ['111111', '222222', '333333', '444444'].find((code) => ![-1, 0, 1].some((at) => codeOf(secret, at) === code)) ?? ''

async function enrol(one: Browser): Promise<{ secret: string; recoveryCodes: string[] }> {
  const begun = await one.send('POST', '/me/second-factor', { password })
  expect(begun.statusCode, begun.body).toBe(201)
  const { secret } = begun.json()
  const confirmed = await one.send('POST', '/me/second-factor/confirm', { code: codeOf(secret) })
  expect(confirmed.statusCode, confirmed.body).toBe(200)
  return { secret, recoveryCodes: confirmed.json().recoveryCodes }
}

async function givenEnrolled(username: string, duties = ['applicant']) {
  const who = await givenAccount(ctx, username, 'civil-affairs', duties)
  const one = await signedIn(app, username)
  const enrolled = await enrol(one)
  clock.advance({ seconds: 30 })
  return { who, one, ...enrolled }
}

/** A browser after the right password, waiting for the second factor. */
async function halfSignedIn(username: string) {
  let pending = ''
  const first = await app.inject({ method: 'POST', url: '/api/v1/sessions', payload: { username, password } })
  pending = first.cookies.find((cookie) => cookie.name === 'tongchou_sign_in')?.value ?? ''
  const finish = (code: string) =>
    app.inject({ method: 'POST', url: '/api/v1/sessions/second-factor', cookies: { tongchou_sign_in: pending }, payload: { code } })
  return { first, pending, finish }
}

describe('动态口令', () => {
  test('is enrolled by password and first code; other sessions end, this one goes on under a new secret', async () => {
    const who = await givenAccount(ctx, 'enroller', 'civil-affairs', ['applicant'])
    const one = await signedIn(app, 'enroller')
    const other = await signedIn(app, 'enroller')
    const before = one.cookie() ?? ''
    expect((await one.send('GET', '/me/second-factor')).json()).toEqual({ kind: null, since: null, recoveryCodesLeft: 0, required: false })
    expect((await one.send('POST', '/me/second-factor', { password: 'wrong-password-1' })).json().code).toBe('password.current_wrong')
    const { secret, uri } = (await one.send('POST', '/me/second-factor', { password })).json()
    expect(decodeURIComponent(uri)).toMatch(/^otpauth:\/\/totp\/统筹:enroller\?/)
    expect(uri).toContain(secret)
    expect((await one.send('POST', '/me/second-factor/confirm', { code: wrongCode(secret) })).json().code).toBe('second_factor.wrong')
    expect((await halfSignedIn('enroller')).first.statusCode).toBe(201)
    const { recoveryCodes } = (await one.send('POST', '/me/second-factor/confirm', { code: codeOf(secret) })).json()
    expect(new Set(recoveryCodes).size).toBe(8)
    expect((await other.send('GET', '/me')).statusCode).toBe(401)
    expect((await app.inject({ url: '/api/v1/me', cookies: { tongchou_session: before } })).statusCode).toBe(401)
    expect((await one.send('GET', '/me/second-factor')).json()).toEqual({
      kind: 'totp',
      since: clock.now().toISOString(),
      recoveryCodesLeft: 8,
      required: false,
    })
    const again = await one.send('POST', '/me/second-factor', { password })
    expect([again.statusCode, again.json().code]).toEqual([409, 'second_factor.exists'])
    const trail = await auditOf(ctx, who.accountId)
    expect(trail.map((row) => row.action)).toEqual(expect.arrayContaining(['second_factor.begun', 'second_factor.enabled']))
    for (const canary of [secret, ...recoveryCodes]) {
      expect(JSON.stringify(trail)).not.toContain(canary)
      if (canary === secret) continue
      const { rows } = await owner.query('select 1 from identity.recovery_code c where c::text like $1', [`%${canary}%`])
      expect(rows).toEqual([])
    }
  })

  test('makes signing in two steps; the first opens nothing, and its waiting serves once', async () => {
    const { who, secret } = await givenEnrolled('two-steps')
    const { first, pending, finish } = await halfSignedIn('two-steps')
    expect([first.statusCode, first.json()]).toEqual([202, { secondFactor: ['totp', 'recovery-code'] }])
    expect(first.cookies.map((cookie) => cookie.name)).toEqual(['tongchou_sign_in'])
    expect(first.cookies[0]).toMatchObject({ httpOnly: true, sameSite: 'Lax', path: '/api/v1/sessions' })
    for (const cookie of ['tongchou_session', 'tongchou_sign_in'])
      expect((await app.inject({ url: '/api/v1/me', cookies: { [cookie]: pending } })).statusCode).toBe(401)
    const done = await finish(codeOf(secret))
    expect(done.statusCode).toBe(201)
    expect(done.json().user.account.username).toBe('two-steps')
    const session = done.cookies.find((cookie) => cookie.name === 'tongchou_session')?.value ?? ''
    expect(session).not.toBe(pending)
    expect((await app.inject({ url: '/api/v1/me', cookies: { tongchou_session: session } })).statusCode).toBe(200)
    clock.advance({ seconds: 30 })
    const twice = await finish(codeOf(secret))
    expect([twice.statusCode, twice.json().code]).toEqual([409, 'session.sign_in_over'])
    expect((await auditOf(ctx, who.accountId)).at(-1)).toMatchObject({
      action: 'session.started',
      detail: { by: 'password', secondFactor: 'totp' },
    })
  })

  test('a code that was taken is taken once, also by two at the same moment', async () => {
    const { secret } = await givenEnrolled('replayed')
    const [one, two, three] = [await halfSignedIn('replayed'), await halfSignedIn('replayed'), await halfSignedIn('replayed')]
    const code = codeOf(secret)
    const atOnce = await Promise.all([one.finish(code), two.finish(code)])
    expect(atOnce.map((answer) => answer.statusCode).sort()).toEqual([201, 401])
    expect((await three.finish(code)).json().code).toBe('second_factor.wrong')
    // the one before is over too, though a slow watch may still show it
    expect((await three.finish(codeOf(secret, -1))).statusCode).toBe(401)
    expect((await three.finish(codeOf(secret, 1))).statusCode).toBe(201)
  })

  test('the waiting ends after five minutes, with the password that began it, and with the account', async () => {
    const { secret, who } = await givenEnrolled('waiting')
    await givenAccount(ctx, 'admin', 'platform', ['system-admin'], 'other')
    const slow = await halfSignedIn('waiting')
    clock.advance({ minutes: 5 })
    expect((await slow.finish(codeOf(secret))).json().code).toBe('session.sign_in_over')
    const admin = await signedIn(app, 'admin')
    await enrol(admin)
    const disabled = await halfSignedIn('waiting')
    expect((await admin.send('POST', `/accounts/${who.accountId}/disable`)).statusCode).toBe(200)
    expect((await disabled.finish(codeOf(secret))).statusCode).toBe(409)
    await admin.send('POST', `/accounts/${who.accountId}/enable`)
    const reset = await halfSignedIn('waiting')
    expect((await admin.send('POST', `/accounts/${who.accountId}/password-reset`)).statusCode).toBe(200)
    expect((await reset.finish(codeOf(secret))).statusCode).toBe(409)
    expect((await reset.finish('123456')).statusCode).toBe(409)
  })

  test('wrong codes close the name like wrong passwords, and the known password does not open it again', async () => {
    const { secret, who } = await givenEnrolled('guessed')
    for (let i = 0; i < 5; i++) {
      const { first, finish } = await halfSignedIn('guessed')
      expect(first.statusCode).toBe(202)
      expect((await finish(wrongCode(secret))).statusCode).toBe(401)
    }
    expect((await halfSignedIn('guessed')).first.statusCode).toBe(429)
    expect((await auditOf(ctx, who.accountId)).at(-1)).toMatchObject({
      outcome: 'refused',
      detail: { code: 'second_factor.wrong', locked: true },
    })
    clock.advance({ minutes: 10 })
    const { finish } = await halfSignedIn('guessed')
    const many = await Promise.all(Array.from({ length: 20 }, () => finish(wrongCode(secret))))
    expect(many.filter((answer) => answer.statusCode === 401)).toHaveLength(5)
    expect(many.filter((answer) => answer.statusCode === 429)).toHaveLength(15)
  })

  test('a recovery code serves once in place of the device, however it is typed', async () => {
    const { recoveryCodes, one } = await givenEnrolled('phoneless')
    const [code = ''] = recoveryCodes
    expect((await (await halfSignedIn('phoneless')).finish(` ${code.toUpperCase()} `)).statusCode).toBe(201)
    expect((await (await halfSignedIn('phoneless')).finish(code)).statusCode).toBe(401)
    expect((await one.send('GET', '/me/second-factor')).json().recoveryCodesLeft).toBe(7)
  })

  test('new recovery codes take the place of the old ones, against a code of the device', async () => {
    const { recoveryCodes, one, secret } = await givenEnrolled('renewer')
    expect((await one.send('POST', '/me/second-factor/recovery-codes', { code: wrongCode(secret) })).statusCode).toBe(422)
    const renewed = await one.send('POST', '/me/second-factor/recovery-codes', { code: codeOf(secret) })
    expect(renewed.json().recoveryCodes).toHaveLength(8)
    expect((await (await halfSignedIn('renewer')).finish(recoveryCodes[1] ?? '')).statusCode).toBe(401)
    expect((await (await halfSignedIn('renewer')).finish(renewed.json().recoveryCodes[1])).statusCode).toBe(201)
  })

  test('is given up with password and code together, and then asked for no more', async () => {
    const { secret, one, who } = await givenEnrolled('leaver')
    const remove = (body: object) => one.send('POST', '/me/second-factor/remove', body)
    expect((await remove({ password: 'wrong-password-1', code: codeOf(secret) })).json().code).toBe('password.current_wrong')
    expect((await remove({ password, code: wrongCode(secret) })).json().code).toBe('second_factor.wrong')
    expect((await remove({ password, code: codeOf(secret) })).statusCode).toBe(204)
    expect((await halfSignedIn('leaver')).first.statusCode).toBe(201)
    expect((await auditOf(ctx, who.accountId)).some((row) => row.action === 'second_factor.disabled')).toBe(true)
  })

  test('a stolen session with the password cannot guess the code for ever', async () => {
    const { secret, one } = await givenEnrolled('robbed')
    const guess = () => one.send('POST', '/me/second-factor/remove', { password, code: wrongCode(secret) })
    const answers = []
    for (let i = 0; i < 7; i++) answers.push((await guess()).statusCode)
    expect(answers).toContain(429)
    expect(answers.at(-1)).toBe(429)
  })
})

describe('where the city asks administrators for it', () => {
  test('an administrator without it opens nothing but the page that enrols it, and cannot give it up', async () => {
    await givenAccount(ctx, 'fresh-admin', 'platform', ['system-admin'], 'other')
    const one = await signedIn(app, 'fresh-admin')
    expect((await one.send('GET', '/me')).json().unfinished).toBe('second-factor')
    for (const [method, path] of [
      ['GET', '/people'],
      ['GET', '/organisations'],
      ['GET', '/sessions'],
      ['POST', '/tokens'],
      ['POST', '/me/post'],
    ] as const) {
      const refused = await one.send(method, path, method === 'POST' ? {} : undefined)
      expect([path, refused.statusCode, refused.json().code]).toEqual([path, 403, 'second_factor.enrolment_required'])
    }
    const { secret } = await enrol(one)
    expect((await one.send('GET', '/people')).statusCode).toBe(200)
    expect((await one.send('GET', '/me')).json().unfinished).toBe(null)
    clock.advance({ seconds: 30 })
    const kept = await one.send('POST', '/me/second-factor/remove', { password, code: codeOf(secret) })
    expect([kept.statusCode, kept.json().code]).toEqual([403, 'second_factor.required_by_policy'])
  })

  test('the security administrator resets it with a reason, which stands in the audit log; nobody else does, nor for themselves', async () => {
    const guard = await givenAccount(ctx, 'guard', 'security', ['security-admin'], 'other')
    const atGuard = await signedIn(app, 'guard')
    await enrol(atGuard)
    const { who, one, secret } = await givenEnrolled('lost-phone')
    const reset = (by: Browser, id: string, body: object = { reason: '手机遗失，已当面核实' }) =>
      by.send('POST', `/accounts/${id}/second-factor-reset`, body)
    expect((await reset(one, who.accountId)).statusCode).toBe(404)
    expect((await reset(atGuard, who.accountId, {})).statusCode).toBe(400)
    expect((await reset(atGuard, who.accountId, { reason: ' ' })).statusCode).toBe(400)
    expect((await reset(atGuard, guard.accountId)).json().code).toBe('account.own')
    const waiting = await halfSignedIn('lost-phone')
    expect((await reset(atGuard, who.accountId)).statusCode).toBe(204)
    expect((await one.send('GET', '/me')).statusCode).toBe(401)
    expect((await waiting.finish(codeOf(secret))).statusCode).toBe(409)
    expect((await halfSignedIn('lost-phone')).first.statusCode).toBe(201)
    expect((await reset(atGuard, who.accountId)).json().code).toBe('second_factor.none')
    expect((await auditOf(ctx, who.accountId)).find((row) => row.action === 'second_factor.reset')).toMatchObject({
      person_name: 'guard员',
      detail: { reason: '手机遗失，已当面核实' },
    })
  })
})
