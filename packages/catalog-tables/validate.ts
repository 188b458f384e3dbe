// SPDX-License-Identifier: Apache-2.0
import { type Entry, findingsOfAll, type RuleContext } from '@tongchou/metadata'
import type { Registers } from './cell-value.ts'
import { ofTable, type PlacedTableFinding, placed } from './placed.ts'
import type { ReadCatalog } from './read.ts'
import { takeEntry } from './said.ts'

/** What a file of entries is found to be (目录校验), every finding at its cell. */
export interface TableValidation {
  /** How many resources were looked at. */
  rows: number
  findings: PlacedTableFinding[]
  /** What could not be decided from what is known here; no finding, and no pass. */
  undecided: PlacedTableFinding[]
}

/** Asks every rule of each entry of a file. Pure. */
export function validateCatalog(
  catalog: ReadCatalog,
  contextOf: (entry: Entry, index: number) => RuleContext,
  registers?: Registers,
): TableValidation {
  const taken = catalog.entries.map((said) => takeEntry(catalog, said, registers))
  const reports = findingsOfAll(
    taken.map(({ entry }) => entry),
    contextOf,
  )
  const findings = catalog.findings.map((finding) => ofTable(catalog, finding))
  const undecided: PlacedTableFinding[] = []
  for (const [index, said] of catalog.entries.entries()) {
    const own = taken[index]
    const report = reports[index]
    if (!own || !report) continue
    findings.push(...own.unread.map((one) => placed(catalog, said, own, { rule: 'S00', severity: 'error', ...one })))
    // What could not be read was left out: that it is missing need not be said as well.
    const unread = new Set(own.unread.map(({ path }) => path))
    findings.push(...report.findings.filter(({ path }) => !unread.has(path)).map((one) => placed(catalog, said, own, one)))
    undecided.push(...report.undecided.map((one) => placed(catalog, said, own, { ...one, severity: 'warning' })))
  }
  return { rows: catalog.entries.length, findings: inOrder(findings), undecided: inOrder(undecided) }
}

/** As one reads the file: sheet by sheet, row by row, from left to right. */
export function inOrder<F extends PlacedTableFinding>(findings: readonly F[]): F[] {
  return findings.toSorted((a, b) => (a.sheet < b.sheet ? -1 : a.sheet > b.sheet ? 1 : a.row - b.row || (a.column ?? 0) - (b.column ?? 0)))
}
