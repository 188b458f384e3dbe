/** The long exports and the forgetting of expired files, for the job runner. */
export { exportJobs } from './server/export.job.ts'
export { exportRoutes } from './server/export.routes.ts'
export type { ExportsPorts } from './server/ports.ts'
/** Reads what was written, for tests. */
export { readWorkbook } from './server/workbook.ts'
