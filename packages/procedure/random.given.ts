// SPDX-License-Identifier: Apache-2.0
// Random sound procedures, people and acts for the property tests of this package.

import fc from 'fast-check'
import type { Act, Actor, Case } from './case.ts'
import { givenActor, givenOutcome, givenProcedure, givenStep } from './given.ts'
import { comesBefore, stepOf } from './graph.ts'
import type { Holder, Outcome, Procedure, Quorum, ReturnMode, Step, StepKind } from './procedure.ts'

type Block = { kind: 'step'; step: StepKind; quorum: Quorum } | { kind: 'fork'; branches: Block[][] }
interface Return {
  from: number
  to: number
  mode: ReturnMode
}

const single: fc.Arbitrary<Block> = fc.record({
  kind: fc.constant('step' as const),
  step: fc.constantFrom<StepKind>('decide', 'decide', 'submit'),
  quorum: fc.constantFrom<Quorum>('one', 'one', 'all', 'any'),
})

/** Parallel branches down to the given depth; two of two, so that the model check stays small. */
function blocksOf(depth: number): fc.Arbitrary<Block[]> {
  if (depth === 0) return fc.array(single, { minLength: 1, maxLength: 2 })
  const fork: fc.Arbitrary<Block> = fc.record({
    kind: fc.constant('fork' as const),
    branches: fc.array(blocksOf(depth - 1), { minLength: 2, maxLength: 2 }),
  })
  return fc.array(fc.oneof({ arbitrary: single, weight: 3 }, { arbitrary: fork, weight: 1 }), { minLength: 1, maxLength: 2 })
}

const returns: fc.Arbitrary<Return[]> = fc.array(
  fc.record({ from: fc.nat(20), to: fc.nat(20), mode: fc.constantFrom<ReturnMode>('again', 'straight-back') }),
  { maxLength: 4 },
)

/** A procedure of steps, 会签, 或签, nested parallel branches and returns of both kinds; sound by the way it is built. */
export const soundProcedure: fc.Arbitrary<Procedure> = fc
  .tuple(blocksOf(2), returns, fc.boolean(), fc.boolean())
  .map(([body, back, rejects, exOfficio]) => built(body, back, rejects, exOfficio))

const offices: readonly Holder[] = [
  { duty: 'office', resolve: 'duty' },
  { duty: 'drc', resolve: 'duty' },
]
const party: readonly Holder[] = [
  { duty: 'applicant', resolve: 'subject-org' },
  { duty: 'user-unit', resolve: 'subject-org' },
]

function built(body: Block[], back: Return[], rejects: boolean, exOfficio: boolean): Procedure {
  const steps: Step[] = []
  const start = add(steps, 'start', 'one')
  const last = lay(steps, body, [start])
  const end = add(steps, 'decide', 'one')
  for (const from of last) link(steps, from, end)
  const forward = givenProcedure(
    ...steps.map((step) => (step.id === end ? { ...step, outcomes: [givenOutcome({ id: 'end', kind: 'end', emits: ['ended'] })] } : step)),
  )
  const whole = {
    ...forward,
    steps: forward.steps.map((step, index) => ({ ...step, outcomes: [...step.outcomes, ...extras(forward, step, index, back, rejects)] })),
  }
  const submits = whole.steps.some((step) => step.kind === 'submit')
  return { ...whole, initiation: exOfficio && submits ? 'ex-officio' : 'application' }
}

/** Lays blocks one after another behind the steps `from`; answers with the steps that lead on. */
function lay(steps: Step[], body: Block[], from: string[]): string[] {
  return body.reduce((before, block) => {
    if (block.kind === 'fork') {
      const ends = block.branches.flatMap((branch) => lay(steps, branch, before))
      const join = add(steps, 'decide', 'one', ends)
      for (const end of ends) link(steps, end, join)
      return [join]
    }
    const id = add(steps, block.step, block.step === 'submit' && block.quorum === 'all' ? 'one' : block.quorum)
    for (const one of before) link(steps, one, id)
    return [id]
  }, from)
}

