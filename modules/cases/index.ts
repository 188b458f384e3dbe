export type { CasesPorts, Definition } from './ports.ts'
/** Acts on cases as services, for what is performed without HTTP (the demo city). */
export { actOnCase } from './server/act.service.ts'
export { storeAttachment } from './server/attachment.service.ts'
export { loadNotice } from './server/calendar.service.ts'
export { caseRoutes } from './server/case.routes.ts'
export { openTasksOf } from './server/case.store.ts'
export { casesPort } from './server/cases.port.ts'
export { caseJobs } from './server/clock.jobs.ts'
