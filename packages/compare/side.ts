import { ComparisonProblem, type SideOf, sideName } from './problem.ts'
import type { TextEncoding } from './text-encoding.ts'

/** One side of a comparison, ready for the engine. */
export interface Side {
  of: SideOf
  kind: 'csv' | 'parquet' | 'postgres'
  /** Of a CSV: how its text was read. */
  encoding?: TextEncoding
  /** Names of its columns, in their order. */
  names: readonly string[]
  /** Columns of floating-point numbers of a Parquet file: their digits are the engine's, and only another Parquet file's are comparable with them. */
  floating?: readonly string[]
  /** Rows as counted without the engine's reader: what it counts must be the same. */
  rows: number
  /** SQL of a relation whose columns are text and called by prefix and position: l0, l1, … */
  relation: (prefix: string) => string
}

/** More than a table of PostgreSQL can have (1600), and what the engine takes within its memory. */
const MOST_COLUMNS = 2000

/** Refuses columns that cannot be told apart by their names: without one, of the same, or too many. Upper and lower case are different names. */
export function requireNames({ side, name }: { side: SideOf; name: string }, names: readonly string[]): void {
  const refuse = (what: string, cure: string) =>
    new ComparisonProblem('failure', 'compare.header', `${sideName[side]}“${name}”${what}。`, cure)
  if (names.length > MOST_COLUMNS) throw refuse(`有 ${names.length} 列，超过 ${MOST_COLUMNS} 列`, '请只导出需要比对的列。')
  const unnamed = names.indexOf('')
  if (unnamed >= 0) throw refuse(`第 ${unnamed + 1} 列没有列名`, '请给每一列命名，或删去多余的列。')
  const seen = new Set<string>()
  const twice = names.find((one) => seen.has(one) || !seen.add(one))
  if (twice !== undefined) throw refuse(`有多列名为“${twice}”`, '请使列名各不相同。')
}
