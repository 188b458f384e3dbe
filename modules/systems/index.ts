import { join } from 'node:path'
import type { MigrationSource } from '@tongchou/kernel'

export type { ProjectOfSystem, ProjectsPort, SystemsPorts } from './server/ports.ts'
/** Gate facts of a project from the systems register (WH23-4, WH23-16, WH23-17). */
export { systemsFacts } from './server/system.facts.ts'
/** Routes plugin; options are the module's ports. Paths are whole (`/api/v1/systems…`): register it without a prefix. */
export { systemRoutes } from './server/system.routes.ts'

/** Schema and folder of this module's migrations. */
export const systemsMigrations: MigrationSource = { schema: 'systems', folder: join(import.meta.dirname, 'migrations') }
