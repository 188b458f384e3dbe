import type { ResourceDefinition } from '@tongchou/records'
import type { LibrariesDb, Receipt } from './library.schema.ts'

/** The structure in force of a resource; undefined for one that is not collected. */
export async function structureOf(db: LibrariesDb, resource: string): Promise<ResourceDefinition | undefined> {
  const row = await db
    .selectFrom('libraries.head as h')
    .innerJoin('libraries.structure as s', (join) => join.onRef('s.resource', '=', 'h.resource').onRef('s.version', '=', 'h.structure'))
    .select('s.definition')
    .where('h.resource', '=', resource)
    .executeTakeFirst()
  return row?.definition
}

/** What was answered to a batch that was taken; undefined for one that was not. */
export async function receiptOf(db: LibrariesDb, resource: string, batchId: string): Promise<Receipt | undefined> {
  const row = await db
    .selectFrom('libraries.batch')
    .select('receipt')
    .where('resource', '=', resource)
    .where('batch_id', '=', batchId)
    .executeTakeFirst()
  return row?.receipt ?? undefined
}
