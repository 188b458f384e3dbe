// SPDX-License-Identifier: Apache-2.0

const DUTY_NAMES: Readonly<Record<string, string>> = {
  applicant: '项目申报',
  'big-data-center': '大数据中心审核',
  drc: '发展改革立项审批',
  finance: '财政资金安排',
  audit: '审计监督',
  industry: '工业和信息化',
  'public-security': '公安网络安全监管',
  'vice-mayor': '分管副市长审签',
  'city-government': '市政府审定',
  'tender-center': '公共资源交易',
  expert: '专家评审',
  supervisor: '监督检查',
  'data-steward': '数据管理',
  'secrecy-reviewer': '保密审查',
  'department-head': '部门负责人',
  district: '区级政务部门',
  'user-unit': '使用单位',
  enterprise: '承建企业',
  citizen: '公众',
  'system-admin': '系统管理员',
  'security-admin': '安全管理员',
  'audit-admin': '审计管理员',
}

/** The Chinese name of a duty (职责); an id that a pack adds is shown as it is. */
export function dutyName(id: string): string {
  return DUTY_NAMES[id] ?? id
}

/** Parties outside the administration, and administrators: the registers of business are not theirs to read. */
export const OUTSIDE_DUTIES: readonly string[] = ['citizen', 'enterprise', 'system-admin', 'security-admin']

/** Ids of all duties, in the order lists show them. */
export const DUTY_IDS: readonly string[] = Object.keys(DUTY_NAMES)
