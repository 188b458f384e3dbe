// SPDX-License-Identifier: Apache-2.0
import { type ProfileRow, writeTables } from '@tongchou/workbook'
import { cellsOf, type EntryCells, type TableEntry } from './cell-text.ts'
import { type CatalogProfile, type TableSheet, writingProfile } from './profile.ts'

/** Entries as a workbook in the layout of a profile; none give an empty table to fill in (模板). The same entries give the same bytes. */
export function writeCatalog(profile: CatalogProfile, entries: readonly TableEntry[]): Promise<Buffer> {
  return writeTables(profile.sheets.map((sheet) => ({ profile: writingProfile(sheet), rows: rowsOfAll(profile, sheet, entries) })))
}

/** Row by row as they are written, so that the cells of all entries never stand side by side. */
function* rowsOfAll(profile: CatalogProfile, sheet: TableSheet, entries: readonly TableEntry[]): Generator<ProfileRow> {
  for (const shown of entries) yield* rowsOf(sheet, cellsOf(profile, shown))
}

/** An entry on a sheet: its own row, a row for each item, or both in one; an entry without items still has its row. */
function rowsOf({ rows }: TableSheet, { entry, items }: EntryCells): ProfileRow[] {
  if (rows === 'entry') return [entry]
  if (rows === 'item') return [...items]
  return items.length === 0 ? [entry] : items.map((item) => ({ ...entry, ...item }))
}
