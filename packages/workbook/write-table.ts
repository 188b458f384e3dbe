import { style, type WrittenCell, type WrittenRow, type WrittenSheet, workbookPieces } from './book-xml.ts'
import type { Profile, ProfileColumn, ProfileRow } from './profile.ts'
import { worded } from './read-table.ts'
import { Refused } from './refusals.ts'
import { inWords } from './refused-table.ts'
import { isDay } from './values.ts'

const WIDTH = 18
const DAY_MS = 86_400_000
/** Before March 1900 the serial numbers of spreadsheets are off by a day that never was. */
const FIRST_DAY = '1900-03-01'
const EPOCH = Date.UTC(1899, 11, 30)
const KEPT_DIGITS = 15

/**
 * The rows as a workbook in the layout of a profile: labels for codes, real dates, lists to choose from, everything else text, so that what is read back with
 * `readWith` is what was written. @throws TableRefused `table.cannot_write` for what no cell holds
 */
export async function writeTable(profile: Profile, rows: Iterable<ProfileRow>): Promise<Buffer> {
  return writeTables([{ profile, rows }])
}

/** The same for tables of several sheets, one profile for each. */
export async function writeTables(sheets: readonly { profile: Profile; rows: Iterable<ProfileRow> }[]): Promise<Buffer> {
  const pieces = await worded(workbookPieces(sheets.map(({ profile, rows }) => sheetOf(profile, rows))))
  return Buffer.concat([...pieces])
}

function sheetOf({ columns, sheet }: Profile, rows: Iterable<ProfileRow>): WrittenSheet {
  const choices = columns.flatMap(({ codes, choices }, at) => {
    const values = codes?.map(({ label }) => label) ?? choices ?? []
    return values.length > 0 ? [{ column: at + 1, values }] : []
  })
  return { name: sheet, widths: columns.map(({ width }) => width ?? WIDTH), headRow: 1, rows: written(columns, rows), choices }
}

/** An empty table to fill in (模板). */
export function writeTemplate(profile: Profile): Promise<Buffer> {
  return writeTable(profile, [])
}

function* written(columns: readonly ProfileColumn[], rows: Iterable<ProfileRow>): Generator<WrittenRow> {
  yield {
    row: 1,
    cells: columns.map(({ title, required }, at) => ({ column: at + 1, text: required ? `*${title}` : title, style: style.head })),
  }
  let row = 1
  for (const values of rows) {
    row += 1
    const at = row
    yield { row, cells: columns.flatMap((column, index) => inWords(() => cellFor(column, values, at, index + 1))) }
  }
}

function cellFor(column: ProfileColumn, values: ProfileRow, row: number, at: number): WrittenCell[] {
  const value = Object.hasOwn(values, column.item) ? values[column.item] : undefined
  if (value === undefined || value === '') return []
  if (column.codes) {
    const label = column.codes.find(({ code }) => code === value)?.label
    if (label === undefined) throw new Refused('table.cannot_write', { row, column: at }, { found: `“${column.title}”没有代码“${value}”` })
    return [{ column: at, text: label, style: style.text }]
  }
  if (column.kind === 'date' && isDay(value) && value >= FIRST_DAY)
    return [{ column: at, number: String((Date.parse(`${value}T00:00:00Z`) - EPOCH) / DAY_MS), style: style.date }]
  if (column.kind === 'number' && isKept(value)) return [{ column: at, number: value, style: style.number }]
  return [{ column: at, text: value, style: style.text }]
}

/** Whether a spreadsheet keeps the number to the last sign as it is written here. */
function isKept(value: string): boolean {
  return /^-?(?:0|[1-9]\d*)(?:\.\d*[1-9])?$/.test(value) && value !== '-0' && value.replace(/\D/g, '').length <= KEPT_DIGITS
}
