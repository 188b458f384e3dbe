import { type Ctx, containing, decodeCursor } from '@tongchou/kernel'
import { type Expression, type SqlBool, sql } from 'kysely'
import type { DutyQuery, UnsharedQuery } from './list.schema.ts'
import { readResource } from './resource.permissions.ts'
import type { ResourceState } from './resource.schema.ts'
import { catalogDb } from './resource.tables.ts'

/** What both lists filter by, of the entries that the actor may read; a withdrawn entry stands in neither unless it is asked for. */
function chosen(ctx: Ctx, { q, orgId, state }: Pick<DutyQuery, 'q' | 'orgId' | 'state'>) {
  let rows = catalogDb(ctx).selectFrom('catalog.resource').where(readResource.where(ctx.actor))
  if (q !== undefined) rows = rows.where('catalog.resource.name', 'ilike', containing(q))
  if (orgId !== undefined) rows = rows.where('catalog.resource.org_id', '=', orgId)
  return rows.where('catalog.resource.state', state === undefined ? '<>' : '=', state ?? 'withdrawn')
}

/** One more row than a page, newest first. */
export async function listDuties(ctx: Ctx, query: DutyQuery, limit: number) {
  const before = decodeCursor(query.cursor, ['integer'])?.[0]
  let rows = chosen(ctx, query).select(['id', 'number', 'name', 'code', 'org_id', 'state', 'update_cycle', 'duties'])
  if (query.bearerId !== undefined)
    rows = rows.where(sql<boolean>`exists (select from jsonb_each(duties) d where d.value->>'orgId' = ${query.bearerId})`)
  if (query.lacking !== undefined) rows = rows.where(sql<boolean>`duties->>${query.lacking} is null`)
  if (before !== undefined) rows = rows.where('number', '<', before)
  return rows
    .orderBy('number', 'desc')
    .limit(limit + 1)
    .execute()
}

export interface UnsharedRow {
  resource_id: string
  number: number
  name: string
  code: string | null
  org_id: string
  state: ResourceState
  /** 0 where the whole resource is not shared. */
  position: number
  item_id: string | null
  item_name: string | null
  basis_law: string | null
  basis_clause: string | null
  reason: string | null
}

/** One more row than a page: resources that are not shared, and of the others the items that are not; newest first, items in their order. */
export async function listUnshared(ctx: Ctx, query: UnsharedQuery, limit: number): Promise<UnsharedRow[]> {
  const after = decodeCursor(query.cursor, ['integer', 'integer'])
  const ofResource = [
    'catalog.resource.id as resource_id',
    'number',
    'catalog.resource.name',
    'catalog.resource.code',
    'org_id',
    'state',
  ] as const
  const whole = chosen(ctx, query)
    .where('catalog.resource.sharing', '=', 'none')
    .select([...ofResource, 'catalog.resource.basis_law', 'catalog.resource.basis_clause'])
    .select([
      sql<number>`0`.as('position'),
      sql<string | null>`null`.as('item_id'),
      sql<string | null>`null`.as('item_name'),
      sql<string | null>`null`.as('reason'),
    ])
  const items = chosen(ctx, query)
    .innerJoin('catalog.item', 'catalog.item.resource_id', 'catalog.resource.id')
    .where('catalog.item.sharing', '=', 'none')
    .where(sql<boolean>`catalog.resource.sharing is distinct from 'none'`)
    .select([...ofResource, 'catalog.item.basis_law', 'catalog.item.basis_clause', 'catalog.item.position'])
    .select(['catalog.item.item_id', 'catalog.item.name as item_name', 'catalog.item.sharing_reason as reason'])
  let rows = catalogDb(ctx)
    .selectFrom(sql<UnsharedRow>`(${both(whole, items)})`.as('line'))
    .selectAll('line')
  if (query.scope !== undefined) rows = rows.where('position', query.scope === 'resource' ? '=' : '>', 0)
  if (query.basisLaw !== undefined) rows = rows.where('basis_law', '=', query.basisLaw)
  if (after !== undefined) rows = rows.where(later(after[0] ?? 0, after[1] ?? 0))
  return rows
    .orderBy('number', 'desc')
    .orderBy('position')
    .limit(limit + 1)
    .execute()
}

/** Column by column, as the two do not name them in one order. */
function both(whole: Expression<unknown>, items: Expression<unknown>) {
  const columns = sql`resource_id, number, name, code, org_id, state, position, item_id, item_name, basis_law, basis_clause, reason`
  return sql`select ${columns} from (${whole}) whole union all select ${columns} from (${items}) items`
}

function later(number: unknown, position: unknown): Expression<SqlBool> {
  return sql<boolean>`(number < ${number} or (number = ${number} and position > ${position}))`
}
