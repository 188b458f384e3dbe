import type { CivilDateColumn, Ctx, FenColumn, Instant } from '@tongchou/kernel'
import { tablesOf } from '@tongchou/kernel'
import type { ColumnType, Generated, Kysely, Selectable } from 'kysely'
import type { Project, Stage } from './project.schema.ts'
import type { DraftContent } from './proposal-draft.schema.ts'

/** `owner_org_id` is who proposes (申报单位), `builder_org_id` who builds (建设单位), `user_unit_org_id` who uses (用户单位). */
export interface ProjectTable {
  id: Generated<string>
  name: string
  kind: Project['kind']
  stage: Generated<Stage>
  owner_org_id: string
  owner_org_kind: string
  builder: Project['builder']
  builder_org_id: string
  user_unit_org_id: string
  reach: Project['reach']
  deliverables: Project['deliverables']
  funding: Project['funding']
  summary: string
  plan_basis: string
  necessity: string
  planned_deployment: Project['plannedDeployment']
  app_stage: Project['appStage']
  standard_interface: boolean | null
  superior_coordinated: boolean
  om_cost_fen: FenColumn
  budget_fen: FenColumn
  responsible_person: string
  no_data_reason: string
  editable: Generated<boolean>
  government_system: boolean | null
  urgency: Project['urgency']
  urgency_reason: string
  superior_filed_at: Instant | null
  superior_received_at: Instant | null
  submitted_at: Instant | null
  reviewed_at: Instant | null
  argued_at: Instant | null
  proposal_approved_at: Instant | null
  feasibility_approved_at: Instant | null
  preliminary_design_approved_at: Instant | null
  established_at: Instant | null
  approved_fen: number | null
  funded_at: Instant | null
  funded_fen: number | null
  tender_started_at: Instant | null
  tender_venue: 'public-resource-trading-center' | 'other' | null
  building_since: Instant | null
  accepted_at: Instant | null
  handed_over_at: Instant | null
  evaluated_at: Instant | null
  version: Generated<number>
  created_by: string
  created_at: Instant
  updated_by: string
  updated_at: Instant
}

export interface PlanEntryTable {
  id: Generated<string>
  project_id: string
  year: number
  state: 'filed' | 'returned' | 'reviewed' | 'rejected' | 'withdrawn' | 'listed'
  city_plan_id: string | null
  filed_by: string
  filed_at: Instant
  reviewed_at: Instant | null
}

export interface CityPlanTable {
  id: Generated<string>
  year: number
  title: string
  state: Generated<'compiling' | 'submitted' | 'joint-reviewed' | 'approved' | 'rejected'>
  note: Generated<string>
  compiled_by: string
  compiled_by_person_id: string
  joint_reviewed_at: Instant | null
  approved_at: Instant | null
  version: Generated<number>
  created_at: Instant
  updated_at: Instant
}

export interface ProposalDraftTable {
  id: Generated<string>
  owner_org_id: string
  person_id: string
  content: DraftContent
  copied: (keyof DraftContent)[]
  copied_from: string | null
  version: Generated<number>
  created_at: Instant
  updated_at: Instant
}

/** 企业. */
export interface EnterpriseTable {
  id: Generated<string>
  name: string
  uscc: string | null
  registered_by: string
  registered_at: Instant
}

/** The tables this module may touch. Another module's table here is a compile error, not a review comment. */
export interface ProjectsTables {
  'projects.project': ProjectTable
  'projects.budget_line': {
    project_id: string
    line_no: number
    title: string
    category: Project['budgetLines'][number]['category']
    amount_fen: FenColumn
  }
  'projects.declared_system': { project_id: string; id: Generated<string>; name: string; functions: string }
  'projects.declared_resource': { project_id: string; id: Generated<string>; name: string }
  'projects.proposal_draft': ProposalDraftTable
  'projects.plan_entry': PlanEntryTable
  'projects.city_plan': CityPlanTable
  'projects.contract': {
    id: Generated<string>
    project_id: string
    number: string
    /** As it was signed. */
    supplier: string
    enterprise_id: string
    amount_fen: FenColumn
    signed_on: CivilDateColumn
    registered_by: string
    registered_at: Instant
  }
  'projects.enterprise': EnterpriseTable
  'projects.supplier_report': {
    id: Generated<string>
    contract_id: string
    project_id: string
    milestone_id: string | null
    about: string
    text: string
    state: Generated<'submitted' | 'accepted' | 'returned'>
    submitted_by: string
    submitted_by_person_id: string
    submitted_at: Instant
    decided_by: ColumnType<string | null, string | null | undefined, string | null>
    decided_at: ColumnType<Date | null, Date | null | undefined, Date | null>
    reason: ColumnType<string | null, string | null | undefined, string | null>
  }
  'projects.payment_term': { contract_id: string; line_no: number; title: string; amount_fen: FenColumn }
  'projects.payment': {
    id: Generated<string>
    project_id: string
    contract_id: string
    line_no: number
    amount_fen: FenColumn
    state: Generated<'requested' | 'released' | 'refused' | 'withdrawn'>
    requested_by: string
    requested_at: Instant
    released_at: Instant | null
  }
  'projects.milestone': { project_id: string; id: Generated<string>; title: string; due_on: CivilDateColumn; done_on: string | null }
  'projects.progress_report': {
    project_id: string
    id: Generated<string>
    period: string
    percent: number
    text: string
    reported_by: string
    reported_at: Instant
  }
  'projects.tender_result': {
    project_id: string
    venue: string
    notice_number: string
    winner: string
    amount_fen: FenColumn
    opened_on: CivilDateColumn
    registered_by: string
    registered_at: Instant
  }
  'projects.evaluation': {
    project_id: string
    opened_by: string
    opened_at: Instant
    requirement: string
    self_report: Generated<string>
    score: number | null
    grade: string | null
    conclusion: Generated<string>
    concluded_at: Instant | null
  }
  'projects.funding': {
    project_id: string
    amount_fen: FenColumn
    budget_year: number
    channel: string
    prepared_by: string
    prepared_at: Instant
    scheduled_at: Instant | null
  }
  'projects.project_change': {
    project_id: string
    id: Generated<string>
    aspect: string
    before: string
    after: string
    reason: string
    state: Generated<string>
    filed_by: string
    filed_at: Instant
  }
}

export type ProjectRow = Selectable<ProjectTable>

/** This module's handle. */
export function projectsDb(ctx: Ctx): Kysely<ProjectsTables> {
  return tablesOf<ProjectsTables>(ctx)
}
