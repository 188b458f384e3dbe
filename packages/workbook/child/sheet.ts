import type { Limits } from '../limits.ts'
import { type Place, type RefusalCode, Refused } from '../refusals.ts'
import type { Merge, PackedRow } from '../table.ts'
import type { Archive } from './archive.ts'
import type { Book } from './book.ts'
import type { Budget } from './budget.ts'
import { type CellSource, cellOf, type ReadCell } from './cell.ts'
import { mergesInOrder } from './merges.ts'
import { stringItem } from './strings.ts'
import { type Attributes, isOn, readXml, wholeNumber } from './xml.ts'

/** What a spreadsheet ends at. */
export const LAST_ROW = 1_048_576
export const LAST_COLUMN = 16_384

/** What stands around the rows of a sheet. */
export interface SheetFrame {
  merges: Merge[]
  hiddenColumns: [number, number][]
}

/** Hands on the rows with content one by one, and answers with what stands around them. */
export async function readSheet(
  archive: Archive,
  book: Book,
  sheet: { name: string; part: string },
  limits: Limits,
  budget: Budget,
  onRow: (row: PackedRow) => void,
  after?: () => Promise<void> | undefined,
): Promise<SheetFrame> {
  const reader = rowReader(book, sheet.name, budget, onRow)
  const merges: Merge[] = []
  const hiddenColumns: [number, number][] = []
  const place = { sheet: sheet.name }
  await readXml(
    archive.inflate(sheet.part),
    sheet.part,
    limits,
    {
      open(name, attributes) {
        if (reader.open(name, attributes)) return
        if (name === 'mergeCell') {
          budget.merge(place)
          merges.push(mergeOf(attributes.ref ?? '', place))
        } else if (name === 'col') {
          const hidden = hiddenRange(attributes)
          if (hidden) hiddenColumns.push(hidden)
        }
      },
      close: (name) => reader.close(name),
      text: (text) => reader.text(text),
    },
    after,
  )
  if (!reader.isRead()) throw new Refused('table.structure', place, { found: '工作表没有数据区' })
  return { merges: mergesInOrder(merges, place), hiddenColumns: joined(hiddenColumns) }
}

interface RowReader {
  /** True when the tag belongs to the rows. */
  open(name: string, attributes: Attributes): boolean
  close(name: string): void
  text(text: string): void
  /** Whether there were rows to read, if only none. */
  isRead(): boolean
}

