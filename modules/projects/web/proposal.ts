// SPDX-License-Identifier: Apache-2.0
import type { Finding } from '@tongchou/api-client'
import { anchorFindings, type FactPlaces, type FieldTrouble, type FormField, type FormValues, toFormData } from '@tongchou/ui'
import type { Project } from './project-api.ts'
import { buildsApp } from './proposal-fields.ts'

/** A proposal nobody has written yet: nothing is chosen for the applicant but their own unit as the user. */
export function emptyProposal(userUnitOrgId: string): FormValues {
  return { userUnitOrgId }
}

/** What a draft holds, as the API gives it: every item may be absent. */
export type DraftContent = Readonly<Record<string, unknown>>

/** A draft as the form holds it. */
export function valuesOfDraft({ superiorCoordinated, standardInterface, urgencyReason, unread, ...rest }: DraftContent): FormValues {
  const values: Record<string, unknown> = {
    ...rest,
    ...(typeof superiorCoordinated === 'boolean' ? { superiorCoordinated: yesOrNo(superiorCoordinated) } : {}),
    ...(typeof standardInterface === 'boolean' ? { standardInterface: yesOrNo(standardInterface) } : {}),
    ...(typeof urgencyReason === 'string' && urgencyReason !== '' ? { urgencyReason, urgent: 'yes' } : {}),
  }
  const budgetLines = linesIn(rest.budgetLines).map((line) => ({ ...line }))
  for (const { path, text } of unreadIn(unread)) {
    const [, index] = /^budgetLines\/(\d+)\/amountFen$/.exec(path) ?? []
    if (index === undefined) values.omCostFen = text
    else budgetLines[Number(index)] = { ...budgetLines[Number(index)], amountFen: text }
  }
  return budgetLines.length === 0 ? values : { ...values, budgetLines }
}

function unreadIn(value: unknown): { path: string; text: string }[] {
  return linesIn(value) as { path: string; text: string }[]
}

/** What is kept of a proposal on the server while it does not say everything: half typed and wrong items as they are. */
export function draftContentOf(fields: readonly FormField[], values: FormValues): DraftContent {
  const { urgent: _urgent, superiorCoordinated, standardInterface, omCostFen, budgetLines, ...data } = toFormData(fields, values)
  const unread: { path: string; text: string }[] = []
  // An amount is a number or nothing; what was typed in its place is kept beside it.
  const amountAt = (path: string, value: unknown) => {
    if (typeof value === 'number') return value
    if (typeof value === 'string') unread.push({ path, text: value.slice(0, 50) })
    return undefined
  }
  const lines = linesIn(budgetLines).map(({ amountFen, ...line }, index) => {
    const amount = amountAt(`budgetLines/${index}/amountFen`, amountFen)
    return amount === undefined ? line : { ...line, amountFen: amount }
  })
  const omCost = amountAt('omCostFen', omCostFen)
  return {
    ...data,
    ...(lines.length === 0 ? {} : { budgetLines: lines }),
    ...(omCost === undefined ? {} : { omCostFen: omCost }),
    ...(superiorCoordinated === undefined ? {} : { superiorCoordinated: superiorCoordinated === 'yes' }),
    ...(standardInterface === undefined ? {} : { standardInterface: standardInterface === 'yes' }),
    ...(unread.length === 0 ? {} : { unread }),
  }
}

/** A stored proposal as the form holds it. */
export function valuesOf(project: Project): FormValues {
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
    superiorCoordinated: yesOrNo(project.superiorCoordinated),
    appStage: project.appStage === 'none' ? undefined : project.appStage,
    standardInterface: project.standardInterface === null ? undefined : yesOrNo(project.standardInterface),
    necessity: project.necessity,
    plannedDeployment: project.plannedDeployment,
    omCostFen: project.omCostFen,
    responsiblePerson: project.responsiblePerson,
    noDataReason: project.noDataReason,
    urgent: project.urgencyReason === '' ? undefined : 'yes',
    urgencyReason: project.urgencyReason,
    budgetLines: project.budgetLines,
    systems: project.systems.map(({ name, functions }) => ({ name, functions })),
    dataResources: project.dataResources.map(({ name }) => ({ name })),
  }
}

function yesOrNo(value: boolean): 'yes' | 'no' {
  return value ? 'yes' : 'no'
}

const lineFields = ['budgetLines', 'systems', 'dataResources']

/** The fields of a proposal as far as they are filled in, for the check while typing: no lines, nothing that cannot be read. */
export function soFar(fields: readonly FormField[], values: FormValues): Record<string, unknown> {
  const { urgent: _urgent, superiorCoordinated, standardInterface, ...data } = toFormData(fields, values)
  const readable = Object.entries(data).filter(([id, value]) => {
    if (lineFields.includes(id)) return false
    if (id === 'omCostFen') return typeof value === 'number'
    return typeof value !== 'string' || value.trim() !== ''
  })
  return {
    secrecy: false,
    ...Object.fromEntries(readable),
    ...(superiorCoordinated === undefined ? {} : { superiorCoordinated: superiorCoordinated === 'yes' }),
    ...(standardInterface === undefined ? {} : { standardInterface: standardInterface === 'yes' }),
    ...(data.deliverables !== undefined && !buildsApp(values) ? { appStage: 'none' } : {}),
    // Left empty they say something: that no necessity is shown, that there is no urgency.
    ...Object.fromEntries(['summary', 'planBasis', 'necessity', 'noDataReason', 'urgencyReason'].map((id) => [id, data[id] ?? ''])),
  }
}

/** The whole proposal as it is saved. Only called when nothing is missing. */
export function bodyOf(fields: readonly FormField[], values: FormValues): Record<string, unknown> {
  const data = toFormData(fields, values)
  return {
    standardInterface: null,
    ...soFar(fields, values),
    budgetLines: linesIn(data.budgetLines),
    systems: linesIn(data.systems).map((line) => ({ functions: '', ...line })),
    dataResources: linesIn(data.dataResources),
  }
}

function linesIn(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? (value as Record<string, unknown>[]) : []
}

/** Which item of the proposal answers for a fact; where a rule reads several, the first of this order shows the finding. */
export const proposalPlaces: FactPlaces = [
  ['project.necessityShown', 'necessity'],
  ['project.standardInterface', 'standardInterface'],
  ['project.appStage', 'appStage'],
  ['project.emergency', 'urgent'],
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

/** The item beside which a finding stands; undefined when none of this form answers for its facts. */
export function placeOfFinding(finding: Finding): string | undefined {
  return anchorFindings([finding], proposalPlaces)[0]?.path
}

/**
 * Findings worth showing while the form is incomplete: that a rule cannot decide is no news as long as an item it
 * needs is still empty, which the summary of what is missing says already.
 */
export function tellingFindings(findings: readonly Finding[], troubles: readonly FieldTrouble[]): Finding[] {
  const empty = new Set(troubles.map((one) => one.path))
  return findings.filter((finding) => {
    if (finding.effect !== 'undecidable') return true
    return !finding.facts.some((fact) => empty.has(proposalPlaces.find(([name]) => name === fact)?.[1] ?? ''))
  })
}
