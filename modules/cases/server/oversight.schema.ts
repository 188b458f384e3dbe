import { At, CivilDate, Id, Nullable, OneOf, PageOf } from '@tongchou/kernel'
import { Type } from 'typebox'
import { type Standing, standingWords } from '../words.ts'
import { supervisingVerbs } from './verb.schema.ts'

export const standings = Object.keys(standingWords) as [Standing, ...Standing[]]

/** A task as its overseer sees it: where, whose, since and until when, how late, which cards. */
export const OverseenTask = Type.Object({
  caseId: Id,
  taskId: Type.String(),
  title: Type.String(),
  procedure: Type.String(),
  procedureTitle: Type.String(),
  stepTitle: Type.String(),
  orgId: Nullable(Type.String()),
  orgName: Type.String(),
  sinceAt: At,
  dueAt: Nullable(At),
  provisional: Type.Boolean(),
  pausedGround: Nullable(Type.String()),
  closedAt: Nullable(At),
  standing: OneOf(standings),
  /** 剩余或逾期: in words, in the unit of the limit, negative counts said as 逾期. */
  leftText: Type.String(),
  yellowCount: Type.Integer(),
  redCount: Type.Integer(),
  reason: Nullable(OneOf(['due', 'given', 'accepted', 'rejected'] as const)),
  mayReadCase: Type.Boolean(),
  /** 催办、督办, where the actor may do them on the task now or later. */
  verbs: Type.Array(OneOf(supervisingVerbs)),
})

/** How all running cases stand. */
export const OversightFigures = Type.Object({
  running: Type.Integer(),
  late: Type.Integer(),
  soon: Type.Integer(),
  inTime: Type.Integer(),
  paused: Type.Integer(),
  noLimit: Type.Integer(),
  redCards: Type.Integer(),
  unexplained: Type.Integer(),
  toReview: Type.Integer(),
})

/** An office in the ranking of a period. */
export const OfficeStanding = Type.Object({
  rank: Nullable(Type.Integer()),
  orgId: Nullable(Type.String()),
  orgName: Type.String(),
  doneInTime: Type.Integer(),
  doneLate: Type.Integer(),
  /** Permille of the tasks closed in the period that were closed in time; null where none was closed. */
  inTimePermille: Nullable(Type.Integer()),
  averageDays: Nullable(Type.Number()),
  lateNow: Type.Integer(),
  yellowCount: Type.Integer(),
  redCount: Type.Integer(),
})

/** The ranking of a period, page by page, with the period it is of. */
export const Ranking = Type.Interface([PageOf(OfficeStanding)], { from: CivilDate, to: CivilDate })

/** A provisional limit (暂定) that was worked out again once its calendar was published, with its end before and after. */
export const RecomputedDeadline = Type.Object({
  id: Type.String(),
  caseId: Id,
  title: Type.String(),
  stepTitle: Type.String(),
  orgName: Type.String(),
  wasDueAt: At,
  dueAt: At,
  provisional: Type.Boolean(),
  isOpen: Type.Boolean(),
  at: At,
  mayReadCase: Type.Boolean(),
})

/** How many open limits that end in a year are provisional, and how many have been worked out again. */
export const Recomputation = Type.Object({ provisional: Type.Integer(), recomputed: Type.Integer() })
