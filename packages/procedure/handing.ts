// SPDX-License-Identifier: Apache-2.0

import type { Actor, Finding, Party, Signature, Task } from './case.ts'
import { stepOf } from './graph.ts'
import { finding, fitness, ofOffice, onOtherSide, sideOf, standing } from './standing.ts'
import { holderOf, mustTask, nameOf, onTask, placeOf, type Rule, type Scene, sign, tell, toOf, withTask } from './verb.ts'

/** 转办: any of the office hands a task on, also one that a colleague who is away holds by name. The clock runs on. */
export const transfer: Rule<'transfer'> = {
  title: '转办',
  worded: '转办理由',
  may: (scene, deed) =>
    onTask(scene, deed, (task, step) => [...ofOffice(task, step, deed.actor), ...fitness(scene.procedure, scene.kase, step, deed.actor)]),
  brings: (scene, deed) => [
    ...reachable(scene, mustTask(scene, deed.taskId), deed.to),
    ...fitting(scene, deed.taskId, deed.to, deed.actor),
  ],
  does(scene, deed) {
    const task = mustTask(scene, deed.taskId)
    const handoffs = [...task.handoffs, { by: sign(deed.actor, task.duty), at: scene.clock.now }]
    const moved: Task = { ...task, orgId: deed.to.orgId, holder: deed.to.person, entrusted: null, handoffs }
    const { next, effect } = withTask(scene.kase, moved)
    const notice = tell('transfer', [toOf(deed.to)], task.id, `${deed.actor.name}转办，理由：${deed.opinion}`)
    return {
      at: placeOf(task),
      next,
      effects: [effect, notice],
      title: `转办至${nameOf(deed.to)}`,
      detail: { to: [deed.to] },
      duty: task.duty,
    }
  },
}

/** 委托: one task to a colleague of the same office, who signs 受某某委托. */
export const entrust: Rule<'entrust'> = {
  title: '委托',
  worded: null,
  may: (scene, deed) =>
    onTask(scene, deed, (task, step) => {
      const barred = standing(scene.procedure, scene.kase, task, step, deed.actor)
      if (barred.length > 0 || task.entrusted === null) return barred
      return [finding('entrust.already', `“${step.title}”已受委托，不能再委托他人`, '请办理，或由委托人收回委托', step.article)]
    }),
  brings(scene, deed) {
    if (deed.to.person === null) return [finding('entrust.no_person', '委托须写明受委托人', '请选择本单位一名人员')]
    if (deed.to.orgId !== deed.actor.orgId) return [finding('entrust.other_office', '只能委托本单位人员', '交由其他单位办理的，请用转办')]
    return fitting(scene, deed.taskId, deed.to, deed.actor)
  },
  does(scene, deed) {
    const task = mustTask(scene, deed.taskId)
    const by = sign(deed.actor, task.duty)
    const moved: Task = { ...task, orgId: deed.to.orgId, holder: deed.to.person, entrusted: { by, before: task.holder } }
    const { next, effect } = withTask(scene.kase, moved)
    const notice = tell('entrust', [toOf(deed.to)], task.id, `${deed.actor.name}委托办理`)
    return {
      at: placeOf(task),
      next,
      effects: [effect, notice],
      title: `委托${deed.to.person?.name}`,
      detail: { to: [deed.to] },
      duty: task.duty,
    }
  },
}

/** 收回委托, by who entrusted it. */
export const takeBack: Rule<'take-back'> = {
  title: '收回委托',
  worded: null,
  may: (scene, deed) =>
    onTask(scene, deed, (task, step) => {
      const office = ofOffice(task, step, deed.actor)
      if (office.length > 0) return office
      if (task.entrusted === null) return [finding('entrust.none', `“${step.title}”没有委托他人`, '请直接办理', step.article)]
      const { by } = task.entrusted
      const own = by.personId === deed.actor.personId && by.orgId === deed.actor.orgId
      if (own) return onOtherSide(scene.procedure, scene.kase, sideOf(scene.procedure, step), deed.actor, step.article)
      return [finding('entrust.not_by_actor', `委托由${by.name}作出`, `请由${by.name}收回，或由本单位其他人员转办`, step.article)]
    }),
  brings: () => [],
  does(scene, deed) {
    const task = mustTask(scene, deed.taskId)
    const { next, effect } = withTask(scene.kase, { ...task, holder: task.entrusted?.before ?? null, entrusted: null })
    const notice = tell('take-back', [holderOf(task)], task.id, `${deed.actor.name}已收回委托`)
    return { at: placeOf(task), next, effects: [effect, notice], duty: task.duty }
  },
}

