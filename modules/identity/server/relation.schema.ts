import { At, CivilDate, Id, Line, Nullable, OneOf, PageQuery, Strict } from '@tongchou/kernel'
import { type Static, Type } from 'typebox'
import { Username } from './account.schema.ts'

/** 类别 of a relation, as the city has them, and whether the actor's duty grants it. */
export const RelationKind = Type.Object({
  id: Type.String(),
  title: Type.String(),
  subjectKind: Type.String(),
  isVerified: Type.Boolean({ description: '授予前须当面核验身份证件' }),
  mayGrant: Type.Boolean({ description: '当前岗位可以授予' }),
})

/** Documents that show a citizen's number (证件种类). */
export const documents = ['id-card', 'temporary-id-card', 'household-register'] as const

/** 经办关系: a person outside the offices and what they act for, from a day until a day (half open). */
export const Relation = Type.Object({
  id: Type.String(),
  kind: Type.Object({ id: Type.String(), title: Type.String() }),
  subject: Type.Object({
    kind: Type.String(),
    id: Type.String(),
    name: Type.String({ description: '授权时的名称；自然人为脱敏的公民身份号码' }),
  }),
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
  verification: Nullable(
    Type.Object({ document: OneOf(documents), by: Type.String(), at: At }, { description: '当面核验的证件、核验人和时间' }),
  ),
  mayEnd: Type.Boolean(),
})
export type Relation = Static<typeof Relation>

export const RelationQuery = Strict({
  ...PageQuery,
  q: Type.Optional(Type.String({ maxLength: 100 })),
  subjectId: Type.Optional(Line(100)),
  state: Type.Optional(OneOf(['standing', 'coming', 'ended'] as const)),
})
export type RelationQuery = Static<typeof RelationQuery>

/** A new person with a user name, or one who has or had a relation already. A subject of no register is told by its number. */
export const NewRelation = Strict({
  kind: Line(64),
  subjectId: Type.Optional(Line(64)),
  identifier: Type.Optional(Line(40)),
  document: Type.Optional(OneOf(documents)),
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
