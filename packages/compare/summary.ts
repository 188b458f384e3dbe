import type { Pairing } from './columns.ts'
import type { Side } from './side.ts'
import type { TextEncoding } from './text-encoding.ts'

/** The figures of a comparison (比对结果), as `summary.json` holds them. */
export interface ComparisonSummary {
  leftRows: number
  rightRows: number
  /** Keys on both sides. */
  matched: number
  onlyLeft: number
  onlyRight: number
  /** Keys on both sides with any difference. */
  differing: number
  /** Differences by field, of every field that was compared. */
  byField: Record<string, number>
  key: readonly string[]
  /** Columns that only this side has; they were not compared. None where the fields were asked for. */
  leftOnlyFields: readonly string[]
  rightOnlyFields: readonly string[]
  left: SideSummary
  right: SideSummary
}

export interface SideSummary {
  kind: Side['kind']
  encoding?: TextEncoding
}

/** True when both sides hold the same: the same keys, the same values, and the same columns where all were compared. */
export function isSame({ onlyLeft, onlyRight, differing, leftOnlyFields, rightOnlyFields }: ComparisonSummary): boolean {
  return onlyLeft + onlyRight + differing + leftOnlyFields.length + rightOnlyFields.length === 0
}

/** The counts that the engine made. */
export interface Counts {
  matched: number
  onlyLeft: number
  onlyRight: number
  differing: number
  byField: readonly number[]
}

export function summaryOf(left: Side, right: Side, { key, fields, ...extra }: Pairing, { byField, ...counts }: Counts): ComparisonSummary {
  return {
    leftRows: left.rows,
    rightRows: right.rows,
    ...counts,
    byField: Object.fromEntries(fields.map(({ name }, index) => [name, byField[index] ?? 0])),
    key: key.map(({ name }) => name),
    ...extra,
    left: sideSummary(left),
    right: sideSummary(right),
  }
}

function sideSummary({ kind, encoding }: Side): SideSummary {
  return { kind, ...(kind === 'csv' && encoding ? { encoding } : {}) }
}
