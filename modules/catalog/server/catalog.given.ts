import {
  type Actor,
  buildApp,
  type CaseRef,
  type CaseSubjectPort,
  type CasesPort,
  type Ctx,
  inTransaction,
  type KernelTables,
  type OrganisationsPort,
  type OrganisationView,
  syntheticSocialCreditCode,
  systemActor,
} from '@tongchou/kernel'
import type { Kysely } from 'kysely'
import type { AmendmentKind } from './amendment.schema.ts'
import { amendmentSubject } from './amendment.subject.ts'
import { catalogSubject } from './catalog.subject.ts'
import { addClass } from './class.service.ts'
import { catalogJobs } from './import.job.ts'
import type { CatalogPorts, ProjectOfResource, Reliance } from './ports.ts'
import { catalogRoutes } from './resource.routes.ts'
import { xlsxType } from './table.routes.ts'

/** A person in one post, for tests: the name is the id. */
export function actorOf(orgId: string, ...roles: string[]): Actor {
  const name = `${orgId}:${roles.join('+')}`
  return { accountId: name, personId: name, name, postId: name, postTitle: '科员', orgId, orgName: orgId, roles: new Set(roles) }
}

const known = ['民政局', '大数据中心', '卫健委', '发改委', '档案馆']
const organisationOf = (id: string): OrganisationView => ({ id, name: id, kind: 'city-department', parentId: null })
const organisations: OrganisationsPort = {
  organisation: async (_ctx, id) => (known.includes(id) ? organisationOf(id) : undefined),
  organisations: async (_ctx, ids) => new Map(ids.filter((id) => known.includes(id)).map((id) => [id, organisationOf(id)])),
  organisationAsOf: async (_ctx, id) => (known.includes(id) ? organisationOf(id) : undefined),
  bearersOf: async () => [],
  holdersOf: async () => [],
  superiorOf: async () => undefined,
}

/** What the actors' world holds besides the catalog; tests fill it. */
export interface World {
  projects: ProjectOfResource[]
  declared: Map<string, { id: string; name: string }[]>
  noResources: Map<string, string>
  systems: { id: string; name: string }[]
  /** Projects that were accepted. */
  accepted: Set<string>
  /** What relies on entries besides. */
  reliances: Map<string, Reliance[]>
  /** Registered entries whose data has not come. */
  awaited: Set<string>
  /** Who holds a post when a job asks. */
  posts?: Actor[]
}

/** A world with nothing in it. */
export function emptyWorld(): World {
  const none = { projects: [], systems: [] }
  return { ...none, declared: new Map(), noResources: new Map(), accepted: new Set(), reliances: new Map(), awaited: new Set() }
}

/** A stand-in for `cases`: keeps the case open and passes on each event, as the procedure would emit it. */
function givenCases(subjectOf: (kind: string) => CaseSubjectPort) {
  const open = new Map<string, CaseRef & { ended: boolean }>()
  const port: CasesPort = {
    async open(ctx, input) {
      const kase = {
        caseId: `case-${open.size + 1}`,
        procedure: input.procedure,
        pack: 'wuhai-2023',
        title: input.title,
        subject: input.subject,
        applicantPersonId: ctx.actor.personId,
        applicantOrgId: ctx.actor.orgId,
        orgs: input.orgs,
        ended: false,
      }
      const subject = subjectOf(input.subject.kind)
      const event = input.subject.kind === 'catalog-entry' ? 'catalog.submitted' : `${input.subject.kind}.submitted`
      await subject.apply(ctx, kase, event, { step: 'compile', ...(input.act ?? emptyAct) })
      await subject.apply(ctx, kase, 'case.opened', { step: 'compile', ...emptyAct })
      open.set(input.subject.id, kase)
      return { caseId: kase.caseId }
    },
    casesOf: async (_ctx, _kind, id) =>
      [open.get(id)].flatMap((kase) =>
        kase
          ? [
              {
                caseId: kase.caseId,
                procedure: kase.procedure,
                title: kase.title,
                status: kase.ended ? ('done' as const) : ('running' as const),
                openedAt: '2026-11-22T01:00:00Z',
                endedAt: null,
                holders: [],
              },
            ]
          : [],
      ),
    subjectsAwaiting: async () => [],
  }
  return { port, of: (id: string) => open.get(id) }
}

