import { InvalidValue, PolicyRefusal } from '@tongchou/kernel'
import { sharingBasis } from '@tongchou/metadata'
import type { Masking } from '@tongchou/records'
import type { OfferedItem } from './offer.ts'
import type { Proposed, RequestRow, Terms } from './sharing.tables.ts'

type Asked = Pick<RequestRow, 'items' | 'row_conditions' | 'valid_from' | 'valid_until' | 'quota_per_day'>

/** What was asked for, as terms of a grant: whole where that was wanted, otherwise as the catalog masks it. */
export function askedTerms(request: Asked, offered: readonly OfferedItem[]): Terms {
  const items = offered.flatMap(({ id, masking }): [string, Masking | null][] =>
    Object.hasOwn(request.items, id) ? [[id, request.items[id] ? null : masking]] : [],
  )
  return {
    items: Object.fromEntries(items),
    ...{ rows: request.row_conditions, validUntil: request.valid_until, quotaPerDay: request.quota_per_day, use: null },
  }
}

/** Whether it is less than what was asked for (部分授权). */
export function isLess(asked: Terms, given: Terms): boolean {
  const item = ([id, mask]: [string, Masking | null]) => !Object.hasOwn(given.items, id) || (mask === null && given.items[id] !== null)
  return (
    Object.entries(asked.items).some(item) ||
    given.rows.length > asked.rows.length ||
    given.validUntil < asked.validUntil ||
    (given.quotaPerDay !== null && (asked.quotaPerDay === null || given.quotaPerDay < asked.quotaPerDay))
  )
}

/** Refuses terms that give more than was asked for: what nobody asked for, nobody needs (最小必要). */
export function requireWithin(asked: Terms, given: Terms, request: Pick<Asked, 'valid_from'>): void {
  const wrong = (path: string, message: string) => new InvalidValue('sharing.beyond_request', `${message}。`, [{ path, message }])
  if (Object.keys(given.items).length === 0) throw wrong('terms/items', '至少授权一个信息项；一项也不提供的，办理不予共享')
  for (const id of Object.keys(given.items))
    if (!Object.hasOwn(asked.items, id)) throw wrong(`terms/items/${id}`, `申请中没有信息项 ${id}，授权不得超出申请`)
  for (const one of asked.rows)
    if (!given.rows.some(({ item, is }) => item === one.item && is === one.is))
      throw wrong('terms/rows', '申请所列的数据范围不得放宽，请保留申请的条件')
  if (given.validUntil > asked.validUntil) throw wrong('terms/validUntil', '授权期限不得长于申请的期限')
  if (given.validUntil < request.valid_from) throw wrong('terms/validUntil', '授权期限不得早于申请的起始日')
  if (asked.quotaPerDay !== null && (given.quotaPerDay === null || given.quotaPerDay > asked.quotaPerDay))
    throw wrong('terms/quotaPerDay', '每日限额不得高于申请的限额')
}

/** What every refusal is held to: to share is the duty, not to share needs its place in the negative list and so a basis. */
const article = 'WH23-15'
const text = '各部门负责编制本单位数据资源责任清单、共享负面清单、供需对接清单,按要求将数据资源共享至乌海市数据资源共享交换平台。'

/** Refuses a refusal without a law and its article, and any decision to give less without a reason. */
export function requireReasoned({ outcome, reason, basisLaw, basisClause }: Proposed, less: boolean): void {
  const lacking = (rule: string, message: string, cure: string) =>
    new PolicyRefusal('sharing.unreasoned', [
      {
        ...{ rule, effect: 'refuse', modality: 'local', basis: 'local', mode: 'enforce', article, text, message, cure },
        facts: [],
      },
    ])
  const blank = (text: string | null) => text === null || text.trim() === ''
  if (outcome === 'refuse' && (!sharingBasis(basisLaw) || blank(basisClause)))
    throw lacking(
      'sharing-refusal-basis',
      '不予共享须有法律、行政法规依据，本决定没有写明依据的条款。',
      '在决定中选择依据的法律法规并写明条款；没有依据的，同意共享，或缩小信息项、数据范围和期限后同意部分共享。',
    )
  if ((outcome === 'refuse' || less) && blank(reason))
    throw lacking('sharing-reduction-reason', '不予共享和部分共享须说明理由，本决定没有写明理由。', '在决定中写明理由。')
}
