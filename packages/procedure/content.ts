// SPDX-License-Identifier: Apache-2.0

import type { Act, Case, Finding } from './case.ts'
import { amountOf, deadlineOf } from './instant.ts'
import type { Outcome, Procedure, Step } from './procedure.ts'
import { finding } from './standing.ts'

type Decision = Extract<Act, { kind: 'decide' }>

/** What a decision lacks or brings too much of: opinion, documents, choices, dates. All of it at once, not the first. */
export function content(procedure: Procedure, kase: Case, step: Step, outcome: Outcome, deed: Decision, now: string): Finding[] {
  const article = outcome.article ?? step.article
  return [
    ...opinion(outcome, deed, article),
    ...documents(kase, step, outcome, deed, article),
    ...choices(step, deed),
    ...dates(procedure, deed, now, article),
  ]
}

function opinion(outcome: Outcome, deed: Decision, article: string): Finding[] {
  if (!outcome.requiresOpinion || (deed.opinion ?? '').trim() !== '') return []
  return [finding('opinion.missing', `作出“${outcome.title}”须签署意见`, '请填写办理意见后再提交', article)]
}

/** A document handed in at this step before a return still counts; who corrects one thing does not hand in the rest again. */
function documents(kase: Case, step: Step, outcome: Outcome, deed: Decision, article: string): Finding[] {
  const given = deed.documents ?? []
  const strange = given.filter((document) => !step.documents.some((need) => need.kind === document.kind))
  const before = kase.history.filter((entry) => entry.step === step.id).flatMap((entry) => entry.documents)
  const goesOn = outcome.kind === 'forward' || outcome.kind === 'end'
  const lacking = step.documents.filter((need) => goesOn && need.required && ![...before, ...given].some((one) => one.kind === need.kind))
  return [
    ...strange.map((document) => finding('document.unknown', `“${step.title}”不收取材料“${document.kind}”`, '请删除该材料', article)),
    ...lacking.map((need) => finding('document.missing', `缺少材料：${need.title}`, `请上传${need.title}`, article)),
  ]
}

function choices(step: Step, deed: Decision): Finding[] {
  const strange = (deed.choices ?? []).filter((id) => !step.choices.some((choice) => choice.id === id))
  return strange.map((id) => finding('choice.unknown', `“${step.title}”没有可选事项“${id}”`, '请删除该事项', step.article))
}

function dates(procedure: Procedure, deed: Decision, now: string, article: string): Finding[] {
  const fields = procedure.steps.flatMap((one) => (one.limit.kind === 'from-record' ? [one.limit.field] : []))
  return Object.entries(deed.dates ?? {}).flatMap(([field, value]) => {
    if (!fields.includes(field)) return [finding('date.unknown', `本流程不使用日期“${field}”`, '请删除该日期', article)]
    if (amountOf(value) !== null) return []
    const due = deadlineOf(value)
    if (due === null) return [finding('date.invalid', '期限不是有效的时间', '请按年月日填写期限', article)]
    return Date.parse(due) <= Date.parse(now) ? [finding('date.past', '期限不得早于当前时间', '请填写当前时间之后的期限', article)] : []
  })
}
