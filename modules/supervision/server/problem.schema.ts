import { At, CivilDate, Id, Line, NotSecret, Nullable, OneOf, PageQuery, Strict } from '@tongchou/kernel'
import { type Static, Type } from 'typebox'

/**
 * The six kinds of problem of 第二十条: 与有关规定或批复要求不符; 未基于政务云建设; 未接入城市大脑; 未按要求共享数据; 未做好网络和数据安全保障; 与其他相关规定不符.
 */
export const problemKinds = [
  'against-approval',
  'not-on-cloud',
  'not-connected',
  'data-not-shared',
  'security-not-assured',
  'against-other-rules',
] as const
export const parties = ['builder', 'user-unit'] as const
/**
 * Stored state of a problem (问题状态): 退回修改, 会签中, 整改中, 已报告, 整改符合要求, 整改不符合要求.
 * Only the procedure `rectification` moves it.
 */
export const storedStates = ['draft', 'proposed', 'ordered', 'reported', 'confirmed', 'not-accepted'] as const
export type StoredState = (typeof storedStates)[number]
/** As screens show it: an ordered one whose deadline has passed is overdue (逾期未整改). */
export const shownStates = [...storedStates, 'overdue'] as const

const Version = Type.Integer({ minimum: 1 })
const findingFields = {
  kind: OneOf(problemKinds),
  description: Line(4000),
  demand: Line(4000),
  foundOn: CivilDate,
  dueOn: CivilDate,
}

/** A problem as the center proposes it; the responsible unit follows from the party and the project. */
export const NewProblem = Strict({ secrecy: NotSecret, projectId: Id, party: OneOf(parties), ...findingFields })
export type NewProblem = Static<typeof NewProblem>

export const ProblemChange = Strict({ secrecy: NotSecret, version: Version, ...findingFields })
export type ProblemChange = Static<typeof ProblemChange>

export const HoldDecision = Strict({ secrecy: NotSecret, version: Version, reason: Line(2000) })
export type HoldDecision = Static<typeof HoldDecision>

const OrgRef = Type.Object({ id: Type.String(), name: Type.String() })
const lineFields = {
  id: Id,
  number: Type.Integer(),
  project: Type.Object({ id: Type.String(), name: Type.String() }),
  kind: OneOf(problemKinds),
  party: OneOf(parties),
  responsible: OrgRef,
  state: OneOf(shownStates),
  failed: Type.Boolean(),
  foundOn: CivilDate,
  dueOn: CivilDate,
  paymentHeld: Type.Boolean(),
  updatedAt: At,
}

/** Line of the list of problems. */
export const ProblemLine = Type.Object(lineFields)
export type ProblemLine = Static<typeof ProblemLine>

/** A recorded decision to hold payment (可暂缓支付). The text names no office that decides (未规定), hence `basis: local`. */
const Hold = Type.Object({
  reason: Type.String(),
  duty: OneOf(['big-data-center', 'drc'] as const),
  basis: OneOf(['local'] as const),
  decidedBy: Type.String(),
  decidedAt: At,
  endedAt: Nullable(At),
})

export const problemActs = ['change', 'order-hold'] as const
export type ProblemAct = (typeof problemActs)[number]

/** Problem with its rectification (问题整改), as the API shows it. */
export const Problem = Type.Object({
  ...lineFields,
  description: Type.String(),
  demand: Type.String(),
  orderedAt: Nullable(At),
  noticeNumber: Nullable(Type.String({ description: '整改通知书的发文字号' })),
  reportedOn: Nullable(CivilDate),
  report: Nullable(Type.String()),
  notAcceptedReason: Nullable(Type.String()),
  confirmedAt: Nullable(At),
  holds: Type.Array(Hold),
  cases: Type.Array(
    Type.Object({
      caseId: Type.String(),
      title: Type.String(),
      status: OneOf(['running', 'done', 'rejected', 'withdrawn', 'merged', 'voided'] as const),
      holders: Type.Array(Type.Object({ taskId: Type.String(), step: Type.String(), title: Type.String(), orgName: Type.String() })),
    }),
  ),
  mayDo: Type.Array(OneOf(problemActs)),
  version: Type.Integer(),
  createdBy: Type.String(),
  updatedBy: Type.String(),
})
export type Problem = Static<typeof Problem>

export const ProblemQuery = Strict({
  ...PageQuery,
  q: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
  projectId: Type.Optional(Id),
  responsibleOrgId: Type.Optional(Type.String({ maxLength: 64 })),
  kind: Type.Optional(OneOf(problemKinds)),
  state: Type.Optional(OneOf(shownStates)),
  sort: Type.Optional(OneOf(['-number', 'number', '-due', 'due', '-found', 'found'] as const)),
})
export type ProblemQuery = Static<typeof ProblemQuery>

/** WH23-18: 拒绝, 隐匿, 瞒报. */
export const withholdings = ['refused', 'hid', 'misreported'] as const

export const NewWithheldRecord = Strict({
  secrecy: NotSecret,
  projectId: Id,
  kind: OneOf(withholdings),
  description: Line(4000),
  foundOn: CivilDate,
})
export type NewWithheldRecord = Static<typeof NewWithheldRecord>

export const Reply = Strict({ secrecy: NotSecret, version: Version, reply: Line(4000) })
export type Reply = Static<typeof Reply>

export const Revocation = Strict({ version: Version, reason: Line(2000) })
export type Revocation = Static<typeof Revocation>

export const withheldActs = ['reply', 'revoke'] as const

/** A record that a builder refused, hid or misreported (拒绝、隐匿、瞒报记录), with its reply. */
export const WithheldRecord = Type.Object({
  id: Id,
  number: Type.Integer(),
  project: Type.Object({ id: Type.String(), name: Type.String() }),
  builder: OrgRef,
  kind: OneOf(withholdings),
  description: Type.String(),
  foundOn: CivilDate,
  recordedBy: Type.String(),
  recordedAt: At,
  reply: Nullable(Type.Object({ text: Type.String(), by: Type.String(), at: At })),
  revocation: Nullable(Type.Object({ reason: Type.String(), by: Type.String(), at: At })),
  mayDo: Type.Array(OneOf(withheldActs)),
  version: Type.Integer(),
  updatedBy: Type.String(),
  updatedAt: At,
})
export type WithheldRecord = Static<typeof WithheldRecord>

export const WithheldQuery = Strict({
  ...PageQuery,
  q: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
  projectId: Type.Optional(Id),
})
export type WithheldQuery = Static<typeof WithheldQuery>
