import { type Kysely, sql } from 'kysely'
import type { KernelTables } from '../tables.ts'
import type { KeyPurpose } from './key-ring.ts'

/** Ids of the keys of a purpose that something in the database still needs, the newest last. */
export async function keysInUse(db: Kysely<KernelTables>, purpose: KeyPurpose): Promise<string[]> {
  const rows = await db
    .selectFrom('kernel.known_key')
    .select('id')
    .where('purpose', '=', purpose)
    .where('given_up_at', 'is', null)
    .orderBy('first_used_at')
    .orderBy('id')
    .execute()
  return rows.map(({ id }) => id)
}

/** Notes a key by its id and, of a pair, its public half; true when it was not known. */
export async function noteKey(
  db: Kysely<KernelTables>,
  key: { id: string; purpose: KeyPurpose; publicKey: string | null; at: Date },
): Promise<boolean> {
  const row = await db
    .insertInto('kernel.known_key')
    .values({ id: key.id, purpose: key.purpose, public_key: key.publicKey, first_used_at: key.at })
    .onConflict((c) => c.column('id').doUpdateSet({ given_up_at: null }).where(sql<boolean>`known_key.given_up_at is not null`))
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}

/** Nothing is sealed under these any more, or what was made under them is given up. */
export async function giveUpKeys(db: Kysely<KernelTables>, ids: readonly string[], at: Date): Promise<void> {
  await db
    .updateTable('kernel.known_key')
    .set({ given_up_at: at })
    .where('purpose', 'in', ['sealing', 'digest'])
    .where('id', 'in', ids)
    .execute()
}
