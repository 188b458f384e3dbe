import { codeLists } from '@tongchou/metadata'
import type { AlarmKind, ChannelState } from './server/channel.schema.ts'
import type { SubscriptionLine, SubscriptionQuery } from './server/feed.schema.ts'
import type { DifferenceKind, NewReconciliation, ReconciliationResult } from './server/reconciliation.schema.ts'

/** A state in the words of the screens. */
export const stateWords: Readonly<Record<ChannelState, string>> = { 'in-use': '在用', suspended: '停用' }

/** What is wrong with a channel (告警). */
export const alarmWords: Readonly<Record<AlarmKind, string>> = {
  late: '逾期未更新',
  failing: '报送被退回',
  quarantine: '有问题数据',
  unreconciled: '对账差异未修复',
  'reconcile-late': '逾期未对账',
}

/** 更新周期, as the catalog has it. */
export const cycleWords: Readonly<Record<string, string>> = Object.fromEntries(
  codeLists.updateCycle.entries.map(({ value, label }) => [value, label]),
)

/** How often a sender reconciles. */
export function everyWords(hours: number): string {
  if (hours === 24) return '每日'
  if (hours === 168) return '每周'
  return hours % 24 === 0 ? `每 ${hours / 24} 日` : `每 ${hours} 小时`
}

/** How far a subscription is, in the words of the screens. */
export const subscriptionWords: Readonly<Record<SubscriptionLine['state'], string>> = {
  loading: '加载中',
  receiving: '接收中',
  ended: '授权已失效',
}

/** Why somebody should look at a subscription (需关注). */
export const attentionWords: Readonly<Record<NonNullable<SubscriptionQuery['attention']>, string>> = {
  refused: '停止接收',
  silent: '一天未接收',
}

/** How a record differs between source and center (对账差异). */
export const differenceWords: Readonly<Record<DifferenceKind, string>> = {
  'only-source': '只在来源',
  'only-center': '只在中心',
  different: '内容不同',
}

/** What is done about the differences of a run. */
export const repairWords: Readonly<Record<ReconciliationResult['repair'], string>> = {
  none: '无须修复',
  sent: '已重报',
  held: '待核实',
}

/** How many records differed at the last comparison with the source; null before the first. */
export const differing = (
  last: { onlySource: number | null; onlyCenter: number | null; different: number | null } | null,
): number | null => (last ? (last.onlySource ?? 0) + (last.onlyCenter ?? 0) + (last.different ?? 0) : null)

/** By what the copy is compared: the hashes beside its records, or hashes made anew of their values. */
export const mannerWords: Readonly<Record<NewReconciliation['by'], string>> = { hashes: '按所存摘要', values: '按内容重算' }
