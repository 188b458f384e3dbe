import { type CasesPorts, casesReorganised } from '@tongchou/cases'
import { catalogReorganised, registeredEntries } from '@tongchou/catalog'
import { organisationsPort, type ReorganisationPorts, reorganisationJobs, settleDue } from '@tongchou/identity'
import { interfacesReorganised } from '@tongchou/interfaces'
import { type JobRunner, type KernelTables, systemActor } from '@tongchou/kernel'
import { projectsReorganised } from '@tongchou/projects'
import { sharingReorganised } from '@tongchou/sharing'
import { supervisionReorganised } from '@tongchou/supervision'
import { systemsReorganised } from '@tongchou/systems'
import type { Kysely } from 'kysely'

/** What follows a reorganisation (组织调整) in every module, and the work for later that belongs to it. */
export function wireReorganisation(cases: CasesPorts, runner: JobRunner): ReorganisationPorts {
  const organisations = organisationsPort
  const ports: ReorganisationPorts = {
    // Cases first: an act locks its case before what the case is about.
    reorganised: [
      casesReorganised(cases),
      projectsReorganised({ organisations }),
      systemsReorganised({ organisations }),
      catalogReorganised({ organisations }),
      supervisionReorganised,
      interfacesReorganised({ catalog: { registered: async (ctx, id) => (await registeredEntries(ctx, id))[0] } }),
      sharingReorganised({ catalog: { registered: async (ctx, id) => (await registeredEntries(ctx, id))[0] } }),
    ],
    jobs: runner.jobs,
  }
  runner.declare(reorganisationJobs(ports))
  return ports
}

/** Carries out what is due before the first request of a day is answered. Where that fails nobody is kept out: the job tries again. */
export function newDay(db: Kysely<KernelTables>, now: () => Date, ports: ReorganisationPorts, onError: (err: unknown) => void) {
  return async (): Promise<void> => {
    try {
      await settleDue({ db, actor: systemActor, now, requestId: 'new-day', inside: false }, ports)
    } catch (err) {
      onError(err)
    }
  }
}
