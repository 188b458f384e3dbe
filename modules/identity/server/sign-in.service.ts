import {
  type Ctx,
  InvalidState,
  inTransaction,
  type KeyRing,
  NotPermitted,
  NotSignedIn,
  recordAudit,
  recordRefusal,
  todayInShanghai,
} from '@tongchou/kernel'
import { type AccountRecord, findAccount, findAccountByUsername, lockAccount } from './account.store.ts'
import { beginAttempt } from './attempt.service.ts'
import { overBy } from './authenticate.ts'
import { identityDb, type SignedInBy } from './identity.tables.ts'
import { verifyPassword } from './password.ts'
import { currentPostsOfPeople } from './post.store.ts'
import { findPreferences } from './preference.store.ts'
import { hadRelation, relationsOfPerson } from './relation.store.ts'
import { takeCode } from './second-factor.service.ts'
import { endPending, findPending, findSecondFactor, insertPending } from './second-factor.store.ts'
import { newSecret } from './secret.ts'
import { findCommonSettings, findSettings } from './security-settings.store.ts'
import type { SignIn } from './session.schema.ts'
import { type DemoMode, me, type StartedSession, startSession } from './session.service.ts'
import { endSession, forgetOldSessions } from './session.store.ts'
import { forgetFailures, releaseAttempt } from './sign-in-failure.store.ts'

/** Where a sign-in comes from. `previous` is the digest of a session that the same browser still had: it ends. */
export interface SignInOrigin {
  address: string
  browser: string
  previous?: string | undefined
}

/** A sign-in is done, or waits for the second factor under a secret of its own that opens nothing else. */
export type SignInStep = { started: StartedSession } | { pending: string }

/**
 * Signs in (登录). A name that does not exist, a wrong password and the last failure look and last the same; after as many as the city
 * allows, the name is closed for a while.
 * @param ctx nobody's context: the actor is the platform
 */
export async function signIn(ctx: Ctx, demo: DemoMode, input: SignIn, origin: SignInOrigin): Promise<SignInStep> {
  const account = await verifyAttempt(ctx, input)
  if (account.publishedPassword && demo === null)
    throw new NotPermitted('account.demo_only', '该账号使用公开的演示口令，只能在演示模式下登录。请联系系统管理员重置口令。')
  return admit(ctx, demo, account, 'password', origin)
}

/** Goes on after a right first factor, whichever it was: asks for the second, or begins the session. */
export async function admit(ctx: Ctx, demo: DemoMode, account: AccountRecord, by: SignedInBy, origin: SignInOrigin): Promise<SignInStep> {
  if (account.status !== 'active') throw new NotPermitted('account.disabled', '该账号已停用。如需使用，请联系系统管理员。')
  const db = identityDb(ctx)
  if (!(await findSecondFactor(db, account.id))?.confirmedAt) return { started: await begin(ctx, demo, account, by, origin, 'none') }
  // The failures before it stay counted, or a known password would make the code guessable.
  if (by === 'password') await releaseAttempt(db, account.username)
  const { secret, digest } = newSecret()
  await insertPending(db, { tokenHash: digest, accountId: account.id, signedInBy: by, at: ctx.now() })
  return { pending: secret }
}

/** The second step of signing in (动态口令). Attempts are counted under the name, together with those of the password. */
export async function finishSignIn(
  ctx: Ctx,
  keys: KeyRing,
  demo: DemoMode,
  input: { pending: string; code: string },
  origin: SignInOrigin,
): Promise<StartedSession> {
  const db = identityDb(ctx)
  const pending = await findPending(db, input.pending, ctx.now())
  const account = pending && (await findAccount(db, pending.account_id))
  if (!account) throw signInOver()
  const { last } = await beginAttempt(ctx, await findCommonSettings(db), account.username)
  const used = await takeCode(ctx, keys, account.id, input.code)
  if (!used) {
    await refused(ctx, account.id, 'second_factor.wrong', last)
    throw new NotSignedIn('second_factor.wrong', '动态口令不正确或已使用，请等待下一个动态口令后重试。')
  }
  return begin(ctx, demo, account, pending.signed_in_by, origin, used, input.pending)
}

/** The account, or the refusal that every wrong attempt gets. */
async function verifyAttempt(ctx: Ctx, { username, password }: SignIn): Promise<AccountRecord> {
  const db = identityDb(ctx)
  const { last } = await beginAttempt(ctx, await findCommonSettings(db), username)
  const account = await findAccountByUsername(db, username)
  const right = await verifyPassword(account?.passwordHash, password)
  if (account && right) return account
  // The typed name is not kept: a password typed into the wrong field would stand in the audit log for ever.
  await refused(ctx, account?.id ?? 'unknown', 'session.wrong_credentials', last)
  throw wrongCredentials()
}

function refused(ctx: Ctx, accountId: string, code: string, locked: boolean): Promise<void> {
  return recordRefusal(ctx, 'session.started', { kind: 'account', id: accountId }, { code, locked })
}

function wrongCredentials(): NotSignedIn {
  return new NotSignedIn('session.wrong_credentials', '用户名或口令不正确，请核对后重新登录。')
}

/** The first step is too long ago, was finished already, or was never made by this browser. */
export function signInOver(): InvalidState {
  return new InvalidState('session.sign_in_over', '登录已超时，请重新输入用户名和口令。')
}

async function begin(
  ctx: Ctx,
  demo: DemoMode,
  account: AccountRecord,
  by: SignedInBy,
  origin: SignInOrigin,
  secondFactor: 'none' | 'totp' | 'recovery-code',
  pending?: string,
): Promise<StartedSession> {
  const postId = await postAtSignIn(ctx, account)
  const settings = await findSettings(identityDb(ctx), demo !== null)
  return inTransaction(ctx, async (tx) => {
    const db = identityDb(tx)
    const locked = await lockAccount(db, account.id)
    // Disabled or reset while the hash was computed: a session made now would outlive what ended all the others.
    if (locked?.passwordHash !== account.passwordHash || locked.status !== 'active') throw wrongCredentials()
    // Twice sent, or ended by a reset meanwhile.
    if (pending !== undefined && !(await endPending(db, pending))) throw signInOver()
    await forgetFailures(db, account.username)
    await forgetOldSessions(db, account.id, { ...overBy(settings, tx.now()), kept: settings.maxSessions - 1 })
    if (origin.previous !== undefined) await endSession(db, origin.previous)
    const { actor, secret } = await startSession(tx, account.id, postId, { ...origin, signedInBy: by })
    await recordAudit({ ...tx, actor }, 'session.started', { kind: 'account', id: account.id }, { by, secondFactor })
    return { secret, user: await me({ ...tx, actor }, demo) }
  })
}

/** The post that somebody chose to begin at, else the last one, else the first; for a person outside the offices the relation. */
async function postAtSignIn(ctx: Ctx, account: AccountRecord): Promise<string> {
  const db = identityDb(ctx)
  const today = todayInShanghai(ctx.now())
  const held = (await currentPostsOfPeople(db, [account.personId], today)).map((post) => post.post_id)
  const { defaultPost } = await findPreferences(db, account.id)
  const postId = [defaultPost, account.currentPostId].find((id) => id !== null && held.includes(id)) ?? held[0]
  if (postId !== undefined) return postId
  const [related] = await relationsOfPerson(db, account.personId, today)
  if (related) return related.relation_id
  if (await hadRelation(db, account.personId))
    throw new NotPermitted('account.no_relation', '该账号的经办关系已终止或尚未生效。请联系授权单位办理。')
  throw new NotPermitted('account.no_post', '该账号当前没有岗位。请联系系统管理员办理任职。')
}
