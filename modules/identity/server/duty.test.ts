import { testDatabase } from '@tongchou/testing'
import { describe, expect, test } from 'vitest'
import { auditOf, givenAccount, givenPlatform, signedIn } from './identity.given.ts'
import { createOrganisation } from './organisation.service.ts'

const { db } = await testDatabase()
const { app, clock, ctx } = await givenPlatform(db)
await createOrganisation(ctx, { id: 'haibowan', name: '海勃湾区人民政府', kind: 'district', divisionCode: '150302' })
await createOrganisation(ctx, { id: 'wuda', name: '乌达区人民政府', kind: 'district', divisionCode: '150304' })
const clerk = await givenAccount(ctx, 'clerk', 'haibowan', ['applicant'])
await givenAccount(ctx, 'admin', 'platform', ['system-admin'], 'other')
const as = (username: string) => signedIn(app, username)
const rolesOf = async (one: Awaited<ReturnType<typeof as>>) => (await one.send('GET', '/me')).json().roles

describe('a duty of a post', () => {
  test('given from a later day until a day holds on exactly these days, from the first request on', async () => {
    const [admin, one] = [await as('admin'), await as('clerk')]
    const given = await admin.send('POST', `/posts/${clerk.postId}/duties`, {
      duty: 'data-steward',
      validFrom: '2026-03-03',
      validTo: '2026-03-04',
    })
    expect(given.statusCode).toBe(200)
    expect(given.json().items).toMatchObject([
      { duty: 'applicant', state: 'standing', area: null, validFrom: '2026-03-02', validTo: null },
      { duty: 'data-steward', state: 'coming' },
    ])
    expect(await rolesOf(one)).toEqual(['applicant'])
    clock.set('2026-03-02T15:59:59Z')
    expect(await rolesOf(await as('clerk'))).toEqual(['applicant'])
    clock.set('2026-03-02T16:00:00Z')
    const later = await as('clerk')
    expect(await rolesOf(later)).toEqual(['applicant', 'data-steward'])
    clock.set('2026-03-03T16:00:00Z')
    expect(await rolesOf(await as('clerk'))).toEqual(['applicant'])
    expect((await auditOf(ctx, clerk.postId)).at(-1)).toMatchObject({
      action: 'post.duty_given',
      detail: { duty: 'data-steward', area: null, validFrom: '2026-03-03', validTo: '2026-03-04' },
    })
  })

  test('given for an area says so, and ends when it is ended', async () => {
    const [admin, one] = [await as('admin'), await as('clerk')]
    const given = await admin.send('POST', `/posts/${clerk.postId}/duties`, { duty: 'district', area: '150302000000' })
    const row = given.json().items.find((item: { duty: string }) => item.duty === 'district')
    expect(row).toMatchObject({ area: { code: '150302000000', name: '海勃湾区' }, state: 'standing' })
    // Whoever was signed in there comes in anew, with the new duty.
    expect((await one.send('GET', '/me')).statusCode).toBe(401)
    expect(await rolesOf(await as('clerk'))).toEqual(['applicant', 'district'])
    const again = await admin.send('POST', `/posts/${clerk.postId}/duties`, { duty: 'district', area: '150302000000' })
    expect([again.statusCode, again.json().code]).toEqual([409, 'duty.overlaps'])
    const ended = await admin.send('POST', `/posts/${clerk.postId}/duties/${row.id}/end`, {})
    expect(ended.json().items.at(-1)).toMatchObject({ duty: 'data-steward', state: 'ended' })
    expect(await rolesOf(await as('clerk'))).toEqual(['applicant'])
    const twice = await admin.send('POST', `/posts/${clerk.postId}/duties/${row.id}/end`, {})
    expect([twice.statusCode, twice.json().code]).toEqual([409, 'duty.ended'])
  })

  test('to come excludes an administrator already today, and the other way round', async () => {
    const admin = await as('admin')
    const later = await admin.send('POST', `/posts/${clerk.postId}/duties`, { duty: 'audit-admin', validFrom: '2026-06-01' })
    expect([later.statusCode, later.json().code]).toEqual([409, 'post.duties_conflict'])
    const keeper = await givenAccount(ctx, 'keeper', 'platform', [], 'other')
    await admin.send('POST', `/posts/${keeper.postId}/duties`, { duty: 'audit-admin', validFrom: '2026-06-01' })
    const now = await admin.send('PATCH', `/posts/${keeper.postId}`, { duties: ['applicant'], version: 1 })
    expect([now.statusCode, now.json().code]).toEqual([409, 'post.duties_conflict'])
  })

  test.each([
    ['from yesterday', { duty: 'drc', validFrom: '2026-03-03' }, 422, 'duty.bad_period'],
    ['until before it begins', { duty: 'drc', validFrom: '2026-03-09', validTo: '2026-03-09' }, 422, 'duty.bad_period'],
    ['for an area that never was', { duty: 'drc', area: '999999' }, 422, 'duty.no_such_area'],
    ['for half a code', { duty: 'drc', area: '1503' }, 400, 'request.invalid'],
    ['that nobody knows', { duty: 'king' }, 422, 'post.no_such_duty'],
  ])('%s: refused', async (_what, body, status, code) => {
    const answer = await (await as('admin')).send('POST', `/posts/${clerk.postId}/duties`, body)
    expect([answer.statusCode, answer.json().code]).toEqual([status, code])
  })

  test('is given by the system administrator alone, and never to oneself', async () => {
    const one = await as('clerk')
    expect((await one.send('POST', `/posts/${clerk.postId}/duties`, { duty: 'drc' })).statusCode).toBe(403)
    expect((await one.send('GET', `/posts/${clerk.postId}/duties`)).statusCode).toBe(403)
    const admin = await as('admin')
    const own = (await admin.send('GET', '/me')).json().post.id
    const mine = await admin.send('POST', `/posts/${own}/duties`, { duty: 'security-admin' })
    expect([mine.statusCode, mine.json().code]).toEqual([403, 'post.own'])
    const nowhere = '6f2b1a0e-0000-4000-8000-000000000000'
    expect((await admin.send('POST', `/posts/${nowhere}/duties`, { duty: 'drc' })).statusCode).toBe(404)
    expect((await admin.send('POST', `/posts/${clerk.postId}/duties/999/end`, {})).statusCode).toBe(404)
  })
})
