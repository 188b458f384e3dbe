import { type CasesPorts, caseSearch, documentNumberSearch } from '@tongchou/cases'
import { resourceSearch } from '@tongchou/catalog'
import { type ExportsPorts, exportJobs, exportRoutes } from '@tongchou/exports'
import { actorOfPost, actorOfRelation, organisationNames, organisationSearch, organisationsPort, personSearch } from '@tongchou/identity'
import type { Ctx, JobRunner, NoticesPort, SearchPort } from '@tongchou/kernel'
import type { PackLibrary } from '@tongchou/policy'
import { articleSearch } from '@tongchou/policy'
import { contractSearch, projectForRegisters, projectSearch, tenderSearch } from '@tongchou/projects'
import { searchRoutes } from '@tongchou/search'
import { grantSearch, requestSearch } from '@tongchou/sharing'
import { problemSearch } from '@tongchou/supervision'
import { systemRef, systemSearch } from '@tongchou/systems'
import type { FastifyInstance } from 'fastify'

interface ListWork {
  runner: JobRunner
  notices: NoticesPort
  cases: CasesPorts
  library: PackLibrary
}

/** Who stands at a post now, or outside the offices at a relation. */
const actorAt: ExportsPorts['actorOfPost'] = async (ctx, id) => (await actorOfPost(ctx, id)) ?? actorOfRelation(ctx, id)

/** What is made of the things of all modules: exports of their lists, the search. Registered last, when the lists are known. */
export async function registerListWork(app: FastifyInstance, { runner, notices, cases, library }: ListWork): Promise<void> {
  const ports: ExportsPorts = { lists: app.lists, actorOfPost: actorAt, nameOf, jobs: runner.jobs, notices }
  runner.declare(exportJobs(ports))
  await app.register(exportRoutes, { prefix: '/api/v1', ports })
  const kinds: readonly SearchPort[] = [
    projectSearch({ organisations: organisationsPort }),
    caseSearch(cases),
    systemSearch({ organisations: organisationsPort }),
    resourceSearch({ names: { organisationNames } }),
    tenderSearch,
    contractSearch,
    documentNumberSearch(cases),
    problemSearch,
    requestSearch,
    grantSearch,
    organisationSearch,
    personSearch,
    articleSearch(library),
  ]
  await app.register(searchRoutes, { prefix: '/api/v1', ports: kinds })
}

/** Names for the filters of an exported list, as far as the actor may know them. */
async function nameOf(ctx: Ctx, register: 'organisation' | 'project' | 'system', id: string): Promise<string | undefined> {
  if (register === 'organisation') return (await organisationsPort.organisation(ctx, id))?.name
  return (await (register === 'project' ? projectForRegisters(ctx, id) : systemRef(ctx, id)))?.name
}
