import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import {
  type Ctx,
  keyRingOf,
  newKeys,
  openOwnerDatabase,
  openSealer,
  recordAudit,
  signatureLine,
  signerOf,
  signPackage,
  systemActor,
  verifyPackage,
} from '@tongchou/kernel'
import { testDatabase } from '@tongchou/testing'
import { afterAll, expect, test } from 'vitest'
import { archiveBefore, openPackage, removeArchived } from './archive.service.ts'

const { db, connection } = await testDatabase()
const ownerDb = openOwnerDatabase(connection, () => undefined)
afterAll(() => ownerDb.destroy())
const at = (instant: string): Ctx => ({ db, actor: systemActor, now: () => new Date(instant), requestId: 'r', inside: false })
const ctx = at('2026-11-22T01:00:00Z')
const sealer = openSealer({ db, now: ctx.now, onError: () => undefined })
const ports = { keys: keyRingOf(newKeys()), sealer, jobs: { enqueue: async () => undefined }, operations: new Map() }
for (const id of ['1', '2']) await recordAudit(at('2026-01-05T02:00:00Z'), 'test.done', { kind: 'thing', id }, { word: '说明' })
const made = await archiveBefore(ctx, ports, { beforeOn: '2026-02-01', reason: '按期归档' })
let text = ''
for await (const piece of (await openPackage(ctx, made.id)).pieces) text += piece
const whole = Buffer.from(text)

const held = (content: string | Buffer) => verifyPackage(Readable.from([Buffer.from(content)]))

test('one byte changed anywhere, of a row, of the key or of the signature, and the package does not hold', async () => {
  expect(await held(text)).toMatchObject({ digest: made.digest, signedBy: made.signedBy })
  const stood: number[] = []
  for (let index = 0; index < whole.length; index++)
    for (const by of [1, 0x20, 0x80]) {
      const changed = Buffer.from(whole)
      changed[index] = (changed[index] ?? 0) ^ by
      if (await held(changed).catch(() => undefined)) stood.push(index)
    }
  expect(stood).toEqual([])
  for (const spoiled of [text.slice(0, -1), `${text}\n`, text.replaceAll('\n', '\r\n'), text.replace('2","from', '1","from')])
    await expect(held(spoiled)).rejects.toThrow()
})

test('who signs anew with another key is known by the fingerprint', async () => {
  const lines = text.split('\n')
  const forger = keyRingOf(newKeys())
  const head = JSON.stringify({ ...JSON.parse(lines[0] ?? ''), publicKey: signerOf(forger).publicKey })
  const content = `${[head, ...lines.slice(1, -2)].join('\n')}\n`
  const forged = content + signatureLine(signPackage(forger, createHash('sm3').update(content).digest()))
  const told = await held(forged)
  expect(told.signedBy).not.toBe(made.signedBy)
  await expect(removeArchived({ ...ctx, db: ownerDb }, told)).rejects.toThrow('不是审计管理员在本系统归档的')
})
