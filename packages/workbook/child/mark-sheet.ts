import { textCell } from '../cell-xml.ts'
import { heightOf, OPINION_WIDTH } from '../opinion.ts'
import { columnName } from '../refusals.ts'
import type { MarkStyles } from './mark-styles.ts'
import { LAST_COLUMN } from './sheet.ts'
import { attributeOf, type Tag, tagOf, tagReader, withAttribute } from './tags.ts'

/** What one row gets: columns to mark, and the words of the last column. */
export interface RowMarks {
  columns: readonly number[]
  opinion?: string
  /** The style of the opinion, for the heading; the usual one otherwise. */
  opinionStyle?: number
}

/** What one sheet gets. */
export interface SheetMarks {
  rows: ReadonlyMap<number, RowMarks>
  /** The column of the opinions (校验意见); what stood in it before was ours and goes. */
  opinionColumn: number
}

const skipped = new Set(['extLst', 'AlternateContent'])

/** Writes a sheet's XML with the marks in it. Every token that is not marked is passed on as it came. */
export async function* markedSheet(pieces: AsyncIterable<string>, marks: SheetMarks, styles: MarkStyles): AsyncGenerator<string> {
  const reader = tagReader()
  const write = sheetMarker(marks, styles)
  for await (const piece of pieces) yield reader.push(piece).map(write).join('')
  yield reader.end().map(write).join('')
}

function sheetMarker(marks: SheetMarks, styles: MarkStyles): (token: string) => string {
  const rows = rowMarker(marks, styles)
  const columns = columnMarker(marks.opinionColumn)
  let part: 'before' | 'rows' | 'after' = 'before'
  let skippedName: string | undefined
  let depth = 0
  return (token) => {
    const tag = tagOf(token)
    if (skippedName !== undefined) {
      if (tag?.local === skippedName) depth += tag.kind === 'open' ? 1 : tag.kind === 'close' ? -1 : 0
      if (depth === 0) skippedName = undefined
      return token
    }
    if (tag && skipped.has(tag.local) && tag.kind === 'open') {
      skippedName = tag.local
      depth = 1
      return token
    }
    if (part === 'after' || !tag) return part === 'rows' && !tag ? rows.between(token) : token
    if (tag.local === 'sheetData') {
      part = tag.kind === 'open' ? 'rows' : 'after'
      if (tag.kind === 'close') return rows.rest(tag.prefix) + token
      const open = `${columns.missing(tag.prefix)}${tag.kind === 'alone' ? `${token.slice(0, -2).trimEnd()}>` : token}`
      return tag.kind === 'alone' ? `${open}${rows.rest(tag.prefix)}</${tag.prefix}sheetData>` : open
    }
    if (part === 'rows') return rows.tag(token, tag)
    return tag.local === 'dimension' && tag.kind !== 'close' ? dimension(token, marks) : columns.tag(token, tag)
  }
}

/** What says how far the sheet reaches; programs that believe it must find the opinions too. */
function dimension(token: string, { rows, opinionColumn }: SheetMarks): string {
  const parts = /^([A-Z]{1,3})(\d{1,7})(?::([A-Z]{1,3})(\d{1,7}))?$/.exec(attributeOf(token, 'ref') ?? '')
  if (!parts) return token
  const [, left = 'A', top = '1', , bottom = top] = parts
  const numbers = [...rows.keys()]
  const first = Math.min(Number(top), ...numbers.slice(0, 1))
  const last = numbers.reduce((most, row) => Math.max(most, row), Number(bottom))
  return withAttribute(token, 'ref', `${left}${first}:${columnName(opinionColumn)}${last}`)
}

/** Gives the column of the opinions its width, within the order that the format asks for; ranges that reach over it are cut. */
function columnMarker(opinionColumn: number): { tag(token: string, tag: Tag): string; missing(prefix: string): string } {
  let isThere = false
  let drops = false
  const own = (prefix: string) => {
    if (isThere) return ''
    isThere = true
    return `<${prefix}col min="${opinionColumn}" max="${opinionColumn}" width="${OPINION_WIDTH}" customWidth="1"/>`
  }
  const range = (token: string, from: number, to: number) =>
    from > to ? '' : withAttribute(withAttribute(token, 'min', String(from)), 'max', String(to))
  return {
    tag(token, tag) {
      if (tag.local === 'cols') {
        if (tag.kind === 'alone') return `<${tag.prefix}cols>${own(tag.prefix)}</${tag.prefix}cols>`
        return tag.kind === 'close' ? own(tag.prefix) + token : token
      }
      if (tag.local !== 'col') return token
      if (tag.kind === 'close') return drops ? '' : token
      drops = tag.kind === 'open'
      const alone = drops ? `${token.slice(0, -1).trimEnd()}/>` : token
      const [from, to] = [Number(attributeOf(token, 'min')), Number(attributeOf(token, 'max'))]
      if (!(from <= to) || to < opinionColumn) return alone
      if (from > opinionColumn) return own(tag.prefix) + alone
      return range(alone, from, opinionColumn - 1) + own(tag.prefix) + range(alone, opinionColumn + 1, Math.min(to, LAST_COLUMN))
    },
    missing: (prefix) => (isThere ? '' : `<${prefix}cols>${own(prefix)}</${prefix}cols>`),
  }
}

