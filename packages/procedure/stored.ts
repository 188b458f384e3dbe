// SPDX-License-Identifier: Apache-2.0

import type { Case, Entry, Task } from './case.ts'

/** A case as an earlier version stored it: what was added to cases and tasks since may be missing. */
export type StoredCase = Omit<Case, keyof typeof sinceFirst | 'tasks' | 'history'> &
  Partial<typeof sinceFirst> & {
    tasks: readonly (Omit<Task, keyof typeof taskSinceFirst> & Partial<typeof taskSinceFirst>)[]
    history: readonly (Omit<Entry, keyof typeof entrySinceFirst> & Partial<typeof entrySinceFirst>)[]
  }

/** What the first version did not know, as it stands for a case that began without it. */
const sinceFirst: Pick<Case, 'codes' | 'countersigns' | 'asks' | 'demands' | 'kept' | 'mergedInto'> = {
  codes: {},
  countersigns: [],
  asks: [],
  demands: [],
  kept: [],
  mergedInto: null,
}
const taskSinceFirst: Pick<Task, 'limit' | 'paused' | 'holder' | 'entrusted' | 'handoffs' | 'shelved' | 'extensions' | 'urgedAt'> = {
  limit: null,
  paused: null,
  holder: null,
  entrusted: null,
  handoffs: [],
  shelved: null,
  extensions: 0,
  urgedAt: null,
}
const entrySinceFirst: Pick<Entry, 'detail'> = { detail: null }

/** Reads a stored case of any version, so that what runs goes on running when the product is upgraded. */
export function caseFromStore(stored: StoredCase): Case {
  return {
    ...sinceFirst,
    ...stored,
    tasks: stored.tasks.map((task) => ({ ...taskSinceFirst, ...task })),
    history: stored.history.map((line) => ({ ...entrySinceFirst, ...line })),
  }
}
