import { attestationRoutes } from '@tongchou/attestation'
import { auditJobs, auditLeafKind, auditRoutes, mayHaveReceipt, readerDuties } from '@tongchou/audit'
import { type JobRunner, type KeyRing, type LeafKindPort, type Sealer, softwareSigner } from '@tongchou/kernel'
import type { FastifyInstance } from 'fastify'

/** The log for who may read it: it knows every operation by its title, so that refusals have one. Receipts for its rows, and for what others attest. */
export async function registerAudit(
  app: FastifyInstance,
  { runner, sealer, keys, leafKinds = [] }: { runner: JobRunner; sealer: Sealer; keys: KeyRing; leafKinds?: readonly LeafKindPort[] },
): Promise<void> {
  const prefix = '/api/v1'
  const { operations } = app
  runner.declare(auditJobs)
  await app.register(auditRoutes, { prefix, ports: { jobs: runner.jobs, sealer, keys, operations } })
  const kinds = new Map([auditLeafKind, ...leafKinds].map((kind) => [kind.kind, kind]))
  const attestation = { sealer, publicKey: softwareSigner(keys).publicKey, readers: readerDuties, kinds }
  await app.register(attestationRoutes, { prefix, ports: { ...attestation, mayHaveReceiptOfEvent: mayHaveReceipt(operations) } })
}
