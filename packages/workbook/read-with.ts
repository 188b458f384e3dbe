import { findHeader, type Header } from './header.ts'
import type { TableFinding } from './opinion.ts'
import type { Profile, ProfileColumn, ProfileRow } from './profile.ts'
import { columnName, Refused } from './refusals.ts'
import { inWords } from './refused-table.ts'
import { type Cell, cellFinder, type Row, type Sheet, type Table } from './table.ts'
import { readValue, shortened } from './values.ts'

/** A table read by a profile: values by item for each row, and what is wrong with which cell. */
export interface ReadRows {
  sheet: string
  header: Header<ProfileColumn>
  rows: readonly { row: number; values: ProfileRow }[]
  findings: readonly TableFinding[]
  /** For `markTable`: where the headings stand. */
  headRows: Readonly<Record<string, number>>
}

/**
 * Reads a table by a profile. The sheet is found by its headings; a missing, doubled or ambiguous column refuses the table, a wrong cell is a finding and its
 * value is left out. A value that is merged over rows is each row's. @throws TableRefused `table.no_header`, `table.several_sheets`,
 * `table.columns_missing`, `table.columns_ambiguous`, `table.no_such_sheet`
 */
export function readWith(profile: Profile, table: Table, options: { sheet?: string } = {}): ReadRows {
  return inWords(() => {
    const { sheet, header } = chosen(profile, table, options.sheet)
    refuseUnclear(sheet, header)
    const findings = [...aside(sheet, header, table)]
    const cellAt = cellFinder(sheet)
    const rows: { row: number; values: ProfileRow }[] = []
    for (const row of sheet.rows) {
      if (row.row <= header.lastRow || !hasContent(row, header)) continue
      if (repeatsHeader(row, sheet, header)) {
        findings.push(wholeRow(sheet.name, row.row, 'table.header_again', '数据中间又有一行表头', '请删除这一行'))
        continue
      }
      if (row.hidden) findings.push(hiddenRow(sheet.name, row.row))
      rows.push({ row: row.row, values: valuesOf(row.row, sheet.name, header, cellAt, findings) })
    }
    return { sheet: sheet.name, header, rows, findings, headRows: { [sheet.name]: header.lastRow } }
  })
}

function chosen(profile: Profile, table: Table, name: string | undefined): { sheet: Sheet; header: Header<ProfileColumn> } {
  const asked = name === undefined ? table.sheets.filter(({ hidden }) => !hidden) : table.sheets.filter((sheet) => sheet.name === name)
  if (name !== undefined && asked.length === 0) throw new Refused('table.no_such_sheet', {}, { found: name })
  const found = asked.flatMap((sheet) => {
    const header = findHeader(sheet, profile.columns)
    return header ? [{ sheet, header }] : []
  })
  // A sheet of explanations may name some columns; the one that has them all is meant.
  const whole = found.filter(({ header }) => header.missing.length === 0)
  const candidates = whole.length > 0 ? whole : found
  const named = candidates.filter(({ sheet }) => sheet.name === profile.sheet)
  const [only, ...others] = named.length === 1 ? named : candidates
  if (!only) throw new Refused('table.no_header', {}, { found: titles(profile.columns.filter(({ required }) => required)) })
  if (others.length > 0)
    throw new Refused('table.several_sheets', {}, { found: candidates.map(({ sheet }) => `“${sheet.name}”`).join('、') })
  return only
}

function refuseUnclear({ name }: Sheet, header: Header<ProfileColumn>): void {
  const place = { sheet: name, row: header.lastRow }
  if (header.ambiguous.length > 0) {
    const parts = header.ambiguous.map(({ titles, columns }) => `${columns.map(columnName).join('、')} 列与“${titles.join('”“')}”`)
    throw new Refused('table.columns_ambiguous', place, { found: parts.join('；') })
  }
  if (header.missing.length > 0) throw new Refused('table.columns_missing', place, { found: titles(header.missing) })
}

function titles(columns: readonly ProfileColumn[]): string {
  return columns.map(({ title }) => title).join('、')
}

