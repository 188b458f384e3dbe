// SPDX-License-Identifier: Apache-2.0
import { isVerified, type SourceMark } from '../code-list.ts'
import meta from '../data/rules.json' with { type: 'json' }

/** An error stands against handing in; a warning is shown and binds nobody. */
export type Severity = 'error' | 'warning'

/** What a rule says of one place of an entry. */
export interface Finding {
  /** `R01`, `E08`. */
  rule: string
  severity: Severity
  /** Item path in the entry: `sharingCondition`, `items/0/length`. */
  path: string
  message: string
  /** What would cure it. */
  fix: string
  /** Where the rule comes from, and whether we compared it with the text. */
  basis: string
  verified: boolean
}

/** What a rule could not decide from what is known here, and what would decide it. Never a silent pass. */
export interface Undecided {
  rule: string
  path: string
  message: string
  fix: string
  basis: string
  verified: boolean
}

/** What one rule function gives: where, what is wrong, and the cure. */
export interface Hit {
  rule: string
  path: string
  message: string
  fix: string
  severity?: Severity
  undecided?: true
}

/** The rules by id, with their source. */
export const catalogRules: ReadonlyMap<string, { id: string; title: string; basis: string; verified: boolean }> = new Map(
  meta.map(({ mark, ...rule }) => [rule.id, { ...rule, verified: isVerified({ mark: mark as SourceMark }) }]),
)

/** An error unless told otherwise. */
export function hit(rule: string, path: string, message: string, fix: string): Hit {
  return { rule, path, message, fix }
}

export function warn(rule: string, path: string, message: string, fix: string): Hit {
  return { rule, path, message, fix, severity: 'warning' }
}

export function undecided(rule: string, path: string, message: string, fix: string): Hit {
  return { rule, path, message, fix, undecided: true }
}

function sourced({ rule, path, message, fix }: Hit): Undecided {
  const known = catalogRules.get(rule)
  if (!known) throw new RangeError(`no rule ${rule}`)
  return { rule, path, message, fix, basis: known.basis, verified: known.verified }
}

/** Hits with their sources, findings apart from what could not be decided. */
export function report(hits: readonly Hit[]): { findings: Finding[]; undecided: Undecided[] } {
  return {
    findings: hits.filter((one) => !one.undecided).map((one) => ({ ...sourced(one), severity: one.severity ?? 'error' })),
    undecided: hits.filter((one) => one.undecided).map(sourced),
  }
}
