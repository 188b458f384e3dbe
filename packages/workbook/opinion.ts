import { columnName } from './refusals.ts'

/** The heading of the column that we add (校验意见). A column of this name is ours: it is not read, and written anew. */
export const OPINION_TITLE = '校验意见'

/** One fault of a table, as `POST /api/v1/catalog/validate` tells it. Row and column as the spreadsheet counts, from 1; without a column the whole row. */
export interface TableFinding {
  /** Id of the rule, such as `R01` or `table.required`. */
  rule: string
  severity: 'error' | 'warning'
  sheet: string
  row: number
  column?: number
  /** What stands in the cell. */
  value: string
  message: string
  /** What cures it. */
  fix: string
}

/** Characters of one cell, with room for the last line. */
const LONGEST = 32_000

/** The words of one row's findings, from left to right. */
export function opinionOf(findings: readonly TableFinding[]): string {
  const ordered = findings.toSorted((a, b) => (a.column ?? 0) - (b.column ?? 0))
  let text = ''
  for (const [at, finding] of ordered.entries()) {
    const line = `${at === 0 ? '' : '\n'}${lineOf(finding)}`
    if (text.length + line.length > LONGEST) return `${text}\n另有 ${ordered.length - at} 条意见未列出。`
    text += line
  }
  return text
}

function lineOf({ rule, severity, column, message, fix }: TableFinding): string {
  const where = column === undefined ? '' : `${columnName(column)} 列 `
  const line = `【${severity === 'error' ? '错误' : '提醒'}】${where}${ended(message)}${ended(fix)}（${rule}）`
  return line.slice(0, LONGEST).toWellFormed()
}

function ended(text: string): string {
  return text === '' || /[。！？]$/.test(text) ? text : `${text}。`
}

/** Width of the column, in digits of the usual letter; a Chinese character takes two. */
export const OPINION_WIDTH = 60
const POINTS_PER_LINE = 15
/** The tallest row that a spreadsheet has. */
const TALLEST = 409

/** Points that a row needs to show all its words; undefined for one line, which every row shows. Not every program works it out when it opens a file. */
export function heightOf(opinion: string): number | undefined {
  const lines = opinion.split('\n').reduce((sum, line) => sum + Math.max(1, Math.ceil(digitsOf(line) / (OPINION_WIDTH - 2))), 0)
  return lines > 1 ? Math.min(lines * POINTS_PER_LINE, TALLEST) : undefined
}

function digitsOf(line: string): number {
  let digits = 0
  for (let at = 0; at < line.length; at++) digits += line.charCodeAt(at) < 0x2e80 ? 1 : 2
  return digits
}
