import { applicationLogin } from '@tongchou/kernel'
import { testDatabase } from '@tongchou/testing'
import { afterAll, expect, test } from 'vitest'
import { changesAfter } from './change-log.store.ts'
import { installResource } from './installer.ts'
import type { LibrariesDb } from './library.schema.ts'
import { openReceivers } from './receivers.ts'

const { db, owner, connection } = await testDatabase()
const libraries = db as unknown as LibrariesDb
const receivers = openReceivers(applicationLogin(connection), 2)
afterAll(() => receivers.stop())

const at = new Date('2026-11-29T02:00:00Z')
const items = [
  { id: 'i1', title: '编号', type: { kind: 'text' as const, length: 20 }, required: true },
  { id: 'i2', title: '名称', type: { kind: 'note' as const }, required: true },
]
async function install(resource: string) {
  const client = await owner.connect()
  await installResource(client, { resource, version: 1, title: resource, kind: 'state', key: ['i1'], items }, at)
  client.release()
}

const encoder = new TextEncoder()
const lines = (...rows: unknown[]) => [{ format: 1, schema: 1, items: ['i1', 'i2'] }, ...rows].map((row) => JSON.stringify(row)).join('\n')
const send = (resource: string, batchId: string, text: string | Uint8Array<ArrayBuffer>, turn: Promise<unknown> = Promise.resolve()) =>
  receivers.receive(typeof text === 'string' ? encoder.encode(text) : text, { resource, batchId, receivedBy: 'test', receivedAt: at }, turn)
/** Each has its turn when the one before it is written. */
function inTurn(resource: string, texts: readonly [batchId: string, text: string][]) {
  let before: Promise<unknown> = Promise.resolve()
  return texts.map(([batchId, text]) => {
    const receipt = send(resource, batchId, text, before)
    before = receipt
    return receipt
  })
}

test('batches are checked at once and written in their turns, whatever thread has them', async () => {
  await install('ordered')
  const sizes = [3000, 1, 2000, 1, 1, 500]
  const receipts = await Promise.all(
    inTurn(
      'ordered',
      sizes.map((size, n) => [`b${n}`, lines(...Array.from({ length: size }, (_, i) => [`K${i}`, `${n}`]))]),
    ),
  )
  expect(receipts.map(({ seqTo }) => seqTo)).toEqual([3000, 3001, 5001, 5002, 5003, 5503])
  const { changes } = await changesAfter(libraries, 'ordered', 0, 10_000)
  expect(changes).toHaveLength(5503)
  expect(changes.filter(({ values }) => values[0] === 'K0').map(({ values }) => values[1])).toEqual(['0', '1', '2', '3', '4', '5'])
})

test('a batch whose turn fails is not written, and goes through when it is sent again', async () => {
  await install('broken')
  const sent = inTurn('broken', [
    ['b1', lines(['A', '1'])],
    ['b2', '[]'],
    ['b3', lines(['A', '3'])],
    ['b4', lines(['B', '4'])],
  ])
  const found = await Promise.allSettled(sent)
  expect(found.map((one) => (one.status === 'fulfilled' ? one.value.seqTo : one.reason.code))).toEqual([
    1,
    ...Array.from({ length: 3 }, () => 'libraries.batch_header'),
  ])
  expect(await send('broken', 'b3', lines(['A', '3']))).toMatchObject({ seqFrom: 2, updated: 1 })
  expect((await send('broken', 'b1', lines(['A', '1']))).seqTo).toBe(1)
})

test('more batches than a thread has connections wait for their turns, and the one that has its turn is written', async () => {
  await install('many')
  const turn = Promise.withResolvers<void>()
  const waiting = Array.from({ length: 9 }, (_, n) => send('many', `w${n}`, lines([`W${n}`, '1']), turn.promise))
  expect((await Promise.all(['x', 'y', 'z'].map((id) => send('many', id, lines([id, '1']))))).map(({ inserted }) => inserted)).toEqual([
    1, 1, 1,
  ])
  turn.resolve()
  expect(await Promise.all(waiting)).toHaveLength(9)
})

test('a batch that is no UTF-8 is named and holds up no other', async () => {
  await install('other')
  const [bad, good] = await Promise.allSettled([
    send('other', 'b1', Uint8Array.of(0xb0, 0xa1, 0x0a)),
    send('other', 'b2', lines(['A', '1'])),
  ])
  expect(bad).toMatchObject({ status: 'rejected', reason: { status: 422, code: 'libraries.batch_encoding' } })
  expect(good).toMatchObject({ status: 'fulfilled', value: { inserted: 1 } })
})
