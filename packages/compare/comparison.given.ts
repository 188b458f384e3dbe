import { deepEqual, equal } from 'node:assert/strict'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { ComparisonProblem, type ComparisonSummary, compareHere, sourceOf } from './index.ts'

/** A value of a table: text, the empty string, or NULL. */
export type Value = string | null

/** A table as a test makes it. */
export interface Table {
  names: readonly string[]
  rows: readonly (readonly Value[])[]
}

/** Where a test puts its files. */
export interface Folder {
  path: (name: string) => string
  remove: () => void
}

/** A folder of a test file, in memory where there is some. */
export function givenFolder(): Folder {
  const root = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'tongchou-test-compare-'))
  return { path: (name) => join(root, name), remove: () => rmSync(root, { recursive: true, force: true }) }
}

/** A table as CSV: NULL is nothing, '' is "", what needs marks has them, and `mark` says which of the others do. */
export function csvOf({ names, rows }: Table, newline = '\n', mark: (value: string) => boolean = () => false): string {
  const field = (value: Value) => {
    if (value === null) return ''
    return value === '' || /[",\r\n]/.test(value) || mark(value) ? `"${value.replaceAll('"', '""')}"` : value
  }
  return [names, ...rows].map((row) => `${row.map(field).join(',')}${newline}`).join('')
}

/** A reader of CSV that knows nothing of the product's: one character after the other. */
export function tableOf(text: string): Table {
  const records: Value[][] = []
  let record: Value[] = []
  let [value, marked, inside] = ['', false, false]
  const endField = () => {
    record.push(value === '' && !marked ? null : value)
    ;[value, marked] = ['', false]
  }
  for (let at = 0; at < text.length; at++) {
    const character = text[at]
    if (inside && character === '"' && text[at + 1] === '"') {
      value += '"'
      at++
    } else if (character === '"') {
      inside = !inside
      marked = true
    } else if (!inside && character === ',') endField()
    else if (!inside && character === '\n') {
      endField()
      records.push(record)
      record = []
    } else value += character
  }
  const [names = [], ...rows] = records
  return { names: names.map((name) => name ?? ''), rows }
}

/** What a comparison must answer. */
export interface Expected {
  figures: {
    leftRows: number
    rightRows: number
    matched: number
    onlyLeft: number
    onlyRight: number
    differing: number
    byField: Record<string, number>
  }
  onlyLeft: readonly (readonly Value[])[]
  onlyRight: readonly (readonly Value[])[]
  differing: readonly (readonly Value[])[]
}

/**
 * The comparison in the plainest way: two maps. `'bad keys'` where a key is empty or there twice. Fields are those of both sides in the left's order.
 */
export function naively(left: Table, right: Table, key: readonly string[]): Expected | 'bad keys' {
  const [a, b] = [byKey(left, key), byKey(right, key)]
  if (a === undefined || b === undefined) return 'bad keys'
  const fields = left.names.filter((name) => right.names.includes(name) && !key.includes(name))
  const byField = Object.fromEntries(fields.map((name) => [name, 0]))
  const differing: Value[][] = []
  const changed = new Set<string>()
  const matched = [...a.keys()].filter((id) => b.has(id)).sort(byBytes)
  for (const id of matched)
    for (const name of fields) {
      const [x, y] = [a.get(id)?.[left.names.indexOf(name)] ?? null, b.get(id)?.[right.names.indexOf(name)] ?? null]
      if (x === y) continue
      byField[name] = (byField[name] ?? 0) + 1
      changed.add(id)
      differing.push([keyText(JSON.parse(id)), name, x, y])
    }
  const alone = (these: Map<string, readonly Value[]>, those: Map<string, readonly Value[]>) =>
    [...these.keys()]
      .filter((id) => !those.has(id))
      .sort(byBytes)
      .map((id) => these.get(id) ?? [])
  const [onlyLeft, onlyRight] = [alone(a, b), alone(b, a)]
  const figures = {
    leftRows: left.rows.length,
    rightRows: right.rows.length,
    matched: matched.length,
    onlyLeft: onlyLeft.length,
    onlyRight: onlyRight.length,
    differing: changed.size,
    byField,
  }
  return { figures, onlyLeft, onlyRight, differing }
}

function byKey({ names, rows }: Table, key: readonly string[]): Map<string, readonly Value[]> | undefined {
  const found = new Map<string, readonly Value[]>()
  for (const row of rows) {
    const parts = key.map((name) => row[names.indexOf(name)])
    const id = JSON.stringify(parts)
    if (parts.some((part) => !part) || found.has(id)) return undefined
    found.set(id, row)
  }
  return found
}

/** Keys in the order of their bytes in UTF-8, part by part. */
function byBytes(one: string, other: string): number {
  const [a, b]: string[][] = [JSON.parse(one), JSON.parse(other)]
  for (const [index, part] of (a ?? []).entries()) {
    const order = Buffer.compare(Buffer.from(part), Buffer.from(b?.[index] ?? ''))
    if (order !== 0) return order
  }
  return 0
}

function keyText(parts: readonly string[]): string {
  const [first = ''] = parts
  return parts.length === 1 ? first : parts.map((part) => (/[",\r\n]/.test(part) ? `"${part.replaceAll('"', '""')}"` : part)).join(',')
}

/** What a comparison is asked in a test. */
export interface TwoTables {
  left: Table
  right: Table
  key: string[]
  newline: '\n' | '\r\n'
  /** Which values stand in quotation marks without need. */
  mark: boolean
}

/** Compares the two as CSV files and throws where figures or lists are others than those of two plain maps. Answers whether the keys were good. */
export async function requireAgreement(folder: Folder, { left, right, key, newline, mark }: TwoTables): Promise<boolean> {
  for (const [name, table] of [
    ['left.csv', left],
    ['right.csv', right],
  ] as const)
    writeFileSync(
      folder.path(name),
      csvOf(table, newline, () => mark),
    )
  const options = { key, out: folder.path('out'), memoryMib: 256, threads: 2 }
  const asked = compareHere(sourceOf(folder.path('left.csv')), sourceOf(folder.path('right.csv')), options)
  const outcome: ComparisonSummary | ComparisonProblem = await asked.catch((error: ComparisonProblem) => error)
  const expected = naively(left, right, key)
  if (expected === 'bad keys') {
    equal(outcome instanceof ComparisonProblem && outcome.code, 'compare.keys')
    return false
  }
  if (outcome instanceof ComparisonProblem) throw outcome
  const { leftRows, rightRows, matched, onlyLeft, onlyRight, differing, byField } = outcome
  const { figures, ...lists } = expected
  deepEqual({ leftRows, rightRows, matched, onlyLeft, onlyRight, differing, byField }, figures)
  deepEqual(listsIn(folder.path('out')), lists)
  return true
}

/** The lists of a result, read back. */
export function listsIn(folder: string): Omit<Expected, 'figures'> {
  const rows = (name: string) => tableOf(readFileSync(join(folder, name), 'utf8')).rows
  return { onlyLeft: rows('only-left.csv'), onlyRight: rows('only-right.csv'), differing: rows('differing.csv') }
}

/** Names of what a folder holds, hidden ones too. */
export function namesIn(folder: string): string[] {
  return readdirSync(folder).sort()
}

const characters = fc.constantFrom(
  ...[
    'a',
    'b',
    'Z',
    '0',
    '1',
    '7',
    'X',
    ' ',
    ',',
    '"',
    "'",
    '\n',
    '\r',
    '\r\n',
    '\t',
    '#',
    '\\',
    ';',
    '|',
    '\\N',
    'NULL',
    '中',
    '䶮',
    '𠮷',
    '😀',
    'é',
    'e\u0301',
    '\u00a0',
    '\ufeff',
  ],
)
const text = fc.array(characters, { maxLength: 6 }).map((parts) => parts.join(''))
const value: fc.Arbitrary<Value> = fc.oneof(
  { weight: 4, arbitrary: text },
  { weight: 1, arbitrary: fc.constant(null) },
  { weight: 1, arbitrary: fc.constant('') },
)

/** Few enough keys that the sides share some and now and then repeat one; some are empty. */
const keyPart: fc.Arbitrary<Value> = fc.oneof(
  { weight: 30, arbitrary: fc.integer({ min: 0, max: 40 }).map((n) => `15030219${n}`) },
  { weight: 10, arbitrary: text.filter((part) => part !== '') },
  { weight: 1, arbitrary: fc.constantFrom(null, '') },
)

/** Two tables of the same columns, many rows of the second taken from the first, with a value changed here and there. */
export const twoTables: fc.Arbitrary<TwoTables> = fc
  .record({
    keyParts: fc.integer({ min: 1, max: 2 }),
    fields: fc.uniqueArray(
      fc.oneof(
        text.filter((name) => name !== ''),
        fc.constantFrom('id', 'ID', 'l0', '__proto__', 'select', '1'),
      ),
      { maxLength: 4 },
    ),
    newline: fc.constantFrom('\n' as const, '\r\n' as const),
    mark: fc.boolean(),
    unique: fc.boolean(),
  })
  .chain(({ keyParts, fields, newline, mark, unique }) => {
    const key = ['k', '主键'].slice(0, keyParts)
    const names = [...key, ...fields.filter((name) => !key.includes(name))]
    const row = fc
      .tuple(
        fc.array(keyPart, { minLength: keyParts, maxLength: keyParts }),
        fc.array(value, { minLength: names.length - keyParts, maxLength: names.length - keyParts }),
      )
      .map(([k, v]) => [...k, ...v])
    const idOf = (one: readonly Value[]) => JSON.stringify(one.slice(0, keyParts))
    const rows = unique
      ? fc.uniqueArray(row, { selector: idOf, maxLength: 25 }).map((some) => some.filter((one) => one.slice(0, keyParts).every(Boolean)))
      : fc.array(row, { maxLength: 25 })
    return rows.chain((leftRows) =>
      fc
        .record({ kept: fc.subarray(leftRows), changes: fc.array(fc.tuple(fc.nat(), fc.nat(), value), { maxLength: 8 }), added: rows })
        .map(({ kept, changes, added }) => {
          const right = kept.map((one) => [...one])
          for (const [r, c, to] of changes) {
            const changed = right[r % Math.max(1, right.length)]
            if (changed && names.length > keyParts) changed[keyParts + (c % (names.length - keyParts))] = to
          }
          const known = new Set(right.map(idOf))
          const more = unique ? added.filter((one) => !known.has(idOf(one))) : added
          return { left: { names, rows: leftRows }, right: { names, rows: [...right, ...more] }, key, newline, mark }
        }),
    )
  })
