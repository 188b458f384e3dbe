// SPDX-License-Identifier: Apache-2.0

import type { Case } from './case.ts'

/**
 * Hands what is open of a case from one organisation to the one that takes over from it (机构调整): the tasks that wait for it and the
 * slots in which it takes part. What was signed stays as it was signed, with the old organisation; no task opens, closes or changes its clock.
 */
export function reassign(kase: Case, from: string, to: string): Case {
  if (from === to || kase.endedAt !== null) return kase
  const next = (orgId: string) => (orgId === from ? to : orgId)
  return {
    ...kase,
    slots: Object.fromEntries(Object.entries(kase.slots).map(([slot, orgId]) => [slot, next(orgId)])),
    tasks: kase.tasks.map((task) => (task.orgId === null ? task : { ...task, orgId: next(task.orgId) })),
  }
}
