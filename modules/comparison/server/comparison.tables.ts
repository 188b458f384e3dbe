import { type Ctx, type Instant, type KernelTables, tablesOf } from '@tongchou/kernel'
import type { ColumnType, Generated, JSONColumnType, Kysely, Selectable } from 'kysely'
import type { findingKindWords, findingStateWords, outcomeWords, runStateWords } from '../words.ts'

type InstantOrNull = ColumnType<Date | null, Date | null | undefined, Date | null>

/** A table that a run read: up to which change (变更序号), and how many rows. */
export interface Position {
  resource: string
  title: string
  orgId: string
  seq: number
  structure: number
  rows: number
}

/** What a run counted (比对结果数). */
export interface RunCounts {
  groups: number
  people: number
  withoutConsent: number
  /** Groups that do not fit, each once, and by reason. */
  found: number
  byReason: Record<string, number>
  errors: number
  byError: Record<string, number>
  /** Of both: not known before, known and found again, and not found any more. */
  fresh: number
  known: number
  gone: number
}

/** A record that speaks against the finding: a row of a library. */
export interface EvidenceRecord {
  resource: string
  key: string
}

/** One ground (核对情形), with the amount or number that it reached. */
export interface Ground {
  reason: string
  value: string
  limit: string | null
  /** Rows of the register of people. */
  people: string[]
  records: EvidenceRecord[]
}

/** What a finding rests on: of a group its grounds, of an error the record of the other register. */
export interface Evidence {
  people: string | null
  grounds: Ground[]
  other: EvidenceRecord | null
}

interface RunTable {
  id: Generated<string>
  number: Generated<number>
  comparison: string
  title: string
  pack_version: string
  digest: string
  org_id: string
  purpose: string
  basis: string
  note: string
  account_id: string
  person_id: string
  person_name: string
  post_id: string
  org_name: string
  state: keyof typeof runStateWords
  requested_at: Instant
  finished_at: InstantOrNull
  done_tables: Generated<number>
  total_tables: number
  positions: JSONColumnType<readonly Position[]>
  counts: JSONColumnType<RunCounts> | null
  failure: string | null
  dispatched_at: InstantOrNull
}
export type RunRow = Selectable<RunTable>

export interface FindingTable {
  id: Generated<string>
  number: Generated<number>
  comparison: string
  comparison_title: string
  kind: keyof typeof findingKindWords
  rule: string
  org_id: string
  sender_org_id: string
  resource: string
  record_key: string
  evidence: JSONColumnType<Evidence>
  digest: string
  state: keyof typeof findingStateWords
  is_again: Generated<boolean>
  outcome: keyof typeof outcomeWords | null
  outcome_reason: string | null
  handled_by: string | null
  handled_at: InstantOrNull
  due_on: ColumnType<string | null, string | null | undefined, string | null>
  first_run: string
  last_run: string
  gone_run: string | null
  found_at: Instant
  updated_at: Instant
  version: Generated<number>
}
export type FindingRow = Selectable<FindingTable>

export interface ComparisonTables {
  'comparison.run': RunTable
  'comparison.finding': FindingTable
}

/** This module's tables of a request's handle. */
export const comparisonDb = (ctx: Ctx): Kysely<ComparisonTables & KernelTables> => tablesOf<ComparisonTables>(ctx)
