import type { Actor } from '@tongchou/kernel'
import type { ExpressionBuilder, ExpressionWrapper, SqlBool } from 'kysely'
import type { TokenTable } from './identity.tables.ts'

type TokenExpressions = ExpressionBuilder<{ token: TokenTable }, 'token'>

/** A token is seen and withdrawn by the account it was given to, whatever post that stands at now. */
export const readToken = {
  allows: (actor: Actor, token: { accountId: string }): boolean => token.accountId === actor.accountId,
  where:
    (actor: Actor) =>
    (eb: TokenExpressions): ExpressionWrapper<{ token: TokenTable }, 'token', SqlBool> =>
      eb('token.account_id', '=', actor.accountId),
}
