import { type Ctx, type Measure, type SortKey, sorted } from '@tongchou/kernel'
import { sql } from 'kysely'
import { type DifferenceRow, exchangeDb, type ReconciliationRow } from './channel.tables.ts'
import type { DifferenceQuery, ReconciliationQuery, ReconciliationResult } from './reconciliation.schema.ts'

/** Begins a run; undefined where it has begun already. */
export async function insertReconciliation(
  ctx: Ctx,
  values: { id: string; channel_id: string; lane: string; epoch: number; follows: string | null; by: ReconciliationRow['by'] },
): Promise<ReconciliationRow | undefined> {
  return exchangeDb(ctx)
    .insertInto('exchange.reconciliation')
    .values({ ...values, begun_at: ctx.now(), begun_by: `${ctx.actor.orgName} ${ctx.actor.name}` })
    .onConflict((c) => c.column('id').doNothing())
    .returningAll()
    .executeTakeFirst()
}

export async function findReconciliation(ctx: Ctx, channelId: string, id: string): Promise<ReconciliationRow | undefined> {
  return exchangeDb(ctx)
    .selectFrom('exchange.reconciliation')
    .selectAll()
    .where('channel_id', '=', channelId)
    .where('id', '=', id)
    .executeTakeFirst()
}

/** Counts an ask: the next one, or the last one once more. Locks the run until the transaction ends; answers whether it was its turn. */
export async function countAsk(ctx: Ctx, id: string, number: number): Promise<boolean> {
  const row = await exchangeDb(ctx)
    .updateTable('exchange.reconciliation')
    .set({ asks: number })
    .where('id', '=', id)
    .where('asks', 'in', [number, number - 1])
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}

