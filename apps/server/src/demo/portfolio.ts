import type { DemoCity } from './city.ts'
import { type DemoMoney, demoMoney } from './demo-money.ts'
import { type DemoResource, demoResources } from './demo-resources.ts'
import { departmentProjects } from './department-projects.ts'
import type { DemoOrganisation } from './organisations.ts'
import {
  type DemoTarget,
  demoTargets,
  type ProjectDeliverable,
  type ProjectFunding,
  type ProjectKind,
  type ProjectReach,
  type ProjectSeed,
} from './project-seed.ts'
import { DEMO_SEED, type Draw, drawFrom } from './random.ts'
import { wuhai2010Projects } from './wuhai-2010-projects.ts'

/** A problem of article 20 (第二十条) found at a project, and how far its rectification has come. */
export interface DemoProblem {
  /** One of the six kinds, 1 to 6 in the order of the article. */
  clause: 1 | 2 | 3 | 4 | 5 | 6
  finding: string
  requirement: string
  /** open: within its time limit; failed: the limit has passed; cured: done and accepted. */
  outcome: 'open' | 'failed' | 'cured'
}

/** A project of the demo city (演示项目) with everything that the acts of its life need, up to its target state. */
export interface DemoProject extends DemoMoney {
  key: string
  portfolio: 'wuhai-2010' | 'departments'
  target: DemoTarget
  /** The annual plan it belongs to; the entry is filed in the autumn before. */
  planYear: number
  name: string
  kind: ProjectKind
  ownerOrgId: string
  builder: 'big-data-center' | 'department' | 'district'
  builderOrgId: string
  userUnitOrgId: string
  reach: ProjectReach
  deliverables: ProjectDeliverable[]
  funding: ProjectFunding[]
  superiorCoordinated: boolean
  appStage: 'none' | 'new' | 'in-build' | 'built'
  /** Null where there is no app that would need one. */
  standardInterface: boolean | null
  plannedDeployment: 'gov-cloud' | 'own' | 'other'
  summary: string
  planBasis: string
  necessity: string
  responsiblePerson: string
  systems: { name: string; functions: string; protectionGrade: 2 | 3 }[]
  resources: DemoResource[]
  noDataReason: string
  milestones: { title: string; afterDays: number }[]
  /** Percentages of the progress reports in order. */
  progress: number[]
  /** How many terms of each contract are paid. */
  paidTermCount: number
  tenderNoticeNumber: string
  returnReason?: string
  problem?: DemoProblem
  evaluation?: { selfReport: string; score: number; conclusion: string }
}

/** The year being planned where the present is not given (年度计划的最后一年). */
const LAST_PLAN_YEAR = 2027

/**
 * The whole portfolio, the same on every call with the same seed: first what WH10 names, then the projects of the departments.
 * @param lastPlanYear the year that is being planned at the present; the other plans are those of the three years before it
 */
export function demoPortfolio(city: DemoCity, seed = DEMO_SEED, lastPlanYear = LAST_PLAN_YEAR): DemoProject[] {
  const draw = drawFrom(seed)
  const rows = [...wuhai2010Projects, ...departmentProjects]
  const targets = spreadTargets(rows, draw)
  const deal = problemDealer(draw)
  return rows.map((row, index) => {
    const target = targets[index]
    if (!target) throw new RangeError(`项目“${row.subject}”没有分配办理阶段`)
    const is2010 = index < wuhai2010Projects.length
    return project(row, { city, draw, deal, target, lastPlanYear, serial: index + 1, portfolio: is2010 ? 'wuhai-2010' : 'departments' })
  })
}

// How many projects stand at each state; what is left over is being built.
const quotas: [target: DemoTarget, count: number][] = [
  ['drafting', 2],
  ['plan-filed', 6],
  ['plan-returned', 5],
  ['plan-reviewed', 8],
  ['listed', 7],
  ['under-argument', 6],
  ['argued', 5],
  ['establishing', 5],
  ['established', 5],
  ['funded', 5],
  ['tendering', 5],
  ['contracted', 5],
  ['catalog-pending', 5],
  ['in-acceptance', 5],
  ['under-rectification', 4],
  ['payment-held', 2],
  ['accepted', 5],
  ['handed-over', 4],
  ['paid', 4],
  ['under-evaluation', 3],
  ['evaluated', 3],
]
const supervised: readonly DemoTarget[] = ['under-rectification', 'payment-held']

function spreadTargets(rows: readonly ProjectSeed[], draw: Draw): DemoTarget[] {
  const open = draw.shuffle(quotas.flatMap(([target, count]) => Array<DemoTarget>(count).fill(target)))
  return rows.map((seed) => {
    if (seed.target) return seed.target
    // The center supervises builders (第二十条), so what it builds itself is not a case for its own rectification notice.
    const byCenter = seed.builder === 'big-data-center' || seed.owner === 'big-data-center'
    const at = open.findIndex((target) => !(byCenter && supervised.includes(target)))
    return (at < 0 ? undefined : open.splice(at, 1)[0]) ?? 'building'
  })
}

