import { type Ctx, type Instant, type KernelTables, tablesOf } from '@tongchou/kernel'
import type { ColumnType, Generated, JSONColumnType, Kysely, Selectable } from 'kysely'
import type { AnsweredFact, Protection, System, SystemStatus } from './system.schema.ts'

export interface SystemTable {
  id: Generated<string>
  number: Generated<number>
  name: string
  org_id: string
  user_unit_org_id: string | null
  project_id: string | null
  functions: string
  usage_scope: string
  usage_frequency: System['usageFrequency']
  approving_body: string | null
  approved_on: ColumnType<string | null, string | null, string | null>
  funding: System['funding']
  status: SystemStatus
  registered_by_person_id: string
  version: Generated<number>
  created_at: Instant
  updated_by: string
  updated_at: Instant
}
export type SystemRow = Selectable<SystemTable>

export interface ConfirmationRequestTable {
  id: Generated<string>
  system_id: string
  note: string
  state: 'open' | 'answered' | 'returned'
  requested_by_person_id: string
  requested_by: string
  requested_at: Instant
  closed_by: string | null
  closed_at: ColumnType<Date | null, Date | null, Date | null>
  closing_note: string | null
}
export type ConfirmationRow = Selectable<ConfirmationRequestTable>

export interface AnswerTable {
  system_id: string
  seq: Generated<number>
  fact: AnsweredFact | 'protection'
  value: JSONColumnType<{ value: boolean | string } | Protection>
  standing: 'declared' | 'confirmed'
  evidence: string
  person_id: string
  person_name: string
  org_id: string
  org_name: string
  at: Instant
}
export type AnswerRow = Selectable<AnswerTable>

export interface SystemsTables {
  'systems.system': SystemTable
  'systems.confirmation_request': ConfirmationRequestTable
  'systems.answer': AnswerTable
}

/** The handle with this module's tables and the kernel's. */
export function systemsDb(ctx: Ctx): Kysely<SystemsTables & KernelTables> {
  return tablesOf<SystemsTables>(ctx)
}
