import { type Ctx, foldForSearch } from '@tongchou/kernel'
import { sql } from 'kysely'
import { catalogDb } from './resource.tables.ts'

/** Names of the items of some entries, as they are and as they are compared. */
export async function namedItems(ctx: Ctx, ids: readonly string[]): Promise<Map<string, { name: string; folded: string }[]>> {
  if (ids.length === 0) return new Map()
  const rows = await catalogDb(ctx)
    .selectFrom('catalog.item')
    .select(['resource_id', 'name', 'code'])
    .where('resource_id', '=', sql<string>`any(${ids}::uuid[])`)
    .orderBy('resource_id')
    .orderBy('position')
    .execute()
  const named = rows.map(({ resource_id, name, code }) => ({
    resource_id,
    name: name === '' ? code : name,
    folded: foldForSearch(`${name} ${code}`),
  }))
  return Map.groupBy(named, ({ resource_id }) => resource_id)
}
