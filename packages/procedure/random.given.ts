// SPDX-License-Identifier: Apache-2.0
// Random sound procedures, people and acts for the property tests of this package.

import fc from 'fast-check'
import type { Act, Actor, Case, Party, Verb, VerbKind } from './case.ts'
import { deadlines, givenActor, givenOutcome, givenProcedure, givenStep, later, MONDAY } from './given.ts'
import { comesBefore, stepOf } from './graph.ts'
import { act, mayDo, verbTitles } from './index.ts'
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
  const control = { supervise: ['leader'], void: ['leader'], merge: ['office'], urgeHours: 24 }
  return { ...whole, control, initiation: exOfficio && submits ? 'ex-officio' : 'application' }
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
    steps.length % 2 === 0 ? ({ kind: 'fixed', amount: 3, unit: 'work-day' } as const) : ({ kind: 'none', reason: '未规定' } as const)
  const asks = {
    extend: 'office',
    extendTimes: 2,
    extendLate: steps.length % 2 === 0,
    shelve: 'leader',
    'not-mine': kind === 'decide' ? 'leader' : null,
  }
  const pauses = [
    { ground: steps.length % 2 === 0 ? 'supplement' : 'publicity', title: '法定事由', article: 'WH23-5', basis: 'local' } as const,
  ]
  steps.push(givenStep({ id, kind, quorum, holders, joins, limit, asks, pauses }))
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
  givenActor('mayor', 'city', 'leader'),
  givenActor('chief', 'city', 'leader', 'office'),
]

/** One random act, as numbers that are read against the case it meets: mostly possible, sometimes nonsense. */
export interface Wish {
  who: number
  task: number
  outcome: number
  withdraw: boolean
  nonsense: boolean
  /** Which verb instead of a decision, if any. */
  verb: number | null
}

const wish: fc.Arbitrary<Wish> = fc.record({
  who: fc.nat(50),
  task: fc.nat(50),
  outcome: fc.nat(50),
  withdraw: fc.integer({ min: 0, max: 5 }).map((n) => n === 0),
  nonsense: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
  verb: fc.oneof({ arbitrary: fc.constant(null), weight: 3 }, { arbitrary: fc.nat(100), weight: 2 }),
})

export const wishes: fc.Arbitrary<Wish[]> = fc.array(wish, { maxLength: 60 })

/** Long stories, for what is rarely reached. */
export const manyWishes: fc.Arbitrary<Wish[]> = fc.array(wish, { maxLength: 60, size: 'medium' })

/** Reads a wish against a case. */
export function deedOf(procedure: Procedure, kase: Case, wish: Wish): Act {
  if (wish.verb !== null) return verbOf(procedure, kase, wish, wish.verb)
  const task = kase.tasks[wish.task % Math.max(1, kase.tasks.length)]
  const step = task && stepOf(procedure, task.step)
  const holds = (actor: Actor) => task?.holder?.personId === actor.personId || task?.holder === null
  const office = (actor: Actor) => !task || (actor.duties.includes(task.duty) && (task.orgId === null || task.orgId === actor.orgId))
  const able = people.filter((actor) => !task || (office(actor) && holds(actor)))
  const actor = pick(wish.nonsense ? people : able, wish.who) ?? givenActor('nobody', 'nowhere')
  if (wish.withdraw) return { kind: 'withdraw', actor, opinion: `撤回 ${wish.who}` }
  const outcome = pick(step?.outcomes ?? [], wish.outcome)?.id ?? 'none'
  const taskId = wish.nonsense ? `t${wish.task}` : (task?.id ?? 'none')
  return { kind: 'decide', actor, taskId, outcome, opinion: `意见 ${wish.outcome}` }
}

const kinds = Object.keys(verbTitles) as VerbKind[]

