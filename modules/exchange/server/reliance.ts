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
