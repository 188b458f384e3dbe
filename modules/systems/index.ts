import { join } from 'node:path'
import type { Ctx, MigrationSource } from '@tongchou/kernel'
import { readSystem } from './server/system.permissions.ts'
import { findSystem } from './server/system.store.ts'
import { systemsDb } from './server/system.tables.ts'

/** Acts on the register as services, for what is performed without HTTP (the demo city). */
export { answerFacts, requestConfirmation } from './server/confirmation.service.ts'
export type { ProjectOfSystem, ProjectsPort, SystemsPorts } from './server/ports.ts'
export { recordProtection } from './server/protection.service.ts'
export { changeStatus, registerSystem } from './server/register.service.ts'
/** What happens to systems when offices are reorganised (组织调整). */
export { systemsReorganised } from './server/reorganised.ts'
/** Gate facts of a project from the systems register (WH23-4, WH23-16, WH23-17). */
export { systemsFacts } from './server/system.facts.ts'
/** Routes plugin, to be registered under `/api/v1`. */
export { systemRoutes } from './server/system.routes.ts'

/** A system's name, for whoever may read it: what other modules link to. */
export async function systemRef(ctx: Ctx, id: string): Promise<{ id: string; name: string } | undefined> {
  const row = await findSystem(ctx, id)
  return row && readSystem.allows(ctx.actor, row) ? { id: row.id, name: row.name } : undefined
}

/** Systems of these names that the actor may read: for names that come in a file. */
export function systemsCalled(ctx: Ctx, names: readonly string[]): Promise<{ id: string; name: string }[]> {
  return systemsDb(ctx)
    .selectFrom('systems.system')
    .select(['id', 'name'])
    .where(readSystem.where(ctx.actor))
    .where('name', 'in', [...names, ''])
    .execute()
}

/** Schema and folder of this module's migrations. */
export const systemsMigrations: MigrationSource = { schema: 'systems', folder: join(import.meta.dirname, 'migrations') }
/** What the search finds of this module. */
export { systemSearch } from './server/system.search.ts'
