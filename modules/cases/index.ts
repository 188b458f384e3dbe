export type { CasesPorts, Definition } from './ports.ts'
/** Acts on cases as services, for what is performed without HTTP (the demo city). */
export { actOnCase } from './server/act.service.ts'
export { filesPort, storeAttachment } from './server/attachment.service.ts'
export { loadNotice } from './server/calendar.service.ts'
export { explainCard, readCards, reviewExplanation } from './server/card.service.ts'
export { caseRoutes } from './server/case.routes.ts'
/** What the search finds of this module. */
export { caseSearch } from './server/case.search.ts'
export { openTasksOf } from './server/case.store.ts'
export { casesPort } from './server/cases.port.ts'
export { caseJobs } from './server/clock.jobs.ts'
export { fireUntil } from './server/clock.service.ts'
export { documentNumberSearch } from './server/document-number.search.ts'
export { numbersPort } from './server/document-number.service.ts'
export { caseFigures } from './server/figures.port.ts'
/** What happens to running cases when offices are reorganised (组织调整). */
export { casesReorganised } from './server/reorganised.ts'
export { doOnCase } from './server/verb.service.ts'
