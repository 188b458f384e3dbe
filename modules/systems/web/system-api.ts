import type { SystemAct } from '../server/system.schema.ts'

export type { AnswerLine, Protection, System, SystemAct, SystemLine } from '../server/system.schema.ts'

/** Duties that register the systems of their own unit. */
export const registrars: readonly string[] = ['applicant', 'district', 'data-steward', 'big-data-center']

/** The acts of the page of a system, as buttons. */
export const actTitles: Readonly<Record<Exclude<SystemAct, 'describe'>, string>> = {
  'change-status': '变更状态',
  'request-confirmation': '申请确认',
  answer: '填写核实结果',
  'declare-protection': '申报保护等级',
  'confirm-protection': '确认保护等级',
}

/** The Chinese verb of an action in the trail. */
export function actionName(action: string): string {
  return actionNames[action] ?? action
}

const actionNames: Readonly<Record<string, string>> = {
  'system.registered': '登记信息系统',
  'system.described': '修改登记内容',
  'system.status_changed': '变更状态',
  'system.confirmation_requested': '申请确认',
  'system.answered': '填写核实结果',
  'system.confirmation_returned': '退回确认申请',
  'system.protection_declared': '申报保护等级',
  'system.protection_confirmed': '确认保护等级',
  describeSystem: '修改登记内容',
  changeSystemStatus: '变更状态',
  requestSystemConfirmation: '申请确认',
  answerSystemFacts: '填写核实结果',
  returnSystemConfirmation: '退回确认申请',
  recordSystemProtection: '申报或确认保护等级',
}
