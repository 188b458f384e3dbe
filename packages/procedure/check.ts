// SPDX-License-Identifier: Apache-2.0

import { comesBefore, startOf, stepOf, successorsOf } from './graph.ts'
import { type Clash, type Fired, fire, initialMarking, type Marking } from './marking.ts'
import type { Problem } from './parse.ts'
import type { Outcome, Procedure, Step } from './procedure.ts'

/** More markings than any real procedure has; beyond it the check refuses instead of running for ever. */
const MOST_STATES = 20_000

/**
 * Model check (模型检查) of a procedure. First its shape, then, when that holds, every state it can ever be in: every step is reached,
 * an end stays reachable, branches meet once and only once. An empty list means sound.
 */
export function checkProcedure(procedure: Procedure): Problem[] {
  const problems = [...ofWhole(procedure), ...procedure.steps.flatMap((step, index) => ofStep(procedure, step, `steps[${index}]`))]
  return problems.length > 0 ? problems : ofStates(procedure)
}

function ofWhole(procedure: Procedure): Problem[] {
  const starts = procedure.steps.filter((step) => step.kind === 'start')
  const ids = procedure.steps.map((step) => step.id)
  return [
    ...(starts.length === 1
      ? []
      : [problem('steps', `应有且只有一个起始环节，现有 ${starts.length} 个`, '请保留一个 kind 为 start 的环节')]),
    ...repeated(ids).map((index) => problem(`steps[${index}].id`, `环节标识“${ids[index]}”重复`, '请为每个环节使用不同的标识')),
    ...(procedure.articles.length > 0 ? [] : [problem('articles', '流程没有依据的条款', '请列出依据条款')]),
    ...(procedure.initiation === 'application' || procedure.steps.some((step) => step.kind === 'submit')
      ? []
      : [problem('initiation', '依职权的流程没有由相对方提交的环节', '请增加 kind 为 submit 的环节，或改为依申请')]),
  ]
}

function ofStep(procedure: Procedure, step: Step, at: string): Problem[] {
  const ids = step.outcomes.map((outcome) => outcome.id)
  const seats = step.holders.map((holder) => `${holder.duty}@${holder.resolve}`)
  return [
    ...(step.holders.length > 0 ? [] : [problem(`${at}.holders`, `“${step.title}”没有承担职责的单位`, '请写明由何种职责办理')]),
    ...repeated(seats).map((index) => problem(`${at}.holders[${index}]`, '同一环节的办理单位重复', '请删除重复的单位')),
    ...(step.outcomes.length > 0
      ? []
      : [problem(`${at}.outcomes`, `“${step.title}”没有办理结果，办件到此无法继续`, '请至少写明一个办理结果')]),
    ...repeated(ids).map((index) => problem(`${at}.outcomes[${index}].id`, `办理结果标识“${ids[index]}”重复`, '请使用不同的标识')),
    ...ofQuorum(step, at),
    ...ofLimit(procedure, step, at),
    ...ofAsks(step, at),
    ...ofJoin(procedure, step, at),
    ...ofSeparation(procedure, step, at),
    ...step.outcomes.flatMap((outcome, index) => ofOutcome(procedure, step, outcome, `${at}.outcomes[${index}]`)),
  ]
}

function ofQuorum(step: Step, at: string): Problem[] {
  const several = step.holders.length > 1
  const goesOn = step.outcomes.filter((outcome) => outcome.kind === 'forward' || outcome.kind === 'end').length
  return [
    ...(step.quorum === 'one' && several
      ? [problem(`${at}.quorum`, '一人办理的环节写了多个单位', '请改为 all（会签）或 any（或签）')]
      : []),
    ...(step.quorum !== 'one' && !several ? [problem(`${at}.quorum`, '会签、或签环节只写了一个单位', '请改为 one，或写明其他单位')] : []),
    ...(step.quorum === 'all' && step.kind !== 'decide' ? [problem(`${at}.quorum`, '提交环节不能会签', '请改为 one 或 any')] : []),
    ...(step.quorum === 'any' && step.kind === 'start' ? [problem(`${at}.quorum`, '起始环节只能由一个单位办理', '请改为 one')] : []),
    ...(step.quorum === 'all' && goesOn > 1
      ? [problem(`${at}.outcomes`, '会签环节有多个同意的结果，各方意见可能不一致', '请只保留一个 forward 或 end 结果')]
      : []),
  ]
}

function ofLimit(procedure: Procedure, step: Step, at: string): Problem[] {
  if (step.limit.kind === 'none' && step.limit.reason.trim() === '')
    return [problem(`${at}.limit`, `“${step.title}”既无时限也无理由`, '请写明时限，或写明理由，如“未规定”')]
  if (step.limit.kind === 'fixed' && !(Number.isSafeInteger(step.limit.amount) && step.limit.amount > 0))
    return [problem(`${at}.limit.amount`, '时限应为正整数', '请填写大于零的整数')]
  if (step.limit.kind === 'from-code' && Object.keys(step.limit.table).length === 0)
    return [problem(`${at}.limit.table`, '按代码取时限而没有对照表', '请写明每个代码的时限')]
  const read = step.limit.kind === 'from-record' || step.limit.kind === 'from-code'
  if (read && startOf(procedure)?.id === step.id) return [problem(`${at}.limit`, '起始环节的期限不能取自办件记录', '请写明时限或理由')]
  return []
}

