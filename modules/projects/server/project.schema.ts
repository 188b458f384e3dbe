import { At, CivilDate, Fen, Id, Line, Nullable, OneOf, Prose, Strict } from '@tongchou/kernel'
import { type Static, Type } from 'typebox'

/** Five kinds of project (第二条): 新建、改扩建、续建、运行维护、购买服务. */
export const projectKinds = ['new', 'expansion', 'continuation', 'operation', 'purchase'] as const
/** Who builds (第八至十条). */
export const builders = ['big-data-center', 'department', 'district'] as const
/** How far the application reaches (第八条). */
export const reaches = ['single-department', 'cross-department', 'cross-level'] as const
/** What is built; the shared ones of 第四、九、十条 among them. */
export const deliverables = [
  'business-system',
  'data-center',
  'machine-room',
  'video-platform',
  'iot-platform',
  'other-shared-infrastructure',
  'public-app',
  'cloud-center',
  'egov-network',
  'city-brain',
  'cim',
  'e-archive',
  'exchange-platform',
  'city-app',
  'security-infrastructure',
  'application-platform',
  'reusable-business-system',
  'video-surveillance',
  'data-collection',
  'iot-sensing',
  'basic-network',
  'smart-community',
] as const
/** Where the money comes from (第二条). */
export const fundings = ['own-income', 'city-finance', 'district-finance', 'superior-finance', 'social-investment'] as const
export const deployments = ['gov-cloud', 'own', 'other'] as const
/** State of a public-facing app (第四条第二款). */
export const appStages = ['none', 'new', 'in-build', 'built'] as const
/** Lifecycle stage (项目阶段), the furthest reached. */
export const stages = [
  'draft',
  'filed',
  'reviewed',
  'listed',
  'argued',
  'established',
  'tendering',
  'building',
  'in-acceptance',
  'accepted',
  'in-operation',
  'evaluated',
] as const
export type Stage = (typeof stages)[number]

export const budgetCategories = ['software', 'hardware', 'integration', 'service', 'supervision', 'evaluation', 'reserve', 'other'] as const

const lines = {
  budgetLines: Type.Array(Strict({ title: Line(100), category: OneOf(budgetCategories), amountFen: Fen }), { minItems: 1, maxItems: 100 }),
  systems: Type.Array(Strict({ name: Line(100), functions: Prose(1000) }), { maxItems: 30 }),
  dataResources: Type.Array(Strict({ name: Line(100) }), { maxItems: 200 }),
}

const proposalFields = {
  name: Line(200),
  kind: OneOf(projectKinds),
  summary: Prose(8000),
  planBasis: Prose(2000),
  builder: OneOf(builders),
  userUnitOrgId: Line(64),
  reach: OneOf(reaches),
  deliverables: Type.Array(OneOf(deliverables), { minItems: 1, uniqueItems: true }),
  funding: Type.Array(OneOf(fundings), { minItems: 1, uniqueItems: true }),
  superiorCoordinated: Type.Boolean(),
  appStage: OneOf(appStages),
  standardInterface: Nullable(Type.Boolean()),
  necessity: Prose(4000),
  plannedDeployment: OneOf(deployments),
  omCostFen: Fen,
  responsiblePerson: Line(50),
  noDataReason: Prose(1000),
  urgencyReason: Prose(2000),
  ...lines,
}

/** What a unit proposes (项目申报). The secrecy question comes first: with any other answer than no, nothing is kept (WH23-21). */
export const Proposal = Strict({
  secrecy: Type.Boolean(),
  ...proposalFields,
  draft: Type.Optional(
    Strict(
      { id: Id, confirmed: Type.Array(Line(64), { uniqueItems: true, maxItems: 50, description: '已核对的沿用内容' }) },
      { description: '由哪份草稿填写而成；草稿随即不再保留' },
    ),
  ),
})
export type Proposal = Static<typeof Proposal>

/** A changed proposal, with the version that was read: somebody else's change in between is a 409. */
export const ProposalChange = Strict({ secrecy: Type.Boolean(), version: Type.Integer({ minimum: 1 }), ...proposalFields })
export type ProposalChange = Static<typeof ProposalChange>

