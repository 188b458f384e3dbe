import { testDatabase } from '@tongchou/testing'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { firstDuties } from '../index.ts'
import { givenAccount, givenPlatform } from './identity.given.ts'
import { identityDb } from './identity.tables.ts'
import { dutyConflict, readPost } from './post.permissions.ts'
import { readSession } from './session.permissions.ts'
import { startSession } from './session.service.ts'
import { readToken } from './token.permissions.ts'
import { issueToken } from './token.service.ts'

const { db } = await testDatabase()
const { ctx } = await givenPlatform(db)
const people = await Promise.all([
  givenAccount(ctx, 'bureau-a', 'bureau', ['applicant']),
  givenAccount(ctx, 'bureau-b', 'audit', ['audit']),
  givenAccount(ctx, 'firm-a', 'firm', ['enterprise'], 'enterprise'),
  givenAccount(ctx, 'firm-b', 'other-firm', ['enterprise'], 'enterprise'),
  givenAccount(ctx, 'citizen-a', 'public', ['citizen'], 'other'),
  givenAccount(ctx, 'citizen-b', 'public-two', ['citizen'], 'other'),
])
const posts = await identityDb(ctx).selectFrom('identity.post as post').select(['id', 'organisation_id', 'person_id']).execute()

const actors = fc
  .record({
    roles: fc.subarray([...firstDuties]),
    orgId: fc.constantFrom('bureau', 'audit', 'firm', 'other-firm', 'public'),
    who: fc.constantFrom(...people),
  })
  // Often only outside duties: that is where the two could differ.
  .map(({ roles, orgId, who }) => ({
    ...ctx.actor,
    accountId: who.accountId,
    personId: who.personId,
    orgId,
    roles: new Set(roles.length % 2 === 0 ? roles.filter((role) => role === 'enterprise' || role === 'citizen') : roles),
  }))

describe('a permission as SQL and as a function give the same list', () => {
  test('reading posts', async () => {
    const seen = new Set<number>()
    await fc.assert(
      fc.asyncProperty(actors, async (actor) => {
        const rows = await identityDb(ctx).selectFrom('identity.post as post').select('id').where(readPost.where(actor)).execute()
        const listed = rows.map((row) => row.id).sort()
        const allowed = posts.filter((post) => readPost.allows(actor, { organisationId: post.organisation_id, personId: post.person_id }))
        expect(listed).toEqual(allowed.map((post) => post.id).sort())
        seen.add(listed.length)
      }),
      { numRuns: 200, seed: 1 },
    )
    // the property would hold trivially if everybody saw everything
    expect([...seen].sort()).toEqual([1, 2, posts.length])
  })

  test('reading tokens', async () => {
    for (const who of people) {
      const actor = { ...ctx.actor, accountId: who.accountId, postId: who.postId, personId: who.personId }
      await issueToken({ ...ctx, actor }, { name: `of ${who.username}`, expiresOn: '2026-12-31' }, [])
    }
    const tokens = await identityDb(ctx).selectFrom('identity.token as token').select(['id', 'account_id']).execute()
    await fc.assert(
      fc.asyncProperty(actors, async (actor) => {
        const rows = await identityDb(ctx).selectFrom('identity.token as token').select('id').where(readToken.where(actor)).execute()
        const allowed = tokens.filter((token) => readToken.allows(actor, { accountId: token.account_id }))
        expect(rows.map((row) => row.id)).toEqual(allowed.map((token) => token.id))
        expect(rows).toHaveLength(actor.roles.has('security-admin') ? people.length : 1)
      }),
      { numRuns: 50, seed: 1 },
    )
  })

  test('reading sessions', async () => {
    for (const who of people)
      await startSession(ctx, who.accountId, who.postId, { address: '127.0.0.1', browser: 'Firefox', signedInBy: 'password' })
    const sessions = await identityDb(ctx).selectFrom('identity.session as session').select(['id', 'account_id']).execute()
    const seen = new Set<number>()
    await fc.assert(
      fc.asyncProperty(actors, async (actor) => {
        const rows = await identityDb(ctx).selectFrom('identity.session as session').select('id').where(readSession.where(actor)).execute()
        const allowed = sessions.filter((session) => readSession.allows(actor, { accountId: session.account_id }))
        expect(rows.map((row) => row.id)).toEqual(allowed.map((session) => session.id))
        seen.add(rows.length)
      }),
      { numRuns: 50, seed: 1 },
    )
    expect([...seen].sort()).toEqual([1, people.length])
  })
})

describe('separation of duties', () => {
  test('a person is at most one administrator, and an administrator has no business duty', () => {
    fc.assert(
      fc.property(fc.subarray([...firstDuties]), (duties) => {
        const admin = duties.filter((duty) => duty.endsWith('-admin')).length
        expect(dutyConflict(new Set(duties)) === undefined).toBe(admin === 0 || duties.length === 1)
      }),
    )
  })
})
