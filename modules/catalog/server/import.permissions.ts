import type { Actor } from '@tongchou/kernel'
import { type Expression, expressionBuilder, type SqlBool } from 'kysely'
import type { ImportTable } from './import.tables.ts'

/** An import belongs to the account that uploaded it, in the post it was uploaded in. */
export const readImport = {
  allows: (actor: Actor, made: { account_id: string; post_id: string }): boolean =>
    made.account_id === actor.accountId && made.post_id === actor.postId,
  where: (actor: Actor): Expression<SqlBool> => {
    const eb = expressionBuilder<{ 'catalog.import': ImportTable }, 'catalog.import'>()
    return eb.and([eb('catalog.import.account_id', '=', actor.accountId), eb('catalog.import.post_id', '=', actor.postId)])
  },
}