const emptyAct = { outcome: '', opinion: null, form: {}, documents: [], choices: [], dates: {} }

/** What the city has added to the classes that come with the product. */
const classesOfCity = [
  ['307001', '民政'],
  ['30700101', '社会救助'],
] as const

/** The platform with this module alone. `emit` lets the procedure go on; `call` is a request of an actor. */
export async function givenApp(db: Kysely<KernelTables>, world: World, now: () => Date) {
  let actor: Actor | null = null
  const app = await buildApp({ db, now, authenticate: async () => actor })
  const cases = givenCases((kind) => (kind === 'catalog-entry' ? subject : amendments[kind === 'catalog-change' ? 'change' : 'withdrawal']))
  const queued: { kind: string; payload: object }[] = []
  const ports: CatalogPorts = {
    projects: { project: async (_ctx, id) => world.projects.find((project) => project.id === id) },
    declarations: declarationsOf(world),
    systems: { system: async (_ctx, id) => world.systems.find((system) => system.id === id) },
    organisations,
    names: {
      organisationNames: async () => known.map((id) => ({ id, name: id, others: [] })),
      organisationsCalled: async (_ctx, names) => known.filter((id) => names.includes(id)).map((id) => ({ id, name: id })),
      projectsCalled: async (_ctx, names) => world.projects.filter(({ name }) => names.includes(name)),
      systemsCalled: async (_ctx, names) => world.systems.filter(({ name }) => names.includes(name)),
    },
    cases: cases.port,
    collection: { structureProblems: async () => [] },
    platform: {
      holds: async (_ctx, id) => !world.awaited.has(id),
      channels: async (_ctx, id) => (world.awaited.has(id) ? [{ id: 'c1', name: '低保家庭归集', isInUse: true }] : []),
    },
    gates: {
      gateOf: async (_ctx, id) => {
        const project = world.projects.find((one) => one.id === id)
        return project && { name: project.name, awaitsAcceptance: !world.accepted.has(id) }
      },
    },
    reliances: [{ reliesOn: async (_ctx, id) => world.reliances.get(id) ?? [] }],
    jobs: {
      enqueue: async (_ctx, kind, payload) => {
        queued.push({ kind, payload })
      },
    },
    actorOfPost: async (_ctx, postId) => world.posts?.find((one) => one.postId === postId),
    codeScheme: 'national-1272',
  }
  const subject = catalogSubject(ports)
  const amendments = { change: amendmentSubject(ports, 'change'), withdrawal: amendmentSubject(ports, 'withdrawal') }
  await app.register(catalogRoutes, { ports, prefix: '/api/v1' })
  await app.ready()
  for (const [code, title] of classesOfCity) {
    const ctx: Ctx = { db, actor: actorOf('大数据中心', 'big-data-center'), now, requestId: 'test', inside: false }
    await addClass(ctx, { code, title })
  }
  return {
    subject,
    ports,
    async call(as: Actor | null, method: 'GET' | 'POST' | 'PUT', url: string, payload?: object) {
      actor = as
      const response = await app.inject({ method, url: `/api/v1/catalog${url}`, ...(payload ? { payload } : {}) })
      return { status: response.statusCode, body: response.json() }
    },
    /** Uploads a workbook to be imported. */
    async upload(as: Actor | null, workbook: Buffer, fileName = '目录.xlsx', secrecy = 'false') {
      actor = as
      const part = (head: string) => `--given\r\ncontent-disposition: form-data; ${head}\r\n\r\n`
      const payload = Buffer.concat([
        Buffer.from(`${part('name="secrecy"')}${secrecy}\r\n${part(`name="file"; filename="${fileName}"`)}`),
        workbook,
        Buffer.from('\r\n--given--\r\n'),
      ])
      const headers = { 'content-type': 'multipart/form-data; boundary=given' }
      const response = await app.inject({ method: 'POST', url: '/api/v1/catalog/imports', headers, payload })
      return { status: response.statusCode, body: response.json() }
    },
    /** Does the work that waits, as the job runner would. */
    async work() {
      const system: Ctx = { db, actor: systemActor, now, requestId: 'jobs', inside: false }
      for (const { kind, payload } of queued.splice(0))
        await catalogJobs(ports)
          .kinds?.find((one) => one.kind === kind)
          ?.work(system, payload, { id: 'job', stopping: new AbortController().signal })
    },
    async file(as: Actor | null, url: string) {
      actor = as
      const response = await app.inject({ method: 'GET', url: `/api/v1/catalog${url}` })
      return { status: response.statusCode, content: response.rawPayload }
    },
    async validate(as: Actor | null, workbook: Buffer) {
      actor = as
      const headers = { 'content-type': xlsxType }
      const response = await app.inject({ method: 'POST', url: '/api/v1/catalog/validate', headers, payload: workbook })
      return { status: response.statusCode, body: response.json() }
    },
    async emit(as: Actor, id: string, event: string, opinion: string | null = null, kind?: AmendmentKind) {
      const kase = cases.of(id)
      if (!kase) throw new Error(`no case about ${id}`)
      const ctx: Ctx = { db, actor: as, now, requestId: 'test', inside: false }
      await inTransaction(ctx, (tx) => (kind ? amendments[kind] : subject).apply(tx, kase, event, { step: '', ...emptyAct, opinion }))
      kase.ended = /\.(registered|published|abandoned)$/.test(event)
    },
    async retract(as: Actor, id: string, event: string, kind?: AmendmentKind) {
      const kase = cases.of(id)
      if (!kase) throw new Error(`no case about ${id}`)
      const ctx: Ctx = { db, actor: as, now, requestId: 'test', inside: false }
      await inTransaction(ctx, (tx) => (kind ? amendments[kind] : subject).retract(tx, kase, event))
    },
  }
}

