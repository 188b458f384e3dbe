import { At, CivilDate, Line, Nullable, OneOf, PageQuery, Strict } from '@tongchou/kernel'
import { purposes } from '@tongchou/metadata'
import { type Static, Type } from 'typebox'

const ItemId = Type.String({ pattern: '^i[1-9][0-9]{0,5}$' })
const Value = Type.String({ maxLength: 200 })

const filter = Type.Optional(
  Type.Array(Strict({ item: ItemId, op: OneOf(['is', 'from', 'to', 'contains', 'empty'] as const), value: Type.Optional(Value) }), {
    maxItems: 10,
  }),
)
export const purpose = Type.Optional(Strict({ kind: OneOf(purposes), note: Line(200) }, { description: '指向个人的资源必填：用途和事由' }))

const grant = Type.Optional(Type.String({ format: 'uuid', description: '依据的授权；不填的，依本单位最早的有效授权' }))

export const RecordQuery = Strict({
  filter,
  search: Type.Optional(Type.String({ minLength: 1, maxLength: 60 })),
  sort: Type.Optional(Strict({ item: ItemId, direction: OneOf(['asc', 'desc'] as const) })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })),
  offset: Type.Optional(Type.Integer({ minimum: 0, maximum: 10_000 })),
  purpose,
  grant,
})
export type RecordQuery = Static<typeof RecordQuery>

export const AggregateQuery = Strict({
  filter,
  groupBy: Type.Optional(ItemId),
  addUp: Type.Optional(ItemId),
  grant,
})
export type AggregateQuery = Static<typeof AggregateQuery>

const SeenItem = Type.Object({
  id: Type.String(),
  title: Type.String(),
  kind: Type.String({ description: '数据类型' }),
  masked: Type.Boolean(),
  codes: Nullable(Type.Record(Type.String(), Type.String(), { description: '代码和名称，依目录的值域；已脱敏的不列' })),
})

/** Records as the reader may see them, and how many fulfil the filter. */
export const RecordAnswer = Type.Object({
  structure: Type.Array(SeenItem),
  needsPurpose: Type.Boolean(),
  /** The grant by which it was looked; null for the provider's own and the center's looks. */
  grant: Nullable(Type.Object({ id: Type.String(), number: Type.Integer(), purpose: Type.String() })),
  records: Type.Array(Type.Record(Type.String(), Nullable(Type.String()))),
  total: Type.Integer(),
  faulty: Type.Optional(
    Type.Object(
      {
        records: Type.Integer(),
        items: Type.Array(Type.Object({ id: Type.String(), title: Type.String(), count: Type.Integer() })),
      },
      { description: '由提供方的接口答复的：不符合目录、没有提供的记录，按信息项' },
    ),
  ),
})
export type RecordAnswer = Static<typeof RecordAnswer>

export const AggregateAnswer = Type.Object({
  groups: Type.Array(
    Type.Object({
      value: Nullable(Type.String()),
      count: Nullable(Type.Integer({ description: '空：数目过小，不显示；指向个人的资源按信息项分组时，数目过小的组不列' })),
      addedUp: Nullable(Type.String()),
    }),
  ),
})
export type AggregateAnswer = Static<typeof AggregateAnswer>

/** A look at records about one person (查阅留痕). */
export const PersonLook = Type.Object({
  at: At,
  resource: Type.String(),
  orgName: Type.String(),
  personName: Type.String(),
  purpose: OneOf(purposes),
  note: Type.String(),
  items: Type.Array(Type.String()),
  masked: Type.Boolean({ description: '公民身份号码等已脱敏' }),
})
export type PersonLook = Static<typeof PersonLook>

/** Why records were open to who looked (查阅依据): its own data, the platform's keeping, masked, what the office was granted, or what a task needs. */
export const grounds = ['provider', 'keeper', 'grant', 'task'] as const
export type LookGround = (typeof grounds)[number]

/** A look at one's own records (谁查看了我的数据): by which office and post, not by whom; what was not kept or not meant for the person is null. */
export const OwnLook = Type.Object({
  id: Type.String(),
  at: At,
  resource: Type.String(),
  orgName: Type.String(),
  postTitle: Nullable(Type.String()),
  duties: Nullable(Type.String({ description: '职责' })),
  purpose: OneOf(purposes),
  note: Nullable(Type.String({ description: '事由，2026-11-30 以前的查阅不显示' })),
  ground: Nullable(OneOf(grounds)),
  items: Type.Array(Type.String()),
  masked: Type.Boolean({ description: '公民身份号码等已脱敏' }),
})
export type OwnLook = Static<typeof OwnLook>

export const OwnLookQuery = Strict({
  ...PageQuery,
  org: Type.Optional(Line(100)),
  purpose: Type.Optional(OneOf(purposes)),
  from: Type.Optional(CivilDate),
  to: Type.Optional(CivilDate),
})
export type OwnLookQuery = Static<typeof OwnLookQuery>
