// SPDX-License-Identifier: Apache-2.0
import type { CaseSummary, PlanEntry, Project, Stage } from './project-api.ts'

/** A case of the project, and what it is about when that is not the project itself. */
export type ProjectCase = CaseSummary & { subjectKind: 'project' | 'plan-entry' | 'payment'; subjectId: string }

/** Everything that was begun on a project. */
export interface ProjectCases {
  entries: readonly PlanEntry[]
  /** When the city approved the plan that lists the project. */
  listedAt: string | null
  cases: readonly ProjectCase[]
}

/** Who has it now, since when and until when. */
export interface Holding {
  step: string
  organisation: string
  sinceAt: string
  dueAt: string | null
  overdue: boolean
}

/** One stage of a project's life (建设程序的一个阶段). */
export interface LifeStage {
  id: string
  title: string
  article: string
  state: 'done' | 'active' | 'ahead' | 'stopped'
  /** When it was done. */
  doneAt: string | null
  holdings: readonly Holding[]
  /** Cases of this stage, newest last. */
  cases: readonly ProjectCase[]
  /** One short line when there is neither a date nor a holder. */
  note: string | null
}

const order: readonly Stage[] = [
  'draft',
  'filed',
  'reviewed',
  'listed',
  'argued',
  'established',
  'tendering',
  'building',
  'in-acceptance',
  'accepted',
  'in-operation',
  'evaluated',
]

/** Whether the project has come at least as far as a stage. */
export function hasReached(project: Pick<Project, 'stage'>, stage: Stage): boolean {
  return order.indexOf(project.stage) >= order.indexOf(stage)
}

interface StageRule {
  id: string
  title: string
  article: string
  procedures: readonly string[]
  doneAt: (project: Project, own: readonly ProjectCase[]) => string | null
  isDone: (project: Project, own: readonly ProjectCase[]) => boolean
  note: (project: Project, all: ProjectCases) => string | null
}

const ended = (own: readonly ProjectCase[]) => own.findLast((one) => one.status === 'done')?.endedAt ?? null

/** The ten stages of 乌海 2023, in the order of its chapters. Establishment and funding have no order between them. */
const rules: readonly StageRule[] = [
  {
    id: 'plan',
    title: '年度计划',
    article: 'WH23-5',
    procedures: ['plan-entry'],
    doneAt: () => null,
    isDone: (_project) => false,
    note: (project, { entries }) => planNote(project, entries),
  },
  {
    id: 'construction-plan',
    title: '建设方案论证',
    article: 'WH23-11',
    procedures: ['construction-plan'],
    doneAt: (project) => project.arguedAt,
    isDone: (project) => project.arguedAt !== null,
    note: () => null,
  },
  {
    id: 'establishment',
    title: '立项',
    article: 'WH23-12',
    procedures: ['establishment'],
    doneAt: (project) => project.establishedAt,
    isDone: (project) => project.establishedAt !== null,
    note: () => null,
  },
  {
    id: 'funding',
    title: '资金',
    article: 'WH23-7',
    procedures: ['funding'],
    doneAt: (project) => project.fundedAt,
    isDone: (project) => project.fundedAt !== null,
    note: () => null,
  },
  {
    id: 'tender',
    title: '招标',
    article: 'WH23-12',
    procedures: ['tender'],
    doneAt: (_project, own) => ended(own),
    isDone: (project) => project.contracts.length > 0,
    note: () => null,
  },
  {
    id: 'building',
    title: '建设',
    article: 'WH23-13',
    procedures: ['project-change'],
    doneAt: (project) => project.acceptedAt,
    isDone: (project) => project.acceptedAt !== null,
    note: (project) => buildingNote(project),
  },
  {
    id: 'acceptance',
    title: '验收',
    article: 'WH23-15',
    procedures: ['acceptance'],
    doneAt: (project) => project.acceptedAt,
    isDone: (project) => project.acceptedAt !== null,
    note: () => null,
  },
  {
    id: 'handover',
    title: '交付',
    article: 'WH23-13',
    procedures: ['handover'],
    doneAt: (project) => project.handedOverAt,
    isDone: (project) => project.handedOverAt !== null,
    note: () => null,
  },
  {
    id: 'payment',
    title: '支付',
    article: 'WH23-20',
    procedures: ['payment'],
    doneAt: (_project, own) => ended(own),
    isDone: (project) => project.money.contractedFen > 0 && project.money.paidFen >= project.money.contractedFen,
    note: (project) => paymentNote(project),
  },
  {
    id: 'evaluation',
    title: '绩效评价',
    article: 'WH23-18',
    procedures: ['evaluation'],
    doneAt: (project) => project.evaluation?.concludedAt ?? null,
    isDone: (project) => (project.evaluation?.concludedAt ?? null) !== null,
    note: () => null,
  },
]

