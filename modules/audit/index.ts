/** Every action that is written to the log, with its title and what its detail may hold. */
export { type AuditAction, auditActions } from './actions.ts'
/** Takes packed rows out of the log, for the command line. */
export { removeArchived } from './server/archive.service.ts'
/** Routes plugin, to be registered under `/api/v1`. */
export { auditRoutes } from './server/audit.routes.ts'
export { readerDuties } from './server/event.permissions.ts'
export type { AuditPorts } from './server/ports.ts'
/** What the log says of its leaves and rows to who gives receipts for them. */
export { auditLeafKind, mayHaveReceipt } from './server/receipt.permissions.ts'
/** The long work of verifying. */
export { auditJobs } from './server/verification.service.ts'
