import type { Actor } from '@tongchou/kernel'
import { type Expression, expressionBuilder, type SqlBool } from 'kysely'
import type { SessionTable } from './identity.tables.ts'
import { isSecurityAdmin } from './post.permissions.ts'

/** A session is seen and ended by the account it belongs to, and by the security administrator. */
export const readSession = {
  allows: (actor: Actor, session: { accountId: string }): boolean => session.accountId === actor.accountId || isSecurityAdmin(actor),
  where: (actor: Actor): Expression<SqlBool> => {
    const eb = expressionBuilder<{ session: SessionTable }, 'session'>()
    return isSecurityAdmin(actor) ? eb.and([]) : eb('session.account_id', '=', actor.accountId)
  },
}
