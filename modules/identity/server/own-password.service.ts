import { type Ctx, InvalidValue, inTransaction, NotSignedIn, recordAudit } from '@tongchou/kernel'
import { refuseWeakPassword } from './account.service.ts'
import { type AccountRecord, findAccount, forgetFormerPasswords, formerPasswords, lockAccount, setPassword } from './account.store.ts'
import { beginAttempt } from './attempt.service.ts'
import type { Credential } from './authenticate.ts'
import { identityDb } from './identity.tables.ts'
import { hashPassword, verifyPassword } from './password.ts'
import { findCommonSettings } from './security-settings.store.ts'
import type { ChangePassword } from './session.schema.ts'
import { renewOnlySession } from './session.service.ts'
import { forgetFailures, releaseAttempt } from './sign-in-failure.store.ts'

/** Changes the own password (修改口令). Every other session of the account ends, this one goes on under a new secret. */
export async function changePassword(ctx: Ctx, input: ChangePassword, credential: Credential): Promise<{ secret: string }> {
  const account = await findAccount(identityDb(ctx), ctx.actor.accountId)
  if (!account) throw new NotSignedIn('session.required', '请先登录。')
  const settings = await findCommonSettings(identityDb(ctx))
  await beginAttempt(ctx, settings, account.username)
  if (!(await verifyPassword(account.passwordHash, input.currentPassword)))
    throw new InvalidValue('password.current_wrong', '现用口令不正确，请重新填写。', [
      { path: 'currentPassword', message: '现用口令不正确' },
    ])
  await releaseAttempt(identityDb(ctx), account.username)
  refuseWeakPassword(settings, input.newPassword, account.username)
  await refuseUsedPassword(ctx, account, input.newPassword, settings.passwordHistory)
  const passwordHash = await hashPassword(input.newPassword)
  return inTransaction(ctx, async (tx) => {
    const db = identityDb(tx)
    const locked = await lockAccount(db, account.id)
    // Somebody else changed it while the hash was computed: what was checked above no longer holds.
    if (locked?.passwordHash !== account.passwordHash || locked.status !== 'active')
      throw new NotSignedIn('session.required', '口令已在别处更改，请重新登录。')
    await setPassword(db, account.id, passwordHash, false, tx.now())
    // The present one is one of those that may not come again.
    await forgetFormerPasswords(db, account.id, Math.max(0, settings.passwordHistory - 1))
    await forgetFailures(db, account.username)
    const renewed = await renewOnlySession(tx, credential)
    await recordAudit(tx, 'account.password_changed', { kind: 'account', id: account.id })
    return renewed
  })
}

async function refuseUsedPassword(ctx: Ctx, account: AccountRecord, password: string, history: number): Promise<void> {
  if (await verifyPassword(account.passwordHash, password))
    throw new InvalidValue('password.unchanged', '新口令不得与现用口令相同，请重新设置。', [
      { path: 'newPassword', message: '不得与现用口令相同' },
    ])
  for (const former of await formerPasswords(identityDb(ctx), account.id, Math.max(0, history - 1)))
    if (await verifyPassword(former, password))
      throw new InvalidValue('password.used_before', `新口令不得与最近 ${history} 次使用的口令相同，请重新设置。`, [
        { path: 'newPassword', message: `不得与最近 ${history} 次使用的口令相同` },
      ])
}
