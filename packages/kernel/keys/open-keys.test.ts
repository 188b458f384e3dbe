import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, unlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { testDatabase } from '@tongchou/testing'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { systemActor } from '../context.ts'
import { ctxOf } from '../kernel.given.ts'
import { readKeyFile, writeKeyFile } from './key-file.ts'
import { newKeys, withNewKey } from './key-ring.ts'
import { forgetMissingKeys, openKeys, pruneKeys } from './open-keys.ts'
import { SealedSecretUnreadable } from './sealing.ts'
import { softwareSigner } from './signing.ts'

const { db, owner } = await testDatabase()
const ctx = ctxOf(db, { actor: systemActor })
const folder = mkdtempSync(join(tmpdir(), 'tongchou-keys-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
let file = ''
let made = 0
beforeEach(async () => {
  await owner.query('delete from kernel.known_key')
  file = join(folder, `${++made}`, 'keys.json')
})

const open = (reseals: Parameters<typeof openKeys>[2] = []) => openKeys(ctx, file, reseals)
const known = async () =>
  (
    await owner.query<{ id: string; purpose: string; given_up: boolean }>(
      'select id, purpose, given_up_at is not null as given_up from kernel.known_key order by 1',
    )
  ).rows
const auditOf = async (id: string) => (await owner.query('select action, detail from kernel.audit_event where subject_id = $1', [id])).rows

test('the first start makes the file for this user alone; later ones use it and write nothing in the log', async () => {
  const keys = await open()
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect((await open()).sealing.current).toBe(keys.sealing.current)
  expect(await known()).toHaveLength(4)
  expect(await auditOf(keys.sealing.current)).toEqual([])
  // Of neither key anything but the id and the public half stands in the database.
  const { rows } = await owner.query<{ row: string }>('select k::text as row from kernel.known_key k')
  for (const set of Object.values(JSON.parse(readFileSync(file, 'utf8'))) as { keys: Record<string, string> }[])
    for (const key of Object.values(set.keys)) for (const { row } of rows) expect(row).not.toContain(key)
})

test('a file of before there was an evidence log gets its key beside the others, which stay; a rotation stands in the log', async () => {
  const { evidence: _none, ...former } = newKeys()
  writeKeyFile(file, former)
  const keys = await open()
  const stored = readKeyFile(file)
  expect([stored?.sealing, stored?.signing]).toEqual([former.sealing, former.signing])
  expect([...(keys.evidence?.byId.keys() ?? [])]).toEqual([stored?.evidence?.current])
  expect((await open()).evidence?.current).toBe(keys.evidence?.current)
  if (!stored) throw new Error('no key file')
  writeKeyFile(file, withNewKey(stored, 'evidence'))
  const next = await open()
  expect(softwareSigner(next).publicKey).not.toBe(softwareSigner(keys).publicKey)
  expect(await auditOf(next.evidence?.current ?? '')).toEqual([
    { action: 'key.taken_into_use', detail: { purpose: 'evidence', former: keys.evidence?.current } },
  ])
})

test('without the key that the database knows a start is refused with place and cure, and no new one is made', async () => {
  const keys = await open()
  const kept = readFileSync(file)
  unlinkSync(file)
  await expect(open()).rejects.toMatchObject({
    code: 'keys.missing',
    message: expect.stringContaining(file),
    cure: expect.stringContaining('keys forget'),
  })
  expect(readKeyFile(file)).toBeUndefined()
  writeKeyFile(file, newKeys())
  await expect(open()).rejects.toMatchObject({ code: 'keys.missing', message: expect.stringContaining(keys.sealing.current) })
  writeFileSync(file, kept)
  expect((await open()).sealing.current).toBe(keys.sealing.current)
})

test('of two servers that start together on one database, each with an empty folder, one is refused', async () => {
  const starts = await Promise.allSettled(['a', 'b'].map((name) => openKeys(ctx, join(folder, name, 'keys.json'), [])))
  expect(starts.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
})

test.each([
  ['that others may read', (path: string) => chmodSync(path, 0o640), 'keys.open_to_others'],
  ['cut off', (path: string) => writeFileSync(path, readFileSync(path).subarray(0, 80)), 'keys.unreadable'],
  [
    'with a key under the id of another',
    (path: string) =>
      writeFileSync(
        path,
        readFileSync(path, 'utf8')
          .replace(/"current": "."/, '"current": "x"')
          .replaceAll(/([A-Za-z0-9+/]{20})=/g, 'AAAAAAAAAAAAAAAAAAAA='),
      ),
    'keys.unreadable',
  ],
])('a key file %s is refused, and left as it is', async (_, spoil, code) => {
  await open()
  spoil(file)
  const spoiled = readFileSync(file)
  await expect(open()).rejects.toMatchObject({ code, message: expect.stringContaining(file) })
  expect(readFileSync(file)).toEqual(spoiled)
})

test('a rotation seals anew before anything is served, stands in the log, and lets the former key be taken out', async () => {
  const first = await open()
  const former = readKeyFile(file)
  if (!former) throw new Error('no key file')
  writeKeyFile(file, withNewKey(former, 'sealing'))
  // As long as the server has not started with the new key, the former one is needed.
  expect(await pruneKeys(ctx, file)).toEqual([])
  let resealed = 0
  const second = await open([
    async (_, keys) => {
      expect(keys.sealing.byId.has(first.sealing.current)).toBe(true)
      return ++resealed
    },
  ])
  expect(resealed).toBe(1)
  expect(second.sealing.current).not.toBe(first.sealing.current)
  expect(await auditOf(second.sealing.current)).toEqual([
    { action: 'key.taken_into_use', detail: { purpose: 'sealing', former: first.sealing.current } },
  ])
  expect((await known()).find(({ id }) => id === first.sealing.current)?.given_up).toBe(true)
  expect(await pruneKeys(ctx, file)).toEqual([first.sealing.current])
  expect((await open()).sealing.byId.size).toBe(1)
})

test('a sealing anew that fails changes nothing: the former key is still the one needed', async () => {
  const first = await open()
  const former = readKeyFile(file)
  if (!former) throw new Error('no key file')
  writeKeyFile(file, withNewKey(former, 'sealing'))
  await expect(open([() => Promise.reject(new Error('half way'))])).rejects.toThrow('half way')
  await expect(open([() => Promise.reject(new SealedSecretUnreadable())])).rejects.toMatchObject({ code: 'keys.missing' })
  expect((await known()).filter(({ purpose }) => purpose === 'sealing')).toEqual([
    { id: first.sealing.current, purpose: 'sealing', given_up: false },
  ])
})

test('when the key is lost for good, what it sealed is given up on the record, and the next start goes on', async () => {
  const lost = await open()
  unlinkSync(file)
  expect(await forgetMissingKeys(ctx, file, async () => 3)).toBe(3)
  expect(await auditOf(lost.sealing.current)).toEqual([{ action: 'key.given_up', detail: { count: 3 } }])
  const next = await open()
  expect(next.sealing.current).not.toBe(lost.sealing.current)
  expect(await forgetMissingKeys(ctx, file, async () => 0)).toBe(0)
})

test('without a key for digests that the database needs the start is refused; lost for good it is given up, and the next start goes on', async () => {
  const { digest } = await open()
  const stored = readKeyFile(file)
  if (!stored) throw new Error('no key file')
  const { digest: _lost, ...left } = stored
  writeKeyFile(file, left)
  await expect(open()).rejects.toMatchObject({ code: 'keys.missing', message: expect.stringContaining(digest?.current ?? 'x') })
  // Nobody makes another one meanwhile: what stands for a number would be told by two.
  expect(readKeyFile(file)?.digest).toBeUndefined()
  await forgetMissingKeys(ctx, file, async () => 0)
  expect(await auditOf(digest?.current ?? '')).toMatchObject([{ action: 'key.given_up' }])
  const next = await open()
  expect(next.digest?.current).not.toBe(digest?.current)
  expect(next.sealing.current).toBe(stored.sealing.current)
})

test('of the keys for digests every one stays needed, former ones too', async () => {
  const first = await open()
  const former = readKeyFile(file)
  if (!former) throw new Error('no key file')
  writeKeyFile(file, withNewKey(former, 'digest'))
  const second = await open()
  expect(await pruneKeys(ctx, file)).toEqual([])
  expect([...(second.digest?.byId.keys() ?? [])]).toEqual([first.digest?.current, second.digest?.current])
  expect(await auditOf(second.digest?.current ?? '')).toEqual([
    { action: 'key.taken_into_use', detail: { purpose: 'digest', former: first.digest?.current } },
  ])
  const only = { current: second.digest?.current ?? '', keys: { ...readKeyFile(file)?.digest?.keys } }
  delete only.keys[first.digest?.current ?? '']
  writeKeyFile(file, { ...former, digest: only })
  await expect(open()).rejects.toMatchObject({ code: 'keys.missing' })
})
