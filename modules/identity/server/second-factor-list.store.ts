import { type Ctx, decodeCursor, toPage } from '@tongchou/kernel'
import { sql } from 'kysely'
import { identityDb } from './identity.tables.ts'

/** Accounts that sign in with a second factor (已启用动态口令), by name. */
export async function listSecondFactors(ctx: Ctx, filter: { q?: string; limit?: number; cursor?: string }) {
  const limit = filter.limit ?? 50
  const after = decodeCursor(filter.cursor, ['text', 'id'])
  let query = identityDb(ctx)
    .selectFrom('identity.second_factor as factor')
    .innerJoin('identity.account as account', 'account.id', 'factor.account_id')
    .innerJoin('identity.person as person', 'person.id', 'account.person_id')
    .select(['account.id', 'account.username', 'person.id as person_id', 'person.name'])
    .select(sql<Date>`factor.confirmed_at`.as('confirmed_at'))
    .where('factor.confirmed_at', 'is not', null)
  if (filter.q) query = query.where(sql<boolean>`strpos(lower(person.name || ' ' || account.username), lower(${filter.q})) > 0`)
  if (after) query = query.where(sql<boolean>`(person.name collate "C", account.id::text) > (${after[0]}, ${after[1]})`)
  const rows = await query
    .orderBy(sql`person.name collate "C"`)
    .orderBy(sql`account.id::text`)
    .limit(limit + 1)
    .execute()
  return toPage(
    rows,
    limit,
    (row) => [row.name, row.id],
    (row) => ({
      account: { id: row.id, username: row.username },
      person: { id: row.person_id, name: row.name },
      since: row.confirmed_at.toISOString(),
    }),
  )
}
