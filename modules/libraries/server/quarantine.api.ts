import { At, Id, Line, Nullable, OneOf, PageQuery, Strict } from '@tongchou/kernel'
import { type Static, Type } from 'typebox'
import { purpose } from './query.api.ts'

export const quarantineStates = ['open', 'resent', 'removed', 'superseded', 'corrected', 'discarded'] as const

const Problem = Type.Object({
  item: Type.String({ description: '信息项标识；空：整行的问题' }),
  itemTitle: Type.String(),
  rule: Type.String(),
  message: Type.String(),
})

/** A line that was set aside (问题数据), without its values. */
export const QuarantineLine = Type.Object({
  id: Id,
  number: Type.Integer(),
  resource: Type.Object({ id: Type.String(), title: Type.String() }),
  org: Type.Object({ id: Type.String(), name: Type.String() }),
  batchId: Type.String(),
  source: Type.String({ description: '通道名称，或更正人' }),
  line: Type.Integer(),
  key: Nullable(Type.String({ description: '主键；主键指向个人、没有主键的为空' })),
  problems: Type.Array(Problem),
  state: OneOf(quarantineStates),
  at: At,
  closedAt: Nullable(At),
  closing: Nullable(Type.String({ description: '由哪一批、何人处理，理由' })),
})
export type QuarantineLine = Static<typeof QuarantineLine>

/** Nothing said: what is still to be done. */
export const QuarantineQuery = Strict({
  ...PageQuery,
  state: Type.Optional(OneOf([...quarantineStates, 'all'] as const)),
  resourceId: Type.Optional(Type.String({ maxLength: 100 })),
  orgId: Type.Optional(Type.String({ maxLength: 64 })),
  batchId: Type.Optional(Type.String({ maxLength: 120 })),
  rule: Type.Optional(Type.String({ maxLength: 60 })),
  sort: Type.Optional(OneOf(['-number', 'number'] as const)),
})
export type QuarantineQuery = Static<typeof QuarantineQuery>

/** What waits, by reason (问题原因): the largest groups first. */
export const QuarantineGroups = Type.Object({
  groups: Type.Array(
    Type.Object({
      resource: Type.Object({ id: Type.String(), title: Type.String() }),
      itemTitle: Type.String(),
      rule: Type.String(),
      message: Type.String({ description: '其中一行的说明' }),
      count: Type.Integer(),
      batches: Type.Integer(),
      latestAt: At,
    }),
  ),
})
export type QuarantineGroups = Static<typeof QuarantineGroups>

export const QuarantinePage = Type.Object({
  ...QuarantineLine.properties,
  needsPurpose: Type.Boolean(),
  mayDo: Type.Array(OneOf(['correct', 'discard'] as const)),
})
export type QuarantinePage = Static<typeof QuarantinePage>

export const QuarantineLookBody = Strict({ purpose })
export type QuarantineLookBody = Static<typeof QuarantineLookBody>

/** The line as this reader may see it: its values by item, or its text where no item can be told. */
export const QuarantineLook = Type.Object({
  values: Type.Array(
    Type.Object({
      id: Type.String(),
      title: Type.String(),
      kind: Type.String(),
      required: Type.Boolean(),
      isKey: Type.Boolean(),
      masked: Type.Boolean(),
      value: Nullable(Type.String()),
    }),
  ),
  text: Nullable(Type.String({ description: '不能按信息项列出的原文，只给提供方' })),
})
export type QuarantineLook = Static<typeof QuarantineLook>

const ItemValues = Type.Record(Type.String({ pattern: '^i[1-9][0-9]{0,5}$' }), Nullable(Type.String({ maxLength: 10_000 })), {
  description: '改动的信息项',
  maxProperties: 500,
})
export const CorrectionTry = Strict({ values: ItemValues })
export type CorrectionTry = Static<typeof CorrectionTry>
export const Correction = Strict({ values: ItemValues, note: Line(200) })
export type Correction = Static<typeof Correction>
export const Judgement = Type.Object({ problems: Type.Array(Problem) })
export type Judgement = Static<typeof Judgement>

export const Discard = Strict({ reason: Line(200) })
export type Discard = Static<typeof Discard>
