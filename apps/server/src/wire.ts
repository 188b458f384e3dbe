import { join } from 'node:path'
import {
  type CasesPorts,
  caseFigures,
  caseJobs,
  caseRoutes,
  casesPort,
  type Definition,
  deadlineMeasures,
  filesPort,
  numbersPort,
} from '@tongchou/cases'
import {
  amendmentSubject,
  type CatalogPorts,
  catalogFacts,
  catalogJobs,
  catalogRoutes,
  catalogSubject,
  draftEntry,
  registeredEntries,
} from '@tongchou/catalog'
import { channelMeasures, channelNames, channelsOf, channelsRelyOn, isBrought, type ReceivingPort } from '@tongchou/exchange'
import {
  actorOfPost,
  addressLimits,
  createAuthenticator,
  identityRoutes,
  type OidcSettings,
  organisationNames,
  organisationsCalled,
  organisationsPort,
  type RelationPorts,
  type ReorganisationPorts,
  relationsPort,
  sessionCookie,
  unwantedChannels,
} from '@tongchou/identity'
import { type InterfacesPorts, interfaceJobs, interfaceRoutes, openCalls } from '@tongchou/interfaces'
import {
  type AppOptions,
  buildApp,
  type CaseSubjectPort,
  type Clock,
  type ClockRules,
  type Ctx,
  calendarOf,
  type DutyDirectory,
  type HeadsOutside,
  type JobRunner,
  jobRoutes,
  jobRunner,
  type KernelTables,
  type KeyRing,
  type NoticesPort,
  openSealer,
  type Sealer,
  softwareSigner,
  todayInShanghai,
} from '@tongchou/kernel'
import {
  batchLeafKind,
  installJobs,
  isCollected,
  type LibrariesPorts,
  type LibraryWakeups,
  libraryRoutes,
  personSubject,
  recordsRelyOn,
  structureProblems,
} from '@tongchou/libraries'
import { inboxRoutes, noticeJobs, noticesPort, type OutgoingPort } from '@tongchou/notices'
import { overviewRoutes } from '@tongchou/overview'
import { judgePort, loadPacks, type Pack, type PackLibrary, paperRoutes, papersPort, policyRoutes, versionAt } from '@tongchou/policy'
import { parseForm, parseProcedure } from '@tongchou/procedure'
import {
  cityPlanSubject,
  declaredResources,
  enterpriseRoutes,
  enterpriseSubject,
  gateOfProject,
  lifecycleRoutes,
  mayReadSupplierReport,
  type ProjectsPorts,
  paymentSubject,
  planEntrySubject,
  planRoutes,
  projectFigures,
  projectForRegisters,
  projectRoutes,
  projectSubject,
  projectsCalled,
  proposalDraftRoutes,
  reportKind,
  supplierRoutes,
} from '@tongchou/projects'
import { loadResourcePacks } from '@tongchou/resource-packs'
import { beginLook, endLook, grantToLook, reliesOn, requestSubject, type SharingPorts, sharingJobs, sharingRoutes } from '@tongchou/sharing'
import { problemSubject, type SupervisionPorts, supervisionFacts, supervisionFigures, supervisionRoutes } from '@tongchou/supervision'
import { type SystemsPorts, systemRef, systemRoutes, systemsCalled, systemsFacts } from '@tongchou/systems'
import type { FastifyInstance } from 'fastify'
import type { Kysely } from 'kysely'
import type pg from 'pg'
import { DEMO_PASSWORD } from './demo/people.ts'
import { registerObservability } from './observability.ts'
import { registerAudit } from './wire-audit.ts'
import { comparisonWork } from './wire-comparison.ts'
import { registerExchange } from './wire-exchange.ts'
import { interfacesOf } from './wire-interfaces.ts'
import { registerListWork } from './wire-lists.ts'
import { newDay, wireReorganisation } from './wire-reorganisation.ts'

/** Where the regulations are, as data. */
export const packsFolder = join(import.meta.dirname, '../../../policy-packs')

/** Where the base libraries and business resources are, as data. */
export const resourcePacksFolder = join(import.meta.dirname, '../../../resource-packs')

/** The measure that this city is governed by, by pack id. */
export const cityPack = 'wuhai-2023'

/** Duties of the city's offices, which stand in one place each: whom others turn to for an opinion. */
const officeDuties = [
  'big-data-center',
  'drc',
  'finance',
  'audit',
  'industry',
  'public-security',
  'city-government',
  'vice-mayor',
  'supervisor',
]

