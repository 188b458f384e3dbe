import { At, Id, Line, Nullable, OneOf, PageQuery, Strict } from '@tongchou/kernel'
import { lanePattern } from '@tongchou/wire'
import { type Static, Type } from 'typebox'
import { ReconciliationLine } from './reconciliation.schema.ts'

/** 使用, 停用. */
export const channelStates = ['in-use', 'suspended'] as const
export type ChannelState = (typeof channelStates)[number]

/** 逾期未更新, 报送被退回, 有问题数据, 对账差异未修复. */
export const alarmKinds = ['late', 'failing', 'quarantine', 'unreconciled', 'reconcile-late'] as const
export type AlarmKind = (typeof alarmKinds)[number]

const Version = Type.Integer({ minimum: 1 })

export const NewChannel = Strict({ name: Line(100), orgId: Line(64), resource: Line(100) })
export type NewChannel = Static<typeof NewChannel>

/** Suspending says why; using again needs no reason. */
export const StateChange = Strict({ version: Version, state: OneOf(channelStates), reason: Nullable(Line(200)) })
export type StateChange = Static<typeof StateChange>

/** SM2, without compression, as `tongchou agent key` prints it. */
export const NewKey = Strict({ version: Version, publicKey: Type.String({ pattern: '^04[0-9a-f]{128}$' }) })
export type NewKey = Static<typeof NewKey>

export const KeyWithdrawal = Strict({ version: Version, fingerprint: Type.String({ pattern: '^[0-9a-f]{64}$' }), reason: Line(200) })
export type KeyWithdrawal = Static<typeof KeyWithdrawal>

const Organisation = Type.Object({ id: Type.String(), name: Type.String() })

/** What became of a batch (回执), as the library answered. */
export const BatchReceipt = Type.Object({
  resource: Type.String(),
  batchId: Type.String(),
  digest: Type.String(),
  structure: Type.Integer(),
  rows: Type.Integer(),
  inserted: Type.Integer(),
  updated: Type.Integer(),
  deleted: Type.Integer(),
  unchanged: Type.Integer(),
  superseded: Type.Integer(),
  absent: Type.Integer(),
  bad: Type.Integer(),
  seqFrom: Nullable(Type.Integer()),
  seqTo: Nullable(Type.Integer()),
  receivedAt: At,
})
export type BatchReceipt = Static<typeof BatchReceipt>

const Alarm = Type.Object({ kind: OneOf(alarmKinds), since: At, detail: Type.String() })

/** How a channel does (运行情况), as of now. */
const condition = {
  confirmedAt: Nullable(Type.String({ format: 'date-time', description: '最近一次收到正常数据，或确认没有变化' })),
  cycle: Nullable(Type.String({ description: '目录承诺的更新周期' })),
  dueAt: Nullable(Type.String({ format: 'date-time', description: '按更新周期应在此前更新' })),
  rowsToday: Type.Integer(),
  refusedToday: Type.Integer({ description: '今日被退回的批次' }),
  openLines: Type.Integer({ description: '隔离区待处理' }),
  /** The last run that ended. */
  reconciliation: Nullable(ReconciliationLine),
  alarms: Type.Array(Alarm),
}

export const ChannelLine = Type.Object({
  ...condition,
  id: Type.String(),
  number: Type.Integer(),
  name: Type.String(),
  org: Organisation,
  resource: Type.Object({ id: Type.String(), title: Type.String() }),
  state: OneOf(channelStates),
  /** When the last batch was taken, and when the last one was refused. */
  lastAt: Nullable(At),
  failedAt: Nullable(At),
  updatedAt: At,
})
export type ChannelLine = Static<typeof ChannelLine>

export const ChannelQuery = Strict({
  ...PageQuery,
  state: Type.Optional(OneOf(channelStates)),
  orgId: Type.Optional(Type.String({ maxLength: 64 })),
  alarm: Type.Optional(OneOf(alarmKinds)),
  sort: Type.Optional(OneOf(['-number', 'number', '-last', 'last'] as const)),
  q: Type.Optional(Type.String({ maxLength: 100 })),
})
export type ChannelQuery = Static<typeof ChannelQuery>

