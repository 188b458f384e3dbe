// SPDX-License-Identifier: Apache-2.0

/** Acts that begin a procedure, and the procedure each begins. */
export const procedureActs: Readonly<Record<string, { title: string; procedure: string; submit: string }>> = {
  'construction-plan': { title: '报送建设方案', procedure: 'construction-plan', submit: '提交审核' },
  establishment: { title: '申请立项', procedure: 'establishment', submit: '提交审批' },
  funding: { title: '安排资金', procedure: 'funding', submit: '提交审定' },
  tender: { title: '启动招标采购', procedure: 'tender', submit: '提交招标采购' },
  'project-change': { title: '报送建设变更', procedure: 'project-change', submit: '报送变更' },
  acceptance: { title: '申请验收', procedure: 'acceptance', submit: '提交验收申请' },
  handover: { title: '交付使用', procedure: 'handover', submit: '提交交付' },
  evaluation: { title: '启动绩效评价', procedure: 'evaluation', submit: '发起评价' },
}

/** Acts that are done at once, without a case. */
export const directActs: Readonly<Record<string, string>> = {
  'file-plan': '报送年度计划',
  'declare-urgent': '申报紧急项目',
  'decide-urgency': '认定紧急项目',
  'decide-scope': '认定政务信息系统范围',
  'file-superior': '报送备案',
  'receive-superior': '接收备案',
  'report-progress': '填报建设进展',
  'set-milestones': '设定里程碑',
  'request-payment': '申请支付',
}

/** The Chinese verb of an act, for buttons and titles; undefined for an act this page does not know. */
export function actTitle(act: string): string | undefined {
  return procedureActs[act]?.title ?? directActs[act] ?? (act === 'edit' ? '修改申报' : undefined)
}

/** What moves the project forward stands first and is the primary button; the rest follows in this order. */
const rank = [
  'construction-plan',
  'establishment',
  'funding',
  'tender',
  'acceptance',
  'handover',
  'evaluation',
  'decide-urgency',
  'receive-superior',
  'file-superior',
  'file-plan',
  'report-progress',
  'set-milestones',
  'request-payment',
  'project-change',
  'edit',
  'declare-urgent',
  'decide-scope',
]

/** Acts that carry the project on, and so deserve the one blue button. */
export function isForward(act: string): boolean {
  const place = rank.indexOf(act)
  return place >= 0 && place <= rank.indexOf('report-progress')
}

/** The acts of a project's page, what moves it forward first. */
export function sortedActs(acts: readonly string[]): string[] {
  return acts.filter((act) => actTitle(act) !== undefined).sort((a, b) => rank.indexOf(a) - rank.indexOf(b))
}

/** Where an act is done. */
export function actHref(projectId: string, act: string): string {
  return act === 'edit' ? `/projects/${projectId}/edit` : `/projects/${projectId}/acts/${act}`
}
