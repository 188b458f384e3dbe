// SPDX-License-Identifier: Apache-2.0

import type { Case, Task } from './case.ts'

/** A case as an earlier version stored it: what was added to cases and tasks since may be missing. */
export type StoredCase = Omit<Case, keyof typeof sinceFirst | 'tasks'> &
  Partial<typeof sinceFirst> & { tasks: readonly (Omit<Task, keyof typeof taskSinceFirst> & Partial<typeof taskSinceFirst>)[] }

/** What the first version did not know, as it stands for a case that began without it. */
const sinceFirst: Pick<Case, 'codes'> = { codes: {} }
const taskSinceFirst: Pick<Task, 'limit' | 'paused'> = { limit: null, paused: null }

/** Reads a stored case of any version, so that what runs goes on running when the product is upgraded. */
export function caseFromStore(stored: StoredCase): Case {
  return { ...sinceFirst, ...stored, tasks: stored.tasks.map((task) => ({ ...taskSinceFirst, ...task })) }
}
