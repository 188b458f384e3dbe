// SPDX-License-Identifier: Apache-2.0
import { catalogRules } from '@tongchou/metadata'
import type { TableFinding } from '@tongchou/workbook'
import type { Scope, TableColumn } from './profile.ts'
import type { ReadCatalog, SaidEntry, SaidRow } from './read.ts'
import type { TakenEntry } from './said.ts'

/** A finding at its cell, with where its rule comes from. */
export interface PlacedTableFinding extends TableFinding {
  /** Heading of the column; empty for a whole row. */
  title: string
  basis: string
  verified: boolean
}

/** What a rule says of a place in an entry. */
interface AtPath {
  rule: string
  severity: TableFinding['severity']
  path: string
  message: string
  fix: string
}

/** A finding of the rules at the cell of the file that it speaks of; the row alone where the file has no such column. */
export function placed(catalog: ReadCatalog, said: SaidEntry, taken: TakenEntry, { path, ...finding }: AtPath): PlacedTableFinding {
  const { of, row, field } = spotOf(said, taken, path)
  const found = columnOf(catalog, of, field, row)
  const value = found ? (row.values[found[0].key] ?? '') : ''
  return sourced({ ...finding, sheet: row.sheet, row: row.row, ...(found ? { column: found[1] } : {}), value }, found?.[0].title ?? '')
}

/** A finding of the table itself, with the heading of its column. */
export function ofTable(catalog: ReadCatalog, finding: TableFinding): PlacedTableFinding {
  const columns = [...catalog.columns.entry, ...catalog.columns.item]
  const title = columns.find(([, place]) => place.sheet === finding.sheet && place.column === finding.column)?.[0].title
  return sourced(finding, title ?? (finding.rule === 'table.unknown_column' ? finding.value : ''))
}

function sourced(finding: TableFinding, title: string): PlacedTableFinding {
  const rule = catalogRules.get(finding.rule)
  return { ...finding, title, basis: rule?.basis ?? '表格格式', verified: rule?.verified ?? true }
}

function spotOf(said: SaidEntry, { itemRows }: TakenEntry, path: string): { of: Scope; row: SaidRow; field: string } {
  const [group = '', index = '', ...rest] = path.split('/')
  const row = group === 'items' ? itemRows[Number(index)] : undefined
  if (row && index !== '') return { of: 'item', row, field: rest.join('/') }
  const nested = ['duties', 'census', 'ext'].includes(group)
  return { of: 'entry', row: said.first, field: nested ? `${group}/${index}` : group }
}

/** The column that decides; of several that say something of the field the one that is filled in, otherwise the template's own. */
function columnOf(catalog: ReadCatalog, of: Scope, field: string, { values }: SaidRow): [TableColumn, number] | undefined {
  const columns = [...catalog.columns[of]].filter(
    ([column]) => column.field === field || (column.as === 'condition-or-basis' && ['basisLaw', 'basisClause'].includes(field)),
  )
  const filled = columns.filter(([{ key }]) => (values[key] ?? '') !== '')
  const [column, place] = filled.find(([{ as }]) => as === 'exact') ?? filled[0] ?? columns[0] ?? []
  return column && place ? [column, place.column] : undefined
}
