// SPDX-License-Identifier: Apache-2.0

import type {
  Act,
  Actor,
  Case,
  CaseInit,
  CaseOver,
  CaseStatus,
  CloseReason,
  Deadlines,
  Effect,
  Entry,
  Finding,
  Kept,
  Result,
  Seat,
  Signature,
  Task,
  TaskCause,
} from './case.ts'
import { content } from './content.ts'
import { settleCountersigns, unsigned } from './countersign.ts'
import { downstreamOf, outcomeOf, startOf, stepOf } from './graph.ts'
import { type Clock, limitOf, missingLimit } from './limit.ts'
import { fire, initialMarking, type Marking, owed, sameBack, type Token, upsert } from './marking.ts'
import { unanswered } from './oversight.ts'
import { keptAt, keptBy, takenUp } from './pausing.ts'
import type { Outcome, Procedure, Step } from './procedure.ts'
import { finding, gone, onOtherSide, sideOf, sideOfEntry, standing } from './standing.ts'
import { sign, written } from './verb.ts'
import { doVerb } from './verbs.ts'

type Decision = Extract<Act, { kind: 'decide' }>

/** Opens a case (立案): a draft that waits at its first step for the applicant to hand in. */
export function openCase(procedure: Procedure, init: CaseInit, now: string, deadlines: Deadlines): Result {
  const start = startOf(procedure)
  const findings = opening(procedure, start, init)
  if (!start || findings.length > 0) return { findings }
  const holder = start.holders[0]
  const empty: Case = {
    id: init.id,
    subject: init.subject,
    pins: init.pins,
    applicant: sign(init.applicant, holder?.duty ?? ''),
    slots: init.slots,
    dates: init.dates ?? {},
    codes: init.codes ?? {},
    status: 'draft',
    tasks: [],
    arrivals: [],
    passed: [],
    signed: [],
    countersigns: [],
    asks: [],
    demands: [],
    kept: [],
    mergedInto: null,
    history: [],
    openedAt: now,
    endedAt: null,
    counter: 0,
  }
  const moved = move(procedure, empty, initialMarking(start), 'opened', { now, deadlines })
  return { case: { ...empty, tasks: moved.tasks, counter: moved.counter }, effects: moved.effects }
}

/** Applies one act to a case. Same input, same output; what is refused changes nothing. */
export function act(procedure: Procedure, kase: Case, deed: Act, now: string, deadlines: Deadlines): Result {
  const findings = pinned(procedure, kase)
  if (findings.length > 0) return { findings }
  const clock = { now, deadlines }
  if (deed.kind === 'decide') return decide(procedure, kase, deed, clock)
  return deed.kind === 'withdraw' ? withdraw(procedure, kase, deed, clock) : doVerb(procedure, kase, deed, clock)
}

/** Why this actor may not decide this task; empty when they may. */
export function mayAct(procedure: Procedure, kase: Case, taskId: string, actor: Actor): Finding[] {
  const task = kase.tasks.find((open) => open.id === taskId)
  const step = task && stepOf(procedure, task.step)
  if (!task || !step) return [gone(procedure, kase, taskId)]
  return standing(procedure, kase, task, step, actor)
}

/** Why this actor may not take back (撤回) what they handed in last; empty when they may. */
export function mayWithdraw(procedure: Procedure, kase: Case, actor: Actor): Finding[] {
  const found = withdrawable(procedure, kase, actor)
  return 'findings' in found ? found.findings : []
}

/** Every signed opinion of a case, oldest first. No return, withdrawal or ending takes one away. */
export function opinionsOf(kase: Case): Entry[] {
  return kase.history.filter((entry) => entry.opinion !== null)
}

