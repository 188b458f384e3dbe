import { type Ctx, InvalidState, InvalidValue, inTransaction, type KeyRing, NotPermitted, NotSignedIn, recordAudit } from '@tongchou/kernel'
import { lockOther } from './account.service.ts'
import { type AccountRecord, findAccount, lockAccount } from './account.store.ts'
import { beginAttempt } from './attempt.service.ts'
import type { Credential } from './authenticate.ts'
import { identityDb } from './identity.tables.ts'
import { verifyPassword } from './password.ts'
import type { FactorState, RemoveFactor } from './second-factor.schema.ts'
import {
  accountsWithLostSecret,
  confirmFactor,
  countRecoveryCodes,
  deleteFactor,
  findSecondFactor,
  putUnconfirmed,
  replaceRecoveryCodes,
  resealFactors,
  secretOf,
  takeRecoveryCode,
  takeStep,
} from './second-factor.store.ts'
import { digestOf, newInitialPassword } from './secret.ts'
import { findCommonSettings, findSettings } from './security-settings.store.ts'
import { renewOnlySession } from './session.service.ts'
import { endSessionsOfAccount } from './session.store.ts'
import { forgetFailures, releaseAttempt } from './sign-in-failure.store.ts'
import { requiresSecondFactor } from './standing.ts'
import { newTotp, stepOfCode } from './totp.ts'

const recoveryCodeCount = 8

/** 动态口令 of whoever asks. */
export async function factorState(ctx: Ctx, demo: boolean): Promise<FactorState> {
  const db = identityDb(ctx)
  const account = await ownAccount(ctx)
  const factor = await findSecondFactor(db, account.id)
  return {
    kind: factor?.confirmedAt ? 'totp' : null,
    since: factor?.confirmedAt?.toISOString() ?? null,
    recoveryCodesLeft: await countRecoveryCodes(db, account.id),
    required: await isRequired(ctx, account, demo),
  }
}

/** Gives the secret for an authenticator (启用动态口令, first half). It counts for nothing until a code has confirmed it. */
export async function beginFactor(ctx: Ctx, keys: KeyRing, password: string): Promise<{ secret: string; uri: string }> {
  const account = await ownAccount(ctx)
  await refuseWrongPassword(ctx, account, password)
  return inTransaction(ctx, async (tx) => {
    const db = identityDb(tx)
    await lockAccount(db, account.id)
    if ((await findSecondFactor(db, account.id))?.confirmedAt)
      throw new InvalidState('second_factor.exists', '动态口令已经启用。更换设备的，请先停用，再重新启用。')
    const made = newTotp(account.username)
    await putUnconfirmed(db, keys, account.id, made.secret, tx.now())
    await recordAudit(tx, 'second_factor.begun', { kind: 'account', id: account.id })
    return made
  })
}

/** Confirms the authenticator by its first code (启用动态口令, second half). Every other session of the account ends. */
export async function confirmOwnFactor(
  ctx: Ctx,
  keys: KeyRing,
  code: string,
  credential: Credential,
): Promise<{ secret: string; recoveryCodes: string[] }> {
  return inTransaction(ctx, async (tx) => {
    const db = identityDb(tx)
    const { accountId } = tx.actor
    await lockAccount(db, accountId)
    const factor = await findSecondFactor(db, accountId)
    if (!factor) throw new InvalidState('second_factor.not_begun', '尚未开始启用动态口令，请重新办理。')
    if (factor.confirmedAt) throw new InvalidState('second_factor.exists', '动态口令已经启用，无须再次办理。')
    const step = stepOfCode(secretOf(keys, factor), code, tx.now(), null)
    if (step === undefined) throw wrongCode('动态口令不正确，请核对设备时间，输入当前显示的 6 位数字。')
    await confirmFactor(db, accountId, step, tx.now())
    const recoveryCodes = await issueRecoveryCodes(tx)
    const { secret } = await renewOnlySession(tx, credential)
    await recordAudit(tx, 'second_factor.enabled', { kind: 'account', id: accountId })
    return { secret, recoveryCodes }
  })
}

/** Gives up the own second factor (停用动态口令), by password and a code. Not where the city asks for one. */
export async function removeOwnFactor(
  ctx: Ctx,
  keys: KeyRing,
  demo: boolean,
  input: RemoveFactor,
  credential: Credential,
): Promise<{ secret: string }> {
  const account = await ownAccount(ctx)
  if (await isRequired(ctx, account, demo))
    throw new NotPermitted(
      'second_factor.required_by_policy',
      '按安全策略，管理员须使用动态口令，不能停用。更换设备的，请联系安全管理员重置。',
    )
  await refuseWrongPassword(ctx, account, input.password)
  await refuseWrongCode(ctx, keys, account, input.code)
  return inTransaction(ctx, async (tx) => {
    await lockAccount(identityDb(tx), account.id)
    await deleteFactor(identityDb(tx), account.id)
    const renewed = await renewOnlySession(tx, credential)
    await recordAudit(tx, 'second_factor.disabled', { kind: 'account', id: account.id })
    return renewed
  })
}

