import type { Operation } from '@tongchou/kernel'
import { auditActions } from '../actions.ts'

/** What actions are called and where they belong (审计事件目录): the catalogue, and the operations under whose id refusals stand. */
export interface ActionTitles {
  title(action: string): string
  module(action: string): string | undefined
  /** The kind of thing that a refused operation was asked of, by its address; undefined for others. */
  kind(action: string): string | undefined
  /** Ids of all actions of these modules. */
  actionsOf(modules: readonly string[]): string[]
  all(): { action: string; title: string; module: string }[]
}

/** Administration of the platform; what is not of these is business. */
export const platformModules: readonly string[] = ['identity', 'audit', 'attestation', 'kernel', 'jobs']

const modulesByTag: Readonly<Record<string, string>> = { plans: 'projects' }

const kindsByPlace: Readonly<Record<string, string>> = {
  projects: 'project',
  cases: 'case',
  'city-plans': 'city-plan',
  systems: 'system',
  'catalog/resources': 'catalog-entry',
  'catalog/imports': 'catalog-import',
  'catalog/classes': 'catalog-class',
  'catalog/amendments': 'catalog-amendment',
  'comparison-runs': 'comparison-run',
  interfaces: 'interface',
  'interface-addresses': 'interface-address',
  'comparison-findings': 'comparison-finding',
  'supervision/problems': 'problem',
  'supervision/withheld-records': 'withheld-record',
  attachments: 'attachment',
  organisations: 'organisation',
  people: 'person',
  posts: 'post',
  accounts: 'account',
  tokens: 'token',
  exports: 'export',
}

/** Titles by the operations that are registered, however late. */
export function actionTitles(operations: ReadonlyMap<string, Operation>): ActionTitles {
  const moduleOf = (action: string) => {
    const tag = operations.get(action)?.tag
    return auditActions.get(action)?.module ?? (tag === undefined ? undefined : (modulesByTag[tag] ?? tag))
  }
  const title = (action: string) => auditActions.get(action)?.title ?? operations.get(action)?.summary ?? action
  const all = () =>
    [...auditActions.keys(), ...operations.keys()].map((action) => ({ action, title: title(action), module: moduleOf(action) ?? '' }))
  return {
    title,
    module: moduleOf,
    kind: (action) =>
      kindsByPlace[/^\/api\/v1\/((?:catalog\/|supervision\/)?[a-z-]+)\/:id/.exec(operations.get(action)?.url ?? '')?.[1] ?? ''],
    all,
    actionsOf: (modules) => all().flatMap(({ action, module }) => (modules.includes(module) ? [action] : [])),
  }
}

/** Modules as an auditor calls them. */
export const moduleNames: Readonly<Record<string, string>> = {
  identity: '组织账号',
  kernel: '平台',
  jobs: '后台任务',
  policy: '制度',
  projects: '项目',
  cases: '办件',
  catalog: '资源目录',
  systems: '信息系统',
  supervision: '监督整改',
  exports: '导出',
  notices: '消息',
  search: '查找',
  overview: '领导一页',
  audit: '审计',
  attestation: '存证',
  interfaces: '接口转接',
}

/** Kinds of things as an auditor calls them. */
export const kindNames: Readonly<Record<string, string>> = {
  project: '项目',
  case: '办件',
  attachment: '材料',
  'city-plan': '全市年度计划',
  'plan-entry': '年度计划申报',
  payment: '支付',
  system: '信息系统',
  'catalog-entry': '资源目录',
  'catalog-class': '信息资源分类',
  'catalog-change': '目录变更',
  'catalog-withdrawal': '目录撤销',
  'catalog-amendment': '目录变更和撤销',
  catalog: '资源目录',
  'catalog-import': '目录导入',
  'comparison-run': '比对任务',
  interface: '部门接口',
  'interface-address': '接口允许地址',
  'comparison-finding': '比对结果',
  'finding-check': '比对结果核查处理',
  'data-correction': '数据校核',
  problem: '问题整改',
  'withheld-record': '拒绝、隐匿、瞒报记录',
  organisation: '机构',
  person: '人员',
  post: '岗位',
  account: '账号',
  token: '访问令牌',
  session: '登录',
  'policy-pack': '制度包',
  card: '黄红牌',
  delegation: '委托代理',
  reorganisation: '组织调整',
  'proposal-draft': '项目草稿',
  'security-settings': '安全设置',
  'second-factor': '动态口令',
  'lock-out': '登录暂停',
  'office-hours': '工作时间',
  export: '导出',
  job: '后台任务',
  audit: '审计日志',
  'audit-event': '审计日志记录',
  receipt: '存证凭证',
  'leaf-receipt': '批次存证凭证',
  evidence: '存证',
  request: '请求',
}
