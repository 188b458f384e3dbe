import { buildApp, type Ctx, inTransaction, type JobsPort, type Notice, systemActor } from '@tongchou/kernel'
import { testDatabase } from '@tongchou/testing'
import { describe, expect, test } from 'vitest'
import { noticeJobs } from './delivery.jobs.ts'
import { inboxRoutes } from './inbox.routes.ts'
import { noticesDb } from './notice.tables.ts'
import { type NoticesPorts, noticesPort } from './notices.port.ts'
import type { OutgoingNotice, OutgoingPort } from './outgoing.port.ts'

const { db } = await testDatabase()
const ctx: Ctx = { db, actor: systemActor, now: () => new Date('2026-03-02T01:00:00Z'), requestId: 'test', inside: false }

const organisations: NoticesPorts['organisations'] = {
  bearersOf: async (_ctx, duty) =>
    duty === 'drc' ? ['drc-1', 'drc-2'].map((id) => ({ id, name: id, kind: 'city-department', parentId: null })) : [],
  holdersOf: async (_ctx, duty, orgId) =>
    duty === 'drc' ? [1, 2].map((n) => ({ personId: `${orgId}-${n}`, name: `${n}`, postTitle: '科员' })) : [],
}
const queued: object[] = []
const jobs: JobsPort = { enqueue: async (_ctx, _kind, payload) => void queued.push(payload) }
const port = noticesPort({ organisations, jobs, outgoing: [] })

const notice = (changes: Partial<Notice>): Notice => ({
  kind: 'case.urged',
  to: [],
  subject: { kind: 'case', id: '1' },
  title: '催办',
  body: '请尽快办理。',
  href: '/cases/1',
  onceKey: 'a',
  ...changes,
})

async function readersOf(onceKey: string): Promise<string[]> {
  const rows = await noticesDb(ctx)
    .selectFrom('notices.notice')
    .select('person_id')
    .where('once_key', '=', onceKey)
    .orderBy('person_id')
    .execute()
  return rows.map((row) => row.person_id)
}

test('a notice reaches each person once, whatever duties name them and however often it is sent', async () => {
  const to = [{ personId: 'drc-1-1' }, { duty: 'drc', orgId: 'drc-1' }]
  await port.send(ctx, notice({ to, onceKey: 'once' }))
  await port.send(ctx, notice({ to: [...to, { personId: 'late' }], onceKey: 'once' }))
  expect(await readersOf('once')).toEqual(['drc-1-1', 'drc-1-2', 'late'])
})

test('a duty without an organisation means every office that bears it; a duty that nobody holds reaches nobody', async () => {
  await port.send(ctx, notice({ to: [{ duty: 'drc', orgId: null }], onceKey: 'all' }))
  expect(await readersOf('all')).toEqual(['drc-1-1', 'drc-1-2', 'drc-2-1', 'drc-2-2'])
  await port.send(ctx, notice({ to: [{ duty: 'audit', orgId: null }], onceKey: 'none' }))
  expect(await readersOf('none')).toEqual([])
})

test('an act that fails has told nobody', async () => {
  const failing = inTransaction(ctx, async (tx) => {
    await port.send(tx, notice({ to: [{ personId: 'p' }], onceKey: 'failed' }))
    throw new Error('the act fails')
  })
  await expect(failing).rejects.toThrow('the act fails')
  expect(await readersOf('failed')).toEqual([])
})

test('two acts that send the same notice to the same people at once send it once', async () => {
  const people = Array.from({ length: 20 }, (_, n) => ({ personId: `race-${n}` }))
  const orders = [people, people.toReversed(), people, people.toReversed()]
  await Promise.all(orders.map((to) => inTransaction(ctx, (tx) => port.send(tx, notice({ to, onceKey: 'race' })))))
  expect(await readersOf('race')).toHaveLength(20)
})

async function deliveriesOf(onceKey: string) {
  return noticesDb(ctx)
    .selectFrom('notices.delivery as d')
    .innerJoin('notices.notice as n', 'n.id', 'd.notice_id')
    .select(['n.person_id', 'd.channel', 'd.status', 'd.attempts', 'd.problem'])
    .where('n.once_key', '=', onceKey)
    .orderBy('n.person_id')
    .orderBy('d.channel')
    .execute()
}

describe('outside of the product', () => {
  test('nothing goes where the city has no gateway, and that is written down', async () => {
    await port.send(ctx, notice({ to: [{ personId: 'p1' }], onceKey: 'unconfigured' }))
    expect((await deliveriesOf('unconfigured')).map(({ channel, status }) => [channel, status])).toEqual([
      ['mail', 'unconfigured'],
      ['sms', 'unconfigured'],
    ])
    expect(queued).toEqual([])
  })

  test('a notice goes by job to who wishes it, as it was written; a gateway that fails leaves the notice where it is', async () => {
    const out: OutgoingNotice[] = []
    let broken = true
    const gateway: OutgoingPort = {
      channel: 'sms',
      send: async (told) => {
        if (broken) throw new Error('gateway down')
        out.push(told)
      },
    }
    const work: { noticeId: string; channel: string }[] = []
    const ports: NoticesPorts = {
      organisations,
      jobs: { enqueue: async (_ctx, kind, payload) => void (kind === 'notices.deliver' && work.push(payload as never)) },
      outgoing: [gateway],
      unwanted: async () => new Map([['p2', ['sms']]]),
    }
    const title = '催办 {{constructor}} <%= 1 %> {name} %s'
    await noticesPort(ports).send(ctx, notice({ title, to: [{ personId: 'p1' }, { personId: 'p2' }], onceKey: 'out' }))
    expect(work).toHaveLength(1)
    const [kind] = noticeJobs(ports).kinds ?? []
    const deliver = () => kind?.work(ctx, work[0], { id: 'job', stopping: new AbortController().signal })
    await expect(deliver()).rejects.toThrow('gateway down')
    expect((await deliveriesOf('out')).filter(({ channel }) => channel === 'sms')).toMatchObject([
      { person_id: 'p1', status: 'failed', attempts: 1, problem: 'gateway down' },
      { person_id: 'p2', status: 'unwanted' },
    ])
    expect(await readersOf('out')).toEqual(['p1', 'p2'])
    broken = false
    await deliver()
    expect(out).toEqual([{ personId: 'p1', title, body: '请尽快办理。' }])
    expect((await deliveriesOf('out'))[1]).toMatchObject({ status: 'sent', attempts: 2, problem: null })
    // The job may run once more, as after a kill: what went out has gone out, whatever the gateway says now.
    broken = true
    await expect(deliver()).rejects.toThrow('gateway down')
    expect((await deliveriesOf('out'))[1]).toMatchObject({ status: 'sent', attempts: 2, problem: null })
  })
})

