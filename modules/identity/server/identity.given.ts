import { buildApp, type Ctx, fixedClock, type KernelTables, keyRingOf, newKeys, systemActor, todayInShanghai } from '@tongchou/kernel'
import type { FastifyInstance } from 'fastify'
import type { Kysely } from 'kysely'
import { createAccount } from './account.service.ts'
import { createAuthenticator } from './authenticate.ts'
import { identityRoutes } from './identity.routes.ts'
import { identityDb } from './identity.tables.ts'
import type { OidcSettings } from './oidc.settings.ts'
import type { OrganisationKind } from './organisation.schema.ts'
import { createOrganisation } from './organisation.service.ts'
import { findOrganisation } from './organisation.store.ts'
import { createPerson, createPost } from './post.service.ts'
import type { RelationPorts } from './relation.service.ts'
import type { SecuritySettings } from './security-settings.schema.ts'
import { addressLimits } from './security-settings.service.ts'
import { putSettings } from './security-settings.store.ts'
import type { DemoMode } from './session.service.ts'

export const password = 'Wuhai-2026-test'

const noSecondFactor: Partial<SecuritySettings> = { secondFactorForAdministrators: false }

/** The module behind HTTP, on a clock that the test moves. Administrators sign in with their password alone unless a test is about that. */
export async function givenPlatform(
  db: Kysely<KernelTables>,
  demo: DemoMode = null,
  settings: Partial<SecuritySettings> = noSecondFactor,
  oidc: OidcSettings | null = null,
  relations: RelationPorts = { subjects: new Map() },
) {
  const clock = fixedClock('2026-03-02T01:00:00Z')
  const keys = keyRingOf(newKeys())
  const ctx: Ctx = { db, now: clock.now, actor: systemActor, requestId: 'given', inside: false }
  const app = await buildApp({
    db,
    now: clock.now,
    authenticate: createAuthenticator({ db, now: clock.now, demo: demo !== null }),
    addressLimits: () => addressLimits(db),
  })
  await app.register(identityRoutes, { prefix: '/api/v1', db, now: clock.now, demo, keys, oidc, relations })
  await app.ready()
  await putSettings(identityDb(ctx), { settings, version: 1, changedBy: 'given' }, clock.now())
  return { app, clock, ctx, keys }
}

export async function givenOrganisation(ctx: Ctx, id: string, kind: OrganisationKind = 'city-department'): Promise<void> {
  if (!(await findOrganisation(identityDb(ctx), id, todayInShanghai(ctx.now()))))
    await createOrganisation(ctx, { id, name: `${id}局`, kind })
}

/** A person at a post with an account. */
export async function givenAccount(ctx: Ctx, username: string, orgId: string, duties: string[], kind?: OrganisationKind) {
  await givenOrganisation(ctx, orgId, kind)
  const person = await createPerson(ctx, { name: `${username}员` })
  const post = await createPost(ctx, { personId: person.id, organisationId: orgId, title: '科员', duties })
  const account = await createAccount(ctx, { personId: person.id, username, credential: { password, mustChange: false } })
  return { personId: person.id, postId: post.id, accountId: account.id, username }
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** A browser that keeps its cookie. */
export function browser(app: FastifyInstance) {
  let cookie: string | undefined
  const send = async (method: Method, path: string, body?: object, headers: Record<string, string> = {}) => {
    const answer = await app.inject({
      method,
      url: `/api/v1${path}`,
      headers: { ...(cookie === undefined ? {} : { cookie: `tongchou_session=${cookie}` }), ...headers },
      ...(body === undefined ? {} : { payload: body }),
    })
    const given = answer.cookies.find((one) => one.name === 'tongchou_session')
    if (given) cookie = given.value
    return answer
  }
  return { send, cookie: () => cookie }
}

/** A browser in which this account has signed in. */
export async function signedIn(app: FastifyInstance, username: string, secret = password) {
  const one = browser(app)
  const answer = await one.send('POST', '/sessions', { username, password: secret })
  if (answer.statusCode !== 201) throw new Error(`sign-in of ${username}: ${answer.statusCode} ${answer.body}`)
  return one
}

/** What the audit log holds on a subject, oldest first. */
export async function auditOf(ctx: Ctx, id: string) {
  return ctx.db
    .selectFrom('kernel.audit_event')
    .select(['action', 'outcome', 'person_name', 'detail'])
    .where('subject_id', '=', id)
    .where('action', 'not like', '%.viewed')
    .orderBy('seq')
    .execute()
}