/** Where the project is (项目办理进度): each stage with its date or its holders. */
export function lifeStages(project: Project, all: ProjectCases): LifeStage[] {
  return rules.map((rule) => {
    const own = all.cases.filter((one) => rule.procedures.includes(one.procedure))
    const running = own.filter((one) => one.status === 'running')
    const isDone = rule.id === 'plan' ? hasListed(project, all.entries) : rule.isDone(project, own)
    return {
      id: rule.id,
      title: rule.title,
      article: rule.article,
      state: stateOf(rule, project, isDone, running, own),
      doneAt: isDone ? (rule.id === 'plan' ? all.listedAt : rule.doneAt(project, own)) : null,
      holdings: running.flatMap((one) => one.holders.map(holdingOf)),
      cases: own,
      note: rule.note(project, all),
    }
  })
}

function stateOf(
  rule: StageRule,
  project: Project,
  isDone: boolean,
  running: readonly ProjectCase[],
  own: readonly ProjectCase[],
): LifeStage['state'] {
  if (running.length > 0) return 'active'
  if (isDone) return 'done'
  if (rule.id === 'building' && project.stage === 'building') return 'active'
  if (rule.id === 'payment' && project.money.paidFen > 0) return 'active'
  if (rule.id === 'plan' && own.length > 0 && own.every((one) => one.status === 'done')) return 'active'
  const last = own.at(-1)
  return last && last.status !== 'done' ? 'stopped' : 'ahead'
}

function holdingOf(holder: CaseSummary['holders'][number]): Holding {
  return { step: holder.title, organisation: holder.orgName, sinceAt: holder.sinceAt, dueAt: holder.dueAt, overdue: holder.overdue }
}

function hasListed(project: Project, entries: readonly PlanEntry[]): boolean {
  return entries.length === 0
    ? hasReached(project, 'listed') && project.stage !== 'argued'
    : entries.some((entry) => entry.state === 'listed')
}

function planNote(project: Project, entries: readonly PlanEntry[]): string | null {
  const listed = entries.find((entry) => entry.state === 'listed')
  if (listed) return `列入${listed.year}年度计划`
  const reviewed = entries.find((entry) => entry.state === 'reviewed')
  if (reviewed) return reviewed.cityPlanId === null ? '初审通过，待统筹编制' : '已纳入全市计划，待批准'
  return project.submittedAt === null ? '尚未报送' : null
}

function buildingNote(project: Project): string | null {
  const percent = project.progressReports.reduce((most, report) => Math.max(most, report.percent), 0)
  const late = project.milestones.filter((one) => one.doneOn === null).length
  if (project.contracts.length === 0) return null
  return `进度 ${percent}%${late > 0 ? `，未完成里程碑 ${late} 个` : ''}`
}

function paymentNote(project: Project): string | null {
  const terms = project.contracts.flatMap((contract) => contract.terms)
  if (terms.length === 0) return null
  const paid = terms.filter((term) => term.payment?.state === 'released').length
  return `已付 ${paid} 期，共 ${terms.length} 期${project.money.held ? '；暂缓支付' : ''}`
}

/** Acts of the rules that come next on a project, with the words the page uses. */
export function nextChecks(project: Project): { act: string; title: string }[] {
  const checks: { act: string; title: string; when: boolean }[] = [
    { act: 'plan.file', title: '报送年度计划', when: ['draft', 'filed'].includes(project.stage) && project.arguedAt === null },
    { act: 'project.apply', title: '报送建设方案', when: project.arguedAt === null && hasReached(project, 'filed') },
    { act: 'project.establish', title: '立项', when: project.arguedAt !== null && project.establishedAt === null },
    { act: 'funding.schedule', title: '安排资金', when: project.arguedAt !== null && project.fundedAt === null },
    { act: 'project.tender', title: '招标采购', when: project.establishedAt !== null && project.contracts.length === 0 },
    { act: 'project.accept', title: '验收', when: project.stage === 'building' || project.stage === 'in-acceptance' },
    { act: 'project.handover', title: '交付使用', when: project.acceptedAt !== null && project.handedOverAt === null },
    {
      act: 'payment.release',
      title: '支付',
      when: project.contracts.some((contract) => contract.terms.some((term) => term.payment?.state !== 'released')),
    },
  ]
  return checks.filter((one) => one.when).map(({ act, title }) => ({ act, title }))
}
