// SPDX-License-Identifier: Apache-2.0

import type { Ask, Effect, Finding, Task } from './case.ts'
import { stepOf } from './graph.ts'
import { reachable } from './handing.ts'
import { deadlineOf } from './instant.ts'
import { grounded, paused, resumed } from './pausing.ts'
import type { Step } from './procedure.ts'
import { finding, fitness, onOtherSide, standing } from './standing.ts'
import { mustTask, nameOf, onTask, placeOf, type Rule, type Scene, sign, tell, toOf, type Wish, withTask } from './verb.ts'

/** 延期: the holder asks for a new limit, the duty that the step names grants or refuses. */
export const extend: Rule<'extend'> = {
  title: '申请延期',
  worded: '延期理由',
  may: (scene, deed) => asking(scene, deed, 'extend', (task, step) => extendable(scene, task, step)),
  brings(scene, deed) {
    const task = mustTask(scene, deed.taskId)
    const until = deadlineOf(deed.until)
    if (until === null) return [finding('until.invalid', '新的期限不是有效的日期', '请按年月日填写新的期限')]
    const late = Date.parse(until) > Date.parse(task.due ?? until) && Date.parse(until) > Date.parse(scene.clock.now)
    return late ? [] : [finding('until.early', '新的期限不晚于原期限', '请填写原期限之后的日期')]
  },
  does: (scene, deed) => ask(scene, mustTask(scene, deed.taskId), deed, 'extend', null),
}

/** 挂账: the case stays listed until a date of review. Its clock stops only on a legal ground that the step declares. */
export const shelve: Rule<'shelve'> = {
  title: '申请挂账',
  worded: '挂账理由',
  may: (scene, deed) =>
    asking(scene, deed, 'shelve', (task, step) =>
      task.shelved ? [finding('shelve.already', `“${step.title}”已挂账`, '请先恢复办理', step.article)] : [],
    ),
  brings(scene, deed) {
    const until = deadlineOf(deed.until)
    if (until === null) return [finding('until.invalid', '复核日期不是有效的日期', '请按年月日填写复核日期')]
    if (Date.parse(until) <= Date.parse(scene.clock.now)) return [finding('until.early', '复核日期不得早于当前时间', '请填写今后的日期')]
    const task = mustTask(scene, deed.taskId)
    const step = stepOf(scene.procedure, task.step)
    return deed.ground === null || !step ? [] : grounded(step, deed.ground)
  },
  does: (scene, deed) => ask(scene, mustTask(scene, deed.taskId), deed, 'shelve', deed.ground),
}

/** 恢复办理, by the holder: what was shelved is worked on again. */
export const unshelve: Rule<'unshelve'> = {
  title: '恢复办理',
  worded: null,
  may: (scene, deed) =>
    onTask(scene, deed, (task, step) => {
      const barred = standing(scene.procedure, scene.kase, task, step, deed.actor)
      if (barred.length > 0 || task.shelved) return barred
      return [finding('shelve.none', `“${step.title}”没有挂账`, '请直接办理', step.article)]
    }),
  brings: () => [],
  does(scene, deed) {
    const { task, effects } = resumed(scene, { ...mustTask(scene, deed.taskId), shelved: null })
    const { next, effect } = withTask(scene.kase, task)
    return { at: placeOf(task), next, effects: [effect, ...effects], duty: task.duty }
  },
}

/** 答复: the duty grants or refuses; what is granted takes effect with the answer. */
export const answer: Rule<'answer'> = {
  title: '答复',
  worded: null,
  may: (scene, deed) =>
    onAsk(scene, deed, (one) => {
      if (!deed.actor.duties.includes(one.duty)) return [finding('ask.not_answering', '该申请不由当前岗位答复', '请由承担该职责的人员答复')]
      if (one.by.personId === deed.actor.personId) return [finding('ask.own', '不得答复本人提出的申请', '请由其他人员答复')]
      const step = stepOf(scene.procedure, one.step)
      return onOtherSide(scene.procedure, scene.kase, 'office', deed.actor, step?.article ?? '')
    }),
  brings(scene, deed) {
    if (!deed.granted) return deed.opinion.trim() === '' ? [finding('opinion.missing', '不同意须写明理由', '请填写理由后再提交')] : []
    const one = mustAsk(scene, deed.ref)
    const task = mustTask(scene, one.taskId)
    if (one.kind === 'extend' && Date.parse(one.until ?? '') <= Date.parse(scene.clock.now))
      return [finding('until.early', '申请的期限已过', '请不同意本次申请，由申请人重新提出')]
    // A limit that stands still has no end that could be moved: what is left goes on when it goes on.
    if (one.kind === 'extend' && task.paused)
      return [finding('extend.paused', '正在中止计时，不能同意延期', '请待恢复计时后答复，或不同意本次申请')]
    if (one.kind !== 'not-mine') return []
    if (!deed.to) return [finding('party.none', '同意退回派发须写明改由谁办理', '请选择单位或人员')]
    const step = stepOf(scene.procedure, task.step)
    const barred = deed.to.person && step ? fitness(scene.procedure, scene.kase, step, deed.to.person) : []
    const named = deed.to
    return [
      ...reachable(scene, task, named),
      ...barred.map((f) => finding('party.barred', `不能交给${nameOf(named)}：${f.message}`, '请选择其他人员', f.article)),
    ]
  },
  does(scene, deed) {
    const one = mustAsk(scene, deed.ref)
    const task = mustTask(scene, one.taskId)
    const asks = scene.kase.asks.filter((other) => other !== one)
    const word = { extend: '延期', shelve: '挂账', 'not-mine': '退回派发' }[one.kind]
    const told = tell('answer', [{ personId: one.by.personId }], one.id, `${deed.actor.name}${deed.granted ? '同意' : '不同意'}${word}`)
    const detail = { ref: one.id, granted: deed.granted, ...(one.until ? { until: one.until } : {}), ...(deed.to ? { to: [deed.to] } : {}) }
    const base = { at: placeOf(one), title: `${deed.granted ? '同意' : '不同意'}${word}`, detail, duty: one.duty }
    if (!deed.granted) return { ...base, next: { asks }, effects: [told] }
    const granted = grant(scene, one, task, deed)
    const { next, effect } = withTask(scene.kase, granted.task)
    return { ...base, next: { ...next, asks }, effects: [effect, ...granted.effects, told] }
  },
}

