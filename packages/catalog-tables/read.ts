// SPDX-License-Identifier: Apache-2.0
import { InvalidValue } from '@tongchou/kernel/errors'
import { foldName } from '@tongchou/metadata'
import {
  findHeader,
  type KnownColumn,
  type ProfileColumn,
  type ProfileRow,
  type ReadRows,
  readWith,
  type Table,
  type TableFinding,
} from '@tongchou/workbook'
import { type CatalogProfile, catalogProfiles, readingProfile, type Scope, type TableColumn, type TableSheet } from './profile.ts'

/** A row that says something of an entry or an item. */
export interface SaidRow {
  sheet: string
  row: number
  values: ProfileRow
}

/** What a file says of one entry. */
export interface SaidEntry {
  name: string
  /** Where it begins. */
  first: SaidRow
  items: readonly SaidRow[]
}

/** A catalog as it stands in a file. */
export interface ReadCatalog {
  profile: CatalogProfile
  entries: readonly SaidEntry[]
  /** What is wrong with cells and rows, whatever the rules of the catalog say. */
  findings: readonly TableFinding[]
  headRows: Readonly<Record<string, number>>
  /** Columns that are there, with where. */
  columns: Readonly<Record<Scope, ReadonlyMap<TableColumn, { sheet: string; column: number }>>>
  /** Rows with content under the headings. */
  rowCount: number
}

/**
 * Reads a table as a catalog in whichever profile its headings fit. @throws TableRefused where none fits, or a heading is missing or not clear
 */
export function readCatalog(table: Table): ReadCatalog {
  const profile = profileOf(table)
  const sheets = profile.sheets.map((sheet) => ({ sheet, read: readWith(readingProfile(sheet), table) }))
  const columns = { entry: new Map(), item: new Map() } as Record<Scope, Map<TableColumn, { sheet: string; column: number }>>
  for (const { sheet, read } of sheets) placeColumns(sheet, read, columns)
  const headRows = Object.assign({}, ...sheets.map(({ read }) => read.headRows)) as Record<string, number>
  const reader = new RowReader(
    // Which names must be there is told row by row: rows go on with the entry above, drafts may lack names of items.
    sheets.flatMap(({ read }) => read.findings).filter(({ rule }) => rule !== 'table.required'),
    columns,
  )
  for (const { sheet, read } of sheets) for (const { row, values } of read.rows) reader.take(sheet.rows, { sheet: read.sheet, row, values })
  return {
    profile,
    entries: reader.entries,
    findings: [...reader.findings, ...reader.unkept(headRows)],
    headRows,
    columns,
    rowCount: sheets.reduce((sum, { read }) => sum + read.rows.length, 0),
  }
}

/** The same of a file that has to say something: headings alone are never "nothing to find fault with". */
export function readFilledCatalog(table: Table): ReadCatalog {
  const catalog = readCatalog(table)
  if (catalog.entries.length === 0 && !catalog.findings.some(({ severity }) => severity === 'error'))
    throw new InvalidValue('catalog.no_entries', '表头之下没有目录。请填写后再提交，或核对是否选错了文件。')
  return catalog
}

/** The profile whose required headings are all there; of two, the one that knows more of them. */
function profileOf(table: Table): CatalogProfile {
  const shown = table.sheets.filter(({ hidden }) => !hidden)
  const fits = catalogProfiles.map((profile) => {
    const heads = profile.sheets.map((sheet) => {
      const found = shown.flatMap((one) => findHeader(one, readingProfile(sheet).columns) ?? [])
      const whole = found.filter(({ missing }) => missing.length === 0)
      return { whole: whole.length > 0, known: Math.max(0, ...(whole.length > 0 ? whole : found).map((head) => head.columns.size)) }
    })
    return { profile, whole: heads.every(({ whole }) => whole), known: heads.reduce((sum, { known }) => sum + known, 0) }
  })
  const whole = fits.filter((fit) => fit.whole).sort((a, b) => b.known - a.known)
  const nearest = fits.toSorted((a, b) => b.known - a.known)[0]
  // Where none fits, the nearest one says by its own refusal what is missing.
  return (whole[0] ?? nearest ?? fits[0])?.profile as CatalogProfile
}

function placeColumns(
  sheet: TableSheet,
  read: ReadRows,
  columns: Record<Scope, Map<TableColumn, { sheet: string; column: number }>>,
): void {
  const byKey = new Map(sheet.columns.map((column) => [column.key, column]))
  for (const [{ item }, at] of read.header.columns as ReadonlyMap<ProfileColumn & KnownColumn, number>) {
    const column = byKey.get(item)
    if (column) columns[column.of].set(column, { sheet: read.sheet, column: at })
  }
}

/** Puts rows together to entries. */
class RowReader {
  readonly entries: { name: string; first: SaidRow; items: SaidRow[] }[] = []
  readonly findings: TableFinding[]
  readonly #columns: ReadCatalog['columns']
  readonly #filled = new Set<TableColumn>()
  readonly #byKey = new Map<string, RowReader['entries'][number]>()
  readonly #byName = new Map<string, RowReader['entries'][number][]>()

