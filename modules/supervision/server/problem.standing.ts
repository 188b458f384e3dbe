import { type CivilDay, compareCivilDates } from '@tongchou/kernel'
import type { Problem } from './problem.schema.ts'
import type { ProblemRow } from './problem.tables.ts'

/** Ordered and not yet confirmed done (contract: rectification.open). */
export function isOpen(row: Pick<ProblemRow, 'ordered_at' | 'confirmed_at'>): boolean {
  return row.ordered_at !== null && row.confirmed_at === null
}

/**
 * 未整改或整改不符合要求 (WH23-20): not accepted once and not confirmed since, or past its deadline. A report handed in within the
 * deadline keeps a problem from failing while the center has not checked it: that delay is not the unit's.
 */
export function hasFailed(row: ProblemRow, today: CivilDay): boolean {
  if (!isOpen(row)) return false
  if (row.not_accepted_at !== null) return true
  if (compareCivilDates(row.due_on, today) >= 0) return false
  const reportedInTime = row.state === 'reported' && row.reported_on !== null && compareCivilDates(row.reported_on, row.due_on) <= 0
  return !reportedInTime
}

/** The state as screens show it. The day of the deadline itself is still in time. */
export function shownState(row: ProblemRow, today: CivilDay): Problem['state'] {
  return row.state === 'ordered' && compareCivilDates(row.due_on, today) < 0 ? 'overdue' : row.state
}
