import { testDatabase } from '@tongchou/testing'
import { beforeAll, describe, expect, test } from 'vitest'
import { auditOf, browser, givenAccount, givenPlatform, signedIn } from './identity.given.ts'
import { endPost } from './post.service.ts'

const { db } = await testDatabase()
const { app, clock, ctx } = await givenPlatform(db)
const lender = await givenAccount(ctx, 'lender', 'finance', ['finance', 'user-unit'])
const delegate = await givenAccount(ctx, 'delegate', 'audit', ['audit'])
const stranger = await givenAccount(ctx, 'stranger', 'health', ['applicant'])
await givenAccount(ctx, 'admin', 'platform', ['system-admin'], 'other')
const security = await givenAccount(ctx, 'security', 'platform', ['security-admin'], 'other')
const firm = await givenAccount(ctx, 'firm', 'firm', ['enterprise'], 'enterprise')
const as = (username: string) => signedIn(app, username)
const period = { validFrom: '2026-03-02', validTo: '2026-03-09' }

async function lend(more: Record<string, unknown> = {}) {
  return (await as('lender')).send('POST', '/me/delegations', { toPostId: delegate.postId, reason: '赴京培训', ...period, ...more })
}

/** The delegate, standing at the lent post. */
async function standIn() {
  const one = await as('delegate')
  const answer = await one.send('POST', '/me/post', { postId: lender.postId })
  return { one, answer }
}

