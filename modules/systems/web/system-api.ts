import type { deploymentWords, factWords, frequencyWords, fundingWords, statusWords } from '../words.ts'

type Deployment = keyof typeof deploymentWords
interface Named {
  id: string
  name: string
}

/** Line of the register, as `GET /api/v1/systems` gives it. */
export interface SystemLine {
  id: string
  number: number
  name: string
  org: Named
  status: keyof typeof statusWords
  deployment: Deployment | null
  cityBrainConnected: boolean | null
  protectionLevel: number | null
  awaitsConfirmation: boolean
  awaitsProtection: boolean
  updatedAt: string
}

/** An office's answer: what, on what ground, who, when. */
interface Answered {
  evidence: string
  by: string
  orgName: string
  at: string
}
type Answer<V> = (Answered & { value: V }) | null

/** 等级保护. */
export interface Protection {
  level: number
  filingNumber: string | null
  nextEvaluationOn: string | null
}

export type SystemAct = 'describe' | 'change-status' | 'request-confirmation' | 'answer' | 'declare-protection' | 'confirm-protection'

/** A system, as `GET /api/v1/systems/{id}` gives it. */
export interface System {
  id: string
  number: number
  name: string
  org: Named
  userUnit: Named | null
  project: { id: string; name: string | null } | null
  functions: string
  usageScope: string
  usageFrequency: keyof typeof frequencyWords
  approvingBody: string | null
  approvedOn: string | null
  funding: (keyof typeof fundingWords)[]
  status: keyof typeof statusWords
  answers: { deployment: Answer<Deployment> } & Record<Exclude<keyof typeof factWords, 'deployment'>, Answer<boolean>>
  protection: (Protection & Answered & { standing: 'declared' | 'confirmed' }) | null
  confirmation: {
    state: 'open' | 'answered' | 'returned'
    note: string
    requestedBy: string
    requestedAt: string
    closedBy: string | null
    closedAt: string | null
    closingNote: string | null
  } | null
  mayDo: SystemAct[]
  version: number
  updatedBy: string
  updatedAt: string
}

/** One answer of the history, as `GET /api/v1/systems/{id}/answers` gives it. */
export interface AnswerLine extends Answered {
  seq: number
  fact: keyof typeof factWords | 'protection'
  value: unknown
  standing: 'declared' | 'confirmed'
}

/** Duties whose work is with the register: the menu shows it to them. */
export const readers: readonly string[] = [
  'applicant',
  'district',
  'data-steward',
  'user-unit',
  'department-head',
  'big-data-center',
  'drc',
  'finance',
  'audit',
  'supervisor',
  'vice-mayor',
  'city-government',
  'public-security',
]

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
