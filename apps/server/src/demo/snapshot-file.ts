import { createHash } from 'node:crypto'
import { createReadStream, existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pipeline, Readable } from 'node:stream'
import { pipeline as finished } from 'node:stream/promises'
import { createZstdDecompress } from 'node:zlib'
import { addDays, type CivilDay, daysBetween, todayInShanghai } from '@tongchou/kernel'
import type { Pack } from '@tongchou/policy'
import type pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import type { City } from '../wire.ts'
import { demoTimeline } from './timeline.ts'

/** Where the install keeps the made city (演示数据快照). Derived, never committed. */
export const snapshotPath = join(import.meta.dirname, '../../dist/demo-city.json.zst')

/** What a made city depends on. Of another origin a snapshot is not this program's city, and the acts are performed instead. */
export interface Origin {
  /** Of the acts' script, the measure, the resource packs and the tables. */
  digest: string
  lastPlanYear: number
}

/** The first line of the file. */
export interface Head {
  origin: Origin
  /** The day that was the present when it was made. */
  present: CivilDay
  sequences: { name: string; value: string }[]
  /** The tables that no migration makes, those of the base libraries, as a backup tells them too. */
  installed: string[]
}

/** Every line after it: rows of one table, as the text of a JSON array, or as COPY writes them. */
export type Part = { name: string; columns: string[] } & ({ rows: string } | { lines: string })

/** A made city, read part by part: at once it would be the most that the server ever holds. */
export interface Snapshot extends Head {
  /** To be gone through once. */
  parts: AsyncIterable<Part>
}

/** Where a city of this program at this moment comes from. */
export async function originOf(client: pg.ClientBase, city: City, measure: Pack, now: Date): Promise<Origin> {
  const { rows } = await client.query<{ digest: string }>('select digest from kernel.schema_migration order by schema, name')
  const script = readdirSync(import.meta.dirname)
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .sort()
    .map((file) => readFileSync(join(import.meta.dirname, file), 'utf8'))
  const packs = [measure, ...city.libraries.packs].map(({ digest }) => digest)
  const digest = createHash('sha256')
    .update([...rows.map((row) => row.digest), ...packs, ...script].join('\n'))
    .digest('hex')
  return { digest, lastPlanYear: demoTimeline(now, measure.validFrom).lastPlanYear }
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
  await client.query("set local timezone = 'UTC'")
  for (const statement of snapshot.installed) await client.query(statement)
  for await (const part of snapshot.parts) {
    const { name } = part
    const list = part.columns.join(', ')
    if ('rows' in part)
      await client.query(
        `insert into ${name} (${list}) overriding system value select ${list} from json_populate_recordset(null::${name}, $1::json)`,
        [keepsItsDays.has(name) ? part.rows : moved(part.rows, days)],
      )
    else {
      const lines = received(part.lines, part.columns.indexOf('changed_at'), days)
      await finished(Readable.from([lines]), client.query(copyFrom(`copy ${name} (${list}) from stdin`)))
    }
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

/** Moves when each record came (changed_at), and nothing that it says: what was received stays what its receipt, its hash and the log of changes say. */
function received(lines: string, column: number, days: number): string {
  if (days === 0) return lines
  return lines.replace(
    new RegExp(`^((?:[^\\t\\n]*\\t){${column}})(\\d{4}-\\d{2}-\\d{2})`, 'gm'),
    (_, before: string, day: string) => before + addDays(day, days),
  )
}
