import { testDatabase } from '@tongchou/testing'
import { describe, expect, test, vi } from 'vitest'
import { auditOf, browser, givenAccount, givenOrganisation, givenPlatform, password, signedIn } from './identity.given.ts'

const { db, owner } = await testDatabase()
const { app, ctx } = await givenPlatform(db)
const self = await givenAccount(ctx, 'admin', 'platform', ['system-admin'], 'other')
await givenOrganisation(ctx, 'civil-affairs')
const admin = await signedIn(app, 'admin')

describe('people, posts and accounts', () => {
  test('a newcomer is registered, appointed, given an account, and has to change the first password', async () => {
    const person = (await admin.send('POST', '/people', { name: '王建国' })).json()
    const post = await admin.send('POST', '/posts', {
      personId: person.id,
      organisationId: 'civil-affairs',
      title: '信息科科长',
      duties: ['applicant'],
    })
    expect(post.statusCode).toBe(201)
    const account = await admin.send('POST', '/accounts', { personId: person.id, username: 'wangjianguo' }, { 'idempotency-key': 'secret' })
    expect(account.statusCode).toBe(201)
    const { id, initialPassword } = account.json()
    const keys = await ctx.db.selectFrom('kernel.idempotency').select('key').where('key', '=', 'secret').execute()
    expect(keys).toEqual([])

    const one = await signedIn(app, 'wangjianguo', initialPassword)
    expect((await one.send('GET', '/me')).json().account.mustChangePassword).toBe(true)
    const refused = await one.send('GET', '/organisations')
    expect([refused.statusCode, refused.json().code]).toEqual([403, 'password.change_required'])
    expect((await one.send('POST', '/me/password', { currentPassword: initialPassword, newPassword: password })).statusCode).toBe(204)
    expect((await one.send('GET', '/organisations')).statusCode).toBe(200)
    expect((await one.send('GET', '/me')).json().account.mustChangePassword).toBe(false)

    const list = (await admin.send('GET', `/people?q=${encodeURIComponent('建国')}`)).json()
    expect(list).toMatchObject({
      items: [
        {
          name: '王建国',
          account: { id, username: 'wangjianguo', status: 'active' },
          posts: [{ title: '信息科科长', organisation: { id: 'civil-affairs' } }],
        },
      ],
    })
    expect(await auditOf(ctx, person.id)).toMatchObject([{ action: 'person.created', person_name: 'admin员' }])
    expect(await auditOf(ctx, post.json().id)).toMatchObject([{ action: 'post.created', detail: { duties: ['applicant'] } }])
    expect((await auditOf(ctx, id))[0]).toMatchObject({ action: 'account.created', person_name: 'admin员' })
    const { rows } = await owner.query('select 1 from kernel.audit_event e where e::text like $1', [`%${initialPassword}%`])
    expect(rows).toEqual([])
  })

  test('a person is renamed, with both names in the audit row', async () => {
    const person = (await admin.send('POST', '/people', { name: '李红' })).json()
    expect((await admin.send('PATCH', `/people/${person.id}`, { name: '李虹' })).json()).toEqual({ id: person.id, name: '李虹' })
    expect((await auditOf(ctx, person.id)).at(-1)).toMatchObject({ action: 'person.renamed', detail: { from: '李红', to: '李虹' } })
    expect((await admin.send('PATCH', '/people/00000000-0000-4000-8000-000000000000', { name: 'x' })).statusCode).toBe(404)
  })

  test('a username is one name in any case, and a person has one account', async () => {
    const who = await givenAccount(ctx, 'Zhao.Lei', 'civil-affairs', ['applicant'])
    const person = (await admin.send('POST', '/people', { name: '赵磊' })).json()
    const taken = await admin.send('POST', '/accounts', { personId: person.id, username: 'zhao.LEI' })
    expect([taken.statusCode, taken.json().code]).toEqual([409, 'account.exists'])
    expect((await admin.send('POST', '/accounts', { personId: who.personId, username: 'other.name' })).statusCode).toBe(409)
    for (const username of ['ab', 'has space', '赵磊', 'a'.repeat(49), '-dash', 'x\u0000y'])
      expect((await admin.send('POST', '/accounts', { personId: person.id, username })).statusCode).toBe(400)
    expect(
      (await admin.send('POST', '/accounts', { personId: '00000000-0000-4000-8000-000000000000', username: 'nobody' })).statusCode,
    ).toBe(422)
  })

  test('new duties end the sessions at the post, and hold from the next sign-in on; a new title ends nothing', async () => {
    const who = await givenAccount(ctx, 'promoted', 'civil-affairs', ['applicant'])
    const one = await signedIn(app, 'promoted')
    const changed = await admin.send('PATCH', `/posts/${who.postId}`, { duties: ['applicant', 'data-steward'], title: '科长', version: 1 })
    expect(changed.json()).toEqual({ id: who.postId, version: 2 })
    expect((await one.send('GET', '/me')).statusCode).toBe(401)
    await one.send('POST', '/sessions', { username: 'promoted', password })
    expect((await one.send('GET', '/me')).json()).toMatchObject({ roles: ['applicant', 'data-steward'], post: { title: '科长' } })
    expect((await auditOf(ctx, who.postId)).at(-1)).toMatchObject({
      action: 'post.changed',
      detail: { from: ['applicant'], to: ['applicant', 'data-steward'] },
    })
    expect((await admin.send('PATCH', `/posts/${who.postId}`, { title: '副科长', version: 2 })).statusCode).toBe(200)
    expect((await one.send('GET', '/me')).json().post.title).toBe('副科长')
    const late = await admin.send('PATCH', `/posts/${who.postId}`, { duties: [], version: 1 })
    expect([late.statusCode, late.json().code]).toEqual([409, 'post.changed_meanwhile'])
  })

  test('the end of a post ends its sessions at once', async () => {
    const who = await givenAccount(ctx, 'dismissed', 'civil-affairs', ['applicant'])
    const one = await signedIn(app, 'dismissed')
    expect((await admin.send('POST', `/posts/${who.postId}/end`)).statusCode).toBe(204)
    expect((await one.send('GET', '/me')).statusCode).toBe(401)
    expect((await owner.query('select 1 from identity.session where post_id = $1', [who.postId])).rows).toEqual([])
    const again = await one.send('POST', '/sessions', { username: 'dismissed', password })
    expect([again.statusCode, again.json().code]).toEqual([403, 'account.no_post'])
    expect((await admin.send('POST', `/posts/${who.postId}/end`)).json().code).toBe('post.ended')
    expect((await auditOf(ctx, who.postId)).some((row) => row.action === 'post.ended')).toBe(true)
  })

  test.each([
    ['a duty that nobody knows', { duties: ['aplicant'] }, 422, 'post.no_such_duty'],
    ['a duty twice', { duties: ['audit', 'audit'] }, 400, 'request.invalid'],
    ['an organisation that is not there', { organisationId: 'nowhere' }, 422, 'post.no_such_reference'],
    ['a person who is not there', { personId: '00000000-0000-4000-8000-000000000000' }, 422, 'post.no_such_reference'],
    ['an unknown field', { validTo: '2099-01-01' }, 400, 'request.invalid'],
  ])('a post with %s is refused', async (_what, change, status, code) => {
    const person = (await admin.send('POST', '/people', { name: '某人' })).json()
    const body = { personId: person.id, organisationId: 'civil-affairs', title: '科员', duties: [], ...change }
    const answer = await admin.send('POST', '/posts', body)
    expect([answer.statusCode, answer.json().code]).toEqual([status, code])
  })
})

