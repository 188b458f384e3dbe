// SPDX-License-Identifier: Apache-2.0
import type { Entry } from '../entry.ts'
import type { RuleContext } from './context.ts'
import { abstracted, answered, classified, coded, declared, named, provided, related, renewed } from './elements.ts'
import { type Finding, type Hit, report, type Undecided } from './finding.ts'
import { counted, formatted } from './format.ts'
import { itemised } from './items.ts'
import { tidy, together } from './names.ts'
import { graded, masked, open, recognised } from './protection.ts'
import { opened, realtime, shared } from './sharing.ts'

/** The one rule set of the catalog, in the order of the national guide's elements. */
const rules: readonly ((entry: Entry, context: RuleContext) => Hit[])[] = [
  open,
  classified,
  named,
  tidy,
  coded,
  provided,
  abstracted,
  formatted,
  counted,
  renewed,
  related,
  answered,
  shared,
  opened,
  realtime,
  graded,
  masked,
  itemised,
  recognised,
  declared,
]

export interface Report {
  findings: Finding[]
  undecided: Undecided[]
}

/** Everything the rules say of an entry, and what they could not decide. Pure; throws nothing. */
export function findingsOf(entry: Entry, context: RuleContext): Report {
  return report(rules.flatMap((rule) => rule(entry, context)))
}

/** What entries that come together say against each other (R10, R11, E02), by the place of the later one. */
export function findingsAcross(entries: readonly Entry[]): Map<number, Finding[]> {
  return new Map([...together(entries)].map(([index, hits]) => [index, report(hits).findings]))
}

/** The same for entries that come together, each with what it may know of its own; what two of them say against each other stands at the later one. */
export function findingsOfAll(entries: readonly Entry[], contextOf: (entry: Entry, index: number) => RuleContext): Report[] {
  const across = together(entries)
  return entries.map((entry, index) => {
    const own = rules.flatMap((rule) => rule(entry, contextOf(entry, index)))
    return report([...own, ...(across.get(index) ?? [])])
  })
}
