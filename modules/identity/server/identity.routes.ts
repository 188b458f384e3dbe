import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { DutyId, KernelTables, KeyRing } from '@tongchou/kernel'
import type { Kysely } from 'kysely'
import { accountRoutes } from './account.routes.ts'
import { delegationRoutes } from './delegation.routes.ts'
import { demoRoutes } from './demo.routes.ts'
import { divisionRoutes } from './division.routes.ts'
import { lockOutRoutes } from './lock-out.routes.ts'
import { oidcRoutes } from './oidc.routes.ts'
import type { OidcSettings } from './oidc.settings.ts'
import { organisationRoutes } from './organisation.routes.ts'
import { postRoutes } from './post.routes.ts'
import { firstDuties } from './post.schema.ts'
import { preferenceRoutes } from './preference.routes.ts'
import { relationRoutes } from './relation.routes.ts'
import type { RelationPorts } from './relation.service.ts'
import { reorganisationRoutes } from './reorganisation.routes.ts'
import type { ReorganisationPorts } from './reorganisation.service.ts'
import { secondFactorRoutes } from './second-factor.routes.ts'
import { securitySettingsRoutes } from './security-settings.routes.ts'
import { sessionRoutes } from './session.routes.ts'
import type { DemoMode } from './session.service.ts'
import { tokenRoutes } from './token.routes.ts'

/** What the routes need from the server: the handle and clock for who is not signed in yet, and what the city is. */
export interface IdentityOptions {
  db: Kysely<KernelTables>
  now: () => Date
  demo: DemoMode
  /** What secrets in the database are sealed with. */
  keys: KeyRing
  /** The city's sign-on (统一身份认证); null where there is none. */
  oidc?: OidcSettings | null
  /** Duties that policy packs add to the first ones. */
  packDuties?: readonly DutyId[]
  /** The modules whose things belong to organisations, and work for later. */
  reorganisation?: ReorganisationPorts
  /** What people outside the offices may be related to. */
  relations?: RelationPorts
}

/** Without other modules nothing belongs to an organisation but posts. */
const alone: ReorganisationPorts = { reorganised: [], jobs: { enqueue: async () => undefined } }

/** Without other modules there is nothing outside the offices. */
const nothingOutside: RelationPorts = { subjects: new Map() }

/** All operations of identity; registered under `/api/v1`. */
export const identityRoutes: FastifyPluginAsyncTypebox<IdentityOptions> = async (
  app,
  { db, now, demo, keys, oidc = null, packDuties = [], reorganisation = alone, relations = nothingOutside },
) => {
  // not the options as they came: their prefix would be applied a second time
  await app.register(sessionRoutes, { db, now, demo, keys })
  await app.register(secondFactorRoutes, { demo, keys })
  await app.register(oidcRoutes, { db, now, demo, oidc })
  await app.register(securitySettingsRoutes, { demo })
  await app.register(lockOutRoutes)
  await app.register(tokenRoutes)
  await app.register(preferenceRoutes)
  await app.register(divisionRoutes)
  await app.register(organisationRoutes)
  await app.register(postRoutes, { duties: [...firstDuties, ...packDuties] })
  await app.register(delegationRoutes)
  await app.register(reorganisationRoutes, { ports: reorganisation })
  await app.register(relationRoutes, { ports: relations })
  await app.register(accountRoutes)
  await app.register(demoRoutes, { db, now, demo })
}