describe('separation of duties', () => {
  test('the administrator gives himself nothing and takes nothing from himself', async () => {
    const answers = [
      await admin.send('POST', '/posts', { personId: self.personId, organisationId: 'civil-affairs', title: '科员', duties: ['finance'] }),
      await admin.send('PATCH', `/posts/${self.postId}`, { duties: ['finance'], version: 1 }),
      await admin.send('POST', `/posts/${self.postId}/end`),
    ]
    expect(answers.map((answer) => [answer.statusCode, answer.json().code])).toEqual(Array(3).fill([403, 'post.own']))
    const accounts = [
      await admin.send('POST', `/accounts/${self.accountId}/disable`),
      await admin.send('POST', `/accounts/${self.accountId}/password-reset`),
    ]
    expect(accounts.map((answer) => [answer.statusCode, answer.json().code])).toEqual(Array(2).fill([403, 'account.own']))
    expect((await admin.send('GET', '/me')).json().roles).toEqual(['system-admin'])
    expect((await auditOf(ctx, self.postId)).filter((row) => row.outcome === 'refused')).toHaveLength(2)
  })

  test('nobody is two administrators, nor administrator and clerk, also not by two posts at the same moment', async () => {
    const person = (await admin.send('POST', '/people', { name: '张三' })).json()
    const appoint = (duties: string[]) =>
      admin.send('POST', '/posts', { personId: person.id, organisationId: 'civil-affairs', title: '员', duties })
    expect((await appoint(['security-admin', 'audit-admin'])).json().code).toBe('post.duties_conflict')
    expect((await appoint(['security-admin', 'applicant'])).statusCode).toBe(409)
    // All three are held back until each has begun, so that they meet.
    const gate = await owner.connect()
    await gate.query('begin')
    await gate.query('select from identity.person where id = $1 for update', [person.id])
    const waiting = [appoint(['security-admin']), appoint(['audit-admin']), appoint(['applicant'])]
    await vi.waitFor(async () => {
      const { rows } = await owner.query<{ n: number }>(
        "select count(*)::int as n from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()",
      )
      expect(rows[0]?.n).toBe(3)
    })
    await gate.query('commit')
    gate.release()
    const both = await Promise.all(waiting)
    expect(both.map((answer) => answer.statusCode).sort()).toEqual([201, 409, 409])
  })
})

