import type { findingKindWords, findingStateWords, outcomeWords, runStateWords } from '../words.ts'

/** Sees runs and findings: the center, and whoever handles what was found in the own office. */
export const readers: readonly string[] = ['big-data-center', 'data-steward', 'user-unit', 'department-head']

interface Basis {
  text: string
  verified: boolean
}

/** A named comparison, as `GET /api/v1/comparisons` gives it. */
export interface ComparisonLine {
  comparison: string
  title: string
  summary: string
  basis: Basis
  org: { id: string; name: string } | null
  reasons: { id: string; title: string; basis: Basis }[]
  errors: { id: string; title: string }[]
  missing: string[]
  runningId: string | null
  mayRun: boolean
}

interface Counted {
  id: string
  title: string
  count: number
}

/** A run, as `GET /api/v1/comparison-runs/{id}` gives it. */
export interface Run {
  id: string
  number: number
  comparison: string
  title: string
  org: { id: string; name: string }
  state: keyof typeof runStateWords
  purpose: string
  basis: string
  note: string
  requestedBy: string
  requestedAt: string
  finishedAt: string | null
  doneTables: number
  totalTables: number
  positions: { title: string; seq: number; rows: number }[]
  counts:
    | (Record<'groups' | 'people' | 'withoutConsent' | 'found' | 'errors' | 'fresh' | 'known' | 'gone', number> & {
        byReason: Counted[]
        byError: Counted[]
      })
    | null
  failure: string | null
  waitingCount: number
  mayDo: ('stop' | 'dispatch')[]
}

/** A line of the findings, as `GET /api/v1/comparison-findings` gives it. */
export interface FindingLine {
  id: string
  number: number
  comparison: { id: string; title: string }
  kind: keyof typeof findingKindWords
  key: string | null
  grounds: { id: string; title: string }[]
  org: { id: string; name: string }
  state: keyof typeof findingStateWords
  isAgain: boolean
  outcome: keyof typeof outcomeWords | null
  foundAt: string
  dueOn: string | null
}

export interface Finding extends FindingLine {
  details: { id: string; title: string; basis: Basis; measured: string | null }[]
  proposal: string | null
  outcomeReason: string | null
  handledBy: string | null
  handledAt: string | null
  runs: { firstId: string; lastId: string; goneId: string | null }
  cases: {
    caseId: string
    title: string
    status: 'running' | 'done' | 'rejected' | 'withdrawn' | 'merged' | 'voided'
    holders: { title: string; orgName: string }[]
  }[]
}

/** Records of one register that the finding is about, of the items that the task needs. */
export interface ShownRecords {
  title: string
  structure: { id: string; title: string; masked: boolean }[]
  marked: string[]
  records: { values: Record<string, string | null> }[]
}

export interface FindingRecords {
  left: ShownRecords[]
  right: (ShownRecords & { ground: string })[]
}
