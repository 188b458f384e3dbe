import { randomUUID } from 'node:crypto'
import { type Ctx, InvalidState, InvalidValue, inTransaction, NotPermitted, notFound, recordAudit, todayInShanghai } from '@tongchou/kernel'
import type { InitialPassword, NewAccount } from './account.schema.ts'
import { type AccountRecord, insertAccount, lockAccount, setPassword, setStatus } from './account.store.ts'
import { type AccountStatus, identityDb } from './identity.tables.ts'
import { hashPassword, type PasswordRules, passwordProblem } from './password.ts'
import { currentPostsOfPeople, lockPerson } from './post.store.ts'
import { newInitialPassword } from './secret.ts'
import { findCommonSettings } from './security-settings.store.ts'
import { endSessionsOfAccount } from './session.store.ts'
import { forgetFailures } from './sign-in-failure.store.ts'

/** How an account gets its password: its own, or the hash of the one that the demo city publishes for all its accounts. */
export type FirstCredential = { password: string; mustChange: boolean } | { publishedHash: string }

/** Opens an account for a person (开通账号). The post at sign-in is `postId`, else the first that the person holds. */
export async function createAccount(
  ctx: Ctx,
  input: { personId: string; username: string; credential: FirstCredential; postId?: string },
): Promise<{ id: string }> {
  const { credential, username } = input
  // A first password is made to be strong, and lives until the first sign-in; one that somebody thought of is held to the rules.
  if ('password' in credential && !credential.mustChange)
    refuseWeakPassword(await findCommonSettings(identityDb(ctx)), credential.password, username)
  const passwordHash = 'password' in credential ? await hashPassword(credential.password) : credential.publishedHash
  return inTransaction(ctx, async (tx) => {
    const db = identityDb(tx)
    if (!(await lockPerson(db, input.personId)))
      throw new InvalidValue('account.no_such_person', '人员不存在，请重新选择。', [{ path: 'personId', message: '人员不存在' }])
    const posts = await currentPostsOfPeople(db, [input.personId], todayInShanghai(tx.now()))
    const account = {
      id: randomUUID(),
      personId: input.personId,
      username,
      passwordHash,
      mustChange: 'password' in credential && credential.mustChange,
      publishedPassword: 'publishedHash' in credential,
      currentPostId: input.postId ?? posts[0]?.post_id ?? null,
    }
    if (!(await insertAccount(db, account, tx.now())))
      throw new InvalidState('account.exists', `用户名“${username}”已被使用，或该人员已有账号。请更换用户名，或在原账号上办理。`, [
        { path: 'username', message: '用户名已被使用，或该人员已有账号' },
      ])
    await recordAudit(tx, 'account.created', { kind: 'account', id: account.id }, { username, person: input.personId })
    return { id: account.id }
  })
}

/** Opens an account with a first password that is told once and has to be changed. */
export async function openAccount(ctx: Ctx, input: NewAccount): Promise<InitialPassword> {
  const password = newInitialPassword()
  const { id } = await createAccount(ctx, { ...input, credential: { password, mustChange: true } })
  return { id, username: input.username, initialPassword: password }
}

/** Gives an account a new first password (重置口令). All its sessions end, a lock-out is lifted. */
export async function resetPassword(ctx: Ctx, id: string): Promise<InitialPassword> {
  const password = newInitialPassword()
  const passwordHash = await hashPassword(password)
  return inTransaction(ctx, async (tx) => {
    const account = await lockOther(tx, id, '不得为本人重置口令。请使用“修改口令”。')
    const db = identityDb(tx)
    await setPassword(db, id, passwordHash, true, tx.now())
    await endSessionsOfAccount(db, id)
    await forgetFailures(db, account.username)
    await recordAudit(tx, 'account.password_reset', { kind: 'account', id })
    return { id, username: account.username, initialPassword: password }
  })
}

/** Disables an account (停用账号): its sessions end at once and its tokens open nothing more. Or enables it again (启用). */
export async function changeStatus(ctx: Ctx, id: string, status: AccountStatus): Promise<{ id: string; status: AccountStatus }> {
  return inTransaction(ctx, async (tx) => {
    const account = await lockOther(tx, id, '不得停用或启用本人账号。请由另一名系统管理员办理。')
    if (account.status === status)
      throw new InvalidState('account.same_status', `账号“${account.username}”已经${status === 'active' ? '启用' : '停用'}，无须再次办理。`)
    const db = identityDb(tx)
    await setStatus(db, id, status)
    if (status === 'disabled') await endSessionsOfAccount(db, id)
    await recordAudit(tx, status === 'disabled' ? 'account.disabled' : 'account.enabled', { kind: 'account', id })
    return { id, status }
  })
}

/** Lifts a lock-out (解除登录暂停) before its time. */
export async function unlockAccount(ctx: Ctx, id: string): Promise<void> {
  await inTransaction(ctx, async (tx) => {
    const account = await lockOther(tx, id, '不得解除本人账号的登录暂停。请由另一名安全管理员办理。')
    await forgetFailures(identityDb(tx), account.username)
    await recordAudit(tx, 'account.unlocked', { kind: 'account', id })
  })
}

/** The account of somebody else, locked until the transaction ends. */
export async function lockOther(ctx: Ctx, id: string, refusal: string): Promise<AccountRecord> {
  const account = await lockAccount(identityDb(ctx), id)
  if (!account) throw notFound('账号')
  // There is always another administrator who could undo it: nobody can lock the platform's last one out.
  if (account.personId === ctx.actor.personId) throw new NotPermitted('account.own', refusal)
  return account
}

/** Throws with the rule that a new password breaks. */
export function refuseWeakPassword(rules: PasswordRules, password: string, username: string): void {
  const problem = passwordProblem(rules, password, username)
  if (problem) throw new InvalidValue('password.too_weak', `${problem}，请重新设置。`, [{ path: 'newPassword', message: problem }])
}
