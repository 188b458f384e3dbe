import type { Actor } from '@tongchou/kernel'
import { actAsBuilder, bears, editProposal } from './project.permissions.ts'
import type { ProjectRow } from './project.tables.ts'

/** One act that begins a procedure on a project: who may, and in which state it makes sense. Whether the rules allow it is the pack's to say. */
export interface LifecycleAct {
  procedure: string
  operationId: string
  /** Chinese name, as buttons and audit trails show it. */
  title: string
  /** The outcome of the first step that hands it in. */
  outcome: string
  /** Duties of which the actor needs one. */
  duties: readonly string[]
  allows: (actor: Actor, project: ProjectRow) => boolean
  /** Why it makes no sense now; undefined when it does. */
  obstacle: (project: ProjectRow) => string | undefined
}

const asBuilder = (actor: Actor, project: ProjectRow) => actAsBuilder.allows(actor, project)
const handedIn = (project: ProjectRow) => (project.submitted_at === null ? '项目尚未申报，请先申报年度计划或报送建设方案。' : undefined)

/** The acts on one project that begin a procedure, by the path of their route. */
export const lifecycleActs = {
  'construction-plan': {
    procedure: 'construction-plan',
    operationId: 'submitConstructionPlan',
    title: '报送建设方案',
    outcome: 'submit',
    duties: ['applicant'],
    allows: asBuilder,
    obstacle: (project) => (project.argued_at !== null ? '建设方案已通过论证，不需要再次报送。' : undefined),
  },
  establishment: {
    procedure: 'establishment',
    operationId: 'applyForEstablishment',
    title: '申请立项',
    outcome: 'submit',
    duties: ['applicant'],
    allows: asBuilder,
    obstacle: (project) => handedIn(project) ?? (project.established_at !== null ? '项目已立项。' : undefined),
  },
  funding: {
    procedure: 'funding',
    operationId: 'scheduleFunding',
    title: '安排资金',
    outcome: 'submit',
    duties: ['finance'],
    allows: (actor) => bears(actor, 'finance'),
    obstacle: (project) => handedIn(project) ?? (project.funded_at !== null ? '资金已安排。' : undefined),
  },
  tender: {
    procedure: 'tender',
    operationId: 'startTender',
    title: '启动招标采购',
    outcome: 'submit',
    duties: ['applicant'],
    allows: asBuilder,
    obstacle: (project) => handedIn(project) ?? (project.tender_started_at !== null ? '招标采购已启动。' : undefined),
  },
  'project-change': {
    procedure: 'project-change',
    operationId: 'fileProjectChange',
    title: '报送建设变更',
    outcome: 'submit',
    duties: ['applicant'],
    allows: asBuilder,
    obstacle: (project) => (project.stage === 'building' ? undefined : '只有建设中的项目可以报送变更。'),
  },
  acceptance: {
    procedure: 'acceptance',
    operationId: 'applyForAcceptance',
    title: '申请验收',
    outcome: 'submit',
    duties: ['applicant'],
    allows: asBuilder,
    obstacle: (project) => (project.stage === 'building' ? undefined : '项目不在建设阶段，不能申请验收。'),
  },
  handover: {
    procedure: 'handover',
    operationId: 'handOver',
    title: '交付使用',
    outcome: 'submit',
    duties: ['applicant'],
    allows: asBuilder,
    obstacle: (project) =>
      project.accepted_at === null ? '项目尚未通过验收，不能交付使用。' : project.handed_over_at !== null ? '项目已交付使用。' : undefined,
  },
  evaluation: {
    procedure: 'evaluation',
    operationId: 'openEvaluation',
    title: '启动绩效评价',
    outcome: 'open',
    duties: ['drc'],
    allows: (actor) => bears(actor, 'drc'),
    obstacle: (project) =>
      project.handed_over_at === null
        ? '项目尚未交付使用，不能启动绩效评价。'
        : project.evaluated_at !== null
          ? '绩效评价已完成。'
          : undefined,
  },
} as const satisfies Record<string, LifecycleAct>

export type LifecyclePath = keyof typeof lifecycleActs

/** What an actor may begin on a project now, for the buttons of its page: route names, and `edit`, `file-plan`. */
export function availableActs(actor: Actor, project: ProjectRow): string[] {
  const begun = Object.entries<LifecycleAct>(lifecycleActs)
    .filter(([, act]) => act.allows(actor, project) && act.duties.some((d) => actor.roles.has(d)) && act.obstacle(project) === undefined)
    .map(([path]) => path)
  return [...begun, ...otherActs(actor, project)]
}

function otherActs(actor: Actor, project: ProjectRow): string[] {
  const acts: [string, boolean][] = [
    ['edit', editProposal.allows(actor, project) && isEditable(project)],
    ['file-plan', opensCases(actor) && editProposal.allows(actor, project) && ['draft', 'filed', 'reviewed'].includes(project.stage)],
    ['declare-urgent', editProposal.allows(actor, project) && mayDeclareUrgent(project) && isEditable(project)],
    ['decide-urgency', bears(actor, 'big-data-center') && project.urgency === 'declared'],
    ['decide-scope', bears(actor, 'big-data-center') && project.submitted_at !== null],
    ['file-superior', editProposal.allows(actor, project) && needsSuperiorFiling(project) && project.superior_filed_at === null],
    ['receive-superior', bears(actor, 'big-data-center') && project.superior_filed_at !== null && project.superior_received_at === null],
    ['report-progress', actAsBuilder.allows(actor, project) && project.stage === 'building'],
    ['set-milestones', actAsBuilder.allows(actor, project) && project.stage === 'building'],
    ['request-payment', opensCases(actor) && actAsBuilder.allows(actor, project) && project.building_since !== null],
  ]
  return acts.filter(([, may]) => may).map(([act]) => act)
}

/** The first step of every procedure of a unit is its applicant's (申报单位). */
function opensCases(actor: Actor): boolean {
  return bears(actor, 'applicant')
}

/** Until the construction plan is argued the proposal may still be changed, but not while an office holds it. */
export function isEditable(project: ProjectRow): boolean {
  return project.editable && project.argued_at === null
}

/** A reason written in a draft is not yet before the center: declaring hands it in (第二十二条). */
export function mayDeclareUrgent(project: Pick<ProjectRow, 'urgency' | 'submitted_at'>): boolean {
  return project.urgency === 'none' || (project.urgency === 'declared' && project.submitted_at === null)
}

/** Coordinated by the state or the region and paid by it: both (第五条). */
export function needsSuperiorFiling(project: Pick<ProjectRow, 'superior_coordinated' | 'funding'>): boolean {
  return project.superior_coordinated && project.funding.includes('superior-finance')
}
