import { At, Id, Nullable, OneOf } from '@tongchou/kernel'
import { type Static, Type } from 'typebox'
import { supervisingVerbs } from './verb.schema.ts'

/** 说明理由, and what the supervisor says of it. */
export const Explanation = Type.Object({
  id: Id,
  reason: Type.String(),
  personName: Type.String(),
  orgName: Type.String(),
  givenAt: At,
  verdict: Nullable(OneOf(['accepted', 'rejected'] as const)),
  opinion: Nullable(Type.String()),
  reviewedByName: Nullable(Type.String()),
  reviewedAt: Nullable(At),
})

/** How a red card stands: no reason yet, given, accepted, not accepted; none is asked for with a yellow one. */
export const cardStates = ['none', 'due', 'given', 'accepted', 'rejected'] as const

/** 黄牌 or 红牌, as the API shows it. */
export const Card = Type.Object({
  id: Id,
  colour: OneOf(['yellow', 'red'] as const),
  caseId: Id,
  taskId: Type.String(),
  caseTitle: Type.String(),
  procedure: Type.String(),
  procedureTitle: Type.String(),
  stepTitle: Type.String(),
  orgId: Nullable(Type.String()),
  orgName: Type.String(),
  dueAt: At,
  issuedAt: At,
  explainBy: Nullable(At),
  state: OneOf(cardStates),
  isClosed: Type.Boolean(),
  escalatedAt: Nullable(At),
  escalatedToName: Nullable(Type.String()),
  explanations: Type.Array(Explanation),
  mayReadCase: Type.Boolean(),
  /** 催办、督办, where the actor may do them on the task now or later. */
  verbs: Type.Array(OneOf(supervisingVerbs)),
  mayExplain: Type.Boolean(),
  mayReview: Type.Boolean(),
})
export type Card = Static<typeof Card>