/** What was not read although it is there: unknown columns, hidden columns, hidden sheets. */
function* aside(sheet: Sheet, header: Header<ProfileColumn>, table: Table): Generator<TableFinding> {
  const at = (column: number, value: string) => ({ severity: 'warning' as const, sheet: sheet.name, row: header.lastRow, column, value })
  for (const { column, title } of header.unknown)
    yield {
      ...at(column, title),
      rule: 'table.unknown_column',
      message: `“${shortened(title)}”不是模板中的列，没有导入`,
      fix: '需要导入的，请改为模板中的列名',
    }
  for (const [{ title }, column] of header.columns)
    if (sheet.hiddenColumns.some(([from, to]) => from <= column && column <= to))
      yield { ...at(column, title), rule: 'table.hidden_column', message: `“${title}”列是隐藏的，仍按内容导入`, fix: '请取消隐藏并核对' }
  for (const other of table.sheets)
    if (other.hidden && other.rows.length > 0 && other !== sheet)
      yield wholeRow(
        sheet.name,
        header.lastRow,
        'table.hidden_sheet',
        `隐藏的工作表“${shortened(other.name)}”没有导入`,
        '需要导入的，请取消隐藏',
      )
}

function wholeRow(sheet: string, row: number, rule: string, message: string, fix: string): TableFinding {
  return { rule, severity: rule === 'table.header_again' ? 'error' : 'warning', sheet, row, value: '', message, fix }
}

function hiddenRow(sheet: string, row: number): TableFinding {
  return wholeRow(sheet, row, 'table.hidden_row', '本行是隐藏的（可能由筛选造成），仍按内容导入', '不需要导入的，请删除本行')
}

/** A row whose known columns are all empty is no record, whatever stands beside them. */
function hasContent({ cells }: Row, header: Header<ProfileColumn>): boolean {
  const known = new Set(header.columns.values())
  return cells.some(({ column }) => known.has(column))
}

/** Printed tables repeat their headings on each page. */
function repeatsHeader(row: Row, sheet: Sheet, header: Header<ProfileColumn>): boolean {
  const own = sheet.rows.find((one) => one.row === header.lastRow)
  const same = (cell: Cell) => own?.cells.some(({ column, text }) => column === cell.column && text === cell.text)
  return row.cells.length >= 2 && row.cells.every(same)
}

function valuesOf(
  row: number,
  sheet: string,
  header: Header<ProfileColumn>,
  cellAt: (row: number, column: number) => Cell | undefined,
  findings: TableFinding[],
): ProfileRow {
  const values: Record<string, string> = Object.create(null)
  for (const [profileColumn, column] of header.columns) {
    const cell = cellAt(row, column)
    // A range that is merged over columns shows its content in the first of them only.
    const own = cell?.column === column ? cell : undefined
    const at = { sheet, row, column, value: own?.text ?? '' }
    const faults = own ? cellFaults(own) : []
    findings.push(...faults.map((fault) => ({ ...fault, ...at })))
    if (faults.some(({ severity }) => severity === 'error')) continue
    if (!own || own.text.trim() === '') {
      if (profileColumn.required) findings.push({ ...at, ...required(profileColumn) })
      if (own && !profileColumn.codes && (profileColumn.kind ?? 'text') === 'text' && own.text !== '') values[profileColumn.item] = own.text
      continue
    }
    const read = readValue(profileColumn, own)
    if ('value' in read) values[profileColumn.item] = read.value
    else findings.push({ ...at, ...read, severity: 'error' })
  }
  return values
}

type Fault = Pick<TableFinding, 'rule' | 'severity' | 'message' | 'fix'>

function required({ title }: ProfileColumn): Fault {
  return { rule: 'table.required', severity: 'error', message: `“${title}”没有填写`, fix: `请填写“${title}”` }
}

/** What is wrong with a cell whatever its column says. */
function cellFaults({ type, flags }: Cell): Fault[] {
  const faults: Fault[] = []
  const error = (rule: string, message: string, fix: string) => faults.push({ rule, severity: 'error', message, fix })
  if (type === 'error') error('table.error_cell', '单元格是公式错误值', '请改正公式，或者直接填写内容')
  if (type === 'empty') error('table.formula_without_result', '公式还没有计算结果', '请用 Excel 或 WPS 打开并保存一次，或者直接填写内容')
  if (flags.includes('lost-digits'))
    error('table.lost_digits', '超过 15 位的数字已经丢失末尾的数字', '请将该列设为“文本”格式后重新录入完整的号码')
  if (flags.includes('no-such-date')) error('table.no_such_date', '单元格设为日期格式，但没有这一天', '请重新填写日期')
  if (faults.length === 0 && flags.includes('formula'))
    faults.push({
      rule: 'table.formula',
      severity: 'warning',
      message: '单元格是公式，按最近一次的计算结果导入',
      fix: '请核对，或者直接填写内容',
    })
  return faults
}
