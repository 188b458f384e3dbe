import { Refused } from '../refusals.ts'
import type { Table } from '../table.ts'

export type Delimiter = NonNullable<Table['delimiter']>

const delimiters: readonly Delimiter[] = [',', '\t', ';']
const LOOKED_AT = 20

/**
 * Reads CSV record by record (RFC 4180): quotes, doubled quotes, line ends within quotes, CR LF, LF or CR. A record is a row, as in a spreadsheet.
 * `cellLength` ends what an open quote would swallow. @throws Refused with row and column
 */
export function* recordsOf(text: string, delimiter: Delimiter, cellLength: number): Generator<string[]> {
  let at = 0
  for (let row = 1; at < text.length; row++) {
    const fields: string[] = []
    for (;;) {
      const place = { row, column: fields.length + 1 }
      const field = text[at] === '"' ? quoted(text, at, place, cellLength) : bare(text, at, delimiter)
      fields.push(field.text)
      at = field.end
      const sign = text[at]
      if (sign === delimiter) {
        at += 1
        continue
      }
      if (sign === '\r') at += text[at + 1] === '\n' ? 2 : 1
      else if (sign === '\n') at += 1
      else if (sign !== undefined) throw new Refused('table.text_after_quote', place)
      break
    }
    yield fields
  }
}

interface Field {
  text: string
  /** Where the field ends. */
  end: number
}

function quoted(text: string, start: number, place: { row: number; column: number }, cellLength: number): Field {
  let [field, from] = ['', start + 1]
  for (;;) {
    const quote = text.indexOf('"', from)
    if (quote < 0) throw new Refused('table.open_quote', place)
    field += text.slice(from, quote)
    if (field.length > cellLength) throw new Refused('table.cell_too_long', place, { limit: cellLength })
    if (text[quote + 1] !== '"') return { text: field, end: quote + 1 }
    field += '"'
    from = quote + 2
  }
}

function bare(text: string, start: number, delimiter: Delimiter): Field {
  let end = start
  for (; end < text.length; end++) {
    const sign = text[end]
    if (sign === delimiter || sign === '\n' || sign === '\r') break
  }
  return { text: text.slice(start, end), end }
}

/** What parts the fields: the sign that gives the first records the most columns, and the same number in most of them. */
export function delimiterOf(text: string, cellLength: number): Delimiter {
  const judged = delimiters.map((delimiter) => ({ delimiter, ...judge(text, delimiter, cellLength) }))
  const [best] = judged.toSorted(
    (a, b) => b.agreeing * Math.min(b.columns - 1, 1) - a.agreeing * Math.min(a.columns - 1, 1) || b.columns - a.columns,
  )
  return best && best.columns > 1 ? best.delimiter : ','
}

/** The most frequent number of fields in the first records that are not blank, and how many have it. Records after a broken quote are not looked at. */
function judge(text: string, delimiter: Delimiter, cellLength: number): { columns: number; agreeing: number } {
  const counts = new Map<number, number>()
  let looked = 0
  try {
    for (const fields of recordsOf(text, delimiter, cellLength)) {
      if (fields.length === 1 && fields[0] === '') continue
      counts.set(fields.length, (counts.get(fields.length) ?? 0) + 1)
      looked += 1
      if (looked === LOOKED_AT) break
    }
  } catch (error) {
    if (!(error instanceof Refused)) throw error
  }
  const [columns = 1, agreeing = 0] = [...counts].toSorted((a, b) => b[1] - a[1] || b[0] - a[0])[0] ?? []
  return { columns, agreeing }
}
