import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import {
  type Ctx,
  openKeys,
  openOwnerDatabase,
  openSealer,
  readKeyFile,
  recordAudit,
  systemActor,
  verifyChain,
  verifyPackage,
  withNewKey,
  writeKeyFile,
} from '@tongchou/kernel'
import { testDatabase } from '@tongchou/testing'
import { afterAll, expect, test } from 'vitest'
import { archiveBefore, openPackage, readArchives, readSigningKeys, removeArchived } from './archive.service.ts'
import type { AuditPorts } from './ports.ts'
import { setRetention } from './retention.service.ts'

const { db, owner, pool, connection } = await testDatabase()
const today = '2026-11-22T01:00:00Z'
const ctxAt = (instant: string): Ctx => ({
  db,
  actor: { ...systemActor, name: '审计管理员' },
  now: () => new Date(instant),
  requestId: 'r',
  inside: false,
})
const ctx = ctxAt(today)
const ownerDb = openOwnerDatabase(connection, () => undefined)
afterAll(() => ownerDb.destroy())
const asOwner: Ctx = { ...ctx, db: ownerDb }
const sealer = openSealer({ db, now: ctx.now, onError: () => undefined })
const folder = mkdtempSync(join(tmpdir(), 'tongchou-archive-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const keyFile = join(folder, 'keys.json')
const keys = await openKeys(ctx, keyFile, [])
const ports: AuditPorts = { keys, sealer, jobs: { enqueue: async () => undefined }, operations: new Map() }

async function act(instant: string, count: number): Promise<void> {
  for (let index = 0; index < count; index++)
    await recordAudit(ctxAt(instant), 'test.done', { kind: 'thing', id: String(index) }, { n: index })
}

async function textOf(id: string): Promise<string> {
  let text = ''
  for await (const piece of (await openPackage(ctx, id)).pieces) text += piece
  return text
}

const held = (text: string | Buffer) => verifyPackage(Readable.from([Buffer.from(text)]))
const count = async () =>
  (await owner.query<{ n: number }>("select count(*)::int as n from kernel.audit_event where action = 'test.done'")).rows[0]?.n

test('older rows are packed with a reason, taken out only with the very package, and the chain goes on behind the cut', async () => {
  await act('2025-06-01T02:00:00Z', 4)
  await act('2025-12-01T02:00:00Z', 3)
  await act('2026-10-01T02:00:00Z', 5)
  await sealer.sealNow()
  const before = await verifyChain(db)
  expect(before).toMatchObject({ ok: true, verified: 12 })

  const first = await archiveBefore(ctx, ports, { beforeOn: '2025-12-01', reason: '按期归档' })
  expect(first).toMatchObject({ fromPosition: 1, toPosition: 4, reason: '按期归档', removed: false })
  // The same rows once more, also twice at once: nothing new, and said so.
  const again = () => archiveBefore(ctx, ports, { beforeOn: '2025-12-01', reason: '再次归档' })
  for (const repeated of await Promise.allSettled([again(), again()]))
    expect(repeated).toMatchObject({ reason: { code: 'audit.already_archived' } })
  const text = await textOf(first.id)
  expect(await textOf(first.id)).toBe(text)
  expect(await held(text)).toMatchObject({ from: 1, to: 4, digest: first.digest, head: first.headHash })

  // Nothing goes without the very file: a line less, a word changed, or one that nobody has made here.
  await expect(held(text.slice(0, text.lastIndexOf('\n', text.length - 2) + 1))).rejects.toThrow('没有签名')
  await expect(held(text.replace('test.done', 'test.gone'))).rejects.toThrow('位置 1 不成立')
  await expect(removeArchived(asOwner, { ...(await held(text)), digest: '00' })).rejects.toThrow('不是审计管理员在本系统归档的')
  expect(await count()).toBe(12)

  expect(await removeArchived(asOwner, await held(text))).toEqual({ rows: 4 })
  expect(await count()).toBe(8)
  await sealer.sealNow()
  const after = await verifyChain(db, {
    heads: [
      { position: 12, hash: before.head?.hash ?? '' },
      { position: 2, hash: 'ff'.repeat(32) },
    ],
  })
  expect(after).toMatchObject({
    ok: true,
    firstBad: null,
    cut: { position: 4, packageDigest: first.digest },
    outsideHeads: { compared: 1, beforeCut: 1 },
  })
  await expect(textOf(first.id)).rejects.toThrow('已移除')
  await expect(removeArchived(asOwner, await held(text))).rejects.toThrow('不衔接')

  // After the key was changed a package stays what it was, and its key is still to be had.
  const stored = readKeyFile(keyFile)
  if (!stored) throw new Error('no key file')
  writeKeyFile(keyFile, withNewKey(stored, 'signing'))
  const changed = { ...ports, keys: await openKeys(ctx, keyFile, []) }
  const signers = await readSigningKeys(ctx, changed)
  expect(signers.map(({ inUse }) => inUse).sort()).toEqual([false, true])
  expect(signers.find(({ inUse }) => !inUse)?.fingerprint).toBe(first.signedBy)

  const second = await archiveBefore(ctx, changed, { beforeOn: '2026-01-01', reason: '按期归档' })
  expect(second).toMatchObject({ fromPosition: 5, toPosition: 7 })
  expect(second.signedBy).toBe(signers.find(({ inUse }) => inUse)?.fingerprint)
  await removeArchived(asOwner, await held(await textOf(second.id)))
  expect((await verifyChain(db)).ok).toBe(true)
  expect((await readArchives(ctx, 1, undefined)).items.map(({ removed }) => removed)).toEqual([true])
})

test('what was packed stays in the log when the city has come to keep it longer meanwhile', async () => {
  const later = ctxAt('2027-06-15T01:00:00Z')
  await sealer.sealNow()
  const packed = await archiveBefore(later, ports, { beforeOn: '2026-10-02', reason: '按期归档' })
  expect(packed).toMatchObject({ fromPosition: 8, toPosition: 12 })
  await setRetention(later, 400, '市级要求')
  const before = await count()
  await expect(removeArchived(later, await held(await textOf(packed.id)))).rejects.toThrow('5 条记录未满保存期限')
  expect(await count()).toBe(before)
  expect((await verifyChain(db)).ok).toBe(true)
  await setRetention(later, 183, '恢复')
})

test('who falsifies a row behind a cut is found, and so is who moves the cut', async () => {
  await sealer.sealNow()
  const client = await owner.connect()
  try {
    await client.query('begin')
    await client.query("update kernel.audit_cut set hash = decode(repeat('00', 32), 'hex') where position = 7")
    await client.query('commit')
    expect((await verifyChain(db)).firstBad).toEqual({ position: 8, reason: 'hash' })
  } finally {
    client.release()
  }
})

test('rows that the city keeps longer than the law asks stay', async () => {
  await setRetention(ctx, 400, '市级要求')
  await expect(archiveBefore(ctx, ports, { beforeOn: '2026-01-01', reason: '按期归档' })).rejects.toThrow('保存期限为 400 日')
})

test('the application role cannot take rows out, nor change what was packed', async () => {
  for (const attempt of [
    'delete from kernel.audit_event',
    "update audit.archive set digest = 'x'",
    'delete from audit.archive',
    'delete from kernel.audit_cut',
  ])
    await expect(pool.query(attempt), attempt).rejects.toMatchObject({ code: '42501' })
})
