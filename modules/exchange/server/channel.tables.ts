import { type Ctx, type Instant, type KernelTables, tablesOf } from '@tongchou/kernel'
import type { ColumnType, Generated, JSONColumnType, Kysely, Selectable } from 'kysely'
import type { AlarmKind, BatchReceipt, ChannelState } from './channel.schema.ts'
import type { DifferenceKind, NewReconciliation, ReconciliationResult } from './reconciliation.schema.ts'

type OptionalInstant = ColumnType<Date | null, Date | null | undefined, Date | null>

/** A channel (通道): one department's machine sends the records of one resource. */
export interface ChannelTable {
  id: string
  number: Generated<number>
  name: string
  org_id: string
  resource: string
  state: ChannelState
  state_reason: string | null
  version: Generated<number>
  created_at: Instant
  updated_by: string
  updated_at: Instant
}
export type ChannelRow = Selectable<ChannelTable>

/** A public key that batches of a channel are signed by (签名公钥). */
export interface ChannelKeyTable {
  channel_id: string
  fingerprint: string
  public_key: string
  org_id: string
  registered_at: Instant
  registered_by: string
  withdrawn_at: OptionalInstant
  withdrawn_by: string | null
}
export type ChannelKeyRow = Selectable<ChannelKeyTable>

/** How far a lane of a channel has come (发送线), under which start of its sender. */
export interface LaneTable {
  channel_id: string
  lane: string
  epoch: number
  claimed_at: Instant
  claimed_by: string
  last_number: Generated<number>
  last_at: OptionalInstant
  last_receipt: JSONColumnType<BatchReceipt> | null
  /** How often its sender said it holds its source against the copy (对账周期). */
  reconcile_hours: Generated<number | null>
  /** Since when it says so, over every start. */
  reconcile_from: OptionalInstant
  failed_at: OptionalInstant
  failure: JSONColumnType<{ number: number; code: string; message: string }> | null
}
export type LaneRow = Selectable<LaneTable>

/** Something that is wrong with a channel, from when to when (告警). */
export interface AlarmTable {
  id: string
  channel_id: string
  kind: AlarmKind
  begun_at: Instant
  closed_at: OptionalInstant
}
export type AlarmRow = Selectable<AlarmTable>

/** A run of 对账: one lane's source held against the center's copy. What was found is null as long as it has not ended. */
export interface ReconciliationTable {
  id: string
  number: Generated<number>
  channel_id: string
  lane: string
  epoch: number
  follows: string | null
  begun_at: Instant
  begun_by: string
  by: NewReconciliation['by']
  asks: Generated<number>
  ended_at: OptionalInstant
  seq: number | null
  compared: number | null
  only_source: number | null
  only_center: number | null
  different: number | null
  quarantined: number | null
  moving: number | null
  bytes: number | null
  repair: ReconciliationResult['repair'] | null
  repaired_at: OptionalInstant
}
export type ReconciliationRow = Selectable<ReconciliationTable>

/** A record that differed, by its key (对账差异). */
export interface ReconciliationDifferenceTable {
  reconciliation_id: string
  number: number
  kind: DifferenceKind
  record_key: string | null
}
export type DifferenceRow = Selectable<ReconciliationDifferenceTable>

/** Why a batch was refused, however often it was tried (退回). */
export interface RefusalTable {
  channel_id: string
  lane: string
  number: number
  code: string
  message: string
  times: Generated<number>
  first_at: Instant
  last_at: Instant
}
export type RefusalRow = Selectable<RefusalTable>

/** A subscription (订阅): one department receives the changes of a resource under a grant. */
export interface SubscriptionTable {
  grant_id: string
  number: Generated<number>
  resource: string
  org_id: string
  provider_org_id: string
  secret: Buffer
  opened_at: Instant
  opened_by: string
  loaded_at: OptionalInstant
  confirmed_seq: number | null
  confirmed_at: OptionalInstant
  position: Generated<number>
  seen_at: OptionalInstant
  refused_at: OptionalInstant
  refusal: JSONColumnType<{ code: string; message: string }> | null
}
export type SubscriptionRow = Selectable<SubscriptionTable>

/** This module's tables. */
export interface ExchangeTables {
  'exchange.alarm': AlarmTable
  'exchange.reconciliation': ReconciliationTable
  'exchange.reconciliation_difference': ReconciliationDifferenceTable
  'exchange.refusal': RefusalTable
  'exchange.subscription': SubscriptionTable
  'exchange.channel': ChannelTable
  'exchange.channel_key': ChannelKeyTable
  'exchange.lane': LaneTable
}

export type ExchangeDb = Kysely<ExchangeTables & KernelTables>

/** This module's tables of a request's handle. */
export const exchangeDb = (ctx: Ctx): ExchangeDb => tablesOf<ExchangeTables>(ctx)
