import type { CivilDateColumn, Instant, KernelTables } from '@tongchou/kernel'
import type { Masking, RowCondition } from '@tongchou/records'
import type { Generated, JSONColumnType, Kysely, Selectable } from 'kysely'

/** How records are had: 接口查询, 数据订阅（库表交换）, 文件（比对）. */
export const ways = ['query', 'subscription', 'file'] as const
export type Way = (typeof ways)[number]

export const grantStates = ['in-force', 'suspended', 'revoked'] as const
export type GrantState = (typeof grantStates)[number]

/** What an organisation may have of another's resource (授权). */
export interface GrantTable {
  id: string
  number: Generated<number>
  resource: string
  provider_org_id: string
  org_id: string
  way: Way
  items: JSONColumnType<Readonly<Record<string, Masking | null>>>
  row_conditions: JSONColumnType<readonly RowCondition[]>
  purpose: string
  valid_from: CivilDateColumn
  valid_until: CivilDateColumn
  quota_per_day: number | null
  state: GrantState
  state_reason: string | null
  state_at: Instant
  version: Generated<number>
  granted_at: Instant
  updated_by: string
  updated_at: Instant
}
export type GrantRow = Selectable<GrantTable>

/** This module's tables. */
export interface SharingTables {
  'sharing.grant': GrantTable
}

/** The handle with this module's tables and the kernel's. */
export const sharingDb = (db: Kysely<KernelTables>): Kysely<SharingTables & KernelTables> =>
  db as unknown as Kysely<SharingTables & KernelTables>