/** Reads `sheetData`: rows from top to bottom, cells from left to right, as every program writes them; anything else is refused and not sorted. */
function rowReader(book: Book, sheetName: string, budget: Budget, onRow: (row: PackedRow) => void): RowReader {
  let inData = false
  let isRead = false
  let row = 0
  let column = 0
  let packed: PackedRow | undefined
  let cell: CellSource | undefined
  let inside: 'v' | 'is' | undefined
  const item = stringItem()
  const place = (): Place => ({ sheet: sheetName, row, ...(cell ? { column } : {}) })
  const refuse = (found: string, code: RefusalCode = 'table.structure') => new Refused(code, place(), { found })

  function openRow({ r, hidden, ht }: Attributes): void {
    const number = r === undefined ? row + 1 : wholeNumber(r, LAST_ROW)
    if (number === undefined || number <= row || number > LAST_ROW) throw refuse('行号不合规范或者没有按顺序排列')
    row = number
    column = 0
    packed = [row, isOn(hidden) || ht === '0' ? 1 : 0]
  }

  function openCell({ r, s, t }: Attributes): void {
    const next = r === undefined ? column + 1 : columnIn(r, row)
    if (next === undefined || next <= column || next > LAST_COLUMN) throw refuse('单元格位置不合规范、重复或者没有按顺序排列')
    column = next
    cell = { type: t ?? 'n', style: 0, value: undefined, inline: undefined, formula: false }
    if (s === undefined) return
    const style = wholeNumber(s, Math.max(book.styles.length - 1, 0))
    if (style === undefined) throw refuse('单元格引用的样式不存在')
    cell.style = style
  }

  function closeCell(source: CellSource): void {
    const read = cellOf(source, book, place())
    if (read) add(read)
    cell = undefined
  }

  function add({ type, flags, text }: ReadCell): void {
    budget.cell(place(), column, text.length)
    packed?.push(column, type, flags, text)
  }

  function closeRow(): void {
    if (packed && packed.length > 2) {
      budget.row(place())
      onRow(packed)
    }
    packed = undefined
  }

  return {
    open(name, attributes) {
      if (!inData) {
        if (name !== 'sheetData') return false
        if (isRead) throw refuse('工作表有两处数据')
        inData = true
        return true
      }
      if (name === 'c' && packed && !cell) openCell(attributes)
      else if (name === 'row' && !packed) openRow(attributes)
      else if (cell) {
        if (name === 'c' || name === 'row' || name === 'sheetData') throw refuse('单元格之内又有单元格')
        if (name === 'f') cell.formula = true
        else if (name === 'v') {
          if (cell.value !== undefined) throw refuse('单元格有两个值')
          inside = 'v'
          cell.value = ''
        } else if (name === 'is') inside = 'is'
        else if (inside === 'is') item.open(name)
      } else throw refuse(`单元格之外有“${name.slice(0, 30)}”`)
      return true
    },
    close(name) {
      if (!inData) return
      if (cell) {
        if (name === 'c') closeCell(cell)
        else if (name === 'v') inside = undefined
        else if (name === 'is') {
          inside = undefined
          cell.inline = item.take()
        } else if (inside === 'is') item.close(name)
      } else if (name === 'row') closeRow()
      else if (name === 'sheetData') {
        inData = false
        isRead = true
      }
    },
    text(text) {
      if (inside === 'v' && cell) cell.value += text
      else if (inside === 'is') item.text(text)
    },
    isRead: () => isRead,
  }
}

/** The column of a reference such as `AB12`; undefined when it is none or of another row. */
function columnIn(reference: string, row: number): number | undefined {
  const at = referenceOf(reference)
  return at && at.row === row ? at.column : undefined
}

/** A reference such as `AB12`, within what a spreadsheet has. */
function referenceOf(text: string): { row: number; column: number } | undefined {
  let column = 0
  let at = 0
  for (; at < text.length && at < 4; at++) {
    const letter = text.charCodeAt(at) - 64
    if (letter < 1 || letter > 26) break
    column = column * 26 + letter
  }
  const row = wholeNumber(text.slice(at), LAST_ROW)
  return column >= 1 && column <= LAST_COLUMN && row !== undefined && row >= 1 ? { row, column } : undefined
}

function mergeOf(text: string, place: Place): Merge {
  const [first = '', last = first, ...rest] = text.split(':')
  const from = referenceOf(first)
  const to = referenceOf(last)
  if (!from || !to || rest.length > 0 || to.row < from.row || to.column < from.column)
    throw new Refused('table.structure', place, { found: `合并单元格“${text.slice(0, 30)}”不合规范` })
  return { top: from.row, left: from.column, bottom: to.row, right: to.column }
}

function hiddenRange({ min, max, hidden, width }: Attributes): [number, number] | undefined {
  if (!isOn(hidden) && Number(width ?? 1) !== 0) return undefined
  const from = wholeNumber(min, LAST_COLUMN)
  const to = wholeNumber(max, LAST_COLUMN)
  return from === undefined || to === undefined || from < 1 || to < from ? undefined : [from, to]
}

/** Ranges in order; ones that touch become one, so that no file makes the list longer than the sheet is wide. */
function joined(ranges: readonly [number, number][]): [number, number][] {
  const whole: [number, number][] = []
  for (const [from, to] of [...ranges].sort((a, b) => a[0] - b[0])) {
    const last = whole.at(-1)
    if (last && from <= last[1] + 1) last[1] = Math.max(last[1], to)
    else whole.push([from, to])
  }
  return whole
}
