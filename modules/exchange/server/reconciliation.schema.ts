import { At, Id, Line, Nullable, OneOf, PageQuery, Strict } from '@tongchou/kernel'
import { purposes } from '@tongchou/metadata'
import { lanePattern } from '@tongchou/wire'
import { type Static, Type } from 'typebox'

/** 只在来源, 只在中心, 内容不同. */
export const differenceKinds = ['only-source', 'only-center', 'different'] as const
export type DifferenceKind = (typeof differenceKinds)[number]

/** Nothing to repair; sent by the ordinary way; held back until a person has confirmed. */
export const repairs = ['none', 'sent', 'held'] as const

/** By the hashes beside the records, or by hashes made anew of their values. */
export const manners = ['hashes', 'values'] as const

/** So many keys are listed; beyond that they are counted. */
export const mostListed = 5000

const Count = Type.Integer({ minimum: 0, maximum: 2_000_000_000 })
const counts = { onlySource: Count, onlyCenter: Count, different: Count, quarantined: Count, moving: Count }

/** A run of 对账, as it is listed. Figures are null as long as it has not ended. */
export const ReconciliationLine = Type.Object({
  id: Type.String(),
  number: Type.Integer(),
  lane: Type.String(),
  by: OneOf(manners),
  begunAt: At,
  endedAt: Nullable(At),
  seq: Nullable(Type.Integer({ description: '比到的变更日志序号' })),
  compared: Nullable(Type.Integer({ description: '来源的记录数' })),
  onlySource: Nullable(Type.Integer()),
  onlyCenter: Nullable(Type.Integer()),
  different: Nullable(Type.Integer()),
  quarantined: Nullable(Type.Integer({ description: '来源有问题、在隔离区或已在中心更正的' })),
  moving: Nullable(Type.Integer({ description: '比对时仍在变动，留待下次的' })),
  bytes: Nullable(Type.Integer({ description: '比对所传字节' })),
  repair: Nullable(OneOf(repairs)),
  repairedAt: Nullable(Type.String({ format: 'date-time', description: '此后对账一致的时间' })),
})
export type ReconciliationLine = Static<typeof ReconciliationLine>

export const ReconciliationQuery = Strict({ ...PageQuery, sort: Type.Optional(OneOf(['-number', 'number'] as const)) })
export type ReconciliationQuery = Static<typeof ReconciliationQuery>

/** A record that differs, by its key alone. */
export const DifferenceLine = Type.Object({
  number: Type.Integer(),
  kind: OneOf(differenceKinds),
  key: Nullable(Type.String({ description: '主键；主键指向个人、无权查看的为空' })),
  withheld: Type.Boolean({ description: '有主键，此处不列' }),
})
export type DifferenceLine = Static<typeof DifferenceLine>

export const DifferenceQuery = Strict({
  ...PageQuery,
  kind: Type.Optional(OneOf(differenceKinds)),
  sort: Type.Optional(OneOf(['number', '-number'] as const)),
})
export type DifferenceQuery = Static<typeof DifferenceQuery>

/** Keys of some differences are looked at, and what for where they are persons' numbers. */
export const DifferenceLook = Strict({
  numbers: Type.Array(Type.Integer({ minimum: 1, maximum: mostListed }), { minItems: 1, maxItems: 100, uniqueItems: true }),
  purpose: Type.Optional(Strict({ kind: OneOf(purposes), note: Line(200) }, { description: '指向个人的资源必填：用途和事由' })),
})
export type DifferenceLook = Static<typeof DifferenceLook>

export const DifferenceKeys = Type.Object({ items: Type.Array(DifferenceLine) })
export type DifferenceKeys = Static<typeof DifferenceKeys>

export const ReconciliationParams = Strict({ id: Id, reconciliation: Id })
export const LaneReconciliationParams = Strict({ id: Id, lane: Type.String({ pattern: lanePattern }), reconciliation: Id })

/** A sender begins to compare: by an id of its own, so that the same once more is the same run. */
export const NewReconciliation = Strict({ id: Id, follows: Nullable(Id), by: OneOf(manners) })
export type NewReconciliation = Static<typeof NewReconciliation>

/** What it is told: how far the copy is, and by which rules its records are checked and hashed. */
export const BegunReconciliation = Type.Object({
  id: Type.String(),
  seq: Type.Integer(),
  structure: Type.Unknown({ description: '资源结构全文：信息项、类型、代码和质量规则' }),
})
export type BegunReconciliation = Static<typeof BegunReconciliation>

export const CopyQuestion = Strict({
  wants: OneOf(['digests', 'rows'] as const),
  nonce: Type.String({ pattern: '^[0-9a-f]{32}$', description: '每次对账另取的随机数，参与摘要' }),
  by: OneOf(manners),
  bits: Type.Union([Type.Literal(8), Type.Literal(16)]),
  within: Nullable(Type.Array(Type.Integer({ minimum: 0, maximum: 65_535 }), { minItems: 1, maxItems: 8192 })),
})
export type CopyQuestion = Static<typeof CopyQuestion>

export const CopyAnswer = Type.Object({
  seq: Type.Integer(),
  structure: Type.Integer(),
  digests: Type.Array(Type.Tuple([Type.Integer(), Type.Integer(), Type.String()]), { description: '桶、记录数、摘要' }),
  rows: Type.Array(Type.Tuple([Type.String(), Type.String(), Type.Boolean(), Type.Boolean()]), {
    description: '主键、行摘要、是否在中心更正、内容是否与所存摘要不符',
  }),
})
export type CopyAnswer = Static<typeof CopyAnswer>

export const ReconciliationResult = Strict({
  ...counts,
  seq: Type.Integer({ minimum: 0 }),
  compared: Count,
  bytes: Type.Integer({ minimum: 0 }),
  repair: OneOf(repairs),
  differences: Type.Array(Strict({ kind: OneOf(differenceKinds), key: Nullable(Type.String({ maxLength: 2000 })) }), {
    maxItems: mostListed,
  }),
})
export type ReconciliationResult = Static<typeof ReconciliationResult>
