import { testDatabase } from '@tongchou/testing'
import { describe, expect, test } from 'vitest'
import { auditOf, browser, givenAccount, givenOrganisation, givenPlatform, password, signedIn } from './identity.given.ts'
import { createPost } from './post.service.ts'

const { db, owner } = await testDatabase()
const { app, clock, ctx } = await givenPlatform(db)
const post = (body: object | string, headers: Record<string, string> = {}) =>
  app.inject({
    method: 'POST',
    url: '/api/v1/sessions',
    headers: { 'content-type': 'application/json', ...headers },
    payload: typeof body === 'string' ? body : JSON.stringify(body),
  })

describe('signing in', () => {
  test('gives the person, the post and a cookie that scripts cannot read', async () => {
    const who = await givenAccount(ctx, 'wang', 'civil-affairs', ['applicant', 'data-steward'])
    const answer = await post({ username: 'WANG', password })
    expect(answer.statusCode).toBe(201)
    expect(answer.json().user).toMatchObject({
      person: { id: who.personId, name: 'wang员' },
      account: { username: 'wang', mustChangePassword: false },
      post: {
        id: who.postId,
        title: '科员',
        organisation: { id: 'civil-affairs', kind: 'city-department' },
        duties: ['applicant', 'data-steward'],
      },
      posts: [{ id: who.postId, current: true }],
      roles: ['applicant', 'data-steward'],
      demo: false,
      now: '2026-03-02T01:00:00.000Z',
    })
    expect(answer.headers['set-cookie']).toMatch(/^tongchou_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax$/)
    const secure = await post({ username: 'wang', password }, { 'x-forwarded-proto': 'https' })
    expect(secure.headers['set-cookie']).toContain('; Secure')
    expect(await auditOf(ctx, who.accountId)).toMatchObject([
      { action: 'account.created', person_name: '系统' },
      { action: 'session.started', outcome: 'done', person_name: 'wang员' },
      { action: 'session.started', outcome: 'done' },
    ])
  })

  test('the database holds the digest of the session and not the session', async () => {
    await givenAccount(ctx, 'digest', 'civil-affairs', ['applicant'])
    const one = await signedIn(app, 'digest')
    const { rows } = await owner.query<{ row: string }>('select s::text as row from identity.session s')
    expect(rows.length).toBeGreaterThan(0)
    for (const { row } of rows) expect(row).not.toContain(one.cookie())
  })

  test('a wrong password and an unknown name get the same answer, and what was typed is not kept', async () => {
    const who = await givenAccount(ctx, 'same', 'civil-affairs', ['applicant'])
    const wrong = await post({ username: 'same', password: 'wrong-password-1' })
    const unknown = await post({ username: 'My-Secret-Typed-Here', password: 'wrong-password-1' })
    const { requestId: first, ...wrongBody } = wrong.json()
    const { requestId: second, ...unknownBody } = unknown.json()
    expect(wrong.statusCode).toBe(401)
    expect(unknown.statusCode).toBe(401)
    expect(wrongBody).toMatchObject({ code: 'session.wrong_credentials' })
    expect(unknownBody).toEqual(wrongBody)
    expect(first).not.toBe(second)
    expect(wrong.headers['set-cookie']).toBeUndefined()
    expect((await auditOf(ctx, who.accountId)).at(-1)).toMatchObject({ action: 'session.started', outcome: 'refused' })
    expect(await auditOf(ctx, 'unknown')).toHaveLength(1)
    const { rows } = await owner.query(
      "select 1 from kernel.audit_event e where e::text ilike '%My-Secret-Typed%' or e::text like '%wrong-password%'",
    )
    expect(rows).toEqual([])
  })

  test('an unknown name takes as long as a wrong password', async () => {
    for (const name of ['slow-a', 'slow-b', 'slow-c']) await givenAccount(ctx, name, 'civil-affairs', ['applicant'])
    const timed = async (username: string) => {
      const from = performance.now()
      await post({ username, password: 'wrong-password-1' })
      return performance.now() - from
    }
    const known: number[] = []
    const unknown: number[] = []
    for (let i = 0; i < 9; i++) {
      known.push(await timed(`slow-${'abc'[i % 3]}`))
      unknown.push(await timed(`nobody-${i}`))
    }
    const median = (list: number[]) => list.toSorted((a, b) => a - b)[4] ?? 0
    // without the decoy hash the unknown name answers in about a tenth of the time
    expect(median(unknown) / median(known)).toBeGreaterThan(0.5)
    expect(median(unknown) / median(known)).toBeLessThan(2)
  })

  test.each([
    ['an unknown field', { username: 'a', password: 'b', admin: true }, 400, 'request.invalid'],
    ['a missing field', { username: 'a' }, 400, 'request.invalid'],
    ['a wrong type', { username: 1, password: 'b' }, 400, 'request.invalid'],
    ['a NUL', { username: 'a\u0000', password: 'b' }, 400, 'request.bad_text'],
    ['a lone surrogate', '{"username":"\\ud800","password":"b"}', 400, 'request.bad_text'],
    ['a key twice', '{"username":"a","username":"b","password":"c"}', 400, 'request.duplicate_key'],
    ['an overlong name', { username: 'a'.repeat(65), password: 'b' }, 400, 'request.invalid'],
    ['an overlong password', { username: 'a', password: 'b'.repeat(201) }, 400, 'request.invalid'],
    ['no JSON', 'username=a', 400, 'request.not_json'],
    ['a million characters', { username: 'a', password: 'b'.repeat(1_100_000) }, 413, 'request.too_large'],
  ])('%s is refused and the process lives', async (_what, body, status, code) => {
    const answer = await post(body)
    expect([answer.statusCode, answer.json().code]).toEqual([status, code])
    expect((await app.inject('/api/v1/me')).statusCode).toBe(401)
  })

  test('an Idempotency-Key never replays a session', async () => {
    await givenAccount(ctx, 'twice', 'civil-affairs', ['applicant'])
    // a key counts only for an account: the browser is signed in already, and signs in again
    const one = await signedIn(app, 'twice')
    const again = () => one.send('POST', '/sessions', { username: 'twice', password }, { 'idempotency-key': 'k' })
    const first = await again()
    const second = await again()
    expect([first.statusCode, second.statusCode]).toEqual([201, 201])
    expect(first.cookies[0]?.value).not.toBe(second.cookies[0]?.value)
    const { rows } = await owner.query('select 1 from kernel.idempotency')
    expect(rows).toEqual([])
  })
})

