import { At, CivilDate, Id, Line, Nullable, OneOf, Prose, Strict } from '@tongchou/kernel'
import { type Static, Type } from 'typebox'
import { VerbView } from './verb.schema.ts'

export const caseStatuses = ['draft', 'running', 'returned', 'withdrawn', 'ended', 'rejected', 'merged', 'voided'] as const

/** An act on a task: the outcome chosen, the signed opinion, the form, the files, the powers used, the limits set. */
export const Act = Strict({
  taskId: Line(64),
  outcome: Line(64),
  opinion: Nullable(Prose(4000)),
  form: Type.Record(Type.String({ maxLength: 64 }), Type.Unknown(), { maxProperties: 64 }),
  documents: Type.Array(Strict({ kind: Line(64), id: Id }), { maxItems: 50 }),
  choices: Type.Array(Line(64), { maxItems: 20, uniqueItems: true }),
  dates: Type.Record(Type.String({ maxLength: 64 }), CivilDate, { maxProperties: 10 }),
})
export type Act = Static<typeof Act>

/** One line of a work list: a task that waits, or a case one acted on or began. */
export const WorkLine = Type.Object({
  caseId: Id,
  taskId: Nullable(Type.String()),
  title: Type.String(),
  stepTitle: Nullable(Type.String()),
  procedure: Type.String(),
  procedureTitle: Type.String(),
  status: OneOf(caseStatuses),
  subject: Type.Object({ kind: Type.String(), id: Type.String() }),
  applicant: Type.Object({ name: Type.String(), organisation: Type.String() }),
  fromName: Nullable(Type.String()),
  cause: Nullable(Type.String()),
  sinceAt: At,
  dueAt: Nullable(At),
  provisional: Type.Boolean(),
  /** 挂账 until when, 督办, a clock that stands still, and for a copy whether it is unread. */
  shelvedUntil: Nullable(At),
  supervised: Type.Boolean(),
  paused: Type.Boolean(),
  unread: Type.Boolean(),
})

/** How much is in the boxes of the work list. */
export const BoxCounts = Type.Object({
  open: Type.Integer(),
  overdue: Type.Integer(),
  shelved: Type.Integer(),
  supervised: Type.Integer(),
  overseen: Type.Integer(),
  copied: Type.Integer(),
  drafts: Type.Integer(),
})

const Signed = Type.Object({
  seq: Type.Integer(),
  step: Type.String(),
  stepTitle: Type.String(),
  outcomeTitle: Type.String(),
  /** decide, withdraw, or the verb that was done beside them. */
  act: Type.String(),
  kind: Type.String(),
  until: Nullable(Type.String()),
  opinion: Nullable(Type.String()),
  person: Type.String(),
  organisation: Type.String(),
  duty: Type.String(),
  dutyTitle: Type.String(),
  at: At,
  documents: Type.Array(
    Type.Object({
      kind: Type.String(),
      id: Id,
      fileName: Type.String(),
      mediaType: Type.String(),
      byteCount: Type.Integer(),
      sha256: Type.String(),
    }),
  ),
  choices: Type.Array(Type.String()),
  form: Type.Array(Type.Object({ title: Type.String(), type: Type.String(), value: Type.Unknown() })),
})

