import { type CaseBrief, field, type PlainField, type Tone } from '@tongchou/ui'
import type { holdDutyWords, kindWords, partyWords, stateWords, withholdingWords } from '../words.ts'

interface Named {
  id: string
  name: string
}

/** Line of the list of problems, as `GET /api/v1/supervision/problems` gives it. */
export interface ProblemLine {
  id: string
  number: number
  project: Named
  kind: keyof typeof kindWords
  party: keyof typeof partyWords
  responsible: Named
  state: keyof typeof stateWords
  failed: boolean
  foundOn: string
  dueOn: string
  paymentHeld: boolean
  updatedAt: string
}

/** A problem with its rectification, as `GET /api/v1/supervision/problems/{id}` gives it. */
export interface Problem extends ProblemLine {
  description: string
  demand: string
  orderedAt: string | null
  noticeNumber: string | null
  reportedOn: string | null
  report: string | null
  notAcceptedReason: string | null
  confirmedAt: string | null
  holds: {
    reason: string
    duty: keyof typeof holdDutyWords
    basis: 'local'
    decidedBy: string
    decidedAt: string
    endedAt: string | null
  }[]
  cases: CaseBrief[]
  mayDo: ('change' | 'order-hold')[]
  version: number
  createdBy: string
  updatedBy: string
}

/** 拒绝、隐匿、瞒报记录, as `GET /api/v1/supervision/withheld-records/{id}` gives it. */
export interface WithheldRecord {
  id: string
  number: number
  project: Named
  builder: Named
  kind: keyof typeof withholdingWords
  description: string
  foundOn: string
  recordedBy: string
  recordedAt: string
  reply: { text: string; by: string; at: string } | null
  revocation: { reason: string; by: string; at: string } | null
  mayDo: ('reply' | 'revoke')[]
  version: number
  updatedBy: string
  updatedAt: string
}

/** Duties whose work is with supervision: the menu shows it to them. */
export const readers: readonly string[] = [
  'applicant',
  'district',
  'user-unit',
  'department-head',
  'big-data-center',
  'drc',
  'finance',
  'audit',
  'supervisor',
  'vice-mayor',
  'city-government',
]

export const finders: readonly string[] = ['big-data-center']
export const recorders: readonly string[] = ['supervisor', 'big-data-center', 'audit']

export const stateTones: Readonly<Record<Problem['state'], Tone>> = {
  draft: 'soon',
  proposed: 'now',
  ordered: 'now',
  reported: 'now',
  confirmed: 'good',
  'not-accepted': 'bad',
  overdue: 'bad',
}

/** A text that an office writes down (情况、要求、理由). */
export function proseField(id: string, title: string, help: string | null = null): PlainField {
  return field(id, title, { type: 'prose', maxLength: 2000, help })
}

/** The Chinese verb of an action in the trail. */
export function actionName(action: string, detail: Record<string, unknown>): string {
  if (action === 'case.acted' && detail.step === 'countersign') return detail.outcome === 'agree' ? '会签同意' : '会签退回修改'
  return actionNames[action] ?? action
}

const actionNames: Readonly<Record<string, string>> = {
  'problem.proposed': '提出问题，提请会签',
  'problem.changed': '修改问题',
  'problem.ordered': '会签下达整改',
  'problem.reported': '报告整改情况',
  'problem.report_withdrawn': '撤回整改报告',
  'problem.confirmed': '核查：整改符合要求',
  'problem.not-accepted': '核查：整改不符合要求',
  'payment.hold_ordered': '决定暂缓支付',
  'payment.hold_ended': '暂缓支付结束',
  'withheld.recorded': '作出记录',
  'withheld.replied': '作出说明',
  'withheld.revoked': '撤销记录',
  'case.acted': '办理',
  'case.opened': '发起办件',
  'case.withdrawn': '撤回办件',
  changeProblem: '修改问题',
  orderPaymentHold: '决定暂缓支付',
  replyToWithheldRecord: '作出说明',
  revokeWithheldRecord: '撤销记录',
  actOnCase: '办理',
}
