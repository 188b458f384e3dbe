import type { Tone } from '@tongchou/ui'
import type { ResourceState } from '../server/resource.schema.ts'

export type { Content, Item, Resource, ResourceLine, ResourceVersion, SharingBasis } from '../server/resource.schema.ts'

/** Duties that compile the catalog of their own unit. */
export const compilers: readonly string[] = ['data-steward', 'applicant', 'district']

export const stateTones: Readonly<Record<ResourceState, Tone>> = {
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