function grant(scene: Scene, one: Ask, task: Task, deed: Parameters<typeof answer.does>[1]): { task: Task; effects: Effect[] } {
  const by = sign(deed.actor, one.duty)
  if (one.kind === 'extend') {
    const due = one.until ?? scene.clock.now
    const was = task.due ?? due
    return {
      task: { ...task, due, provisional: false, extensions: task.extensions + 1 },
      effects: [{ type: 'clock-changed', taskId: task.id, due, was }],
    }
  }
  if (one.kind === 'shelve') {
    const shelved = { ...task, shelved: { until: one.until ?? scene.clock.now, reason: one.reason, by, at: scene.clock.now } }
    return one.ground === null ? { task: shelved, effects: [] } : paused(scene, shelved, one.ground)
  }
  const to = deed.to
  if (!to) return { task, effects: [] }
  const handoffs = [...task.handoffs, { by, at: scene.clock.now }]
  return {
    task: { ...task, orgId: to.orgId, holder: to.person, entrusted: null, handoffs },
    effects: [tell('transfer', [toOf(to)], `${one.id}-to`, `${deed.actor.name}派发办理`)],
  }
}

function extendable(scene: Scene, task: Task, step: Step): Finding[] {
  const { extendTimes, extendLate } = step.asks
  if (task.paused) return [finding('extend.paused', `“${step.title}”正在中止计时，无需延期`, '恢复计时后再提出', step.article)]
  if (task.due === null) return [finding('extend.no_limit', `“${step.title}”没有办理期限，无从延期`, '请直接办理', step.article)]
  if (task.extensions >= extendTimes)
    return [finding('extend.used', `“${step.title}”只能延期${extendTimes}次，已经用过`, '请在期限内办理', step.article)]
  if (!extendLate && Date.parse(scene.clock.now) > Date.parse(task.due))
    return [finding('extend.late', `“${step.title}”期限已过，不能再延期`, '请尽快办理，并说明逾期原因', step.article)]
  return []
}

/** What holds for everything that is asked for: the holder asks, the step names who answers, one at a time. */
function asking(scene: Scene, deed: Wish, kind: 'extend' | 'shelve', more: (task: Task, step: Step) => Finding[]): Finding[] {
  return onTask(scene, deed, (task, step) => {
    const barred = standing(scene.procedure, scene.kase, task, step, deed.actor)
    if (barred.length > 0) return barred
    const word = kind === 'extend' ? '延期' : '挂账'
    if (step.asks[kind] === null)
      return [
        finding(`${kind}.not_allowed`, `本流程未规定“${step.title}”可以${word}`, `需要${word}的，请由城市在制度包中补充规定`, step.article),
      ]
    if (scene.kase.asks.some((one) => one.taskId === task.id && one.kind === kind))
      return [finding('ask.waiting', `已申请${word}，尚未答复`, '请等待答复', step.article)]
    return more(task, step)
  })
}

function ask(
  scene: Scene,
  task: Task,
  deed: { actor: Parameters<typeof sign>[0]; opinion: string; until: string },
  kind: 'extend' | 'shelve',
  ground: string | null,
) {
  const step = stepOf(scene.procedure, task.step)
  const duty = step?.asks[kind] ?? ''
  const counter = scene.kase.counter + 1
  const until = deadlineOf(deed.until) ?? deed.until
  const one: Ask = {
    ...{ id: `a${counter}`, kind, taskId: task.id, step: task.step, seat: task.seat, duty, by: sign(deed.actor, task.duty) },
    ...{ reason: deed.opinion, until, ground, since: scene.clock.now },
  }
  const word = kind === 'extend' ? '延期' : '挂账'
  return {
    at: placeOf(task),
    next: { asks: [...scene.kase.asks, one], counter },
    effects: [tell(kind, [{ duty, orgId: null }], one.id, `${deed.actor.orgName}${deed.actor.name}申请${word}，理由：${deed.opinion}`)],
    detail: { ref: one.id, until, ...(ground === null ? {} : { ground }) },
    duty: task.duty,
  }
}

function onAsk(scene: Scene, deed: Wish, may: (one: Ask) => Finding[]): Finding[] {
  const one = scene.kase.asks.find((other) => other.id === deed.ref)
  if (one) return may(one)
  const line = scene.kase.history.find((entry) => entry.act === 'answer' && entry.detail?.ref === deed.ref)
  if (line) return [finding('ask.answered', `${line.by.name}已答复“${line.outcomeTitle}”`, '请刷新页面')]
  return [finding('ask.not_found', '该申请已不需要答复', '请刷新页面')]
}

function mustAsk(scene: Scene, ref: string): Ask {
  const one = scene.kase.asks.find((other) => other.id === ref)
  if (!one) throw new RangeError(`no ask ${ref}`)
  return one
}
