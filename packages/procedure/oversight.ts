// SPDX-License-Identifier: Apache-2.0

import type { Actor, Demand, Effect, Finding } from './case.ts'
import { stepOf } from './graph.ts'
import { deadlineOf, inWords } from './instant.ts'
import { applicantOrgOf } from './reassign.ts'
import { finding, onOtherSide, standing } from './standing.ts'
import {
  hereOf,
  holderOf,
  mustTask,
  nameOf,
  notOver,
  onTask,
  placeOf,
  type Rule,
  type Scene,
  sign,
  tell,
  toOf,
  type Wish,
  withTask,
} from './verb.ts'

const HOUR = 60 * 60 * 1000

/** 催办: whoever handed in, or whoever supervises, reminds the holder; once in so many hours for a task. */
export const urge: Rule<'urge'> = {
  title: '催办',
  worded: null,
  may: (scene, deed) =>
    onTask(scene, deed, (task, step) => {
      const { applicant } = scene.kase
      const office = deed.actor.orgId === applicantOrgOf(scene.kase) && deed.actor.duties.includes(applicant.duty)
      if (!office && deed.actor.personId !== applicant.personId && !bears(deed.actor, scene.procedure.control.supervise))
        return [finding('urge.not_allowed', '只有申请人和督办人可以催办', '请由申请人催办', step.article)]
      if (standing(scene.procedure, scene.kase, task, step, deed.actor).length === 0)
        return [finding('urge.own', '该任务由本人办理，不能催办', '请直接办理', step.article)]
      const next = Date.parse(task.urgedAt ?? '') + scene.procedure.control.urgeHours * HOUR
      if (task.urgedAt !== null && Date.parse(scene.clock.now) < next) {
        const when = inWords(new Date(next).toISOString())
        return [finding('urge.too_soon', `该任务已于${inWords(task.urgedAt)}催办`, `${when}之后可以再次催办`, step.article)]
      }
      return []
    }),
  brings: () => [],
  does(scene, deed) {
    const task = mustTask(scene, deed.taskId)
    const { next, effect } = withTask(scene.kase, { ...task, urgedAt: scene.clock.now })
    const step = stepOf(scene.procedure, task.step)
    const said = deed.opinion.trim() === '' ? '' : `：${deed.opinion}`
    const notice = tell('urge', [holderOf(task)], `${task.id}-${scene.clock.now}`, `${deed.actor.name}催办“${step?.title}”${said}`)
    return { at: placeOf(task), next, effects: [effect, notice] }
  },
}

/** 督办: a case is put under supervision with a demand and a date. */
export const oversee: Rule<'oversee'> = {
  title: '督办',
  worded: '督办要求',
  may(scene, deed) {
    const over = notOver(scene.kase, '督办')
    if (over.length > 0) return over
    if (bears(deed.actor, scene.procedure.control.supervise)) return []
    return [finding('oversee.not_allowed', '当前岗位不承担督办职责', '请由承担督办职责的人员提出')]
  },
  brings(scene, deed) {
    const until = deadlineOf(deed.until)
    if (until === null) return [finding('until.invalid', '督办期限不是有效的日期', '请按年月日填写督办期限')]
    return Date.parse(until) > Date.parse(scene.clock.now) ? [] : [finding('until.early', '督办期限不得早于当前时间', '请填写今后的日期')]
  },
  does(scene, deed) {
    const counter = scene.kase.counter + 1
    const until = deadlineOf(deed.until) ?? deed.until
    const by = sign(deed.actor, dutyOf(deed.actor, scene.procedure.control.supervise))
    const demand: Demand = { id: `d${counter}`, by, demand: deed.opinion, until, since: scene.clock.now, reply: null }
    const notice = tell(
      'oversee',
      scene.kase.tasks.map(holderOf),
      demand.id,
      `${deed.actor.orgName}${deed.actor.name}督办：${deed.opinion}`,
    )
    return {
      at: hereOf(scene.kase),
      next: { demands: [...scene.kase.demands, demand], counter },
      effects: [notice],
      detail: { ref: demand.id, until },
      duty: by.duty,
    }
  },
}

