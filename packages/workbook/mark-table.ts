import type { Marks } from './child/mark.ts'
import { inChild, type Source } from './child.ts'
import type { Frame } from './frames.ts'
import { defaultLimits, type Limits } from './limits.ts'
import { opinionOf, type TableFinding } from './opinion.ts'
import { worded } from './read-table.ts'
import type { TableKind, Told } from './table.ts'

export interface MarkOptions {
  kind?: TableKind
  name?: string
  delimiter?: ',' | '\t' | ';'
  /** Row of the headings by sheet, where the column 校验意见 gets its title; the first row with content otherwise. */
  headRows?: Readonly<Record<string, number>>
  limits?: Partial<Limits>
  signal?: AbortSignal
  /** Hears what the child held at most, for measurements. */
  onPeak?: (mebibytes: number) => void
}

/**
 * The workbook with the faulty cells red and a last column 校验意见 that says rule and cure; everything else as it came, byte for byte. A CSV comes back
 * as a workbook of text cells. Marks of an earlier round are taken away. @throws TableRefused as `readTable` does
 */
export async function markTable(original: Source, findings: readonly TableFinding[], options: MarkOptions = {}): Promise<Buffer> {
  const { kind, name, delimiter, signal } = options
  const marks = marksOf(findings, options.headRows)
  const limits = { ...defaultLimits, ...options.limits }
  const request = { task: 'mark' as const, limits, marks, kind, name, delimiter }
  const pieces: Buffer[] = []
  const onFrame = (frame: Frame) => {
    if ('bytes' in frame) pieces.push(frame.bytes)
    else if ('done' in (frame.json as Told)) options.onPeak?.((frame.json as Extract<Told, { done: unknown }>).done.peakMiB)
  }
  await worded(inChild(request, original, onFrame, signal))
  return Buffer.concat(pieces)
}

/** The findings by sheet, as the child is told them. */
export function marksOf(findings: readonly TableFinding[], headRows: Readonly<Record<string, number>> = {}): Marks[] {
  return [...Map.groupBy(findings, ({ sheet }) => sheet)].map(([sheet, own]) => {
    const headRow = Object.hasOwn(headRows, sheet) ? headRows[sheet] : undefined
    const faulty = own.filter(({ severity }) => severity === 'error')
    return {
      sheet,
      ...(headRow === undefined ? {} : { headRow }),
      cells: faulty.flatMap(({ row, column }) => (column === undefined ? [] : [[row, column] as const])),
      opinions: [...Map.groupBy(own, ({ row }) => row)].map(([row, some]) => [row, opinionOf(some)] as const),
    }
  })
}
