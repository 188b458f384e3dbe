import type { CivilDateColumn, Instant, KernelTables } from '@tongchou/kernel'
import type { Masking, RowCondition } from '@tongchou/records'
import type { ColumnType, Generated, JSONColumnType, Kysely, Selectable } from 'kysely'

/** How records are had: 接口查询, 数据订阅（库表交换）, 文件（比对）. */
export const ways = ['query', 'subscription', 'file'] as const
export type Way = (typeof ways)[number]

export const grantStates = ['in-force', 'suspended', 'revoked'] as const
export type GrantState = (typeof grantStates)[number]

/** State of a request; only its procedure, the catalog's own sharing type and its author move it. */
export const requestStates = [
  ...(['draft', 'submitted', 'signed-off', 'returned', 'granted', 'granted-less', 'refused'] as const),
  ...(['disputed', 'directed', 'upheld', 'abandoned'] as const),
] as const
export type RequestState = (typeof requestStates)[number]

/** What is granted, beside purpose and way, which are the request's. */
export interface Terms {
  items: Readonly<Record<string, Masking | null>>
  rows: readonly RowCondition[]
  validUntil: string
  quotaPerDay: number | null
  /** 使用要求, beside what the law says anyway. */
  use: string | null
}

/** A decision before it is signed. */
export interface Proposed {
  outcome: 'grant' | 'refuse'
  terms: Terms | null
  reason: string | null
  basisLaw: string | null
  basisClause: string | null
}

type OptionalInstant = ColumnType<Date | null, Date | null | undefined, Date | null>

/** What an organisation may have of another's resource (授权). */
export interface GrantTable {
  id: string
  number: Generated<number>
  resource: string
  title: Generated<string>
  provider_org_id: string
  org_id: string
  way: Way
  items: JSONColumnType<Readonly<Record<string, Masking | null>>>
  row_conditions: JSONColumnType<readonly RowCondition[]>
  purpose: string
  terms: ColumnType<string | null, string | null | undefined, string | null>
  valid_from: CivilDateColumn
  valid_until: CivilDateColumn
  quota_per_day: number | null
  request_id: ColumnType<string | null, string | null | undefined, string | null>
  state: GrantState
  state_reason: string | null
  state_at: Instant
  version: Generated<number>
  granted_at: Instant
  updated_by: string
  updated_at: Instant
}
export type GrantRow = Selectable<GrantTable>

/** Who asks what of whom (共享申请). */
export interface RequestTable {
  id: string
  number: Generated<number>
  resource: string
  title: string
  provider_org_id: string
  org_id: string
  way: Way
  items: JSONColumnType<Readonly<Record<string, boolean>>>
  row_conditions: JSONColumnType<readonly RowCondition[]>
  purpose: string
  matter: string
  basis: string
  necessity: string | null
  valid_from: CivilDateColumn
  valid_until: CivilDateColumn
  quota_per_day: number | null
  renews: string | null
  state: RequestState
  returned_reason: ColumnType<string | null, string | null | undefined, string | null>
  dispute_reason: ColumnType<string | null, string | null | undefined, string | null>
  proposed: ColumnType<Proposed | null, string | null | undefined, string | null>
  written_by: ColumnType<string[], string, string>
  submitted_by: ColumnType<string | null, string | null | undefined, string | null>
  submitted_at: OptionalInstant
  decided_at: OptionalInstant
  version: Generated<number>
  created_at: Instant
  updated_by: string
  updated_at: Instant
}
export type RequestRow = Selectable<RequestTable>

/** A decision on a request, kept for good. */
export interface DecisionTable {
  id: Generated<number>
  request_id: string
  decided_as: 'system' | 'provider' | 'center'
  outcome: 'granted' | 'granted-less' | 'refused' | 'directed' | 'upheld'
  terms: ColumnType<Terms | null, string | null, never>
  reason: string | null
  basis_law: string | null
  basis_clause: string | null
  grant_id: string | null
  decided_by: string
  decided_at: Instant
}
export type DecisionRow = Selectable<DecisionTable>

/** How much a grant was used on a day. */
export interface UseTable {
  grant_id: string
  day: CivilDateColumn
  queries: number
  records: number
  last_at: Instant
}

/** This module's tables. */
export interface SharingTables {
  'sharing.grant': GrantTable
  'sharing.request': RequestTable
  'sharing.decision': DecisionTable
  'sharing.use': UseTable
}

/** The handle with this module's tables and the kernel's. */
export const sharingDb = (db: Kysely<KernelTables>): Kysely<SharingTables & KernelTables> =>
  db as unknown as Kysely<SharingTables & KernelTables>
