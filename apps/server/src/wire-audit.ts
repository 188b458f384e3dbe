import { auditJobs, auditRoutes } from '@tongchou/audit'
import type { JobRunner, Sealer } from '@tongchou/kernel'
import type { FastifyInstance } from 'fastify'

/** The log for who may read it: it knows every operation by its title, so that refusals have one. */
export async function registerAudit(app: FastifyInstance, { runner, sealer }: { runner: JobRunner; sealer: Sealer }): Promise<void> {
  runner.declare(auditJobs)
  await app.register(auditRoutes, { prefix: '/api/v1', ports: { jobs: runner.jobs, sealer, operations: app.operations } })
}
