// SPDX-License-Identifier: Apache-2.0

import type { Actor, Case, Countersign, Effect, Finding } from './case.ts'
import { comesBefore, stepOf } from './graph.ts'
import type { Outcome, Procedure, Step } from './procedure.ts'
import { finding, onOtherSide, sideOf, standing } from './standing.ts'
import {
  isParty,
  mustTask,
  nameOf,
  notOver,
  onTask,
  placeOf,
  type Rule,
  type Scene,
  samePerson,
  sign,
  tell,
  toOf,
  type Wish,
} from './verb.ts'

/** 加签: others are asked to sign an opinion before, beside or after one's own decision; 或签 where any of them suffices. */
export const countersign: Rule<'countersign'> = {
  title: '加签',
  worded: null,
  may: (scene, deed) => onTask(scene, deed, (task, step) => standing(scene.procedure, scene.kase, task, step, deed.actor)),
  brings(scene, deed) {
    const task = mustTask(scene, deed.taskId)
    const step = stepOf(scene.procedure, task.step)
    if (!step) return []
    const goesOn = step.outcomes.some((outcome) => outcome.kind === 'forward')
    const waiting = scene.kase.countersigns.filter((one) => one.taskId === task.id)
    const keys = deed.to.map(keyOf)
    return [
      ...(deed.to.length > 0 ? [] : [finding('countersign.nobody', '加签须写明由谁签署意见', '请选择人员或单位', step.article)]),
      ...(deed.form === 'after' && !goesOn
        ? [finding('countersign.no_after', `“${step.title}”之后没有环节，不能后加签`, '请用前加签或并加签', step.article)]
        : []),
      ...keys.flatMap((key, index) =>
        keys.indexOf(key) < index || waiting.some((one) => keyOf(one.to) === key)
          ? [finding('countersign.twice', '同一人员或单位已在加签之列', '请删除重复的人员或单位', step.article)]
          : [],
      ),
      ...deed.to.flatMap((to) => namable(scene, step, to, deed.actor)),
    ]
  },
  does(scene, deed) {
    const task = mustTask(scene, deed.taskId)
    const first = scene.kase.counter + 1
    const asked = deed.to.map((to, index): Countersign => {
      const what = { group: `k${first}`, taskId: task.id, step: task.step, seat: task.seat, form: deed.form, rule: deed.rule, to }
      const since = { by: sign(deed.actor, task.duty), since: scene.clock.now, open: deed.form !== 'after', decided: false }
      return { id: `k${first + index}`, ...what, question: deed.opinion, ...since }
    })
    const titles = { before: '前加签', beside: '并加签', after: '后加签' }
    return {
      at: placeOf(task),
      next: { countersigns: [...scene.kase.countersigns, ...asked], counter: scene.kase.counter + asked.length },
      effects: asked.filter((one) => one.open).map(invite),
      title: `${titles[deed.form]}${deed.to.map(nameOf).join('、')}${deed.rule === 'any' && deed.to.length > 1 ? '（或签）' : ''}`,
      detail: { to: deed.to, form: deed.form, rule: deed.rule, ref: `k${first}` },
      duty: task.duty,
    }
  },
}

/** 减签: what is not signed is taken back, by who asked or by their office. A signed opinion can never be. */
export const uncountersign: Rule<'uncountersign'> = {
  title: '减签',
  worded: '减签理由',
  may: (scene, deed) =>
    onCountersign(scene, deed, (one) => {
      const office = deed.actor.orgId === one.by.orgId && deed.actor.duties.includes(one.by.duty)
      const step = stepOf(scene.procedure, one.step)
      if (office && step) return onOtherSide(scene.procedure, scene.kase, sideOf(scene.procedure, step), deed.actor, step.article)
      return [finding('countersign.not_by_actor', `加签由${one.by.orgName}${one.by.name}提出`, '请由加签人或其单位减签')]
    }),
  brings: () => [],
  does(scene, deed) {
    const one = mustCountersign(scene, deed.ref)
    return {
      at: placeOf(one),
      next: { countersigns: scene.kase.countersigns.filter((other) => other !== one) },
      effects: one.open ? [tell('uncountersign', [toOf(one.to)], one.id, `${deed.actor.name}已撤销加签`)] : [],
      title: `减签${nameOf(one.to)}`,
      detail: { ref: one.id, to: [one.to] },
      duty: one.by.duty,
    }
  },
}

/** 签署加签意见. Once it is signed it stays; the others of a 或签 fall away. */
export const signOpinion: Rule<'sign'> = {
  title: '签署意见',
  worded: '意见',
  may: (scene, deed) =>
    onCountersign(scene, deed, (one) => {
      if (!one.open) return [finding('countersign.not_yet', '后加签在办理人作出决定之后签署', '请等待办理人作出决定')]
      if (!isParty(one.to, deed.actor)) return [finding('countersign.not_asked', `该意见由${nameOf(one.to)}签署`, '请由被加签人签署')]
      return barred(scene, one, deed.actor)
    }),
  brings: () => [],
  does(scene, deed) {
    const one = mustCountersign(scene, deed.ref)
    const rest = scene.kase.countersigns.filter((other) => other !== one)
    const answered = (other: Countersign) => one.rule === 'any' && other.group === one.group
    const dropped = rest
      .filter(answered)
      .map((other) => tell('uncountersign', [toOf(other.to)], other.id, `${deed.actor.name}已签署，无需再签`))
    return {
      at: placeOf(one),
      next: { countersigns: rest.filter((other) => !answered(other)) },
      effects: [tell('sign', [{ personId: one.by.personId }], one.id, `${deed.actor.orgName}${deed.actor.name}已签署意见`), ...dropped],
      title: '签署加签意见',
      detail: { ref: one.id, form: one.form, rule: one.rule },
      duty: one.to.duty,
    }
  },
}

