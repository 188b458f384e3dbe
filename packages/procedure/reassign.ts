// SPDX-License-Identifier: Apache-2.0

import type { Case, Countersign, Party, Signature, Task } from './case.ts'

/**
 * Hands what is open of a case from one organisation to the one that takes over from it (组织调整): the tasks that wait for it and the
 * slots in which it takes part. What was signed stays as it was signed, with the old organisation; no task opens, closes or changes its clock.
 */
export function reassign(kase: Case, from: string, to: string): Case {
  if (from === to || kase.endedAt !== null) return kase
  const next = (orgId: string) => (orgId === from ? to : orgId)
  return {
    ...kase,
    ...(applicantOrgOf(kase) === from ? { applicantOrgId: to } : {}),
    slots: Object.fromEntries(Object.entries(kase.slots).map(([slot, orgId]) => [slot, next(orgId)])),
    tasks: kase.tasks.map((task) => taskOf(task, next)),
    countersigns: kase.countersigns.map((one): Countersign => ({ ...one, to: placed(one.to, next), by: placed(one.by, next) })),
    kept: kase.kept.map((one) => (one.orgId === null ? one : { ...one, orgId: next(one.orgId) })),
  }
}

/** The organisation that the case was handed in by, or the one that took over from it. */
export function applicantOrgOf(kase: Pick<Case, 'applicant' | 'applicantOrgId'>): string {
  return kase.applicantOrgId ?? kase.applicant.orgId
}

/** Who handed a task on, or entrusted it, is now reached at the successor. */
function taskOf(task: Task, next: (orgId: string) => string): Task {
  return {
    ...task,
    orgId: task.orgId === null ? null : next(task.orgId),
    entrusted: task.entrusted && { ...task.entrusted, by: placed(task.entrusted.by, next) },
    handoffs: task.handoffs.map((one) => ({ ...one, by: placed(one.by, next) })),
  }
}

function placed<T extends Party | Signature>(one: T, next: (orgId: string) => string): T {
  return { ...one, orgId: next(one.orgId) }
}
