import type { KernelTables } from '@tongchou/kernel'
import { type Ctx, type Instant, tablesOf as kernelTablesOf } from '@tongchou/kernel'
import type { ResourceDefinition, ValueProblem } from '@tongchou/records'
import type { ColumnType, Generated, JSONColumnType, Kysely } from 'kysely'
import type { PackStructure } from './collected.ts'
import type { LookGround, PersonLook } from './query.api.ts'

/** A collected resource (入库资源); its records stand in `library_data.r_<number>`. */
export interface ResourceTable {
  resource: string
  number: Generated<number>
  title: string
  kind: ResourceDefinition['kind']
  installed_at: Instant
}

/** A version of its structure (资源结构). */
export interface StructureTable {
  resource: string
  version: number
  definition: JSONColumnType<ResourceDefinition>
  installed_at: Instant
}

/** The last number that was given to a change of it. */
export interface HeadTable {
  resource: string
  last_seq: number
  structure: number
  keeps_before: Generated<boolean>
}

/** A batch that was received (批次), with its receipt once it is through. */
export interface BatchTable {
  resource: string
  batch_id: string
  digest: string
  received_at: Instant
  received_by: string
  receipt: JSONColumnType<Receipt> | null
}

/** Consecutive changes (变更日志). */
export interface LogChunkTable {
  resource: string
  seq_to: number
  seq_from: number
  structure: number
  codec: 'plain' | 'zstd'
  bytes: Buffer
  at: Instant
}

/** A line that was set aside (问题数据), and how it left the quarantine (隔离区). */
export interface BadLineTable {
  id: Generated<string>
  number: Generated<number>
  /** Null of lines from before the order of their values was kept. */
  items: JSONColumnType<readonly string[]> | null
  raw_key: string | null
  is_deletion: Generated<boolean>
  state: 'open' | 'resent' | 'removed' | 'superseded' | 'corrected' | 'discarded'
  closed_at: Date | null
  closed_batch: string | null
  closed_by: string | null
  closed_reason: string | null
  resource: string
  batch_id: string
  line: number
  record_key: string | null
  text: string
  problems: JSONColumnType<readonly ValueProblem[]>
  at: Instant
}

/** How far building a registered entry is (建库情况). */
export interface InstallationTable {
  resource: string
  title: string
  org_id: string
  version: number
  state: 'installed' | 'refused' | 'failed'
  reasons: JSONColumnType<readonly string[]>
  tries: number
  tried_at: Instant
}

/** Where an entry was introduced from (引入来源). */
export interface PackOriginTable {
  resource: string
  pack: string
  pack_version: string
  pack_resource: string
  digest: string
  structure: JSONColumnType<PackStructure>
  introduced_at: Instant
}

/** A look at a record about a person (查阅留痕). */
export interface PersonLookTable {
  seq: Generated<number>
  at: Instant
  person: string
  resource: string
  title: string
  items: JSONColumnType<readonly string[]>
  masked: boolean
  purpose: PersonLook['purpose']
  note: string
  account_id: string
  person_name: string
  org_id: string
  org_name: string
  request_id: string
  /** The post of who looked, its duties, and why the record was open to it; null in rows of before these were kept. */
  post_title: string | null
  duties: string[] | null
  ground: LookGround | null
  /** The grant that it rested on; null for the provider's own and the center's looks. */
  grant_id: ColumnType<string | null, string | null | undefined, never>
}

export interface LibraryTables {
  'libraries.person_look': PersonLookTable
  'libraries.installation': InstallationTable
  'libraries.pack_origin': PackOriginTable
  'libraries.resource': ResourceTable
  'libraries.structure': StructureTable
  'libraries.head': HeadTable
  'libraries.batch': BatchTable
  'libraries.log_chunk': LogChunkTable
  'libraries.bad_line': BadLineTable
}

export type LibrariesDb = Kysely<LibraryTables & KernelTables>

/** This module's tables of a request's handle. */
export const librariesDb = (ctx: Ctx): LibrariesDb => kernelTablesOf<LibraryTables>(ctx)

/** What became of a batch (回执): every line is in exactly one of the counts. */
export interface Receipt {
  resource: string
  batchId: string
  /** SM3 of what was received. */
  digest: string
  /** Structure that the changes were written under. */
  structure: number
  rows: number
  inserted: number
  updated: number
  deleted: number
  unchanged: number
  /** Replaced by a later line of the same batch about the same record. */
  superseded: number
  /** Deletions of records that were not there. */
  absent: number
  bad: number
  /** Numbers of the first and last change; null when nothing changed. */
  seqFrom: number | null
  seqTo: number | null
  receivedAt: string
}