export async function endReconciliation(ctx: Ctx, id: string, result: ReconciliationResult): Promise<ReconciliationRow> {
  const { onlySource, onlyCenter, different, quarantined, moving, seq, compared, bytes, repair, differences } = result
  for (let at = 0; at < differences.length; at += 1000)
    await exchangeDb(ctx)
      .insertInto('exchange.reconciliation_difference')
      .values(
        differences
          .slice(at, at + 1000)
          .map(({ kind, key }, i) => ({ reconciliation_id: id, number: at + i + 1, kind, record_key: key?.replaceAll('\0', '␀') ?? null })),
      )
      .execute()
  return exchangeDb(ctx)
    .updateTable('exchange.reconciliation')
    .set({
      only_source: onlySource,
      only_center: onlyCenter,
      different,
      quarantined,
      moving,
      seq,
      compared,
      bytes,
      repair,
      ended_at: ctx.now(),
    })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** A run found nothing: what earlier ones of the channel found is repaired. */
export async function markRepaired(ctx: Ctx, channelId: string): Promise<void> {
  await exchangeDb(ctx)
    .updateTable('exchange.reconciliation')
    .set({ repaired_at: ctx.now() })
    .where('channel_id', '=', channelId)
    .where('repaired_at', 'is', null)
    .where(differs, '>', 0)
    .execute()
}

const differs = sql<number>`only_source + only_center + different`

/** Other ways by which the same resource comes in: lanes of this channel, and channels in use that have sent. */
export async function otherSenders(ctx: Ctx, { id, resource }: { id: string; resource: string }, lane: string): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select distinct case when c.id = ${id} then '发送线 ' || l.lane else '通道“' || c.name || '”' end as name
    from exchange.channel c join exchange.lane l on l.channel_id = c.id
    where c.resource = ${resource} and l.last_number > 0 and ((c.id = ${id} and l.lane <> ${lane}) or (c.id <> ${id} and c.state = 'in-use'))
    order by 1`.execute(ctx.db)
  return rows.map(({ name }) => name)
}

/** How a channel's reconciling stands: the last run that ended, and since when its findings have stood against repair. */
export interface Reconciled {
  last: ReconciliationRow
  /** Null where nothing differs, or what does is being repaired. */
  unrepairedSince: Date | null
}

/** So long a difference may wait for the run that looks after the repair. */
const REPAIR_HOURS = 24

/** Of each of these channels, whoever asks. A difference stands against repair when the run after the repair has met it, or none came within a day. */
export async function reconciledOf(ctx: Ctx, channelIds: readonly string[]): Promise<Map<string, Reconciled>> {
  if (channelIds.length === 0) return new Map()
  const { rows } = await sql<ReconciliationRow & { first_at: Date | null }>`
    select r.*, (select min(d.ended_at) from exchange.reconciliation d where d.channel_id = r.channel_id and d.repaired_at is null
        and d.only_source + d.only_center + d.different > 0) as first_at
    from unnest(${[...channelIds]}::uuid[]) as c (id) cross join lateral (
      select * from exchange.reconciliation where channel_id = c.id and ended_at is not null order by number desc limit 1) r`.execute(
    ctx.db,
  )
  const overdue = ctx.now().getTime() - REPAIR_HOURS * 3_600_000
  return new Map(
    rows.map(({ first_at: firstAt, ...last }) => {
      const isOpen = found(last) > 0 && (last.follows !== null || last.repair === 'held' || (last.ended_at?.getTime() ?? 0) < overdue)
      return [last.channel_id, { last, unrepairedSince: isOpen ? firstAt : null }]
    }),
  )
}

/** How many records a run found to differ. */
export const found = ({ only_source, only_center, different }: ReconciliationRow): number =>
  (only_source ?? 0) + (only_center ?? 0) + (different ?? 0)

/** What runs can be sorted by; the last first unless asked. */
export const reconciliationSorts = {
  number: { title: '对账次序', kind: 'integer', by: sql.ref('number'), of: (row) => row.number },
} as const satisfies Record<string, SortKey<ReconciliationRow>>

export const reconciliationOrder = ({ sort = '-number', cursor }: ReconciliationQuery) =>
  sorted<ReconciliationRow, 'number'>(reconciliationSorts, reconciliationSorts.number, sort, cursor)

/** Runs of a channel; one more than a page. The caller has checked that the actor may see it. */
export async function listReconciliations(
  ctx: Ctx,
  channelId: string,
  query: ReconciliationQuery,
  limit: number,
): Promise<ReconciliationRow[]> {
  const order = reconciliationOrder(query)
  let rows = exchangeDb(ctx).selectFrom('exchange.reconciliation').selectAll().where('channel_id', '=', channelId)
  if (order.after) rows = rows.where(order.after)
  return rows
    .orderBy(order.by, order.direction)
    .limit(limit + 1)
    .execute()
}

/** What the keys of a run can be sorted by, in the order in which they were told unless asked. */
export const differenceSorts = {
  number: { title: '次序', kind: 'integer', by: sql.ref('number'), of: (row) => row.number },
} as const satisfies Record<string, SortKey<DifferenceRow>>

export const differenceOrder = ({ sort = 'number', cursor }: DifferenceQuery) =>
  sorted<DifferenceRow, 'number'>(differenceSorts, differenceSorts.number, sort, cursor)

/** Records that differed in a run; one more than a page. */
export async function listDifferences(ctx: Ctx, id: string, query: DifferenceQuery, limit: number): Promise<DifferenceRow[]> {
  const order = differenceOrder(query)
  let rows = exchangeDb(ctx).selectFrom('exchange.reconciliation_difference').selectAll().where('reconciliation_id', '=', id)
  if (order.after) rows = rows.where(order.after)
  if (query.kind !== undefined) rows = rows.where('kind', '=', query.kind)
  return rows
    .orderBy(order.by, order.direction)
    .limit(limit + 1)
    .execute()
}

/** Some records that differed in a run. */
export async function differencesByNumber(ctx: Ctx, id: string, numbers: readonly number[]): Promise<DifferenceRow[]> {
  return exchangeDb(ctx)
    .selectFrom('exchange.reconciliation_difference')
    .selectAll()
    .where('reconciliation_id', '=', id)
    .where('number', 'in', numbers)
    .orderBy('number')
    .execute()
}

/** Forgets the keys of runs that ended before then, and runs that were broken off; what was found stays as a count. */
export async function forgetDifferences(ctx: Ctx, before: Date): Promise<void> {
  await sql`delete from exchange.reconciliation_difference d using exchange.reconciliation r
    where r.id = d.reconciliation_id and r.ended_at < ${before}`.execute(ctx.db)
  await exchangeDb(ctx).deleteFrom('exchange.reconciliation').where('ended_at', 'is', null).where('begun_at', '<', before).execute()
}

/** How reconciling goes, by number of the channel and never by name. */
export async function reconciliationMeasures(ctx: Ctx, most: number): Promise<Measure[]> {
  const { rows } = await sql<{ number: number; ended_at: Date; count: number }>`
    select c.number, r.ended_at, r.only_source + r.only_center + r.different as count
    from exchange.channel c cross join lateral (
      select * from exchange.reconciliation where channel_id = c.id and ended_at is not null order by number desc limit 1) r
    where c.state = 'in-use' order by r.ended_at, c.number`.execute(ctx.db)
  return [
    {
      name: 'channel_reconciled_seconds',
      help: 'Since the last complete comparison of each channel in use with its source, by its number',
      samples: rows.slice(0, most).map(({ number, ended_at }) => ({
        labels: { channel: String(number) },
        value: Math.max(0, (ctx.now().getTime() - ended_at.getTime()) / 1000),
      })),
    },
    {
      name: 'channel_records_differing',
      help: 'Records that differed at the last comparison of channels in use',
      samples: [{ value: rows.reduce((all, { count }) => all + Number(count), 0) }],
    },
  ]
}
