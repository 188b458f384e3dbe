import { join } from 'node:path'
import type { MigrationSource } from '@tongchou/kernel'

export type { ProjectsPort, ProjectUnderSupervision, SupervisionPorts } from './server/ports.ts'
/** Subject of the procedure `rectification`. */
export { problemSubject } from './server/problem.subject.ts'
/** Gate facts of a project (WH23-18, WH23-20); a third argument names the act, whose gate may ask about the other party. */
export { supervisionFacts } from './server/supervision.facts.ts'
/** Routes plugin, to be registered under `/api/v1`. */
export { supervisionRoutes } from './server/supervision.routes.ts'

/** Schema and folder of this module's migrations. */
export const supervisionMigrations: MigrationSource = { schema: 'supervision', folder: join(import.meta.dirname, 'migrations') }
