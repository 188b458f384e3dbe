// SPDX-License-Identifier: Apache-2.0
import { type Entry, type EntryItem, sharingBasis, valueAt, wordOf } from '@tongchou/metadata'
import type { ProfileRow } from '@tongchou/workbook'
import { gradingText } from './grading-text.ts'
import type { CatalogProfile, TableColumn } from './profile.ts'

/** An entry as tables show it: with what registers call the things it names. */
export interface TableEntry {
  /** 目录标识; null for what stands in no catalog yet. */
  id: string | null
  entry: Entry
  /** What registers call a project, a system, an organisation. */
  nameOf(field: string, id: string): string | undefined
}

/** The cells of an entry and of its items, by the keys of the columns. */
export interface EntryCells {
  entry: ProfileRow
  items: readonly ProfileRow[]
}

/** What stands in the cells of an entry. The same entry gives the same cells. */
export function cellsOf(profile: CatalogProfile, shown: TableEntry): EntryCells {
  const columns = profile.sheets.flatMap((sheet) => sheet.columns)
  const own = columns.filter(({ of }) => of === 'entry')
  const ofItems = columns.filter(({ of }) => of === 'item')
  return {
    entry: rowOf(own, (column) => entryText(column, shown)),
    items: shown.entry.items.map((item) => rowOf(ofItems, (column) => itemText(column, shown, item))),
  }
}

function rowOf(columns: readonly TableColumn[], textOf: (column: TableColumn) => string): ProfileRow {
  return Object.fromEntries(columns.map((column) => [column.key, textOf(column)] as const).filter(([, text]) => text !== ''))
}

function entryText(column: TableColumn, shown: TableEntry): string {
  const { entry } = shown
  switch (column.field) {
    case 'id':
      return shown.id ?? ''
    case 'grading':
      return gradingText(entry.grading)
    case 'openingCondition':
      // Foreign validators ask that openness without conditions be said to be so.
      return entry.openingCondition ?? (entry.opening === 'unconditional' ? '无条件' : '')
  }
  if (column.as === 'open-or-not') return entry.opening === null ? '' : entry.opening === 'none' ? '否' : '是'
  if (column.as === 'condition-or-basis') return entry.sharing === 'none' ? basisText(entry) : (entry.sharingCondition ?? '')
  return textOf(column, valueAt(entry, column.field), shown)
}

function itemText(column: TableColumn, shown: TableEntry, item: EntryItem): string {
  if (column.field === 'entryId') return shown.id ?? ''
  if (column.field === 'entryName') return shown.entry.name
  if (column.as === 'secrecy') return '非涉密'
  const value = valueAt(item, column.field)
  return textOf(column, column.as === 'effective' ? (value ?? valueAt(shown.entry, column.field)) : value, shown)
}

/** One value in one cell. */
function textOf({ as, field, spec, words }: TableColumn, value: unknown, { nameOf }: TableEntry): string {
  if (value === null || value === undefined || value === '') return ''
  if (as === 'words') return words[String(value)] ?? ''
  if (as === 'unkept' || !spec) return ''
  if (spec.kind === 'reference') {
    const { orgId, post } =
      typeof value === 'object' ? (value as { orgId: string; post: string | null }) : { orgId: String(value), post: null }
    return as === 'post' ? (post ?? '') : as === 'id' ? orgId : (nameOf(field, orgId) ?? '')
  }
  if (spec.kind === 'texts') return textsIn(value as readonly string[])
  if (field === 'basisLaw') return sharingBasis(String(value))?.title ?? String(value)
  return wordOf(spec, value)
}

/** One line each; a single one that holds what parts them elsewhere ends with a line of its own, so that it stays one. */
function textsIn(list: readonly string[]): string {
  const [only = '', ...more] = list
  return more.length === 0 && /[、,，;；\s]/u.test(only) ? `${only}\n` : list.join('\n')
}

function basisText({ basisLaw, basisClause }: Pick<Entry, 'basisLaw' | 'basisClause'>): string {
  return `${basisLaw === null ? '' : (sharingBasis(basisLaw)?.title ?? basisLaw)}${basisClause ?? ''}`
}
