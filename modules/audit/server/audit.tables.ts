import { type ChainHead, type ChainReport, type Ctx, type Instant, type KernelTables, tablesOf } from '@tongchou/kernel'
import type { Generated, JSONColumnType, Kysely, Selectable } from 'kysely'

/** A verification of the chain (校验). */
export interface VerificationTable {
  id: Generated<string>
  state: 'running' | 'holds' | 'broken' | 'stopped' | 'failed'
  done: Generated<number>
  total: Generated<number>
  heads: JSONColumnType<ChainHead[]>
  report: JSONColumnType<ChainReport> | null
  requested_by: string
  requested_at: Instant
  finished_at: Instant | null
}

interface AuditTables extends KernelTables {
  'audit.verification': VerificationTable
}

export type VerificationRow = Selectable<VerificationTable>

export function auditDb(ctx: Ctx): Kysely<AuditTables> {
  return tablesOf<AuditTables>(ctx)
}
