import type { Ctx } from '@tongchou/kernel'
import { exchangeDb } from './channel.tables.ts'

/** A channel that runs stands against withdrawing the entry of its resource (在用通道): it would bring what nobody answers for. */
export async function channelsRelyOn(ctx: Ctx, resource: string): Promise<{ message: string; cure: string }[]> {
  const rows = await exchangeDb(ctx)
    .selectFrom('exchange.channel')
    .select('name')
    .where('resource', '=', resource)
    .where('state', '=', 'in-use')
    .orderBy('number')
    .execute()
  return rows.map(({ name }) => ({ message: `交换通道“${name}”在用`, cure: '请市大数据中心停用该通道后再撤销' }))
}

/** The channels that are set up to bring a resource (归集通道), those in use first. */
export async function channelsOf(ctx: Ctx, resource: string): Promise<{ id: string; name: string; isInUse: boolean }[]> {
  const rows = await exchangeDb(ctx)
    .selectFrom('exchange.channel')
    .select(['id', 'name', 'state'])
    .where('resource', '=', resource)
    .orderBy('state')
    .orderBy('number')
    .execute()
  return rows.map(({ id, name, state }) => ({ id, name, isInUse: state === 'in-use' }))
}

/** Whether a channel in use has brought data of a resource (数据已送达): a batch of it was taken. */
export async function isBrought(ctx: Ctx, resource: string): Promise<boolean> {
  const row = await exchangeDb(ctx)
    .selectFrom('exchange.channel as c')
    .innerJoin('exchange.lane as l', 'l.channel_id', 'c.id')
    .select('c.id')
    .where('c.resource', '=', resource)
    .where('c.state', '=', 'in-use')
    .where('l.last_at', 'is not', null)
    .executeTakeFirst()
  return row !== undefined
}
