import type { Ctx, OrganisationsPort } from '@tongchou/kernel'
import type { ResourceDefinition } from '@tongchou/records'
import type { FastifyRequest } from 'fastify'
import type { BatchReceipt } from './channel.schema.ts'

/** What exchange asks of the libraries. */
export interface StructuresPort {
  /** The structure in force of a resource that is collected; undefined for one that is not. */
  structure(ctx: Ctx, resource: string): Promise<ResourceDefinition | undefined>
  /** What was answered to a batch; undefined when none of this id was taken. */
  receiptOf(ctx: Ctx, resource: string, batchId: string): Promise<BatchReceipt | undefined>
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
  /** Null in a process that takes no batches. */
  receiving: ReceivingPort | null
  /** Whether who sent a request may still do so: asked again while a long body comes in, and before anything of it is written. */
  isStillAdmitted(request: FastifyRequest): Promise<boolean>
}
