import type { Ctx } from '@tongchou/kernel'
import { sql } from 'kysely'
import { catalogDb } from './resource.tables.ts'

/**
 * The next number within what a scheme counts by. The counter is locked until the transaction ends and goes back with it, so numbers have
 * neither gaps nor doubles, however many are registered at once.
 */
export async function takeSequence(ctx: Ctx, scheme: string, countedBy: string): Promise<number> {
  const { last } = await catalogDb(ctx)
    .insertInto('catalog.code_counter')
    .values({ scheme, counted_by: countedBy, last: 1 })
    .onConflict((conflict) => conflict.columns(['scheme', 'counted_by']).doUpdateSet({ last: sql<number>`code_counter.last + 1` }))
    .returning('last')
    .executeTakeFirstOrThrow()
  return last
}

/** The number that would be taken next; taken by nobody. */
export async function peekSequence(ctx: Ctx, scheme: string, countedBy: string): Promise<number> {
  const row = await catalogDb(ctx)
    .selectFrom('catalog.code_counter')
    .select('last')
    .where('scheme', '=', scheme)
    .where('counted_by', '=', countedBy)
    .executeTakeFirst()
  return (row?.last ?? 0) + 1
}

export async function insertCode(ctx: Ctx, code: string, resourceId: string, scheme: string): Promise<void> {
  await catalogDb(ctx)
    .insertInto('catalog.resource_code')
    .values({ code, resource_id: resourceId, scheme, issued_by: `${ctx.actor.orgName} ${ctx.actor.name}`, issued_at: ctx.now() })
    .execute()
}

/** Every code that a resource ever had, the one in use last. */
export async function codesOf(ctx: Ctx, resourceId: string) {
  return catalogDb(ctx)
    .selectFrom('catalog.resource_code')
    .select(['code', 'issued_at'])
    .where('resource_id', '=', resourceId)
    .orderBy('ordinal')
    .execute()
}

/** The resources that some codes stand for, former ones too, with the ids of their items. */
export async function itemsByCode(ctx: Ctx, codes: readonly string[]): Promise<Map<string, Set<string>>> {
  if (codes.length === 0) return new Map()
  const rows = await catalogDb(ctx)
    .selectFrom('catalog.resource_code')
    .leftJoin('catalog.item', 'catalog.item.resource_id', 'catalog.resource_code.resource_id')
    .select(['catalog.resource_code.code', 'catalog.item.item_id'])
    .where('catalog.resource_code.code', 'in', codes)
    .execute()
  const found = new Map<string, Set<string>>()
  for (const { code, item_id } of rows) {
    const items = found.get(code) ?? new Set()
    if (item_id !== null) items.add(item_id)
    found.set(code, items)
  }
  return found
}
