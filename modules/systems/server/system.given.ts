import { type Actor, buildApp, type KernelTables, type OrganisationsPort, type OrganisationView } from '@tongchou/kernel'
import type { FastifyInstance } from 'fastify'
import type { Kysely } from 'kysely'
import type { ProjectOfSystem, SystemsPorts } from './ports.ts'
import { systemRoutes } from './system.routes.ts'

/** A person in one post, for tests: the name is the id. */
export function actorOf(orgId: string, ...roles: string[]): Actor {
  const name = `${orgId}:${roles.join('+')}`
  return { accountId: name, personId: name, name, postId: name, postTitle: '科员', orgId, orgName: orgId, roles: new Set(roles) }
}

const known = ['民政局', '大数据中心', '公安局', '卫健委', '发改委']
const organisationOf = (id: string): OrganisationView => ({ id, name: id, kind: 'city-department', parentId: null })

const organisations: OrganisationsPort = {
  organisation: async (_ctx, id) => (known.includes(id) ? organisationOf(id) : undefined),
  organisations: async (_ctx, ids) => new Map(ids.map((id) => [id, organisationOf(id)])),
  organisationAsOf: async (_ctx, id) => (known.includes(id) ? organisationOf(id) : undefined),
  bearersOf: async () => [],
  holdersOf: async () => [],
  superiorOf: async () => undefined,
}

/** The platform with this module alone; who asks is set by `as`. `projects` are those the actors may read. */
export async function givenApp(db: Kysely<KernelTables>, projects: readonly ProjectOfSystem[], now: () => Date) {
  let actor: Actor | null = null
  const app = await buildApp({ db, now, authenticate: async () => actor })
  const ports: SystemsPorts = { projects: { project: async (_ctx, id) => projects.find((project) => project.id === id) }, organisations }
  await app.register(systemRoutes, { ports, prefix: '/api/v1' })
  await app.ready()
  return {
    app,
    call: (as: Actor | null, method: 'GET' | 'POST' | 'PUT', url: string, payload?: object) => {
      actor = as
      return inject(app, method, url, payload)
    },
  }
}

async function inject(app: FastifyInstance, method: 'GET' | 'POST' | 'PUT', url: string, payload?: object) {
  const response = await app.inject({ method, url: `/api/v1/systems${url}`, ...(payload ? { payload } : {}) })
  return { status: response.statusCode, body: response.json() }
}

/** What a clerk would fill in; `over` changes it. */
export function registration(over: object = {}) {
  return {
    secrecy: false,
    projectId: null,
    name: '低保家庭经济状况核对系统',
    userUnitOrgId: null,
    functions: '核对低保申请家庭的经济状况',
    usageScope: '全市民政系统',
    usageFrequency: 'daily',
    approvingBody: '市发展和改革委员会',
    approvedOn: '2025-03-01',
    funding: ['city-finance'],
    ...over,
  }
}
