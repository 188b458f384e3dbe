/** What the job runner does for grants: warns of their end. */
export { sharingJobs } from './server/expiry.job.ts'
/** Looking into records by a grant: which one, how many records today, and what was shown; and 暂停、恢复、收回. */
export { beginLook, changeGrant, endLook, type GrantToLook, grantToLook } from './server/grant.service.ts'
/** Whether a grant holds at this moment, for who hands records out. */
export { expiringGrants, type GrantInForce, grantInForce, termsInForce } from './server/grant.store.ts'
export type { SharingPorts } from './server/ports.ts'
/** What happens to requests and grants when offices are reorganised (组织调整). */
export { sharingReorganised } from './server/reorganised.ts'
/** What stands against withdrawing an entry (`reliesOn`), and acts that are performed without HTTP (the demo city). */
export { disputeDecision, draftRequest, proposeDecision, reliesOn, submitRequestOf } from './server/request.service.ts'
/** Subject of the procedures `sharing-request` and `sharing-dispute`. */
export { requestSubject } from './server/request.subject.ts'
/** Routes plugin, to be registered under `/api/v1`. */
export { sharingRoutes } from './server/sharing.routes.ts'
export type { SharingRequest } from './server/sharing.schema.ts'
/** What the search finds of this module. */
export { grantSearch, requestSearch } from './server/sharing.search.ts'
