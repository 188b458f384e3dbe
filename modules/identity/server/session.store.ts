import { todayInShanghai } from '@tongchou/kernel'
import { sql } from 'kysely'
import { type LentPostRow, lentPosts } from './delegation.store.ts'
import type { IdentityDb } from './identity.tables.ts'
import { currentPosts } from './post.store.ts'

export interface NewSession {
  id: string
  tokenHash: string
  accountId: string
  postId: string
  /** Set where the post is lent to the account's person. */
  delegationId?: string | null
  at: Date
  idleExpiresAt: Date
  expiresAt: Date
}

export async function insertSession(db: IdentityDb, session: NewSession): Promise<void> {
  await db
    .insertInto('identity.session')
    .values({
      id: session.id,
      token_hash: session.tokenHash,
      account_id: session.accountId,
      post_id: session.postId,
      delegation_id: session.delegationId ?? null,
      created_at: session.at,
      last_seen_at: session.at,
      idle_expires_at: session.idleExpiresAt,
      expires_at: session.expiresAt,
    })
    .execute()
}

/** The account's active holder at a post of today: the common part of session and token. */
function activeHolders(db: IdentityDb, now: Date) {
  return currentPosts(db, todayInShanghai(now))
    .innerJoin('identity.account as account', 'account.person_id', 'person.id')
    .where('account.status', '=', 'active')
    .select(['account.id as account_id', 'account.username', 'account.must_change'])
}

/** A session that is neither over nor idle for too long, of an active account at a post that is still held, or still lent to it. */
export async function findSession(db: IdentityDb, tokenHash: string, now: Date) {
  return (await findOwnSession(db, tokenHash, now)) ?? (await findLentSession(db, tokenHash, now))
}

async function findLentSession(db: IdentityDb, tokenHash: string, now: Date) {
  return lentPosts(db, todayInShanghai(now))
    .innerJoin('identity.session as session', (join) =>
      join
        .onRef('session.account_id', '=', 'account.id')
        .onRef('session.post_id', '=', 'post.id')
        .onRef('session.delegation_id', '=', 'lent.id'),
    )
    .select(['session.id as session_id', 'session.last_seen_at', 'session.expires_at'])
    .where('session.token_hash', '=', tokenHash)
    .where('session.expires_at', '>', now)
    .where('session.idle_expires_at', '>', now)
    .executeTakeFirst()
}

async function findOwnSession(db: IdentityDb, tokenHash: string, now: Date) {
  return activeHolders(db, now)
    .innerJoin('identity.session as session', (join) =>
      join.onRef('session.account_id', '=', 'account.id').onRef('session.post_id', '=', 'post.id'),
    )
    .select(['session.id as session_id', 'session.last_seen_at', 'session.expires_at'])
    .where('session.token_hash', '=', tokenHash)
    .where('session.expires_at', '>', now)
    .where('session.idle_expires_at', '>', now)
    .executeTakeFirst()
}

/** A machine token that has not expired, of an active account at a post that is still held. */
export async function findToken(db: IdentityDb, tokenHash: string, now: Date) {
  return activeHolders(db, now)
    .innerJoin('identity.token as token', (join) =>
      join.onRef('token.account_id', '=', 'account.id').onRef('token.post_id', '=', 'post.id'),
    )
    .select(['token.id as token_id', sql<Date | null>`token.last_seen_at`.as('last_seen_at')])
    .where('token.token_hash', '=', tokenHash)
    .where('token.expires_on', '>=', todayInShanghai(now))
    .executeTakeFirst()
}

/** The holder of a post as an actor needs it, through the person's account. */
export async function findHolder(db: IdentityDb, postId: string, now: Date) {
  return activeHolders(db, now).where('post.id', '=', postId).executeTakeFirst()
}

/** Who an account is at a post today: its holder, or whom it is lent to (委托代理). */
export async function findHolderAt(db: IdentityDb, postId: string, accountId: string, now: Date): Promise<HolderRow | undefined> {
  const own = await findHolder(db, postId, now)
  if (own?.account_id === accountId) return own
  return lentPosts(db, todayInShanghai(now)).where('post.id', '=', postId).where('account.id', '=', accountId).executeTakeFirst()
}

export type OwnHolderRow = NonNullable<Awaited<ReturnType<typeof findHolder>>>
export type HolderRow = OwnHolderRow | LentPostRow

export async function touchSession(db: IdentityDb, id: string, now: Date, idleExpiresAt: Date): Promise<void> {
  await db.updateTable('identity.session').set({ last_seen_at: now, idle_expires_at: idleExpiresAt }).where('id', '=', id).execute()
}

export async function touchToken(db: IdentityDb, id: string, now: Date): Promise<void> {
  await db.updateTable('identity.token').set({ last_seen_at: now }).where('id', '=', id).execute()
}

export async function endSession(db: IdentityDb, tokenHash: string): Promise<void> {
  await db.deleteFrom('identity.session').where('token_hash', '=', tokenHash).execute()
}

export async function endSessionsOfAccount(db: IdentityDb, accountId: string): Promise<void> {
  await db.deleteFrom('identity.session').where('account_id', '=', accountId).execute()
}

export async function endSessionsOfPost(db: IdentityDb, postId: string): Promise<void> {
  await db.deleteFrom('identity.session').where('post_id', '=', postId).execute()
}

/** Forgets sessions that are over; called at sign-in, so that nothing has to run for it. */
export async function forgetExpiredSessions(db: IdentityDb, accountId: string, now: Date): Promise<void> {
  await db
    .deleteFrom('identity.session')
    .where('account_id', '=', accountId)
    .where((eb) => eb.or([eb('expires_at', '<=', now), eb('idle_expires_at', '<=', now)]))
    .execute()
}
