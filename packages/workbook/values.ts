import { folded } from './fold.ts'
import type { CodeValue, ProfileColumn } from './profile.ts'
import type { Cell } from './table.ts'

/** A value read from a cell, or why not. */
export type ReadValue =
  | { value: string }
  | { rule: 'table.no_such_code' | 'table.no_such_date' | 'table.no_such_number'; message: string; fix: string }

/** What a column makes of a cell's text. Text stays as it is to the last space; codes, dates and numbers have one notation. */
export function readValue(column: ProfileColumn, cell: Pick<Cell, 'text' | 'type' | 'flags'>): ReadValue {
  if (column.codes) return codeOf(column.title, column.codes, cell.text)
  if (column.kind === 'date') return dateOf(column.title, cell)
  if (column.kind === 'number') return numberOf(column.title, cell.text)
  return { value: cell.text }
}

const SHOWN = 12

/** Label or code, or both together as lists often show them (1 无条件共享). */
function codeOf(title: string, codes: readonly CodeValue[], text: string): ReadValue {
  const exact = codes.find(({ code, label }) => text === label || text === code)
  if (exact) return { value: exact.code }
  const asked = folded(text)
  const found = codes.filter(({ code, label }) => [folded(label), folded(code), folded(code + label), folded(label + code)].includes(asked))
  if (found.length === 1 && found[0] && asked !== '') return { value: found[0].code }
  const labels = codes.slice(0, SHOWN).map(({ label }) => label)
  const list = `${labels.join('、')}${codes.length > SHOWN ? ` 等 ${codes.length} 项` : ''}`
  return { rule: 'table.no_such_code', message: `“${title}”没有“${shortened(text)}”这一项`, fix: `请填写：${list}` }
}

const DATE = /^(\d{4})(?:-(\d{1,2})-(\d{1,2})|\/(\d{1,2})\/(\d{1,2})|\.(\d{1,2})\.(\d{1,2})|年(\d{1,2})月(\d{1,2})日|(\d{2})(\d{2}))$/

/** A day in one of the notations that leave no doubt: the year first, with four digits. */
function dateOf(title: string, { text, type, flags }: Pick<Cell, 'text' | 'type' | 'flags'>): ReadValue {
  if (type === 'date') return { value: text }
  const [, year = '', ...parts] = DATE.exec(text.normalize('NFKC').trim()) ?? []
  const [month = '', day = ''] = parts.filter((part) => part !== undefined)
  const date = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
  if (year !== '' && !flags.includes('no-such-date') && isDay(date)) return { value: date }
  return { rule: 'table.no_such_date', message: `“${title}”不是日期“${shortened(text)}”`, fix: '请按“年-月-日”填写，例如 2026-01-09' }
}

/** Whether a date of the right shape exists. */
export function isDay(date: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date) || date.startsWith('0000')) return false
  const day = new Date(`${date}T00:00:00Z`)
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(date)
}

const NUMBER = /^[+-]?\d+(?:\.\d+)?$/
const GROUPED = /^[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?$/

function numberOf(title: string, text: string): ReadValue {
  if (NUMBER.test(text)) return { value: text }
  const plain = text.normalize('NFKC').trim()
  if (NUMBER.test(plain)) return { value: plain }
  if (GROUPED.test(plain)) return { value: plain.replaceAll(',', '') }
  return { rule: 'table.no_such_number', message: `“${title}”不是数字“${shortened(text)}”`, fix: '请只填写数字，不带单位和文字' }
}

const QUOTED = 40

/** A value as a message quotes it. */
export function shortened(text: string): string {
  const points = [...text.slice(0, QUOTED * 2 + 2)]
  return points.length > QUOTED ? `${points.slice(0, QUOTED).join('')}…` : text
}