const Key = Type.Object({
  fingerprint: Type.String(),
  publicKey: Type.String(),
  registeredAt: At,
  registeredBy: Type.String(),
  withdrawnAt: Nullable(At),
})

const Lane = Type.Object({
  lane: Type.String(),
  epoch: Type.Integer(),
  claimedAt: At,
  lastNumber: Type.Integer(),
  lastAt: Nullable(At),
  lastReceipt: Nullable(BatchReceipt),
  failure: Nullable(Type.Object({ at: At, number: Type.Integer(), code: Type.String(), message: Type.String() })),
})

const Refusal = Type.Object({
  lane: Type.String(),
  number: Type.Integer(),
  code: Type.String(),
  message: Type.String(),
  times: Type.Integer(),
  firstAt: At,
  lastAt: At,
})

export const Channel = Type.Object({
  ...condition,
  refusals: Type.Array(Refusal, { description: '最近的退回' }),
  mayDo: Type.Array(OneOf(['keep', 'send'] as const)),
  id: Type.String(),
  number: Type.Integer(),
  name: Type.String(),
  org: Organisation,
  resource: Type.Object({ id: Type.String(), title: Type.String(), structure: Nullable(Type.Integer()) }),
  state: OneOf(channelStates),
  stateReason: Nullable(Type.String()),
  keys: Type.Array(Key),
  lanes: Type.Array(Lane),
  version: Type.Integer(),
  createdAt: At,
  updatedBy: Type.String(),
  updatedAt: At,
})
export type Channel = Static<typeof Channel>

/** The exchange at one moment (通道监控): figures of all channels, and those with which something is wrong. */
export const ChannelMonitor = Type.Object({
  at: At,
  channels: Type.Integer(),
  suspended: Type.Integer(),
  late: Type.Integer(),
  failing: Type.Integer(),
  quarantine: Type.Integer(),
  unreconciled: Type.Integer(),
  reconcileLate: Type.Integer(),
  batchesToday: Type.Integer(),
  rowsToday: Type.Integer(),
  badToday: Type.Integer(),
  openLines: Type.Integer(),
  /** Receivers under grants in force that were refused last, and those that were not there for a day. */
  refusedReceivers: Type.Integer(),
  silentReceivers: Type.Integer(),
  /** Grants of which both sides are warned because they end soon; null where the pack warns of none. */
  expiringGrants: Nullable(Type.Object({ count: Type.Integer(), until: Type.String() })),
  lines: Type.Array(ChannelLine),
})
export type ChannelMonitor = Static<typeof ChannelMonitor>

const LaneName = Type.String({ pattern: lanePattern })
export const LaneParams = Strict({ id: Id, lane: LaneName })
export const BatchParams = Strict({ id: Id, lane: LaneName, number: Type.Integer({ minimum: 1, maximum: 1_000_000_000_000 }) })

/** What a sender that starts says of itself: how often it holds its source against the copy, or that it does not. */
export const LaneClaim = Strict({
  reconcileHours: Type.Optional(Nullable(Type.Integer({ minimum: 1, maximum: 8784, description: '对账周期（小时）；不对账的为空' }))),
})
export type LaneClaim = Static<typeof LaneClaim>

/** What a sender that starts is told: its epoch, which batch is next, and the structure to send by. */
export const ClaimedLane = Type.Object({
  channel: Type.Object({ id: Type.String(), name: Type.String() }),
  epoch: Type.Integer(),
  nextNumber: Type.Integer(),
  structure: Type.Object({
    resource: Type.String(),
    title: Type.String(),
    version: Type.Integer(),
    kind: OneOf(['state', 'event'] as const),
    key: Type.Array(Type.String()),
    items: Type.Array(Type.Object({ id: Type.String(), title: Type.String(), kind: Type.String(), required: Type.Boolean() })),
  }),
})
export type ClaimedLane = Static<typeof ClaimedLane>
