import type { ColumnType, Generated, JSONColumnType } from 'kysely'
import type { HolidayNotice } from './calendar.ts'
import type { OfficeHours } from './office-hours.ts'

/** Timestamps come back as Date and are written as Date. */
export type Instant = ColumnType<Date, Date | string, Date | string>
/** A civil date as `YYYY-MM-DD`; the driver is told not to turn it into an instant. */
export type CivilDateColumn = ColumnType<string, string, string>
/** An amount in 分; bigint in SQL, a safe integer here. */
export type FenColumn = ColumnType<number, number, number>

/** One row per act, per refused attempt and per look at a thing (审计日志). The application role may only insert and read. */
export interface AuditEventTable {
  seq: Generated<number>
  at: Instant
  request_id: string
  account_id: string | null
  person_id: string | null
  person_name: string | null
  post_id: string | null
  org_id: string | null
  org_name: string | null
  action: string
  outcome: 'done' | 'refused' | 'looked'
  subject_kind: string
  subject_id: string
  detail: JSONColumnType<Record<string, unknown>>
}

/** What others must hear of, written in the act's transaction and delivered afterwards. */
export interface OutboxTable {
  seq: Generated<number>
  at: Instant
  event: string
  subject_kind: string
  subject_id: string
  payload: JSONColumnType<Record<string, unknown>>
  delivered_at: Instant | null
}

/** A key a client gave to a mutating request, scoped to its account. */
export interface IdempotencyTable {
  account_id: string
  key: string
  request_hash: string
  applied: Generated<boolean>
  status: number | null
  answer: string | null
  created_at: Instant
}

/** City-wide settings as rows. */
export interface SettingTable {
  key: string
  value: JSONColumnType<Record<string, unknown>>
  updated_at: Instant
}

/** A year's State Council notice that the city has loaded (节假日安排); the newest version of a year counts. */
export interface HolidayNoticeTable {
  year: number
  version: number
  days: JSONColumnType<HolidayNotice['days']>
  papers: JSONColumnType<string[]>
  loaded_by: string
  loaded_at: Instant
}

/** Working hours of an organisation, or of the city (办公时间). */
export interface OfficeHoursTable {
  id: string
  org_id: string | null
  valid_from: CivilDateColumn
  valid_to: ColumnType<string | null, string | null, string | null>
  week: JSONColumnType<OfficeHours['week']>
  version: number
  updated_by: string
  updated_at: Instant
}

/** What is to happen again and again (定时任务). */
export interface ScheduleTable {
  key: string
  owner: string
  kind: string
  payload: JSONColumnType<object>
  every_seconds: number
  catch_up: 'once' | 'each' | 'skip'
  next_at: Instant
}

/** Work that follows an event. */
export interface TriggerTable {
  key: string
  owner: string
  event: string
  kind: string
  once_per: 'event' | 'subject'
}

/** The place of each row of the log in the chain (日志链). Insert and read only. */
export interface AuditSealTable {
  position: number
  seq: number
  hash: Buffer
}

/** Ends of the chain as they were (链头). Insert and read only. */
export interface AuditHeadTable {
  position: number
  hash: Buffer
  sealed_at: Instant
}

/** Where rows were taken out to a package (归档); written by the database's owner, as the rows are taken out. */
export interface AuditCutTable {
  position: number
  hash: Buffer
  package_digest: string
  removed_at: Instant
}

/** What is attested, one row for each batch (存证叶), written in the transaction of what it attests. Insert and read only. */
export interface EvidenceLeafTable {
  seq: Generated<number>
  kind: string
  subject: string
  digest: Buffer
  at: Instant
}

/** The place of each leaf in the tree, with its hash and those of the subtrees that it completes. Insert and read only. */
export interface EvidencePlaceTable {
  position: number
  seq: number
  nodes: Buffer
}

/** Signed heads (签名头). Insert and read only. */
export interface EvidenceHeadTable {
  size: number
  root: Buffer
  at: Instant
  public_key: string
  signature: string
}

/** A key of the platform by its id, never the key itself (密钥登记); of one that signs the public half, for whoever verifies. */
export interface KnownKeyTable {
  id: string
  purpose: 'sealing' | 'signing' | 'evidence' | 'digest'
  public_key: string | null
  first_used_at: Instant
  given_up_at: ColumnType<Date | null, Date | null | undefined, Date | null>
}

/** Epochs of the system (系统任期): the first, and one for each restore from a backup. Insert and read only. */
export interface SystemEpochTable {
  number: number
  id: string
  begun_at: Instant
  restored_from: JSONColumnType<Record<string, unknown>> | null
}

/** How far each stream had come when an epoch began. Insert and read only. */
export interface EpochPositionTable {
  number: number
  stream: string
  position: number
}

/** The kernel's own tables, part of every module's handle. */
export interface KernelTables {
  'kernel.audit_event': AuditEventTable
  'kernel.audit_seal': AuditSealTable
  'kernel.audit_head': AuditHeadTable
  'kernel.audit_cut': AuditCutTable
  'kernel.evidence_leaf': EvidenceLeafTable
  'kernel.evidence_place': EvidencePlaceTable
  'kernel.evidence_head': EvidenceHeadTable
  'kernel.outbox': OutboxTable
  'kernel.idempotency': IdempotencyTable
  'kernel.setting': SettingTable
  'kernel.holiday_notice': HolidayNoticeTable
  'kernel.office_hours': OfficeHoursTable
  'kernel.schedule': ScheduleTable
  'kernel.trigger': TriggerTable
  'kernel.known_key': KnownKeyTable
  'kernel.system_epoch': SystemEpochTable
  'kernel.epoch_position': EpochPositionTable
}