/** A city put together: the HTTP application, and the ports that the demo and the command line work through. */
export interface City {
  app: FastifyInstance
  /** The present of the platform. */
  clock: Clock
  library: PackLibrary
  projects: ProjectsPorts
  cases: CasesPorts
  catalog: CatalogPorts
  libraries: LibrariesPorts
  sharing: SharingPorts
  systems: SystemsPorts
  supervision: SupervisionPorts
  notices: NoticesPort
  relations: RelationPorts
  /** What follows a reorganisation of offices. */
  reorganisation: ReorganisationPorts
  /** Does the work that is queued, once it is started. */
  runner: JobRunner
  /** Seals the audit log; started by whoever runs the city. */
  sealer: Sealer
}

export interface WireOptions {
  db: Kysely<KernelTables>
  clock: Clock
  demo: boolean
  /** What secrets in the database are sealed, packages and heads of the evidence log signed with. */
  keys: KeyRing
  /** Where signed heads are written outside the database. */
  heads?: HeadsOutside | null
  log?: AppOptions['log']
  /** One of one's own, for a run that plants mistakes in its work. */
  runner?: JobRunner
  /** The city's sign-on (统一身份认证), where there is one. */
  oidc?: OidcSettings | null
  /** Whom the tables of base libraries are made as; without it none are made. */
  owner?: pg.ClientConfig | null
  /** The city's gateways for SMS and mail; none comes with the product. */
  outgoing?: readonly OutgoingPort[]
  /** Writes batches of records; a process without it takes none. */
  receiving?: ReceivingPort | null
  /**
   * The connections behind `db`: tables are copied out with them to be compared, corrected records
   * written, and who watches counts them; without, none of it is done.
   */
  pool?: pg.Pool | null
  /** Tells readers of feeds of changes at once; without it they look twice a second. */
  wakeups?: LibraryWakeups | undefined
  /** How names of departments' interfaces are resolved. */
  resolve?: InterfacesPorts['resolve'] | undefined
}

