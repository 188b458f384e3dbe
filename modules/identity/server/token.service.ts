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
import { readToken } from './token.permissions.ts'
import type { IssuedToken, NewToken } from './token.schema.ts'
import { countTokens, deleteToken, insertToken, lockToken } from './token.store.ts'

/** A token lives at most this long; an integration that is still wanted after it is looked at again. */
const maxTokenDays = 366
const maxTokens = 20

/** Issues a token for a machine (签发令牌): it acts at the post that its holder stands at now. The prefix lets secret scanners find it. */
export async function issueToken(ctx: Ctx, input: NewToken): Promise<IssuedToken> {
  if (ctx.actor.onBehalfOf) throw new NotPermitted('token.on_behalf', '受托岗位不得签发令牌。请切换到本人岗位后办理。')
  const today = todayInShanghai(ctx.now())
  const latest = addDays(today, maxTokenDays)
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
    await insertToken(db, { id, tokenHash: digest, accountId, postId, name: input.name.trim(), expiresOn: input.expiresOn, at: tx.now() })
    await recordAudit(tx, 'token.issued', { kind: 'token', id }, { name: input.name.trim(), expiresOn: input.expiresOn })
    return { id, token: secret }
  })
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
