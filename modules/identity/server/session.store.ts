import { plannedOnce, todayInShanghai } from '@tongchou/kernel'
import { sql } from 'kysely'
import { type LentPostRow, lentPosts } from './delegation.store.ts'
import type { IdentityDb, SignedInBy } from './identity.tables.ts'
import { currentPosts } from './post.store.ts'
import { currentRelations, type RelationHolderRow } from './relation.store.ts'
import { storedSettings } from './security-settings.store.ts'

export interface NewSession {
  id: string
  tokenHash: string
  accountId: string
  standsAt: StandsAt
  at: Date
  address: string
  browser: string
  signedInBy: SignedInBy
}

/** Where a session stands: at a post, perhaps a lent one, or at a relation. */
export interface StandsAt {
  postId: string | null
  /** Set where the post is lent to the account's person. */
  delegationId: string | null
  relationId: string | null
}

export async function insertSession(db: IdentityDb, session: NewSession): Promise<void> {
  await db
    .insertInto('identity.session')
    .values({
      id: session.id,
      token_hash: session.tokenHash,
      account_id: session.accountId,
      post_id: session.standsAt.postId,
      delegation_id: session.standsAt.delegationId,
      relation_id: session.standsAt.relationId,
      created_at: session.at,
      last_seen_at: session.at,
      address: session.address,
      browser: session.browser,
      signed_in_by: session.signedInBy,
    })
    .execute()
}

/** Ends every session there is (结束全部登录); answers how many. */
export async function endAllSessions(db: IdentityDb): Promise<number> {
  const { numDeletedRows } = await db.deleteFrom('identity.session').executeTakeFirst()
  return Number(numDeletedRows)
}

/** The account's active holder at a post of today: the common part of session and token. */
function activeHolders(db: IdentityDb, now: Date) {
  return currentPosts(db, todayInShanghai(now))
    .innerJoin('identity.account as account', 'account.person_id', 'person.id')
    .leftJoin('identity.second_factor as factor', (join) =>
      join.onRef('factor.account_id', '=', 'account.id').on('factor.confirmed_at', 'is not', null),
    )
    .where('account.status', '=', 'active')
    .select(['account.id as account_id', 'account.username', 'account.must_change', 'account.password_changed_at'])
    .select(['account.published_password', 'factor.kind as second_factor', storedSettings.as('security')])
}

/**
 * A session of an active account at a post that is still held, or still lent to it, or at a relation that still holds. Whether it is over is
 * for the settings to say.
 */
export async function findSession(db: IdentityDb, tokenHash: string, now: Date) {
  return (
    (await findOwnSession(db, tokenHash, now)) ??
    (await findLentSession(db, tokenHash, now)) ??
    (await findRelatedSession(db, tokenHash, now))
  )
}

async function findRelatedSession(db: IdentityDb, tokenHash: string, now: Date) {
  return currentRelations(db, todayInShanghai(now))
    .innerJoin('identity.session as session', (join) =>
      join.onRef('session.account_id', '=', 'account.id').onRef('session.relation_id', '=', 'relation.id'),
    )
    .select(['session.id as session_id', 'session.created_at', 'session.last_seen_at', 'session.signed_in_by'])
    .modifyFront(plannedOnce)
    .where('session.token_hash', '=', tokenHash)
    .executeTakeFirst()
}

async function findLentSession(db: IdentityDb, tokenHash: string, now: Date) {
  return lentPosts(db, todayInShanghai(now))
    .innerJoin('identity.session as session', (join) =>
      join
        .onRef('session.account_id', '=', 'account.id')
        .onRef('session.post_id', '=', 'post.id')
        .onRef('session.delegation_id', '=', 'lent.id'),
    )
    .select(['session.id as session_id', 'session.created_at', 'session.last_seen_at', 'session.signed_in_by'])
    .modifyFront(plannedOnce)
    .where('session.token_hash', '=', tokenHash)
    .executeTakeFirst()
}

async function findOwnSession(db: IdentityDb, tokenHash: string, now: Date) {
  return activeHolders(db, now)
    .innerJoin('identity.session as session', (join) =>
      join.onRef('session.account_id', '=', 'account.id').onRef('session.post_id', '=', 'post.id'),
    )
    .select(['session.id as session_id', 'session.created_at', 'session.last_seen_at', 'session.signed_in_by'])
    .modifyFront(plannedOnce)
    .where('session.token_hash', '=', tokenHash)
    .executeTakeFirst()
}

/** A machine token that has not expired, of an active account at a post that is still held. */
export async function findToken(db: IdentityDb, tokenHash: string, now: Date) {
  return activeHolders(db, now)
    .innerJoin('identity.token as token', (join) =>
      join.onRef('token.account_id', '=', 'account.id').onRef('token.post_id', '=', 'post.id'),
    )
    .select(['token.id as token_id', 'token.access', 'token.tags', sql<Date | null>`token.last_seen_at`.as('last_seen_at')])
    .modifyFront(plannedOnce)
    .where('token.token_hash', '=', tokenHash)
    .where('token.expires_on', '>=', todayInShanghai(now))
    .executeTakeFirst()
}

