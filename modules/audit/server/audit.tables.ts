import {
  type ChainHead,
  type ChainReport,
  type CivilDateColumn,
  type Ctx,
  type Instant,
  type KernelTables,
  tablesOf,
} from '@tongchou/kernel'
import type { Generated, JSONColumnType, Kysely, Selectable } from 'kysely'

/** A verification of the chain (校验). */
export interface VerificationTable {
  id: Generated<string>
  number: Generated<number>
  state: 'running' | 'holds' | 'broken' | 'stopped' | 'failed'
  done: Generated<number>
  total: Generated<number>
  heads: JSONColumnType<ChainHead[]>
  report: JSONColumnType<ChainReport> | null
  requested_by: string
  requested_at: Instant
  finished_at: Instant | null
}

/** Rows packed away (归档包). */
export interface ArchiveTable {
  id: Generated<string>
  number: Generated<number>
  from_position: number
  to_position: number
  head_hash: string
  byte_count: number
  digest: string
  before_on: CivilDateColumn
  reason: string
  requested_by: string
  requested_at: Instant
  /** The public half of the key that signed, in hexadecimal; null for one of before packages were signed. */
  signing_key: string | null
  signature: string | null
}

interface AuditTables extends KernelTables {
  'audit.verification': VerificationTable
  'audit.archive': ArchiveTable
}

export type ArchiveRow = Selectable<ArchiveTable>
export type VerificationRow = Selectable<VerificationTable>

export function auditDb(ctx: Ctx): Kysely<AuditTables> {
  return tablesOf<AuditTables>(ctx)
}
