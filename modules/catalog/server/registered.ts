import { type Ctx, isId } from '@tongchou/kernel'
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

/** How often each of these entries promises to be renewed (更新周期), whoever asks; those that are not registered are not in it. */
export async function updateCycles(ctx: Ctx, ids: readonly string[]): Promise<Map<string, NonNullable<Entry['updateCycle']>>> {
  const known = ids.filter(isId)
  if (known.length === 0) return new Map()
  const rows = await catalogDb(ctx)
    .selectFrom('catalog.resource')
    .select(['id', 'update_cycle'])
    .where('state', '=', 'registered')
    .where('id', 'in', known)
    .execute()
  return new Map(rows.flatMap(({ id, update_cycle }) => (update_cycle === null ? [] : [[id, update_cycle] as const])))
}
