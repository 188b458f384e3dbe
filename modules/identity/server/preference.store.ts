import type { IdentityDb } from './identity.tables.ts'
import { defaultPreferences, type Preferences } from './preference.schema.ts'

/** With the default for what an earlier version did not keep yet. */
export async function findPreferences(db: IdentityDb, accountId: string): Promise<Preferences> {
  const row = await db.selectFrom('identity.preference').select('content').where('account_id', '=', accountId).executeTakeFirst()
  return { ...defaultPreferences, ...row?.content }
}

export async function putPreferences(db: IdentityDb, accountId: string, preferences: Preferences, at: Date): Promise<void> {
  const content = JSON.stringify(preferences)
  await db
    .insertInto('identity.preference')
    .values({ account_id: accountId, content, updated_at: at })
    .onConflict((c) => c.column('account_id').doUpdateSet({ content, updated_at: at }))
    .execute()
}
