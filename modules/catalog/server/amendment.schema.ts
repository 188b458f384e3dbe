import { At, Id, Line, NotSecret, Nullable, OneOf, PageQuery, Prose, Strict } from '@tongchou/kernel'
import { withdrawalGrounds } from '@tongchou/metadata'
import { type Static, Type } from 'typebox'
import { Content, contentInput } from './content.schema.ts'
import { CaseLine, OrgRef, RuleFinding, RuleUndecided, VersionDifference } from './resource.schema.ts'

/** What is done to a published entry: 变更 or 撤销. */
export const amendmentKinds = ['change', 'withdrawal'] as const
export type AmendmentKind = (typeof amendmentKinds)[number]

/** State of a change or a withdrawal; only its procedure moves it, and its author gives it up. */
export const amendmentStates = [
  'draft',
  'submitted',
  'signed-off',
  'secrecy-reviewed',
  'approved',
  'returned',
  'settled',
  'abandoned',
] as const
export type AmendmentState = (typeof amendmentStates)[number]

const Version = Type.Integer({ minimum: 1 })
const Reason = Prose(1000)

export const NewChange = Strict({ secrecy: NotSecret, reason: Reason })
export type NewChange = Static<typeof NewChange>

export const ChangeEdit = Strict({ secrecy: NotSecret, version: Version, reason: Reason, ...contentInput })
export type ChangeEdit = Static<typeof ChangeEdit>

const withdrawn = {
  ground: OneOf(withdrawalGrounds),
  mergedIntoId: Nullable(Type.String({ maxLength: 64, description: '并入的目录，撤销理由为并入其他目录的填写' })),
  reason: Reason,
}
export const NewWithdrawal = Strict(withdrawn)
export type NewWithdrawal = Static<typeof NewWithdrawal>

export const WithdrawalEdit = Strict({ version: Version, ...withdrawn })
export type WithdrawalEdit = Static<typeof WithdrawalEdit>

export const AmendmentVersion = Strict({ version: Version })

const EntryRef = Type.Object({ id: Id, name: Type.String(), code: Nullable(Line(80)) })

/** Line of the list of changes and withdrawals. */
export const AmendmentLine = Type.Object({
  id: Id,
  number: Type.Integer(),
  kind: OneOf(amendmentKinds),
  entry: EntryRef,
  org: OrgRef,
  reason: Type.String(),
  ground: Nullable(OneOf(withdrawalGrounds)),
  state: OneOf(amendmentStates),
  submittedAt: Nullable(At),
  settledAt: Nullable(At),
})
export type AmendmentLine = Static<typeof AmendmentLine>

export const amendmentActs = ['edit', 'submit', 'abandon'] as const
export type AmendmentAct = (typeof amendmentActs)[number]

/** A change or a withdrawal of a published entry (目录变更、目录撤销). */
export const Amendment = Type.Object({
  ...AmendmentLine.properties,
  mergedInto: Nullable(EntryRef),
  /** The whole entry as it is to be; null of a withdrawal. */
  content: Nullable(Content),
  /** The code of the entry that is changed, for the rules while one types. */
  code: Nullable(Type.String()),
  /** Against the version in force; of a published change against the one it replaced. Null of a withdrawal. */
  difference: Nullable(VersionDifference),
  returnedReason: Nullable(Type.String()),
  gaps: Type.Array(Type.Object({ path: Type.String(), message: Type.String() })),
  findings: Type.Array(RuleFinding),
  undecided: Type.Array(RuleUndecided),
  /** What still relies on the entry and stands against it. */
  relied: Type.Array(Type.Object({ message: Type.String(), cure: Type.String() })),
  cases: Type.Array(CaseLine),
  mayDo: Type.Array(OneOf(amendmentActs)),
  version: Type.Integer(),
  updatedBy: Type.String(),
  updatedAt: At,
})
export type Amendment = Static<typeof Amendment>

export const AmendmentQuery = Strict({
  ...PageQuery,
  kind: Type.Optional(OneOf(amendmentKinds)),
  state: Type.Optional(OneOf(amendmentStates)),
  orgId: Type.Optional(Type.String({ maxLength: 64 })),
  resourceId: Type.Optional(Id),
})
export type AmendmentQuery = Static<typeof AmendmentQuery>
