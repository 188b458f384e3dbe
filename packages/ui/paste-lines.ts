// SPDX-License-Identifier: Apache-2.0
import { readIdentifier } from './identifier.ts'
import { type MoneyUnit, readAmount } from './money.ts'
import { references } from './reference.ts'
import { type Choice, type FormField, type FormLine, type FormValues, type LinesField, newLine, readDate } from './step-form.ts'

/** A table as spreadsheets put it on the clipboard: tabs between cells, quotes around cells that hold line breaks. */
export function readSheet(text: string): string[][] {
  const rows: string[][] = [[]]
  let cell = ''
  let quoted = false
  const plain = text.replace(/\r\n?/g, '\n').replace(/\n+$/, '')
  const endCell = () => {
    rows.at(-1)?.push(cell.trim())
    cell = ''
  }
  for (let index = 0; index < plain.length; index += 1) {
    const character = plain[index]
    if (quoted && character === '"' && plain[index + 1] === '"') {
      cell += '"'
      index += 1
    } else if (character === '"' && (quoted || cell === '')) quoted = !quoted
    else if (!quoted && character === '\t') endCell()
    else if (!quoted && character === '\n') {
      endCell()
      rows.push([])
    } else cell += character
  }
  endCell()
  return rows
}

/** Reads one pasted cell as a field's value, or says why it cannot. Nothing is guessed and nothing rounded. */
export function readCell(field: FormField, text: string, unit: MoneyUnit): { value: unknown } | { error: string } {
  const plain = text.trim()
  if (plain === '') return { value: undefined }
  switch (field.type) {
    case 'money':
      return asValue(readAmount(plain, unit))
    case 'count': {
      const digits = plain.normalize('NFKC').replaceAll(',', '').replace(/%$/, '')
      return /^\d{1,15}$/.test(digits) ? { value: Number(digits) } : { error: `“${plain}”不是整数` }
    }
    case 'date': {
      const date = readDate(plain)
      return date === undefined ? { error: `“${plain}”不是存在的日期` } : { value: date }
    }
    case 'choice': {
      const choice = field.choices.find((one) => one.title === plain || one.value === plain)
      return choice ? { value: choice.value } : { error: `“${plain}”不在可选范围之内` }
    }
    case 'choices':
      return readChoices(field.choices, plain)
    case 'identifier':
      return readIdentifier(field.of, plain)
    case 'reference':
      return { error: `“${plain}”请从${references[field.of].word}中查找选择` }
    case 'lines':
      return { error: '不能粘贴到明细中' }
    default:
      return { value: field.type === 'text' || field.type === 'enterprise' ? plain.replaceAll('\n', ' ') : plain }
  }
}

function asValue(read: { fen: number } | { error: string }): { value: number } | { error: string } {
  return 'fen' in read ? { value: read.fen } : read
}

/** Several choices in one cell, as offices write them: 市级财政、自有收入. */
function readChoices(choices: readonly Choice[], text: string): { value: unknown } | { error: string } {
  const named = text.split(/[、，,；;\s]+/).filter((one) => one !== '')
  const read = named.map((one) => choices.find(({ value, title }) => title === one || value === one)?.value)
  const unknown = named.find((_one, index) => read[index] === undefined)
  return unknown === undefined ? { value: read } : { error: `“${unknown}”不在可选范围之内` }
}

/** What a paste changed. */
export interface Pasted {
  lines: FormLine[]
  /** Cells that could not be read, by line and field; their text stays in the cell. */
  unread: { line: number; field: FormField; error: string }[]
  /** Rows that found no place. */
  left: number
  /** Columns of the pasted table that this form does not have, by their heading. */
  foreign: string[]
  /** Rows that only sum up the others (合计). */
  sums: number
}

/** A column of a pasted table: its field, and the unit its heading names. */
interface PastedColumn {
  field: FormField | undefined
  unit: MoneyUnit
  title: string
}

