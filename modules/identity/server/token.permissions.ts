import type { Actor } from '@tongchou/kernel'
import { type Expression, expressionBuilder, type SqlBool } from 'kysely'
import type { TokenTable } from './identity.tables.ts'

/** A token is seen and withdrawn by the account it was given to, whatever post that stands at now. */
export const readToken = {
  allows: (actor: Actor, token: { accountId: string }): boolean => token.accountId === actor.accountId,
  where: (actor: Actor): Expression<SqlBool> =>
    expressionBuilder<{ token: TokenTable }, 'token'>()('token.account_id', '=', actor.accountId),
}
