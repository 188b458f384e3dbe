export { resolveName } from './server/ask.ts'
/** Calls to departments' interfaces, for who passes granted queries through; and what the job runner does for them. */
export { type Calls, interfaceJobs, openCalls } from './server/call.service.ts'
/** Routes plugin, to be registered under `/api/v1`. */
export { interfaceRoutes } from './server/interface.routes.ts'
/** Credentials under another key, or under none that is left. */
export { forgetLostCredentials, resealCredentials } from './server/interface.store.ts'
export type { InterfacesPorts } from './server/ports.ts'
/** What happens to interfaces when offices are reorganised (组织调整). */
export { interfacesReorganised } from './server/reorganised.ts'
