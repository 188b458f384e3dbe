import { join } from 'node:path'
import type { MigrationSource } from '@tongchou/kernel'

/** Changing and withdrawing a published entry, for the same. */
export { submitAmendment } from './server/amendment.service.ts'
/** Subjects of the procedures `catalog-change` and `catalog-withdrawal`. */
export { amendmentSubject } from './server/amendment.subject.ts'
/** Gate facts of a project from the catalog (WH23-15); needs what the project declared. */
export { catalogFacts } from './server/catalog.facts.ts'
/** Subject of the procedure `catalog-entry`. */
export { catalogSubject } from './server/catalog.subject.ts'
export { editChange, openChange } from './server/change.service.ts'
/** Adds a class of resources (增设分类), for what is performed without HTTP. */
export { addClass } from './server/class.service.ts'
/** Compiling an entry and handing it in, for what is performed without HTTP (the demo city). */
export { changeResource, draftEntry, draftResource } from './server/compile.service.ts'
/** What the job runner does for imports of workbooks. */
export { catalogJobs } from './server/import.job.ts'
export type { CatalogPorts, CollectionPort, ProjectDeclarationsPort, ProjectOfResource, ProjectsPort, SystemsPort } from './server/ports.ts'
/** The entries in force, for who keeps their records. */
export { registeredEntries, updateCycles } from './server/registered.ts'
/** What happens to entries when offices are reorganised (组织调整). */
export { catalogReorganised } from './server/reorganised.ts'
/** Routes plugin, to be registered under `/api/v1`. */
export { catalogRoutes } from './server/resource.routes.ts'
export type { NewResource } from './server/resource.schema.ts'
export { submitEntry } from './server/submit.service.ts'
export { openWithdrawal } from './server/withdrawal.service.ts'
/** Schema and folder of this module's migrations. */
export const catalogMigrations: MigrationSource = { schema: 'catalog', folder: join(import.meta.dirname, 'migrations') }
/** What the search finds of this module. */
export { resourceSearch } from './server/resource.search.ts'
