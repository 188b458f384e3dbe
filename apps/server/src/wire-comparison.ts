import { type ComparisonPorts, comparisonJobs, comparisonRoutes, findingSubject } from '@tongchou/comparison'
import { actorOfPost, organisationsPort } from '@tongchou/identity'
import { type CaseSubjectPort, type CasesPort, calendarOf, type JobRunner, type NoticesPort } from '@tongchou/kernel'
import { builtOfPacks, copyOut, type LibrariesPorts, recordKey, recordsForTask } from '@tongchou/libraries'
import type { FastifyPluginAsync } from 'fastify'
import type pg from 'pg'

interface ComparisonWork {
  libraries: LibrariesPorts
  cases: CasesPort
  notices: NoticesPort
  runner: JobRunner
  /** Null where nothing is compared. */
  pool: pg.Pool | null
}

/** Comparisons over the libraries: their jobs are declared, what their cases are about and their routes are given back. */
export function comparisonWork({ libraries, cases, notices, runner, pool }: ComparisonWork): {
  subjects: CaseSubjectPort[]
  routes: FastifyPluginAsync
} {
  const ports: ComparisonPorts = {
    packs: libraries.packs,
    libraries: {
      built: builtOfPacks,
      copyOut: pool && ((wanted, folder, signal, done) => copyOut(pool, wanted, folder, signal, done)),
      records: (ctx, asked) => recordsForTask(ctx, libraries, asked),
      recordKey,
    },
    organisations: organisationsPort,
    cases,
    jobs: runner.jobs,
    notices,
    calendar: calendarOf,
    actorOfPost,
  }
  runner.declare(comparisonJobs(ports))
  return {
    subjects: [findingSubject(ports, 'group'), findingSubject(ports, 'error')],
    routes: async (app) => {
      await app.register(comparisonRoutes, { ports })
    },
  }
}
