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

/** The wishes of people for notices; who has never said anything is not in it. */
export async function noticeWishesOf(
  db: IdentityDb,
  personIds: readonly string[],
): Promise<{ person_id: string; wishes: Preferences['noticeWishes'] }[]> {
  if (personIds.length === 0) return []
  const rows = await db
    .selectFrom('identity.account as a')
    .innerJoin('identity.preference as p', 'p.account_id', 'a.id')
    .select(['a.person_id', 'p.content'])
    .where('a.person_id', 'in', [...personIds])
    .execute()
  return rows.map(({ person_id, content }) => ({ person_id, wishes: content.noticeWishes ?? defaultPreferences.noticeWishes }))
}
