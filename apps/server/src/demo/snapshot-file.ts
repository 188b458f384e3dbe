import { createHash } from 'node:crypto'
import { createReadStream, existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream'
import { createZstdDecompress, zstdCompressSync } from 'node:zlib'
import { addDays, type CivilDay, daysBetween, todayInShanghai } from '@tongchou/kernel'
import type pg from 'pg'

/** Where the install keeps the made city (演示数据快照). Derived, never committed. */
export const snapshotPath = join(import.meta.dirname, '../../dist/demo-city.json.zst')

/** What a made city depends on. Of another origin a snapshot is not this program's city, and the acts are performed instead. */
export interface Origin {
  /** Of the acts' script, the measure and the tables. */
  digest: string
  lastPlanYear: number
}

/** The first line of the file. */
interface Head {
  origin: Origin
  /** The day that was the present when it was made. */
  present: CivilDay
  sequences: { name: string; value: string }[]
}

/** Every line after it: rows of one table, as the text of a JSON array. */
interface Part {
  name: string
  columns: string[]
  rows: string
}

/** A made city, read part by part: at once it would be the most that the server ever holds. */
export interface Snapshot extends Head {
  /** To be gone through once. */
  parts: AsyncIterable<Part>
}

/** @param measureDigest of the pack that the city is governed by */
export async function originDigest(client: pg.ClientBase, measureDigest: string): Promise<string> {
  const { rows } = await client.query<{ digest: string }>('select digest from kernel.schema_migration order by schema, name')
  const script = readdirSync(import.meta.dirname)
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .sort()
    .map((file) => readFileSync(join(import.meta.dirname, file), 'utf8'))
  return createHash('sha256')
    .update([...rows.map(({ digest }) => digest), measureDigest, ...script].join('\n'))
    .digest('hex')
}

/** Rows that the migrations bring: an empty database has them already, of the epoch its own. */
const comesWithMigrations = new Set(['identity.relation_kind', 'catalog.reading', 'kernel.system_epoch'])
/** What triggers write beside the rows that are put in. */
const writtenByTriggers = new Set(['catalog.search_text'])

/** Rows of one statement: enough of them that statements are few, not so many that one is huge. */
const CHUNK_ROWS = 2000

/** All rows of all modules, in an order in which they can be inserted, and how far the sequences have come. */
export async function takeSnapshot(client: pg.ClientBase, origin: Origin, now: Date): Promise<Buffer> {
  const parts: Part[] = []
  for (const { name, columns } of await tablesInOrder(client)) {
    if (comesWithMigrations.has(name) || writtenByTriggers.has(name)) continue
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
  const head: Head = { origin, present: todayInShanghai(now), sequences }
  return zstdCompressSync([head, ...parts].map((line) => JSON.stringify(line)).join('\n'))
}

/** How far the present may lie before the day a snapshot was made on: further, and its first acts would come before the measure. */
const MOST_DAYS_BACK = 7

/** The snapshot of this origin, unless there is none or it does not fit the present: another plan is being made, or it lies ahead. */
export async function findSnapshot(path: string, origin: Origin, now: Date): Promise<Snapshot | undefined> {
  if (!existsSync(path)) return undefined
  const lines = linesOf(path)
  const head = (await lines.next()).value as Head | undefined
  const isOurs = head?.origin.digest === origin.digest && head.origin.lastPlanYear === origin.lastPlanYear
  if (isOurs && daysBetween(head.present, todayInShanghai(now)) >= -MOST_DAYS_BACK) return { ...head, parts: lines as AsyncGenerator<Part> }
  await lines.return(undefined)
  return undefined
}

/** The lines of a packed file, one at a time. @throws what reading or unpacking it says */
async function* linesOf(path: string): AsyncGenerator<unknown, undefined> {
  const text = pipeline(createReadStream(path), createZstdDecompress(), () => undefined).setEncoding('utf8')
  let begun = ''
  for await (const piece of text as AsyncIterable<string>) {
    const [first = '', ...others] = piece.split('\n')
    begun += first
    for (const next of others) {
      yield JSON.parse(begun)
      begun = next
    }
  }
  if (begun !== '') yield JSON.parse(begun)
}

/** Puts a snapshot into an empty database, as the owner and in the caller's transaction, its days moved to the present. */
export async function loadSnapshot(client: pg.ClientBase, snapshot: Snapshot, now: Date): Promise<void> {
  const days = wholeWeeks(daysBetween(snapshot.present, todayInShanghai(now)))
  for await (const { name, columns, rows } of snapshot.parts) {
    const list = columns.join(', ')
    await client.query(
      `insert into ${name} (${list}) overriding system value select ${list} from json_populate_recordset(null::${name}, $1::json)`,
      [keepsItsDays.has(name) ? rows : moved(rows, days)],
    )
  }
  for (const { name, value } of snapshot.sequences) await client.query('select setval($1::regclass, $2::bigint)', [name, value])
}

/** What was so long before the measure stays where it is. */
const keepsItsDays = new Set(['identity.organisation', 'identity.organisation_version', 'identity.post'])

/** Weekdays stay weekdays, and nothing moves beyond the present. */
function wholeWeeks(days: number): number {
  return Math.floor(days / 7) * 7
}

/** Moves every day and instant in a JSON text; both stand in it as strings of their own. */
function moved(json: string, days: number): string {
  if (days === 0) return json
  const known = new Map<string, string>()
  return json.replace(/"(\d{4}-\d{2}-\d{2})(T\d{2}:\d{2}[^"]*)?"/g, (_, day: string, time = '') => {
    const to = known.get(day) ?? addDays(day, days)
    known.set(day, to)
    return `"${to}${time}"`
  })
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
