import { type Ctx, decodeCursor, toPage } from '@tongchou/kernel'
import { sql } from 'kysely'
import { identityDb } from './identity.tables.ts'
import type { LockOut } from './sign-in-failure.store.ts'

/** Accounts that are closed for now (登录暂停), the latest first. Names that belong to no account are not told. */
export async function listLockOuts(ctx: Ctx, { lockOutAttempts, lockOutMinutes }: LockOut, page: { limit?: number; cursor?: string }) {
  const limit = page.limit ?? 50
  const after = decodeCursor(page.cursor, ['instant', 'id'])
  let query = identityDb(ctx)
    .selectFrom('identity.sign_in_failure as failure')
    .innerJoin('identity.account as account', (join) =>
      join.on(sql<boolean>`failure.username_digest = encode(sha256(convert_to(lower(account.username), 'UTF8')), 'hex')`),
    )
    .innerJoin('identity.person as person', 'person.id', 'account.person_id')
    .select(['account.id', 'account.username', 'person.id as person_id', 'person.name', 'failure.last_failed_at'])
    .where('failure.failed_count', '>=', lockOutAttempts)
    .where('failure.last_failed_at', '>', new Date(ctx.now().getTime() - lockOutMinutes * 60_000))
  if (after) query = query.where(sql<boolean>`(failure.last_failed_at, account.id::text) < (${after[0]}::timestamptz, ${after[1]})`)
  const rows = await query
    .orderBy('failure.last_failed_at', 'desc')
    .orderBy(sql`account.id::text`, 'desc')
    .limit(limit + 1)
    .execute()
  return toPage(
    rows,
    limit,
    (row) => [row.last_failed_at.toISOString(), row.id],
    (row) => ({
      account: { id: row.id, username: row.username },
      person: { id: row.person_id, name: row.name },
      lockedAt: row.last_failed_at.toISOString(),
      lockedUntilAt: new Date(row.last_failed_at.getTime() + lockOutMinutes * 60_000).toISOString(),
    }),
  )
}
