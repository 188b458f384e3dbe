// SPDX-License-Identifier: Apache-2.0

import type { Actor, Case, Entry, Finding, Signature, Task } from './case.ts'
import { stepOf } from './graph.ts'
import { inWords } from './instant.ts'
import type { Procedure, Step } from './procedure.ts'

/** The two sides of a case (申请方、办理方); nobody is on both. */
export type Side = 'applicant' | 'office'

/** Which side a step's holder acts for. Ex officio, the office that opens the case is no applicant. */
export function sideOf(procedure: Procedure, step: Step): Side {
  if (step.kind === 'decide') return 'office'
  return step.kind === 'start' && procedure.initiation === 'ex-officio' ? 'office' : 'applicant'
}

/** Whether the actor may decide the task at all: holder, on one side only, parted from other signers, once per 会签. Empty means yes. */
export function standing(procedure: Procedure, kase: Case, task: Task, step: Step, actor: Actor): Finding[] {
  const holds = actor.duties.includes(task.duty) && (task.orgId === null || task.orgId === actor.orgId)
  if (!holds)
    return [finding('task.not_holder', `“${step.title}”不由当前岗位办理`, '请由承担该职责的机构人员办理，或切换到相应岗位', step.article)]
  return [...sides(procedure, kase, step, actor), ...parted(procedure, kase, step, actor), ...onceEach(kase, step, actor)]
}

/** Says who took a task that is no longer open, what they did and when. */
export function gone(procedure: Procedure, kase: Case, taskId: string): Finding {
  const entry = kase.history.findLast((line) => line.taskId === taskId || line.closed.includes(taskId))
  if (!entry) return finding('task.not_found', '本办件没有这项任务', '请刷新待办后重试')
  const step = stepOf(procedure, entry.step)
  const did = `${entry.by.orgName}${entry.by.name}已于${inWords(entry.at)}在“${step?.title ?? entry.step}”环节作出“${entry.outcomeTitle}”`
  return finding('task.closed', `${did}，该任务已办理或已终止`, '请刷新页面，查看办件当前所处环节')
}

export function finding(code: string, message: string, cure: string, article?: string | null): Finding {
  return article ? { code, message, cure, article } : { code, message, cure }
}

/** Whether one of the people behind an actor (who acts, and who lent the post) is one of those behind a signature. */
export function sharesPerson(actor: Actor, signed: Signature): boolean {
  const behind = [actor.personId, actor.onBehalfOf?.personId]
  return behind.includes(signed.personId) || (signed.onBehalfOf !== undefined && behind.includes(signed.onBehalfOf.personId))
}

function sides(procedure: Procedure, kase: Case, step: Step, actor: Actor): Finding[] {
  const acted = (line: Entry, side: Side) => {
    const at = stepOf(procedure, line.step)
    return sharesPerson(actor, line.by) && at !== undefined && sideOf(procedure, at) === side
  }
  const side = sideOf(procedure, step)
  const opened = sharesPerson(actor, kase.applicant)
  const handedIn = (procedure.initiation === 'application' && opened) || kase.history.some((line) => acted(line, 'applicant'))
  if (side === 'office' && handedIn)
    return [finding('person.is_applicant', '申请人或提交人不得办理本人提交的事项', '请由本机构其他承担该职责的人员办理', step.article)]
  const decided = (procedure.initiation === 'ex-officio' && opened) || kase.history.some((line) => acted(line, 'office'))
  if (side === 'applicant' && decided)
    return [finding('person.has_decided', '已在本办件中作出办理意见的人员，不得再代表提交方提交', '请由提交方其他人员提交', step.article)]
  return []
}

function parted(procedure: Procedure, kase: Case, step: Step, actor: Actor): Finding[] {
  const line = kase.history.find((entry) => step.notBy.includes(entry.step) && sharesPerson(actor, entry.by))
  if (!line) return []
  const other = stepOf(procedure, line.step)?.title ?? line.step
  return [finding('person.not_parted', `“${step.title}”与“${other}”不得由同一人办理`, '请由本机构其他承担该职责的人员办理', step.article)]
}

function onceEach(kase: Case, step: Step, actor: Actor): Finding[] {
  const signed = kase.signed.some((seat) => {
    if (seat.step !== step.id) return false
    const line = kase.history.findLast((entry) => entry.step === seat.step && entry.seat === seat.seat && entry.act === 'decide')
    return line ? sharesPerson(actor, line.by) : seat.personId === actor.personId
  })
  return signed
    ? [finding('person.signed_already', `本轮“${step.title}”会签中已签署意见，每人只签一次`, '请由其他会签单位的人员签署', step.article)]
    : []
}