describe('what somebody does not wish', () => {
  const asked: [readonly string[], string][] = []
  const ports: NoticesPorts = {
    organisations,
    jobs,
    outgoing: [{ channel: 'sms', send: async () => undefined }],
    unwanted: async (_ctx, people, kind) => {
      asked.push([people, kind])
      return new Map([['p2', ['sms' as const]]])
    },
  }
  const send = (kind: string) =>
    noticesPort(ports).send(ctx, notice({ kind, to: [{ personId: 'p1' }, { personId: 'p2' }], onceKey: `wish ${kind}` }))
  const smsOf = async (kind: string) =>
    (await deliveriesOf(`wish ${kind}`)).filter(({ channel }) => channel === 'sms').map(({ status }) => status)

  test.each([
    ['case.urge', 'urge'],
    ['case.yellow', 'yellow'],
    ['case.transfer', 'progress'],
    ['card.explained', 'card'],
    ['export.done', 'export'],
  ])('%s is asked for as %s, stays in the product and does not go to who declined it', async (kind, wish) => {
    await send(kind)
    expect(asked.at(-1)).toEqual([['p1', 'p2'], wish])
    expect(await smsOf(kind)).toEqual(['queued', 'unwanted'])
    expect(await readersOf(`wish ${kind}`)).toEqual(['p1', 'p2'])
  })

  test.each(['case.oversee', 'case.red', 'case.escalated', 'case.unanswered', 'system.other'])(
    '%s goes to everybody whatever they wish',
    async (kind) => {
      const before = asked.length
      await send(kind)
      expect(await smsOf(kind)).toEqual(['queued', 'queued'])
      expect(asked.length).toBe(before)
    },
  )
})

describe('the inbox', async () => {
  let later = 0
  const person = (personId: string) => ({ ...systemActor, personId })
  const app = await buildApp({
    db,
    now: () => new Date(ctx.now().getTime() + later),
    authenticate: async ({ headers }) => (headers['x-as'] ? person(String(headers['x-as'])) : null),
  })
  await app.register(inboxRoutes)
  const call = async (as: string, method: 'GET' | 'POST', url: string) => {
    const answer = await app.inject({ method, url, headers: as === '' ? {} : { 'x-as': as } })
    return { status: answer.statusCode, body: answer.body === '' ? null : answer.json() }
  }

  test('holds one’s own notices, newest first, by kind, by words, read or not; others’ are not there', async () => {
    for (const [n, kind] of ['case.red', 'case.yellow', 'export.done'].entries())
      await port.send(
        { ...ctx, now: () => new Date(Date.UTC(2026, 3, n + 1)) },
        notice({ kind, title: `第${n}条 50%`, to: [{ personId: 'reader' }], onceKey: `in-${n}` }),
      )
    const titles = async (query = '') =>
      (await call('reader', 'GET', `/notices${query}`)).body.items.map(({ title }: { title: string }) => title)
    expect(await titles()).toEqual(['第2条 50%', '第1条 50%', '第0条 50%'])
    expect(await titles('?group=case')).toEqual(['第1条 50%', '第0条 50%'])
    expect(await titles('?q=%25')).toHaveLength(3)
    expect(await titles('?q=_')).toEqual([])
    const first = (await call('reader', 'GET', '/notices?limit=2')).body
    expect((await call('reader', 'GET', `/notices?limit=2&cursor=${first.nextCursor}`)).body.items).toHaveLength(1)
    const id = first.items[0].id
    expect((await call('stranger', 'POST', `/notices/${id}/read`)).status).toBe(404)
    expect((await call('reader', 'GET', '/notices/unread')).body).toEqual({ unread: 3 })
    const readAt = async () =>
      (await noticesDb(ctx).selectFrom('notices.notice').select('read_at').where('id', '=', id).executeTakeFirst())?.read_at
    const seen: unknown[] = []
    for (let twice = 0; twice < 2; twice++) {
      expect((await call('reader', 'POST', `/notices/${id}/read`)).status).toBe(204)
      seen.push(await readAt())
      later += 60_000
    }
    expect(seen[1], 'it was read when it was read first').toEqual(seen[0])
    expect(await titles('?state=unread')).toEqual(['第1条 50%', '第0条 50%'])
    expect((await call('reader', 'POST', '/notices/read')).body).toEqual({ read: 2 })
    expect((await call('reader', 'GET', '/notices/unread')).body).toEqual({ unread: 0 })
    expect((await call('stranger', 'GET', '/notices')).body.items).toEqual([])
    expect((await call('', 'GET', '/notices')).status).toBe(401)
  })
})
