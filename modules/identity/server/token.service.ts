import { randomUUID } from 'node:crypto'
import {
  addDays,
  type Ctx,
  InvalidState,
  InvalidValue,
  inTransaction,
  NotPermitted,
  notFound,
  recordAudit,
  todayInShanghai,
} from '@tongchou/kernel'
import { lockAccount } from './account.store.ts'
import { identityDb } from './identity.tables.ts'
import { newSecret } from './secret.ts'
import { findCommonSettings } from './security-settings.store.ts'
import { readToken } from './token.permissions.ts'
import type { IssuedToken, NewToken, Scope } from './token.schema.ts'
import { countTokens, deleteToken, insertToken, lockToken } from './token.store.ts'

const maxTokens = 20

/** The last day that a token issued today may have: an integration that is still wanted after it is looked at again. */
export async function latestExpiry(ctx: Ctx): Promise<string> {
  const { tokenMaxDays } = await findCommonSettings(identityDb(ctx))
  return addDays(todayInShanghai(ctx.now()), tokenMaxDays)
}

/** Issues a token for a machine (签发令牌): it acts at the post that its holder stands at now. The prefix lets secret scanners find it. */
export async function issueToken(ctx: Ctx, input: NewToken, knownTags: readonly string[]): Promise<IssuedToken> {
  if (ctx.actor.onBehalfOf) throw new NotPermitted('token.on_behalf', '受托岗位不得签发令牌。请切换到本人岗位后办理。')
  const today = todayInShanghai(ctx.now())
  const latest = await latestExpiry(ctx)
  refuseUnknownTags(knownTags, input.scope)
  if (input.expiresOn < today || input.expiresOn > latest)
    throw new InvalidValue('token.bad_expiry', `有效期应在 ${today} 至 ${latest} 之间，请重新填写。`, [
      { path: 'expiresOn', message: `应在 ${today} 至 ${latest} 之间` },
    ])
  const { secret, digest } = newSecret('tc_')
  const id = randomUUID()
  return inTransaction(ctx, async (tx) => {
    const { accountId, postId } = tx.actor
    const db = identityDb(tx)
    await lockAccount(db, accountId)
    if ((await countTokens(db, accountId, today)) >= maxTokens)
      throw new InvalidState('token.too_many', `有效令牌已达 ${maxTokens} 个，请先撤销不再使用的令牌。`)
    const token = { name: input.name.trim(), expiresOn: input.expiresOn, ...(input.scope ? { scope: input.scope } : {}) }
    await insertToken(db, { ...token, id, tokenHash: digest, accountId, postId, at: tx.now() })
    await recordAudit(tx, 'token.issued', { kind: 'token', id }, token)
    return { id, token: secret }
  })
}

/** A slip of the keyboard would be a scope that opens nothing. */
function refuseUnknownTags(known: readonly string[], scope: Scope | undefined): void {
  const unknown = scope?.tags.find((tag) => !known.includes(tag))
  if (unknown !== undefined)
    throw new InvalidValue('token.no_such_scope', `没有“${unknown}”这类事项，请从权限范围清单中选择。`, [
      { path: 'scope/tags', message: '没有这类事项' },
    ])
}

/** Withdraws a token (撤销令牌): the next request with it is refused. */
export async function withdrawToken(ctx: Ctx, id: string): Promise<void> {
  await inTransaction(ctx, async (tx) => {
    const db = identityDb(tx)
    const token = await lockToken(db, id)
    if (!token || !readToken.allows(tx.actor, token)) throw notFound('令牌')
    await deleteToken(db, id)
    await recordAudit(tx, 'token.withdrawn', { kind: 'token', id }, { name: token.name })
  })
}
