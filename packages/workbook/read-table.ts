import { inChild, type Source } from './child.ts'
import type { Frame } from './frames.ts'
import { defaultLimits, type Limits } from './limits.ts'
import { Refused } from './refusals.ts'
import { TableRefused } from './refused-table.ts'
import { type Cell, cellTypes, flagsOf, type Merge, type PackedRow, type Row, type Table, type TableKind, type Told } from './table.ts'

export interface ReadOptions {
  /** Refuses every other kind; without it the content decides. */
  kind?: TableKind
  /** The name that the file came with; only for words, the content decides. */
  name?: string
  /** What parts the fields of a CSV, where it is known. */
  delimiter?: NonNullable<Table['delimiter']>
  limits?: Partial<Limits>
  /** Gives up, waiting or reading. */
  signal?: AbortSignal
  /** Hears what the child held at most, for measurements. */
  onPeak?: (mebibytes: number) => void
}

/**
 * Reads an .xlsx or a CSV that nobody has to trust, in a child process with hard limits. All of it or nothing.
 * @throws TableRefused with code, place and cure
 */
export async function readTable(source: Source, options: ReadOptions = {}): Promise<Table> {
  const { kind, name, delimiter, signal } = options
  const collected = collector(options.onPeak)
  const limits = { ...defaultLimits, ...options.limits }
  const request = { task: 'read' as const, limits, kind, name, delimiter }
  await worded(inChild(request, source, collected.onFrame, signal))
  return collected.table()
}

/** Refusals get the words that a person sees; everything else stays what it is. */
export async function worded<T>(act: Promise<T>): Promise<T> {
  try {
    return await act
  } catch (error) {
    throw error instanceof Refused ? new TableRefused(error) : error
  }
}

interface OpenSheet {
  name: string
  hidden: boolean
  rows: Row[]
  merges: Merge[]
  hiddenColumns: [number, number][]
}

/** Puts together what the child tells. */
export function collector(onPeak: ((mebibytes: number) => void) | undefined): { onFrame: (frame: Frame) => void; table: () => Table } {
  const sheets: OpenSheet[] = []
  let how: Pick<Table, 'kind' | 'encoding' | 'delimiter'> | undefined
  return {
    onFrame(frame) {
      if (!('json' in frame)) return
      const told = frame.json as Told
      const sheet = sheets.at(-1)
      if ('sheet' in told) sheets.push({ ...told.sheet, rows: [], merges: [], hiddenColumns: [] })
      else if ('rows' in told) for (const packed of told.rows) sheet?.rows.push(unpacked(packed))
      else if ('ended' in told) Object.assign(sheet ?? {}, told.ended)
      else if ('done' in told) {
        const { peakMiB, ...rest } = told.done
        how = rest
        onPeak?.(peakMiB)
      }
    },
    table() {
      if (!how) throw new Error('the child told no end')
      return { kind: how.kind, encoding: how.encoding, delimiter: how.delimiter, sheets }
    },
  }
}

const PER_CELL = 4

function unpacked(packed: PackedRow): Row {
  const [row, hidden] = packed
  const cells: Cell[] = []
  for (let at = 2; at < packed.length; at += PER_CELL) {
    const type = cellTypes[Number(packed[at + 1])] ?? 'text'
    cells.push({ row, column: Number(packed[at]), text: String(packed[at + 3]), type, flags: flagsOf[Number(packed[at + 2])] ?? [] })
  }
  return { row, hidden: hidden === 1, cells }
}
