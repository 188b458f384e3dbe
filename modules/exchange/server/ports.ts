import type { Ctx, NoticesPort, OfficeCalendar, OrganisationsPort } from '@tongchou/kernel'
import type { Entry, Purpose } from '@tongchou/metadata'
import type { ItemType, RecordGrant, ResourceDefinition } from '@tongchou/records'
import type { FastifyRequest } from 'fastify'
import type { BatchReceipt } from './channel.schema.ts'

/** What a look at a person's number is for. */
interface LookPurpose {
  kind: Purpose
  note: string
}

/** 更新周期. */
export type UpdateCycle = NonNullable<Entry['updateCycle']>

/** What exchange asks of the libraries. */
export interface StructuresPort {
  /** The structure in force of a resource that is collected; undefined for one that is not. */
  structure(ctx: Ctx, resource: string): Promise<ResourceDefinition | undefined>
  /** What was answered to a batch; undefined when none of this id was taken. */
  receiptOf(ctx: Ctx, resource: string, batchId: string): Promise<BatchReceipt | undefined>
}

/** What came in from one sender, and what of it waits in the quarantine (接收情况). */
export interface Intake {
  /** The last batch that brought a good record, or said that nothing has changed. */
  confirmedAt: Date | null
  batches: number
  rows: number
  bad: number
  openLines: number
  openSince: Date | null
}

/** What the libraries know of who sends, whoever asks. */
export interface IntakePort {
  /** Of each of these channels; batches and rows since `since`. */
  intakeOf(ctx: Ctx, channels: readonly string[], since: Date): Promise<ReadonlyMap<string, Intake>>
  batchesOf(
    ctx: Ctx,
    channel: string,
    query: { limit?: number | undefined; cursor?: string | undefined },
  ): Promise<{ items: BatchReceipt[]; nextCursor: string | null }>
}

/** What a digest or a list of hashes is asked of: buckets by the first bits of a key's digest, all or some. */
interface CopyAsked {
  by: 'hashes' | 'values'
  bits: 8 | 16
  within: readonly number[] | null
}

/** The center's copy of a resource, by checksums (对账). */
export interface CopiesPort {
  digests(
    ctx: Ctx,
    resource: string,
    nonce: string,
    asked: CopyAsked,
  ): Promise<{ seq: number; structure: number; digests: [bucket: number, rows: number, digest: string][] }>
  rows(
    ctx: Ctx,
    resource: string,
    asked: CopyAsked,
  ): Promise<{ seq: number; structure: number; rows: [string, string, boolean, boolean][] }>
  /** Keys of its records, each as a list may show it to the reader; null for what it may not. */
  /** The same for whoever says what for, where keys are persons' numbers: each person is written down in the caller's transaction. */
  lookAtKeys(ctx: Ctx, resource: string, keys: readonly string[], purpose: LookPurpose | undefined): Promise<(string | null)[]>
  keysForList(ctx: Ctx, resource: string): Promise<(key: string) => string | null>
}

/** Writes batches: checks, writes, commits, then answers. The same batch again has the same receipt. */
export interface ReceivingPort {
  /** Checks the batch at once and writes it when its turn has come; a turn that fails is what it fails with. */
  receive(
    bytes: Uint8Array<ArrayBuffer>,
    batch: { resource: string; batchId: string; digest: string; receivedBy: string; receivedAt: Date },
    turn: Promise<unknown>,
  ): Promise<BatchReceipt>
}

/** A grant that holds at this moment (有效授权). */
export interface Grant {
  id: string
  resource: string
  /** Who may receive, and whose the resource is. */
  orgId: string
  providerOrgId: string
  way: 'query' | 'subscription' | 'file'
  grant: RecordGrant
  /** The last civil day on which it holds. */
  validUntil: string
  /** How many records a day may be told (每日限额), null for no limit. */
  quotaPerDay: number | null
}

export interface GrantsPort {
  /** Asked again and again while something runs under it. */
  grantInForce(ctx: Ctx, id: string): Promise<Grant | undefined>
  /** The last day of those of these grants that hold at this moment. */
  termsInForce(ctx: Ctx, ids: readonly string[]): Promise<ReadonlyMap<string, string>>
  /** How many grants in force end so soon that both sides are warned, and until which day; null where the pack warns of none. */
  expiring(ctx: Ctx): Promise<{ count: number; until: string } | null>
  /** How many records may still be told today, null for no limit; refuses where the day's quota is used up. Others wait until the transaction ends. */
  beginLook(tx: Ctx, id: string): Promise<number | null>
  endLook(tx: Ctx, id: string, records: number): Promise<void>
}

/** What a receiver sees of a resource's structure; its name tells nothing of what is hidden. */
export interface SeenStructure {
  name: string
  title: string
  key: readonly string[]
  items: readonly { id: string; title: string; type: ItemType; masked: boolean }[]
}

/** The log of the libraries as a grant shows it. */
export interface FeedsPort {
  /** From now on changes can be told by what they were before. */
  open(ctx: Ctx, resource: string, grant: RecordGrant): Promise<{ structure: SeenStructure }>
  head(ctx: Ctx, resource: string): Promise<number>
  changes(ctx: Ctx, resource: string, grant: RecordGrant, after: number, most: number): Promise<FeedPage>
  records(ctx: Ctx, resource: string, grant: RecordGrant, after: string | null, most: number): Promise<SnapshotPage>
  /** The epoch of the system (系统任期), and whether one who has read so far under one may go on. */
  epoch(ctx: Ctx): Promise<string>
  standing(ctx: Ctx, resource: string, epoch: string, position: number): Promise<'same' | 'earlier' | 'ahead'>
  wakeups: Wakeups
}

export interface FeedPage {
  structure: SeenStructure
  changes: readonly { op: 'upsert' | 'delete'; values: readonly (string | null)[] }[]
  seq: number
  hasMore: boolean
}

export interface SnapshotPage {
  structure: SeenStructure
  records: readonly (readonly (string | null)[])[]
  lastKey: string | null
}

/** Tells that a resource has changed, within milliseconds of the commit. */
export interface Wakeups {
  /** How often it was told that the resource has changed. */
  count(resource: string): number
  /** Resolves when the resource was told to have changed since `count` gave this number, when the time is over, or when it is stopped. */
  wait(resource: string, since: number, ms: number, stopped: AbortSignal): Promise<void>
}

/** Everything this module needs from others; wired by the server. */
export interface ExchangePorts {
  organisations: OrganisationsPort
  structures: StructuresPort
  intake: IntakePort
  /** How often each registered entry promises to be renewed (更新周期), whoever asks. */
  cyclesOf(ctx: Ctx, resources: readonly string[]): Promise<ReadonlyMap<string, UpdateCycle>>
  calendar(ctx: Ctx): Promise<OfficeCalendar>
  notices: NoticesPort
  grants: GrantsPort
  feeds: FeedsPort
  copies: CopiesPort
  /** Null in a process that takes no batches. */
  receiving: ReceivingPort | null
  /** Whether who sent a request may still do so: asked again while a long body comes in, and before anything of it is written. */
  isStillAdmitted(request: FastifyRequest): Promise<boolean>
}
