import { At, CivilDate, Id, Line, NotSecret, Nullable, OneOf, PageQuery, Prose, Strict } from '@tongchou/kernel'
import { type Static, Type } from 'typebox'
import { stages } from './project.schema.ts'

export const reportStates = ['submitted', 'accepted', 'returned'] as const

/** What a contract's term has come to: 未到申请, 申请中, 已支付, 未同意. */
export const termStates = ['open', 'requested', 'released', 'refused'] as const

const Builder = Type.Object({ id: Type.String(), name: Type.String() })
const ProjectOfContract = Type.Object({ name: Type.String(), stage: OneOf(stages) })

/** A contract as the enterprise's agent sees it in the list. */
export const SupplierContractLine = Type.Object({
  id: Id,
  number: Type.String(),
  project: ProjectOfContract,
  builder: Builder,
  amountFen: Type.Integer(),
  paidFen: Type.Integer(),
  signedOn: CivilDate,
  returnedCount: Type.Integer({ description: '被退回、未重新报送的材料' }),
})
export type SupplierContractLine = Static<typeof SupplierContractLine>

/** 承建单位报送: progress or the material for a milestone, and what the building unit said to it. */
export const SupplierReport = Type.Object({
  id: Id,
  contract: Type.Object({ id: Id, number: Type.String(), supplier: Type.String() }),
  project: Type.Object({ id: Id, name: Type.String() }),
  about: Type.String(),
  milestoneId: Nullable(Id),
  text: Type.String(),
  state: OneOf(reportStates),
  submittedBy: Type.String(),
  submittedAt: At,
  decidedBy: Nullable(Type.String()),
  decidedAt: Nullable(At),
  reason: Nullable(Type.String()),
  files: Type.Array(Type.Object({ id: Id, fileName: Type.String(), byteCount: Type.Integer() })),
  mayDecide: Type.Boolean(),
})
export type SupplierReport = Static<typeof SupplierReport>

/** The page of a contract for the agent: what is agreed, what is paid, the milestones of exactly this project, what was handed in. */
export const SupplierContract = Type.Object({
  id: Id,
  number: Type.String(),
  supplier: Type.String({ description: '签订时的名称' }),
  project: ProjectOfContract,
  builder: Builder,
  amountFen: Type.Integer(),
  signedOn: CivilDate,
  held: Type.Boolean({ description: '已决定暂缓支付，直至整改落实（WH23-20）' }),
  terms: Type.Array(
    Type.Object({
      lineNo: Type.Integer(),
      title: Type.String(),
      amountFen: Type.Integer(),
      state: OneOf(termStates),
      releasedAt: Nullable(At),
    }),
  ),
  milestones: Type.Array(Type.Object({ id: Id, title: Type.String(), dueOn: CivilDate, doneOn: Nullable(CivilDate) })),
  reports: Type.Array(SupplierReport),
  obstacle: Nullable(Type.String({ description: '现在不能报送的原因' })),
})
export type SupplierContract = Static<typeof SupplierContract>

export const NewSupplierReport = Strict({
  secrecy: NotSecret,
  milestoneId: Type.Optional(Id),
  text: Prose(4000),
  files: Type.Optional(Type.Array(Id, { maxItems: 10, uniqueItems: true })),
})
export type NewSupplierReport = Static<typeof NewSupplierReport>

export const DecideSupplierReport = Strict({ outcome: OneOf(['accept', 'return'] as const), reason: Type.Optional(Line(1000)) })
export type DecideSupplierReport = Static<typeof DecideSupplierReport>

export const SupplierContractQuery = Strict({ ...PageQuery, q: Type.Optional(Type.String({ maxLength: 100 })) })
export type SupplierContractQuery = Static<typeof SupplierContractQuery>

export const SupplierReportQuery = Strict({
  ...PageQuery,
  projectId: Type.Optional(Id),
  state: Type.Optional(OneOf(reportStates)),
})
export type SupplierReportQuery = Static<typeof SupplierReportQuery>