/** Nobody grants what they ask for themselves: the duty that answers is another than the only one that asks. */
function ofAsks(step: Step, at: string): Problem[] {
  const grounds = repeated(step.pauses.map((pause) => pause.ground))
  return [
    ...grounds.map((index) => problem(`${at}.pauses[${index}]`, '同一中止事由重复', '请删除重复的事由')),
    ...(step.asks['not-mine'] !== null && step.kind !== 'decide'
      ? [problem(`${at}.asks.not-mine`, '提交环节不存在不属本单位的情形', '请删除 not-mine')]
      : []),
  ]
}

function ofJoin(procedure: Procedure, step: Step, at: string): Problem[] {
  const into = procedure.steps.filter((other) => successorsOf(other).includes(step.id)).map((other) => other.id)
  if (step.joins.length === 0) return []
  const strangers = step.joins.filter((id) => !into.includes(id))
  const forgotten = into.filter((id) => !step.joins.includes(id))
  return [
    ...(step.joins.length > 1 ? [] : [problem(`${at}.joins`, '汇合环节只等待一个分支', '请删除 joins，或写明其他分支')]),
    ...repeated(step.joins).map((index) => problem(`${at}.joins[${index}]`, '同一分支重复汇合', '请删除重复的分支')),
    ...strangers.map((id) => problem(`${at}.joins`, `汇合环节等待的“${id}”不通向本环节`, '请更正分支的去向或 joins')),
    ...forgotten.map((id) => problem(`${at}.joins`, `“${id}”通向本汇合环节，但未列入 joins`, '请将其列入 joins')),
  ]
}

/** Nobody decides on their own application; where even the organisation and duty are the same, the pack must say why that is meant. */
function ofSeparation(procedure: Procedure, step: Step, at: string): Problem[] {
  const notBy = step.notBy.filter((id) => !stepOf(procedure, id) || !comesBefore(procedure, id, step.id))
  const parted = notBy.map((id) => problem(`${at}.notBy`, `“${id}”不是本环节之前的环节`, '请更正 notBy'))
  if (step.kind !== 'decide' || step.separation !== null || step.holders.length === 0) return parted
  const handsIn = procedure.steps
    .filter((other) => other.kind === 'submit' || (other.kind === 'start' && procedure.initiation === 'application'))
    .flatMap((other) => other.holders)
  const same = step.holders.every((holder) => handsIn.some((other) => other.duty === holder.duty && other.resolve === holder.resolve))
  if (!same) return parted
  return [
    ...parted,
    problem(at, `“${step.title}”只由申请人所在单位的同一职责办理`, '请改由其他职责办理，或在 separation 写明理由（由其他人员办理）'),
  ]
}

function ofOutcome(procedure: Procedure, step: Step, outcome: Outcome, at: string): Problem[] {
  const unknown = outcome.next.filter((id) => !stepOf(procedure, id))
  if (unknown.length > 0) return unknown.map((id) => problem(`${at}.next`, `环节“${id}”不存在`, '请更正去向'))
  const twice = repeated(outcome.next).map((index) => problem(`${at}.next[${index}]`, '同一去向重复', '请删除重复的去向'))
  return [...twice, ...(outcome.kind === 'return' ? ofReturn(procedure, step, outcome, at) : ofOnward(procedure, step, outcome, at))]
}

function ofReturn(procedure: Procedure, step: Step, outcome: Outcome, at: string): Problem[] {
  const target = outcome.next.length === 1 ? stepOf(procedure, outcome.next[0] ?? '') : undefined
  if (!target) return [problem(`${at}.next`, '退回应写明一个退回到的环节', '请写明一个环节')]
  return [
    ...(outcome.mode === null ? [problem(`${at}.mode`, '退回未写明方式', '请填写 again（重新办理）或 straight-back（直接返回）')] : []),
    ...(comesBefore(procedure, target.id, step.id)
      ? []
      : [problem(`${at}.next`, `“${target.title}”不在本环节之前，不能退回`, '请退回到之前的环节')]),
    ...(outcome.mode === 'straight-back' && target.quorum === 'all'
      ? [problem(`${at}.mode`, '退回会签环节时不能直接返回', '请改为 again，或退回到一个单位办理的环节')]
      : []),
  ]
}

function ofOnward(procedure: Procedure, step: Step, outcome: Outcome, at: string): Problem[] {
  const onward = outcome.kind === 'forward'
  const loops = onward ? outcome.next.filter((id) => id === step.id || comesBefore(procedure, id, step.id)) : []
  return [
    ...(onward && outcome.next.length === 0 ? [problem(`${at}.next`, '没有后续环节', '请写明后续环节，或改为 end')] : []),
    ...(!onward && outcome.next.length > 0 ? [problem(`${at}.next`, '办结或不予通过后不能再有后续环节', '请删除后续环节')] : []),
    ...(outcome.mode !== null ? [problem(`${at}.mode`, '只有退回才写明退回方式', '请删除 mode')] : []),
    ...loops.map((id) => problem(`${at}.next`, `后续环节“${id}”在本环节之前，形成循环`, '请改为退回')),
  ]
}

