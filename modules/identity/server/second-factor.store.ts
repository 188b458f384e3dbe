import { type KeyRing, seal, sealedUnder, unseal } from '@tongchou/kernel'
import type { IdentityDb, SignedInBy } from './identity.tables.ts'

/** A second factor as it is stored: the secret is sealed under a key that is not in the database. */
export interface SecondFactor {
  accountId: string
  sealedSecret: string
  confirmedAt: Date | null
  lastStep: number | null
}

export async function findSecondFactor(db: IdentityDb, accountId: string): Promise<SecondFactor | undefined> {
  const row = await db.selectFrom('identity.second_factor').selectAll().where('account_id', '=', accountId).executeTakeFirst()
  return row && { accountId, sealedSecret: row.secret, confirmedAt: row.confirmed_at, lastStep: row.last_step }
}

/** The shared secret itself, for as long as a code is compared with it. */
export function secretOf(keys: KeyRing, { accountId, sealedSecret }: SecondFactor): string {
  return unseal(keys, sealedSecret, placeOf(accountId))
}

/** Keeps the secret of a device that has still to show that it has it. */
export async function putUnconfirmed(db: IdentityDb, keys: KeyRing, accountId: string, secret: string, at: Date): Promise<void> {
  const sealed = seal(keys, secret, placeOf(accountId))
  await db
    .insertInto('identity.second_factor')
    .values({ account_id: accountId, kind: 'totp', secret: sealed, created_at: at })
    .onConflict((c) => c.column('account_id').doUpdateSet({ secret: sealed, created_at: at }))
    .execute()
}

/** Seals every secret under the key in use that is sealed under another or, of an earlier version, not at all. Answers how many. */
export async function resealFactors(db: IdentityDb, keys: KeyRing): Promise<number> {
  const rows = await db
    .selectFrom('identity.second_factor')
    .select(['account_id', 'secret'])
    .where('secret', 'not like', `v1.${keys.sealing.current}.%`)
    .orderBy('account_id')
    .forUpdate()
    .execute()
  for (const { account_id, secret } of rows) {
    const plain = sealedUnder(secret) === undefined ? secret : unseal(keys, secret, placeOf(account_id))
    await db
      .updateTable('identity.second_factor')
      .set({ secret: seal(keys, plain, placeOf(account_id)) })
      .where('account_id', '=', account_id)
      .execute()
  }
  return rows.length
}

/** Accounts whose secret no key of these opens (密钥已丢失). */
export async function accountsWithLostSecret(db: IdentityDb, keys: KeyRing): Promise<string[]> {
  const rows = await db.selectFrom('identity.second_factor').select(['account_id', 'secret']).orderBy('account_id').forUpdate().execute()
  return rows
    .filter((row) => {
      try {
        return unseal(keys, row.secret, placeOf(row.account_id)) === undefined
      } catch {
        return sealedUnder(row.secret) !== undefined
      }
    })
    .map(({ account_id }) => account_id)
}

function placeOf(accountId: string): string {
  return `identity.second_factor/${accountId}`
}

export async function confirmFactor(db: IdentityDb, accountId: string, step: number, at: Date): Promise<void> {
  await db.updateTable('identity.second_factor').set({ confirmed_at: at, last_step: step }).where('account_id', '=', accountId).execute()
}

/** Takes the code of a time step; false when it, or a later one, was taken already, also by a request at the same moment. */
export async function takeStep(db: IdentityDb, accountId: string, step: number): Promise<boolean> {
  const row = await db
    .updateTable('identity.second_factor')
    .set({ last_step: step })
    .where('account_id', '=', accountId)
    .where((eb) => eb.or([eb('last_step', 'is', null), eb('last_step', '<', step)]))
    .returning('account_id')
    .executeTakeFirst()
  return row !== undefined
}

export async function deleteFactor(db: IdentityDb, accountId: string): Promise<boolean> {
  await db.deleteFrom('identity.recovery_code').where('account_id', '=', accountId).execute()
  const row = await db.deleteFrom('identity.second_factor').where('account_id', '=', accountId).returning('account_id').executeTakeFirst()
  return row !== undefined
}

/** Puts new recovery codes in the place of all there were. */
export async function replaceRecoveryCodes(db: IdentityDb, accountId: string, digests: readonly string[]): Promise<void> {
  await db.deleteFrom('identity.recovery_code').where('account_id', '=', accountId).execute()
  await db
    .insertInto('identity.recovery_code')
    .values(digests.map((digest) => ({ account_id: accountId, code_hash: digest })))
    .execute()
}

export async function countRecoveryCodes(db: IdentityDb, accountId: string): Promise<number> {
  const rows = await db.selectFrom('identity.recovery_code').select('code_hash').where('account_id', '=', accountId).execute()
  return rows.length
}

/** Takes a recovery code; it is gone afterwards. */
export async function takeRecoveryCode(db: IdentityDb, accountId: string, digest: string): Promise<boolean> {
  const row = await db
    .deleteFrom('identity.recovery_code')
    .where('account_id', '=', accountId)
    .where('code_hash', '=', digest)
    .returning('code_hash')
    .executeTakeFirst()
  return row !== undefined
}

/** A right first factor waits this long for the second. */
const pendingMs = 5 * 60 * 1000

export async function insertPending(db: IdentityDb, pending: { tokenHash: string; accountId: string; signedInBy: SignedInBy; at: Date }) {
  await db
    .deleteFrom('identity.pending_sign_in')
    .where('created_at', '<=', new Date(pending.at.getTime() - pendingMs))
    .execute()
  await db
    .insertInto('identity.pending_sign_in')
    .values({ token_hash: pending.tokenHash, account_id: pending.accountId, signed_in_by: pending.signedInBy, created_at: pending.at })
    .execute()
}

export async function findPending(db: IdentityDb, tokenHash: string, now: Date) {
  return db
    .selectFrom('identity.pending_sign_in')
    .select(['account_id', 'signed_in_by'])
    .where('token_hash', '=', tokenHash)
    .where('created_at', '>', new Date(now.getTime() - pendingMs))
    .executeTakeFirst()
}

/** True for the one request that ends the waiting. */
export async function endPending(db: IdentityDb, tokenHash: string): Promise<boolean> {
  const row = await db.deleteFrom('identity.pending_sign_in').where('token_hash', '=', tokenHash).returning('token_hash').executeTakeFirst()
  return row !== undefined
}
