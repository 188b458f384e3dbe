/** What somebody may choose not to be told of outside the product (提醒订阅), each by channel. */
export const noticeWishKinds = ['progress', 'urge', 'yellow', 'card', 'export'] as const
export type NoticeWishKind = (typeof noticeWishKinds)[number]

/** 督办, 红牌, 逾期报告 and what was left unanswered: who has to answer for it is told, whatever they wish. */
const binding: ReadonlySet<string> = new Set(['case.oversee', 'case.red', 'case.escalated', 'case.unanswered'])
const own: Readonly<Record<string, NoticeWishKind>> = { 'case.urge': 'urge', 'case.yellow': 'yellow' }
const byGroup: Readonly<Record<string, NoticeWishKind>> = { case: 'progress', card: 'card', export: 'export' }

/** Under which wish a kind of notice falls; null where it may not be declined, as is everything that no wish names. */
export function wishOfNotice(kind: string): NoticeWishKind | null {
  if (binding.has(kind)) return null
  return own[kind] ?? byGroup[kind.split('.')[0] ?? ''] ?? null
}
