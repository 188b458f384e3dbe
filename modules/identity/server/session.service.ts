import { randomUUID } from 'node:crypto'
import { type Actor, type Ctx, InvalidValue, inTransaction, NotSignedIn, notFound, recordAudit, todayInShanghai } from '@tongchou/kernel'
import { findAccount, setCurrentPost } from './account.store.ts'
import { type Credential, toActor } from './authenticate.ts'
import { type LentPostRow, lentDuties, postsLentTo } from './delegation.store.ts'
import { identityDb, type SignedInBy } from './identity.tables.ts'
import { currentPostsOfPeople, toPost } from './post.store.ts'
import { findPreferences } from './preference.store.ts'
import { relationsOfPerson, toRelationPost } from './relation.store.ts'
import { newSecret } from './secret.ts'
import { inForce } from './security-settings.store.ts'
import { readSession } from './session.permissions.ts'
import type { Me, SessionPost } from './session.schema.ts'
import {
  endAllSessions,
  endSession,
  endSessionById,
  endSessionsOfAccount,
  findHolderAt,
  insertSession,
  lockSession,
  renewSession,
  type StandsAt,
  standsAt,
} from './session.store.ts'
import { passwordDaysLeft, unfinishedOf } from './standing.ts'

/** What the demo city is: its published password, or null where there is none. */
export type DemoMode = { password: string } | null

/** A new session: the secret goes into the cookie, `user` into the answer. */
export interface StartedSession {
  secret: string
  user: Me
}

/** Ends everybody's sign-in (全部退出): those of a restored system were perhaps ended since. Answers how many there were. */
export async function endEverySession(ctx: Ctx): Promise<number> {
  return endAllSessions(identityDb(ctx))
}

/** Signs out (退出). */
export async function signOut(ctx: Ctx, credential: Credential): Promise<void> {
  await inTransaction(ctx, async (tx) => {
    await endSession(identityDb(tx), credential.digest)
    await recordAudit(tx, 'session.ended', { kind: 'account', id: tx.actor.accountId })
  })
}

/** Switches to another post of the same person (切换岗位): the session goes on under a new secret; the next sign-in begins there. */
export async function switchPost(ctx: Ctx, demo: DemoMode, postId: string, credential: Credential): Promise<StartedSession> {
  return inTransaction(ctx, async (tx) => {
    const today = todayInShanghai(tx.now())
    const posts = await currentPostsOfPeople(identityDb(tx), [tx.actor.personId], today)
    const isOwn = posts.some((post) => post.post_id === postId)
    const lent = isOwn ? [] : await postsLentTo(identityDb(tx), tx.actor.personId, today)
    const related = isOwn ? [] : await relationsOfPerson(identityDb(tx), tx.actor.personId, today)
    if (!isOwn && !lent.some((post) => post.post_id === postId) && !related.some((one) => one.relation_id === postId))
      throw new InvalidValue('session.not_own_post', '不是本人现任或受托的岗位，请从本人岗位中选择。', [
        { path: 'postId', message: '不是本人现任或受托的岗位' },
      ])
    // The next sign-in begins at a post of one's own.
    if (isOwn) await setCurrentPost(identityDb(tx), tx.actor.accountId, postId)
    const { actor, secret } = await renew(tx, credential, postId)
    await recordAudit(
      { ...tx, actor },
      'session.post_switched',
      { kind: 'account', id: actor.accountId },
      { from: tx.actor.postId, to: postId },
    )
    return { secret, user: await me({ ...tx, actor }, demo) }
  })
}

/** Ends another session (结束会话): one's own, or anybody's for the security administrator. */
export async function endOtherSession(ctx: Ctx, id: string): Promise<void> {
  await inTransaction(ctx, async (tx) => {
    const db = identityDb(tx)
    const session = await lockSession(db, id)
    if (!session || !readSession.allows(tx.actor, session)) throw notFound('会话')
    await endSessionById(db, id)
    await recordAudit(tx, 'session.revoked', { kind: 'account', id: session.accountId }, { session: id })
  })
}

