import type { Tone } from '@tongchou/ui'
import type { Grant, GrantLine, Offer, RequestLine, SharingRequest } from '../server/sharing.schema.ts'

export type { Grant, GrantLine, Offer, RequestLine, SharingRequest }

/** Duties of a department that deal with its data. */
export const sides: readonly string[] = ['applicant', 'data-steward', 'department-head', 'district', 'user-unit']
/** And the offices that run, audit and supervise the sharing. */
export const readers: readonly string[] = [...sides, 'big-data-center', 'audit', 'supervisor']
/** Write requests for their own unit. */
export const writers: readonly string[] = ['data-steward', 'applicant', 'district']

export const requestTones: Readonly<Record<SharingRequest['state'], Tone>> = {
  draft: 'plain',
  submitted: 'now',
  'signed-off': 'now',
  returned: 'soon',
  granted: 'good',
  'granted-less': 'good',
  refused: 'bad',
  disputed: 'now',
  directed: 'good',
  upheld: 'bad',
  abandoned: 'plain',
}

export const standingTones: Readonly<Record<GrantLine['standing'], Tone>> = {
  'in-force': 'good',
  coming: 'plain',
  expired: 'plain',
  suspended: 'soon',
  revoked: 'bad',
}

const actionNames: Readonly<Record<string, string>> = {
  'sharing-request.drafted': '起草申请',
  'sharing-request.edited': '修改申请',
  'sharing-request.settled': '系统即时答复',
  'sharing-request.submitted': '提交申请',
  'sharing-request.signed-off': '申请单位负责人审签',
  'sharing-request.returned': '退回补正',
  'sharing-request.proposed': '填写决定',
  'sharing-request.granted': '同意共享',
  'sharing-request.refused': '不予共享',
  'sharing-request.disputed': '提出争议',
  'sharing-request.directed': '复核要求共享',
  'sharing-request.upheld': '复核维持原决定',
  'sharing-request.abandoned': '撤回申请',
  'sharing-request.withdrawn': '撤回提交',
  'sharing-request.voided': '办件作废',
  'sharing-grant.given': '授权',
  'sharing-grant.suspended': '暂停授权',
  'sharing-grant.resumed': '恢复授权',
  'sharing-grant.revoked': '收回授权',
}

/** The Chinese verb of an action in the trail. */
export const actionName = (action: string): string => actionNames[action] ?? action
