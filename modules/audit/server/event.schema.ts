import { At, CivilDate, Id, Line, listColumns, Nullable, OneOf, PageQuery, Strict } from '@tongchou/kernel'
import { type Static, Type } from 'typebox'

/** 已办理, 被拒绝, 已查阅. */
export const outcomes = ['done', 'refused', 'looked'] as const
export const outcomeNames = { done: '已办理', refused: '被拒绝', looked: '已查阅' } as const

/** What the log is asked by: who, which office, what, on which thing, when, how it ended, in which request. */
export const EventQuery = Strict({
  ...PageQuery,
  person: Type.Optional(Line(50)),
  orgId: Type.Optional(Line(63)),
  module: Type.Optional(Type.String({ pattern: '^[a-z-]{1,40}$' })),
  action: Type.Optional(Type.String({ pattern: '^[A-Za-z][A-Za-z._-]{0,80}$' })),
  outcome: Type.Optional(OneOf(outcomes)),
  subjectKind: Type.Optional(Type.String({ pattern: '^[a-z-]{1,40}$' })),
  subjectId: Type.Optional(Line(200)),
  from: Type.Optional(CivilDate),
  to: Type.Optional(CivilDate),
  requestId: Type.Optional(Line(100)),
})
export type EventQuery = Static<typeof EventQuery>

/** One's own records are asked by less. */
export const OwnQuery = Strict({
  ...PageQuery,
  outcome: Type.Optional(OneOf(outcomes)),
  from: Type.Optional(CivilDate),
  to: Type.Optional(CivilDate),
})
export type OwnQuery = Static<typeof OwnQuery>

/** A row of the log (审计记录), as lists show it. */
export const Event = Type.Object({
  seq: Type.Integer(),
  at: At,
  requestId: Type.String(),
  personName: Nullable(Type.String()),
  orgId: Nullable(Type.String()),
  orgName: Nullable(Type.String()),
  action: Type.String(),
  title: Type.String(),
  module: Nullable(Type.String()),
  outcome: OneOf(outcomes),
  subjectKind: Type.String(),
  subjectKindName: Type.String(),
  subjectId: Type.String(),
})
export type Event = Static<typeof Event>

/** A row with all that it holds: its place in the chain, and the other rows of its request. */
export const EventPage = Type.Object({
  ...Event.properties,
  accountId: Nullable(Type.String()),
  personId: Nullable(Type.String()),
  postId: Nullable(Type.String()),
  detail: Type.Unsafe<Record<string, unknown>>({ type: 'object', additionalProperties: true }),
  seal: Nullable(Type.Object({ position: Type.Integer(), hash: Type.String() })),
  sameRequest: Type.Array(Event),
})

/** The number of a row. What is none is not found, like a number that no row has. */
export const EventParams = Strict({ id: Type.String({ maxLength: 40 }) })

export const Action = Type.Object({ action: Type.String(), title: Type.String(), module: Type.String(), moduleName: Type.String() })

/** The log as somebody takes it along. */
export const eventColumns = listColumns(
  Event,
  '审计日志',
  [
    { key: 'at', title: '时间', kind: 'instant', read: (e) => e.at },
    { key: 'person', title: '人员', kind: 'text', read: (e) => e.personName },
    { key: 'org', title: '单位', kind: 'text', read: (e) => e.orgName },
    { key: 'action', title: '操作', kind: 'text', read: (e) => e.title },
    { key: 'outcome', title: '结果', kind: 'text', read: (e) => outcomeNames[e.outcome] },
    { key: 'subject', title: '对象', kind: 'text', read: (e) => `${e.subjectKindName} ${e.subjectId}` },
    { key: 'request', title: '请求编号', kind: 'text', read: (e) => e.requestId },
    { key: 'seq', title: '序号', kind: 'integer', read: (e) => e.seq },
  ],
  {
    person: { title: '人员' },
    orgId: { title: '单位', reference: 'organisation' },
    module: { title: '业务' },
    action: { title: '操作' },
    outcome: { title: '结果', words: outcomeNames },
    subjectKind: { title: '对象类别' },
    subjectId: { title: '对象编号' },
    from: { title: '起始日期' },
    to: { title: '截止日期' },
    requestId: { title: '请求编号' },
  },
)

