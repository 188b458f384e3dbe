import { randomUUID } from 'node:crypto'
import {
  type Actor,
  type Ctx,
  InvalidValue,
  inTransaction,
  NotPermitted,
  NotSignedIn,
  recordAudit,
  recordRefusal,
  TooManyRequests,
  todayInShanghai,
} from '@tongchou/kernel'
import { refuseWeakPassword } from './account.service.ts'
import { type AccountRecord, findAccount, findAccountByUsername, lockAccount, setCurrentPost, setPassword } from './account.store.ts'
import { type Credential, sessionIdleMs, sessionMaxMs, toActor } from './authenticate.ts'
import { type LentPostRow, lentDuties, postsLentTo } from './delegation.store.ts'
import { identityDb } from './identity.tables.ts'
import { hashPassword, verifyPassword } from './password.ts'
import { currentPostsOfPeople, toPost } from './post.store.ts'
import { findPreferences } from './preference.store.ts'
import { newSecret } from './secret.ts'
import type { ChangePassword, Me, SessionPost, SignIn } from './session.schema.ts'
import { endSession, endSessionsOfAccount, findHolderAt, forgetExpiredSessions, insertSession } from './session.store.ts'
import { claimAttempt, forgetFailures, maxFailures } from './sign-in-failure.store.ts'

/** What the demo city is: its published password, or null where there is none. */
export type DemoMode = { password: string } | null

/** A new session: the secret goes into the cookie, `user` into the answer. */
export interface StartedSession {
  secret: string
  user: Me
}

/**
 * Signs in (登录). A name that does not exist, a wrong password and the fifth failure look and last the same; after five, the name is
 * closed for ten minutes. `previous` is the digest of a session that the same browser still had: it ends.
 * @param ctx nobody's context: the actor is the platform
 */
export async function signIn(ctx: Ctx, demo: DemoMode, input: SignIn, previous?: string): Promise<StartedSession> {
  const db = identityDb(ctx)
  const account = await verifyAttempt(ctx, input)
  if (account.status !== 'active') throw new NotPermitted('account.disabled', '该账号已停用。如需使用，请联系系统管理员。')
  if (account.publishedPassword && demo === null)
    throw new NotPermitted('account.demo_only', '该账号使用公开的演示口令，只能在演示模式下登录。请联系系统管理员重置口令。')
  const posts = await currentPostsOfPeople(db, [account.personId], todayInShanghai(ctx.now()))
  const postId = posts.some((post) => post.post_id === account.currentPostId) ? account.currentPostId : posts[0]?.post_id
  if (postId == null) throw new NotPermitted('account.no_post', '该账号当前没有岗位。请联系系统管理员办理任职。')
  return inTransaction(ctx, async (tx) => {
    const locked = await lockAccount(identityDb(tx), account.id)
    // Disabled or reset while the hash was computed: a session made now would outlive what ended all the others.
    if (locked?.passwordHash !== account.passwordHash || locked.status !== 'active') throw wrongCredentials()
    await forgetFailures(identityDb(tx), account.username)
    await forgetExpiredSessions(identityDb(tx), account.id, tx.now())
    const { actor, secret } = await startSession(tx, account.id, postId, previous)
    await recordAudit({ ...tx, actor }, 'session.started', { kind: 'account', id: account.id })
    return { secret, user: await me({ ...tx, actor }, demo) }
  })
}

/** The account, or the refusal that every wrong attempt gets. */
async function verifyAttempt(ctx: Ctx, { username, password }: SignIn): Promise<AccountRecord> {
  const db = identityDb(ctx)
  const { count, lockedUntil } = await claimAttempt(db, username, ctx.now())
  if (lockedUntil) throw lockedOut(ctx, lockedUntil)
  const account = await findAccountByUsername(db, username)
  const right = await verifyPassword(account?.passwordHash, password)
  if (account && right) return account
  // The typed name is not kept: a password typed into the wrong field would stand in the audit log for ever.
  await recordRefusal(
    ctx,
    'session.started',
    { kind: 'account', id: account?.id ?? 'unknown' },
    { code: 'session.wrong_credentials', locked: count >= maxFailures },
  )
  throw wrongCredentials()
}

function wrongCredentials(): NotSignedIn {
  return new NotSignedIn('session.wrong_credentials', '用户名或口令不正确，请核对后重新登录。')
}

function lockedOut(ctx: Ctx, until: Date): TooManyRequests {
  const seconds = Math.max(1, Math.ceil((until.getTime() - ctx.now().getTime()) / 1000))
  return new TooManyRequests(
    'session.locked',
    `口令连续错误 ${maxFailures} 次，登录已暂停。请于 ${Math.ceil(seconds / 60)} 分钟后再试，或联系系统管理员重置口令。`,
    seconds,
  )
}

/** Signs out (退出). */
export async function signOut(ctx: Ctx, credential: Credential): Promise<void> {
  await inTransaction(ctx, async (tx) => {
    await endSession(identityDb(tx), credential.digest)
    await recordAudit(tx, 'session.ended', { kind: 'account', id: tx.actor.accountId })
  })
}

