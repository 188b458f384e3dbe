import { type ListColumn, type ListColumnKind, parseCivilDate } from '@tongchou/kernel'

/** What stands in a cell: numbers and dates as such, everything else as text. */
export type Cell = string | number | Date | null

/** How Excel shows a kind of column. */
export const cellFormats: Readonly<Record<ListColumnKind, string | null>> = {
  text: '@',
  reference: '@',
  money: '#,##0.00',
  integer: '0',
  date: 'yyyy-mm-dd',
  instant: 'yyyy-mm-dd hh:mm',
}

/** The cell of a column for one item of the list's answer. */
export function cellOf(column: ListColumn, item: unknown): Cell {
  const value = column.read(item)
  if (value === null || value === undefined) return null
  if (column.kind === 'money') return Number(value) / 100
  if (column.kind === 'integer') return Number(value)
  if (column.kind === 'date') return parseCivilDate(String(value)) === undefined ? harmless(String(value)) : new Date(`${value}T00:00:00Z`)
  if (column.kind === 'instant') return inShanghai(String(value))
  return harmless(String(value))
}

/** A text cell that begins like a formula is one for Excel as soon as somebody saves the sheet as CSV, so it is set apart. */
const FORMULA_LEAD = /^[\s\p{Cc}]*[=+\-@＝＋－＠\t\r\n]/u

/** The text with an apostrophe before it when it begins like a formula; unchanged otherwise. Control characters that no sheet can hold are left out. */
export function harmless(text: string): string {
  const led = FORMULA_LEAD.test(text)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: exactly these are not allowed in XML
  const clean = text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '').slice(0, LONGEST)
  return led ? `'${clean}` : clean
}

/** A cell of Excel holds 32,767 characters. */
const LONGEST = 32_000
const SHANGHAI_MS = 8 * 60 * 60 * 1000

/** A sheet knows no time zones: its dates are what a clock in Shanghai showed. */
function inShanghai(at: string): Date {
  return new Date(new Date(at).getTime() + SHANGHAI_MS)
}