describe('lock-out', () => {
  test('after five wrong passwords even the right one waits ten minutes, from whatever address it comes', async () => {
    const who = await givenAccount(ctx, 'locked', 'civil-affairs', ['applicant'])
    for (let i = 0; i < 5; i++)
      expect((await post({ username: 'locked', password: `wrong-password-${i}` }, { 'x-forwarded-for': `10.0.0.${i}` })).statusCode).toBe(
        401,
      )
    clock.advance({ minutes: 4 })
    const refused = await post({ username: 'Locked', password }, { 'x-forwarded-for': '10.9.9.9' })
    expect(refused.statusCode).toBe(429)
    expect(refused.json().code).toBe('session.locked')
    expect(refused.headers['retry-after']).toBe(String(6 * 60))
    expect((await auditOf(ctx, who.accountId)).at(-1)?.detail).toEqual({ code: 'session.wrong_credentials', locked: true })
    // trying on does not make it longer
    clock.advance({ minutes: 6 })
    expect((await post({ username: 'locked', password })).statusCode).toBe(201)
    expect((await post({ username: 'locked', password: 'wrong-password-9' })).statusCode).toBe(401)
  })

  test('a name that does not exist is locked in the same way', async () => {
    for (let i = 0; i < 5; i++) expect((await post({ username: 'ghost', password: 'wrong-password-1' })).statusCode).toBe(401)
    expect((await post({ username: 'ghost', password: 'wrong-password-1' })).statusCode).toBe(429)
  })

  test('forty attempts at once are five guesses', async () => {
    await givenAccount(ctx, 'rushed', 'civil-affairs', ['applicant'])
    const answers = await Promise.all(Array.from({ length: 40 }, () => post({ username: 'rushed', password: 'wrong-password-1' })))
    expect(answers.filter((answer) => answer.statusCode === 401)).toHaveLength(5)
    expect(answers.filter((answer) => answer.statusCode === 429)).toHaveLength(35)
  })

  test('a right password wipes out the failures before it', async () => {
    await givenAccount(ctx, 'forgiven', 'civil-affairs', ['applicant'])
    for (let round = 0; round < 3; round++) {
      for (let i = 0; i < 4; i++) expect((await post({ username: 'forgiven', password: 'wrong-password-1' })).statusCode).toBe(401)
      expect((await post({ username: 'forgiven', password })).statusCode).toBe(201)
    }
  })
})