/**
 * Lays a pasted table over the lines, from a line and a column on. A first row of column titles decides columns and units; a column of
 * row numbers and rows of sums are left out. A cell that cannot be read keeps its text and is named.
 */
export function pasteLines(
  field: LinesField,
  lines: readonly FormLine[],
  rows: readonly (readonly string[])[],
  at: { line: number; column: number },
  unit: MoneyUnit,
): Pasted {
  const heading = headingOf(field, rows[0] ?? [], unit)
  const filled = (heading ? rows.slice(1) : rows).filter((row) => row.some((cell) => cell !== ''))
  const body = filled.filter((row) => !isSum(row))
  const columns = heading ?? columnsFrom(field, body, at.column, unit)
  const result = [...lines]
  const unread: Pasted['unread'] = []
  const taken = body.slice(0, Math.max(0, field.maxLines - at.line))
  taken.forEach((row, offset) => {
    const line = at.line + offset
    const before = result[line] ?? newLine()
    const { values, wrong } = pasteRow(columns, row, before.values)
    result[line] = { ...before, values }
    unread.push(...wrong.map((one) => ({ line, ...one })))
  })
  const foreign = (heading ?? []).flatMap((column) =>
    column.field || column.title === '' || isRowNumber(column.title) ? [] : [column.title],
  )
  return { lines: result, unread, left: body.length - taken.length, foreign, sums: filled.length - body.length }
}

function pasteRow(columns: readonly PastedColumn[], row: readonly string[], before: FormValues) {
  const values: Record<string, unknown> = { ...before }
  const wrong: { field: FormField; error: string }[] = []
  columns.forEach(({ field, unit }, index) => {
    const text = row[index]
    if (!field || text === undefined) return
    const read = readCell(field, text, unit)
    // Of a register only a choice will do: a name would stand there as if it were one.
    values[field.id] = 'value' in read ? read.value : field.type === 'reference' ? undefined : text
    if ('error' in read) wrong.push({ field, error: read.error })
  })
  return { values, wrong }
}

function isSum(row: readonly string[]): boolean {
  return /^(?:合计|总计|小计|共计)[:：]?$/.test((row.find((cell) => cell !== '') ?? '').replaceAll(/\s/g, ''))
}

function isRowNumber(title: string): boolean {
  return /^(?:序号|编号|行号|行|No\.?)$/i.test(title)
}

/** Without a heading the columns count from the cell where the cursor stands; a leading column 1, 2, 3 … is the table's own numbering. */
function columnsFrom(field: LinesField, rows: readonly (readonly string[])[], from: number, unit: MoneyUnit): PastedColumn[] {
  const columns = field.fields.slice(from).map((one): PastedColumn => ({ field: one, unit, title: one.title }))
  const numbered = rows.length > 1 && rows.every((row, index) => row[0] === String(index + 1)) && field.fields[from]?.type !== 'count'
  return numbered ? [{ field: undefined, unit, title: '序号' }, ...columns] : columns
}

/** The columns when the row is a heading: at least one cell is a column's title, alone or with a unit, a star or a colon. */
function headingOf(field: LinesField, row: readonly string[], unit: MoneyUnit): PastedColumn[] | undefined {
  const columns = row.map((cell): PastedColumn => {
    const plain = cell.normalize('NFKC').replaceAll(/[\s*:]/g, '')
    const own = /[([]?(?:单位)?(万元|元)[)\]]?$/.exec(plain)?.[1]
    const title = plain.replace(/[([](?:单位)?(?:万元|元)[)\]]$/, '').replace(/[/／](?:万元|元)$/, '')
    return { field: fieldTitled(field, title), unit: own === '元' || own === '万元' ? own : unit, title }
  })
  return columns.some((column) => column.field !== undefined) ? columns : undefined
}

function fieldTitled(field: LinesField, title: string): FormField | undefined {
  const plain = (text: string) => text.replaceAll(/[\s（(].*$/g, '')
  return field.fields.find((one) => one.title === title) ?? field.fields.find((one) => plain(one.title) === title)
}