function opening(procedure: Procedure, start: Step | undefined, init: CaseInit): Finding[] {
  const holder = start?.holders[0]
  if (!start || !holder) return [finding('procedure.no_start', `流程“${procedure.title}”没有起始环节`, '请由系统管理员检查制度包')]
  if (init.pins.procedure !== procedure.id || init.pins.procedureVersion !== procedure.version)
    return [finding('case.other_procedure', '办件所依流程与流程版本不一致', '请按办件立案时的流程版本办理')]
  if (init.subject.kind !== procedure.subject)
    return [finding('case.other_subject', `流程“${procedure.title}”不适用于这类事项`, '请选择与事项相应的流程')]
  const missing = slotsOf(procedure).filter((slot) => !Object.hasOwn(init.slots, slot) || init.slots[slot] === '')
  if (missing.length > 0) return [finding('case.slot_missing', `办件缺少参与机构：${missing.join('、')}`, '请先登记相应机构再立案')]
  const org = holder.resolve === 'duty' ? init.applicant.orgId : init.slots[holder.resolve]
  if (org !== init.applicant.orgId || !init.applicant.duties.includes(holder.duty))
    return [finding('task.not_holder', `“${start.title}”不由当前岗位办理`, '请由承担该职责的机构人员发起，或切换到相应岗位', start.article)]
  return []
}

/** Organisation slots that a case of this procedure must bring, in the order they appear. */
export function slotsOf(procedure: Procedure): string[] {
  const named = procedure.steps.flatMap((step) => step.holders.map((holder) => holder.resolve))
  return [...new Set(named.filter((resolve) => resolve !== 'duty'))]
}

function pinned(procedure: Procedure, kase: Case): Finding[] {
  if (kase.pins.procedure !== procedure.id || kase.pins.procedureVersion !== procedure.version)
    return [finding('case.other_procedure', '办件所依流程与流程版本不一致', '请按办件立案时的流程版本办理')]
  return []
}

function decide(procedure: Procedure, kase: Case, deed: Decision, clock: Clock): Result {
  const task = kase.tasks.find((open) => open.id === deed.taskId)
  const step = task && stepOf(procedure, task.step)
  if (!task || !step) return { findings: [gone(procedure, kase, deed.taskId)] }
  const barred = standing(procedure, kase, task, step, deed.actor)
  if (barred.length > 0) return { findings: barred }
  const outcome = outcomeOf(step, deed.outcome)
  if (!outcome) {
    const known = step.outcomes.map((one) => one.title).join('、')
    return { findings: [finding('outcome.unknown', `“${step.title}”没有这种办理结果`, `请在以下结果中选择：${known}`, step.article)] }
  }
  const waiting = unsigned(procedure, kase, task.id, step, outcome)
  if (waiting.length > 0) return { findings: waiting }
  const lacking = [
    ...unanswered(kase.demands, outcome.kind === 'end' || outcome.kind === 'reject'),
    ...content(procedure, kase, step, outcome, deed, clock.now),
  ]
  if (lacking.length > 0) return { findings: lacking }

  const returnTo = owed(markingOf(kase), task, step)
  const fired = fire(procedure, markingOf(kase), task, step, outcome)
  const dated = { ...kase, dates: { ...kase.dates, ...deed.dates }, codes: { ...kase.codes, ...deed.codes } }
  const undated = fired.marking.tokens.flatMap((token) => missingLimit(stepOf(procedure, token.step), dated))
  if (undated.length > 0) return { findings: undated }

  const reason: CloseReason = fired.over ? 'case-over' : outcome.kind === 'return' ? 'returned' : 'not-needed'
  const cause: TaskCause = outcome.kind === 'return' ? 'returned' : returnTo.length > 0 ? 'resumed' : 'forward'
  const kept = keptBy(procedure, task, step, outcome, clock)
  const resting = kept ? { ...dated, kept: [...dated.kept.filter((one) => !sameSeat(one, kept)), kept] } : dated
  const moved = move(procedure, resting, fired.marking, cause, clock, { acted: task.id, reason })
  const beside = settleCountersigns(kase, new Set(moved.tasks.map((one) => one.id)), {
    forward: outcome.kind === 'forward' ? task.id : null,
    undone: outcome.kind === 'return' && outcome.mode === 'again' ? downstreamOf(procedure, outcome.next[0] ?? '') : new Set(),
  })
  const emits = fired.completed ? outcome.emits : []
  const entry: Entry = {
    seq: kase.history.length + 1,
    act: 'decide',
    taskId: task.id,
    step: step.id,
    seat: task.seat,
    outcome: outcome.id,
    outcomeTitle: outcome.title,
    kind: outcome.kind,
    opinion: written(deed.opinion),
    documents: deed.documents ?? [],
    choices: deed.choices ?? [],
    emits,
    opened: moved.opened,
    closed: moved.closed,
    returnTo,
    detail: kept && kept.left !== null ? { ground: 'supplement' } : null,
    by: signedFor(task, deed.actor),
    at: clock.now,
  }
  const next: Case = {
    ...dated,
    ...waitingFor(kase, moved.tasks),
    kept: fired.over ? [] : moved.kept,
    countersigns: beside.countersigns,
    tasks: moved.tasks,
    arrivals: fired.marking.arrivals,
    passed: fired.marking.passed,
    signed: signatures(kase, fired.marking, step, deed.actor),
    history: [...kase.history, entry],
    counter: moved.counter,
    endedAt: fired.over ? clock.now : null,
    status: fired.over ?? statusOf(procedure, moved.tasks),
  }
  return { case: next, effects: inOrder(outcome, fired.completed, [...moved.effects, ...beside.effects], fired.over) }
}

