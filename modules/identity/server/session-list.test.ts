import { testDatabase } from '@tongchou/testing'
import { describe, expect, test } from 'vitest'
import { auditOf, browser, givenAccount, givenPlatform, password, signedIn } from './identity.given.ts'

const { db } = await testDatabase()
const { app, clock, ctx } = await givenPlatform(db)
await givenAccount(ctx, 'guard', 'security', ['security-admin'], 'other')
await givenAccount(ctx, 'system', 'platform', ['system-admin'], 'other')
const guard = await signedIn(app, 'guard')

interface Line {
  id: string
  current: boolean
  browser: string
  person: { name: string }
}

async function linesOf(one: typeof guard, query = ''): Promise<Line[]> {
  return (await one.send('GET', `/sessions${query}`)).json().items
}

const edge = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Safari/537.36 Edg/120.0'

describe('登录会话', () => {
  test('one sees the own ones: where from, with what, since when, last used, and which is this one', async () => {
    const who = await givenAccount(ctx, 'watcher', 'civil-affairs', ['applicant'])
    await givenAccount(ctx, 'other', 'civil-affairs', ['applicant'])
    await signedIn(app, 'other')
    const first = browser(app)
    await first.send('POST', '/sessions', { username: 'watcher', password }, { 'user-agent': edge, 'x-forwarded-for': '6.6.6.6' })
    clock.advance({ minutes: 5 })
    const second = await signedIn(app, 'watcher')
    const answer = (await second.send('GET', '/sessions')).json()
    expect(answer).toMatchObject({
      items: [
        { account: { id: who.accountId, username: 'watcher' }, current: true, startedAt: '2026-03-02T01:05:00.000Z' },
        {
          current: false,
          address: '127.0.0.1',
          browser: 'Edge，Windows',
          signedInBy: 'password',
          startedAt: '2026-03-02T01:00:00.000Z',
          lastSeenAt: '2026-03-02T01:00:00.000Z',
          post: { id: who.postId, organisation: { id: 'civil-affairs' } },
        },
      ],
      nextCursor: null,
    })
    expect(JSON.stringify(answer)).not.toContain(second.cookie())
    expect((await linesOf(second, '?whose=all')).map((line) => line.person.name)).toEqual(['watcher员', 'watcher员'])
    expect((await browser(app).send('GET', '/sessions')).statusCode).toBe(401)
  })

  test('ending one of them shuts that browser out at once and no other', async () => {
    const who = await givenAccount(ctx, 'ender', 'civil-affairs', ['applicant'])
    const [here, there, third] = [await signedIn(app, 'ender'), await signedIn(app, 'ender'), await signedIn(app, 'ender')]
    const target = (await linesOf(there)).find((line) => line.current)
    expect((await here.send('DELETE', `/sessions/${target?.id}`)).statusCode).toBe(204)
    expect((await there.send('GET', '/me')).statusCode).toBe(401)
    expect((await here.send('DELETE', `/sessions/${target?.id}`)).statusCode).toBe(404)
    expect((await here.send('POST', '/sessions/end-others')).json()).toEqual({ ended: 1 })
    expect((await third.send('GET', '/me')).statusCode).toBe(401)
    expect((await here.send('GET', '/me')).statusCode).toBe(200)
    expect((await auditOf(ctx, who.accountId)).map((row) => [row.action, row.outcome])).toEqual(
      expect.arrayContaining([
        ['session.revoked', 'done'],
        ['session.others_revoked', 'done'],
      ]),
    )
  })

  test("a stranger's session does not exist for anybody but the security administrator, who ends it", async () => {
    await givenAccount(ctx, 'victim', 'civil-affairs', ['applicant'])
    await givenAccount(ctx, 'curious', 'civil-affairs', ['applicant'])
    const victim = await signedIn(app, 'victim')
    const id = (await linesOf(victim))[0]?.id
    for (const one of [await signedIn(app, 'curious'), await signedIn(app, 'system')]) {
      expect(await linesOf(one, '?whose=all&q=victim')).toEqual([])
      expect((await one.send('DELETE', `/sessions/${id}`)).statusCode).toBe(404)
    }
    expect((await victim.send('GET', '/me')).statusCode).toBe(200)
    expect(await linesOf(guard, '?whose=all&q=victim')).toMatchObject([{ id, person: { name: 'victim员' }, current: false }])
    expect((await guard.send('DELETE', `/sessions/${id}`)).statusCode).toBe(204)
    expect((await victim.send('GET', '/me')).statusCode).toBe(401)
  })

  test('is paged, and what is over is not in it', async () => {
    for (let i = 0; i < 5; i++) await signedIn(app, 'other')
    const seen: string[] = []
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page: { items: Line[]; nextCursor: string | null } = (
        await guard.send('GET', `/sessions?whose=all&limit=2${cursor && `&cursor=${cursor}`}`)
      ).json()
      seen.push(...page.items.map((line) => line.id))
      cursor = page.nextCursor
    }
    expect(new Set(seen).size).toBe(seen.length)
    expect(seen).toHaveLength((await linesOf(guard, '?whose=all&limit=200')).length)
    clock.advance({ minutes: 119 })
    await guard.send('GET', '/me')
    clock.advance({ minutes: 2 })
    expect(await linesOf(guard, '?whose=all')).toHaveLength(1)
  })

  test('a token cannot end sessions', async () => {
    await givenAccount(ctx, 'lent', 'civil-affairs', ['applicant'])
    const one = await signedIn(app, 'lent')
    const { token } = (await one.send('POST', '/tokens', { name: 'x', expiresOn: '2026-12-31' })).json()
    const headers = { authorization: `Bearer ${token}` }
    const id = (await linesOf(one))[0]?.id
    for (const [method, url] of [
      ['POST', '/api/v1/sessions/end-others'],
      ['DELETE', `/api/v1/sessions/${id}`],
    ] as const)
      expect((await app.inject({ method, url, headers })).json().code).toBe('session.needed')
  })
})

