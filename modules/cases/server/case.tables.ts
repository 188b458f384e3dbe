import { type Ctx, type Instant, tablesOf } from '@tongchou/kernel'
import type { Case, CaseStatus, Entry, Form, LimitUnit, Procedure } from '@tongchou/procedure'
import type { ColumnType, Generated, GeneratedAlways, JSONColumnType, Kysely, Selectable } from 'kysely'
import type { DeadlineKind } from './clock.ts'

/** A case (办件); `state` is the engine's own plain data. */
export interface CaseFileTable {
  id: string
  pack: string
  pack_version: string
  procedure: string
  procedure_version: number
  subject_kind: string
  subject_id: string
  subject_version: number
  title: string
  applicant_person_id: string
  applicant_name: string
  applicant_org_id: string
  applicant_org_name: string
  /** The organisation that stands in its place, after reorganisations. */
  applicant_now_org_id: string
  status: CaseStatus
  state: JSONColumnType<Case, string, string>
  /** The case it follows (并案) and, once that one is over, how. */
  merged_into: Generated<string | null>
  followed_outcome: Generated<string | null>
  /** People who have put it under supervision (督办). */
  overseers: Generated<string[]>
  opened_at: Instant
  ended_at: Instant | null
  updated_at: Instant
}

/** A step of the procedure, an opinion asked for (加签), an answer asked for (延期、挂账). */
export type TaskKind = 'task' | 'countersign' | 'ask'

/** Work that waits for somebody (待办), kept beside the state so that work lists are one index scan. */
export interface TaskTable {
  case_id: string
  task_id: string
  step: string
  step_title: string
  duty: string
  org_id: string | null
  /** Whose case it is, for duties that are given for an area. */
  concerns_org_id: string
  since_at: Instant
  due_at: Instant | null
  provisional: boolean
  limit_amount: number | null
  limit_unit: LimitUnit | null
  paused_ground: string | null
  paused_since: Instant | null
  paused_left: number | null
  cause: string
  from_name: string
  kind: Generated<TaskKind>
  person_id: Generated<string | null>
  shelved_until: Generated<Date | null>
  /** The task that speaks for it, where an office may decide at either of several seats (或签): counted and clocked is that one. */
  spoken_by: string | null
  /** Written by the table from duty, organisation, person and limit. */
  holder_key: GeneratedAlways<string>
  due_rank: GeneratedAlways<Date>
  closed_at: Instant | null
}

/** What is to happen at an instant; see the migration. */
export interface DeadlineTable {
  id: string
  case_id: string
  about: string
  kind: DeadlineKind
  due_at: Instant
  fire_at: Instant | null
  set_at: Instant
  left_amount: number | null
  left_unit: LimitUnit | null
  fired_at: Instant | null
  voided_at: Instant | null
}

/** 黄牌 or 红牌 for one task and one end of its limit. */
export interface CardTable {
  id: string
  deadline_id: string
  case_id: string
  task_id: string
  colour: 'yellow' | 'red'
  step_title: string
  duty: string
  org_id: string | null
  holder_person_id: string | null
  due_at: Instant
  issued_at: Instant
  explain_by: Instant | null
  escalated_at: Instant | null
  escalated_to_person_id: string | null
  escalated_to_name: string | null
}

/** 说明理由 beside a card, and what the supervisor says of it. */
export interface ExplanationTable {
  id: string
  card_id: string
  reason: string
  person_id: string
  person_name: string
  org_id: string
  org_name: string
  given_at: Instant
  verdict: 'accepted' | 'rejected' | null
  opinion: string | null
  reviewed_by_person_id: string | null
  reviewed_by_name: string | null
  reviewed_at: Instant | null
}

/** Numbers that issued papers have taken (发文字号). */
export interface DocumentNumberTable {
  agency_word: string
  year: number
  serial: number
  paper: string
  subject_kind: string
  subject_id: string
  /** As it stands on the paper: 乌数整〔2026〕1号. */
  number: GeneratedAlways<string>
  issued_at: Instant
  issued_by: string
}

export interface CasesTables {
  'cases.document_serial': { agency_word: string; year: number; last_serial: number }
  'cases.document_number': DocumentNumberTable
  'cases.deadline': DeadlineTable
  'cases.card': CardTable
  'cases.explanation': ExplanationTable
  'cases.due_change': {
    case_id: string
    task_id: string
    seq: Generated<number>
    was_due_at: Instant | null
    was_provisional: boolean
    due_at: Instant | null
    provisional: boolean
    cause: 'paused' | 'resumed' | 'changed' | 'recomputed'
    by_name: string
    at: Instant
  }
  'cases.definition': {
    pack: string
    pack_version: string
    procedure: string
    procedure_version: number
    body: JSONColumnType<Procedure, string, string>
    forms: JSONColumnType<Record<string, Form>, string, string>
    stored_at: Instant
  }
  'cases.case_file': CaseFileTable
  'cases.task': TaskTable
  'cases.entry': {
    case_id: string
    seq: number
    person_id: string
    body: JSONColumnType<Entry, string, string>
    form: JSONColumnType<Record<string, unknown>, string, string>
    at: Instant
  }
  'cases.copy': {
    id: Generated<string>
    case_id: string
    seq: number
    holder_key: string
    from_name: string
    note: string | null
    sent_at: Instant
  }
  'cases.copy_read': { copy_id: string; person_id: string; read_at: Instant }
  'cases.attachment': {
    id: Generated<string>
    case_id: string | null
    subject_kind: ColumnType<string | null, string | null | undefined, string | null>
    subject_id: ColumnType<string | null, string | null | undefined, string | null>
    document_kind: string | null
    file_name: string
    media_type: string
    size: number
    sha256: string
    content: Buffer
    uploaded_by_person_id: string
    uploaded_by_name: string
    uploaded_by_org_id: string
    uploaded_at: Instant
  }
}

export type CaseRow = Selectable<CaseFileTable>

/** This module's handle. */
export function casesDb(ctx: Ctx): Kysely<CasesTables> {
  return tablesOf<CasesTables>(ctx)
}
