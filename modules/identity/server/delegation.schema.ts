import { CivilDate, Id, Line, Nullable, OneOf, Strict } from '@tongchou/kernel'
import { type Static, Type } from 'typebox'
import { Duty } from './post.schema.ts'

const Party = Type.Object({
  personId: Type.String(),
  name: Type.String(),
  organisation: Type.String(),
  title: Type.String(),
})

/** 委托代理, as both sides see it. */
export const Delegation = Type.Object({
  id: Type.String(),
  from: Party,
  to: Party,
  duties: Nullable(Type.Array(Type.String(), { description: '所委托的职责；为空即该岗位全部职责' })),
  reason: Type.String(),
  validFrom: Type.String(),
  validTo: Type.String({ description: '自该日起不再有效' }),
  state: OneOf(['coming', 'standing', 'ended'] as const),
  endedBy: Nullable(Type.String()),
})
export type Delegation = Static<typeof Delegation>

export const NewDelegation = Strict({
  toPostId: Id,
  duties: Type.Optional(Type.Array(Duty, { minItems: 1, maxItems: 30, uniqueItems: true })),
  reason: Line(200),
  validFrom: CivilDate,
  validTo: CivilDate,
})
export type NewDelegation = Static<typeof NewDelegation>

/** Whom a post may be lent to. */
export const Delegate = Type.Object({
  postId: Type.String(),
  title: Type.String(),
  person: Type.Object({ id: Type.String(), name: Type.String() }),
  organisation: Type.Object({ id: Type.String(), name: Type.String() }),
})
export type Delegate = Static<typeof Delegate>
