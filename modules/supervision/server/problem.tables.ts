import { type CivilDateColumn, type Ctx, type Instant, type KernelTables, tablesOf } from '@tongchou/kernel'
import type { ColumnType, Generated, Kysely, Selectable } from 'kysely'
import type { Problem, StoredState, WithheldRecord } from './problem.schema.ts'

type InstantOrNull = ColumnType<Date | null, Date | null, Date | null>
type CivilDateOrNull = ColumnType<string | null, string | null, string | null>

export interface ProblemTable {
  id: Generated<string>
  number: Generated<number>
  project_id: string
  project_name: string
  builder_org_id: string
  user_unit_org_id: string
  kind: Problem['kind']
  party: Problem['party']
  responsible_org_id: string
  description: string
  demand: string
  found_on: CivilDateColumn
  due_on: CivilDateColumn
  state: StoredState
  ordered_at: InstantOrNull
  reported_on: CivilDateOrNull
  report: string | null
  not_accepted_at: InstantOrNull
  not_accepted_reason: string | null
  confirmed_at: InstantOrNull
  version: Generated<number>
  created_by: string
  created_at: Instant
  updated_by: string
  updated_at: Instant
}
export type ProblemRow = Selectable<ProblemTable>

export interface PaymentHoldTable {
  id: Generated<string>
  problem_id: string
  project_id: string
  reason: string
  duty: 'big-data-center' | 'drc'
  decided_by_person_id: string
  decided_by: string
  decided_at: Instant
  ended_at: InstantOrNull
}
export type HoldRow = Selectable<PaymentHoldTable>

export interface WithheldRecordTable {
  id: Generated<string>
  number: Generated<number>
  project_id: string
  project_name: string
  builder_org_id: string
  user_unit_org_id: string
  kind: WithheldRecord['kind']
  description: string
  found_on: CivilDateColumn
  recorded_org_id: string
  recorded_by: string
  recorded_at: Instant
  reply: string | null
  replied_by: string | null
  replied_at: InstantOrNull
  revoked_reason: string | null
  revoked_by: string | null
  revoked_at: InstantOrNull
  version: Generated<number>
  updated_by: string
  updated_at: Instant
}
export type WithheldRow = Selectable<WithheldRecordTable>

export interface SupervisionTables {
  'supervision.problem': ProblemTable
  'supervision.payment_hold': PaymentHoldTable
  'supervision.withheld_record': WithheldRecordTable
}

/** The handle with this module's tables and the kernel's. */
export function supervisionDb(ctx: Ctx): Kysely<SupervisionTables & KernelTables> {
  return tablesOf<SupervisionTables>(ctx)
}