/** One's own records as one takes them along. */
export const ownColumns = { ...eventColumns, title: '我的操作记录' }

const Count = Type.Integer()

/** Plain figures of a period (审计统计). */
export const Statistics = Type.Object({
  from: CivilDate,
  to: CivilDate,
  totals: Type.Object({ done: Count, refused: Count, looked: Count }),
  offices: Type.Array(Type.Object({ orgId: Type.String(), orgName: Type.String(), done: Count, refused: Count, looked: Count })),
  hours: Type.Array(Type.Object({ hour: Count, done: Count, refused: Count, looked: Count })),
  days: Type.Array(Type.Object({ on: CivilDate, done: Count, refused: Count, looked: Count })),
  people: Type.Array(Type.Object({ personName: Type.String(), orgName: Type.String(), count: Count, refused: Count, outsideHours: Count })),
})

export const StatisticsQuery = Strict({ from: Type.Optional(CivilDate), to: Type.Optional(CivilDate) })

/** A verification of the chain (校验), as it goes. */
export const Verification = Type.Object({
  id: Id,
  state: OneOf(['running', 'holds', 'broken', 'stopped', 'failed'] as const),
  doneCount: Count,
  totalCount: Count,
  headCount: Count,
  report: Nullable(
    Type.Object({
      verified: Count,
      firstBad: Nullable(Type.Object({ position: Count, reason: Type.String() })),
      unsealed: Count,
      late: Type.Object({ count: Count, firstPosition: Nullable(Count) }),
      outsideHeads: Type.Object({ compared: Count, beforeCut: Count }),
    }),
  ),
  requestedBy: Type.String(),
  requestedAt: At,
  finishedAt: Nullable(At),
})
export type Verification = Static<typeof Verification>

export const Head = Type.Object({ position: Count, hash: Type.String(), sealedAt: At })

/** Heads that somebody else has held, to be compared. */
export const NewVerification = Strict({
  heads: Type.Array(
    Strict({ position: Type.Integer({ minimum: 1 }), hash: Type.String({ pattern: '^[0-9a-fA-F]{64}$' }), sealedAt: Type.Optional(At) }),
    { maxItems: 5000 },
  ),
})

/** How the chain stands (日志链). */
export const Chain = Type.Object({
  position: Count,
  hash: Nullable(Type.String()),
  lastSealedAt: Nullable(At),
  unsealed: Count,
  cut: Nullable(Type.Object({ position: Count, digest: Type.String() })),
  lastVerification: Nullable(Verification),
})

const Basis = Type.Object({
  title: Type.String(),
  article: Type.String(),
  says: Type.String(),
  verified: Type.Boolean(),
  note: Type.String(),
})

/** How long the log is kept (保存期限), and what says so. */
export const Retention = Type.Object({ days: Count, minimumDays: Count, basis: Type.Array(Basis) })
export const RetentionChange = Strict({ days: Type.Integer({ minimum: 1, maximum: 36_500 }), reason: Line(500) })

/** Rows packed away (归档包). */
export const Archive = Type.Object({
  id: Id,
  fromPosition: Count,
  toPosition: Count,
  headHash: Type.String(),
  byteCount: Count,
  digest: Type.String(),
  signedBy: Nullable(Type.String({ description: '签名公钥的指纹（SM3）；为空的归档包早于签名' })),
  beforeOn: CivilDate,
  reason: Type.String(),
  requestedBy: Type.String(),
  requestedAt: At,
  removed: Type.Boolean(),
})
/** A key that packages were or are signed with (签名密钥), its public half. */
export const SigningKey = Type.Object({
  id: Type.String(),
  fingerprint: Type.String({ description: '公钥的 SM3' }),
  publicKey: Type.String({ description: '公钥，SPKI DER 的十六进制' }),
  since: At,
  inUse: Type.Boolean(),
})
export const NewArchive = Strict({ beforeOn: CivilDate, reason: Line(500) })