  constructor(findings: readonly TableFinding[], columns: ReadCatalog['columns']) {
    this.findings = [...findings]
    this.#columns = columns
  }

  /** What was filled in although nothing of ours stands behind it. */
  unkept(headRows: Readonly<Record<string, number>>): TableFinding[] {
    return [...this.#filled].flatMap((column): TableFinding[] => {
      const place = this.#columns.entry.get(column)
      if (!place) return []
      const { title, unkept = '' } = column
      const at = { sheet: place.sheet, row: headRows[place.sheet] ?? 1, column: place.column, value: title }
      return [{ rule: 'table.not_kept', severity: 'warning', ...at, message: `“${title}”列不导入`, fix: unkept }]
    })
  }

  take(rows: TableSheet['rows'], said: SaidRow): void {
    if (rows === 'item') {
      this.#item(said)
      return
    }
    for (const column of this.#columns.entry.keys())
      if (column.unkept !== undefined && (said.values[column.key] ?? '') !== '') this.#filled.add(column)
    const entry = this.#entryOf(said)
    if (!entry || rows === 'entry') return
    if ([...this.#columns.item.keys()].some(({ key, as }) => as !== 'unkept' && (said.values[key] ?? '') !== '')) entry.items.push(said)
  }

  /** The entry of a row: known by its id, otherwise by provider and name; a row that says nothing of an entry goes on with the one above. */
  #entryOf(said: SaidRow): RowReader['entries'][number] | undefined {
    const name = said.values['entry:name:exact'] ?? ''
    const before = this.entries.at(-1)
    if (name === '') {
      if (before && this.#saysNothing(said)) return before
      this.#nameless(said, 'entry')
      return undefined
    }
    const id = (said.values['entry:id:exact'] ?? '').trim()
    const key = id === '' ? `${foldName(said.values['entry:provider:exact'] ?? '')} ${name}` : id
    const known = this.#byKey.get(key)
    if (known) {
      this.#compare(known.first, said)
      return known
    }
    const entry = { name, first: said, items: [] }
    this.entries.push(entry)
    this.#byKey.set(key, entry)
    this.#byName.set(name, [...(this.#byName.get(name) ?? []), entry])
    return entry
  }

  #saysNothing({ values }: SaidRow): boolean {
    return [...this.#columns.entry.keys()].every(({ key }) => (values[key] ?? '') === '')
  }

  #nameless({ sheet, row }: SaidRow, of: Scope): void {
    const [found] = [...this.#columns[of]].filter(([{ key }]) => key === (of === 'entry' ? 'entry:name:exact' : 'item:entryName:exact'))
    const [{ title }, { column }] = found as [TableColumn, { column: number }]
    const message = `“${title}”没有填写`
    this.findings.push({ rule: 'table.required', severity: 'error', sheet, row, column, value: '', message, fix: `请填写“${title}”` })
  }

  /** Rows of one entry say the same of it, or nothing. */
  #compare(first: SaidRow, said: SaidRow): void {
    for (const [{ key, title, field }, { column }] of this.#columns.entry) {
      const [was = '', is = ''] = [first.values[key], said.values[key]]
      if (is === '' || is === was) continue
      this.findings.push({
        rule: field === 'code' ? 'R11' : 'table.uneven_rows',
        severity: 'error',
        sheet: said.sheet,
        row: said.row,
        column,
        value: is,
        message: `同一资源各行的“${title}”不一致，第${first.row}行为“${was.slice(0, 40)}”`,
        fix:
          field === 'sharing' || field === 'opening'
            ? `改为一致；个别信息项不同的，填写在“信息项${title}”列`
            : '改为一致，或者核对是否为不同的资源',
      })
    }
  }

  #item(said: SaidRow): void {
    const id = (said.values['item:entryId:exact'] ?? '').trim()
    const name = said.values['item:entryName:exact'] ?? ''
    const named = this.#byName.get(name) ?? []
    const entry = (id === '' ? undefined : this.#byKey.get(id)) ?? (named.length === 1 ? named[0] : undefined)
    if (entry) {
      entry.items.push(said)
      return
    }
    if (name === '') {
      this.#nameless(said, 'item')
      return
    }
    const column = [...this.#columns.item].find(([{ key }]) => key === 'item:entryName:exact')?.[1].column
    this.findings.push({
      rule: 'table.no_such_entry',
      severity: 'error',
      sheet: said.sheet,
      row: said.row,
      ...(column === undefined ? {} : { column }),
      value: name,
      message: named.length > 1 ? `有${named.length}个目录名为“${name}”` : `目录表中没有“${name}”`,
      fix: named.length > 1 ? '填写“目录标识”列' : '核对目录名称，使两表一致',
    })
  }
}
