import type { Ctx } from '@tongchou/kernel'
import { sql } from 'kysely'
import { tableOf } from './install.plan.ts'
import { installedDefinition, tableNumber } from './install.store.ts'

/**
 * Records that are held stand against withdrawing their entry (在库数据): without it nobody would answer for them. Of events nothing can be taken back, so
 * they stand against nothing.
 */
export async function recordsRelyOn(ctx: Ctx, resource: string): Promise<{ message: string; cure: string }[]> {
  const number = await tableNumber(ctx, resource)
  const definition = await installedDefinition(ctx, resource)
  if (number === undefined || definition?.kind !== 'state') return []
  const { rows } = await sql<{ held: boolean }>`select exists (select from ${sql.raw(tableOf(number))}) as held`.execute(ctx.db)
  if (!rows[0]?.held) return []
  return [{ message: '基础库存有该资源的数据', cure: '由提供单位的前置程序报送删除后再撤销' }]
}
