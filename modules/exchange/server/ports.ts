import type { Ctx, NoticesPort, OfficeCalendar, OrganisationsPort } from '@tongchou/kernel'
import type { Entry } from '@tongchou/metadata'
import type { ResourceDefinition } from '@tongchou/records'
import type { FastifyRequest } from 'fastify'
import type { BatchReceipt } from './channel.schema.ts'

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

/** Writes batches: checks, writes, commits, then answers. The same batch again has the same receipt. */
export interface ReceivingPort {
  receive(
    lane: string,
    bytes: Uint8Array<ArrayBuffer>,
    batch: { resource: string; batchId: string; receivedBy: string; receivedAt: Date },
  ): Promise<BatchReceipt>
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
  /** Null in a process that takes no batches. */
  receiving: ReceivingPort | null
  /** Whether who sent a request may still do so: asked again while a long body comes in, and before anything of it is written. */
  isStillAdmitted(request: FastifyRequest): Promise<boolean>
}