/** The holder of a post as an actor needs it, through the person's account. */
export async function findHolder(db: IdentityDb, postId: string, now: Date) {
  return activeHolders(db, now).modifyFront(plannedOnce).where('post.id', '=', postId).executeTakeFirst()
}

/** Who an account is at a post today: its holder, or whom it is lent to (委托代理); or at a relation, by whose id it is asked for then. */
export async function findHolderAt(db: IdentityDb, postId: string, accountId: string, now: Date): Promise<HolderRow | undefined> {
  const own = await findHolder(db, postId, now)
  if (own?.account_id === accountId) return own
  const today = todayInShanghai(now)
  return (
    (await lentPosts(db, today).where('post.id', '=', postId).where('account.id', '=', accountId).executeTakeFirst()) ??
    (await currentRelations(db, today).where('relation.id', '=', postId).where('account.id', '=', accountId).executeTakeFirst())
  )
}

export type OwnHolderRow = NonNullable<Awaited<ReturnType<typeof findHolder>>>
export type HolderRow = OwnHolderRow | LentPostRow | RelationHolderRow

/** Where a session of this holder stands. */
export function standsAt(holder: HolderRow): StandsAt {
  if ('relation_id' in holder) return { postId: null, delegationId: null, relationId: holder.relation_id }
  return { postId: holder.post_id, delegationId: 'lent_until' in holder ? holder.delegation_id : null, relationId: null }
}

export async function touchSession(db: IdentityDb, id: string, now: Date): Promise<void> {
  await db.updateTable('identity.session').set({ last_seen_at: now }).where('id', '=', id).execute()
}

/** Gives a running session another secret, and if told another place to stand at; false when it has ended meanwhile. */
export async function renewSession(db: IdentityDb, tokenHash: string, next: { tokenHash: string; standsAt: StandsAt }): Promise<boolean> {
  const { postId, delegationId, relationId } = next.standsAt
  const row = await db
    .updateTable('identity.session')
    .set({ token_hash: next.tokenHash, post_id: postId, delegation_id: delegationId, relation_id: relationId })
    .where('token_hash', '=', tokenHash)
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}

export async function touchToken(db: IdentityDb, id: string, now: Date): Promise<void> {
  await db.updateTable('identity.token').set({ last_seen_at: now }).where('id', '=', id).execute()
}

/** How a running session began. */
export async function findSessionStart(db: IdentityDb, tokenHash: string): Promise<SignedInBy | undefined> {
  const row = await db.selectFrom('identity.session').select('signed_in_by').where('token_hash', '=', tokenHash).executeTakeFirst()
  return row?.signed_in_by
}

export async function endSession(db: IdentityDb, tokenHash: string): Promise<void> {
  await db.deleteFrom('identity.session').where('token_hash', '=', tokenHash).execute()
}

/** Ends all sessions of an account but the one named, and the sign-ins that wait for a second factor. Answers how many sessions. */
export async function endSessionsOfAccount(db: IdentityDb, accountId: string, exceptTokenHash?: string): Promise<number> {
  await db.deleteFrom('identity.pending_sign_in').where('account_id', '=', accountId).execute()
  let ending = db.deleteFrom('identity.session').where('account_id', '=', accountId)
  if (exceptTokenHash !== undefined) ending = ending.where('token_hash', '!=', exceptTokenHash)
  return (await ending.returning('id').execute()).length
}

export async function endSessionsOfPost(db: IdentityDb, postId: string): Promise<void> {
  await db.deleteFrom('identity.session').where('post_id', '=', postId).execute()
}

export async function endSessionsOfRelation(db: IdentityDb, relationId: string): Promise<void> {
  await db.deleteFrom('identity.session').where('relation_id', '=', relationId).execute()
}

/** Forgets sessions that are over and, of those that run, all but the `kept` used last; called at sign-in, so that nothing has to run for it. */
export async function forgetOldSessions(
  db: IdentityDb,
  accountId: string,
  over: { begunBy: Date; seenBy: Date; kept: number },
): Promise<void> {
  await db
    .deleteFrom('identity.session')
    .where('account_id', '=', accountId)
    .where((eb) => eb.or([eb('created_at', '<=', over.begunBy), eb('last_seen_at', '<=', over.seenBy)]))
    .execute()
  await db
    .deleteFrom('identity.session')
    .where('account_id', '=', accountId)
    .where('id', 'not in', (eb) =>
      eb
        .selectFrom('identity.session')
        .select('id')
        .where('account_id', '=', accountId)
        .orderBy('last_seen_at', 'desc')
        .orderBy('created_at', 'desc')
        .limit(over.kept),
    )
    .execute()
}

export async function lockSession(db: IdentityDb, id: string): Promise<{ accountId: string } | undefined> {
  const row = await db.selectFrom('identity.session').select('account_id').where('id', '=', id).forUpdate().executeTakeFirst()
  return row && { accountId: row.account_id }
}

export async function endSessionById(db: IdentityDb, id: string): Promise<void> {
  await db.deleteFrom('identity.session').where('id', '=', id).execute()
}