/**
 * 不属本单位: what was handed on goes back to who handed it on, at once. What the procedure itself sent here is put to the
 * dispatching duty that the step names, and stays until that duty has answered. No clock stops for either.
 */
export const notMine: Rule<'not-mine'> = {
  title: '不属本单位',
  worded: '不属本单位的理由',
  may: (scene, deed) =>
    onTask(scene, deed, (task, step) => {
      const barred = standing(scene.procedure, scene.kase, task, step, deed.actor)
      if (barred.length > 0) return barred
      if (senderOf(task)) return []
      if (step.asks['not-mine'] === null)
        return [finding('not_mine.no_sender', `“${step.title}”由流程直接送达，本流程未规定向谁退回派发`, '请用转办或退回', step.article)]
      const waits = scene.kase.asks.some((ask) => ask.taskId === task.id && ask.kind === 'not-mine')
      return waits ? [finding('ask.waiting', '已提出不属本单位，尚未答复', '请等待答复', step.article)] : []
    }),
  brings: () => [],
  does(scene, deed) {
    const task = mustTask(scene, deed.taskId)
    const sender = senderOf(task)
    if (!sender) return put(scene, task, deed.actor, deed.opinion)
    const back = { ...task, orgId: sender.orgId, holder: { personId: sender.personId, name: sender.name } }
    const { next, effect } = withTask(scene.kase, { ...back, entrusted: null, handoffs: task.handoffs.slice(0, -1) })
    const notice = tell(
      'not-mine',
      [{ personId: sender.personId }],
      task.id,
      `${deed.actor.orgName}${deed.actor.name}退回，理由：${deed.opinion}`,
    )
    return { at: placeOf(task), next, effects: [effect, notice], title: `不属本单位，退回${sender.name}`, duty: task.duty }
  },
}

/** Who handed the task on and could take it again. Who dispatched it (退回派发) bears another duty: with them nobody could work on it. */
function senderOf(task: Task): Signature | undefined {
  const sender = task.handoffs.at(-1)?.by
  return sender?.duty === task.duty ? sender : undefined
}

function put({ procedure, kase, clock }: Scene, task: Task, actor: Actor, reason: string) {
  const duty = stepOf(procedure, task.step)?.asks['not-mine'] ?? ''
  const counter = kase.counter + 1
  const ask = {
    ...{ id: `a${counter}`, kind: 'not-mine' as const, taskId: task.id, step: task.step, seat: task.seat, duty },
    ...{ by: sign(actor, task.duty), reason, until: null, ground: null, since: clock.now },
  }
  return {
    at: placeOf(task),
    next: { asks: [...kase.asks, ask], counter },
    effects: [tell('not-mine', [{ duty, orgId: null }], ask.id, `${actor.orgName}${actor.name}提出不属本单位，理由：${reason}`)],
    title: '提出不属本单位',
    detail: { ref: ask.id },
    duty: task.duty,
  }
}

/** Whether the party may bear this task: the duty is the task's, and a slot of the case is not left. */
export function reachable(scene: Scene, task: Task, to: Party): Finding[] {
  const step = stepOf(scene.procedure, task.step)
  if (to.duty !== task.duty)
    return [finding('transfer.other_duty', `“${step?.title}”须由承担该职责的单位办理`, '请选择承担该职责的单位或人员', step?.article)]
  if (task.slot !== 'duty' && to.orgId !== scene.kase.slots[task.slot])
    return [finding('transfer.bound', `“${step?.title}”由本办件的当事单位办理，不能转出`, '请转给本单位其他人员', step?.article)]
  const same = task.orgId === to.orgId && (task.holder?.personId ?? null) === (to.person?.personId ?? null)
  return same ? [finding('transfer.same', `该任务已在${nameOf(to)}`, '请选择其他单位或人员', step?.article)] : []
}

/** A person who is named must be one who may decide the step: never somebody of the other side. */
export function fitting({ procedure, kase }: Scene, taskId: string, to: Party, actor: Actor): Finding[] {
  if (to.person === null) return []
  const step = stepOf(procedure, kase.tasks.find((task) => task.id === taskId)?.step ?? '')
  if (to.person.personId === actor.personId) return [finding('party.self', '不能交给本人', '请选择其他人员', step?.article)]
  const barred = step ? fitness(procedure, kase, step, to.person) : []
  return barred.map((one) => finding('party.barred', `不能交给${nameOf(to)}：${one.message}`, '请选择其他人员', one.article))
}
