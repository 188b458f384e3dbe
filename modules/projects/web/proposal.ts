// SPDX-License-Identifier: Apache-2.0
import type { Finding } from '@tongchou/api-client'
import { type FieldTrouble, type FormValues, formTroubles, type LinesField, type PlainField, toFormData, toFormValues } from '@tongchou/ui'
import type { AppStage, Builder, Deliverable, Deployment, Funding, Kind, Project, Reach } from './project-api.ts'
import { budgetCategoryWords } from './words.ts'

/** Budget lines (投资概算明细), as the proposal asks for them. */
export const budgetField: LinesField = {
  id: 'budgetLines',
  title: '投资明细',
  type: 'lines',
  required: true,
  help: null,
  maxLines: 100,
  fields: [
    { id: 'title', title: '名称', type: 'text', required: true, maxLength: 100, help: null },
    {
      id: 'category',
      title: '类别',
      type: 'choice',
      required: true,
      help: null,
      choices: Object.entries(budgetCategoryWords).map(([value, title]) => ({ value, title })),
    },
    { id: 'amountFen', title: '金额', type: 'money', required: true, help: null },
  ],
}

/** Systems the project will make (拟建信息系统). */
export const systemsField: LinesField = {
  id: 'systems',
  title: '拟建信息系统',
  type: 'lines',
  required: false,
  help: null,
  maxLines: 30,
  fields: [
    { id: 'name', title: '系统名称', type: 'text', required: true, maxLength: 100, help: null },
    { id: 'functions', title: '主要功能', type: 'prose', required: false, maxLength: 1000, help: null },
  ],
}

/** Data the project will make (拟形成的数据资源). */
export const dataResourcesField: LinesField = {
  id: 'dataResources',
  title: '拟形成的数据资源',
  type: 'lines',
  required: false,
  help: null,
  maxLines: 200,
  fields: [{ id: 'name', title: '数据资源名称', type: 'text', required: true, maxLength: 100, help: null }],
}

export const omCostField: PlainField = { id: 'omCostFen', title: '年运维费', type: 'money', required: true, help: '没有的填 0' }

const linesFields = [budgetField, systemsField, dataResourcesField]

/** A proposal while it is typed. What nobody has chosen yet is null: nothing is chosen for the applicant. */
export interface Draft {
  name: string
  kind: Kind | null
  summary: string
  planBasis: string
  builder: Builder | null
  userUnitOrgId: string
  reach: Reach | null
  deliverables: readonly Deliverable[]
  funding: readonly Funding[]
  superiorCoordinated: boolean | null
  appStage: AppStage | null
  standardInterface: boolean | null
  necessity: string
  plannedDeployment: Deployment | null
  omCostFen: number | null
  responsiblePerson: string
  noDataReason: string
  urgencyReason: string
  /** 投资明细, 拟建信息系统, 拟形成的数据资源. */
  lines: FormValues
}

export type DraftField = Exclude<keyof Draft, 'lines'> | 'budgetLines' | 'systems' | 'dataResources'

export function emptyDraft(userUnitOrgId: string): Draft {
  return {
    name: '',
    kind: null,
    summary: '',
    planBasis: '',
    builder: null,
    userUnitOrgId,
    reach: null,
    deliverables: [],
    funding: [],
    superiorCoordinated: null,
    appStage: null,
    standardInterface: null,
    necessity: '',
    plannedDeployment: null,
    omCostFen: null,
    responsiblePerson: '',
    noDataReason: '',
    urgencyReason: '',
    lines: {},
  }
}

export function draftOf(project: Project): Draft {
  const { budgetLines, systems, dataResources } = project
  return {
    name: project.name,
    kind: project.kind,
    summary: project.summary,
    planBasis: project.planBasis,
    builder: project.builder,
    userUnitOrgId: project.userUnit.id,
    reach: project.reach,
    deliverables: project.deliverables,
    funding: project.funding,
    superiorCoordinated: project.superiorCoordinated,
    appStage: project.appStage,
    standardInterface: project.standardInterface,
    necessity: project.necessity,
    plannedDeployment: project.plannedDeployment,
    omCostFen: project.omCostFen,
    responsiblePerson: project.responsiblePerson,
    noDataReason: project.noDataReason,
    urgencyReason: project.urgencyReason,
    lines: toFormValues(linesFields, {
      budgetLines,
      systems: systems.map(({ name, functions }) => ({ name, functions })),
      dataResources: dataResources.map(({ name }) => ({ name })),
    }),
  }
}

/** Whether the stage of a public app is asked for: only when one is built. */
export function asksAppStage(draft: Draft): boolean {
  return draft.deliverables.includes('public-app')
}

const stageOfApp = (draft: Draft): AppStage | null => (asksAppStage(draft) ? draft.appStage : 'none')

