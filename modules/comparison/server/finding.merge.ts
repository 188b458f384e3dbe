import { hash } from 'node:crypto'
import type { NamedResult } from '@tongchou/compare'
import type { PackComparison } from '@tongchou/resource-packs'
import type { Evidence, FindingRow, Ground, RunCounts } from './comparison.tables.ts'
import { refText } from './plan.ts'
import type { BuiltLibrary } from './ports.ts'

/** A finding as a run has it (比对结果). */
export interface Found {
  kind: 'group' | 'error'
  rule: string
  /** Who handles it. */
  orgId: string
  resource: string
  key: string
  evidence: Evidence
  digest: string
}

/** What was found, each household and each doubted record once; an order that does not depend on the engine's. */
export function foundIn(comparison: PackComparison, libraries: readonly BuiltLibrary[], result: NamedResult): Found[] {
  const of = (text: string): BuiltLibrary => {
    const library = libraries.find(({ ref }) => refText(ref) === text)
    if (!library) throw new Error(`${text} is not built`)
    return library
  }
  const group = of(refText(comparison.group.of))
  const people = of(refText(comparison.people.of))
  const reasons = new Map(comparison.reasons.map((one) => [one.id, of(refText(one.with))]))
  const errors = new Map(comparison.errors.map((one) => [one.id, { of: of(refText(one.of)), with: of(refText(one.with)) }]))

  const households = [...Map.groupBy(result.findings, (one) => one.group)].map(([key, rows]): Found => {
    const grounds = [...Map.groupBy(rows, (one) => one.reason)].map(([reason, hits]): Ground => {
      const records = [...new Set(hits.map(({ record }) => record))].sort()
      const library = reasons.get(reason)
      return {
        ...{ reason, value: hits[0]?.value ?? '', limit: hits[0]?.limit ?? null },
        people: [...new Set(hits.map(({ person }) => person))].sort(),
        records: library ? records.map((one) => ({ resource: library.resource, key: one })) : [],
      }
    })
    // Who and why, and not by which row: the next month's account of the same income is no other finding.
    const digest = digestOf(grounds.map(({ reason, people: who }) => [reason, who]))
    const evidence = { people: people.resource, grounds, other: null }
    return { kind: 'group', rule: '', orgId: group.orgId, resource: group.resource, key, evidence, digest }
  })
  const doubted = result.errors.flatMap(({ error, record, seen, other, otherSeen }): Found[] => {
    const sides = errors.get(error)
    if (!sides) return []
    const evidence = { people: null, grounds: [], other: { resource: sides.with.resource, key: other } }
    return [
      {
        ...{ kind: 'error', rule: error, orgId: sides.of.orgId, resource: sides.of.resource, key: record },
        ...{ evidence, digest: digestOf([seen, otherSeen]) },
      },
    ]
  })
  return [...households, ...doubted].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
}

const digestOf = (value: unknown) => hash('sm3', JSON.stringify(value), 'hex')
const keyOf = ({ kind, rule, resource, key }: Pick<Found, 'kind' | 'rule' | 'resource' | 'key'>) => [kind, rule, resource, key].join('\n')

/** What a run changes in the register of findings. */
export interface Merge {
  fresh: Found[]
  /** Found again: as it is now, and whether somebody has to look once more. */
  again: { row: FindingRow; found: Found; reopens: boolean }[]
  gone: FindingRow[]
}

/** Decisions that say why it is to be found again: they hold until the evidence is other. */
const holding = new Set<FindingRow['outcome']>(['keep', 'right', 'undecidable'])

/**
 * Holds what was found against what is known: what is found again is the same finding and never a second one. One that was decided to stay (维持、数据无误) rests
 * while its evidence is the same; one that was said to be put right and is found again is open anew.
 */
export function mergeOf(current: readonly FindingRow[], found: readonly Found[]): Merge {
  const known = new Map(current.map((row) => [keyOf({ ...row, key: row.record_key }), row]))
  const merge: Merge = { fresh: [], again: [], gone: [] }
  for (const one of found) {
    const row = known.get(keyOf(one))
    known.delete(keyOf(one))
    if (!row) merge.fresh.push(one)
    else merge.again.push({ row, found: one, reopens: row.state === 'handled' && !(holding.has(row.outcome) && row.digest === one.digest) })
  }
  merge.gone.push(...known.values())
  return merge
}

export function countsOf(result: NamedResult, found: readonly Found[], { fresh, again, gone }: Merge): RunCounts {
  const households = found.filter(({ kind }) => kind === 'group')
  const errors = found.filter(({ kind }) => kind === 'error')
  return {
    ...{ groups: result.groups, people: result.people, withoutConsent: result.withoutConsent },
    ...{ found: households.length, byReason: tally(households.flatMap(({ evidence }) => evidence.grounds.map(({ reason }) => reason))) },
    ...{ errors: errors.length, byError: tally(errors.map(({ rule }) => rule)) },
    ...{ fresh: fresh.length, known: again.length, gone: gone.length },
  }
}

function tally(values: readonly string[]): Record<string, number> {
  return Object.fromEntries([...Map.groupBy(values, (one) => one)].map(([value, all]) => [value, all.length]))
}
