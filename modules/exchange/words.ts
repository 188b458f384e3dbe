import { codeLists } from '@tongchou/metadata'
import type { AlarmKind, ChannelState } from './server/channel.schema.ts'
import type { SubscriptionLine } from './server/feed.schema.ts'

/** A state in the words of the screens. */
export const stateWords: Readonly<Record<ChannelState, string>> = { 'in-use': '在用', suspended: '停用' }

/** What is wrong with a channel (告警). */
export const alarmWords: Readonly<Record<AlarmKind, string>> = { late: '逾期未更新', failing: '报送被退回', quarantine: '有问题数据' }

/** 更新周期, as the catalog has it. */
export const cycleWords: Readonly<Record<string, string>> = Object.fromEntries(
  codeLists.updateCycle.entries.map(({ value, label }) => [value, label]),
)

/** How far a subscription is, in the words of the screens. */
export const subscriptionWords: Readonly<Record<SubscriptionLine['state'], string>> = {
  loading: '加载中',
  receiving: '接收中',
  ended: '授权已失效',
}
