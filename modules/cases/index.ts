export type { CasesPorts, Definition } from './ports.ts'
export { caseRoutes } from './server/case.routes.ts'
export { casesPort } from './server/cases.port.ts'
