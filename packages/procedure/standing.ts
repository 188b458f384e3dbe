// SPDX-License-Identifier: Apache-2.0

import type { Actor, Case, Entry, Finding, Person, Signature, Task } from './case.ts'
import { stepOf } from './graph.ts'
import { inWords } from './instant.ts'
import type { Procedure, Step } from './procedure.ts'

/** Who is behind an act: who acts, and who lent the post. */
export interface Behind {
  personId: string
  onBehalfOf?: Person
}

/** The two sides of a case (申请方、办理方); nobody is on both. */
export type Side = 'applicant' | 'office'

/** Which side a step's holder acts for. Ex officio, the office that opens the case is no applicant. */
export function sideOf(procedure: Procedure, step: Step): Side {
  if (step.kind === 'decide') return 'office'
  return step.kind === 'start' && procedure.initiation === 'ex-officio' ? 'office' : 'applicant'
}

/** Which side a line of the history was signed for; null for what only reminds, watches or informs. */
export function sideOfEntry(procedure: Procedure, entry: Pick<Entry, 'act' | 'step'>): Side | null {
  if (['urge', 'oversee', 'lift', 'copy', 'merge', 'void'].includes(entry.act)) return null
  // Whoever grants what a holder asks for decides, also where the holder hands in.
  if (entry.act === 'answer') return 'office'
  const step = stepOf(procedure, entry.step)
  return step ? sideOf(procedure, step) : null
}

/** Whether the actor may decide the task at all: holder, on one side only, parted from other signers, once per 会签. Empty means yes. */
export function standing(procedure: Procedure, kase: Case, task: Task, step: Step, actor: Actor): Finding[] {
  const office = ofOffice(task, step, actor)
  if (office.length > 0) return office
  if (task.holder !== null && task.holder.personId !== actor.personId) {
    const how = task.entrusted ? `已由${task.entrusted.by.name}委托${task.holder.name}办理` : `已转由${task.holder.name}办理`
    const cure = task.entrusted ? '请由受委托人办理，或由委托人收回委托' : '请由该人员办理，或再次转办'
    return [finding('task.held_by_other', `“${step.title}”${how}`, cure, step.article)]
  }
  return fitness(procedure, kase, step, actor)
}

/** Whether the actor is of the office that holds the task, whoever there decides it. */
export function ofOffice(task: Task, step: Step, actor: Actor): Finding[] {
  if (actor.duties.includes(task.duty) && (task.orgId === null || task.orgId === actor.orgId)) return []
  return [finding('task.not_holder', `“${step.title}”不由当前岗位办理`, '请由承担该职责的机构人员办理，或切换到相应岗位', step.article)]
}

/** What bars this person from a step, whatever their duty: the other side, a step to be parted from, a signature in this round. */
export function fitness(procedure: Procedure, kase: Case, step: Step, person: Behind): Finding[] {
  return [
    ...onOtherSide(procedure, kase, sideOf(procedure, step), person, step.article),
    ...parted(procedure, kase, step, person),
    ...onceEach(kase, step, person),
  ]
}

/** Says who took a task that is no longer open, what they did and when. */
export function gone(procedure: Procedure, kase: Case, taskId: string): Finding {
  const closes = (line: Entry) => line.closed.includes(taskId) || (line.act === 'decide' && line.taskId === taskId)
  const entry = kase.history.findLast(closes)
  if (!entry) return finding('task.not_found', '本办件没有这项任务', '请刷新待办后重试')
  const step = stepOf(procedure, entry.step)
  const did = `${entry.by.orgName}${entry.by.name}已于${inWords(entry.at)}在“${step?.title ?? entry.step}”环节作出“${entry.outcomeTitle}”`
  return finding('task.closed', `${did}，该任务已办理或已终止`, '请刷新页面，查看办件当前所处环节')
}

export function finding(code: string, message: string, cure: string, article?: string | null): Finding {
  return article ? { code, message, cure, article } : { code, message, cure }
}

/** Whether one of the people behind an actor is one of those behind a signature. */
export function sharesPerson(actor: Behind, signed: Signature): boolean {
  const behind = [actor.personId, actor.onBehalfOf?.personId]
  return behind.includes(signed.personId) || (signed.onBehalfOf !== undefined && behind.includes(signed.onBehalfOf.personId))
}

/** Nobody is on both sides of a case. */
export function onOtherSide(procedure: Procedure, kase: Case, side: Side, person: Behind, article: string): Finding[] {
  const acted = (line: Entry, on: Side) => sharesPerson(person, line.by) && sideOfEntry(procedure, line) === on
  const opened = sharesPerson(person, kase.applicant)
  const handedIn = (procedure.initiation === 'application' && opened) || kase.history.some((line) => acted(line, 'applicant'))
  if (side === 'office' && handedIn)
    return [finding('person.is_applicant', '申请人或提交人不得办理本人提交的事项', '请由本机构其他承担该职责的人员办理', article)]
  const decided = (procedure.initiation === 'ex-officio' && opened) || kase.history.some((line) => acted(line, 'office'))
  if (side === 'applicant' && decided)
    return [finding('person.has_decided', '已在本办件中作出办理意见的人员，不得再代表提交方提交', '请由提交方其他人员提交', article)]
  return []
}

function parted(procedure: Procedure, kase: Case, step: Step, person: Behind): Finding[] {
  const line = kase.history.find(
    (entry) => step.notBy.includes(entry.step) && sharesPerson(person, entry.by) && sideOfEntry(procedure, entry) !== null,
  )
  if (!line) return []
  const other = stepOf(procedure, line.step)?.title ?? line.step
  return [finding('person.not_parted', `“${step.title}”与“${other}”不得由同一人办理`, '请由本机构其他承担该职责的人员办理', step.article)]
}

function onceEach(kase: Case, step: Step, person: Behind): Finding[] {
  const signed = kase.signed.some((seat) => {
    if (seat.step !== step.id) return false
    const line = kase.history.findLast((entry) => entry.step === seat.step && entry.seat === seat.seat && entry.act === 'decide')
    return line ? sharesPerson(person, line.by) : seat.personId === person.personId
  })
  return signed
    ? [finding('person.signed_already', `本轮“${step.title}”会签中已签署意见，每人只签一次`, '请由其他会签单位的人员签署', step.article)]
    : []
}
