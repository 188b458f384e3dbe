import {
  type Actor,
  buildApp,
  type CaseAct,
  type CaseRef,
  type CasesPort,
  type Ctx,
  inTransaction,
  type KernelTables,
  type NumbersPort,
  type OrganisationsPort,
  type OrganisationView,
  type PapersPort,
} from '@tongchou/kernel'
import type { Kysely } from 'kysely'
import type { ProjectUnderSupervision, SupervisionPorts } from './ports.ts'
import { problemSubject } from './problem.subject.ts'
import { supervisionRoutes } from './supervision.routes.ts'

/** A person in one post, for tests: the name is the id. */
export function actorOf(orgId: string, ...roles: string[]): Actor {
  const name = `${orgId}:${roles.join('+')}`
  return { accountId: name, personId: name, name, postId: name, postTitle: '科员', orgId, orgName: orgId, roles: new Set(roles) }
}

const organisationOf = (id: string): OrganisationView => ({ id, name: id, kind: 'city-department', parentId: null })
const organisations: OrganisationsPort = {
  organisation: async (_ctx, id) => organisationOf(id),
  organisations: async (_ctx, ids) => new Map(ids.map((id) => [id, organisationOf(id)])),
  organisationAsOf: async (_ctx, id) => organisationOf(id),
  bearersOf: async () => [],
  holdersOf: async () => [],
  superiorOf: async () => undefined,
}

/** A stand-in for the numbers of papers: they count up. */
const given = new Map<string, string>()
const numbers: NumbersPort = {
  issue: async (_ctx, { agencyWord, subject }) => {
    const number = `${agencyWord}〔2026〕${given.size + 1}号`
    given.set(subject.id, number)
    return number
  },
  numberOf: async (_ctx, _paper, { id }) => given.get(id) ?? null,
}
/** A stand-in for the pack: every paper goes out under this agency word. */
const papers: PapersPort = {
  paper: (id) => ({ id, title: id, issued: { issuer: '市大数据中心', agencyWord: '数整', offices: ['市大数据中心'] }, parts: [] }),
}
export const subjectOfProblems = problemSubject({ numbers, papers })

const emptyAct: CaseAct = { step: '', outcome: '', opinion: null, form: {}, documents: [], choices: [], dates: {} }

/** A stand-in for `cases`: keeps the case open and passes on each event, as the procedure would emit it. */
function givenCases() {
  const open = new Map<string, { ref: CaseRef; dates: Readonly<Record<string, string>> }>()
  const port: CasesPort = {
    async open(ctx, input) {
      const ref: CaseRef = {
        caseId: `case-${open.size + 1}`,
        procedure: input.procedure,
        pack: 'wuhai-2023',
        title: input.title,
        subject: input.subject,
        applicantPersonId: ctx.actor.personId,
        applicantOrgId: ctx.actor.orgId,
        orgs: input.orgs,
      }
      await subjectOfProblems.apply(ctx, ref, 'case.opened', { ...emptyAct, ...input.act, step: 'issue' })
      open.set(input.subject.id, { ref, dates: input.act?.dates ?? {} })
      return { caseId: ref.caseId }
    },
    casesOf: async () => [],
    subjectsAwaiting: async () => [],
  }
  return {
    port,
    of(id: string) {
      const kase = open.get(id)
      if (!kase) throw new Error(`no case about ${id}`)
      return kase
    },
  }
}

/** The platform with this module alone. `emit` lets the procedure go on; `call` is a request of an actor. */
export async function givenApp(db: Kysely<KernelTables>, projects: readonly ProjectUnderSupervision[], now: () => Date) {
  let actor: Actor | null = null
  const app = await buildApp({ db, now, authenticate: async () => actor })
  const cases = givenCases()
  const ports: SupervisionPorts = {
    projects: { project: async (_ctx, id) => projects.find((project) => project.id === id) },
    organisations,
    cases: cases.port,
    numbers,
    papers,
  }
  await app.register(supervisionRoutes, { ports, prefix: '/api/v1' })
  await app.ready()
  const contextOf = (as: Actor): Ctx => ({ db, actor: as, now, requestId: 'test', inside: false })
  return {
    caseOf: (id: string) => cases.of(id),
    async call(as: Actor | null, method: 'GET' | 'POST' | 'PUT', url: string, payload?: object) {
      actor = as
      const response = await app.inject({ method, url: `/api/v1/supervision${url}`, ...(payload ? { payload } : {}) })
      return { status: response.statusCode, body: response.json() }
    },
    emit: (as: Actor, id: string, event: string, act: Partial<CaseAct> = {}) =>
      inTransaction(contextOf(as), (tx) => subjectOfProblems.apply(tx, cases.of(id).ref, event, { ...emptyAct, ...act })),
    retract: (as: Actor, id: string, event: string) =>
      inTransaction(contextOf(as), (tx) => subjectOfProblems.retract(tx, cases.of(id).ref, event)),
  }
}