describe('disabling and resetting', () => {
  test('a disabled account is out at once, token included, and comes back when enabled', async () => {
    const who = await givenAccount(ctx, 'suspended', 'civil-affairs', ['applicant'])
    const one = await signedIn(app, 'suspended')
    const { token } = (await one.send('POST', '/tokens', { name: 't', expiresOn: '2026-12-31' })).json()
    const byToken = () => app.inject({ url: '/api/v1/me', headers: { authorization: `Bearer ${token}` } })
    expect((await byToken()).statusCode).toBe(200)
    expect((await admin.send('POST', `/accounts/${who.accountId}/disable`)).json()).toEqual({ id: who.accountId, status: 'disabled' })
    expect((await one.send('GET', '/me')).statusCode).toBe(401)
    expect((await byToken()).statusCode).toBe(401)
    const refused = await browser(app).send('POST', '/sessions', { username: 'suspended', password })
    expect([refused.statusCode, refused.json().code]).toEqual([403, 'account.disabled'])
    // who does not know the password is not told that the account is disabled
    expect((await browser(app).send('POST', '/sessions', { username: 'suspended', password: 'wrong-password-1' })).statusCode).toBe(401)
    expect((await admin.send('POST', `/accounts/${who.accountId}/disable`)).json().code).toBe('account.same_status')
    expect((await admin.send('POST', `/accounts/${who.accountId}/enable`)).statusCode).toBe(200)
    expect((await one.send('GET', '/me')).statusCode).toBe(401)
    expect((await byToken()).statusCode).toBe(200)
    expect((await auditOf(ctx, who.accountId)).map((row) => row.action)).toEqual(
      expect.arrayContaining(['account.disabled', 'account.enabled']),
    )
  })

  test('a reset password ends the sessions, lifts the lock-out and has to be changed', async () => {
    const who = await givenAccount(ctx, 'forgetful', 'civil-affairs', ['applicant'])
    const one = await signedIn(app, 'forgetful')
    for (let i = 0; i < 6; i++) await browser(app).send('POST', '/sessions', { username: 'forgetful', password: 'wrong-password-1' })
    const reset = await admin.send('POST', `/accounts/${who.accountId}/password-reset`)
    expect(reset.statusCode).toBe(200)
    expect((await one.send('GET', '/me')).statusCode).toBe(401)
    const back = await signedIn(app, 'forgetful', reset.json().initialPassword)
    expect((await back.send('GET', '/me')).json().account.mustChangePassword).toBe(true)
    expect((await browser(app).send('POST', '/sessions', { username: 'forgetful', password })).statusCode).toBe(401)
    expect((await auditOf(ctx, who.accountId)).some((row) => row.action === 'account.password_reset')).toBe(true)
  })
})

test('nobody but the system administrator administers: 403 for what they may read, 404 for what they may not', async () => {
  const who = await givenAccount(ctx, 'curious', 'civil-affairs', ['applicant'])
  await givenAccount(ctx, 'outsider', 'firm', ['enterprise'], 'enterprise')
  const curious = await signedIn(app, 'curious')
  const outsider = await signedIn(app, 'outsider')
  const status = async (one: typeof curious, method: 'GET' | 'POST' | 'PATCH', path: string, body?: object) =>
    (await one.send(method, path, body)).statusCode
  expect(await status(curious, 'GET', '/people')).toBe(403)
  expect(await status(curious, 'POST', '/people', { name: 'x' })).toBe(403)
  expect(await status(curious, 'POST', '/posts', {})).toBe(403)
  expect(await status(curious, 'POST', '/accounts', {})).toBe(403)
  expect(await status(curious, 'PATCH', `/people/${who.personId}`, { name: 'x' })).toBe(404)
  expect(await status(curious, 'PATCH', `/posts/${self.postId}`, { version: 1 })).toBe(403)
  expect(await status(curious, 'POST', `/posts/${self.postId}/end`)).toBe(403)
  expect(await status(outsider, 'PATCH', `/posts/${self.postId}`, { version: 1 })).toBe(404)
  for (const act of ['disable', 'enable', 'password-reset'])
    expect(await status(curious, 'POST', `/accounts/${self.accountId}/${act}`)).toBe(404)
  for (const path of ['/people', '/posts', '/accounts']) expect((await browser(app).send('POST', path, {})).statusCode).toBe(401)
  expect((await auditOf(ctx, self.accountId)).filter((row) => row.outcome === 'refused' && row.person_name === 'curious员')).toHaveLength(3)
})
