import type { Actor } from '@tongchou/kernel'
import { type Expression, expressionBuilder, type SqlBool } from 'kysely'
import type { ExportTable } from './export.tables.ts'

/** An export belongs to the account that made it, in the post it was made in: another post may not read what it holds. */
export const readExport = {
  allows: (actor: Actor, made: { account_id: string; post_id: string }): boolean =>
    made.account_id === actor.accountId && made.post_id === actor.postId,
  where: (actor: Actor): Expression<SqlBool> => {
    const eb = expressionBuilder<{ 'exports.export': ExportTable }, 'exports.export'>()
    return eb.and([eb('exports.export.account_id', '=', actor.accountId), eb('exports.export.post_id', '=', actor.postId)])
  },
}
