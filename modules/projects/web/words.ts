// SPDX-License-Identifier: Apache-2.0
import type { Tone } from '@tongchou/ui'
import { useApi } from '@tongchou/ui'
import { useMemo } from 'react'
import {
  appStageNames,
  builderNames,
  cityPlanStateNames,
  deliverableNames,
  deploymentNames,
  entryStateNames,
  fundingNames,
  kindNames,
  reachNames,
  stageNames,
} from '../words.ts'
import type { AppStage, BudgetCategory, Builder, Deliverable, Deployment, Funding, Kind, Reach, Stage, Urgency } from './project-api.ts'

type Words<K extends string> = Readonly<Record<K, string>>

export const kindWords: Words<Kind> = kindNames

export const builderWords: Words<Builder> = builderNames
export const reachWords: Words<Reach> = reachNames
export const deploymentWords: Words<Deployment> = deploymentNames
export const appStageWords: Words<AppStage> = appStageNames
export const fundingWords: Words<Funding> = fundingNames

export const budgetCategoryWords: Words<BudgetCategory> = {
  software: '软件开发',
  hardware: '硬件购置',
  integration: '系统集成',
  service: '服务',
  supervision: '监理',
  evaluation: '测评',
  reserve: '预备费',
  other: '其他',
}

export const urgencyWords: Words<Urgency> = {
  none: '未申报',
  declared: '已申报，待市大数据中心认定',
  confirmed: '已认定为紧急项目',
  rejected: '未认定为紧急项目',
}

const deliverableWords: Words<Deliverable> = deliverableNames

/** What may be built, in the order and under the headings that the articles speak of it. */
export const deliverableGroups: readonly { title: string; articles: readonly string[]; items: readonly Deliverable[] }[] = [
  { title: '业务应用', articles: ['WH23-4'], items: ['business-system', 'public-app'] },
  {
    title: '基础性、全局性、复用性项目',
    articles: ['WH23-4'],
    items: ['data-center', 'machine-room', 'video-platform', 'iot-platform', 'other-shared-infrastructure'],
  },
  {
    title: '全市公共基础设施',
    articles: ['WH23-9'],
    items: ['cloud-center', 'egov-network', 'city-brain', 'cim', 'e-archive', 'exchange-platform', 'city-app', 'security-infrastructure'],
  },
  {
    title: '各区项目',
    articles: ['WH23-10'],
    items: [
      'application-platform',
      'reusable-business-system',
      'video-surveillance',
      'data-collection',
      'iot-sensing',
      'basic-network',
      'smart-community',
    ],
  },
]

interface VocabularyAnswer {
  facts: { name: string; values: { value: string; title: string }[] }[]
}

/** The name of a deliverable as the vocabulary of the city's packs has it; our own word until that has been read. */
export function useDeliverableWords(): (deliverable: Deliverable) => string {
  const { data } = useApi<VocabularyAnswer>('/api/v1/policy-vocabulary')
  return useMemo(() => {
    const values = data?.facts.find((fact) => fact.name === 'project.deliverables')?.values ?? []
    const words = new Map(values.map(({ value, title }) => [value, title]))
    return (deliverable: Deliverable) => words.get(deliverable) ?? deliverableWords[deliverable]
  }, [data])
}

/** Stages (项目阶段) as a word and its tone; green only for what is done. */
export const stageWords: Readonly<Record<Stage, { text: string; tone: Tone }>> = {
  draft: { text: stageNames.draft, tone: 'plain' },
  filed: { text: stageNames.filed, tone: 'now' },
  reviewed: { text: stageNames.reviewed, tone: 'now' },
  listed: { text: stageNames.listed, tone: 'now' },
  argued: { text: stageNames.argued, tone: 'now' },
  established: { text: stageNames.established, tone: 'now' },
  tendering: { text: stageNames.tendering, tone: 'now' },
  building: { text: stageNames.building, tone: 'now' },
  'in-acceptance': { text: stageNames['in-acceptance'], tone: 'now' },
  accepted: { text: stageNames.accepted, tone: 'now' },
  'in-operation': { text: stageNames['in-operation'], tone: 'now' },
  evaluated: { text: stageNames.evaluated, tone: 'good' },
}