/** A case with its path, its signed history and what this actor may do on it now. */
export const CaseView = Type.Object({
  id: Id,
  title: Type.String(),
  status: OneOf(caseStatuses),
  procedure: Type.Object({ id: Type.String(), title: Type.String(), note: Nullable(Type.String()), articles: Type.Array(Type.String()) }),
  pack: Type.Object({ id: Type.String(), version: Type.String() }),
  subject: Type.Object({ kind: Type.String(), id: Type.String(), version: Type.Integer() }),
  applicant: Type.Object({ name: Type.String(), organisation: Type.String() }),
  openedAt: At,
  endedAt: Nullable(At),
  path: Type.Object({
    steps: Type.Array(
      Type.Object({
        id: Type.String(),
        title: Type.String(),
        state: OneOf(['done', 'active', 'ahead', 'skipped'] as const),
        article: Type.String(),
        basis: Type.String(),
        note: Nullable(Type.String()),
        column: Type.Integer(),
        lane: Type.Integer(),
        duty: Type.String(),
        organisation: Type.String(),
        holders: Type.Array(Type.String()),
        sinceAt: Nullable(At),
        dueAt: Nullable(At),
        overdue: Type.Boolean(),
        provisional: Type.Boolean(),
        limitText: Type.String(),
        /** What waits or holds beside the step: who it was handed to, opinions asked for, a clock that stands still, what is asked. */
        remarks: Type.Array(Type.String()),
        decisions: Type.Array(Signed),
      }),
    ),
    edges: Type.Array(
      Type.Object({
        from: Type.String(),
        to: Type.String(),
        kind: OneOf(['forward', 'return'] as const),
        title: Type.String(),
        taken: Type.Integer(),
      }),
    ),
  }),
  history: Type.Array(Signed),
  /** Tasks that this actor may decide now, with everything the form needs. */
  tasks: Type.Array(
    Type.Object({
      id: Type.String(),
      step: Type.String(),
      title: Type.String(),
      article: Type.String(),
      note: Nullable(Type.String()),
      sinceAt: At,
      dueAt: Nullable(At),
      outcomes: Type.Array(
        Type.Object({
          id: Type.String(),
          title: Type.String(),
          kind: Type.String(),
          guard: Nullable(Type.String()),
          requiresOpinion: Type.Boolean(),
          article: Nullable(Type.String()),
          dates: Type.Array(Type.Object({ field: Type.String(), required: Type.Boolean() })),
        }),
      ),
      documents: Type.Array(Type.Object({ kind: Type.String(), title: Type.String(), required: Type.Boolean() })),
      choices: Type.Array(Type.Object({ id: Type.String(), title: Type.String(), article: Type.String() })),
      form: Nullable(
        Type.Object({ id: Type.String(), title: Type.String(), note: Nullable(Type.String()), fields: Type.Array(Type.Unknown()) }),
      ),
    }),
  ),
  /** Why tasks that wait for this actor's office are not theirs to decide: said, not hidden. */
  barred: Type.Array(Type.Object({ title: Type.String(), reason: Type.String() })),
  mayWithdraw: Type.Boolean(),
  /** What this actor may do besides deciding, and why not what they may not. */
  verbs: Type.Array(VerbView),
  /** Opinions and answers that wait, with what they are about. */
  countersigns: Type.Array(
    Type.Object({
      id: Type.String(),
      step: Type.String(),
      to: Type.String(),
      from: Type.String(),
      question: Type.String(),
      open: Type.Boolean(),
    }),
  ),
  asks: Type.Array(
    Type.Object({
      id: Type.String(),
      kind: Type.String(),
      taskId: Type.String(),
      step: Type.String(),
      from: Type.String(),
      reason: Type.String(),
      until: Nullable(Type.String()),
    }),
  ),
  demands: Type.Array(
    Type.Object({ id: Type.String(), from: Type.String(), demand: Type.String(), until: Type.String(), reply: Nullable(Type.String()) }),
  ),
  mergedInto: Nullable(Type.Object({ id: Id, title: Type.String(), outcome: Nullable(Type.String()) })),
  /** The case was copied to this actor: unread, read, or not at all. */
  copied: Nullable(OneOf(['unread', 'read'] as const)),
  /** Legal grounds on which the clock of a task may stand still. */
  grounds: Type.Array(Type.Object({ taskId: Type.String(), ground: Type.String(), title: Type.String() })),
})
export type CaseView = Static<typeof CaseView>

const DifferentField = Type.Object({ title: Type.String(), before: Type.String(), after: Type.String() })

/** What changed in what a case is about since it was last judged. */
export const Difference = Type.Object({
  title: Type.String(),
  fields: Type.Array(DifferentField),
  parts: Type.Array(
    Type.Object({ id: Type.String(), name: Type.String(), changes: Type.Array(Type.String()), fields: Type.Array(DifferentField) }),
  ),
})
