import { type Ctx, containing, decodeCursor, type SortKey, sorted } from '@tongchou/kernel'
import { type Insertable, sql, type Updateable } from 'kysely'
import { itemColumns } from './content.rows.ts'
import type { Content, Item } from './content.schema.ts'
import { readResource } from './resource.permissions.ts'
import type { ResourceQuery } from './resource.schema.ts'
import { type AmendmentRow, catalogDb, type ItemRow, type ResourceRow, type ResourceTable } from './resource.tables.ts'

/** Compiling goes one by one within an organisation, so that a name or a declared resource found free is still free when it is taken. */
export async function takeTurn(ctx: Ctx, orgId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('catalog.resource'), hashtext(${orgId}))`.execute(ctx.db)
}

export async function insertResource(ctx: Ctx, values: Insertable<ResourceTable>): Promise<ResourceRow> {
  return catalogDb(ctx).insertInto('catalog.resource').values(values).returningAll().executeTakeFirstOrThrow()
}

export async function findResource(ctx: Ctx, id: string): Promise<ResourceRow | undefined> {
  return catalogDb(ctx).selectFrom('catalog.resource').selectAll().where('id', '=', id).executeTakeFirst()
}

/** Locks the row until the transaction ends, so that an edit and an act of the procedure cannot interleave. */
export async function lockResource(ctx: Ctx, id: string): Promise<ResourceRow | undefined> {
  return catalogDb(ctx).selectFrom('catalog.resource').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
}

export async function findByName(ctx: Ctx, orgId: string, name: string): Promise<ResourceRow | undefined> {
  return catalogDb(ctx)
    .selectFrom('catalog.resource')
    .selectAll()
    .where('org_id', '=', orgId)
    .where('name', '=', name)
    .where('state', '<>', 'withdrawn')
    .executeTakeFirst()
}

/** Names of a unit's entries but one; those of withdrawn ones are free again. */
export async function namesOfUnit(ctx: Ctx, orgId: string, exceptId: string | null): Promise<string[]> {
  let rows = catalogDb(ctx).selectFrom('catalog.resource').select('name').where('org_id', '=', orgId).where('state', '<>', 'withdrawn')
  if (exceptId !== null) rows = rows.where('id', '<>', exceptId)
  return (await rows.execute()).map(({ name }) => name)
}

/** Every entry of a unit that is in force or on its way there. */
export async function resourcesOfUnit(ctx: Ctx, orgId: string): Promise<ResourceRow[]> {
  return catalogDb(ctx)
    .selectFrom('catalog.resource')
    .selectAll()
    .where('org_id', '=', orgId)
    .where(sql<boolean>`state <> 'withdrawn'`)
    .orderBy('number')
    .execute()
}

/** The code of an entry; null while it has none. */
export async function codeInUse(ctx: Ctx, id: string): Promise<string | null> {
  const row = await catalogDb(ctx).selectFrom('catalog.resource').select('code').where('id', '=', id).executeTakeFirst()
  return row?.code ?? null
}

/** The entry that stands for a declared resource of a project. */
export async function findByDeclared(ctx: Ctx, projectId: string, declaredId: string): Promise<ResourceRow | undefined> {
  return catalogDb(ctx)
    .selectFrom('catalog.resource')
    .selectAll()
    .where('project_id', '=', projectId)
    .where('declared_resource_id', '=', declaredId)
    .where('state', '<>', 'withdrawn')
    .executeTakeFirst()
}

export async function updateResource(ctx: Ctx, id: string, set: Updateable<ResourceTable>): Promise<ResourceRow> {
  return catalogDb(ctx)
    .updateTable('catalog.resource')
    .set({ ...set, version: sql<number>`version + 1`, updated_by: `${ctx.actor.orgName} ${ctx.actor.name}`, updated_at: ctx.now() })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** Writes the items of an entry anew, in their order. */
export async function replaceItems(ctx: Ctx, resourceId: string, items: readonly Item[]): Promise<void> {
  const db = catalogDb(ctx)
  await db.deleteFrom('catalog.item').where('resource_id', '=', resourceId).execute()
  if (items.length === 0) return
  const rows = items.map((item, index) => itemColumns(item, resourceId, index + 1))
  await db.insertInto('catalog.item').values(rows).execute()
}

export async function itemsOf(ctx: Ctx, resourceId: string): Promise<ItemRow[]> {
  return catalogDb(ctx).selectFrom('catalog.item').selectAll().where('resource_id', '=', resourceId).orderBy('position').execute()
}

/** The items of several resources, each in their order. */
export async function itemsOfAll(ctx: Ctx, ids: readonly string[]): Promise<Map<string, ItemRow[]>> {
  if (ids.length === 0) return new Map()
  const rows = await catalogDb(ctx)
    .selectFrom('catalog.item')
    .selectAll()
    .where('resource_id', '=', sql<string>`any(${ids}::uuid[])`)
    .orderBy('resource_id')
    .orderBy('position')
    .execute()
  return Map.groupBy(rows, ({ resource_id }) => resource_id)
}

/** How many items each of some resources has. */
export async function itemCounts(ctx: Ctx, ids: readonly string[]): Promise<Map<string, number>> {
  if (ids.length === 0) return new Map()
  const rows = await catalogDb(ctx)
    .selectFrom('catalog.item')
    .select((eb) => ['resource_id', eb.fn.countAll<number>().as('count')])
    .where('resource_id', 'in', ids)
    .groupBy('resource_id')
    .execute()
  return new Map(rows.map((row) => [row.resource_id, row.count]))
}

/** Freezes what was handed in; of a change that is published, as its author handed it in. */
export async function insertVersion(
  ctx: Ctx,
  resourceId: string,
  version: number,
  content: Content,
  author?: Pick<AmendmentRow, 'submitted_by' | 'submitted_at'>,
): Promise<void> {
  await catalogDb(ctx)
    .insertInto('catalog.resource_version')
    .values({
      resource_id: resourceId,
      version,
      content: JSON.stringify(content),
      submitted_by: author?.submitted_by ?? `${ctx.actor.orgName} ${ctx.actor.name}`,
      submitted_at: author?.submitted_at ?? ctx.now(),
    })
    .execute()
}

/** Versions as they were handed in, the last first; `only` is one of them. */
export async function versionsOf(ctx: Ctx, resourceId: string, limit: number, cursor: string | undefined, only?: number) {
  const before = decodeCursor(cursor, ['integer'])?.[0]
  let versions = catalogDb(ctx).selectFrom('catalog.resource_version').selectAll().where('resource_id', '=', resourceId)
  if (only !== undefined) versions = versions.where('version', '=', only)
  if (before !== undefined) versions = versions.where('version', '<', before)
  return versions
    .orderBy('version', 'desc')
    .limit(limit + 1)
    .execute()
}

/** What the list can be sorted by; newest number first unless asked. */
export const resourceSorts = {
  number: { title: '编号', kind: 'integer', by: sql.ref('number'), of: (row) => row.number },
  registered: {
    title: '登记日期',
    kind: 'text',
    // What is not registered yet comes before all dates.
    by: sql`coalesce(to_char(registered_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), '')`,
    of: (row) => row.registered_at?.toISOString() ?? '',
  },
} as const satisfies Record<string, SortKey<ResourceRow>>

/** The order that is asked for, from the cursor on. */
export function resourceOrder({ sort = '-number', cursor }: ResourceQuery) {
  return sorted<ResourceRow, keyof typeof resourceSorts>(
    resourceSorts,
    { kind: 'integer', by: sql.ref('number'), of: (row) => row.number },
    sort,
    cursor,
  )
}

/** One more row than a page. */
export async function listResources(ctx: Ctx, query: ResourceQuery & { id?: string }, limit: number): Promise<ResourceRow[]> {
  let rows = catalogDb(ctx).selectFrom('catalog.resource').selectAll('catalog.resource').where(readResource.where(ctx.actor))
  const order = resourceOrder(query)
  if (order.after) rows = rows.where(order.after)
  if (query.id !== undefined) rows = rows.where('catalog.resource.id', '=', query.id)
  if (query.orgId !== undefined) rows = rows.where('org_id', '=', query.orgId)
  if (query.code !== undefined)
    rows = rows.where('catalog.resource.id', 'in', (eb) =>
      eb
        .selectFrom('catalog.resource_code')
        .select('resource_id')
        .where('catalog.resource_code.code', '=', query.code ?? ''),
    )
  if (query.projectId !== undefined) rows = rows.where('project_id', '=', query.projectId)
  if (query.systemId !== undefined) rows = rows.where('system_id', '=', query.systemId)
  if (query.state !== undefined) rows = rows.where('state', '=', query.state)
  if (query.sharing !== undefined) rows = rows.where('sharing', '=', query.sharing)
  if (query.q !== undefined) {
    const pattern = containing(query.q)
    rows = rows.where((eb) => eb.or([eb('name', 'ilike', pattern), eb('abstract', 'ilike', pattern)]))
  }
  return rows
    .orderBy(order.by, order.direction)
    .orderBy(order.tie, order.direction)
    .limit(limit + 1)
    .execute()
}

/** Entries that stand for declared resources of a project, whoever asks: gates read the catalog, not the reader's view of it. */
export async function entriesOfProject(ctx: Ctx, projectId: string) {
  return catalogDb(ctx)
    .selectFrom('catalog.resource')
    .select(['id', 'declared_resource_id', 'state'])
    .where('project_id', '=', projectId)
    .where('declared_resource_id', 'is not', null)
    .where('state', '<>', 'withdrawn')
    .execute()
}

/** Locked entries that one of some organisations answers for, uses or has a duty for. */
export async function resourcesOfOrganisations(ctx: Ctx, orgIds: readonly string[]): Promise<ResourceRow[]> {
  return catalogDb(ctx)
    .selectFrom('catalog.resource')
    .selectAll()
    .where((eb) =>
      eb.or([
        eb('org_id', 'in', orgIds),
        eb('user_unit_org_id', 'in', orgIds),
        sql<boolean>`exists (select from jsonb_each(duties) d where d.value->>'orgId' = any(${orgIds}::text[]))`,
      ]),
    )
    .orderBy('number')
    .forUpdate()
    .execute()
}
