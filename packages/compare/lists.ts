import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Pairing } from './columns.ts'
import { leftColumn, rightColumn } from './differences.ts'
import type { Engine } from './engine.ts'
import type { Side } from './side.ts'
import { column, csvField, literal } from './sql.ts'
import type { Counts } from './summary.ts'

/** Fields whose differences one statement collects. */
const fieldsAtOnce = 50

/**
 * Writes what `findDifferences` found: whole rows of one side alone, and every difference of a field by key. Sorted by key, byte by byte, then by
 * field: the same input gives the same bytes. In these files nothing is NULL and "" is the empty string, as in what is read.
 */
export async function writeLists(engine: Engine, left: Side, right: Side, pairing: Pairing, counts: Counts, folder: string): Promise<void> {
  const { key, fields } = pairing
  const keys = { l: key.map(leftColumn), r: key.map(rightColumn) }
  const alone = (prefix: 'l' | 'r', other: 'l' | 'r', { names }: Side) =>
    `select ${names.map((_, position) => column(prefix, position)).join(', ')} from difference where ${keys[other][0]} is null order by ${keys[prefix].join(', ')}`
  await writeCsv(engine, join(folder, 'only-left.csv'), left.names, alone('l', 'r', left), counts.onlyLeft)
  await writeCsv(engine, join(folder, 'only-right.csv'), right.names, alone('r', 'l', right), counts.onlyRight)
  await engine.run(
    `create temporary table change (${keys.l.map((name) => `${name} varchar, `).join('')}place integer, field varchar, a varchar, b varchar)`,
  )
  const changed = fields.map((pair, place) => ({ pair, place })).filter(({ place }) => (counts.byField[place] ?? 0) > 0)
  for (let at = 0; at < changed.length; at += fieldsAtOnce) {
    const branches = changed.slice(at, at + fieldsAtOnce).map(({ pair, place }) => {
      const [a, b] = [leftColumn(pair), rightColumn(pair)]
      return `select ${keys.l.join(', ')}, ${place}, ${literal(pair.name)}, ${a}, ${b} from difference
        where ${keys.l[0]} is not null and ${keys.r[0]} is not null and ${a} is distinct from ${b}`
    })
    await engine.run(`insert into change ${branches.join(' union all ')}`)
  }
  const sorted = `select ${keyText(keys.l)}, field, a, b from change order by ${keys.l.join(', ')}, place`
  const lines = counts.byField.reduce((sum, count) => sum + count, 0)
  await writeCsv(engine, join(folder, 'differing.csv'), ['key', 'field', 'left', 'right'], sorted, lines)
}

/** The key in one column: the value where it has one part, several as a record of CSV, as the command line takes their names. */
function keyText(parts: readonly string[]): string {
  const [first, ...more] = parts
  if (more.length === 0) return String(first)
  return parts
    .map((part) => `case when regexp_matches(${part}, '[",\\r\\n]') then '"' || replace(${part}, '"', '""') || '"' else ${part} end`)
    .join(` || ',' || `)
}

/** The header is written as given: the engine would rename columns whose names differ in case alone. */
async function writeCsv(engine: Engine, file: string, header: readonly string[], select: string, rows: number): Promise<void> {
  const line = `${header.map(csvField).join(',')}\n`
  if (rows === 0) return await writeFile(file, line)
  // Rows are separated by the line end, and the suffix ends the last of them.
  const options = `format csv, header false, delimiter ',', quote '"', escape '"', nullstr '', prefix ${literal(line)}, suffix ${literal('\n')}`
  await engine.run(`copy (${select}) to ${literal(file)} (${options})`)
}
