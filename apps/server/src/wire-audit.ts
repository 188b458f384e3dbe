import { auditJobs, auditRoutes } from '@tongchou/audit'
import type { JobRunner, KeyRing, Sealer } from '@tongchou/kernel'
import type { FastifyInstance } from 'fastify'

/** The log for who may read it: it knows every operation by its title, so that refusals have one. */
export async function registerAudit(
  app: FastifyInstance,
  { runner, sealer, keys }: { runner: JobRunner; sealer: Sealer; keys: KeyRing },
): Promise<void> {
  runner.declare(auditJobs)
  await app.register(auditRoutes, { prefix: '/api/v1', ports: { jobs: runner.jobs, sealer, keys, operations: app.operations } })
}
