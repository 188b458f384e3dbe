import type { ResourceDefinition, RowCondition } from '@tongchou/records'
import { sql } from 'kysely'
import { canonicalText, tableOf } from './install.plan.ts'
import type { LibrariesDb } from './library.schema.ts'

/** A library as it stands: its table, the last number, and the structure in force. */
export interface Head {
  table: string
  lastSeq: number
  definition: ResourceDefinition
}

export async function findHead(db: LibrariesDb, resource: string): Promise<Head | undefined> {
  const row = await db
    .selectFrom('libraries.head as h')
    .innerJoin('libraries.resource as r', 'r.resource', 'h.resource')
    .innerJoin('libraries.structure as s', (join) => join.onRef('s.resource', '=', 'h.resource').onRef('s.version', '=', 'h.structure'))
    .select(['r.number', 'h.last_seq', 's.definition'])
    .where('h.resource', '=', resource)
    .executeTakeFirst()
  return row && { table: tableOf(row.number), lastSeq: row.last_seq, definition: row.definition }
}

/** Waits for a batch that is being written; every batch after it keeps what records were. */
export async function keepBefore(db: LibrariesDb, resource: string): Promise<Head | undefined> {
  await db
    .updateTable('libraries.head')
    .set({ keeps_before: true })
    .where('resource', '=', resource)
    .where('keeps_before', '=', false)
    .execute()
  return findHead(db, resource)
}

/** The structures of some versions. */
export async function structuresOf(db: LibrariesDb, resource: string, versions: readonly number[]): Promise<ResourceDefinition[]> {
  if (versions.length === 0) return []
  const rows = await db
    .selectFrom('libraries.structure')
    .select('definition')
    .where('resource', '=', resource)
    .where('version', 'in', versions)
    .execute()
  return rows.map(({ definition }) => definition)
}

/** Records that fulfil the conditions, by their keys, each with all of its values as the log has them. Names come from the definition, values are parameters. */
export async function recordsAfter(
  db: LibrariesDb,
  { table, definition }: Head,
  conditions: readonly RowCondition[],
  after: string | null,
  most: number,
): Promise<{ key: string; values: (string | null)[] }[]> {
  const types = new Map(definition.items.map(({ id, type }) => [id, type]))
  const texts = definition.items.map(({ id, type }) => sql.raw(canonicalText(`r.${id}`, type)))
  const where = [
    after === null ? sql`true` : sql`r.record_key > ${after}`,
    // A condition on an item that is not there any more lets nothing through.
    ...conditions.map(({ item, is }) => {
      const type = types.get(item)
      return type ? sql`${sql.raw(canonicalText(`r.${item}`, type))} = ${is}` : sql`false`
    }),
  ]
  const { rows } = await sql<{ key: string; values: (string | null)[] }>`
    select r.record_key as key, array[${sql.join(texts)}]::text[] as values from ${sql.raw(`${table} as r`)}
    where ${sql.join(where, sql` and `)} order by r.record_key limit ${most}`.execute(db)
  return rows
}