/** Reads a wish as a verb: mostly by somebody who may, at what it can be aimed at. */
function verbOf(procedure: Procedure, kase: Case, wish: Wish, verb: number): Verb {
  const kind = (verb < 3 ? pick(['merge', 'void'] as const, verb) : pick(likely(kase), verb)) ?? 'copy'
  const task = pick(kase.tasks, wish.task)
  const ref = pick(refsOf(kase, kind), wish.task)?.id ?? `k${wish.task}`
  const target = { taskId: task?.id ?? 'none', ref }
  const able = people.filter((actor) => mayDo(procedure, kase, kind, actor, target, MONDAY).length === 0)
  const actor = pick(wish.nonsense || able.length === 0 ? people : able, wish.who) ?? givenActor('nobody', 'nowhere')
  const others = people.filter((one) => one.personId !== actor.personId && (!task || wish.nonsense || one.duties.includes(task.duty)))
  const to = partyOf(pick(others, wish.outcome) ?? actor, task?.duty, wish.outcome % 3 > 0 || kind === 'entrust')
  const more = partyOf(pick(people, wish.outcome + 1) ?? actor, undefined, true)
  return {
    ...{ kind, actor, ...target, opinion: `意见 ${verb}` },
    ...{ to: kind === 'copy' || kind === 'countersign' ? [to, more] : to, granted: wish.outcome % 4 > 0, until: later(60 + wish.outcome) },
    ...{ form: pick(['before', 'beside', 'after'] as const, wish.outcome), rule: pick(['all', 'any'] as const, wish.who) },
    ground: kind === 'shelve' && wish.outcome % 2 === 0 ? null : (pick(['supplement', 'publicity'], wish.outcome) ?? null),
    leading: {
      id: 'other',
      title: '另一办件',
      procedure: procedure.id,
      subject: kase.subject,
      status: wish.nonsense ? 'ended' : 'running',
    },
  } as Verb
}

/** What a case can be aimed at; what ends it at once stays rare. */
function likely(kase: Case): VerbKind[] {
  return kinds.filter((kind) => {
    if (kind === 'merge' || kind === 'void') return false
    if (kind === 'unshelve') return kase.tasks.some((task) => task.shelved)
    if (kind === 'take-back') return kase.tasks.some((task) => task.entrusted)
    if (kind === 'resume') return kase.tasks.some((task) => task.paused)
    return !['sign', 'uncountersign', 'answer', 'reply', 'lift'].includes(kind) || refsOf(kase, kind).length > 0
  })
}

function refsOf(kase: Case, kind: VerbKind): readonly { id: string }[] {
  if (kind === 'answer') return kase.asks
  return kind === 'reply' || kind === 'lift' ? kase.demands : kase.countersigns
}

function partyOf(actor: Actor, duty: string | undefined, named: boolean): Party {
  const person = named ? { personId: actor.personId, name: actor.name } : null
  return { orgId: actor.orgId, orgName: actor.orgName, duty: duty && actor.duties.includes(duty) ? duty : (actor.duties[0] ?? ''), person }
}

function pick<T>(from: readonly T[], n: number): T | undefined {
  return from.length === 0 ? undefined : from[n % from.length]
}

/** Clears what waits beside the first open task, then decides it forward, by a fresh person who has never acted in the case. */
export function onward(procedure: Procedure, kase: Case, n: number): Case {
  const deed = clearing(kase, n) ?? deciding(procedure, kase, n)
  const result = act(procedure, kase, deed, later(300 + n), deadlines)
  if ('findings' in result) throw new Error(result.findings[0]?.message)
  return result.case
}

const fresh = (n: number, orgId: string, duty: string) => ({
  ...{ personId: `fresh${n}`, name: `fresh${n}`, postId: 'p', orgId, orgName: '机构', duties: [duty] },
})

/** An opinion that nobody signs is taken back by a colleague of who asked; a demand is replied to. */
function clearing(kase: Case, n: number): Act | undefined {
  const unsigned = kase.countersigns[0]
  if (unsigned) {
    const actor = fresh(n, unsigned.by.orgId, unsigned.by.duty)
    return { kind: 'uncountersign', actor, ref: unsigned.id, opinion: '无需再签' }
  }
  const task = kase.tasks[0]
  // Somebody who was named and is away: a colleague hands the task on to another.
  if (task?.holder) {
    const person = { personId: `next${n}`, name: '接办' }
    const to = { orgId: task.orgId ?? 'any', orgName: '机构', duty: task.duty, person }
    if (!task.holder.personId.startsWith('next'))
      return { kind: 'transfer', actor: fresh(n, task.orgId ?? 'any', task.duty), taskId: task.id, to, opinion: '本人外出' }
  }
  const demand = kase.demands.find((one) => one.reply === null)
  if (!demand || !task) return undefined
  const actor = { ...fresh(n, task.orgId ?? 'any', task.duty), ...task.holder }
  return { kind: 'reply', actor, ref: demand.id, opinion: '已办' }
}

function deciding(procedure: Procedure, kase: Case, n: number): Act {
  const task = kase.tasks[0]
  const step = task && stepOf(procedure, task.step)
  const outcome = step?.outcomes.find((one) => one.kind === 'forward' || one.kind === 'end')
  if (!task || !outcome) throw new Error('a case that is not over has no way on')
  const actor = { ...fresh(n, task.orgId ?? 'any', task.duty), ...task.holder }
  return { kind: 'decide', actor, taskId: task.id, outcome: outcome.id }
}
