import { At, CivilDate, Id, Nullable, OneOf, PageQuery, Strict } from '@tongchou/kernel'
import { type Static, Type } from 'typebox'

export const findingKinds = ['group', 'error'] as const
export const findingStates = ['new', 'sent', 'handled', 'gone'] as const
export const outcomes = ['stop', 'adjust', 'keep', 'corrected', 'right', 'undecidable'] as const
const OrgRef = Type.Object({ id: Type.String(), name: Type.String() })

/** Line of the list of findings (比对结果): what and where, and of nobody's data more than the record's key. */
export const FindingLine = Type.Object({
  id: Id,
  number: Type.Integer(),
  comparison: Type.Object({ id: Type.String(), title: Type.String() }),
  kind: OneOf(findingKinds),
  /** 家庭编号 of a household; of a doubted record nothing, because keys may name people. */
  key: Nullable(Type.String()),
  grounds: Type.Array(Type.Object({ id: Type.String(), title: Type.String() })),
  org: OrgRef,
  state: OneOf(findingStates),
  isAgain: Type.Boolean(),
  outcome: Nullable(OneOf(outcomes)),
  foundAt: At,
  dueOn: Nullable(CivilDate),
})
export type FindingLine = Static<typeof FindingLine>

const CaseLine = Type.Object({
  caseId: Id,
  title: Type.String(),
  status: Type.String(),
  holders: Type.Array(Type.Object({ title: Type.String(), orgName: Type.String() })),
})

/** The page of one finding; the records are asked for apart, because each look is written down. */
export const Finding = Type.Object({
  ...FindingLine.properties,
  details: Type.Array(
    Type.Object({
      id: Type.String(),
      title: Type.String(),
      basis: Type.Object({ text: Type.String(), verified: Type.Boolean() }),
      /** 笔数、个数或合计, in words. */
      measured: Nullable(Type.String()),
    }),
  ),
  proposal: Nullable(Type.String()),
  outcomeReason: Nullable(Type.String()),
  handledBy: Nullable(Type.String()),
  handledAt: Nullable(At),
  runs: Type.Object({ firstId: Id, lastId: Id, goneId: Nullable(Id) }),
  cases: Type.Array(CaseLine),
  version: Type.Integer(),
})
export type Finding = Static<typeof Finding>

const Shown = Type.Object({
  title: Type.String(),
  structure: Type.Array(Type.Object({ id: Type.String(), title: Type.String(), masked: Type.Boolean() })),
  /** Items that the finding turns on. */
  marked: Type.Array(Type.String()),
  records: Type.Array(Type.Object({ values: Type.Record(Type.String(), Nullable(Type.String())) })),
})
/** The records on both sides (双方记录), of the items that the task needs. */
export const FindingRecords = Type.Object({
  left: Type.Array(Shown),
  right: Type.Array(Type.Object({ ...Shown.properties, ground: Type.String() })),
})
export type FindingRecords = Static<typeof FindingRecords>

export const FindingQuery = Strict({
  ...PageQuery,
  comparison: Type.Optional(Type.String({ maxLength: 101 })),
  kind: Type.Optional(OneOf(findingKinds)),
  ground: Type.Optional(Type.String({ pattern: '^[ef][1-9][0-9]{0,3}$' })),
  state: Type.Optional(OneOf(findingStates)),
  outcome: Type.Optional(OneOf(outcomes)),
  orgId: Type.Optional(Type.String({ maxLength: 64 })),
  runId: Type.Optional(Id),
})
export type FindingQuery = Static<typeof FindingQuery>
