// SPDX-License-Identifier: Apache-2.0
import type { Finding } from '@tongchou/api-client'
import type { Cure } from '@tongchou/ui'
import { actHref, actTitle } from './project-acts.ts'
import type { Project } from './project-api.ts'

/** Facts by the act that answers them, where this actor may do it now. */
const acts: readonly (readonly [fact: string, act: string])[] = [
  ['project.filedWithCenter', 'file-superior'],
  ['project.reviewedByCenter', 'construction-plan'],
  ['project.arguedByCenter', 'construction-plan'],
  ['project.proposalApproved', 'establishment'],
  ['project.feasibilityApproved', 'establishment'],
  ['project.preliminaryDesignApproved', 'establishment'],
  ['project.emergency', 'decide-urgency'],
  ['project.necessityShown', 'edit'],
  ['project.deliverables', 'edit'],
  ['project.builder', 'edit'],
  ['project.appStage', 'edit'],
]

/** Where the cure of a finding on a project is done: an act of this page, or the register that answers. */
export function cureOf({ facts }: Finding, project: Project): Cure | undefined {
  if (facts.some((fact) => fact.startsWith('catalog.'))) return { label: '编制资源目录', href: `/catalog?projectId=${project.id}` }
  if (facts.some((fact) => fact.startsWith('rectification.') || fact.startsWith('payment.')))
    return { label: '查看整改', href: `/problems?projectId=${project.id}` }
  const act = acts.find(([fact, one]) => facts.includes(fact) && project.acts.includes(one))?.[1]
  if (act !== undefined) return { label: actTitle(act) ?? '', href: actHref(project.id, act) }
  if (['project.deployment', 'project.cityBrainConnected', 'project.standardInterface'].some((fact) => facts.includes(fact)))
    return { label: '查看信息系统', href: `/systems?projectId=${project.id}` }
  if (['project.jointReviewPassed', 'project.cityApproved', 'project.inAnnualPlan'].some((fact) => facts.includes(fact)))
    return project.acts.includes('file-plan')
      ? { label: '报送年度计划', href: actHref(project.id, 'file-plan') }
      : { label: '查看年度计划', href: '/city-plans' }
  return undefined
}
