// SPDX-License-Identifier: Apache-2.0
import type { Entry } from './entry.ts'
import { valueAt } from './fields.ts'
import { readEntry } from './read.ts'
import type { RuleContext } from './rules/context.ts'
import type { Finding, Severity } from './rules/finding.ts'
import { findingsOfAll } from './rules/index.ts'

/** A finding at its place in what was handed over: rows count from 1, as a spreadsheet does. */
export interface PlacedFinding {
  rule: string
  severity: Severity
  /** Null where there are no sheets. */
  sheet: string | null
  row: number
  /** Item path of the field, or the heading of the column. */
  column: string
  /** What stands there; null for what is missing. */
  value: string | null
  message: string
  fix: string
  basis: string
  verified: boolean
}

export interface Validation {
  /** How many resources were looked at. */
  rows: number
  findings: PlacedFinding[]
  /** What could not be decided from what is known here; no finding, and no pass. */
  undecided: Omit<PlacedFinding, 'severity'>[]
}

/** Reads resources and asks every rule of each. Row 1 is the first resource. */
export function validateEntries(raw: readonly unknown[], contextOf: (entry: Entry, index: number) => RuleContext): Validation {
  const read = raw.map(readEntry)
  const reports = findingsOfAll(
    read.map(({ entry }) => entry),
    contextOf,
  )
  const findings: PlacedFinding[] = []
  const undecided: Validation['undecided'] = []
  for (const [index, { findings: unread }] of read.entries()) {
    const place = <F extends { path: string }>({ path, ...finding }: F) => ({
      ...finding,
      sheet: null,
      row: index + 1,
      column: path,
      value: textAt(raw[index], path),
    })
    // What could not be read was left out: that it is missing need not be said as well.
    const said = new Set(unread.map(({ path }) => path))
    const more = (reports[index]?.findings ?? []).filter(({ path }) => !said.has(path))
    findings.push(...[...unread, ...more].map((one: Finding) => place(one)))
    undecided.push(...(reports[index]?.undecided ?? []).map((one) => place(one)))
  }
  return { rows: raw.length, findings, undecided }
}

/** What stands at a path, in at most 200 characters. */
function textAt(raw: unknown, path: string): string | null {
  const value = typeof raw === 'object' && raw !== null ? valueAt(raw, path) : raw
  if (value === null || value === undefined) return null
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return text.length > 200 ? `${text.slice(0, 200)}…` : text
}
