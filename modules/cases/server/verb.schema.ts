import { CivilDate, Id, Line, Nullable, OneOf, Prose, Strict } from '@tongchou/kernel'
import type { VerbKind } from '@tongchou/procedure'
import { type Static, Type } from 'typebox'

/** An office that bears a duty, or one person there. Names are the platform's own, never the caller's. */
const PartyIn = Strict({ orgId: Line(64), duty: Line(64), personId: Nullable(Line(64)) })
export type PartyIn = Static<typeof PartyIn>

const opinion = Nullable(Prose(2000))
const taskId = Line(64)
const ref = Line(64)
const parties = Type.Array(PartyIn, { minItems: 1, maxItems: 20 })

/** What each verb is sent with. */
export const verbBodies = {
  transfer: Strict({ taskId, to: PartyIn, opinion }),
  entrust: Strict({ taskId, to: PartyIn, opinion }),
  'take-back': Strict({ taskId, opinion }),
  'not-mine': Strict({ taskId, opinion }),
  countersign: Strict({
    taskId,
    to: parties,
    form: OneOf(['before', 'beside', 'after'] as const),
    rule: OneOf(['all', 'any'] as const),
    opinion,
  }),
  uncountersign: Strict({ ref, opinion }),
  sign: Strict({ ref, opinion }),
  extend: Strict({ taskId, until: CivilDate, opinion }),
  shelve: Strict({ taskId, until: CivilDate, ground: Nullable(Line(64)), opinion }),
  unshelve: Strict({ taskId, opinion }),
  answer: Strict({ ref, granted: Type.Boolean(), to: Nullable(PartyIn), opinion }),
  pause: Strict({ taskId, ground: Line(64), opinion }),
  resume: Strict({ taskId, opinion }),
  merge: Strict({ leadingId: Id, opinion }),
  void: Strict({ opinion }),
  urge: Strict({ taskId, opinion }),
  oversee: Strict({ until: CivilDate, opinion }),
  reply: Strict({ ref, opinion }),
  lift: Strict({ ref, opinion }),
  copy: Strict({ to: parties, opinion }),
} as const satisfies Record<VerbKind, unknown>

/** A verb as it comes in. */
export type VerbInput = { [K in VerbKind]: { kind: K } & Static<(typeof verbBodies)[K]> }[VerbKind]

/** A verb that this actor may do now, or why not. */
export const VerbView = Type.Object({
  kind: Type.String(),
  title: Type.String(),
  /** The task it is done on, or the opinion, answer or demand it is about. */
  taskId: Nullable(Type.String()),
  ref: Nullable(Type.String()),
  /** Which of several: 初审, 市发展改革委王五. */
  about: Nullable(Type.String()),
  refused: Nullable(Type.String()),
})

/** Who may be named for a verb: offices with their people. */
export const Parties = Type.Object({
  items: Type.Array(
    Type.Object({
      orgId: Type.String(),
      orgName: Type.String(),
      duty: Type.String(),
      dutyTitle: Type.String(),
      /** The office as a whole may be named. */
      office: Type.Boolean(),
      people: Type.Array(Type.Object({ personId: Type.String(), name: Type.String(), postTitle: Type.String() })),
    }),
  ),
})

/** 催办 and 督办, which a list offers beside a task. */
export const supervisingVerbs = ['urge', 'oversee'] as const
export type SupervisingVerb = (typeof supervisingVerbs)[number]
