import { type Ctx, InvalidValue, inTransaction, type NoticeWishKind, recordAudit } from '@tongchou/kernel'
import { lockAccount } from './account.store.ts'
import { identityDb } from './identity.tables.ts'
import type { ChangePreferences, Preferences } from './preference.schema.ts'
import { findPreferences, noticeWishesOf, putPreferences } from './preference.store.ts'

/** All of it together, as text: sixty lists of twenty long filters each would be a store for files. */
const maxLength = 32_000

/** 个人设置 of whoever asks. */
export function preferencesOf(ctx: Ctx): Promise<Preferences> {
  return findPreferences(identityDb(ctx), ctx.actor.accountId)
}

/** Changes the own settings (修改个人设置). The audit row names what was changed and not to what: it is nobody's business how large letters are. */
export async function changePreferences(ctx: Ctx, change: ChangePreferences): Promise<Preferences> {
  return inTransaction(ctx, async (tx) => {
    const db = identityDb(tx)
    await lockAccount(db, tx.actor.accountId)
    const next = { ...(await findPreferences(db, tx.actor.accountId)), ...change }
    if (JSON.stringify(next).length > maxLength)
      throw new InvalidValue('preferences.too_large', '保存的常用筛选过多，请先删除不再使用的。', [
        { path: 'savedViews', message: '保存的常用筛选过多' },
      ])
    await putPreferences(db, tx.actor.accountId, next, tx.now())
    await recordAudit(tx, 'account.preferences_changed', { kind: 'account', id: tx.actor.accountId }, { parts: Object.keys(change).sort() })
    return next
  })
}

/** By which channels people do not wish to be told of a kind of notice (提醒订阅); whoever has said nothing wishes all. */
export async function unwantedChannels(
  ctx: Ctx,
  personIds: readonly string[],
  kind: NoticeWishKind,
): Promise<Map<string, ('sms' | 'mail')[]>> {
  const said = await noticeWishesOf(identityDb(ctx), personIds)
  return new Map(
    said.map(({ person_id, wishes }) => [
      person_id,
      (['sms', 'mail'] as const).filter((channel) => !wishes[channel] || wishes.declined?.[channel].includes(kind)),
    ]),
  )
}