function withdraw(procedure: Procedure, kase: Case, deed: Extract<Act, { kind: 'withdraw' }>, clock: Clock): Result {
  const found = withdrawable(procedure, kase, deed.actor)
  if ('findings' in found) return found
  const { entry, step } = found
  const marking = undo(kase, entry, step)
  const moved = move(procedure, kase, marking, 'withdrawn', clock, { acted: null, reason: 'withdrawn' })
  const line: Entry = {
    ...entry,
    seq: kase.history.length + 1,
    act: 'withdraw',
    outcome: null,
    outcomeTitle: '撤回',
    kind: 'withdraw',
    opinion: written(deed.opinion),
    documents: [],
    choices: [],
    emits: [],
    opened: moved.opened,
    closed: moved.closed,
    detail: null,
    by: sign(deed.actor, step.holders[entry.seat]?.duty ?? ''),
    at: clock.now,
  }
  const beside = settleCountersigns(kase, new Set(moved.tasks.map((one) => one.id)), { forward: null, undone: new Set([entry.step]) })
  const next: Case = {
    ...kase,
    ...waitingFor(kase, moved.tasks),
    kept: moved.kept,
    countersigns: beside.countersigns,
    tasks: moved.tasks,
    arrivals: marking.arrivals,
    passed: marking.passed,
    history: [...kase.history, line],
    counter: moved.counter,
    status: statusOf(procedure, moved.tasks),
  }
  const retracted = entry.emits.map((event): Effect => ({ type: 'subject-event-retracted', event }))
  return { case: next, effects: [...moved.effects, ...beside.effects, ...retracted] }
}

/** The hand-in this actor may still take back: their last, with every task it opened untouched. */
function withdrawable(procedure: Procedure, kase: Case, actor: Actor): { entry: Entry; step: Step } | { findings: Finding[] } {
  const entry = kase.history.findLast((line) => line.by.personId === actor.personId && moves(line))
  const step = entry && stepOf(procedure, entry.step)
  if (kase.endedAt !== null) return { findings: [finding('case.over', '办件已办结，不能撤回', '如需变更，请重新申报')] }
  if (!entry || !step || step.kind === 'decide' || entry.act !== 'decide' || entry.kind !== 'forward')
    return { findings: [finding('withdraw.nothing', '没有可以撤回的提交', '只有提交人可以在后续环节办理之前撤回')] }
  const holder = step.holders[entry.seat]
  const org = holder && holder.resolve !== 'duty' ? kase.slots[holder.resolve] : entry.by.orgId
  if (!holder || !actor.duties.includes(holder.duty) || actor.orgId !== org)
    return { findings: [finding('task.not_holder', `“${step.title}”不由当前岗位办理`, '请切换到提交时的岗位再撤回', step.article)] }
  // Who handed in may by now act for somebody of the other side (受托).
  const barred = onOtherSide(procedure, kase, sideOf(procedure, step), actor, step.article)
  if (barred.length > 0) return { findings: barred }
  if (untouched(procedure, kase, entry, step)) return { entry, step }
  const lost = entry.opened.find((id) => !kase.tasks.some((task) => task.id === id))
  const said = lost ? gone(procedure, kase, lost).message : '后续环节已办理'
  return { findings: [finding('withdraw.too_late', `${said}，不能撤回`, '如需补正，请与当前办理单位联系退回')] }
}