/** 回复督办, by a holder of the case. */
export const reply: Rule<'reply'> = {
  title: '回复督办',
  worded: '回复内容',
  may: (scene, deed) =>
    onDemand(scene, deed, (demand) => {
      if (demand.reply !== null) return [finding('demand.replied', '该督办已回复', '请等待督办人解除督办')]
      const holds = scene.kase.tasks.some((task) => {
        const step = stepOf(scene.procedure, task.step)
        return step && standing(scene.procedure, scene.kase, task, step, deed.actor).length === 0
      })
      return holds ? [] : [finding('demand.not_holder', '督办由正在办理的人员回复', '请由当前办理人回复')]
    }),
  brings: () => [],
  does(scene, deed) {
    const demand = mustDemand(scene, deed.ref)
    const answered = { ...demand, reply: scene.kase.history.length + 1 }
    const task = scene.kase.tasks.find((one) => {
      const step = stepOf(scene.procedure, one.step)
      return step && standing(scene.procedure, scene.kase, one, step, deed.actor).length === 0
    })
    return {
      at: task ? placeOf(task) : hereOf(scene.kase),
      next: { demands: scene.kase.demands.map((one) => (one === demand ? answered : one)) },
      effects: [
        tell('reply', [{ personId: demand.by.personId }], demand.id, `${deed.actor.orgName}${deed.actor.name}回复：${deed.opinion}`),
      ],
      detail: { ref: demand.id },
      ...(task ? { duty: task.duty } : {}),
    }
  },
}

/** 解除督办, by who placed it. */
export const lift: Rule<'lift'> = {
  title: '解除督办',
  worded: null,
  may: (scene, deed) =>
    onDemand(scene, deed, ({ by }) => {
      if (by.personId === deed.actor.personId) return []
      return [finding('demand.not_by_actor', `督办由${by.orgName}${by.name}提出`, '请由督办人解除')]
    }),
  brings: () => [],
  does(scene, deed) {
    const demand = mustDemand(scene, deed.ref)
    return {
      at: hereOf(scene.kase),
      next: { demands: scene.kase.demands.filter((one) => one !== demand) },
      effects: [tell('lift', scene.kase.tasks.map(holderOf), demand.id, `${deed.actor.name}已解除督办`)],
      detail: { ref: demand.id },
      duty: demand.by.duty,
    }
  },
}

/** 并案: the case ends here and follows the leading one. */
export const merge: Rule<'merge'> = {
  title: '并案',
  worded: '并案理由',
  may(scene, deed) {
    const over = notOver(scene.kase, '并案')
    if (over.length > 0) return over
    if (!bears(deed.actor, scene.procedure.control.merge))
      return [finding('merge.not_allowed', '当前岗位不能并案', '请由本流程规定的职责并案')]
    if (scene.kase.status === 'draft') return [finding('merge.draft', '尚未提交的办件不能并案', '请由申请人提交或作废')]
    return onOtherSide(scene.procedure, scene.kase, 'office', deed.actor, '')
  },
  brings({ kase }, { leading }) {
    if (leading.id === kase.id) return [finding('merge.self', '不能并入本办件', '请选择另一办件')]
    if (leading.procedure !== kase.pins.procedure)
      return [finding('merge.other_procedure', `“${leading.title}”不是同一流程的办件`, '请选择同一流程的办件')]
    if (leading.subject.kind !== kase.subject.kind)
      return [finding('merge.other_subject', `“${leading.title}”不是同类事项`, '请选择同类事项的办件')]
    const open = leading.status === 'running' || leading.status === 'returned' || leading.status === 'withdrawn'
    return open ? [] : [finding('merge.not_running', `“${leading.title}”不在办理中`, '请选择正在办理的办件')]
  },
  does(scene, deed) {
    const change = over(scene, 'merged')
    const notice = tell('merge', partiesOf(scene), scene.kase.id, `已并入“${deed.leading.title}”，理由：${deed.opinion}`)
    return {
      ...change,
      next: { ...change.next, mergedInto: deed.leading.id },
      effects: [...change.effects, notice],
      title: `并入“${deed.leading.title}”`,
      detail: { leading: deed.leading.id },
      duty: dutyOf(deed.actor, scene.procedure.control.merge),
    }
  },
}