describe('a session', () => {
  test('is new at every sign-in, and the one that the browser had before is over', async () => {
    await givenAccount(ctx, 'again', 'civil-affairs', ['applicant'])
    const one = await signedIn(app, 'again')
    const before = one.cookie()
    expect((await one.send('POST', '/sessions', { username: 'again', password })).statusCode).toBe(201)
    expect(one.cookie()).not.toBe(before)
    const old = await app.inject({ url: '/api/v1/me', cookies: { tongchou_session: before ?? '' } })
    expect(old.statusCode).toBe(401)
  })

  test('ends at sign-out, which the audit log shows', async () => {
    const who = await givenAccount(ctx, 'leaving', 'civil-affairs', ['applicant'])
    const one = await signedIn(app, 'leaving')
    const cookie = one.cookie() ?? ''
    expect((await one.send('DELETE', '/sessions/current')).statusCode).toBe(204)
    expect((await app.inject({ url: '/api/v1/me', cookies: { tongchou_session: cookie } })).statusCode).toBe(401)
    expect((await one.send('DELETE', '/sessions/current')).statusCode).toBe(401)
    expect((await auditOf(ctx, who.accountId)).at(-1)).toMatchObject({ action: 'session.ended', outcome: 'done' })
  })

  test('ends after two hours without a request, and after twelve in any case', async () => {
    await givenAccount(ctx, 'idle', 'civil-affairs', ['applicant'])
    const idle = await signedIn(app, 'idle')
    const busy = await signedIn(app, 'idle')
    clock.advance({ minutes: 119 })
    expect((await busy.send('GET', '/me')).statusCode).toBe(200)
    clock.advance({ minutes: 1 })
    expect((await idle.send('GET', '/me')).statusCode).toBe(401)
    for (let i = 0; i < 9; i++) {
      clock.advance({ minutes: 65 })
      expect((await busy.send('GET', '/me')).statusCode).toBe(200)
    }
    clock.advance({ minutes: 15 })
    expect((await busy.send('GET', '/me')).statusCode).toBe(401)
  })

  test('is written to at most once a minute', async () => {
    const who = await givenAccount(ctx, 'seen', 'civil-affairs', ['applicant'])
    const one = await signedIn(app, 'seen')
    const lastSeen = async () => {
      const { rows } = await owner.query<{ at: Date }>('select last_seen_at as at from identity.session where account_id = $1', [
        who.accountId,
      ])
      return rows[0]?.at.getTime()
    }
    const start = clock.now().getTime()
    clock.advance({ seconds: 59 })
    await one.send('GET', '/me')
    expect(await lastSeen()).toBe(start)
    clock.advance({ seconds: 1 })
    await one.send('GET', '/me')
    expect(await lastSeen()).toBe(start + 60_000)
  })

  test('is not taken from another site, and not invented', async () => {
    await givenAccount(ctx, 'origin', 'civil-affairs', ['applicant'])
    const one = await signedIn(app, 'origin')
    const foreign = await one.send('POST', '/tokens', { name: 'x', expiresOn: '2026-12-31' }, { origin: 'https://evil.example' })
    expect([foreign.statusCode, foreign.json().code]).toEqual([403, 'request.foreign_origin'])
    expect((await one.send('GET', '/me', undefined, { 'sec-fetch-site': 'cross-site' })).statusCode).toBe(403)
    expect((await one.send('GET', '/tokens')).json().items).toEqual([])
    for (const value of ['', 'x', 'a'.repeat(43), '%00', "' or 1=1 --"])
      expect((await app.inject({ url: '/api/v1/me', headers: { cookie: `tongchou_session=${value}` } })).statusCode).toBe(401)
  })
})