/** Passes each module what it needs of the others. A module never imports another: this file is where they meet. */
export async function wire({
  db,
  clock,
  demo,
  keys,
  heads = null,
  log = false,
  runner = jobRunner(),
  oidc = null,
  owner = null,
  outgoing = [],
  receiving = null,
  pool = null,
  wakeups,
  resolve,
}: WireOptions): Promise<City> {
  const now = () => clock.now()
  const library = loadPacks(packsFolder)
  const subjects = new Map<string, CaseSubjectPort>()
  const notices = noticesPort({ organisations: organisationsPort, jobs: runner.jobs, outgoing, unwanted: unwantedChannels })
  runner.declare(noticeJobs({ outgoing }))
  const cases: CasesPorts = {
    organisations: organisationsPort,
    fileSubjects: new Map([[reportKind, { mayRead: mayReadSupplierReport }]]),
    definition: definitionsOf(library, now),
    stepDuties: () => stepDuties(versionAt(library.packs.get(cityPack) ?? [], todayInShanghai(now()))),
    subjects,
    calendar: calendarOf,
    clocks: clocksOf(library, now),
    notices,
    jobs: runner.jobs,
    officeDuties: () => officeDuties,
    dutyTitle: (duty) => library.vocabulary.roles.get(duty) ?? duty,
  }
  const casesOfSubjects = casesPort(cases)
  runner.declare(caseJobs(cases))
  const projectOf = { project: projectForRegisters }
  const declarations = {
    declaredResources: async (ctx: Ctx, id: string) => (await declaredResources(ctx, id)).resources,
    noResourcesReason: async (ctx: Ctx, id: string) => (await declaredResources(ctx, id)).noDataReason || null,
  }
  const systems: SystemsPorts = { projects: projectOf, organisations: organisationsPort }
  const platform = { holds: isOnPlatform, channels: channelsOf }
  const catalog: CatalogPorts = {
    projects: projectOf,
    declarations,
    gates: { gateOf: gateOfProject },
    // Whoever relies on published entries adds itself here.
    reliances: [{ reliesOn }, { reliesOn: channelsRelyOn }, { reliesOn: recordsRelyOn }],
    systems: { system: systemRef },
    organisations: organisationsPort,
    names: { organisationNames, organisationsCalled, projectsCalled, systemsCalled },
    jobs: runner.jobs,
    actorOfPost,
    cases: casesOfSubjects,
    collection: { structureProblems },
    platform,
    codeScheme: 'national-1272',
  }
  runner.declare(catalogJobs(catalog))
  const interfaces = interfacesOf({ notices, keys, resolve })
  runner.declare(interfaceJobs())
  const calls = openCalls(interfaces)
  const libraries: LibrariesPorts = {
    catalog: {
      registered: registeredEntries,
      draft: async (ctx, entry) => ({ ...(await draftEntry(ctx, catalog, entry)), name: entry.name }),
    },
    organisations: organisationsPort,
    grants: { grantToLook, beginLook, endLook },
    interfaces: calls,
    packs: loadResourcePacks(resourcePacksFolder),
    keys,
    dutyTitle: cases.dutyTitle,
    owner,
    writing: pool,
    senders: { namesOf: channelNames },
  }
  runner.declare(installJobs(libraries))
  const sharing: SharingPorts = {
    catalog: { registered: async (ctx, id) => (await registeredEntries(ctx, id))[0] },
    organisations: organisationsPort,
    cases: casesOfSubjects,
    notices,
    passing: calls.passing,
    answerLimit: () => answerLimitOf(cases.definition('sharing-request')),
  }
  const comparison = comparisonWork({ libraries, cases: casesOfSubjects, notices, runner, pool })
  const expiryDays = () => clocksOf(library, now)().grantExpiryDays
  runner.declare(sharingJobs({ notices, expiryDays }))
  const papers = papersPort(library, cityPack)
  const supervision: SupervisionPorts = {
    projects: projectOf,
    organisations: organisationsPort,
    cases: casesOfSubjects,
    numbers: numbersPort,
    papers,
  }
  const projects: ProjectsPorts = {
    organisations: organisationsPort,
    cases: casesOfSubjects,
    policy: judgePort(library, cityPack),
    notices,
    files: filesPort,
    relations: relationsPort,
    registers: [systemsFacts, catalogFacts({ declarations, platform }), supervisionFacts],
    isHeld: async (ctx, id) => (await supervisionFacts.factsOf(ctx, id))['payment.holdOrdered'] === true,
  }
  for (const subject of [
    projectSubject(projects),
    planEntrySubject(projects),
    cityPlanSubject(projects),
    paymentSubject(projects),
    catalogSubject(catalog),
    amendmentSubject(catalog, 'change'),
    amendmentSubject(catalog, 'withdrawal'),
    problemSubject(supervision),
    requestSubject(sharing),
    ...comparison.subjects,
  ])
    subjects.set(subject.kind, subject)

  const relations: RelationPorts = { subjects: new Map([enterpriseSubject, personSubject(keys)].map((subject) => [subject.kind, subject])) }
  const reorganisation = wireReorganisation(cases, runner)
  const onNewDay = newDay(db, now, reorganisation, (err) => app.log.error({ err }, 'a reorganisation that is due was not carried out'))
  const authenticate = createAuthenticator({ db, now, demo, onNewDay })
  const app: FastifyInstance = await buildApp({
    db,
    now,
    authenticate,
    sessionCookie,
    log,
    directory: directoryOf(cases),
    addressLimits: () => addressLimits(db),
  })
  const sealer = openSealer({
    db,
    now,
    onError: (err) => app.log.error({ err }, 'the audit log could not be sealed'),
    heads: { signer: softwareSigner(keys), outside: heads },
  })
  const { receivingCounted } = registerObservability(app, { db, now, sealer, pool, measures: [deadlineMeasures, channelMeasures] })
  const api = { prefix: '/api/v1' }
  await app.register(identityRoutes, {
    ...api,
    db,
    now,
    demo: demo ? { password: DEMO_PASSWORD } : null,
    keys,
    oidc,
    packDuties: [...library.vocabulary.roles.keys()],
    reorganisation,
    relations,
  })
  await app.register(policyRoutes, { ...api, library, db, now })
  await app.register(paperRoutes, { ...api, papers })
  await app.register(caseRoutes, { ...api, ports: cases })
  await app.register(projectRoutes, { ...api, ports: projects })
  await app.register(proposalDraftRoutes, { ...api, ports: projects })
  await app.register(planRoutes, { ...api, ports: projects })
  await app.register(lifecycleRoutes, { ...api, ports: projects })
  await app.register(enterpriseRoutes, api)
  await app.register(supplierRoutes, { ...api, ports: projects })
  await app.register(systemRoutes, { ...api, ports: systems })
  await app.register(catalogRoutes, { ...api, ports: catalog })
  await app.register(libraryRoutes, { ...api, ports: libraries })
  await app.register(interfaceRoutes, { ...api, ports: interfaces })
  await app.register(sharingRoutes, { ...api, ports: sharing })
  await app.register(comparison.routes, api)
  await app.register(inboxRoutes, api)
  await registerExchange(app, {
    receiving: receiving && receivingCounted(receiving),
    wakeups,
    authenticate,
    notices,
    runner,
    libraries,
    expiryDays,
  })
  await app.register(jobRoutes, { ...api, jobs: runner.jobs })
  await app.register(supervisionRoutes, { ...api, ports: supervision })
  await app.register(overviewRoutes, {
    ...api,
    ports: { projects: projectFigures(organisationsPort), supervision: supervisionFigures(organisationsPort), cases: caseFigures(cases) },
  })
  await registerAudit(app, { runner, sealer, keys, leafKinds: [batchLeafKind] })
  await registerListWork(app, { runner, notices, cases, library })
  return {
    app,
    clock,
    library,
    projects,
    cases,
    catalog,
    libraries,
    sharing,
    systems,
    supervision,
    notices,
    relations,
    reorganisation,
    runner,
    sealer,
  }
}