interface Making {
  city: DemoCity
  draw: Draw
  deal: ProblemDealer
  target: DemoTarget
  lastPlanYear: number
  serial: number
  portfolio: DemoProject['portfolio']
}

function project(seed: ProjectSeed, { city, draw, deal, target, lastPlanYear, serial, portfolio }: Making): DemoProject {
  const owner = organisation(city, seed.owner)
  const builder = builderOf(seed, owner)
  const builderOrgId = builder === 'big-data-center' ? 'big-data-center' : owner.id
  const reach = seed.reach ?? 'single-department'
  const deliverables = seed.deliverables ?? ['business-system']
  const appStage = seed.appStage ?? 'none'
  const resources = demoResources(seed.resources, owner.name)
  const planYear = lastPlanYear - plannedYearsAgo(target)
  const isField = owner.kind === 'district' || deliverables.includes('egov-network')
  return {
    ...demoMoney(draw, { kind: seed.kind, scale: seed.scale, isField, year: planYear, serial }),
    key: `${portfolio}-${String(serial).padStart(3, '0')}`,
    portfolio,
    target,
    planYear,
    name: seed.name ?? nameOf(seed, planYear),
    kind: seed.kind,
    ownerOrgId: owner.id,
    builder,
    builderOrgId,
    userUnitOrgId: seed.userUnit ?? owner.id,
    reach,
    deliverables,
    funding: seed.funding ?? [owner.kind === 'district' ? 'district-finance' : 'city-finance'],
    superiorCoordinated: seed.superiorCoordinated ?? false,
    appStage,
    standardInterface: appStage === 'none' ? null : appStage !== 'new',
    plannedDeployment: seed.deployment ?? 'gov-cloud',
    summary: summaryOf(seed, owner),
    planBasis: seed.planBasis ?? '全市智慧城市总体规划设计方案；本单位信息化规划',
    necessity: builder === 'department' && reach === 'single-department' ? necessityOf(seed, owner) : '',
    responsiblePerson: headOf(city, builderOrgId),
    systems: systemsOf(seed, resources),
    resources,
    noDataReason: seed.noDataReason ?? '',
    milestones: milestonesOf(seed.kind),
    progress: progressOf(target, draw),
    paidTermCount: paidTerms[target] ?? 0,
    tenderNoticeNumber: `WHGGZY-${planYear}-${String(serial).padStart(4, '0')}`,
    ...stopsOf(target, seed, builder, { draw, deal, serial }),
  }
}

function organisation(city: DemoCity, id: string): DemoOrganisation {
  const found = city.organisations.find((candidate) => candidate.id === id)
  if (!found) throw new RangeError(`演示机构中没有${id}`)
  return found
}

function headOf(city: DemoCity, orgId: string): string {
  const head = city.people.find(({ username }) => username === `${orgId}-head`)
  if (!head) throw new RangeError(`演示人员中没有${orgId}的负责人`)
  return head.name
}

function builderOf(seed: ProjectSeed, owner: DemoOrganisation): DemoProject['builder'] {
  if (seed.builder || owner.kind === 'big-data-center') return 'big-data-center'
  return owner.kind === 'district' ? 'district' : 'department'
}

// The calendar of the city: what is planned for next year is filed this autumn, what is finished was planned three years before that.
function plannedYearsAgo(target: DemoTarget): number {
  const at = demoTargets.indexOf(target)
  if (at < demoTargets.indexOf('listed')) return 0
  if (at <= demoTargets.indexOf('tendering')) return 1
  if (at <= demoTargets.indexOf('in-acceptance') || supervised.includes(target)) return 2
  return 3
}

function nameOf({ kind, subject }: ProjectSeed, planYear: number): string {
  switch (kind) {
    case 'new':
      return /(采集|补点|延伸|设施|改造|站点|感知|数字化)$/.test(subject) ? `${subject}项目` : `${subject}建设项目`
    case 'expansion':
      return /(扩容|数字化)$/.test(subject) ? `${subject}项目` : `${subject}升级改造项目`
    case 'continuation':
      return `${subject}续建项目`
    case 'operation':
      return `${subject}${planYear}年度运行维护项目`
    case 'purchase':
      return subject.endsWith('服务') ? `${subject}采购项目` : `${subject}服务采购项目`
  }
}

function summaryOf(seed: ProjectSeed, owner: DemoOrganisation): string {
  const platform = seed.deployment === 'own' ? '' : '系统部署在市政务云计算中心，接入城市大脑平台，预留标准化数据接口。'
  return `${owner.name}提出建设“${seed.subject}”。建设内容：${seed.functions}。${platform}`
}

function necessityOf({ subject }: ProjectSeed, owner: DemoOrganisation): string {
  return `“${subject}”只办理${owner.shortName}职责范围内的业务，数据由本单位产生和管理，现有共享系统不具备该项功能，确需单独建设。与其他部门的数据往来通过市数据资源共享交换平台，不另建通道。`
}

