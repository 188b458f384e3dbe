// SPDX-License-Identifier: Apache-2.0

import type { Case, Effect, Finding, Kept, Task } from './case.ts'
import type { Clock } from './limit.ts'
import type { LimitUnit, Outcome, Procedure, Step } from './procedure.ts'
import { finding, sideOf, standing } from './standing.ts'
import { mustTask, onTask, placeOf, type Rule, type Scene, withTask } from './verb.ts'

/** 中止计时, by the holder, on a legal ground that the step declares. */
export const pause: Rule<'pause'> = {
  title: '中止计时',
  worded: '中止计时的理由',
  may: (scene, deed) =>
    onTask(scene, deed, (task, step) => {
      const barred = standing(scene.procedure, scene.kase, task, step, deed.actor)
      if (barred.length > 0) return barred
      if (step.kind !== 'decide')
        return [finding('pause.by_consent', '提交环节中止计时须经同意', '请申请挂账，并写明中止计时的事由', step.article)]
      if (task.paused) return [finding('pause.already', `“${step.title}”已中止计时`, '请先恢复计时', step.article)]
      if (task.due === null) return [finding('pause.no_limit', `“${step.title}”没有办理期限，无从中止`, '请直接办理', step.article)]
      if (Date.parse(scene.clock.now) > Date.parse(task.due))
        return [finding('pause.late', `“${step.title}”期限已过，不能再中止计时`, '请尽快办理，并说明逾期原因', step.article)]
      return step.pauses.length > 0 ? [] : grounded(step, '')
    }),
  brings(scene, deed) {
    const step = scene.procedure.steps.find((one) => one.id === mustTask(scene, deed.taskId).step)
    return step ? grounded(step, deed.ground) : []
  },
  does(scene, deed) {
    const { task, effects } = paused(scene, mustTask(scene, deed.taskId), deed.ground)
    const { next, effect } = withTask(scene.kase, task)
    const step = scene.procedure.steps.find((one) => one.id === task.step)
    const title = `中止计时：${step?.pauses.find((one) => one.ground === deed.ground)?.title ?? deed.ground}`
    return { at: placeOf(task), next, effects: [effect, ...effects], title, detail: { ground: deed.ground }, duty: task.duty }
  },
}

/** 恢复计时: the limit goes on with what was left of it. */
export const resume: Rule<'resume'> = {
  title: '恢复计时',
  worded: null,
  may: (scene, deed) =>
    onTask(scene, deed, (task, step) => {
      const barred = standing(scene.procedure, scene.kase, task, step, deed.actor)
      if (barred.length > 0 || task.paused) return barred
      return [finding('pause.none', `“${step.title}”没有中止计时`, '请直接办理', step.article)]
    }),
  brings: () => [],
  does(scene, deed) {
    const { task, effects } = resumed(scene, mustTask(scene, deed.taskId))
    const { next, effect } = withTask(scene.kase, task)
    return { at: placeOf(task), next, effects: [effect, ...effects], duty: task.duty }
  },
}

/** A clock stands still on a ground that the step declares, or not at all. */
export function grounded(step: Step, ground: string): Finding[] {
  if (step.pauses.some((pause) => pause.ground === ground)) return []
  const known = step.pauses.map((pause) => pause.title).join('、')
  const cure = known === '' ? '请不中止计时，继续办理' : `可以中止计时的法定事由：${known}`
  return [finding('pause.no_ground', `“${step.title}”没有以此中止计时的依据`, cure, step.article)]
}

/** A task whose clock stands still from now: what is left of its limit is stored, its due instant is none until it goes on. */
export function paused({ clock }: Scene, task: Task, ground: string): { task: Task; effects: Effect[] } {
  if (task.due === null || task.paused) return { task, effects: [] }
  const { left, unit } = leftOf(task, task.due, clock)
  return {
    task: { ...task, due: null, paused: { ground, since: clock.now, left, unit } },
    effects: [{ type: 'clock-paused', taskId: task.id, ground, left, unit }],
  }
}

/** A task whose clock goes on, if it stood still. */
export function resumed({ clock }: Scene, task: Task): { task: Task; effects: Effect[] } {
  if (!task.paused) return { task, effects: [] }
  const { due, provisional } = clock.deadlines.due(clock.now, task.paused.left, task.paused.unit, task.orgId)
  return { task: { ...task, due, provisional, paused: null }, effects: [{ type: 'clock-resumed', taskId: task.id, due, provisional }] }
}

/**
 * What a seat keeps when it returns a paper to the applicant: who held it, and, where the step declares 补正 as a ground,
 * what is left of its limit. Null where there is nothing to keep.
 */
export function keptBy(procedure: Procedure, task: Task, step: Step, outcome: Outcome, clock: Clock): Kept | null {
  if (outcome.kind !== 'return') return null
  const target = procedure.steps.find((one) => one.id === outcome.next[0])
  const corrected = target !== undefined && sideOf(procedure, target) === 'applicant'
  const rests = corrected && step.pauses.some((one) => one.ground === 'supplement')
  const limit = rests && task.due !== null ? leftOf(task, task.due, clock) : task.paused
  const moved = task.handoffs.length > 0
  if (!moved && !(rests && limit)) return null
  return {
    ...{ step: task.step, seat: task.seat, left: rests && limit ? limit.left : null, unit: limit?.unit ?? 'day' },
    ...{ orgId: moved ? task.orgId : null, holder: moved ? task.holder : null },
  }
}

/** A task that opens at a seat which kept something: the same holder, and the limit with what was left of it. */
export function takenUp(task: Task, kept: Kept | undefined, clock: Clock): Task {
  if (!kept) return task
  const held = kept.orgId === null ? task : { ...task, orgId: kept.orgId, holder: kept.holder }
  if (kept.left === null) return held
  return { ...held, ...clock.deadlines.due(clock.now, kept.left, kept.unit, held.orgId) }
}

export function keptAt(kase: Case, place: { step: string; seat: number }): Kept | undefined {
  return kase.kept.find((one) => one.step === place.step && one.seat === place.seat)
}

/** Months cannot be divided, and a date of the record has no unit: both rest in days. A limit that has passed has nothing left. */
function leftOf(task: Task, due: string, clock: Clock): { left: number; unit: LimitUnit } {
  const unit = task.limit === null || task.limit.unit === 'month' ? 'day' : task.limit.unit
  return { left: Math.max(0, clock.deadlines.left(clock.now, due, unit, task.orgId)), unit }
}
