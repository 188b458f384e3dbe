import { type Ctx, type Instant, type KernelTables, tablesOf } from '@tongchou/kernel'
import type { Generated, JSONColumnType, Kysely, Selectable } from 'kysely'

/** A list that somebody takes along (导出). */
export interface ExportTable {
  id: Generated<string>
  account_id: string
  person_id: string
  person_name: string
  post_id: string
  post_title: string
  org_name: string
  list: string
  title: string
  params: JSONColumnType<Record<string, string>>
  query: JSONColumnType<Record<string, string>>
  columns: string[]
  filters: JSONColumnType<{ title: string; value: string }[]>
  state: 'running' | 'ready' | 'cancelled' | 'failed'
  total_rows: number | null
  done_rows: Generated<number>
  failure: string | null
  size_bytes: number | null
  sha256: string | null
  requested_at: Instant
  finished_at: Instant | null
  expires_at: Instant
}

/** A piece of its file. */
export interface ExportPieceTable {
  export_id: string
  seq: number
  content: Buffer
}

interface ExportsTables extends KernelTables {
  'exports.export': ExportTable
  'exports.export_piece': ExportPieceTable
}

export type ExportRow = Selectable<ExportTable>

export function exportsDb(ctx: Ctx): Kysely<ExportsTables> {
  return tablesOf<ExportsTables>(ctx)
}