function add(steps: Step[], kind: StepKind, quorum: Quorum, joins: string[] = []): string {
  const id = `s${steps.length}`
  const holders = (kind === 'decide' ? offices : party).slice(0, quorum === 'one' ? 1 : 2)
  const limit =
    steps.length % 3 === 0 ? ({ kind: 'fixed', amount: 3, unit: 'work-day' } as const) : ({ kind: 'none', reason: '未规定' } as const)
  steps.push(givenStep({ id, kind, quorum, holders, joins, limit }))
  return id
}

function link(steps: Step[], from: string, to: string): void {
  const index = steps.findIndex((step) => step.id === from)
  const step = steps[index]
  if (!step) return
  const next = [...(step.outcomes[0]?.next ?? []), to]
  steps[index] = { ...step, outcomes: [givenOutcome({ id: 'go', kind: 'forward', next, emits: [`${from}.done`] })] }
}

function extras(procedure: Procedure, step: Step, index: number, back: Return[], rejects: boolean): Outcome[] {
  const reject = rejects && step.kind === 'decide' ? [givenOutcome({ id: 'reject', kind: 'reject', emits: ['rejected'] })] : []
  const targets = procedure.steps.filter((other) => comesBefore(procedure, other.id, step.id))
  const chosen = back.filter((one) => one.from % procedure.steps.length === index && targets.length > 0)
  const outcomes = chosen.flatMap(({ to, mode }, n) => {
    const target = targets[to % targets.length]
    if (!target || (mode === 'straight-back' && target.quorum === 'all')) return []
    return [givenOutcome({ id: `back${n}`, kind: 'return', next: [target.id], mode })]
  })
  return [...reject, ...outcomes]
}

/** People of every side, some with duties on both. */
export const people: readonly Actor[] = [
  givenActor('shen', 'dept', 'applicant', 'user-unit'),
  givenActor('sun', 'dept', 'applicant'),
  givenActor('zhang', 'bdc', 'office'),
  givenActor('li', 'bdc', 'office'),
  givenActor('wang', 'drc', 'drc'),
  givenActor('both', 'bdc', 'office', 'drc'),
  givenActor('shen', 'bdc', 'office', 'drc'),
  givenActor('stranger', 'elsewhere', 'applicant'),
]

/** One random act, as numbers that are read against the case it meets: mostly possible, sometimes nonsense. */
export interface Wish {
  who: number
  task: number
  outcome: number
  withdraw: boolean
  nonsense: boolean
}

export const wishes: fc.Arbitrary<Wish[]> = fc.array(
  fc.record({
    who: fc.nat(50),
    task: fc.nat(50),
    outcome: fc.nat(50),
    withdraw: fc.integer({ min: 0, max: 5 }).map((n) => n === 0),
    nonsense: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
  }),
  { maxLength: 40 },
)

/** Reads a wish against a case. */
export function deedOf(procedure: Procedure, kase: Case, wish: Wish): Act {
  const task = kase.tasks[wish.task % Math.max(1, kase.tasks.length)]
  const step = task && stepOf(procedure, task.step)
  const able = people.filter((actor) => !task || (actor.duties.includes(task.duty) && (task.orgId === null || task.orgId === actor.orgId)))
  const actor = pick(wish.nonsense ? people : able, wish.who) ?? givenActor('nobody', 'nowhere')
  if (wish.withdraw) return { kind: 'withdraw', actor, opinion: `撤回 ${wish.who}` }
  const outcome = pick(step?.outcomes ?? [], wish.outcome)?.id ?? 'none'
  const taskId = wish.nonsense ? `t${wish.task}` : (task?.id ?? 'none')
  return { kind: 'decide', actor, taskId, outcome, opinion: `意见 ${wish.outcome}` }
}

function pick<T>(from: readonly T[], n: number): T | undefined {
  return from.length === 0 ? undefined : from[n % from.length]
}
