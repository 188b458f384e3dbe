import { zstdCompressSync } from 'node:zlib'
import { statementsFor } from '@tongchou/backup'
import { todayInShanghai } from '@tongchou/kernel'
import type pg from 'pg'
import { to as copyTo } from 'pg-copy-streams'
import type { Head, Origin, Part } from './snapshot-file.ts'

/** Rows that the migrations bring: an empty database has them already, of the epoch its own. */
const comesWithMigrations = new Set(['identity.relation_kind', 'catalog.reading', 'kernel.system_epoch'])
/** What is written when rows are put in: by triggers, and by `receiptsAttested` of the receipts as their days have moved. */
const writtenAnew = new Set(['catalog.search_text', 'kernel.evidence_leaf'])

/** Rows of one statement: enough of them that statements are few, not so many that one is huge. */
const CHUNK_ROWS = 2000
/** Characters of one COPY. */
const CHUNK_TEXT = 1 << 19

/** All rows of all modules, in an order in which they can be inserted, how far the sequences have come, and the tables of the libraries with their records. */
export async function takeSnapshot(client: pg.ClientBase, origin: Origin, now: Date): Promise<Buffer> {
  await client.query("set timezone = 'UTC'")
  // Made without a key, as once all of them were: whoever puts them in carries them on to the key in use.
  await client.query("update libraries.person_look set person = split_part(person, '.', 2)")
  const parts: Part[] = []
  for (const { name, columns } of await tablesInOrder(client)) {
    if (comesWithMigrations.has(name) || writtenAnew.has(name)) continue
    for (let offset = 0; ; offset += CHUNK_ROWS) {
      const { rows } = await client.query<{ chunk: string | null }>(
        `select json_agg(r)::text as chunk from (select ${columns.join(', ')} from ${name} order by ctid limit ${CHUNK_ROWS} offset ${offset}) r`,
      )
      const chunk = rows[0]?.chunk
      if (!chunk) break
      parts.push({ name, columns, rows: chunk })
    }
  }
  const { rows: sequences } = await client.query<{ name: string; value: string }>(
    `select format('%I.%I', schemaname, sequencename) as name, last_value::text as value from pg_sequences
     where last_value is not null order by 1`,
  )
  const installed: string[] = []
  for (const table of await libraryTables(client)) {
    installed.push(...(await statementsFor(client, table.name)))
    for await (const lines of recordsOf(client, table)) parts.push({ ...table, lines })
  }
  const head: Head = { origin, present: todayInShanghai(now), sequences, installed }
  return zstdCompressSync([head, ...parts].map((line) => JSON.stringify(line)).join('\n'))
}

/** The records of a table, some thousand lines at a time. */
async function* recordsOf(client: pg.ClientBase, { name, columns }: Pick<Part, 'name' | 'columns'>): AsyncGenerator<string> {
  let begun = ''
  const source = client.query(copyTo(`copy (select ${columns.join(', ')} from ${name} order by seq) to stdout`))
  for await (const piece of source.setEncoding('utf8') as AsyncIterable<string>) {
    begun += piece
    const end = begun.length < CHUNK_TEXT ? -1 : begun.lastIndexOf('\n')
    if (end < 0) continue
    yield begun.slice(0, end + 1)
    begun = begun.slice(end + 1)
  }
  if (begun !== '') yield begun
}

/** The tables of the base libraries (基础库), which the installer made. */
async function libraryTables(client: pg.ClientBase): Promise<{ name: string; columns: string[] }[]> {
  const { rows } = await client.query<{ name: string; columns: string[] }>(
    `select c.oid::regclass::text as name, (select array_agg(quote_ident(a.attname) order by a.attnum) from pg_attribute a
       where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns
     from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relkind = 'r' and n.nspname = 'library_data' order by c.oid`,
  )
  return rows
}

/** Every table of the modules and the kernel but the list of migrations, the keys that this database knows and the job runner's; what others refer to comes first. */
async function tablesInOrder(client: pg.ClientBase): Promise<{ name: string; columns: string[] }[]> {
  const { rows } = await client.query<{ name: string; columns: string[]; needs: string[] }>(
    `select c.oid::regclass::text as name,
       (select array_agg(quote_ident(a.attname) order by a.attnum) from pg_attribute a
         where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '') as columns,
       coalesce((select array_agg(distinct k.confrelid::regclass::text) from pg_constraint k
         where k.conrelid = c.oid and k.contype = 'f' and k.confrelid <> c.oid), '{}') as needs
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind = 'r' and n.nspname <> 'jobs' and n.nspname in (select schema from kernel.schema_migration)
       and c.oid not in ('kernel.schema_migration'::regclass, 'kernel.known_key'::regclass)
     order by 1`,
  )
  const ordered: typeof rows = []
  while (ordered.length < rows.length) {
    const next = rows.find((row) => !ordered.includes(row) && row.needs.every((need) => ordered.some(({ name }) => name === need)))
    if (!next) throw new Error('tables refer to each other in a circle')
    ordered.push(next)
  }
  return ordered
}
