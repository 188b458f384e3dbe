import type { Actor } from '@tongchou/kernel'
import { type Expression, expressionBuilder, type SqlBool } from 'kysely'
import type { TokenTable } from './identity.tables.ts'
import { isSecurityAdmin } from './post.permissions.ts'

/** A token is seen and withdrawn by the account it was given to, whatever post that stands at now, and by the security administrator. */
export const readToken = {
  allows: (actor: Actor, token: { accountId: string }): boolean => token.accountId === actor.accountId || isSecurityAdmin(actor),
  where: (actor: Actor): Expression<SqlBool> => {
    const eb = expressionBuilder<{ token: TokenTable }, 'token'>()
    return isSecurityAdmin(actor) ? eb.and([]) : eb('token.account_id', '=', actor.accountId)
  },
}
