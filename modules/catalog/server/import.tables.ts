import { type Ctx, type Instant, type KernelTables, tablesOf } from '@tongchou/kernel'
import type { Generated, JSONColumnType, Kysely, Selectable } from 'kysely'
import type { UnnumberedContent } from './content.schema.ts'
import type { ImportFinding, ImportLine, ImportScope, importStates, importVerdicts } from './import.schema.ts'

export interface ImportTable {
  id: Generated<string>
  account_id: string
  person_id: string
  person_name: string
  post_id: string
  org_id: string
  file_name: string
  content: Buffer | null
  size_bytes: number
  sha256: string
  profile: 'national' | 'two-sheet' | null
  state: (typeof importStates)[number]
  done_entries: Generated<number>
  total_entries: number | null
  findings: JSONColumnType<ImportFinding[], string | undefined>
  head_rows: JSONColumnType<Record<string, number>, string | undefined>
  scope: ImportScope | null
  failure: string | null
  version: Generated<number>
  uploaded_at: Instant
  checked_at: Instant | null
  finished_at: Instant | null
  expires_at: Instant
}
/** Without the file: that is read where it is needed. */
export type ImportRow = Omit<Selectable<ImportTable>, 'content'> & { has_file: boolean }

export interface ImportLineTable {
  import_id: string
  position: number
  name: string
  sheet: string
  row_number: number
  verdict: (typeof importVerdicts)[number]
  errors: number
  warnings: number
  resource_id: string | null
  base_version: number | null
  content: JSONColumnType<UnnumberedContent | null, string | null, string | null>
  difference: JSONColumnType<Pick<ImportLine, 'fields' | 'parts'>>
  findings: JSONColumnType<ImportFinding[]>
}
export type ImportLineRow = Selectable<ImportLineTable>

export interface ImportTables extends KernelTables {
  'catalog.import': ImportTable
  'catalog.import_line': ImportLineTable
}

export function importDb(ctx: Ctx): Kysely<ImportTables> {
  return tablesOf<ImportTables>(ctx)
}
