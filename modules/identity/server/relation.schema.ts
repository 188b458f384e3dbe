import { At, CivilDate, Id, Line, Nullable, OneOf, PageQuery, Strict } from '@tongchou/kernel'
import { type Static, Type } from 'typebox'
import { Username } from './account.schema.ts'

/** 类别 of a relation, as the city has them. */
export const RelationKind = Type.Object({ id: Type.String(), title: Type.String(), subjectKind: Type.String() })

/** 经办关系: a person outside the offices and what they act for, from a day until a day (half open). */
export const Relation = Type.Object({
  id: Type.String(),
  kind: Type.Object({ id: Type.String(), title: Type.String() }),
  subject: Type.Object({ kind: Type.String(), id: Type.String(), name: Type.String({ description: '授权时的名称' }) }),
  person: Type.Object({ id: Type.String(), name: Type.String(), username: Nullable(Type.String()) }),
  within: Nullable(Type.Object({ id: Type.String(), name: Type.String() }, { description: '仅限与该单位之间的事项，null 为全部' })),
  validFrom: Type.String(),
  validTo: Nullable(Type.String({ description: '自该日起不再有效' })),
  state: OneOf(['standing', 'coming', 'ended'] as const),
  grantedBy: Type.String(),
  grantedAt: At,
  endedBy: Nullable(Type.String()),
  endedAt: Nullable(At),
  endReason: Nullable(Type.String()),
  mayEnd: Type.Boolean(),
})
export type Relation = Static<typeof Relation>

export const RelationQuery = Strict({
  ...PageQuery,
  q: Type.Optional(Type.String({ maxLength: 100 })),
  subjectId: Type.Optional(Line(64)),
  state: Type.Optional(OneOf(['standing', 'coming', 'ended'] as const)),
})
export type RelationQuery = Static<typeof RelationQuery>

/** A new person with a user name, or one who has or had a relation already. */
export const NewRelation = Strict({
  kind: Line(64),
  subjectId: Line(64),
  personId: Type.Optional(Id),
  name: Type.Optional(Line(50)),
  username: Type.Optional(Username),
  validTo: Type.Optional(CivilDate),
})
export type NewRelation = Static<typeof NewRelation>

/** The first password is in this answer and nowhere else; null where the person has an account already. */
export const GrantedRelation = Type.Object({
  id: Type.String(),
  username: Nullable(Type.String()),
  initialPassword: Nullable(Type.String()),
})
export type GrantedRelation = Static<typeof GrantedRelation>

export const EndRelation = Strict({ reason: Line(500) })