/** The rules of electronic supervision of the city's pack in force today; a pack without any has these. */
function clocksOf(library: PackLibrary, now: () => Date): () => ClockRules {
  const usual: ClockRules = { yellow: { share: 0.8 }, explanationDays: 3, escalationDays: 1, answerDays: 2 }
  return () => versionAt(library.packs.get(cityPack) ?? [], todayInShanghai(now()))?.clocks ?? usual
}

/** What the city does not collect passes through; what it collects is there once a channel has brought it. */
async function isOnPlatform(ctx: Ctx, resource: string): Promise<boolean> {
  const [entry] = await registeredEntries(ctx, resource)
  return entry !== undefined && (!isCollected(entry.content) || (await isBrought(ctx, resource)))
}

/** How long a provider has to answer a request (答复期限), as the procedure in force says it. */
function answerLimitOf(definition: Definition | undefined): ReturnType<SharingPorts['answerLimit']> {
  const limit = definition?.procedure.steps.find(({ id }) => id === 'answer')?.limit
  if (limit?.kind !== 'fixed' || limit.unit !== 'work-day') return undefined
  return { days: limit.amount, source: limit.source ?? '本市共享申请流程', isVerified: limit.verified ?? true }
}

/** Whom to turn to when a duty is missing: at most five people, and nobody's name to those who are not civil servants. */
function directoryOf(cases: CasesPorts): DutyDirectory {
  return {
    title: cases.dutyTitle,
    holders: async (ctx, duties) => {
      if (ctx.actor.roles.has('citizen') || ctx.actor.roles.has('enterprise')) return []
      const found: { name: string; organisation: string }[] = []
      for (const duty of duties)
        for (const office of (await organisationsPort.bearersOf(ctx, duty)).slice(0, 3))
          for (const { name } of await organisationsPort.holdersOf(ctx, duty, office.id)) {
            if (found.length === 5) return found
            found.push({ name, organisation: office.name })
          }
      return found
    },
  }
}

/** The procedures of the city's pack in force today, each with the forms its steps ask for. Parsed once per version. */
function definitionsOf(library: PackLibrary, now: () => Date): (procedure: string) => Definition | undefined {
  const byVersion = new Map<Pack, Map<string, Definition>>()
  return (procedure) => {
    const pack = versionAt(library.packs.get(cityPack) ?? [], todayInShanghai(now()))
    if (!pack) return undefined
    const known = byVersion.get(pack) ?? parseDefinitions(pack)
    byVersion.set(pack, known)
    return known.get(procedure)
  }
}

/** Duties that the steps of a pack's procedures wait for. */
function stepDuties(pack: Pack | undefined): string[] {
  const holders = pack?.procedures.flatMap(({ procedure }) => procedure.steps.flatMap((step) => step.holders)) ?? []
  return [...new Set(holders.map(({ duty }) => duty))]
}

function parseDefinitions(pack: Pack): Map<string, Definition> {
  const forms = Object.fromEntries(
    pack.forms.map(({ file, raw }) => {
      const parsed = parseForm(raw)
      if ('problems' in parsed) throw new Error(`${file}: ${parsed.problems.map((p) => `${p.path} ${p.message}`).join('; ')}`)
      return [parsed.form.id, parsed.form]
    }),
  )
  return new Map(
    pack.procedures.map(({ file, raw }) => {
      const parsed = parseProcedure(raw)
      if ('problems' in parsed) throw new Error(`${file}: ${parsed.problems.map((p) => `${p.path} ${p.message}`).join('; ')}`)
      const { procedure } = parsed
      const used = procedure.steps.flatMap((step) => {
        if (step.form === null) return []
        const form = forms[step.form]
        if (!form) throw new Error(`${file}: ${step.id} names form ${step.form}, which the pack does not have`)
        return [[form.id, form] as const]
      })
      return [procedure.id, { pack: pack.id, packVersion: pack.digest, procedure, forms: Object.fromEntries(used) }]
    }),
  )
}