/** Ends every own session but this one (结束其他会话). */
export async function endOwnOtherSessions(ctx: Ctx, credential: Credential): Promise<{ ended: number }> {
  return inTransaction(ctx, async (tx) => {
    const ended = await endSessionsOfAccount(identityDb(tx), tx.actor.accountId, credential.digest)
    await recordAudit(tx, 'session.others_revoked', { kind: 'account', id: tx.actor.accountId }, { ended })
    return { ended }
  })
}

/** Ends every other session of the account, and gives this one a new secret: for whatever changes how one gets in. */
export async function renewOnlySession(ctx: Ctx, credential: Credential): Promise<{ secret: string }> {
  await endSessionsOfAccount(identityDb(ctx), ctx.actor.accountId, credential.digest)
  const { secret } = await renew(ctx, credential, ctx.actor.postId)
  return { secret }
}

async function renew(ctx: Ctx, credential: Credential, postId: string): Promise<{ actor: Actor; secret: string }> {
  const { actor, stands } = await actorAt(ctx, ctx.actor.accountId, postId)
  const { secret, digest } = newSecret()
  if (!(await renewSession(identityDb(ctx), credential.digest, { tokenHash: digest, standsAt: stands })))
    throw new NotSignedIn('session.required', '登录已在别处结束，请重新登录。')
  return { actor, secret }
}

/** Begins a session at a post or a relation, always under a new secret. */
export async function startSession(
  ctx: Ctx,
  accountId: string,
  postId: string,
  { address, browser, signedInBy }: { address: string; browser: string; signedInBy: SignedInBy },
): Promise<{ actor: Actor; secret: string }> {
  const { actor, stands } = await actorAt(ctx, accountId, postId)
  const { secret, digest } = newSecret()
  const session = { id: randomUUID(), tokenHash: digest, accountId, standsAt: stands, at: ctx.now() }
  await insertSession(identityDb(ctx), { ...session, address, browser, signedInBy })
  return { actor, secret }
}

async function actorAt(ctx: Ctx, accountId: string, postId: string): Promise<{ actor: Actor; stands: StandsAt }> {
  const db = identityDb(ctx)
  const holder = await findHolderAt(db, postId, accountId, ctx.now())
  if (!holder) throw new NotSignedIn('session.required', '账号或岗位刚刚发生变化，请重新登录。')
  return { actor: await toActor(db, holder, todayInShanghai(ctx.now())), stands: standsAt(holder) }
}

/** Who is signed in, at which post, with which duties. */
export async function me(ctx: Ctx, demo: DemoMode): Promise<Me> {
  const db = identityDb(ctx)
  const { accountId, personId, name, postId } = ctx.actor
  const account = await findAccount(db, accountId)
  const today = todayInShanghai(ctx.now())
  const own = (await currentPostsOfPeople(db, [personId], today)).map((row) => ({ ...toPost(row), delegation: null }))
  const lent = (await postsLentTo(db, personId, today)).map(toLentPost)
  const related = (await relationsOfPerson(db, personId, today)).map(toRelationPost)
  const posts = [...own, ...lent, ...related].map((post) => ({ ...post, current: post.id === postId }))
  const current = posts.find((post) => post.current)
  const holder = await findHolderAt(db, postId, accountId, ctx.now())
  if (!account || !current || !holder) throw new NotSignedIn('session.required', '请先登录。')
  const settings = inForce(holder.security, demo !== null)
  const unfinished = unfinishedOf(holder, settings, ctx.now())
  const { textSize, contrast } = await findPreferences(db, account.id)
  return {
    person: { id: personId, name },
    account: {
      id: account.id,
      username: account.username,
      mustChangePassword: unfinished === 'initial-password' || unfinished === 'expired-password',
      passwordDaysLeft: passwordDaysLeft(holder, settings, ctx.now()),
    },
    unfinished,
    post: current,
    posts,
    roles: current.duties,
    relation: ctx.actor.relation ?? null,
    display: { textSize, contrast },
    demo: demo !== null,
    now: ctx.now().toISOString(),
  }
}

function toLentPost(row: LentPostRow): Omit<SessionPost, 'current'> {
  const from = { personId: row.person_id, name: row.person_name }
  return { ...toPost(row), duties: lentDuties(row), delegation: { id: row.delegation_id, from, validTo: row.lent_until } }
}