describe('switching the post', () => {
  test('gives the duties of the other post under a new session, and the next sign-in begins there', async () => {
    const who = await givenAccount(ctx, 'double', 'civil-affairs', ['applicant'])
    await givenOrganisation(ctx, 'big-data', 'big-data-center')
    const second = await createPost(ctx, {
      personId: who.personId,
      organisationId: 'big-data',
      title: '副主任',
      duties: ['big-data-center'],
    })
    const one = await signedIn(app, 'double')
    const before = one.cookie() ?? ''
    const switched = await one.send('POST', '/me/post', { postId: second.id })
    expect(switched.statusCode).toBe(200)
    expect(switched.json()).toMatchObject({ roles: ['big-data-center'], post: { id: second.id, organisation: { id: 'big-data' } } })
    expect(one.cookie()).not.toBe(before)
    expect((await app.inject({ url: '/api/v1/me', cookies: { tongchou_session: before } })).statusCode).toBe(401)
    expect((await one.send('GET', '/me')).json().posts.filter((p: { current: boolean }) => p.current)).toMatchObject([{ id: second.id }])
    expect((await post({ username: 'double', password })).json().user.post.id).toBe(second.id)
    expect((await auditOf(ctx, who.accountId)).find((row) => row.action === 'session.post_switched')?.detail).toEqual({
      from: who.postId,
      to: second.id,
    })
  })

  test("another person's post is refused and the session stays as it was", async () => {
    await givenAccount(ctx, 'modest', 'civil-affairs', ['applicant'])
    const other = await givenAccount(ctx, 'mayor', 'government', ['vice-mayor'], 'government')
    const one = await signedIn(app, 'modest')
    const answer = await one.send('POST', '/me/post', { postId: other.postId })
    expect([answer.statusCode, answer.json().code]).toEqual([422, 'session.not_own_post'])
    expect((await one.send('GET', '/me')).json().roles).toEqual(['applicant'])
    expect((await one.send('POST', '/me/post', { postId: 'x' })).statusCode).toBe(400)
  })
})

describe('changing the password', () => {
  const next = 'Another-2026-pass'

  test('ends every other session of the account and keeps this one under a new token', async () => {
    const who = await givenAccount(ctx, 'changer', 'civil-affairs', ['applicant'])
    const here = await signedIn(app, 'changer')
    const elsewhere = await signedIn(app, 'changer')
    const before = here.cookie() ?? ''
    expect((await here.send('POST', '/me/password', { currentPassword: password, newPassword: next })).statusCode).toBe(204)
    expect((await elsewhere.send('GET', '/me')).statusCode).toBe(401)
    expect((await app.inject({ url: '/api/v1/me', cookies: { tongchou_session: before } })).statusCode).toBe(401)
    expect((await here.send('GET', '/me')).statusCode).toBe(200)
    expect((await post({ username: 'changer', password })).statusCode).toBe(401)
    expect((await post({ username: 'changer', password: next })).statusCode).toBe(201)
    expect((await auditOf(ctx, who.accountId)).some((row) => row.action === 'account.password_changed')).toBe(true)
  })

  test.each([
    ['the current one is wrong', 'nonsense-12345', next, 'password.current_wrong', 'currentPassword'],
    ['the new one is the old one', password, password, 'password.unchanged', 'newPassword'],
    ['the new one is short', password, 'Short-1', 'password.too_weak', 'newPassword'],
    ['the new one is of one kind', password, 'abcdefghijkl', 'password.too_weak', 'newPassword'],
  ])('is refused when %s, and nothing changes', async (what, currentPassword, newPassword, code, field) => {
    const username = `u${what.replaceAll(' ', '-').slice(-20)}`
    await givenAccount(ctx, username, 'civil-affairs', ['applicant'])
    const one = await signedIn(app, username)
    const answer = await one.send('POST', '/me/password', { currentPassword, newPassword })
    expect([answer.statusCode, answer.json().code, answer.json().fields[0].path]).toEqual([422, code, field])
    expect((await post({ username, password })).statusCode).toBe(201)
  })

  test('a stolen session cannot guess the current one for ever', async () => {
    await givenAccount(ctx, 'stolen', 'civil-affairs', ['applicant'])
    const one = await signedIn(app, 'stolen')
    const guess = () => one.send('POST', '/me/password', { currentPassword: 'wrong-password-1', newPassword: next })
    for (let i = 0; i < 5; i++) expect((await guess()).statusCode).toBe(422)
    expect((await guess()).statusCode).toBe(429)
  })

  test('needs a session', async () => {
    const one = browser(app)
    expect((await one.send('POST', '/me/password', { currentPassword: password, newPassword: next })).statusCode).toBe(401)
    expect((await one.send('POST', '/me/post', { postId: '00000000-0000-4000-8000-000000000000' })).statusCode).toBe(401)
  })
})
