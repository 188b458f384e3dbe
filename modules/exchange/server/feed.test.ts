import { randomBytes, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { Writable } from 'node:stream'
import { fixedClock } from '@tongchou/kernel'
import { testDatabase } from '@tongchou/testing'
import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { openAdmission, readerPlaces } from './admission.ts'
import { exchangeDb } from './channel.tables.ts'
import { actorOf, givenApp } from './exchange.given.ts'
import { streamOf } from './feed.stream.ts'
import { openPlace, sealPlace } from './feed-place.ts'
import { readSubscription } from './subscription.permissions.ts'

const { db } = await testDatabase()
const clock = fixedClock('2026-03-02T01:00:00Z')
const { call, grants } = await givenApp(db, () => clock.now())

const center = actorOf('大数据中心', 'big-data-center')
const receiver = actorOf('民政局', 'data-steward')
const provider = actorOf('卫健委', 'applicant')
const stranger = actorOf('公安局', 'data-steward')

beforeAll(async () => {
  for (const [orgId, providerOrgId] of [
    ['民政局', '卫健委'],
    ['民政局', '公安局'],
    ['卫健委', '民政局'],
  ] as const) {
    const id = randomUUID()
    grants.set(id, {
      ...{ id, resource: 'households', orgId, providerOrgId, way: 'subscription', validUntil: '2026-12-31', quotaPerDay: null },
      grant: { items: { i1: null }, rows: [] },
    })
    expect((await call(actorOf(orgId, 'data-steward'), 'POST', `/feeds/${id}/openings`, {})).status).toBe(200)
  }
})

test('subscriptions are listed page by page: to both departments, to the center, and to nobody else', async () => {
  const ends = async (as: typeof center, query = '') =>
    (await call(as, 'GET', `/subscriptions${query}`)).body.items.map((line: { org: { id: string }; provider: { id: string } }) =>
      [line.provider.id, line.org.id].join('→'),
    )
  expect(await ends(center)).toEqual(['民政局→卫健委', '公安局→民政局', '卫健委→民政局'])
  expect(await ends(provider)).toEqual(['民政局→卫健委', '卫健委→民政局'])
  expect(await ends(stranger)).toEqual(['公安局→民政局'])
  expect(await ends(actorOf('教育局', 'data-steward'))).toEqual([])
  expect(await ends(center, `?orgId=${encodeURIComponent('卫健委')}`)).toEqual(['民政局→卫健委'])
  expect(await ends(center, `?providerId=${encodeURIComponent('卫健委')}`)).toEqual(['卫健委→民政局'])
  const first = await call(receiver, 'GET', '/subscriptions?limit=2')
  expect(first.body.items).toHaveLength(2)
  expect((await call(receiver, 'GET', `/subscriptions?limit=2&cursor=${first.body.nextCursor}`)).body.items).toHaveLength(1)
})

test('receivers that were refused or not there for a day are found, of grants in force alone, and the monitor counts them', async () => {
  const ids = [...grants.keys()]
  const [refused, silent, gone] = ids as [string, string, string]
  const wanting = async (attention: string) =>
    (await call(center, 'GET', `/subscriptions?attention=${attention}`)).body.items.map((line: { id: string }) => line.id)
  expect([await wanting('refused'), await wanting('silent')]).toEqual([[], []])
  const subscriptions = exchangeDb({ db } as never).updateTable('exchange.subscription')
  const refusal = JSON.stringify({ code: 'feed.ahead', message: '系统已由备份恢复。' })
  await subscriptions.set({ refused_at: clock.now(), refusal }).where('grant_id', '=', refused).execute()
  const daysAgo = (days: number) => new Date(clock.now().getTime() - days * 86_400_000)
  await subscriptions
    .set({ seen_at: daysAgo(2), opened_at: daysAgo(3) })
    .where('grant_id', 'in', [silent, gone])
    .execute()
  const ended = grants.get(gone)
  grants.delete(gone)
  expect([await wanting('refused'), await wanting('silent')]).toEqual([[refused], [silent]])
  expect((await call(center, 'GET', '/channel-monitor')).body).toMatchObject({
    refusedReceivers: 1,
    silentReceivers: 1,
    expiringGrants: null,
  })
  expect((await call(center, 'GET', '/subscriptions?attention=late')).status).toBe(400)
  if (ended) grants.set(gone, ended)
  await subscriptions.set({ refused_at: null, refusal: null, seen_at: clock.now() }).execute()
})

test('the permission as SQL and as a function give the same list', async () => {
  const all = exchangeDb({ db } as never).selectFrom('exchange.subscription')
  const rows = await all.selectAll().execute()
  const within = { ...actorOf('区', 'big-data-center'), within: new Map([['big-data-center', new Set(['卫健委'])]]) }
  for (const actor of [center, receiver, provider, stranger, within, actorOf('审计局', 'audit'), actorOf('民政局', 'enterprise')]) {
    const listed = await all.select('grant_id').where(readSubscription.where(actor)).execute()
    expect(listed.map((row) => row.grant_id).sort()).toEqual(
      rows
        .filter((row) => readSubscription.allows(actor, row))
        .map((row) => row.grant_id)
        .sort(),
    )
  }
})

test('a place comes back as it was sealed, as long for any number, and opens with no other secret', () => {
  const secret = randomBytes(32)
  const place = fc.record({
    epoch: fc.constantFrom('1-0123456789ab', '12-0123456789ab'),
    seq: fc.maxSafeNat(),
    position: fc.maxSafeNat(),
    loading: fc.option(fc.string(), { nil: undefined }),
    grant: fc.constant('0123456789abcdef'),
  })
  fc.assert(
    fc.property(place, (one) => {
      const sealed = sealPlace(secret, one)
      expect(openPlace(secret, sealed)).toEqual(one)
      expect(sealPlace(secret, { ...one, seq: 1, position: 0 })).toHaveLength(sealed.length)
      expect(() => openPlace(randomBytes(32), sealed)).toThrow(expect.objectContaining({ code: 'feed.after_unknown' }))
    }),
  )
})

test('a receiver that reads nothing is cut off, and what it was read from is let go of; nobody makes more than it takes', async () => {
  let made = 0
  let isOver = false
  let left = 0
  const lines = (async function* () {
    try {
      for (;;) {
        made += 1
        yield 'x'.repeat(100_000)
      }
    } finally {
      isOver = true
    }
  })()
  const stream = streamOf(lines, () => void left++, 20)
  const closed = new Promise((resolve) => stream.once('close', resolve))
  stream.pipe(new Writable({ highWaterMark: 1, write: () => undefined }))
  const [error] = await once(stream, 'error')
  await closed
  expect(String(error)).toContain('does not read')
  expect([isOver, made < 5]).toEqual([true, true])
  expect(left).toBeGreaterThan(0)
})

test('more receivers of one subscription than there are places for are refused, those of others are not', () => {
  const admission = openAdmission(readerPlaces)
  const leave = [admission.enter('one'), admission.enter('one'), admission.enter('one')]
  expect(() => admission.enter('one')).toThrow(expect.objectContaining({ code: 'feed.busy', retryAfter: 5 }))
  admission.enter('other')
  leave[0]?.()
  leave[0]?.()
  admission.enter('one')
  expect(() => admission.enter('one')).toThrow()
})