interface States {
  reached: Map<string, { step: ReadonlySet<string>; to: Set<string>; ended: boolean }>
  /** `step kind` of every clash met. */
  clashes: Set<string>
  tooMany: boolean
}

function ofStates(procedure: Procedure): Problem[] {
  const states = explore(procedure)
  if (states.tooMany) return [problem('steps', '流程的状态过多，无法逐一检查', '请减少并联分支和退回')]
  const seen = new Set([...states.reached.values()].flatMap((state) => [...state.step]))
  const stuck = stuckSteps(states)
  return procedure.steps.flatMap((step, index) => {
    const at = `steps[${index}]`
    const clashes = CLASHES.filter(([kind]) => states.clashes.has(`${step.id} ${kind}`))
    return [
      ...(seen.has(step.id) ? [] : [problem(at, `“${step.title}”永远不会到达`, '请更正去向或汇合，或删除该环节')]),
      ...(stuck.has(step.id) ? [problem(at, `办件到“${step.title}”后可能无法办结`, '请更正去向，并检查并联分支是否都能汇合')] : []),
      ...clashes.map(([, message]) => problem(at, message, '请以 joins 汇合并联分支，每个分支只汇合一次')),
    ]
  })
}

/** Walks every state of the procedure with the very function that moves a case. */
function explore(procedure: Procedure): States {
  const states: States = { reached: new Map(), clashes: new Set(), tooMany: false }
  const start = startOf(procedure)
  const open: Marking[] = start ? [initialMarking(start)] : []
  for (let marking = open.pop(); marking !== undefined; marking = open.pop()) {
    const key = keyOf(marking)
    if (states.reached.has(key)) continue
    if (states.reached.size >= MOST_STATES) return { ...states, tooMany: true }
    const state = { step: new Set(marking.tokens.map((token) => token.step)), to: new Set<string>(), ended: false }
    states.reached.set(key, state)
    for (const fired of everyMove(procedure, marking)) {
      for (const clash of fired.clashes) states.clashes.add(`${clash.step} ${clash.kind}`)
      if (fired.over === 'ended') state.ended = true
      if (fired.over !== null) continue
      state.to.add(keyOf(fired.marking))
      open.push(fired.marking)
    }
  }
  return states
}

const CLASHES: readonly [Clash['kind'], string][] = [
  ['two-at-once', '两个并联分支同时到达本环节而未汇合'],
  ['double-arrival', '同一分支两次到达本汇合环节'],
  ['end-with-others', '其他并联分支尚未办理，办件即已办结'],
]

function everyMove(procedure: Procedure, marking: Marking): Fired[] {
  return marking.tokens.flatMap((token) => {
    const step = stepOf(procedure, token.step)
    return step ? step.outcomes.map((outcome) => fire(procedure, marking, token, step, outcome)) : []
  })
}

/** Steps that are open in a state from which no completion can be reached, or that lead into a state where nothing is open. */
function stuckSteps(states: States): ReadonlySet<string> {
  const before = new Map<string, string[]>()
  for (const [key, state] of states.reached) for (const to of state.to) before.set(to, [...(before.get(to) ?? []), key])
  const fine = new Set<string>()
  const open = [...states.reached].filter(([, state]) => state.ended).map(([key]) => key)
  for (let key = open.pop(); key !== undefined; key = open.pop()) {
    if (fine.has(key)) continue
    fine.add(key)
    open.push(...(before.get(key) ?? []))
  }
  const stuck = [...states.reached].filter(([key]) => !fine.has(key))
  const into = stuck.filter(([, state]) => state.step.size === 0).flatMap(([key]) => before.get(key) ?? [])
  const named = [...stuck.flatMap(([, state]) => [...state.step]), ...into.flatMap((key) => [...(states.reached.get(key)?.step ?? [])])]
  return new Set(named)
}

/** One text per state, whatever order its tokens came in. */
function keyOf(marking: Marking): string {
  const tokens = marking.tokens.map((token) => `${token.step}/${token.seat}${backs(token.returnTo)}`)
  const arrivals = marking.arrivals.map((arrival) => `${arrival.from}>${arrival.join}`)
  const passed = marking.passed.map((arrival) => `${arrival.from}>${arrival.join}`)
  const signed = marking.signed.map((place) => `${place.step}/${place.seat}`)
  return [tokens, arrivals, passed, signed].map((part) => part.sort().join(',')).join('|')
}

function backs(list: Marking['tokens'][number]['returnTo']): string {
  if (list.length === 0) return ''
  const inner = list.map((back) => `${back.step}/${back.seat}${backs(back.onward)}`)
  return `<${inner.sort().join(',')}>`
}

/** Indexes of what stands more than once. */
function repeated(values: readonly string[]): number[] {
  return values.flatMap((value, index) => (values.indexOf(value) < index ? [index] : []))
}

function problem(path: string, message: string, cure: string): Problem {
  return { path, message, cure }
}