/** A proposal as far as it has been filled in, for the check while typing (边填边查); what is absent nobody has said yet. */
export const ProposalSoFar = Strict({ secrecy: Type.Boolean(), ...Type.Partial(Type.Object(proposalFields)).properties })
export type ProposalSoFar = Static<typeof ProposalSoFar>

const OrgRef = Type.Object({ id: Type.String(), name: Type.String() })

/** Line of the project list. */
export const ProjectLine = Type.Object({
  id: Id,
  name: Type.String(),
  kind: OneOf(projectKinds),
  stage: OneOf(stages),
  owner: OrgRef,
  builder: OrgRef,
  budgetFen: Fen,
  approvedFen: Nullable(Fen),
  updatedAt: At,
})

export const ContractView = Type.Object({
  id: Id,
  number: Type.String(),
  supplier: Type.String({ description: '签订时的名称' }),
  enterpriseId: Id,
  amountFen: Fen,
  signedOn: CivilDate,
  terms: Type.Array(
    Type.Object({
      lineNo: Type.Integer(),
      title: Type.String(),
      amountFen: Fen,
      payment: Nullable(Type.Object({ id: Id, state: Type.String() })),
    }),
  ),
})

/** Government IT project (政务信息化项目), as the API shows it. */
export const Project = Type.Object({
  id: Id,
  name: Type.String(),
  kind: OneOf(projectKinds),
  stage: OneOf(stages),
  owner: OrgRef,
  builder: OneOf(builders),
  builderOrg: OrgRef,
  userUnit: OrgRef,
  reach: OneOf(reaches),
  deliverables: Type.Array(OneOf(deliverables)),
  funding: Type.Array(OneOf(fundings)),
  summary: Type.String(),
  planBasis: Type.String(),
  necessity: Type.String(),
  plannedDeployment: OneOf(deployments),
  appStage: OneOf(appStages),
  standardInterface: Nullable(Type.Boolean()),
  superiorCoordinated: Type.Boolean(),
  omCostFen: Fen,
  budgetFen: Fen,
  responsiblePerson: Type.String(),
  noDataReason: Type.String(),
  governmentSystem: Nullable(Type.Boolean()),
  urgency: OneOf(['none', 'declared', 'confirmed', 'rejected'] as const),
  urgencyReason: Type.String(),
  budgetLines: Type.Array(Type.Object({ title: Type.String(), category: OneOf(budgetCategories), amountFen: Fen })),
  systems: Type.Array(Type.Object({ id: Id, name: Type.String(), functions: Type.String() })),
  dataResources: Type.Array(Type.Object({ id: Id, name: Type.String() })),
  superiorFiledAt: Nullable(At),
  superiorReceivedAt: Nullable(At),
  submittedAt: Nullable(At),
  reviewedAt: Nullable(At),
  arguedAt: Nullable(At),
  establishedAt: Nullable(At),
  fundedAt: Nullable(At),
  acceptedAt: Nullable(At),
  handedOverAt: Nullable(At),
  money: Type.Object({
    budgetFen: Fen,
    approvedFen: Nullable(Fen),
    fundedFen: Nullable(Fen),
    contractedFen: Fen,
    paidFen: Fen,
    requestedFen: Fen,
    held: Type.Boolean(),
  }),
  contracts: Type.Array(ContractView),
  tender: Nullable(
    Type.Object({ venue: Type.String(), noticeNumber: Type.String(), winner: Type.String(), amountFen: Fen, openedOn: CivilDate }),
  ),
  evaluation: Nullable(
    Type.Object({
      openedAt: At,
      requirement: Type.String(),
      selfReport: Type.String(),
      score: Nullable(Type.Integer()),
      grade: Nullable(Type.String()),
      conclusion: Type.String(),
      concludedAt: Nullable(At),
    }),
  ),
  milestones: Type.Array(Type.Object({ id: Id, title: Type.String(), dueOn: CivilDate, doneOn: Nullable(CivilDate) })),
  progressReports: Type.Array(
    Type.Object({ id: Id, period: Type.String(), percent: Type.Integer(), text: Type.String(), reportedBy: Type.String(), reportedAt: At }),
  ),
  version: Type.Integer(),
  updatedBy: Type.String(),
  updatedAt: At,
  /** What this actor may do now; whether the rules allow it is said by the check. */
  acts: Type.Array(Type.String()),
})
export type Project = Static<typeof Project>