/** What has to be signed before this outcome: what was asked before one's own decision, what earlier steps still wait for, all at the end. */
export function unsigned(procedure: Procedure, kase: Case, taskId: string, step: Step, outcome: Outcome): Finding[] {
  const ends = outcome.kind === 'end' || outcome.kind === 'reject'
  const waits = (one: Countersign) => {
    if (one.taskId === taskId && !one.decided) return one.form === 'before' || ends
    return ends || (outcome.kind === 'forward' && one.decided && comesBefore(procedure, one.step, step.id))
  }
  const waiting = kase.countersigns.filter(waits)
  if (waiting.length === 0) return []
  const names = waiting.map((one) => nameOf(one.to)).join('、')
  return [finding('countersign.waiting', `加签意见尚未签署：${names}`, '请等待签署，或由加签人减签', step.article)]
}

/** Countersigns after an act: those of a task that went `forward` go on with it, those of what is `undone` fall away. */
export function settleCountersigns(
  kase: Case,
  open: ReadonlySet<string>,
  acted: { forward: string | null; undone: ReadonlySet<string> },
): { countersigns: Countersign[]; effects: Effect[] } {
  const countersigns: Countersign[] = []
  const effects: Effect[] = []
  for (const one of kase.countersigns) {
    const after = acted.forward === one.taskId ? { ...one, open: true, decided: true } : one
    const stays = open.size > 0 && (after.decided ? !acted.undone.has(one.step) : open.has(one.taskId))
    if (stays) countersigns.push(after)
    if (stays && after.open && !one.open) effects.push(invite(after))
    if (!stays && one.open) effects.push(tell('uncountersign', [toOf(one.to)], one.id, '办件已有新的进展，无需再签'))
  }
  return { countersigns, effects }
}

/** Whether a person may be asked here: not the asker, not of the other side. */
function namable(scene: Scene, step: Step, to: Countersign['to'], actor: Actor): Finding[] {
  if (to.person === null) return []
  if (samePerson(to.person, actor)) return [finding('party.self', '不能请本人加签', '请选择其他人员', step.article)]
  const other = onOtherSide(scene.procedure, scene.kase, sideOf(scene.procedure, step), to.person, step.article)
  return other.map((one) => finding('party.barred', `不能由${nameOf(to)}签署：${one.message}`, '请选择其他人员', one.article))
}

function barred({ procedure, kase }: Scene, one: Countersign, actor: Actor): Finding[] {
  const step = stepOf(procedure, one.step)
  if (!step) return []
  if (actor.personId === one.by.personId) return [finding('party.self', '不能签署本人提出的加签', '请由本单位其他人员签署', step.article)]
  const twice = kase.history.some(
    (line) => line.act === 'sign' && line.by.personId === actor.personId && groupOf(kase, line.detail?.ref) === one.group,
  )
  if (twice) return [finding('person.signed_already', '已签署本次加签意见，每人只签一次', '请由其他被加签人签署', step.article)]
  return onOtherSide(procedure, kase, sideOf(procedure, step), actor, step.article)
}

/** The asking that a countersign belonged to: the last group that began at or before its number. */
function groupOf(kase: Case, ref: string | undefined): string | undefined {
  const number = Number(ref?.slice(1))
  const groups = kase.history.flatMap((line) => (line.act === 'countersign' && line.detail?.ref ? [line.detail.ref] : []))
  return groups.findLast((group) => Number(group.slice(1)) <= number)
}

function onCountersign(scene: Scene, deed: Wish, may: (one: Countersign) => Finding[]): Finding[] {
  const one = scene.kase.countersigns.find((other) => other.id === deed.ref)
  if (one) return may(one)
  const signed = scene.kase.history.find((line) => line.act === 'sign' && line.detail?.ref === deed.ref)
  if (signed) return [finding('countersign.signed', `${signed.by.name}已签署意见，签署后不能撤销`, '请在办理意见中查看')]
  return [...notOver(scene.kase, '加签'), finding('countersign.not_found', '该加签已撤销或不再需要', '请刷新页面')].slice(0, 1)
}

function mustCountersign(scene: Scene, ref: string): Countersign {
  const one = scene.kase.countersigns.find((other) => other.id === ref)
  if (!one) throw new RangeError(`no countersign ${ref}`)
  return one
}

function invite(one: Countersign): Effect {
  const asks = one.question.trim() === '' ? '' : `：${one.question}`
  return tell('countersign', [toOf(one.to)], one.id, `${one.by.orgName}${one.by.name}请签署意见${asks}`)
}

function keyOf(to: Countersign['to']): string {
  return to.person ? to.person.personId : `${to.duty}@${to.orgId}`
}
