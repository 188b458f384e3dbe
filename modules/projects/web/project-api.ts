// SPDX-License-Identifier: Apache-2.0
import type { ListPage } from '@tongchou/api-client'
import type { Attachment, FormField } from '@tongchou/ui'

export type Kind = 'new' | 'expansion' | 'continuation' | 'operation' | 'purchase'
export type Builder = 'big-data-center' | 'department' | 'district'
export type Reach = 'single-department' | 'cross-department' | 'cross-level'
export type Deployment = 'gov-cloud' | 'own' | 'other'
export type AppStage = 'none' | 'new' | 'in-build' | 'built'
export type Funding = 'own-income' | 'city-finance' | 'district-finance' | 'superior-finance' | 'social-investment'
export type BudgetCategory = 'software' | 'hardware' | 'integration' | 'service' | 'supervision' | 'evaluation' | 'reserve' | 'other'
export type Urgency = 'none' | 'declared' | 'confirmed' | 'rejected'
export type Deliverable =
  | 'business-system'
  | 'data-center'
  | 'machine-room'
  | 'video-platform'
  | 'iot-platform'
  | 'other-shared-infrastructure'
  | 'public-app'
  | 'cloud-center'
  | 'egov-network'
  | 'city-brain'
  | 'cim'
  | 'e-archive'
  | 'exchange-platform'
  | 'city-app'
  | 'security-infrastructure'
  | 'application-platform'
  | 'reusable-business-system'
  | 'video-surveillance'
  | 'data-collection'
  | 'iot-sensing'
  | 'basic-network'
  | 'smart-community'
export type Stage =
  | 'draft'
  | 'filed'
  | 'reviewed'
  | 'listed'
  | 'argued'
  | 'established'
  | 'tendering'
  | 'building'
  | 'in-acceptance'
  | 'accepted'
  | 'in-operation'
  | 'evaluated'

export interface OrgRef {
  id: string
  name: string
}

export interface BudgetLine {
  title: string
  category: BudgetCategory
  amountFen: number
}

/** Line of the project list. */
export interface ProjectLine {
  id: string
  name: string
  kind: Kind
  stage: Stage
  owner: OrgRef
  builder: OrgRef
  budgetFen: number
  approvedFen: number | null
  updatedAt: string
}

export interface ProjectListPage extends ListPage<ProjectLine> {
  totals: { count: number; budgetFen: number; approvedFen: number }
}

/** One agreed payment of a contract (付款约定). */
export interface ContractTerm {
  lineNo: number
  title: string
  amountFen: number
  payment: { id: string; state: string } | null
}

export interface Contract {
  id: string
  number: string
  supplier: string
  enterpriseId: string
  amountFen: number
  signedOn: string
  terms: ContractTerm[]
}

/** A project, as `GET /api/v1/projects/{id}` gives it. */
export interface Project {
  id: string
  name: string
  kind: Kind
  stage: Stage
  owner: OrgRef
  builder: Builder
  builderOrg: OrgRef
  userUnit: OrgRef
  reach: Reach
  deliverables: Deliverable[]
  funding: Funding[]
  summary: string
  planBasis: string
  necessity: string
  plannedDeployment: Deployment
  appStage: AppStage
  standardInterface: boolean | null
  superiorCoordinated: boolean
  omCostFen: number
  budgetFen: number
  responsiblePerson: string
  noDataReason: string
  governmentSystem: boolean | null
  urgency: Urgency
  urgencyReason: string
  budgetLines: BudgetLine[]
  systems: { id: string; name: string; functions: string }[]
  dataResources: { id: string; name: string }[]
  superiorFiledAt: string | null
  superiorReceivedAt: string | null
  submittedAt: string | null
  reviewedAt: string | null
  arguedAt: string | null
  establishedAt: string | null
  fundedAt: string | null
  acceptedAt: string | null
  handedOverAt: string | null
  money: {
    budgetFen: number
    approvedFen: number | null
    fundedFen: number | null
    contractedFen: number
    paidFen: number
    requestedFen: number
    held: boolean
  }
  contracts: Contract[]
  tender: { venue: string; noticeNumber: string; winner: string; amountFen: number; openedOn: string } | null
  evaluation: {
    openedAt: string
    requirement: string
    selfReport: string
    score: number | null
    grade: string | null
    conclusion: string
    concludedAt: string | null
  } | null
  milestones: { id: string; title: string; dueOn: string; doneOn: string | null }[]
  progressReports: { id: string; period: string; percent: number; text: string; reportedBy: string; reportedAt: string }[]
  version: number
  updatedBy: string
  updatedAt: string
  acts: string[]
}

export type PlanEntryState = 'filed' | 'returned' | 'reviewed' | 'rejected' | 'withdrawn' | 'listed'

/** A project in a year's plan. */
export interface PlanEntry {
  id: string
  year: number
  state: PlanEntryState
  project: { id: string; name: string; kind: Kind; budgetFen: number; omCostFen: number }
  owner: OrgRef
  cityPlanId: string | null
  filedBy: string
  filedAt: string
  /** 沿用上年: this post may begin a further year from it. */
  mayContinue: boolean
}

export interface PlanEntryPage extends ListPage<PlanEntry> {
  totals: { count: number; budgetFen: number; omCostFen: number }
}

export type CityPlanState = 'compiling' | 'submitted' | 'joint-reviewed' | 'approved' | 'rejected'

/** The city's plan of a year. */
export interface CityPlan {
  id: string
  year: number
  title: string
  note: string
  state: CityPlanState
  compiledBy: string
  entryCount: number
  budgetFen: number
  jointReviewedAt: string | null
  approvedAt: string | null
  version: number
  acts: string[]
}

/** A case of a subject, as `GET /api/v1/cases` gives it. */
export interface CaseSummary {
  caseId: string
  procedure: string
  title: string
  status: 'running' | 'done' | 'rejected' | 'withdrawn' | 'merged' | 'voided'
  openedAt: string
  endedAt: string | null
  holders: {
    taskId: string
    step: string
    title: string
    orgId: string
    orgName: string
    sinceAt: string
    dueAt: string | null
    overdue: boolean
  }[]
}

/** How a procedure begins, as `GET /api/v1/procedures/{id}` gives it. */
export interface ProcedureStart {
  id: string
  title: string
  note: string | null
  articles: string[]
  step: {
    id: string
    title: string
    article: string
    note: string | null
    outcomes: { id: string; title: string; guard: string | null; requiresOpinion: boolean }[]
    documents: { kind: string; title: string; required: boolean }[]
    choices: { id: string; title: string; article: string }[]
    form: { id: string; title: string; note: string | null; fields: FormField[] } | null
  }
}

/** What of a case's history the page of the project shows: who wrote which opinion and handed in what. */
export interface SignedLine {
  seq: number
  stepTitle: string
  outcomeTitle: string
  opinion: string | null
  person: string
  organisation: string
  at: string
  documents: (Attachment & { kind: string })[]
}
