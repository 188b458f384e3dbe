import { type Ctx, decodeCursor } from '@tongchou/kernel'
import { type Insertable, sql, type Updateable } from 'kysely'
import type { AmendmentKind, AmendmentQuery } from './amendment.schema.ts'
import type { Content } from './content.schema.ts'
import { readWorkings } from './resource.permissions.ts'
import { type AmendmentRow, type AmendmentTable, catalogDb } from './resource.tables.ts'

/** States in which an amendment is over: another may begin. */
export const settledStates = ['settled', 'abandoned'] as const

export async function insertAmendment(ctx: Ctx, values: Insertable<AmendmentTable>): Promise<AmendmentRow> {
  return catalogDb(ctx).insertInto('catalog.amendment').values(values).returningAll().executeTakeFirstOrThrow()
}

export async function findAmendment(ctx: Ctx, id: string): Promise<AmendmentRow | undefined> {
  return catalogDb(ctx).selectFrom('catalog.amendment').selectAll().where('id', '=', id).executeTakeFirst()
}

/** Locks the row until the transaction ends, so that an edit and an act of the procedure cannot interleave. */
export async function lockAmendment(ctx: Ctx, id: string): Promise<AmendmentRow | undefined> {
  return catalogDb(ctx).selectFrom('catalog.amendment').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
}

/** The change or withdrawal of an entry that is under way; there is at most one. */
export async function openAmendmentOf(ctx: Ctx, resourceId: string): Promise<AmendmentRow | undefined> {
  return catalogDb(ctx)
    .selectFrom('catalog.amendment')
    .selectAll()
    .where('resource_id', '=', resourceId)
    .where('state', 'not in', settledStates)
    .executeTakeFirst()
}

/** The withdrawal by which an entry was withdrawn. */
export async function withdrawalOf(ctx: Ctx, resourceId: string): Promise<AmendmentRow | undefined> {
  return catalogDb(ctx)
    .selectFrom('catalog.amendment')
    .selectAll()
    .where('resource_id', '=', resourceId)
    .where('kind', '=', 'withdrawal')
    .where('state', '=', 'settled')
    .executeTakeFirst()
}

/** Ids of every change and withdrawal that an entry ever had. */
export async function amendmentsOf(ctx: Ctx, resourceId: string): Promise<{ id: string; kind: AmendmentKind }[]> {
  return catalogDb(ctx).selectFrom('catalog.amendment').select(['id', 'kind']).where('resource_id', '=', resourceId).execute()
}

/** Locked changes under way in which one of some organisations has a duty. */
export async function changesNaming(ctx: Ctx, orgIds: readonly string[]): Promise<AmendmentRow[]> {
  return catalogDb(ctx)
    .selectFrom('catalog.amendment')
    .selectAll()
    .where('kind', '=', 'change')
    .where('state', 'not in', settledStates)
    .where(sql<boolean>`exists (select from jsonb_each(content->'duties') d where d.value->>'orgId' = any(${orgIds}::text[]))`)
    .forUpdate()
    .execute()
}

export async function updateAmendment(ctx: Ctx, id: string, set: Updateable<AmendmentTable>): Promise<AmendmentRow> {
  return catalogDb(ctx)
    .updateTable('catalog.amendment')
    .set({ ...set, version: sql<number>`version + 1`, updated_by: `${ctx.actor.orgName} ${ctx.actor.name}`, updated_at: ctx.now() })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** Freezes what was handed in of a change. */
export async function insertAmendmentVersion(ctx: Ctx, row: Pick<AmendmentRow, 'id' | 'version'>, content: Content): Promise<void> {
  await catalogDb(ctx)
    .insertInto('catalog.amendment_version')
    .values({
      amendment_id: row.id,
      version: row.version,
      content: JSON.stringify(content),
      submitted_by: `${ctx.actor.orgName} ${ctx.actor.name}`,
      submitted_at: ctx.now(),
    })
    .execute()
}

/** One more row than a page, newest first; of entries whose workings the actor may see. */
export async function listAmendments(ctx: Ctx, query: AmendmentQuery, limit: number) {
  const before = decodeCursor(query.cursor, ['integer'])?.[0]
  let rows = catalogDb(ctx)
    .selectFrom('catalog.amendment')
    .innerJoin('catalog.resource', 'catalog.resource.id', 'catalog.amendment.resource_id')
    .selectAll('catalog.amendment')
    .select(['catalog.resource.name', 'catalog.resource.code', 'catalog.resource.org_id'])
    .where(readWorkings.where(ctx.actor))
  if (before !== undefined) rows = rows.where('catalog.amendment.number', '<', before)
  if (query.kind !== undefined) rows = rows.where('catalog.amendment.kind', '=', query.kind)
  if (query.state !== undefined) rows = rows.where('catalog.amendment.state', '=', query.state)
  if (query.orgId !== undefined) rows = rows.where('catalog.resource.org_id', '=', query.orgId)
  if (query.resourceId !== undefined) rows = rows.where('catalog.amendment.resource_id', '=', query.resourceId)
  return rows
    .orderBy('catalog.amendment.number', 'desc')
    .limit(limit + 1)
    .execute()
}
