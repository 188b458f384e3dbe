import type { Detail, Place, RefusalCode } from './refusals.ts'

export type TableKind = 'xlsx' | 'csv'

/**
 * What a cell holds. `date` is `YYYY-MM-DD`, `datetime` `YYYY-MM-DD HH:MM:SS`, `time` `HH:MM:SS` (hours may pass 24), `boolean` `TRUE` or `FALSE`,
 * `error` what the cell shows (`#N/A`). `empty` only stands for a formula that no program has worked out yet.
 */
export type CellType = 'text' | 'number' | 'date' | 'datetime' | 'time' | 'boolean' | 'error' | 'empty'

/**
 * What somebody has to know before the text is believed: it is the last result of a formula; it is a number of more than fifteen digits,
 * so that the last ones are lost (身份证号 stored as a number); it is formatted as a date that does not exist (1900-02-29).
 */
export type CellFlag = 'formula' | 'lost-digits' | 'no-such-date'

/** One cell with content. Row and column as the spreadsheet counts, from 1. */
export interface Cell {
  row: number
  column: number
  text: string
  type: CellType
  flags: readonly CellFlag[]
}

/** A row with content; cells from left to right, empty ones left out. */
export interface Row {
  row: number
  hidden: boolean
  cells: readonly Cell[]
}

/** A merged range (合并单元格); its content stands in the first cell. Corners included. */
export interface Merge {
  top: number
  left: number
  bottom: number
  right: number
}

/** A sheet (工作表). Hidden ones are there too: a reader decides, nothing is left out in silence. */
export interface Sheet {
  name: string
  hidden: boolean
  rows: readonly Row[]
  merges: readonly Merge[]
  /** Hidden columns as ranges, first and last. */
  hiddenColumns: readonly (readonly [number, number])[]
}

/** What a file held. */
export interface Table {
  kind: TableKind
  sheets: readonly Sheet[]
  /** How the text of a CSV was read; for a workbook always UTF-8. */
  encoding: 'utf-8' | 'utf-16le' | 'utf-16be' | 'gb18030'
  /** What parts the fields of a CSV. */
  delimiter: ',' | '\t' | ';' | undefined
}

export const cellTypes: readonly CellType[] = ['text', 'number', 'date', 'datetime', 'time', 'boolean', 'error', 'empty']
export const cellFlags: readonly CellFlag[] = ['formula', 'lost-digits', 'no-such-date']

/** A row on its way out of the child: row number, 1 when hidden, then column, type, flags (one bit each) and text of each cell. */
export type PackedRow = [row: number, hidden: 0 | 1, ...cells: (number | string)[]]

/** What the child says, one frame each. */
export type Told =
  | { sheet: { name: string; hidden: boolean } }
  | { rows: PackedRow[] }
  | { ended: { merges: Merge[]; hiddenColumns: [number, number][] } }
  | { done: Pick<Table, 'kind' | 'encoding' | 'delimiter'> & { peakMiB: number } }
  | { refused: { code: RefusalCode; place: Place; detail: Detail } }
  | { defect: string }

/** Every combination of flags once, so that a million cells share eight lists. */
export const flagsOf: readonly (readonly CellFlag[])[] = Array.from({ length: 2 ** cellFlags.length }, (_, bits) =>
  Object.freeze(cellFlags.filter((_flag, at) => bits & (1 << at))),
)

/** Looks up cells of one sheet, any number of times; inside a merged range the one that its content stands in. */
export function cellFinder(sheet: Pick<Sheet, 'rows' | 'merges'>): (row: number, column: number) => Cell | undefined {
  const mergeAt = mergeFinder(sheet.merges)
  return (row, column) => {
    const merge = mergeAt(row, column)
    return rowAt(sheet.rows, merge?.top ?? row)?.cells.find((cell) => cell.column === (merge?.left ?? column))
  }
}

/** Looks up the merged range over a place; for each column that is asked for, its ranges are put in order once. */
export function mergeFinder(merges: readonly Merge[]): (row: number, column: number) => Merge | undefined {
  const byColumn = new Map<number, Merge[]>()
  return (row, column) => {
    let own = byColumn.get(column)
    if (!own) {
      own = merges.filter(({ left, right }) => left <= column && column <= right).sort((a, b) => a.top - b.top)
      byColumn.set(column, own)
    }
    // Ranges do not overlap, so the last one that begins at or above the row is the only one that may cover it.
    const at = lastAtMost(own, row, ({ top }) => top)
    return at && at.bottom >= row ? at : undefined
  }
}

/** The row of a number; rows stand in order. */
export function rowAt(rows: readonly Row[], number: number): Row | undefined {
  const found = lastAtMost(rows, number, ({ row }) => row)
  return found?.row === number ? found : undefined
}

/** The last of some things in order whose figure is not above a bound, by halving. */
function lastAtMost<T>(ordered: readonly T[], bound: number, figure: (one: T) => number): T | undefined {
  let [low, high] = [0, ordered.length]
  while (low < high) {
    const middle = (low + high) >> 1
    const one = ordered[middle]
    if (one !== undefined && figure(one) <= bound) low = middle + 1
    else high = middle
  }
  return low > 0 ? ordered[low - 1] : undefined
}
