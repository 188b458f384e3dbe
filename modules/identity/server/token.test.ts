import { testDatabase } from '@tongchou/testing'
import { describe, expect, test } from 'vitest'
import { auditOf, browser, givenAccount, givenPlatform, signedIn } from './identity.given.ts'
import { endPost } from './post.service.ts'

interface ListPage {
  items: { id: string; name: string }[]
  nextCursor: string | null
}

const { db, owner } = await testDatabase()
const { app, clock, ctx } = await givenPlatform(db)
const bearer = (token: string, path = '/me') => app.inject({ url: `/api/v1${path}`, headers: { authorization: `Bearer ${token}` } })

async function givenToken(username: string, expiresOn = '2026-12-31') {
  const who = await givenAccount(ctx, username, 'civil-affairs', ['applicant'])
  const one = await signedIn(app, username)
  const answer = await one.send('POST', '/tokens', { name: '业务系统对接', expiresOn })
  return { who, one, answer, ...(answer.json() as { id: string; token: string }) }
}

describe('a machine token', () => {
  test('is shown once, kept as a digest, and acts as its holder at that post', async () => {
    const { answer, id, token, who, one } = await givenToken('maker')
    expect(answer.statusCode).toBe(201)
    expect(Object.keys(answer.json())).toEqual(['id', 'token'])
    expect((await bearer(token)).json()).toMatchObject({ account: { username: 'maker' }, post: { id: who.postId } })
    const list = await one.send('GET', '/tokens')
    expect(list.json()).toMatchObject({
      items: [{ id, name: '业务系统对接', expired: false, lastSeenAt: '2026-03-02T01:00:00.000Z' }],
      nextCursor: null,
    })
    expect(list.body).not.toContain(token)
    const { rows } = await owner.query<{ row: string }>('select t::text as row from identity.token t')
    for (const { row } of rows) expect(row).not.toContain(token)
    expect(await auditOf(ctx, id)).toMatchObject([{ action: 'token.issued', detail: { name: '业务系统对接', expiresOn: '2026-12-31' } }])
  })

  test('works to the end of its last day in Wuhai and not after', async () => {
    const { token, one } = await givenToken('ending', '2026-03-03')
    clock.set('2026-03-03T15:59:59Z')
    expect((await bearer(token)).statusCode).toBe(200)
    clock.set('2026-03-03T16:00:00Z')
    expect((await bearer(token)).statusCode).toBe(401)
    clock.set('2026-03-02T01:00:00Z')
    expect((await one.send('GET', '/tokens')).statusCode).toBe(200)
  })

  test('withdrawn by its holder opens nothing more, and a stranger cannot tell that it exists', async () => {
    const { id, token, one } = await givenToken('owner')
    await givenAccount(ctx, 'stranger', 'finance', ['finance'])
    const stranger = await signedIn(app, 'stranger')
    const refused = await stranger.send('DELETE', `/tokens/${id}`)
    expect(refused.statusCode).toBe(404)
    expect((await bearer(token)).statusCode).toBe(200)
    expect((await one.send('DELETE', `/tokens/${id}`)).statusCode).toBe(204)
    expect((await bearer(token)).statusCode).toBe(401)
    expect((await one.send('DELETE', `/tokens/${id}`)).statusCode).toBe(404)
    expect((await auditOf(ctx, id)).map((row) => [row.action, row.outcome])).toEqual([
      ['token.issued', 'done'],
      ['withdrawToken', 'refused'],
      ['token.withdrawn', 'done'],
      ['withdrawToken', 'refused'],
    ])
  })

  test('ends with the post it was issued at', async () => {
    const { token, who } = await givenToken('moved')
    await endPost(ctx, who.postId)
    expect((await bearer(token)).statusCode).toBe(401)
  })

  test('may not issue others, change the password or switch the post', async () => {
    const { token, who } = await givenToken('lent')
    const send = (url: string, payload: object) =>
      app.inject({ method: 'POST', url: `/api/v1${url}`, headers: { authorization: `Bearer ${token}` }, payload })
    const answers = [
      await send('/tokens', { name: 'child', expiresOn: '2026-12-31' }),
      await send('/me/password', { currentPassword: 'Wuhai-2026-test', newPassword: 'Another-2026-pass' }),
      await send('/me/post', { postId: who.postId }),
    ]
    expect(answers.map((answer) => [answer.statusCode, answer.json().code])).toEqual(Array(3).fill([403, 'session.needed']))
  })

  test.each([
    ['yesterday', { name: 'x', expiresOn: '2026-03-01' }, 422, 'token.bad_expiry'],
    ['in two years', { name: 'x', expiresOn: '2028-03-01' }, 422, 'token.bad_expiry'],
    ['on a day that does not exist', { name: 'x', expiresOn: '2026-02-30' }, 400, 'request.invalid'],
    ['without a name', { name: ' ', expiresOn: '2026-12-31' }, 400, 'request.invalid'],
    ['with an unknown field', { name: 'x', expiresOn: '2026-12-31', roles: ['audit'] }, 400, 'request.invalid'],
    ['with an overlong name', { name: 'x'.repeat(101), expiresOn: '2026-12-31' }, 400, 'request.invalid'],
  ])('that would end %s is refused', async (what, body, status, code) => {
    const username = `bad-${what.replaceAll(' ', '').slice(0, 20)}`
    await givenAccount(ctx, username, 'civil-affairs', ['applicant'])
    const one = await signedIn(app, username)
    const answer = await one.send('POST', '/tokens', body)
    expect([answer.statusCode, answer.json().code]).toEqual([status, code])
    expect((await one.send('GET', '/tokens')).json().items).toEqual([])
  })

  test('is not asked for by nobody, and a wrong one is nobody even beside a good cookie', async () => {
    await givenAccount(ctx, 'cookie', 'civil-affairs', ['applicant'])
    const one = await signedIn(app, 'cookie')
    expect((await browser(app).send('POST', '/tokens', { name: 'x', expiresOn: '2026-12-31' })).statusCode).toBe(401)
    expect((await one.send('GET', '/me', undefined, { authorization: 'Bearer tc_wrongwrongwrongwrongwrong' })).statusCode).toBe(401)
    expect((await one.send('GET', '/me', undefined, { authorization: 'Basic eDp5' })).statusCode).toBe(401)
  })

  test('lists page by page, and no more than twenty are open at once', async () => {
    await givenAccount(ctx, 'many', 'civil-affairs', ['applicant'])
    const one = await signedIn(app, 'many')
    for (let i = 0; i < 20; i++) {
      clock.tick()
      expect((await one.send('POST', '/tokens', { name: `t${i}`, expiresOn: '2026-12-31' })).statusCode).toBe(201)
    }
    expect((await one.send('POST', '/tokens', { name: 't20', expiresOn: '2026-12-31' })).json().code).toBe('token.too_many')
    const names: string[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const page: ListPage = (await one.send('GET', `/tokens?limit=7${cursor && `&cursor=${cursor}`}`)).json()
      names.push(...page.items.map((item) => item.name))
      cursor = page.nextCursor
    }
    expect(names).toEqual(Array.from({ length: 20 }, (_, i) => `t${i}`))
    expect((await one.send('GET', '/tokens?cursor=nonsense')).json().code).toBe('request.bad_cursor')
  })

  test('with a scope opens that and no more, and tells its scope in the list', async () => {
    await givenAccount(ctx, 'scoped', 'civil-affairs', ['applicant'])
    const one = await signedIn(app, 'scoped')
    const issue = (scope: object) => one.send('POST', '/tokens', { name: '只读对接', expiresOn: '2026-12-31', scope })
    const reading = await issue({ access: 'read', tags: ['identity'] })
    expect([reading.statusCode, Object.keys(reading.json())]).toEqual([201, ['id', 'token']])
    const { id, token } = reading.json()
    expect((await bearer(token)).statusCode).toBe(200)
    expect((await bearer(token, '/organisations')).statusCode).toBe(200)
    const write = await app.inject({
      method: 'PUT',
      url: '/api/v1/me/preferences',
      headers: { authorization: `Bearer ${token}` },
      payload: {},
    })
    expect([write.statusCode, write.json().code, write.json().detail]).toEqual([
      403,
      'token.scope_missing',
      expect.stringContaining('修改个人设置'),
    ])
    const narrow = (await issue({ access: 'write', tags: ['security'] })).json()
    expect((await bearer(narrow.token, '/organisations')).json().code).toBe('token.scope_missing')
    const items: { id: string; scope: object | null }[] = (await one.send('GET', '/tokens')).json().items
    expect(items.find((item) => item.id === id)?.scope).toEqual({ access: 'read', tags: ['identity'] })
    expect(await auditOf(ctx, id)).toMatchObject([{ detail: { scope: { access: 'read', tags: ['identity'] } } }])
    const refused = [
      await issue({ access: 'read', tags: ['identiti'] }),
      await issue({ access: 'read', tags: [] }),
      await issue({ access: 'all', tags: ['identity'] }),
    ]
    expect(refused.map((answer) => answer.statusCode)).toEqual([422, 400, 400])
  })

  test('is seen and withdrawn by the security administrator too, and by no other administrator', async () => {
    const { id, token, who } = await givenToken('lender')
    await givenAccount(ctx, 'guard', 'security', ['security-admin'], 'other')
    await givenAccount(ctx, 'system', 'platform', ['system-admin'], 'other')
    const guard = await signedIn(app, 'guard')
    const system = await signedIn(app, 'system')
    const seen = async (one: typeof guard, query = '?whose=all&q=lender') => (await one.send('GET', `/tokens${query}`)).json().items
    expect(await seen(guard)).toMatchObject([{ id, account: { id: who.accountId }, person: { name: 'lender员' }, scope: null }])
    expect(await seen(guard, '')).toEqual([])
    expect(await seen(system)).toEqual([])
    expect((await system.send('DELETE', `/tokens/${id}`)).statusCode).toBe(404)
    expect((await guard.send('DELETE', `/tokens/${id}`)).statusCode).toBe(204)
    expect((await bearer(token)).statusCode).toBe(401)
    expect((await auditOf(ctx, id)).at(-1)).toMatchObject({ action: 'token.withdrawn', person_name: 'guard员' })
  })
})