/** New recovery codes (重新生成恢复码): those there were open nothing more. */
export async function renewRecoveryCodes(ctx: Ctx, keys: KeyRing, code: string): Promise<{ recoveryCodes: string[] }> {
  const account = await ownAccount(ctx)
  await refuseWrongCode(ctx, keys, account, code)
  return inTransaction(ctx, async (tx) => {
    const recoveryCodes = await issueRecoveryCodes(tx)
    await recordAudit(tx, 'second_factor.codes_renewed', { kind: 'account', id: account.id })
    return { recoveryCodes }
  })
}

/** Takes the second factor from an account whose device is lost (重置动态口令); the reason stands in the audit row. All its sessions end. */
export async function resetFactor(ctx: Ctx, id: string, reason: string): Promise<void> {
  await inTransaction(ctx, async (tx) => {
    const account = await lockOther(tx, id, '不得重置本人的动态口令。请由另一名安全管理员办理。')
    const db = identityDb(tx)
    if (!(await deleteFactor(db, id))) throw new InvalidState('second_factor.none', `账号“${account.username}”没有启用动态口令，无须重置。`)
    await endSessionsOfAccount(db, id)
    await recordAudit(tx, 'second_factor.reset', { kind: 'account', id }, { reason: reason.trim() })
  })
}

/** Takes a code of the account: of the authenticator, each once, or a recovery code, which is gone afterwards. Answers which, or undefined for a wrong one. */
export async function takeCode(ctx: Ctx, keys: KeyRing, accountId: string, typed: string): Promise<'totp' | 'recovery-code' | undefined> {
  const db = identityDb(ctx)
  const code = typed.replaceAll(/\s/g, '').toLowerCase()
  const factor = await findSecondFactor(db, accountId)
  if (!factor?.confirmedAt) return undefined
  const step = stepOfCode(secretOf(keys, factor), code, ctx.now(), factor.lastStep)
  if (step !== undefined) return (await takeStep(db, accountId, step)) ? 'totp' : undefined
  return (await takeRecoveryCode(db, accountId, digestOf(code))) ? 'recovery-code' : undefined
}

/** Seals the secrets of all devices under the key in use (重新加密), at the start of the server. */
export function resealSecondFactors(tx: Ctx, keys: KeyRing): Promise<number> {
  return resealFactors(identityDb(tx), keys)
}

/**
 * Takes the second factor from every account whose secret nothing opens any more (密钥已丢失); their sessions end, and they enrol anew. For whoever
 * runs the server, who has lost the key file.
 */
export async function forgetLostFactors(ctx: Ctx, keys: KeyRing): Promise<number> {
  return inTransaction(ctx, async (tx) => {
    const db = identityDb(tx)
    const lost = await accountsWithLostSecret(db, keys)
    for (const id of lost) {
      await deleteFactor(db, id)
      await endSessionsOfAccount(db, id)
      await recordAudit(tx, 'second_factor.reset', { kind: 'account', id }, { reason: '密钥文件已丢失' })
    }
    return lost.length
  })
}

async function issueRecoveryCodes(ctx: Ctx): Promise<string[]> {
  const codes = Array.from({ length: recoveryCodeCount }, newInitialPassword)
  await replaceRecoveryCodes(identityDb(ctx), ctx.actor.accountId, codes.map(digestOf))
  return codes
}

async function ownAccount(ctx: Ctx): Promise<AccountRecord> {
  const account = await findAccount(identityDb(ctx), ctx.actor.accountId)
  if (!account) throw new NotSignedIn('session.required', '请先登录。')
  return account
}

async function isRequired(ctx: Ctx, account: AccountRecord, demo: boolean): Promise<boolean> {
  const standing = { published_password: account.publishedPassword, duties: [...ctx.actor.roles] }
  return requiresSecondFactor(standing, await findSettings(identityDb(ctx), demo))
}

/** Asks for the password again before the doors are changed: an unlocked screen must not be enough. */
async function refuseWrongPassword(ctx: Ctx, account: AccountRecord, password: string): Promise<void> {
  const db = identityDb(ctx)
  await beginAttempt(ctx, await findCommonSettings(db), account.username)
  if (!(await verifyPassword(account.passwordHash, password)))
    throw new InvalidValue('password.current_wrong', '现用口令不正确，请重新填写。', [{ path: 'password', message: '现用口令不正确' }])
  // Not forgotten: with the password at hand the code could be guessed for ever.
  await releaseAttempt(db, account.username)
}

async function refuseWrongCode(ctx: Ctx, keys: KeyRing, account: AccountRecord, code: string): Promise<void> {
  const db = identityDb(ctx)
  await beginAttempt(ctx, await findCommonSettings(db), account.username)
  if (!(await takeCode(ctx, keys, account.id, code))) throw wrongCode('动态口令不正确或已使用，请等待下一个动态口令后重试。')
  await forgetFailures(db, account.username)
}

function wrongCode(message: string): InvalidValue {
  return new InvalidValue('second_factor.wrong', message, [{ path: 'code', message: '动态口令不正确' }])
}
