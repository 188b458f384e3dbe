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
const send = (resource: string, batchId: string, text: string | Uint8Array<ArrayBuffer>, lane = resource) =>
  receivers.receive(lane, typeof text === 'string' ? encoder.encode(text) : text, { resource, batchId, receivedBy: 'test', receivedAt: at })

test('batches of one lane are written in the order in which they came, whatever thread has them', async () => {
  await install('ordered')
  const sizes = [3000, 1, 2000, 1, 1, 500]
  const receipts = await Promise.all(
    sizes.map((size, n) => send('ordered', `b${n}`, lines(...Array.from({ length: size }, (_, i) => [`K${i}`, `${n}`])))),
  )
  expect(receipts.map(({ seqTo }) => seqTo)).toEqual([3000, 3001, 5001, 5002, 5003, 5503])
  const { changes } = await changesAfter(libraries, 'ordered', 0, 10_000)
  expect(changes).toHaveLength(5503)
  expect(changes.filter(({ values }) => values[0] === 'K0').map(({ values }) => values[1])).toEqual(['0', '1', '2', '3', '4', '5'])
})

test('what comes behind a batch that failed is not written, and goes through when all are sent again', async () => {
  await install('broken')
  const sent = () => [
    send('broken', 'b1', lines(['A', '1'])),
    send('broken', 'b2', '[]'),
    send('broken', 'b3', lines(['A', '3'])),
    send('broken', 'b4', lines(['B', '4'])),
  ]
  const found = await Promise.allSettled(sent())
  expect(found.map((one) => (one.status === 'fulfilled' ? one.value.seqTo : one.reason.code))).toEqual([
    1,
    'libraries.batch_header',
    'libraries.order_broken',
    'libraries.order_broken',
  ])
  expect(await send('broken', 'b3', lines(['A', '3']))).toMatchObject({ seqFrom: 2, updated: 1 })
  expect((await send('broken', 'b1', lines(['A', '1']))).seqTo).toBe(1)
})

test('a broken lane holds up no other, and what is no UTF-8 is named', async () => {
  await install('other')
  const [bad, good] = await Promise.allSettled([
    send('other', 'b1', Uint8Array.of(0xb0, 0xa1, 0x0a), 'lane-1'),
    send('other', 'b2', lines(['A', '1']), 'lane-2'),
  ])
  expect(bad).toMatchObject({ status: 'rejected', reason: { status: 422, code: 'libraries.batch_encoding' } })
  expect(good).toMatchObject({ status: 'fulfilled', value: { inserted: 1 } })
})
