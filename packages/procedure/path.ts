// SPDX-License-Identifier: Apache-2.0

import type { Ask, Case, CaseStatus, Countersign, Demand, Entry, Task } from './case.ts'
import { downstreamOf, startOf, stepOf, successorsOf } from './graph.ts'
import type { Basis, Holder, Limit, OutcomeKind, Procedure, ReturnMode, Step, StepKind } from './procedure.ts'

/** The picture of a case (流程图): one glance answers where the application is. */
export interface Path {
  status: CaseStatus
  /** Demands on the whole case (督办), and the case it was merged into (并案). */
  demands: readonly Demand[]
  mergedInto: string | null
  steps: PathStep[]
  edges: PathEdge[]
}

/** `skipped` is what the case did not pass and will not. A step done before a return is `ahead` again, with its signed past. */
export type PathState = 'done' | 'active' | 'ahead' | 'skipped'

/** One box: steps of one `column` stand side by side in `lane` 0, 1, 2. */
export interface PathStep {
  id: string
  title: string
  kind: StepKind
  article: string
  basis: Basis
  note: string | null
  holders: PathHolder[]
  limit: Limit
  state: PathState
  column: number
  lane: number
  /** Every line of the history here: decisions, and what was done beside them. */
  signed: Entry[]
  active: PathTask[]
  /** Opinions that wait to be signed (加签), things that wait for an answer (延期、挂账、不属本单位). */
  countersigns: readonly Countersign[]
  asks: readonly Ask[]
}

export interface PathHolder extends Holder {
  orgId: string | null
}

/** Who holds a step now, since when and until when. `overdue` (逾期) is decided by the instant given, not by a clock. */
export interface PathTask extends Task {
  overdue: boolean
}

/** One line. A return is a line back; `taken` counts how often the case went this way. */
export interface PathEdge {
  from: string
  to: string
  outcome: string
  title: string
  kind: OutcomeKind
  mode: ReturnMode | null
  taken: number
}

/** Everything the picture needs, in the order of the procedure. */
export function describePath(procedure: Procedure, kase: Case, now: string): Path {
  const columns = columnsOf(procedure)
  const ahead = aheadOf(procedure, kase)
  const lanes = new Map<number, number>()
  const steps = procedure.steps.map((step): PathStep => {
    const column = columns.get(step.id) ?? 0
    const lane = lanes.get(column) ?? 0
    lanes.set(column, lane + 1)
    const active = kase.tasks.filter((task) => task.step === step.id).map((task) => ({ ...task, overdue: isOverdue(task, now) }))
    const signed = kase.history.filter((entry) => entry.step === step.id)
    const { id, title, kind, article, basis, note, limit } = step
    const walked = signed.some((entry) => entry.act === 'decide' || entry.act === 'withdraw')
    const state = stateOf(active.length > 0, ahead.has(id), walked)
    const countersigns = kase.countersigns.filter((one) => one.step === id)
    const asks = kase.asks.filter((one) => one.step === id)
    const who = { holders: holdersOf(step, kase), limit, signed, active, countersigns, asks }
    return { id, title, kind, article, basis, note, state, column, lane, ...who }
  })
  return {
    status: kase.status,
    demands: kase.demands,
    mergedInto: kase.mergedInto,
    steps,
    edges: procedure.steps.flatMap((step) => edgesOf(step, kase)),
  }
}

/** Whether a task's due instant has passed. A task without a clock is never overdue. */
export function isOverdue(task: Task, now: string): boolean {
  return task.due !== null && Date.parse(now) > Date.parse(task.due)
}

function stateOf(active: boolean, ahead: boolean, signed: boolean): PathState {
  if (active) return 'active'
  if (ahead) return 'ahead'
  return signed ? 'done' : 'skipped'
}

/** What the open tasks can still lead to; a task that comes straight back leads only to where it comes back, and on from there. */
function aheadOf(procedure: Procedure, kase: Case): ReadonlySet<string> {
  const ahead = new Set<string>()
  const after = (id: string) => {
    for (const next of downstreamOf(procedure, id)) if (next !== id) ahead.add(next)
  }
  const back = (list: Task['returnTo']) => {
    for (const one of list) {
      ahead.add(one.step)
      after(one.step)
      back(one.onward)
    }
  }
  for (const task of kase.tasks) task.returnTo.length > 0 ? back(task.returnTo) : after(task.step)
  return ahead
}

function holdersOf(step: Step, kase: Case): PathHolder[] {
  return step.holders.map((holder) => ({ ...holder, orgId: holder.resolve === 'duty' ? null : (kase.slots[holder.resolve] ?? null) }))
}

function edgesOf(step: Step, kase: Case): PathEdge[] {
  return step.outcomes.flatMap((outcome) => {
    // What comes straight back does not pass the line forward.
    const passed = (entry: Entry) =>
      entry.act === 'decide' && entry.outcome === outcome.id && (outcome.kind === 'return' || entry.returnTo.length === 0)
    const taken = kase.history.filter((entry) => entry.step === step.id && passed(entry)).length
    return outcome.next.map((to) => ({
      from: step.id,
      to,
      outcome: outcome.id,
      title: outcome.title,
      kind: outcome.kind,
      mode: outcome.mode,
      taken,
    }))
  })
}

/** The column of a step: the longest way to it from the start, so that every forward line points right. */
function columnsOf(procedure: Procedure): ReadonlyMap<string, number> {
  const columns = new Map<string, number>()
  const start = startOf(procedure)
  if (start) columns.set(start.id, 0)
  // One sweep per step is enough: no forward way is longer than the number of steps.
  for (const _ of procedure.steps)
    for (const step of procedure.steps) {
      const column = columns.get(step.id)
      if (column === undefined) continue
      for (const next of successorsOf(step))
        if (stepOf(procedure, next)) columns.set(next, Math.max(columns.get(next) ?? 0, Math.min(column + 1, procedure.steps.length)))
    }
  return columns
}