function systemsOf(seed: ProjectSeed, resources: readonly DemoResource[]): DemoProject['systems'] {
  const hasPersonalData = resources.some(({ shareType }) => shareType === 'conditional')
  return [{ name: seed.subject, functions: seed.functions, protectionGrade: hasPersonalData || seed.scale === 'l' ? 3 : 2 }]
}

function milestonesOf(kind: ProjectKind): DemoProject['milestones'] {
  if (kind === 'operation' || kind === 'purchase')
    return [
      { title: '服务启动', afterDays: 15 },
      { title: '中期考核', afterDays: 180 },
      { title: '年度考核', afterDays: 350 },
    ]
  return [
    { title: '需求确认', afterDays: 30 },
    { title: '详细设计评审', afterDays: 75 },
    { title: '初步验收', afterDays: 180 },
    { title: '试运行结束', afterDays: 270 },
    { title: '终验', afterDays: 300 },
  ]
}

const paidTerms: Partial<Record<DemoTarget, number>> = {
  building: 1,
  'catalog-pending': 2,
  'in-acceptance': 2,
  accepted: 2,
  'handed-over': 3,
  paid: 4,
  'under-evaluation': 4,
  evaluated: 4,
  'under-rectification': 1,
  'payment-held': 1,
}

function progressOf(target: DemoTarget, draw: Draw): number[] {
  const at = demoTargets.indexOf(target)
  if (at < demoTargets.indexOf('building')) return []
  const first = 10 + draw.integer(20)
  const second = first + 15 + draw.integer(20)
  if (target === 'building' || supervised.includes(target)) return draw.integer(2) === 0 ? [first] : [first, second]
  return [first, second, 100]
}

const returnReasons = [
  '未说明与已建系统的关系，请补充可复用的共享能力后重新报送',
  '运维经费测算缺少依据，请按近两年实际支出补充说明',
  '数据资源未列明信息项和更新周期，请补充后重新报送',
  '建设内容与上年度已批复项目部分重复，请核减或说明差异',
  '资金来源中自有收入部分未附证明材料，请补正',
]

const problems: Omit<DemoProblem, 'outcome'>[] = [
  { clause: 1, finding: '实际建设内容超出批复范围，增加的模块未履行变更手续', requirement: '停止超范围建设，补办变更手续或恢复到批复内容' },
  { clause: 2, finding: '测试环境部署在本单位机房，未迁入市政务云计算中心', requirement: '将全部环境迁入市政务云计算中心，并报送迁移记录' },
  { clause: 3, finding: '未按要求接入城市大脑综合管理平台', requirement: '完成接入并提供接口联调记录' },
  { clause: 4, finding: '已编目的数据资源连续两个月没有更新共享', requirement: '恢复按更新周期共享，并补齐缺少的数据' },
  { clause: 5, finding: '未开展等级保护测评，弱口令账号未清理', requirement: '清理弱口令账号，完成测评并报送报告' },
  { clause: 6, finding: '项目档案缺少监理日志和变更记录', requirement: '补齐项目档案，由监理单位签字确认' },
]

type ProblemDealer = () => Omit<DemoProblem, 'outcome'>

/** Deals the six kinds like cards, so that each of them is found somewhere. */
function problemDealer(draw: Draw): ProblemDealer {
  let left: ReturnType<ProblemDealer>[] = []
  return () => {
    if (left.length === 0) left = draw.shuffle(problems)
    return left.pop() ?? draw.pick(problems)
  }
}

const conclusions: [least: number, text: string][] = [
  [90, '建设目标全部实现，使用率高，数据按期共享，评价为优。'],
  [80, '建设目标基本实现，运行稳定，评价为良。'],
  [0, '能够满足基本业务需要，使用频率偏低，应当整合推广，评价为中。'],
]

/** What a project carries because of where it stopped: the reason of a return, a problem, an evaluation. */
function stopsOf(
  target: DemoTarget,
  { subject }: ProjectSeed,
  builder: DemoProject['builder'],
  { draw, deal, serial }: Pick<Making, 'draw' | 'deal' | 'serial'>,
): Pick<DemoProject, 'returnReason' | 'problem' | 'evaluation'> {
  const score = 72 + draw.integer(26)
  const conclusion = conclusions.find(([least]) => score >= least)?.[1] ?? ''
  const evaluation = { selfReport: `“${subject}”按批复内容建成，运行满一年，主要业务已在线办理，数据资源已登记共享。`, score, conclusion }
  switch (target) {
    case 'plan-returned':
      return { returnReason: draw.pick(returnReasons) }
    case 'under-rectification':
      return { problem: { ...deal(), outcome: draw.integer(3) === 0 ? 'failed' : 'open' } }
    case 'payment-held':
      return { problem: { ...deal(), outcome: 'failed' } }
    case 'accepted':
    case 'handed-over':
      return builder !== 'big-data-center' && serial % 2 === 0 ? { problem: { ...deal(), outcome: 'cured' } } : {}
    case 'under-evaluation':
    case 'evaluated':
      return { evaluation }
    default:
      return {}
  }
}