/** The fields of a proposal as far as they are filled in, for the check while typing. */
export function soFar(draft: Draft): Record<string, unknown> {
  const all: Record<string, unknown> = {
    name: draft.name.trim() === '' ? undefined : draft.name,
    kind: draft.kind,
    summary: draft.summary,
    planBasis: draft.planBasis,
    builder: draft.builder,
    userUnitOrgId: draft.userUnitOrgId === '' ? undefined : draft.userUnitOrgId,
    reach: draft.reach,
    deliverables: draft.deliverables.length === 0 ? undefined : draft.deliverables,
    funding: draft.funding.length === 0 ? undefined : draft.funding,
    superiorCoordinated: draft.superiorCoordinated,
    appStage: draft.deliverables.length === 0 ? undefined : stageOfApp(draft),
    standardInterface: asksAppStage(draft) ? (draft.standardInterface ?? undefined) : undefined,
    necessity: draft.necessity,
    plannedDeployment: draft.plannedDeployment,
    omCostFen: draft.omCostFen,
    responsiblePerson: draft.responsiblePerson.trim() === '' ? undefined : draft.responsiblePerson,
    noDataReason: draft.noDataReason,
    urgencyReason: draft.urgencyReason,
  }
  return { secrecy: false, ...Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined && value !== null)) }
}

/** The whole proposal as it is saved. Only called when nothing is missing. */
export function bodyOf(draft: Draft): Record<string, unknown> {
  const data = toFormData(linesFields, draft.lines)
  const systems = linesIn(data.systems).map((line) => ({ functions: '', ...line }))
  return {
    ...soFar(draft),
    standardInterface: asksAppStage(draft) ? draft.standardInterface : null,
    budgetLines: linesIn(data.budgetLines),
    systems,
    dataResources: linesIn(data.dataResources),
  }
}

function linesIn(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? (value as Record<string, unknown>[]) : []
}

/** Something the proposal still lacks or has wrong, and the field to go to. */
export interface Lack {
  field: DraftField
  message: string
}

/** What keeps the proposal from being saved, in the order of the form. */
export function lacksOf(draft: Draft): Lack[] {
  const lacks: (Lack | false)[] = [
    draft.name.trim() === '' && { field: 'name', message: '项目名称' },
    draft.kind === null && { field: 'kind', message: '项目类型' },
    draft.userUnitOrgId === '' && { field: 'userUnitOrgId', message: '用户单位' },
    draft.responsiblePerson.trim() === '' && { field: 'responsiblePerson', message: '责任人' },
    draft.builder === null && { field: 'builder', message: '建设主体' },
    draft.reach === null && { field: 'reach', message: '应用范围' },
    draft.plannedDeployment === null && { field: 'plannedDeployment', message: '部署位置' },
    draft.superiorCoordinated === null && { field: 'superiorCoordinated', message: '是否由国家、自治区统筹建设' },
    draft.deliverables.length === 0 && { field: 'deliverables', message: '建设内容，至少一项' },
    asksAppStage(draft) && draft.appStage === null && { field: 'appStage', message: '线上服务类APP的建设状态' },
    ...lineTroubles(draft).filter((one) => one.field === 'budgetLines'),
    draft.omCostFen === null && { field: 'omCostFen', message: '年运维费，没有的填 0' },
    draft.funding.length === 0 && { field: 'funding', message: '资金来源，至少一项' },
    ...lineTroubles(draft).filter((one) => one.field !== 'budgetLines'),
  ]
  return lacks.filter((one): one is Lack => one !== false)
}

function lineTroubles(draft: Draft): Lack[] {
  return formTroubles(linesFields, draft.lines).map((one) => ({ field: fieldOfPath(one.path), message: one.message }))
}

/** Problems inside lines, at their paths, to be shown in the cells. */
export function cellTroubles(draft: Draft): readonly FieldTrouble[] {
  return formTroubles(linesFields, draft.lines).filter((one) => one.path.includes('/'))
}

/** The field of the form that a path of the API speaks of: `budgetLines/0/amountFen` → `budgetLines`. */
export function fieldOfPath(path: string): DraftField {
  return (path.split(/[./]/).find((part) => part !== '') ?? 'name') as DraftField
}

/** Facts by the field that answers for them; where a rule reads several, the first of this order shows the finding. */
const fieldOfFact: readonly (readonly [string, DraftField])[] = [
  ['project.necessityShown', 'necessity'],
  ['project.standardInterface', 'standardInterface'],
  ['project.appStage', 'appStage'],
  ['project.emergency', 'urgencyReason'],
  ['project.filedWithCenter', 'superiorCoordinated'],
  ['project.superiorCoordinated', 'superiorCoordinated'],
  ['project.deliverables', 'deliverables'],
  ['project.deployment', 'plannedDeployment'],
  ['project.builder', 'builder'],
  ['project.reach', 'reach'],
  ['project.funding', 'funding'],
  ['project.kind', 'kind'],
  ['project.responsiblePersonNamed', 'responsiblePerson'],
]

/** The field beside which a finding stands; undefined when no field of this form answers for its facts. */
export function fieldOfFinding(finding: Finding): DraftField | undefined {
  return fieldOfFact.find(([fact]) => finding.facts.includes(fact))?.[1]
}

/**
 * Findings worth showing while the form is incomplete: that a rule cannot decide is no news as long as a field it
 * needs is still empty, which the summary of what is missing says already.
 */
export function tellingFindings(findings: readonly Finding[], draft: Draft): Finding[] {
  const empty = new Set<string>(lacksOf(draft).map((lack) => lack.field))
  return findings.filter((finding) => {
    if (finding.effect !== 'undecidable') return true
    return !finding.facts.some((fact) => empty.has(fieldOfFact.find(([name]) => name === fact)?.[1] ?? ''))
  })
}
