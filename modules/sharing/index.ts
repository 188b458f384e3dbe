/** Whether a grant holds at this moment, for who hands records out. */

/** Looking into records by a grant: which one, how many records today, and what was shown. */
export { beginLook, endLook, type GrantToLook, grantToLook } from './server/grant.service.ts'
export { type GrantInForce, grantInForce } from './server/grant.store.ts'
export type { SharingPorts } from './server/ports.ts'
/** What stands against withdrawing an entry. */
export { reliesOn } from './server/request.service.ts'
/** Subject of the procedures `sharing-request` and `sharing-dispute`. */
export { requestSubject } from './server/request.subject.ts'
/** Routes plugin, to be registered under `/api/v1`. */
export { sharingRoutes } from './server/sharing.routes.ts'