export function declarationsOf(world: World): CatalogPorts['declarations'] {
  return {
    declaredResources: async (_ctx, id) => world.declared.get(id) ?? [],
    noResourcesReason: async (_ctx, id) => world.noResources.get(id) ?? null,
  }
}

const bearer = { orgId: '民政局', post: '信息科' }

/** A complete entry; `over` changes it. */
export function entry(over: object = {}) {
  return {
    secrecy: false,
    name: '低保家庭信息',
    projectId: null,
    declaredResourceId: null,
    systemId: null,
    providerCode: syntheticSocialCreditCode('11', '150300', 1),
    abstract: '享受最低生活保障家庭的基本信息',
    class: 'department',
    format: 'database',
    updateCycle: 'monthly',
    duties: { handledBy: bearer, usedBy: bearer, managedBy: bearer, archivedBy: { orgId: '档案馆', post: null }, answersFor: bearer },
    sharing: 'conditional',
    sharingCondition: '用于社会救助对象核对',
    basisLaw: null,
    basisClause: null,
    opening: 'none',
    openingCondition: null,
    grade: 'general',
    classCode: '30700101',
    formatType: 'postgresql',
    sharingChannel: 'platform',
    sharingForm: 'interface',
    grading: [{ object: 'individual', degree: 'serious', reason: '泄露影响困难群众权益' }],
    containsPersonal: true,
    containsSensitive: true,
    maskingRule: '身份证号码保留前六位和后四位',
    items: [
      {
        name: '公民身份号码',
        code: 'GMSFHM',
        type: 'C',
        length: 18,
        isKey: true,
        sensitivity: 'sensitive-personal',
        masking: 'keep-ends',
        sharing: null,
      },
      { name: '保障金额', code: 'BZJE', type: 'Y', length: null, isKey: false, sensitivity: 'general', masking: null, sharing: null },
    ],
    ...over,
  }
}
