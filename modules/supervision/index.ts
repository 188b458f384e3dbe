import { join } from 'node:path'
import type { MigrationSource } from '@tongchou/kernel'

/** Acts of supervision as services, for what is performed without HTTP (the demo city). */
export { orderPaymentHold } from './server/hold.service.ts'
export type { ProjectsPort, ProjectUnderSupervision, SupervisionPorts } from './server/ports.ts'
export type { NewProblem } from './server/problem.schema.ts'
export { proposeProblem } from './server/problem.service.ts'
export { findProblem } from './server/problem.store.ts'
/** Subject of the procedure `rectification`. */
export { problemSubject } from './server/problem.subject.ts'
/** What happens to problems and records when offices are reorganised (组织调整). */
export { supervisionReorganised } from './server/reorganised.ts'
/** Gate facts of a project (WH23-18, WH23-20); a third argument names the act, whose gate may ask about the other party. */
export { supervisionFacts } from './server/supervision.facts.ts'
/** Routes plugin, to be registered under `/api/v1`. */
export { supervisionRoutes } from './server/supervision.routes.ts'
export { recordWithheld, replyToWithheld } from './server/withheld.service.ts'
/** Schema and folder of this module's migrations. */
export const supervisionMigrations: MigrationSource = { schema: 'supervision', folder: join(import.meta.dirname, 'migrations') }
export { supervisionFigures } from './server/figures.port.ts'
/** What the search finds of this module. */
export { problemSearch } from './server/problem.search.ts'
