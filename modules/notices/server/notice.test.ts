import { type Ctx, inTransaction, type Notice, systemActor } from '@tongchou/kernel'
import { testDatabase } from '@tongchou/testing'
import { expect, test } from 'vitest'
import { noticesDb } from './notice.tables.ts'
import { type NoticesPorts, noticesPort } from './notices.port.ts'

const { db } = await testDatabase()
const ctx: Ctx = { db, actor: systemActor, now: () => new Date('2026-03-02T01:00:00Z'), requestId: 'test', inside: false }

const organisations: NoticesPorts['organisations'] = {
  bearersOf: async (_ctx, duty) =>
    duty === 'drc' ? ['drc-1', 'drc-2'].map((id) => ({ id, name: id, kind: 'city-department', parentId: null })) : [],
  holdersOf: async (_ctx, duty, orgId) =>
    duty === 'drc' ? [1, 2].map((n) => ({ personId: `${orgId}-${n}`, name: `${n}`, postTitle: '科员' })) : [],
}
const port = noticesPort({ organisations })

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
