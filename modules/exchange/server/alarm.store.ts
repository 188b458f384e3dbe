import { randomUUID } from 'node:crypto'
import type { Ctx } from '@tongchou/kernel'
import type { AlarmKind } from './channel.schema.ts'
import { type AlarmRow, type ChannelRow, exchangeDb } from './channel.tables.ts'

/** Every channel, whoever asks: alarms do not depend on who looks. */
export async function allChannels(ctx: Ctx): Promise<ChannelRow[]> {
  return exchangeDb(ctx).selectFrom('exchange.channel').selectAll().orderBy('number').execute()
}

export async function openAlarms(ctx: Ctx): Promise<AlarmRow[]> {
  return exchangeDb(ctx).selectFrom('exchange.alarm').selectAll().where('closed_at', 'is', null).execute()
}

/** Begins an alarm; undefined where it is there already. */
export async function beginAlarm(ctx: Ctx, channelId: string, kind: AlarmKind): Promise<string | undefined> {
  const row = await exchangeDb(ctx)
    .insertInto('exchange.alarm')
    .values({ id: randomUUID(), channel_id: channelId, kind, begun_at: ctx.now(), closed_at: null })
    .onConflict((c) => c.columns(['channel_id', 'kind']).where('closed_at', 'is', null).doNothing())
    .returning('id')
    .executeTakeFirst()
  return row?.id
}

/** Answers whether it was open. */
export async function endAlarm(ctx: Ctx, id: string): Promise<boolean> {
  const row = await exchangeDb(ctx)
    .updateTable('exchange.alarm')
    .set({ closed_at: ctx.now() })
    .where('id', '=', id)
    .where('closed_at', 'is', null)
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}
