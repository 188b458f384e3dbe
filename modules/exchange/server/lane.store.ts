import { type Ctx, type Measure, plannedOnce } from '@tongchou/kernel'
import { sql } from 'kysely'
import type { BatchReceipt } from './channel.schema.ts'
import { findKey } from './channel.store.ts'
import { exchangeDb, type LaneRow, type RefusalRow } from './channel.tables.ts'
import { reconciliationMeasures } from './reconciliation.store.ts'

export async function lanesOf(ctx: Ctx, channelId: string): Promise<LaneRow[]> {
  return exchangeDb(ctx).selectFrom('exchange.lane').selectAll().where('channel_id', '=', channelId).orderBy('lane').execute()
}

/** Gives a sender that starts the next epoch of its lane. Waits for a batch of the one before that is being written. */
export async function nextEpoch(ctx: Ctx, channelId: string, lane: string, reconcileHours: number | null): Promise<LaneRow> {
  const at = ctx.now()
  const claim = { claimed_at: at, claimed_by: `${ctx.actor.orgName} ${ctx.actor.name}`, reconcile_hours: reconcileHours }
  return exchangeDb(ctx)
    .insertInto('exchange.lane')
    .values({ channel_id: channelId, lane, epoch: 1, ...claim, reconcile_from: at })
    .onConflict((c) =>
      c.columns(['channel_id', 'lane']).doUpdateSet({
        epoch: sql<number>`exchange.lane.epoch + 1`,
        ...claim,
        // Whoever only starts again has promised it before.
        reconcile_from: sql<Date>`case when exchange.lane.reconcile_hours = ${reconcileHours}::int then exchange.lane.reconcile_from else ${at} end`,
      }),
    )
    .returningAll()
    .executeTakeFirstOrThrow()
}

/**
 * Locks a lane until the transaction ends: the next batch of it, and whoever wants to replace the sender, wait. And the public key in force of this fingerprint,
 * which stands still while the channel is held.
 */
export async function lockLane(
  ctx: Ctx,
  channelId: string,
  lane: string,
  fingerprint: string,
): Promise<{ lane: Pick<LaneRow, 'epoch' | 'last_number'> | undefined; registered: string | undefined }> {
  const row = await exchangeDb(ctx)
    .selectFrom('exchange.lane')
    .select(['epoch', 'last_number'])
    .select((eb) =>
      eb
        .selectFrom('exchange.channel_key as k')
        .select('k.public_key')
        .whereRef('k.channel_id', '=', 'exchange.lane.channel_id')
        .where('k.fingerprint', '=', fingerprint)
        .where('k.withdrawn_at', 'is', null)
        .as('registered'),
    )
    .where('channel_id', '=', channelId)
    .where('lane', '=', lane)
    .modifyFront(plannedOnce)
    .forUpdate()
    .executeTakeFirst()
  // A lane that nobody has claimed is refused by its epoch.
  return row
    ? { lane: row, registered: row.registered ?? undefined }
    : { lane: undefined, registered: (await findKey(ctx, channelId, fingerprint))?.public_key }
}

/** A batch was taken: the lane stands behind it, and what was refused before is over. */
export async function advanceLane(ctx: Ctx, channelId: string, lane: string, number: number, receipt: BatchReceipt): Promise<void> {
  await exchangeDb(ctx)
    .updateTable('exchange.lane')
    .set({ last_number: number, last_at: ctx.now(), last_receipt: JSON.stringify(receipt), failed_at: null, failure: null })
    .where('channel_id', '=', channelId)
    .where('lane', '=', lane)
    .execute()
}

