import { type ExportsPorts, exportJobs, exportRoutes } from '@tongchou/exports'
import { actorOfPost, organisationsPort } from '@tongchou/identity'
import type { Ctx, JobRunner, NoticesPort } from '@tongchou/kernel'
import { projectForRegisters } from '@tongchou/projects'
import { systemRef } from '@tongchou/systems'
import type { FastifyInstance } from 'fastify'

/** What is made of the lists of all modules: exports. Registered last, when the lists are known. */
export async function registerListWork(
  app: FastifyInstance,
  { runner, notices }: { runner: JobRunner; notices: NoticesPort },
): Promise<void> {
  const ports: ExportsPorts = { lists: app.lists, actorOfPost, nameOf, jobs: runner.jobs, notices }
  runner.declare(exportJobs(ports))
  await app.register(exportRoutes, { prefix: '/api/v1', ports })
}

/** Names for the filters of an exported list, as far as the actor may know them. */
async function nameOf(ctx: Ctx, register: 'organisation' | 'project' | 'system', id: string): Promise<string | undefined> {
  if (register === 'organisation') return (await organisationsPort.organisation(ctx, id))?.name
  return (await (register === 'project' ? projectForRegisters(ctx, id) : systemRef(ctx, id)))?.name
}
