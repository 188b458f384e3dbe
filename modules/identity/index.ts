/** What kinds of operations are called (操作类别). */

export { createAccount, type FirstCredential } from './server/account.service.ts'
export { actorOfPost, actorOfRelation, createAuthenticator, sessionCookie } from './server/authenticate.ts'
export type { IdentityOptions } from './server/identity.routes.ts'
export { identityRoutes } from './server/identity.routes.ts'
/** What the search finds of this module. */
export { organisationSearch, personSearch } from './server/identity.search.ts'
export { isLoopback, type OidcSettings } from './server/oidc.settings.ts'
export type { NewOrganisation, Organisation, OrganisationKind } from './server/organisation.schema.ts'
export { createOrganisation } from './server/organisation.service.ts'
export { organisationNames, organisationsCalled, organisationsPort } from './server/organisations.port.ts'
export { hashPassword } from './server/password.ts'
export { firstDuties } from './server/post.schema.ts'
export { createPerson, createPost } from './server/post.service.ts'
export { unwantedChannels } from './server/preference.service.ts'
export {
  carryPersonSubjects,
  endLostRelations,
  endRelation,
  grantRelation,
  type RelationPorts,
  relationsPort,
} from './server/relation.service.ts'
export { reorganisationJobs } from './server/reorganisation.jobs.ts'
export { handOverAgain, type ReorganisationPorts, settleDue } from './server/reorganisation.service.ts'
export { forgetLostFactors, resealSecondFactors } from './server/second-factor.service.ts'
export { newInitialPassword } from './server/secret.ts'
export { addressLimits } from './server/security-settings.service.ts'
export { type DemoMode, endEverySession } from './server/session.service.ts'
export { setSuperior } from './server/superior.service.ts'
export { tagName } from './words.ts'
