// SPDX-License-Identifier: Apache-2.0

import type { Outcome, Procedure, Step } from './procedure.ts'

export function stepOf(procedure: Procedure, id: string): Step | undefined {
  return procedure.steps.find((step) => step.id === id)
}

export function outcomeOf(step: Step, id: string): Outcome | undefined {
  return step.outcomes.find((outcome) => outcome.id === id)
}

export function startOf(procedure: Procedure): Step | undefined {
  return procedure.steps.find((step) => step.kind === 'start')
}

/** Steps that an outcome going forward leads to from here, each once. */
export function successorsOf(step: Step): string[] {
  return [...new Set(step.outcomes.filter((outcome) => outcome.kind === 'forward').flatMap((outcome) => outcome.next))]
}

/** The step itself and all that can come after it by going forward: what a return to it makes undone. */
export function downstreamOf(procedure: Procedure, id: string): ReadonlySet<string> {
  const found = new Set<string>()
  const open = [id]
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const step = stepOf(procedure, at)
    if (!step || found.has(at)) continue
    found.add(at)
    open.push(...successorsOf(step))
  }
  return found
}

/** Whether `later` can come after `earlier` by going forward. */
export function comesBefore(procedure: Procedure, earlier: string, later: string): boolean {
  return earlier !== later && downstreamOf(procedure, earlier).has(later)
}