/** 作废: by the opener's office before any decision, or by the duty that the procedure names. */
export const cancel: Rule<'void'> = {
  title: '作废',
  worded: '作废理由',
  may(scene, deed) {
    const over = notOver(scene.kase, '作废')
    if (over.length > 0) return over
    if (bears(deed.actor, scene.procedure.control.void)) return onOtherSide(scene.procedure, scene.kase, 'office', deed.actor, '')
    const { applicant, history } = scene.kase
    if (deed.actor.orgId !== applicantOrgOf(scene.kase) || !deed.actor.duties.includes(applicant.duty))
      return [finding('void.not_allowed', '只有发起单位和本流程规定的职责可以作废', '请由发起单位作废')]
    const decided = history.find(
      (line) => (line.act === 'decide' || line.act === 'sign') && stepOf(scene.procedure, line.step)?.kind === 'decide',
    )
    if (!decided) return []
    return [
      finding(
        'void.too_late',
        `${decided.by.orgName}${decided.by.name}已作出“${decided.outcomeTitle}”，发起单位不能再作废`,
        '请由本流程规定的职责作废',
      ),
    ]
  },
  brings: () => [],
  does(scene, deed) {
    const change = over(scene, 'voided')
    const notice = tell('void', partiesOf(scene), scene.kase.id, `${deed.actor.orgName}${deed.actor.name}作废，理由：${deed.opinion}`)
    const { control } = scene.procedure
    const duty = bears(deed.actor, control.void) ? dutyOf(deed.actor, control.void) : scene.kase.applicant.duty
    return { ...change, effects: [...change.effects, notice], duty }
  },
}

/** 抄送: named people and offices may read the case. They have nothing to do. */
export const copy: Rule<'copy'> = {
  title: '抄送',
  worded: null,
  may(scene, deed) {
    const { kase, procedure } = scene
    const holds = kase.tasks.some((task) => {
      const step = stepOf(procedure, task.step)
      return step && standing(procedure, kase, task, step, deed.actor).length === 0
    })
    const applicant = deed.actor.personId === kase.applicant.personId && deed.actor.orgId === applicantOrgOf(kase)
    if (holds || applicant || bears(deed.actor, procedure.control.supervise)) return []
    return [finding('copy.not_allowed', '只有申请人、办理人和督办人可以抄送', '请由办理人抄送')]
  },
  brings: (_, deed) => (deed.to.length > 0 ? [] : [finding('copy.nobody', '抄送须写明抄送对象', '请选择人员或单位')]),
  does: (scene, deed) => ({
    at: hereOf(scene.kase),
    next: {},
    effects: [tell('copy', deed.to.map(toOf), `c${scene.kase.history.length + 1}`, `${deed.actor.orgName}${deed.actor.name}抄送`)],
    title: `抄送${deed.to.map(nameOf).join('、')}`,
    detail: { to: deed.to },
  }),
}

/** A demand that is not answered holds up the end of the case, and nothing else. */
export function unanswered(demands: readonly Demand[], ends: boolean): Finding[] {
  const open = demands.find((demand) => demand.reply === null)
  if (!ends || !open) return []
  return [finding('demand.waiting', `${open.by.orgName}${open.by.name}的督办尚未回复，不能办结`, '请先回复督办')]
}

/** Everything that waits in the case closes with it. */
function over({ kase, clock }: Scene, status: 'merged' | 'voided') {
  const closed = kase.tasks.flatMap((task): Effect[] => {
    const close: Effect = { type: 'task-closed', taskId: task.id, step: task.step, reason: 'case-over' }
    return task.due === null ? [close] : [close, { type: 'clock-stopped', taskId: task.id }]
  })
  const nothing = { tasks: [], arrivals: [], passed: [], signed: [], countersigns: [], asks: [], demands: [], kept: [] }
  return {
    at: hereOf(kase),
    next: { ...nothing, status, endedAt: clock.now },
    effects: [...closed, { type: 'case-over', status } as const],
    closed: kase.tasks.map((task) => task.id),
  }
}

/** Who is told of the end: the applicant, and whom anything waited for. */
function partiesOf({ kase }: Scene) {
  return [{ personId: kase.applicant.personId }, ...kase.tasks.map(holderOf), ...kase.countersigns.map((one) => toOf(one.to))]
}

function bears(actor: Actor, duties: readonly string[]): boolean {
  return duties.some((duty) => actor.duties.includes(duty))
}

function dutyOf(actor: Actor, duties: readonly string[]): string {
  return duties.find((duty) => actor.duties.includes(duty)) ?? actor.duties[0] ?? ''
}

function onDemand(scene: Scene, deed: Wish, may: (demand: Demand) => Finding[]): Finding[] {
  const demand = scene.kase.demands.find((one) => one.id === deed.ref)
  return demand ? may(demand) : [finding('demand.not_found', '该督办已解除', '请刷新页面')]
}

function mustDemand(scene: Scene, ref: string): Demand {
  const demand = scene.kase.demands.find((one) => one.id === ref)
  if (!demand) throw new RangeError(`no demand ${ref}`)
  return demand
}
