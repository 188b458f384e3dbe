import { sql } from 'kysely'
import { recordAudit } from '../audit.ts'
import { type Ctx, inTransaction } from '../context.ts'
import { StartupProblem } from '../postgres/startup-problem.ts'
import { readKeyFile, writeKeyFile } from './key-file.ts'
import { type KeyPurpose, type KeyRing, keyRingOf, newKeys, publicKeyOf, type StoredKeys, withNewKey, withoutKeys } from './key-ring.ts'
import { giveUpKeys, keysInUse, noteKey } from './known-key.store.ts'
import { SealedSecretUnreadable } from './sealing.ts'
import { softwareSigner } from './signing.ts'

/** Seals anew, under the key in use, what a module keeps sealed (重新加密). Answers how many rows. */
export type Reseal = (tx: Ctx, keys: KeyRing) => Promise<number>

/**
 * The platform's keys at a start: those of the key file, which is made where nothing was ever sealed. What is sealed under a former key, or not
 * at all, is sealed under the one in use before anything is served. One process at a time, so that two servers do not each make keys of their own.
 * @param ctx the platform's own context
 * @throws StartupProblem when a key that the database needs is missing
 */
export async function openKeys(ctx: Ctx, file: string, reseals: readonly Reseal[]): Promise<KeyRing> {
  return inTransaction(ctx, async (tx) => {
    await lockKeys(tx)
    const stored = await storedKeys(tx, file)
    const keys = keyRingOf(stored)
    const { current } = keys.sealing
    try {
      for (const reseal of reseals) await reseal(tx, keys)
    } catch (error) {
      // Sealed under a key that this database was never told of: its rows came from elsewhere.
      throw error instanceof SealedSecretUnreadable ? missingKey(file, [], true) : error
    }
    await take(tx, { id: current, purpose: 'sealing', publicKey: null })
    await take(tx, { id: keys.signing.current, purpose: 'signing', publicKey: publicKeyOf(keys.signing, keys.signing.current) })
    if (keys.evidence) await take(tx, { id: keys.evidence.current, purpose: 'evidence', publicKey: softwareSigner(keys).publicKey })
    // Every one of them is needed: what stands for a number has gone through all.
    for (const id of keys.digest?.byId.keys() ?? []) await take(tx, { id, purpose: 'digest', publicKey: null })
    // Everything is sealed under the one in use by now.
    const former = (await keysInUse(tx.db, 'sealing')).filter((id) => id !== current)
    if (former.length > 0) await giveUpKeys(tx.db, former, tx.now())
    return keys
  })
}

/**
 * After the key file was lost (密钥已丢失): a new one where there is none, what no key opens any more is given up by `forget`, and the keys that are
 * missing are needed no longer. For whoever runs the server. Answers how many secrets were given up.
 */
export async function forgetMissingKeys(ctx: Ctx, file: string, forget: (tx: Ctx, keys: KeyRing) => Promise<number>): Promise<number> {
  return inTransaction(ctx, async (tx) => {
    await lockKeys(tx)
    const stored = withEveryPurpose(readKeyFile(file) ?? newKeys())
    const missing = await missingKeys(tx, stored)
    const count = await forget(tx, keyRingOf(stored))
    if (missing.length === 0 && count === 0) return 0
    if (missing.length > 0) await giveUpKeys(tx.db, missing, tx.now())
    await recordAudit(tx, 'key.given_up', { kind: 'key', id: missing.at(-1) ?? 'unknown' }, { count })
    writeKeyFile(file, stored)
    return count
  })
}

/** Takes out of the key file the former keys that nothing is sealed under any more (清除旧密钥). Answers which. */
export async function pruneKeys(ctx: Ctx, file: string): Promise<string[]> {
  return inTransaction(ctx, async (tx) => {
    await lockKeys(tx)
    const stored = readKeyFile(file)
    const needed = new Set(await keysInUse(tx.db, 'sealing'))
    const former = Object.keys(stored?.sealing.keys ?? {}).filter((id) => id !== stored?.sealing.current && !needed.has(id))
    if (stored && former.length > 0) writeKeyFile(file, withoutKeys(stored, former))
    return former
  })
}

async function lockKeys(tx: Ctx): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('tongchou.keys'))`.execute(tx.db)
}

/** A key that takes the place of another stands in the log; the first of all is part of making the database. */
async function take(tx: Ctx, key: { id: string; purpose: KeyPurpose; publicKey: string | null }): Promise<void> {
  const former = await keysInUse(tx.db, key.purpose)
  if (!(await noteKey(tx.db, { ...key, at: tx.now() })) || former.length === 0) return
  await recordAudit(tx, 'key.taken_into_use', { kind: 'key', id: key.id }, { purpose: key.purpose, former: former.at(-1) })
}

async function storedKeys(tx: Ctx, file: string): Promise<StoredKeys> {
  const stored = readKeyFile(file)
  const missing = await missingKeys(tx, stored)
  if (missing.length > 0) throw missingKey(file, missing, stored !== undefined)
  const made = withEveryPurpose(stored ?? newKeys())
  if (made !== stored) writeKeyFile(file, made)
  return made
}

/** A file of before there was an evidence log, or digests of numbers, gets their keys beside the others. */
function withEveryPurpose(stored: StoredKeys): StoredKeys {
  const wanted = (['evidence', 'digest'] as const).filter((purpose) => stored[purpose] === undefined)
  return wanted.reduce(withNewKey, stored)
}

/** Keys that something in the database needs and the file does not have. */
async function missingKeys(tx: Ctx, stored: StoredKeys | undefined): Promise<string[]> {
  const missing: string[] = []
  for (const purpose of ['digest', 'sealing'] as const)
    missing.push(...(await keysInUse(tx.db, purpose)).filter((id) => stored?.[purpose]?.keys[id] === undefined))
  return missing
}

function missingKey(file: string, missing: readonly string[], isThere: boolean): StartupProblem {
  const what = isThere ? `密钥文件 ${file} 中没有所需的密钥${missing.length > 0 ? ` ${missing.join('、')}` : ''}` : `没有密钥文件 ${file}`
  return new StartupProblem(
    'keys.missing',
    `${what}，数据库中的动态口令以该密钥加密，个人数据的查阅记录以该密钥对应到本人，无法读取。`,
    '请把备份的密钥文件放回该处（权限 0600），或用 TONGCHOU_KEY_FILE 指明其位置。密钥确已丢失的，停止服务后执行 npx tongchou keys forget，有关人员须重新启用动态口令，本人账号须重新核验。',
  )
}
