import type { Tone } from '@tongchou/ui'
import type { Amendment, AmendmentLine } from '../server/amendment.schema.ts'
import type { ClassLine } from '../server/class.schema.ts'
import type { Content, Item } from '../server/content.schema.ts'
import type { DutyLine, UnsharedLine } from '../server/list.schema.ts'
import type { Resource, ResourceLine, ResourceVersion, VersionDifference } from '../server/resource.schema.ts'

import type { CatalogSearchAnswer } from '../server/search.schema.ts'

export type {
  Amendment,
  AmendmentLine,
  CatalogSearchAnswer,
  ClassLine,
  Content,
  DutyLine,
  Item,
  Resource,
  ResourceLine,
  ResourceVersion,
  UnsharedLine,
  VersionDifference,
}

/** Duties whose work is with the catalog: the menu shows it to them. */
export const readers: readonly string[] = [
  'applicant',
  'district',
  'data-steward',
  'secrecy-reviewer',
  'department-head',
  'user-unit',
  'big-data-center',
  'drc',
  'finance',
  'audit',
  'industry',
  'public-security',
  'supervisor',
  'vice-mayor',
  'city-government',
]

/** Duties that compile the catalog of their own unit. */
export const compilers: readonly string[] = ['data-steward', 'applicant', 'district']

/** Keeps the classes of resources. */
export const classKeepers: readonly string[] = ['big-data-center']

export const stateTones: Readonly<Record<Resource['state'], Tone>> = {
  draft: 'plain',
  submitted: 'now',
  'signed-off': 'now',
  'secrecy-reviewed': 'now',
  approved: 'now',
  registered: 'good',
  returned: 'soon',
  withdrawn: 'plain',
}

export const amendmentTones: Readonly<Record<Amendment['state'], Tone>> = {
  draft: 'plain',
  submitted: 'now',
  'signed-off': 'now',
  'secrecy-reviewed': 'now',
  approved: 'now',
  returned: 'soon',
  settled: 'good',
  abandoned: 'plain',
}

/** The Chinese verb of an action in the trail. */
export function actionName(action: string): string {
  return actionNames[action] ?? action
}

const actionNames: Readonly<Record<string, string>> = {
  'catalog.drafted': '开始编制',
  'catalog.changed': '修改目录',
  'catalog.submitted': '提交审核',
  'catalog.signed-off': '部门负责人审签',
  'catalog.returned-to-secrecy': '退回保密审查',
  'catalog.secrecy-reviewed': '保密审查通过',
  'catalog.approved': '目录审核通过',
  'catalog.registered': '登记纳入共享平台',
  'catalog.returned': '退回修改',
  'catalog.withdrawn': '撤回提交',
  'catalog.change_published': '变更生效',
  'catalog.entry_withdrawn': '撤销生效',
  'catalog-change.drafted': '开始变更',
  'catalog-change.edited': '修改变更内容',
  'catalog-change.submitted': '变更提交审核',
  'catalog-change.signed-off': '变更部门负责人审签',
  'catalog-change.secrecy-reviewed': '变更保密审查通过',
  'catalog-change.returned-to-secrecy': '变更退回保密审查',
  'catalog-change.approved': '变更审核通过',
  'catalog-change.published': '发布变更',
  'catalog-change.returned': '变更退回修改',
  'catalog-change.abandoned': '撤回变更',
  'catalog-change.withdrawn': '撤回变更的提交',
  'catalog-change.voided': '变更办件作废',
  'catalog-withdrawal.drafted': '填写撤销申请',
  'catalog-withdrawal.edited': '修改撤销申请',
  'catalog-withdrawal.submitted': '撤销提交审核',
  'catalog-withdrawal.signed-off': '撤销部门负责人审签',
  'catalog-withdrawal.published': '同意撤销',
  'catalog-withdrawal.returned': '撤销申请退回修改',
  'catalog-withdrawal.abandoned': '撤回撤销申请',
  'catalog-withdrawal.withdrawn': '撤回撤销申请的提交',
  'catalog-withdrawal.voided': '撤销办件作废',
  'case.acted': '办理',
  'case.opened': '发起办件',
  'case.withdrawn': '撤回办件',
  changeResource: '修改目录',
  submitResource: '提交审核',
  actOnCase: '办理',
}