/** Whether everything a hand-in led to still waits exactly as it left it. */
function untouched(procedure: Procedure, kase: Case, entry: Entry, step: Step): boolean {
  const newest = kase.history.findLast((line) => line.step === step.id && moves(line)) === entry
  // What an office has begun to do with it, an opinion signed or a colleague entrusted, is not taken away from under it.
  const handled = kase.history.some((line) => entry.opened.includes(line.taskId) && sideOfEntry(procedure, line) !== null)
  const waiting = kase.tasks.filter((task) => entry.opened.includes(task.id))
  const arrived = (id: string) => kase.arrivals.some((arrival) => arrival.join === id && arrival.from === step.id)
  const opened = (id: string) => waiting.some((task) => task.step === id)
  const next = entry.returnTo.length > 0 ? entry.returnTo.map((back) => back.step) : (outcomeOf(step, entry.outcome ?? '')?.next ?? [])
  return newest && !handled && waiting.length === entry.opened.length && next.every((id) => opened(id) || arrived(id))
}

/** The marking before a hand-in: its tasks gone, its arrivals taken back, its own task open again. */
function undo(kase: Case, entry: Entry, step: Step): Marking {
  const opened = kase.tasks.filter((task) => entry.opened.includes(task.id))
  const joined = new Set(entry.returnTo.length > 0 ? [] : opened.map((task) => task.step))
  const restored = kase.passed.filter((arrival) => joined.has(arrival.join))
  const waiting = kase.tasks.filter((task) => !entry.opened.includes(task.id))
  // Where any of several may hand in (或签), all of them may again.
  const seats = step.holders.map((_, seat): Token => ({ step: step.id, seat, returnTo: entry.returnTo }))
  return {
    tokens: seats.reduce<readonly Token[]>((open, token) => upsert(open, token).tokens, waiting),
    arrivals: [...kase.arrivals, ...restored].filter((arrival) => arrival.from !== entry.step),
    passed: kase.passed.filter((arrival) => !joined.has(arrival.join)),
    signed: kase.signed,
  }
}

function markingOf(kase: Case): Marking {
  return { tokens: kase.tasks, arrivals: kase.arrivals, passed: kase.passed, signed: kase.signed }
}

/** A line that moved the case, as against what was done beside it. */
function moves(line: Entry): boolean {
  return line.act === 'decide' || line.act === 'withdraw'
}

/** What still waits once tasks have closed: nothing is asked for a task that is gone, no demand outlives the case. */
function waitingFor(kase: Case, tasks: readonly Task[]): Pick<Case, 'asks' | 'demands'> {
  return { asks: kase.asks.filter((ask) => tasks.some((task) => task.id === ask.taskId)), demands: tasks.length === 0 ? [] : kase.demands }
}

interface Moved {
  tasks: Task[]
  opened: string[]
  closed: string[]
  counter: number
  kept: readonly Kept[]
  effects: Effect[]
}

