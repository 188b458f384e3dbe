import { type Ctx, InvalidValue, inTransaction, recordAudit } from '@tongchou/kernel'
import retention from '../data/retention.json' with { type: 'json' }
import { auditDb } from './audit.tables.ts'

const key = 'audit.retention'

/** How long the log is kept (保存期限), and what says how long at least; what was written from memory says so. */
export async function readRetention(ctx: Ctx) {
  const row = await auditDb(ctx).selectFrom('kernel.setting').select('value').where('key', '=', key).executeTakeFirst()
  const { days } = (row?.value ?? {}) as { days?: number }
  return { days: Math.max(days ?? retention.minimumDays, retention.minimumDays), ...retention }
}

/** Sets it. Less than the law's minimum is refused, and the law named. */
export async function setRetention(ctx: Ctx, days: number, reason: string) {
  if (days < retention.minimumDays) {
    const law = retention.basis.map(({ title, article, says }) => `《${title}》${article}：${says}`)[0]
    const message = `日志保存期限不得少于 ${retention.minimumDays} 日（${law}），请填写不少于 ${retention.minimumDays} 的天数。`
    throw new InvalidValue('audit.retention_too_short', message, [{ path: 'days', message: `不得少于 ${retention.minimumDays}` }])
  }
  return inTransaction(ctx, async (tx) => {
    const before = await readRetention(tx)
    const value = JSON.stringify({ days })
    await auditDb(tx)
      .insertInto('kernel.setting')
      .values({ key, value, updated_at: tx.now() })
      .onConflict((conflict) => conflict.column('key').doUpdateSet({ value, updated_at: tx.now() }))
      .execute()
    await recordAudit(tx, 'audit.retention_set', { kind: 'audit', id: 'retention' }, { from: before.days, to: days, reason: reason.trim() })
    return readRetention(tx)
  })
}
