import type { Tone } from '@tongchou/ui'
import type { ClassLine } from '../server/class.schema.ts'
import type { Content, Item } from '../server/content.schema.ts'
import type { Resource, ResourceLine, ResourceVersion, VersionDifference } from '../server/resource.schema.ts'

export type { ClassLine, Content, Item, Resource, ResourceLine, ResourceVersion, VersionDifference }

/** Duties whose work is with the catalog: the menu shows it to them. */
export const readers: readonly string[] = [
  'applicant',
  'district',
  'data-steward',
  'secrecy-reviewer',
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
  'secrecy-reviewed': 'now',
  approved: 'now',
  registered: 'good',
  returned: 'soon',
}

/** The Chinese verb of an action in the trail. */
export function actionName(action: string): string {
  return actionNames[action] ?? action
}

const actionNames: Readonly<Record<string, string>> = {
  'catalog.drafted': '开始编制',
  'catalog.changed': '修改目录',
  'catalog.submitted': '提交审核',
  'catalog.secrecy-reviewed': '保密审查通过',
  'catalog.approved': '目录审核通过',
  'catalog.registered': '登记纳入共享平台',
  'catalog.returned': '退回修改',
  'catalog.withdrawn': '撤回提交',
  'case.acted': '办理',
  'case.opened': '发起办件',
  'case.withdrawn': '撤回办件',
  changeResource: '修改目录',
  submitResource: '提交审核',
  actOnCase: '办理',
}
