import type { Ctx } from '@tongchou/kernel'
import { sql } from 'kysely'
import type { BatchReceipt } from './channel.schema.ts'
import { exchangeDb, type LaneRow } from './channel.tables.ts'

export async function lanesOf(ctx: Ctx, channelId: string): Promise<LaneRow[]> {
  return exchangeDb(ctx).selectFrom('exchange.lane').selectAll().where('channel_id', '=', channelId).orderBy('lane').execute()
}

/** Gives a sender that starts the next epoch of its lane. Waits for a batch of the one before that is being written. */
export async function nextEpoch(ctx: Ctx, channelId: string, lane: string): Promise<LaneRow> {
  const claim = { claimed_at: ctx.now(), claimed_by: `${ctx.actor.orgName} ${ctx.actor.name}` }
  return exchangeDb(ctx)
    .insertInto('exchange.lane')
    .values({ channel_id: channelId, lane, epoch: 1, ...claim })
    .onConflict((c) => c.columns(['channel_id', 'lane']).doUpdateSet({ epoch: sql<number>`exchange.lane.epoch + 1`, ...claim }))
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** Locks a lane until the transaction ends: the next batch of it, and whoever wants to replace the sender, wait. */
export async function lockLane(ctx: Ctx, channelId: string, lane: string): Promise<LaneRow | undefined> {
  return exchangeDb(ctx)
    .selectFrom('exchange.lane')
    .selectAll()
    .where('channel_id', '=', channelId)
    .where('lane', '=', lane)
    .forUpdate()
    .executeTakeFirst()
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

/** Keeps why a batch was refused, for those who run the channel. */
export async function keepFailure(
  ctx: Ctx,
  channelId: string,
  lane: string,
  failure: { number: number; code: string; message: string },
): Promise<void> {
  await exchangeDb(ctx)
    .updateTable('exchange.lane')
    .set({ failed_at: ctx.now(), failure: JSON.stringify(failure) })
    .where('channel_id', '=', channelId)
    .where('lane', '=', lane)
    .execute()
}
