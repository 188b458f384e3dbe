import { At, Id, Line, Nullable, OneOf, PageQuery, Strict } from '@tongchou/kernel'
import { type Static, Type } from 'typebox'

export const runStates = ['running', 'done', 'stopped', 'failed'] as const
const Name = Type.String({ pattern: '^[a-z][a-z0-9-]{0,39}/[a-z][a-z0-9-]{0,60}$', description: '资源包/专题' })
const OrgRef = Type.Object({ id: Type.String(), name: Type.String() })
const Basis = Type.Object({ text: Type.String(), verified: Type.Boolean() })

/** A named comparison that this city may run (专题比对), and what stands in its way. */
export const ComparisonLine = Type.Object({
  comparison: Type.String(),
  title: Type.String(),
  summary: Type.String(),
  basis: Basis,
  /** Who decides on what is found; null until its register is built. */
  org: Nullable(OrgRef),
  reasons: Type.Array(Type.Object({ id: Type.String(), title: Type.String(), basis: Basis })),
  errors: Type.Array(Type.Object({ id: Type.String(), title: Type.String() })),
  /** Registers that it needs and that are not built. */
  missing: Type.Array(Type.String()),
  runningId: Nullable(Id),
  mayRun: Type.Boolean(),
})
export type ComparisonLine = Static<typeof ComparisonLine>

export const NewRun = Strict({ comparison: Name, note: Line(200) })
export type NewRun = Static<typeof NewRun>

const Counted = Type.Object({ id: Type.String(), title: Type.String(), count: Type.Integer() })

/** One run (比对任务). */
export const Run = Type.Object({
  id: Id,
  number: Type.Integer(),
  comparison: Type.String(),
  title: Type.String(),
  org: OrgRef,
  state: OneOf(runStates),
  purpose: Type.String(),
  basis: Type.String(),
  note: Type.String(),
  requestedBy: Type.String(),
  requestedAt: At,
  finishedAt: Nullable(At),
  doneTables: Type.Integer(),
  totalTables: Type.Integer(),
  /** What was read: of each register the last change, by which the run can be made again. */
  positions: Type.Array(Type.Object({ title: Type.String(), seq: Type.Integer(), rows: Type.Integer() })),
  counts: Nullable(
    Type.Object({
      groups: Type.Integer(),
      people: Type.Integer(),
      withoutConsent: Type.Integer(),
      found: Type.Integer(),
      errors: Type.Integer(),
      fresh: Type.Integer(),
      known: Type.Integer(),
      gone: Type.Integer(),
      byReason: Type.Array(Counted),
      byError: Type.Array(Counted),
    }),
  ),
  failure: Nullable(Type.String()),
  /** Findings that nobody has been given yet. */
  waitingCount: Type.Integer(),
  mayDo: Type.Array(OneOf(['stop', 'dispatch'] as const)),
})
export type Run = Static<typeof Run>

export const RunQuery = Strict({ ...PageQuery, comparison: Type.Optional(Name), state: Type.Optional(OneOf(runStates)) })
export type RunQuery = Static<typeof RunQuery>
