import { At, CivilDate, Id, Line, NotSecret, Nullable, OneOf, PageQuery, Prose, Strict } from '@tongchou/kernel'
import { type Static, type TSchema, Type } from 'typebox'

/** Life of a system (系统状态): 规划, 建设, 运行, 关停. It only goes forward. */
export const statuses = ['planned', 'building', 'running', 'closed'] as const
export type SystemStatus = (typeof statuses)[number]

/** How often it is used (使用频率): 每日, 每周, 每月, 更少, 无人使用. */
export const frequencies = ['daily', 'weekly', 'monthly', 'rarely', 'unused'] as const
export const fundings = ['own-income', 'city-finance', 'district-finance', 'superior-finance', 'social-investment'] as const

/** Where it runs (部署位置): 政务云, 自建机房, 其他. */
export const deployments = ['gov-cloud', 'own', 'other'] as const

/** What only the big-data center answers (核实事项), as fields of the API. `closureVerified`: it has seen that a closed system is off. */
export const answeredFacts = [
  'deployment',
  'cityBrainConnected',
  'standardInterface',
  'dataShared',
  'securityAssured',
  'closureVerified',
] as const
export type AnsweredFact = (typeof answeredFacts)[number]

const descriptionFields = {
  name: Line(100),
  userUnitOrgId: Nullable(Line(64)),
  functions: Prose(4000),
  usageScope: Line(200),
  usageFrequency: OneOf(frequencies),
  approvingBody: Nullable(Line(100)),
  approvedOn: Nullable(CivilDate),
  funding: Type.Array(OneOf(fundings), { uniqueItems: true }),
}
const Version = Type.Integer({ minimum: 1 })

/** What the owner registers. What it claims nothing about: deployment, connection, sharing, security. */
export const Registration = Strict({ secrecy: NotSecret, projectId: Nullable(Id), ...descriptionFields })
export type Registration = Static<typeof Registration>

export const Description = Strict({ secrecy: NotSecret, version: Version, projectId: Nullable(Id), ...descriptionFields })
export type Description = Static<typeof Description>

export const StatusChange = Strict({ version: Version, status: OneOf(statuses) })
export type StatusChange = Static<typeof StatusChange>

export const ConfirmationRequest = Strict({ version: Version, note: Prose(1000) })
export type ConfirmationRequest = Static<typeof ConfirmationRequest>

export const ConfirmationReturn = Strict({ version: Version, reason: Line(1000) })
export type ConfirmationReturn = Static<typeof ConfirmationReturn>

/** The center's answers (核实意见): at least one fact, and on what ground. */
export const Answers = Strict(
  {
    version: Version,
    evidence: Line(1000),
    deployment: Type.Optional(OneOf(deployments)),
    cityBrainConnected: Type.Optional(Type.Boolean()),
    standardInterface: Type.Optional(Type.Boolean()),
    dataShared: Type.Optional(Type.Boolean()),
    securityAssured: Type.Optional(Type.Boolean()),
    closureVerified: Type.Optional(Type.Boolean()),
  },
  { minProperties: 3 },
)
export type Answers = Static<typeof Answers>

/** 等级保护: grade, filing number (备案号) and next evaluation. */
export const ProtectionInput = Strict({
  version: Version,
  level: Type.Integer({ minimum: 1, maximum: 5 }),
  filingNumber: Nullable(Type.String({ pattern: '^[0-9A-Z][0-9A-Z-]{3,38}[0-9A-Z]$', maxLength: 40 })),
  nextEvaluationOn: Nullable(CivilDate),
  evidence: Line(1000),
})
export type ProtectionInput = Static<typeof ProtectionInput>

export interface Protection {
  level: number
  filingNumber: string | null
  nextEvaluationOn: string | null
}

const answered = { evidence: Type.String(), by: Type.String(), orgName: Type.String(), at: At }
const answerOf = <S extends TSchema>(value: S) => Nullable(Type.Object({ value, ...answered }))
const OrgRef = Type.Object({ id: Type.String(), name: Type.String() })

/** What the actor may do with it now, so that a screen offers nothing that would be refused. */
export const acts = ['describe', 'change-status', 'request-confirmation', 'answer', 'declare-protection', 'confirm-protection'] as const
export type SystemAct = (typeof acts)[number]

/** Line of the register. */
export const SystemLine = Type.Object({
  id: Id,
  number: Type.Integer(),
  name: Type.String(),
  org: OrgRef,
  status: OneOf(statuses),
  deployment: Nullable(OneOf(deployments)),
  cityBrainConnected: Nullable(Type.Boolean()),
  protectionLevel: Nullable(Type.Integer()),
  awaitsConfirmation: Type.Boolean(),
  awaitsProtection: Type.Boolean(),
  updatedAt: At,
})
export type SystemLine = Static<typeof SystemLine>

/** Information system (信息系统), as the API shows it. */
export const System = Type.Object({
  id: Id,
  number: Type.Integer(),
  name: Type.String(),
  org: OrgRef,
  userUnit: Nullable(OrgRef),
  project: Nullable(Type.Object({ id: Type.String(), name: Nullable(Type.String()) })),
  functions: Type.String(),
  usageScope: Type.String(),
  usageFrequency: OneOf(frequencies),
  approvingBody: Nullable(Type.String()),
  approvedOn: Nullable(CivilDate),
  funding: Type.Array(OneOf(fundings)),
  status: OneOf(statuses),
  answers: Type.Object({
    deployment: answerOf(OneOf(deployments)),
    cityBrainConnected: answerOf(Type.Boolean()),
    standardInterface: answerOf(Type.Boolean()),
    dataShared: answerOf(Type.Boolean()),
    securityAssured: answerOf(Type.Boolean()),
    closureVerified: answerOf(Type.Boolean()),
  }),
  protection: Nullable(
    Type.Object({
      level: Type.Integer(),
      filingNumber: Nullable(Type.String()),
      nextEvaluationOn: Nullable(CivilDate),
      standing: OneOf(['declared', 'confirmed'] as const),
      ...answered,
    }),
  ),
  confirmation: Nullable(
    Type.Object({
      state: OneOf(['open', 'answered', 'returned'] as const),
      note: Type.String(),
      requestedBy: Type.String(),
      requestedAt: At,
      closedBy: Nullable(Type.String()),
      closedAt: Nullable(At),
      closingNote: Nullable(Type.String()),
    }),
  ),
  mayDo: Type.Array(OneOf(acts)),
  version: Type.Integer(),
  updatedBy: Type.String(),
  updatedAt: At,
})
export type System = Static<typeof System>

/** One answer of the history, oldest first: nothing is ever overwritten. */
export const AnswerLine = Type.Object({
  seq: Type.Integer(),
  fact: OneOf([...answeredFacts, 'protection'] as const),
  value: Type.Unknown(),
  standing: OneOf(['declared', 'confirmed'] as const),
  ...answered,
})
export type AnswerLine = Static<typeof AnswerLine>

export const SystemQuery = Strict({
  ...PageQuery,
  q: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
  orgId: Type.Optional(Type.String({ maxLength: 64 })),
  projectId: Type.Optional(Id),
  status: Type.Optional(OneOf(statuses)),
  /** Work lists of the offices: `confirmation` for the center, `protection` for public security. */
  awaiting: Type.Optional(OneOf(['confirmation', 'protection'] as const)),
  sort: Type.Optional(OneOf(['-number', 'number', '-updated', 'updated'] as const)),
})
export type SystemQuery = Static<typeof SystemQuery>
