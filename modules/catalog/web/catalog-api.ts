import type { CaseBrief, Tone } from '@tongchou/ui'
import type {
  classWords,
  cycleWords,
  dutyWords,
  formatWords,
  gradeWords,
  maskingWords,
  openingWords,
  sensitivityWords,
  sharingWords,
  stateWords,
  typeWords,
} from '../words.ts'

interface Named {
  id: string
  name: string
}

/** Data item (信息项). `sharing` null: as the resource. */
export interface Item {
  name: string
  code: string
  type: keyof typeof typeWords
  length: number | null
  isKey: boolean
  sensitivity: keyof typeof sensitivityWords
  masking: keyof typeof maskingWords | null
  sharing: keyof typeof sharingWords | null
}

/** The content of an entry: what is compiled, frozen and reviewed. */
export interface Content {
  name: string
  projectId: string | null
  declaredResourceId: string | null
  systemId: string | null
  providerCode: string | null
  abstract: string
  class: keyof typeof classWords | null
  format: keyof typeof formatWords | null
  updateCycle: keyof typeof cycleWords | null
  duties: Record<keyof typeof dutyWords, { orgId: string; post: string | null } | null>
  sharing: keyof typeof sharingWords | null
  sharingCondition: string | null
  basisLaw: string | null
  basisClause: string | null
  opening: keyof typeof openingWords | null
  openingCondition: string | null
  grade: keyof typeof gradeWords | null
  containsPersonal: boolean
  containsSensitive: boolean
  maskingRule: string | null
  items: Item[]
}

/** Line of the catalog, as `GET /api/v1/catalog/resources` gives it. */
export interface ResourceLine {
  id: string
  number: number
  name: string
  org: Named
  state: keyof typeof stateWords
  sharing: Content['sharing']
  opening: Content['opening']
  grade: Content['grade']
  updateCycle: Content['updateCycle']
  itemCount: number
  registeredOn: string | null
  updatedAt: string
}

/** An entry, as `GET /api/v1/catalog/resources/{id}` gives it. */
export interface Resource {
  id: string
  number: number
  org: Named
  content: Content
  project: { id: string; name: string | null } | null
  system: { id: string; name: string | null } | null
  dutyOrgs: Record<string, string>
  state: keyof typeof stateWords
  returnedReason: string | null
  registeredAt: string | null
  gaps: { path: string; message: string }[]
  cases: CaseBrief[]
  showsWorkings: boolean
  mayDo: ('change' | 'submit')[]
  version: number
  updatedBy: string
  updatedAt: string
}

/** A version as it was handed in. */
export interface ResourceVersion {
  version: number
  content: Content
  submittedBy: string
  submittedAt: string
}

/** A law or administrative regulation that a refusal to share may rest on. */
export interface SharingBasis {
  id: string
  title: string
  rank: 'law' | 'administrative-regulation'
}

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