/** Turns the tokens of a marking into tasks: those that stay keep their number and clock, the others close or open. */
function move(
  procedure: Procedure,
  kase: Case,
  marking: Marking,
  cause: TaskCause,
  clock: Clock,
  closing?: { acted: string | null; reason: CloseReason },
): Moved {
  const stays = (task: Task) => task.id !== closing?.acted && marking.tokens.some((token) => sameSeat(token, task))
  const leaving = kase.tasks.filter((task) => !stays(task))
  const effects: Effect[] = leaving.flatMap((task) =>
    closed(task, task.id === closing?.acted ? 'decided' : (closing?.reason ?? 'not-needed')),
  )
  const moved: Moved = {
    tasks: [],
    opened: [],
    closed: leaving.map((task) => task.id).filter((id) => id !== closing?.acted),
    counter: kase.counter,
    kept: kase.kept,
    effects,
  }
  for (const token of marking.tokens) {
    const task = kase.tasks.find((open) => stays(open) && sameSeat(token, open))
    if (task) {
      const same =
        task.returnTo.length === token.returnTo.length &&
        token.returnTo.every((back) => task.returnTo.some((other) => sameBack(back, other)))
      const kept = same ? task : { ...task, returnTo: token.returnTo }
      moved.tasks.push(kept)
      if (!same) effects.push({ type: 'task-changed', task: kept })
      continue
    }
    moved.counter += 1
    const kept = cause === 'forward' || cause === 'resumed' ? keptAt(kase, token) : undefined
    const plain = newTask(procedure, kase, token, `t${moved.counter}`, cause, clock)
    if (!plain) continue
    const fresh = takenUp(plain, kept, clock)
    moved.kept = moved.kept.filter((one) => one !== kept)
    moved.tasks.push(fresh)
    moved.opened.push(fresh.id)
    effects.push({ type: 'task-opened', task: fresh })
    if (fresh.due !== null) effects.push({ type: 'clock-started', taskId: fresh.id, due: fresh.due, provisional: fresh.provisional })
  }
  return moved
}

function newTask(procedure: Procedure, kase: Case, token: Token, id: string, cause: TaskCause, clock: Clock): Task | null {
  const step = stepOf(procedure, token.step)
  const holder = step?.holders[token.seat]
  if (!step || !holder) return null
  const orgId = holder.resolve === 'duty' ? null : (kase.slots[holder.resolve] ?? null)
  return {
    id,
    step: step.id,
    seat: token.seat,
    duty: holder.duty,
    slot: holder.resolve,
    orgId,
    since: clock.now,
    ...limitOf(step.limit, kase, clock, orgId),
    paused: null,
    holder: null,
    entrusted: null,
    handoffs: [],
    shelved: null,
    extensions: 0,
    urgedAt: null,
    cause,
    returnTo: token.returnTo,
  }
}

function closed(task: Task, reason: CloseReason): Effect[] {
  const close: Effect = { type: 'task-closed', taskId: task.id, step: task.step, reason }
  return task.due === null ? [close] : [close, { type: 'clock-stopped', taskId: task.id }]
}

function inOrder(outcome: Outcome, completed: boolean, moved: readonly Effect[], over: CaseOver | null): Effect[] {
  const guard: Effect[] = completed && outcome.guard !== null ? [{ type: 'guard', act: outcome.guard }] : []
  const events = completed ? outcome.emits.map((event): Effect => ({ type: 'subject-event', event })) : []
  const end: Effect[] = over ? [{ type: 'case-over', status: over }] : []
  return [...guard, ...moved, ...events, ...end]
}

function signatures(kase: Case, marking: Marking, step: Step, actor: Actor): Seat[] {
  return marking.signed.map((place) => {
    const before = kase.signed.find((seat) => sameSeat(seat, place))
    return before ?? { step: step.id, seat: place.seat, personId: actor.personId }
  })
}

function statusOf(procedure: Procedure, tasks: readonly Task[]): CaseStatus {
  const waits = (cause: TaskCause) =>
    tasks.some((task) => {
      const step = stepOf(procedure, task.step)
      return task.cause === cause && step !== undefined && step.kind !== 'decide'
    })
  if (waits('withdrawn')) return 'withdrawn'
  return waits('returned') ? 'returned' : 'running'
}

function sameSeat(a: { step: string; seat: number }, b: { step: string; seat: number }): boolean {
  return a.step === b.step && a.seat === b.seat
}

/** Whoever decides an entrusted task signs for who entrusted it (受某某委托). */
function signedFor(task: Task, actor: Actor): Signature {
  const by = sign(actor, task.duty)
  const from = task.entrusted?.by
  return from && from.personId !== actor.personId && !by.onBehalfOf
    ? { ...by, onBehalfOf: { personId: from.personId, name: from.name } }
    : by
}
