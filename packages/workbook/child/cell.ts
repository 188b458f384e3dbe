import { type Place, Refused } from '../refusals.ts'
import { type CellFlag, type CellType, cellFlags, cellTypes } from '../table.ts'
import type { Book } from './book.ts'
import { filled } from './number-format.ts'
import { numberText } from './number-text.ts'
import { serialText } from './serial.ts'
import { isKeepable, unescaped } from './strings.ts'
import { wholeNumber } from './xml.ts'

/** A cell as it stands in the sheet's XML. */
export interface CellSource {
  /** The attribute `t`: s, str, inlineStr, n, b, e, d. */
  type: string
  style: number
  value: string | undefined
  inline: string | undefined
  formula: boolean
}

/** A cell as it goes to the parent: type by its index, one bit for each flag. */
export interface ReadCell {
  type: number
  flags: number
  text: string
}

const typeIndex = Object.fromEntries(cellTypes.map((type, at) => [type, at])) as Record<CellType, number>
const flagBit = Object.fromEntries(cellFlags.map((flag, at) => [flag, 1 << at])) as Record<CellFlag, number>
const DATE_LENGTH = 10

/** What a cell holds; undefined for an empty one. */
export function cellOf(source: CellSource, book: Pick<Book, 'strings' | 'styles' | 'since1904'>, place: Place): ReadCell | undefined {
  const formula = source.formula ? flagBit.formula : 0
  const read = (type: CellType, text: string, flags = 0): ReadCell => ({ type: typeIndex[type], text, flags: flags | formula })
  const nothing = () => (source.formula ? read('empty', '') : undefined)
  const asText = (text: string) => {
    if (!isKeepable(text)) throw new Refused('table.bad_character', place)
    return text === '' ? nothing() : read('text', text)
  }
  const { value } = source
  const isInline = source.type === 'inlineStr'
  if (isInline ? value?.trim() : source.inline) throw new Refused('table.structure', place, { found: '单元格的类型和内容不一致' })
  switch (source.type) {
    case 'inlineStr':
      return asText(source.inline ?? '')
    case 's': {
      if (value === undefined) return nothing()
      const index = wholeNumber(value.trim(), Number.MAX_SAFE_INTEGER)
      const text = index === undefined ? undefined : book.strings[index]
      if (text === undefined) throw new Refused('table.string_index', place)
      return asText(text)
    }
    case 'str':
      return asText(unescaped(value ?? ''))
    case 'n':
      return value === undefined || value.trim() === '' ? nothing() : numberCell(value, source.style, book, place, read)
    case 'b':
      if (value === undefined) return nothing()
      if (value !== '0' && value !== '1') throw new Refused('table.structure', place, { found: '逻辑值不合规范' })
      return read('boolean', value === '1' ? 'TRUE' : 'FALSE')
    case 'e':
      return value === undefined ? nothing() : errorCell(value, place, read)
    case 'd':
      return value === undefined ? nothing() : isoDate(value, place, read)
    default:
      throw new Refused('table.structure', place, { found: '单元格类型不合规范' })
  }
}

type Read = (type: CellType, text: string, flags?: number) => ReadCell

function numberCell(raw: string, style: number, book: Pick<Book, 'styles' | 'since1904'>, place: Place, read: Read): ReadCell {
  const number = numberText(raw)
  if (!number) throw new Refused('table.structure', place, { found: '数值不合规范' })
  const lost = number.lostDigits ? flagBit['lost-digits'] : 0
  const shown = book.styles[style] ?? { as: 'plain' }
  if (shown.as === 'plain') return read('number', number.text, lost)
  if (shown.as === 'pattern') {
    const isDigits = !lost && /^\d+$/.test(number.text)
    return read(isDigits ? 'text' : 'number', isDigits ? filled(shown.pattern, number.text) : number.text, lost)
  }
  const text = serialText(Number(raw), shown.as, book.since1904)
  if (text === undefined) return read('number', number.text, flagBit['no-such-date'] | lost)
  if (shown.as === 'time' || shown.as === 'span') return read('time', text)
  return read(text.length > DATE_LENGTH ? 'datetime' : 'date', text)
}

function errorCell(value: string, place: Place, read: Read): ReadCell {
  if (!/^#[A-Z0-9_/!?]{1,30}$/.test(value)) throw new Refused('table.structure', place, { found: '错误值不合规范' })
  return read('error', value)
}

/** Dates that the file itself writes as such (ISO 8601, rarely used). */
function isoDate(value: string, place: Place, read: Read): ReadCell {
  const parts = /^(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2}:\d{2})(?:\.\d{1,9})?Z?)?$/.exec(value.trim())
  const date = parts?.[1]
  const isDay = date !== undefined && new Date(`${date}T00:00:00Z`).toJSON()?.startsWith(date)
  if (!isDay) throw new Refused('table.structure', place, { found: '日期值不合规范' })
  const time = parts?.[2]
  return time === undefined || time === '00:00:00' ? read('date', date) : read('datetime', `${date} ${time}`)
}