describe('a post lent for a period', () => {
  let id: string
  beforeAll(async () => {
    id = (await lend({ duties: ['finance'] })).json().id
  })

  test('stands in the list of posts of whoever borrowed it, with the duties that were lent and whose it is', async () => {
    const { answer } = await standIn()
    expect(answer.statusCode).toBe(200)
    expect(answer.json()).toMatchObject({
      person: { id: delegate.personId, name: 'delegate员' },
      post: { id: lender.postId, delegation: { id, from: { personId: lender.personId, name: 'lender员' }, validTo: '2026-03-09' } },
      roles: ['finance'],
    })
    expect(answer.json().posts).toMatchObject([
      { id: delegate.postId, delegation: null, current: false },
      { id: lender.postId, duties: ['finance'], current: true },
    ])
  })

  test('acts under both names in the audit log', async () => {
    const { one } = await standIn()
    const refused = await one.send('POST', '/tokens', { name: '代签', expiresOn: '2026-12-31' })
    expect([refused.statusCode, refused.json().code]).toEqual([403, 'token.on_behalf'])
    const row = await db
      .selectFrom('kernel.audit_event')
      .select(['person_id', 'person_name', 'org_id', 'detail'])
      .where('action', '=', 'issueToken')
      .where('outcome', '=', 'refused')
      .executeTakeFirstOrThrow()
    expect(row).toMatchObject({
      person_id: delegate.personId,
      person_name: 'delegate员',
      org_id: 'finance',
      detail: { onBehalfOf: { personId: lender.personId, name: 'lender员' } },
    })
  })

  test('cannot be lent on, nor be taken back from there', async () => {
    const { one } = await standIn()
    const on = await one.send('POST', '/me/delegations', { toPostId: stranger.postId, reason: '转托', ...period })
    expect([on.statusCode, on.json().code]).toEqual([403, 'delegation.on_behalf'])
    const back = await one.send('DELETE', `/me/delegations/${id}`)
    expect([back.statusCode, back.json().code]).toEqual([403, 'delegation.on_behalf'])
  })

  test('both sides see it, nobody else; the next sign-in begins at the own post', async () => {
    const lists = async (username: string, box: string) =>
      (await (await as(username)).send('GET', `/me/delegations?box=${box}`)).json().items
    expect(await lists('lender', 'given')).toMatchObject([
      { id, from: { name: 'lender员' }, to: { name: 'delegate员' }, duties: ['finance'], reason: '赴京培训', state: 'standing' },
    ])
    expect(await lists('delegate', 'received')).toMatchObject([{ id, state: 'standing' }])
    expect(await lists('stranger', 'given')).toEqual([])
    expect(await lists('stranger', 'received')).toEqual([])
    expect((await (await as('stranger')).send('DELETE', `/me/delegations/${id}`)).statusCode).toBe(404)
    expect((await (await as('delegate')).send('GET', '/me')).json().post.id).toBe(delegate.postId)
    expect((await (await as('stranger')).send('POST', '/me/post', { postId: lender.postId })).statusCode).toBe(422)
  })

  test('what the post loses the delegate loses: the session there ends with the next request', async () => {
    const { one } = await standIn()
    const admin = await as('admin')
    const version = (await admin.send('GET', '/organisations/finance')).json().posts[0].version
    await admin.send('PATCH', `/posts/${lender.postId}`, { duties: ['user-unit'], version })
    expect((await one.send('GET', '/me')).statusCode).toBe(401)
    expect((await standIn()).answer.json().roles).toEqual([])
    await admin.send('PATCH', `/posts/${lender.postId}`, { duties: ['finance', 'user-unit'], version: version + 1 })
    expect((await standIn()).answer.json().roles).toEqual(['finance'])
  })

  test('ends when either side ends it, and the session that stands at it ends at once', async () => {
    const { one } = await standIn()
    expect((await one.send('GET', '/me')).statusCode).toBe(200)
    expect((await (await as('lender')).send('DELETE', `/me/delegations/${id}`)).statusCode).toBe(204)
    expect((await one.send('GET', '/me')).statusCode).toBe(401)
    const twice = await (await as('lender')).send('DELETE', `/me/delegations/${id}`)
    expect([twice.statusCode, twice.json().code]).toEqual([409, 'delegation.ended'])
    expect((await auditOf(ctx, id)).map((row) => [row.action, row.outcome])).toEqual([
      ['delegation.created', 'done'],
      ['endDelegation', 'refused'],
      ['endDelegation', 'refused'],
      ['delegation.ended', 'done'],
      ['endDelegation', 'refused'],
    ])
    const again = (await lend()).json().id
    expect((await (await as('delegate')).send('DELETE', `/me/delegations/${again}`)).statusCode).toBe(204)
  })

  test('begins on its day and is over on the day it is lent until', async () => {
    await lend({ validFrom: '2026-03-03', validTo: '2026-03-05' })
    expect((await standIn()).answer.statusCode).toBe(422)
    clock.set('2026-03-02T16:00:00Z')
    const { one, answer } = await standIn()
    expect(answer.statusCode).toBe(200)
    expect(answer.json().roles).toEqual(['finance', 'user-unit'])
    clock.set('2026-03-04T15:59:00Z')
    const late = await standIn()
    expect(late.answer.statusCode).toBe(200)
    clock.set('2026-03-04T16:00:00Z')
    expect((await late.one.send('GET', '/me')).statusCode).toBe(401)
    expect((await one.send('GET', '/me')).statusCode).toBe(401)
  })
})

describe('the end of a post or an account ends what was lent', () => {
  test.each([
    ['the account of who lent it', lender.accountId],
    ['the account of who borrowed it', delegate.accountId],
  ])('%s is disabled', async (_what, account) => {
    const made = await lend({ validFrom: '2026-03-05', validTo: '2026-03-20' })
    const { one, answer } = await standIn()
    expect(answer.statusCode).toBe(200)
    const admin = await as('admin')
    expect((await admin.send('POST', `/accounts/${account}/disable`)).statusCode).toBe(200)
    expect((await one.send('GET', '/me')).statusCode).toBe(401)
    await admin.send('POST', `/accounts/${account}/enable`)
    await (await as('lender')).send('DELETE', `/me/delegations/${made.json().id}`)
  })

  test('either post ends', async () => {
    const second = await givenAccount(ctx, 'second', 'finance', ['finance'])
    const borrower = await givenAccount(ctx, 'borrower', 'audit', ['audit'])
    const third = await givenAccount(ctx, 'third', 'audit', ['audit'])
    const given = async (toPostId: string) =>
      (await as('second')).send('POST', '/me/delegations', { toPostId, reason: '病假', validFrom: '2026-03-05', validTo: '2026-03-20' })
    await given(borrower.postId)
    await given(third.postId)
    const stands = async (username: string) => {
      const one = await as(username)
      await one.send('POST', '/me/post', { postId: second.postId })
      return one
    }
    const [first, other] = [await stands('borrower'), await stands('third')]
    await endPost(ctx, borrower.postId)
    expect((await first.send('GET', '/me')).statusCode).toBe(401)
    expect((await other.send('GET', '/me')).statusCode).toBe(200)
    await endPost(ctx, second.postId)
    expect((await other.send('GET', '/me')).statusCode).toBe(401)
  })
})