export const entryStateWords = {
  filed: { text: entryStateNames.filed, tone: 'now' },
  returned: { text: entryStateNames.returned, tone: 'soon' },
  reviewed: { text: entryStateNames.reviewed, tone: 'now' },
  rejected: { text: entryStateNames.rejected, tone: 'plain' },
  withdrawn: { text: entryStateNames.withdrawn, tone: 'plain' },
  listed: { text: entryStateNames.listed, tone: 'good' },
} as const satisfies Record<string, { text: string; tone: Tone }>

export const cityPlanStateWords = {
  compiling: { text: cityPlanStateNames.compiling, tone: 'now' },
  submitted: { text: cityPlanStateNames.submitted, tone: 'now' },
  'joint-reviewed': { text: cityPlanStateNames['joint-reviewed'], tone: 'now' },
  approved: { text: cityPlanStateNames.approved, tone: 'good' },
  rejected: { text: cityPlanStateNames.rejected, tone: 'plain' },
} as const satisfies Record<string, { text: string; tone: Tone }>

export const paymentStateWords: Readonly<Record<string, { text: string; tone: Tone }>> = {
  requested: { text: '支付审核中', tone: 'now' },
  released: { text: '已支付', tone: 'good' },
  refused: { text: '不予支付', tone: 'plain' },
  withdrawn: { text: '已撤回', tone: 'plain' },
}

const actionWords: Readonly<Record<string, string>> = {
  'project.drafted': '新建项目申报',
  'project.changed': '修改项目申报',
  'project.urgency_declared': '申报紧急项目',
  'project.urgency_decided': '认定紧急项目',
  'project.scope_decided': '认定是否属于政务信息系统',
  'project.superior_filed': '报送备案',
  'project.superior_received': '接收备案',
  'project.construction-plan': '报送建设方案',
  'project.establishment': '申请立项',
  'project.funding': '安排资金',
  'project.tender': '启动招标采购',
  'project.project-change': '报送建设变更',
  'project.acceptance': '申请验收',
  'project.handover': '交付使用',
  'project.evaluation': '启动绩效评价',
  'project.milestones_set': '设定里程碑',
  'project.milestone_reached': '里程碑完成',
  'project.progress_reported': '填报建设进展',
  'plan.filed': '报送年度计划',
  'payment.requested': '申请支付',
  'case.acted': '办理',
  'case.withdrawn': '撤回',
  'case.returned': '退回',
}

/** Operations of the API, as refused attempts are recorded under their name. */
const operationWords: Readonly<Record<string, string>> = {
  readProject: '查看项目',
  checkProjectAct: '预检',
  readProjectTrail: '查看操作记录',
  changeProposal: '修改项目申报',
  filePlanEntry: '报送年度计划',
  submitConstructionPlan: '报送建设方案',
  applyForEstablishment: '申请立项',
  scheduleFunding: '安排资金',
  startTender: '启动招标采购',
  fileProjectChange: '报送建设变更',
  applyForAcceptance: '申请验收',
  handOver: '交付使用',
  openEvaluation: '启动绩效评价',
  requestPayment: '申请支付',
  declareUrgent: '申报紧急项目',
  decideUrgency: '认定紧急项目',
  decideScope: '认定是否属于政务信息系统',
  fileSuperior: '报送备案',
  receiveSuperior: '接收备案',
  setMilestones: '设定里程碑',
  reachMilestone: '里程碑完成',
  reportProgress: '填报建设进展',
}

/** Procedures by id, for lines that name one in passing. */
export const procedureWords: Readonly<Record<string, string>> = {
  'plan-entry': '年度计划申报',
  'city-plan': '全市年度计划',
  'construction-plan': '建设方案审核论证',
  establishment: '立项审批',
  funding: '资金安排',
  tender: '招标采购',
  'project-change': '建设变更',
  acceptance: '验收',
  handover: '交付',
  payment: '资金支付',
  evaluation: '绩效评价',
}

/** The Chinese verb of an action in the audit trail. */
export function actionName(action: string): string {
  return actionWords[action] ?? operationWords[action] ?? action
}