/** Keeps why a batch was refused, for those who run the channel: the last of each lane, and each by its number and reason. */
export async function keepFailure(
  ctx: Ctx,
  channelId: string,
  lane: string,
  failure: { number: number; code: string; message: string },
): Promise<void> {
  const at = ctx.now()
  // When it began to fail is kept: a sender tries again every few seconds.
  await exchangeDb(ctx)
    .updateTable('exchange.lane')
    .set({ failed_at: sql<Date>`coalesce(exchange.lane.failed_at, ${at})`, failure: JSON.stringify(failure) })
    .where('channel_id', '=', channelId)
    .where('lane', '=', lane)
    .execute()
  const { number, code, message } = failure
  await exchangeDb(ctx)
    .insertInto('exchange.refusal')
    .values({ channel_id: channelId, lane, number, code, message, first_at: at, last_at: at })
    .onConflict((c) =>
      c
        .columns(['channel_id', 'lane', 'number', 'code'])
        .doUpdateSet({ message, last_at: at, times: sql<number>`exchange.refusal.times + 1` }),
    )
    .execute()
}

/** The last refusals of a channel. */
export async function refusalsOf(ctx: Ctx, channelId: string, limit: number): Promise<RefusalRow[]> {
  return exchangeDb(ctx)
    .selectFrom('exchange.refusal')
    .selectAll()
    .where('channel_id', '=', channelId)
    .orderBy('last_at', 'desc')
    .limit(limit)
    .execute()
}

/** Forgets refusals that nobody has met since then. */
export async function forgetRefusals(ctx: Ctx, before: Date): Promise<void> {
  await exchangeDb(ctx).deleteFrom('exchange.refusal').where('last_at', '<', before).execute()
}

/** How many batches of each channel were refused since then, each counted once. */
export async function refusedSince(ctx: Ctx, channelIds: readonly string[], since: Date): Promise<Map<string, number>> {
  if (channelIds.length === 0) return new Map()
  const rows = await exchangeDb(ctx)
    .selectFrom('exchange.refusal')
    .select(['channel_id', sql<number>`count(distinct (lane, number))::int`.as('count')])
    .where('channel_id', 'in', channelIds)
    .where('last_at', '>=', since)
    .groupBy('channel_id')
    .execute()
  return new Map(rows.map(({ channel_id, count }) => [channel_id, count]))
}

/** The lanes of several channels. */
export async function lanesOfAll(ctx: Ctx, channelIds: readonly string[]): Promise<LaneRow[]> {
  if (channelIds.length === 0) return []
  return exchangeDb(ctx).selectFrom('exchange.lane').selectAll().where('channel_id', 'in', channelIds).execute()
}

/** As many channels as are told apart by number; a city with more is told the longest silent. */
const MOST_CHANNELS = 200

/** How channels stand (通道运行), by number and never by name: when each was heard of last, and how many are suspended or were refused last. */
export async function channelMeasures(ctx: Ctx): Promise<Measure[]> {
  const { rows } = await sql<{ number: number; state: string; last_at: Date | null; refused: boolean }>`
    select c.number, c.state, max(l.last_at) as last_at, bool_or(l.failed_at is not null) as refused
    from exchange.channel c left join exchange.lane l on l.channel_id = c.id
    group by c.id order by max(l.last_at) nulls last, c.number`.execute(ctx.db)
  const inUse = rows.filter(({ state }) => state === 'in-use')
  const heard = inUse.flatMap(({ number, last_at: at }) =>
    at ? [{ labels: { channel: String(number) }, value: Math.max(0, (ctx.now().getTime() - at.getTime()) / 1000) }] : [],
  )
  const count = (name: string, help: string, value: number): Measure => ({ name, help, samples: [{ value }] })
  return [
    {
      name: 'channel_silent_seconds',
      help: 'Since the last batch of each channel in use, by its number',
      samples: heard.slice(0, MOST_CHANNELS),
    },
    count('channels_in_use', 'Channels in use', inUse.length),
    count('channels_suspended', 'Channels that are suspended', rows.length - inUse.length),
    count('channels_silent', 'Channels in use that no batch has come by yet', inUse.length - heard.length),
    count('channels_refused', 'Channels in use whose last batch was refused', inUse.filter(({ refused }) => refused).length),
    ...(await reconciliationMeasures(ctx, MOST_CHANNELS)),
  ]
}