describe('nothing is lent that would break separation of duties', () => {
  const given = (username: string, body: Record<string, unknown>) =>
    as(username).then((one) =>
      one.send('POST', '/me/delegations', { reason: '出差', validFrom: '2026-03-05', validTo: '2026-03-20', ...body }),
    )
  test.each([
    ['by an administrator', 'security', { toPostId: delegate.postId }, 403, 'delegation.administrator'],
    ['to an administrator', 'lender', { toPostId: security.postId }, 409, 'delegation.administrator'],
    ['to an enterprise', 'lender', { toPostId: firm.postId }, 409, 'delegation.outsider'],
    ['by an enterprise', 'firm', { toPostId: delegate.postId }, 403, 'delegation.outsider'],
    ['to oneself', 'lender', { toPostId: lender.postId }, 422, 'delegation.self'],
    ['of a duty that is not there', 'lender', { toPostId: delegate.postId, duties: ['drc'] }, 422, 'delegation.not_own_duty'],
    ['to a post that is not there', 'lender', { toPostId: '6f2b1a0e-0000-4000-8000-000000000000' }, 422, 'delegation.no_such_post'],
    ['from yesterday', 'lender', { toPostId: delegate.postId, validFrom: '2026-03-04' }, 422, 'delegation.bad_period'],
    ['until before it begins', 'lender', { toPostId: delegate.postId, validTo: '2026-03-05' }, 422, 'delegation.bad_period'],
    ['for more than a year', 'lender', { toPostId: delegate.postId, validTo: '2027-04-01' }, 422, 'delegation.bad_period'],
    ['without a reason', 'lender', { toPostId: delegate.postId, reason: ' ' }, 400, 'request.invalid'],
  ])('%s: refused', async (_what, who, body, status, code) => {
    const answer = await given(who, body)
    expect([answer.statusCode, answer.json().code]).toEqual([status, code])
  })

  test('who stands in for a duty cannot become administrator meanwhile', async () => {
    const made = await given('lender', { toPostId: stranger.postId })
    expect(made.statusCode).toBe(201)
    const admin = await as('admin')
    const post = { personId: stranger.personId, organisationId: 'platform', title: '审计管理员', duties: ['audit-admin'] }
    const refused = await admin.send('POST', '/posts', post)
    expect([refused.statusCode, refused.json().code]).toEqual([409, 'post.duties_conflict'])
  })

  test('of two delegations at once to one person one is made', async () => {
    const answers = await Promise.all([1, 2].map(() => given('lender', { toPostId: delegate.postId })))
    expect(answers.map((answer) => answer.statusCode).sort()).toEqual([201, 409])
  })

  test('not without a session, and not by a machine', async () => {
    expect((await browser(app).send('GET', '/me/delegations')).statusCode).toBe(401)
    const { token } = (await (await as('lender')).send('POST', '/tokens', { name: '对接', expiresOn: '2026-12-31' })).json()
    const answer = await browser(app).send(
      'POST',
      '/me/delegations',
      { toPostId: delegate.postId, reason: '对接', validFrom: '2026-04-05', validTo: '2026-04-20' },
      { authorization: `Bearer ${token}` },
    )
    expect([answer.statusCode, answer.json().code]).toEqual([403, 'session.needed'])
  })

  test('whom one may choose: civil servants with an account, colleagues first, never oneself or an administrator', async () => {
    const items = (await (await as('lender')).send('GET', '/me/delegates')).json().items
    const names = items.map((item: { person: { name: string } }) => item.person.name)
    expect(names).toContain('delegate员')
    for (const never of ['lender员', 'admin员', 'security员', 'firm员']) expect(names).not.toContain(never)
    expect((await (await as('firm')).send('GET', '/me/delegates')).json().items).toEqual([])
  })
})
