import type { Ctx } from '@tongchou/kernel'
import type { Entry } from '@tongchou/metadata'
import { toContent } from './content.rows.ts'
import { itemsOfAll } from './resource.store.ts'
import { catalogDb } from './resource.tables.ts'

/** The registered entries with their content, or one of them, whoever asks: what is built of them does not depend on who looks. */
export async function registeredEntries(ctx: Ctx, id?: string): Promise<{ id: string; version: number; orgId: string; content: Entry }[]> {
  let rows = catalogDb(ctx).selectFrom('catalog.resource').selectAll().where('state', '=', 'registered')
  if (id !== undefined) rows = rows.where('id', '=', id)
  const found = await rows.orderBy('number').execute()
  const items = await itemsOfAll(
    ctx,
    found.map((row) => row.id),
  )
  return found.map((row) => ({ id: row.id, version: row.version, orgId: row.org_id, content: toContent(row, items.get(row.id) ?? []) }))
}