/** Switches to another post of the same person (切换岗位), under a new session; the next sign-in begins there. */
export async function switchPost(ctx: Ctx, demo: DemoMode, postId: string, credential: Credential): Promise<StartedSession> {
  return inTransaction(ctx, async (tx) => {
    const today = todayInShanghai(tx.now())
    const posts = await currentPostsOfPeople(identityDb(tx), [tx.actor.personId], today)
    const isOwn = posts.some((post) => post.post_id === postId)
    const lent = isOwn ? [] : await postsLentTo(identityDb(tx), tx.actor.personId, today)
    if (!isOwn && !lent.some((post) => post.post_id === postId))
      throw new InvalidValue('session.not_own_post', '不是本人现任或受托的岗位，请从本人岗位中选择。', [
        { path: 'postId', message: '不是本人现任或受托的岗位' },
      ])
    // The next sign-in begins at a post of one's own.
    if (isOwn) await setCurrentPost(identityDb(tx), tx.actor.accountId, postId)
    const { actor, secret } = await startSession(tx, tx.actor.accountId, postId, credential.digest)
    await recordAudit(
      { ...tx, actor },
      'session.post_switched',
      { kind: 'account', id: actor.accountId },
      { from: tx.actor.postId, to: postId },
    )
    return { secret, user: await me({ ...tx, actor }, demo) }
  })
}

/** Changes the own password (修改口令). Every other session of the account ends, this one goes on under a new token. */
export async function changePassword(ctx: Ctx, input: ChangePassword, credential: Credential): Promise<{ secret: string }> {
  const account = await findAccount(identityDb(ctx), ctx.actor.accountId)
  if (!account) throw new NotSignedIn('session.required', '请先登录。')
  const { lockedUntil } = await claimAttempt(identityDb(ctx), account.username, ctx.now())
  if (lockedUntil) throw lockedOut(ctx, lockedUntil)
  if (!(await verifyPassword(account.passwordHash, input.currentPassword)))
    throw new InvalidValue('password.current_wrong', '现用口令不正确，请重新填写。', [
      { path: 'currentPassword', message: '现用口令不正确' },
    ])
  await forgetFailures(identityDb(ctx), account.username)
  refuseWeakPassword(input.newPassword, account.username)
  if (await verifyPassword(account.passwordHash, input.newPassword))
    throw new InvalidValue('password.unchanged', '新口令不得与现用口令相同，请重新设置。', [
      { path: 'newPassword', message: '不得与现用口令相同' },
    ])
  const passwordHash = await hashPassword(input.newPassword)
  return inTransaction(ctx, async (tx) => {
    const db = identityDb(tx)
    const locked = await lockAccount(db, account.id)
    // Somebody else changed it while the hash was computed: what was checked above no longer holds.
    if (locked?.passwordHash !== account.passwordHash || locked.status !== 'active')
      throw new NotSignedIn('session.required', '口令已在别处更改，请重新登录。')
    await setPassword(db, account.id, passwordHash, false, tx.now())
    await endSessionsOfAccount(db, account.id)
    const { secret } = await startSession(tx, account.id, tx.actor.postId, credential.digest)
    await recordAudit(tx, 'account.password_changed', { kind: 'account', id: account.id })
    return { secret }
  })
}

async function startSession(
  ctx: Ctx,
  accountId: string,
  postId: string,
  previous: string | undefined,
): Promise<{ actor: Actor; secret: string }> {
  const db = identityDb(ctx)
  const now = ctx.now()
  if (previous !== undefined) await endSession(db, previous)
  const holder = await findHolderAt(db, postId, accountId, now)
  if (!holder) throw new NotSignedIn('session.required', '账号或岗位刚刚发生变化，请重新登录。')
  const { secret, digest } = newSecret()
  await insertSession(db, {
    id: randomUUID(),
    tokenHash: digest,
    accountId: holder.account_id,
    postId,
    delegationId: 'lent_until' in holder ? holder.delegation_id : null,
    at: now,
    idleExpiresAt: new Date(now.getTime() + sessionIdleMs),
    expiresAt: new Date(now.getTime() + sessionMaxMs),
  })
  return { actor: await toActor(db, holder, todayInShanghai(now)), secret }
}

/** Who is signed in, at which post, with which duties. */
export async function me(ctx: Ctx, demo: DemoMode): Promise<Me> {
  const db = identityDb(ctx)
  const account = await findAccount(db, ctx.actor.accountId)
  const today = todayInShanghai(ctx.now())
  const own = (await currentPostsOfPeople(db, [ctx.actor.personId], today)).map((row) => ({ ...toPost(row), delegation: null }))
  const lent = (await postsLentTo(db, ctx.actor.personId, today)).map(toLentPost)
  const posts = [...own, ...lent].map((post) => ({ ...post, current: post.id === ctx.actor.postId }))
  const current = posts.find((post) => post.current)
  if (!account || !current) throw new NotSignedIn('session.required', '请先登录。')
  const { textSize, contrast } = await findPreferences(db, account.id)
  return {
    person: { id: ctx.actor.personId, name: ctx.actor.name },
    account: { id: account.id, username: account.username, mustChangePassword: account.mustChange },
    post: current,
    posts,
    roles: current.duties,
    display: { textSize, contrast },
    demo: demo !== null,
    now: ctx.now().toISOString(),
  }
}

function toLentPost(row: LentPostRow): Omit<SessionPost, 'current'> {
  const from = { personId: row.person_id, name: row.person_name }
  return { ...toPost(row), duties: lentDuties(row), delegation: { id: row.delegation_id, from, validTo: row.lent_until } }
}
