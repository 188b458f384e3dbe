import { sql } from 'kysely'
import type { IdentityDb } from './identity.tables.ts'
import { digestOf } from './secret.ts'
import type { CommonSettings } from './security-settings.schema.ts'

/** After how many wrong attempts under one name signing in is closed, and for how many minutes. */
export type LockOut = Pick<CommonSettings, 'lockOutAttempts' | 'lockOutMinutes'>

/**
 * Counts an attempt before its password is looked at, so that a hundred attempts at once are five guesses and not a hundred.
 * Answers until when the name is locked, or undefined when this attempt may be made.
 */
export async function claimAttempt(
  db: IdentityDb,
  { lockOutAttempts: maxFailures, lockOutMinutes }: LockOut,
  username: string,
  now: Date,
): Promise<{ count: number; lockedUntil?: Date }> {
  const lockOutMs = lockOutMinutes * 60_000
  const stale = new Date(now.getTime() - lockOutMs)
  const key = keyOf(username)
  await db.deleteFrom('identity.sign_in_failure').where('last_failed_at', '<=', stale).execute()
  const row = await db
    .insertInto('identity.sign_in_failure')
    .values({ username_digest: key, failed_count: 1, last_failed_at: now })
    .onConflict((c) =>
      c.column('username_digest').doUpdateSet({
        failed_count: sql`least(sign_in_failure.failed_count + 1, ${maxFailures + 1})`,
        // attempts while locked do not make the lock longer, or anybody could keep a colleague out for good
        last_failed_at: sql`case when sign_in_failure.failed_count >= ${maxFailures} then sign_in_failure.last_failed_at else excluded.last_failed_at end`,
      }),
    )
    .returning(['failed_count', 'last_failed_at'])
    .executeTakeFirstOrThrow()
  if (row.failed_count <= maxFailures) return { count: row.failed_count }
  return { count: row.failed_count, lockedUntil: new Date(row.last_failed_at.getTime() + lockOutMs) }
}

/** Takes back the claim of an attempt that was right but not the last: the failures before it stay counted. */
export async function releaseAttempt(db: IdentityDb, username: string): Promise<void> {
  await db
    .updateTable('identity.sign_in_failure')
    .set({ failed_count: sql`greatest(failed_count - 1, 0)` })
    .where('username_digest', '=', keyOf(username))
    .execute()
}

/** After a right password, or when an administrator sets a new one. */
export async function forgetFailures(db: IdentityDb, username: string): Promise<void> {
  await db.deleteFrom('identity.sign_in_failure').where('username_digest', '=', keyOf(username)).execute()
}

function keyOf(username: string): string {
  return digestOf(username.toLowerCase())
}
