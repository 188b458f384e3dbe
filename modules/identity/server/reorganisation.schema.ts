import { At, CivilDate, Line, Nullable, OneOf, PageQuery, Strict } from '@tongchou/kernel'
import { type Static, Type } from 'typebox'
import { OrganisationId, organisationKinds } from './organisation.schema.ts'

/** 更名, 改隶, 合并, 拆分, 撤销. */
export const reorganisationKinds = ['rename', 'transfer', 'merge', 'split', 'abolish'] as const
export type ReorganisationKind = (typeof reorganisationKinds)[number]

/** Who takes over: an office that exists, or, with a name, one that is set up on that day. */
const Successor = Strict({
  id: OrganisationId,
  name: Type.Optional(Line(100)),
  shortName: Type.Optional(Line(40)),
  kind: Type.Optional(OneOf(organisationKinds)),
  uscc: Type.Optional(Type.String({ minLength: 18, maxLength: 18 })),
})

/** At a split: what goes elsewhere than to the first successor. Kind and id as in the preview. */
const Assignment = Strict({ kind: Line(64), id: Line(100), to: OrganisationId })

export const NewReorganisation = Strict({
  kind: OneOf(reorganisationKinds),
  organisationIds: Type.Array(OrganisationId, { minItems: 1, maxItems: 20, uniqueItems: true }),
  documentNumber: Line(60),
  reason: Line(500),
  effectiveOn: CivilDate,
  name: Type.Optional(Line(100)),
  shortName: Type.Optional(Line(40)),
  organisationKind: Type.Optional(OneOf(organisationKinds)),
  parentId: Type.Optional(OrganisationId),
  successors: Type.Optional(Type.Array(Successor, { minItems: 1, maxItems: 10 })),
  assignments: Type.Optional(Type.Array(Assignment, { maxItems: 5000 })),
})
export type NewReorganisation = Static<typeof NewReorganisation>

const Side = Type.Object({ id: Type.String(), name: Type.String() })

/** One thing that goes, or went, to another office. */
export const Move = Type.Object({
  kind: Type.String(),
  id: Type.String(),
  title: Type.String(),
  role: Type.String(),
  from: Side,
  to: Side,
})
export type Move = Static<typeof Move>

/** What an adjustment would do: worked out by doing it and taking it back. */
export const ReorganisationPreview = Type.Object({
  moves: Type.Array(Move),
  names: Type.Array(
    Type.Object({
      id: Type.String(),
      before: Nullable(Type.String()),
      after: Nullable(Type.String()),
      parentBefore: Nullable(Type.String()),
      parentAfter: Nullable(Type.String()),
    }),
  ),
  stays: Type.Array(Type.Object({ what: Type.String(), count: Type.Integer() })),
})
export type ReorganisationPreview = Static<typeof ReorganisationPreview>

/** 组织调整, in the list. */
export const Reorganisation = Type.Object({
  id: Type.String(),
  kind: OneOf(reorganisationKinds),
  documentNumber: Type.String(),
  reason: Type.String(),
  effectiveOn: Type.String(),
  state: OneOf(['coming', 'done', 'cancelled'] as const),
  from: Type.Array(Side),
  to: Type.Array(Side),
  moved: Type.Integer({ description: '已移交事项数' }),
  plannedBy: Type.String(),
  plannedAt: At,
})
export type Reorganisation = Static<typeof Reorganisation>

export const MoveQuery = Strict({ ...PageQuery, kind: Type.Optional(Line(64)) })
export type MoveQuery = Static<typeof MoveQuery>
