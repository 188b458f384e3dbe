import { cellFlags, cellTypes } from '../table.ts'

const TEXT = cellTypes.indexOf('text')
const LOST = 1 << cellFlags.indexOf('lost-digits')
/** What a spreadsheet makes of a number of twelve digits and more when it saves CSV: the digits after the sixth are gone. */
const SHORTENED = /^[+-]?\d\.\d+[Ee]\+(?:1[1-9]|[2-9]\d|\d{3})$/

/** A field of a CSV: always text, flagged where a spreadsheet has spoilt a long number before. */
export function csvCell(text: string): [type: number, flags: number, text: string] {
  return [TEXT, SHORTENED.test(text.trim()) ? LOST : 0, text]
}
