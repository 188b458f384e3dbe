import { type Ctx, type SortKey, sorted } from '@tongchou/kernel'
import { sql } from 'kysely'
import type pg from 'pg'
import { readLibrary } from './library.permissions.ts'
import { librariesDb } from './library.schema.ts'
import type { QuarantineQuery } from './quarantine.api.ts'

const lines = (ctx: Ctx) =>
  librariesDb(ctx)
    .selectFrom('libraries.bad_line as b')
    .innerJoin('libraries.installation as i', 'i.resource', 'b.resource')
    .innerJoin('libraries.batch as t', (join) => join.onRef('t.resource', '=', 'b.resource').onRef('t.batch_id', '=', 'b.batch_id'))
    .selectAll('b')
    .select(['i.title', 'i.org_id', 't.received_by'])

/** A line with whose resource it is, and who sent it. */
export type QuarantineRow = Awaited<ReturnType<typeof findLine>> & {}

export async function findLine(ctx: Ctx, id: string) {
  return lines(ctx).where('b.id', '=', id).executeTakeFirst()
}

/** What the list can be sorted by; the last received first unless asked. */
export const quarantineSorts = {
  number: { title: '接收次序', kind: 'integer', by: sql.ref('b.number'), of: (row) => row.number },
} as const satisfies Record<string, SortKey<QuarantineRow>>

/** The order that is asked for, from the cursor on. */
export function quarantineOrder({ sort = '-number', cursor }: QuarantineQuery) {
  return sorted<QuarantineRow, keyof typeof quarantineSorts>(
    quarantineSorts,
    { kind: 'integer', by: sql.ref('b.number'), of: (row) => row.number },
    sort,
    cursor,
  )
}

/** One more than a page of what the actor may see; what is still to be done, unless more is asked for. */
export async function listLines(ctx: Ctx, query: QuarantineQuery, limit: number) {
  const { state = 'open', resourceId, orgId, batchId, rule } = query
  const order = quarantineOrder(query)
  let rows = lines(ctx).where(readLibrary.where(ctx.actor, 'i.org_id'))
  if (state !== 'all') rows = rows.where('b.state', '=', state)
  if (resourceId !== undefined) rows = rows.where('b.resource', '=', resourceId)
  if (orgId !== undefined) rows = rows.where('i.org_id', '=', orgId)
  if (batchId !== undefined) rows = rows.where('b.batch_id', '=', batchId)
  if (rule !== undefined) rows = rows.where(sql<boolean>`b.problems @> ${JSON.stringify([{ rule }])}::jsonb`)
  if (order.after) rows = rows.where(order.after)
  return rows
    .orderBy(order.by, order.direction)
    .limit(limit + 1)
    .execute()
}

/** What waits, by resource, item and rule. */
export async function openGroups(ctx: Ctx, limit: number) {
  const { rows } = await sql<{
    resource: string
    title: string
    item: string
    rule: string
    message: string
    count: number
    batches: number
    latest_at: Date
  }>`
    select b.resource, i.title, p.item, p.rule, min(p.message) as message, count(*)::int as count,
      count(distinct b.batch_id)::int as batches, max(b.at) as latest_at
    from libraries.bad_line b join libraries.installation i on i.resource = b.resource
    cross join lateral jsonb_to_recordset(b.problems) as p (item text, rule text, message text)
    where b.state = 'open' and ${readLibrary.where(ctx.actor, 'i.org_id')}
    group by b.resource, i.title, p.item, p.rule order by count(*) desc, b.resource, p.item, p.rule limit ${limit}`.execute(ctx.db)
  return rows
}

/** Closes a line that is open; answers whether it was. */
export async function discardLine(ctx: Ctx, id: string, reason: string): Promise<boolean> {
  const row = await librariesDb(ctx)
    .updateTable('libraries.bad_line')
    .set({ state: 'discarded', closed_at: ctx.now(), closed_by: `${ctx.actor.orgName} ${ctx.actor.name}`, closed_reason: reason })
    .where('id', '=', id)
    .where('state', '=', 'open')
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}

/** Closes a line by a correction, on the connection that writes it; answers whether it was open. */
export async function closeCorrected(
  client: pg.ClientBase,
  { id, batchId, at, by, note }: { id: string; batchId: string; at: Date; by: string; note: string },
): Promise<boolean> {
  const { rowCount } = await client.query(
    `update libraries.bad_line set state = 'corrected', closed_at = $3, closed_batch = $2, closed_by = $4, closed_reason = $5
     where id = $1 and state = 'open'`,
    [id, batchId, at, by, note],
  )
  return rowCount === 1
}

/** The record that stands under a key: its hash, the batch that brought it and when. */
export async function recordUnder(client: pg.ClientBase, table: string, key: string) {
  const { rows } = await client.query<{ hash: string; batch_id: string; changed_at: Date }>(
    `select replace(record_hash::text, '-', '') as hash, batch_id, changed_at from ${table} where record_key = $1`,
    [key],
  )
  return rows[0]
}
