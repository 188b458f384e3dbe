// SPDX-License-Identifier: Apache-2.0

import type { Case, Task } from './case.ts'
import type { Procedure } from './procedure.ts'

/**
 * 或签 within one office: seats of one step of which the first that decides answers for all are one piece of work of the office where they
 * wait, with one clock, late once. Gives for each task that another speaks for the id of that other: the one whose limit ends last, since
 * the office is late when none of its seats has time left; of equals the first.
 */
export function spokenFor(procedure: Procedure, kase: Pick<Case, 'tasks'>): ReadonlyMap<string, string> {
  const shared = new Set(procedure.steps.filter(({ quorum }) => quorum === 'any').map(({ id }) => id))
  const groups = Map.groupBy(
    kase.tasks.filter((task) => task.orgId !== null && shared.has(task.step)),
    (task) => `${task.step} ${task.orgId}`,
  )
  const spoken = new Map<string, string>()
  for (const tasks of groups.values()) {
    const [speaker, ...rest] = tasks.toSorted((a, b) => endOf(b) - endOf(a))
    for (const task of rest) spoken.set(task.id, speaker?.id ?? '')
  }
  return spoken
}

/** A clock that stands still, or that there is none of, ends never. */
function endOf(task: Task): number {
  return task.due === null || task.paused !== null ? Number.MAX_SAFE_INTEGER : Date.parse(task.due)
}