describe('登录暂停', () => {
  test('the security administrator sees which accounts are closed until when, and opens one; others do not', async () => {
    const who = await givenAccount(ctx, 'Shut.Out', 'civil-affairs', ['applicant'])
    for (let i = 0; i < 5; i++) await browser(app).send('POST', '/sessions', { username: 'shut.OUT', password: 'wrong-password-1' })
    for (let i = 0; i < 5; i++) await browser(app).send('POST', '/sessions', { username: 'no-such-name', password: 'wrong-password-1' })
    await signedIn(app, 'guard')
    const fresh = await signedIn(app, 'guard')
    expect((await fresh.send('GET', '/lock-outs')).json()).toEqual({
      items: [
        {
          account: { id: who.accountId, username: 'Shut.Out' },
          person: { id: who.personId, name: 'Shut.Out员' },
          lockedAt: clock.now().toISOString(),
          lockedUntilAt: new Date(clock.now().getTime() + 600_000).toISOString(),
        },
      ],
      nextCursor: null,
    })
    const system = await signedIn(app, 'system')
    expect((await system.send('GET', '/lock-outs')).statusCode).toBe(403)
    expect((await system.send('POST', `/accounts/${who.accountId}/unlock`)).statusCode).toBe(404)
    expect((await browser(app).send('POST', '/sessions', { username: 'shut.out', password })).statusCode).toBe(429)
    expect((await fresh.send('POST', `/accounts/${who.accountId}/unlock`)).statusCode).toBe(204)
    expect((await browser(app).send('POST', '/sessions', { username: 'shut.out', password })).statusCode).toBe(201)
    expect((await auditOf(ctx, who.accountId)).some((row) => row.action === 'account.unlocked' && row.person_name === 'guard员')).toBe(true)
  })
})
