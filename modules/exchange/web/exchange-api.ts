import type { Tone } from '@tongchou/ui'
import type { alarmWords, differenceWords, mannerWords, repairWords, stateWords, subscriptionWords } from '../words.ts'

/** See channels: of their own department, or all. */
export const readers: readonly string[] = ['applicant', 'data-steward', 'district', 'big-data-center', 'audit']
/** Keep the register of channels. */
export const keepers: readonly string[] = ['big-data-center']
/** Watch all of them. */
export const watchers: readonly string[] = ['big-data-center', 'audit']

export type AlarmKind = keyof typeof alarmWords

/** What is wrong with a channel now. */
export interface Alarm {
  kind: AlarmKind
  since: string
  detail: string
}

interface Condition {
  confirmedAt: string | null
  cycle: string | null
  dueAt: string | null
  rowsToday: number
  refusedToday: number
  openLines: number
  reconciliation: Reconciliation | null
  alarms: Alarm[]
}

/** A run of 对账, as `GET /api/v1/channels/{id}/reconciliations` gives it. */
export interface Reconciliation {
  id: string
  by: keyof typeof mannerWords
  number: number
  begunAt: string
  endedAt: string | null
  seq: number | null
  compared: number | null
  onlySource: number | null
  onlyCenter: number | null
  different: number | null
  quarantined: number | null
  moving: number | null
  repair: keyof typeof repairWords | null
  repairedAt: string | null
}

/** A record that differed, by its key. */
export interface DifferenceLine {
  number: number
  kind: keyof typeof differenceWords
  key: string | null
  /** There is one, and it is shown to who says what for. */
  withheld: boolean
}

/** A channel, as `GET /api/v1/channels` gives it. */
export interface ChannelLine extends Condition {
  id: string
  number: number
  name: string
  org: { id: string; name: string }
  resource: { id: string; title: string }
  state: keyof typeof stateWords
  lastAt: string | null
  failedAt: string | null
  updatedAt: string
}

/** What became of a batch. */
export interface BatchReceipt {
  batchId: string
  rows: number
  inserted: number
  updated: number
  deleted: number
  unchanged: number
  bad: number
  seqTo: number | null
  receivedAt: string
}

/** The page of a channel, as `GET /api/v1/channels/{id}` gives it. */
export interface Channel extends Condition {
  id: string
  number: number
  name: string
  org: { id: string; name: string }
  resource: { id: string; title: string; structure: number | null }
  state: keyof typeof stateWords
  stateReason: string | null
  keys: { fingerprint: string; publicKey: string; registeredAt: string; registeredBy: string; withdrawnAt: string | null }[]
  lanes: {
    lane: string
    epoch: number
    claimedAt: string
    lastNumber: number
    lastAt: string | null
    failure: { at: string; number: number; code: string; message: string } | null
  }[]
  refusals: { lane: string; number: number; code: string; message: string; times: number; firstAt: string; lastAt: string }[]
  mayDo: ('keep' | 'send')[]
  version: number
  createdAt: string
}

/** A subscription, as `GET /api/v1/subscriptions` gives it. */
export interface SubscriptionLine {
  id: string
  number: number
  org: { id: string; name: string }
  provider: { id: string; name: string }
  resource: { id: string; title: string }
  state: keyof typeof subscriptionWords
  validUntil: string | null
  loadedAt: string | null
  seenAt: string | null
  confirmedAt: string | null
  position: number
  /** Null for who does not see all of the resource. */
  behind: number | null
  refusal: { at: string; message: string } | null
}

/** The exchange at one moment, as `GET /api/v1/channel-monitor` gives it. */
export interface ChannelMonitor {
  at: string
  channels: number
  suspended: number
  late: number
  failing: number
  quarantine: number
  unreconciled: number
  reconcileLate: number
  batchesToday: number
  rowsToday: number
  badToday: number
  openLines: number
  refusedReceivers: number
  silentReceivers: number
  expiringGrants: { count: number; until: string } | null
  lines: ChannelLine[]
}

export const stateTones: Readonly<Record<ChannelLine['state'], Tone>> = { 'in-use': 'good', suspended: 'plain' }
export const alarmTones: Readonly<Record<AlarmKind, Tone>> = {
  late: 'bad',
  failing: 'bad',
  quarantine: 'soon',
  unreconciled: 'bad',
  'reconcile-late': 'bad',
}

export const subscriptionTones: Readonly<Record<SubscriptionLine['state'], Tone>> = { loading: 'soon', receiving: 'good', ended: 'plain' }

/** The Chinese verb of an act in the trail. */
export function actionName(action: string): string {
  return actionNames[action] ?? action
}

const actionNames: Readonly<Record<string, string>> = {
  'channel.created': '建立通道',
  'channel.suspended': '停用通道',
  'channel.resumed': '恢复通道',
  'channel.key_registered': '登记公钥',
  'channel.key_withdrawn': '撤销公钥',
  'channel.lane_claimed': '前置程序登记发送',
  'channel.reconciled': '对账',
  'channel.differences_looked': '查看对账差异的主键',
  'channel.alarm_raised': '告警',
  'channel.alarm_ended': '告警解除',
  changeChannelState: '停用或恢复通道',
  registerChannelKey: '登记公钥',
  withdrawChannelKey: '撤销公钥',
  claimChannelLane: '前置程序登记发送',
  sendChannelBatch: '报送批次',
  lookAtReconciliationDifferences: '查看对账差异的主键',
  beginReconciliation: '登记对账',
  askReconciliation: '索取对账摘要',
  endReconciliation: '报告对账结果',
}