interface RowMarker {
  tag(token: string, tag: Tag): string
  /** What stands between tags, inside a cell or not. */
  between(token: string): string
  /** Rows that the sheet does not have, behind its last. */
  rest(prefix: string): string
}

function rowMarker({ rows, opinionColumn }: SheetMarks, styles: MarkStyles): RowMarker {
  const numbers = [...rows.keys()].sort((a, b) => a - b)
  let nextNumber = 0
  let row = 0
  let column = 0
  /** Columns of this row that are still to come, in order. */
  let wanted: number[] = []
  let drops = false

  const markOf = (number: number) => rows.get(number)
  function wantedOf(number: number): number[] {
    const mark = markOf(number)
    if (!mark) return []
    const columns = new Set(mark.columns.filter((one) => one !== opinionColumn))
    if (mark.opinion !== undefined) columns.add(opinionColumn)
    return [...columns].sort((a, b) => a - b)
  }

  function newCell(at: number, prefix: string): string {
    const mark = markOf(row)
    if (at === opinionColumn) return textCell(row, at, mark?.opinion ?? '', mark?.opinionStyle ?? styles.opinion(), prefix)
    return `<${prefix}c r="${columnName(at)}${row}" s="${styles.faulty(0)}"/>`
  }

  /** The wanted cells before a column that the sheet does not have. */
  function until(before: number, prefix: string): string {
    let cells = ''
    while (wanted[0] !== undefined && wanted[0] < before) cells += newCell(wanted.shift() ?? 0, prefix)
    return cells
  }

  function rowsUntil(before: number, prefix: string): string {
    let text = ''
    for (let number = numbers[nextNumber]; number !== undefined && number < before; number = numbers[++nextNumber]) {
      row = number
      wanted = wantedOf(number)
      text += `${tall(`<${prefix}row r="${number}">`)}${until(LAST_COLUMN + 1, prefix)}</${prefix}row>`
    }
    return text
  }

  /** The tag of the row at hand, tall enough for its words and never lower than it was. */
  function tall(token: string): string {
    const needed = heightOf(markOf(row)?.opinion ?? '')
    const had = Number(attributeOf(token, 'ht') ?? 0)
    return needed === undefined || had >= needed ? token : withAttribute(token, 'ht', String(needed))
  }

  function openRow(token: string, tag: Tag): string {
    const before = row
    const number = Number(attributeOf(token, 'r') ?? before + 1)
    const added = rowsUntil(number, tag.prefix)
    row = number
    column = 0
    wanted = wantedOf(number)
    if (numbers[nextNumber] === number) nextNumber += 1
    if (wanted.length === 0) return added + token
    // `spans` is a hint on where the cells stand, and would no longer be true.
    const plain = tall(withAttribute(token, 'spans', undefined))
    if (tag.kind === 'open') return added + plain
    return `${added}${plain.slice(0, -2).trimEnd()}>${until(LAST_COLUMN + 1, tag.prefix)}</${tag.prefix}row>`
  }

  function openCell(token: string, tag: Tag): string {
    const reference = attributeOf(token, 'r')
    column = reference === undefined ? column + 1 : columnNumber(reference)
    const added = until(column, tag.prefix)
    if (column === opinionColumn) {
      drops = tag.kind === 'open'
      if (wanted[0] !== column) return added
      return added + newCell(wanted.shift() ?? 0, tag.prefix)
    }
    const base = Number(attributeOf(token, 's') ?? 0)
    const cured = styles.cured(base)
    if (wanted[0] !== column) return added + (cured === undefined ? token : withAttribute(token, 's', String(cured)))
    wanted.shift()
    return added + (cured === undefined ? withAttribute(token, 's', String(styles.faulty(base))) : token)
  }

  return {
    tag(token, tag) {
      if (drops) {
        drops = !(tag.local === 'c' && tag.kind === 'close')
        return ''
      }
      if (tag.local === 'row') return tag.kind === 'close' ? until(LAST_COLUMN + 1, tag.prefix) + token : openRow(token, tag)
      return tag.local === 'c' && tag.kind !== 'close' ? openCell(token, tag) : token
    },
    between: (token) => (drops ? '' : token),
    rest: (prefix) => rowsUntil(Number.POSITIVE_INFINITY, prefix),
  }
}

function columnNumber(reference: string): number {
  let column = 0
  for (let at = 0; at < reference.length; at++) {
    const letter = reference.charCodeAt(at) - 64
    if (letter < 1 || letter > 26) break
    column = column * 26 + letter
  }
  return column
}
