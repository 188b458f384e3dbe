/**
 * Who may do what (职责表), written by hand from the regulation and the requirements: for every operation of the published contract what
 * each duty gets on what its own organisation owns, on another organisation's, and on what waits for it. The runner asks the
 * running server for every cell. Nothing here is taken from the product; what the product declares about itself is never read.
 *
 * How to add a row for an operation:
 * 1. `open(…)` for what everybody on the network may read; `everybody(…)` for what every signed-in account may; `only(…)` for an act or a list
 *    that belongs to no one thing: the duties named do it, all others get 403.
 * 2. `on(thing, …)` for an act or a page of one thing (`{id}` in the path). Its cells: `own` (the actor's organisation owns it), `foreign`,
 *    `granted` (a case of it waits for the actor's duty), `author` (the office or person that made it), `any` (it belongs to no organisation).
 *    A cell for one state is `own/draft` and goes before `own`. In a cell, `may(does, refused)`: the first do it (2xx; or 409 and 422 where only
 *    the state or the body is wrong), the second may read it but not do this (403), and everybody else may not know that it exists (404).
 * 3. The third argument says whose duty it is and why, in a few words and with the article where there is one.
 * Outside the offices (`enterprise-agent`, `data-subject`) what is not open is not there: 404 wherever the path names a thing, also in a row of `only`, and 403 elsewhere.
 * A thing of a new kind is built in `authorization-matrix.world.ts`; a body that cannot be guessed from its schema is written in
 * `authorization-matrix.requests.ts`.
 */

export const roles = [
  ...(['applicant', 'user-unit', 'data-steward', 'secrecy-reviewer', 'department-head', 'district'] as const),
  ...(['big-data-center', 'drc', 'finance', 'audit', 'supervisor', 'vice-mayor', 'city-government'] as const),
  ...(['industry', 'public-security', 'tender-center', 'expert'] as const),
  ...(['enterprise', 'citizen'] as const),
  ...(['system-admin', 'security-admin', 'audit-admin'] as const),
] as const
/** People outside the offices, who hold no post but a relation: the agent of an enterprise (承建单位经办人), a citizen to the own person (本人). */
export const outsiders = ['enterprise-agent', 'data-subject'] as const
/** Those at posts, and those outside. */
export type Role = (typeof roles)[number] | (typeof outsiders)[number]

/** Kinds of things with their states, as the world builds them. */
export type Thing =
  | 'project'
  | 'case'
  | 'city-plan'
  | 'system'
  | 'resource'
  | 'amendment'
  | 'catalog-class'
  | 'library'
  | 'comparison-run'
  | 'comparison-finding'
  | 'quarantine-line'
  | 'problem'
  | 'withheld-record'
  | 'attachment'
  | 'token'
  | 'session'
  | 'organisation'
  | 'person'
  | 'post'
  | 'account'
  | 'pack'
  | 'failed-job'
  | 'export'
  | 'catalog-import'
  | 'delegation'
  | 'reorganisation'
  | 'proposal-draft'
  | 'office-hours'
  | 'card'
  | 'notice'
  | 'audit-event'
  | 'leaf'
  | 'verification'
  | 'archive'
  | 'relation'
  | 'enterprise'
  | 'supplier-contract'
  | 'supplier-report'
  | 'channel'
  | 'interface'
  | 'interface-address'
  | 'sharing-request'
  | 'sharing-grant'
  | 'subscription'

/** What a cell expects: who does it, who is refused (403), who comes too late (409); everybody else gets 404. */
export interface Cell {
  does: readonly Role[]
  refused: readonly Role[]
  late: readonly Role[]
}

type Relation = 'own' | 'foreign' | 'granted' | 'author' | 'any'
type CellKey = Relation | `${Relation}/${string}`

export type Duty =
  | { kind: 'open'; why: string }
  | { kind: 'only'; why: string; does: readonly Role[] }
  | { kind: 'on'; why: string; thing: Thing; cells: Partial<Record<CellKey, Cell>> }

const open = (why: string): Duty => ({ kind: 'open', why })
/** Everybody at a post. */
const everybody = (why: string): Duty => ({ kind: 'only', why, does: roles })
const agents = ['enterprise-agent'] as const satisfies Role[]
const dataSubject = ['data-subject'] as const satisfies Role[]
/** And people outside the offices too: what is their own account. */
const withOutsiders = [...roles, ...outsiders] as const satisfies readonly Role[]
const everybodyAndOutsiders = (why: string): Duty => ({ kind: 'only', why, does: withOutsiders })
const only = (does: readonly Role[], why: string): Duty => ({ kind: 'only', why, does })
const on = (thing: Thing, cells: Partial<Record<CellKey, Cell>>, why: string): Duty => ({ kind: 'on', why, thing, cells })
const may = (does: readonly Role[] = [], refused: readonly Role[] = []): Cell => ({
  does,
  refused: refused.filter((role) => !does.includes(role)),
  late: [],
})
/** Nothing waits any more: whoever may read it is told so. */
const tooLate = (late: readonly Role[]): Cell => ({ does: [], refused: [], late })

/** The posts that every department and district has. */
const staff = ['applicant', 'user-unit', 'data-steward', 'secrecy-reviewer', 'department-head', 'district'] as const satisfies Role[]
/** Offices that review, approve, pay, audit or supervise every project once it was handed in. */
const overseers = [
  'big-data-center',
  'drc',
  'finance',
  'audit',
  'supervisor',
  'vice-mayor',
  'city-government',
] as const satisfies readonly Role[]
const center = ['big-data-center'] as const satisfies Role[]
/** Hand things in for their unit. */
/** Who handles what a comparison found in the own office. */
const handlers = ['data-steward', 'user-unit', 'department-head'] as const satisfies Role[]
const applicants = ['applicant', 'district'] as const satisfies Role[]
/** Everybody who does business in the administration. Enterprises and citizens are no party to it, and the three administrators do none (三员分立). */
const officials = [...staff, ...overseers, 'industry', 'public-security', 'tender-center', 'expert'] as const satisfies readonly Role[]
const administrators = ['system-admin', 'security-admin', 'audit-admin'] as const satisfies readonly Role[]
const systemAdmin = ['system-admin'] as const satisfies Role[]
/** Look into the log: who keeps it, who audits business, who watches the keeper. */
const auditReaders = ['audit-admin', 'audit', 'security-admin'] as const satisfies Role[]
const securityAdmin = ['security-admin'] as const satisfies Role[]

const keepsQuarantine = (why: string) => on('quarantine-line', { own: may(['data-steward'], center), foreign: may([], center) }, why)

/** See every channel: who runs the exchange, who audits it; of its own department those who answer for data. */
const channelOverseers = ['big-data-center', 'audit'] as const satisfies Role[]
const channelReaders = [...channelOverseers, 'applicant', 'data-steward', 'district'] as const satisfies Role[]
const keepsChannel = (why: string) => on('channel', { own: may(center, channelReaders), foreign: may(center, channelOverseers) }, why)
const sendsByChannel = (why: string) =>
  on('channel', { own: may(['data-steward'], channelReaders), foreign: may([], channelOverseers) }, why)

/** See requests and grants: of both sides those who deal with data, of the rest who runs, audits and supervises the sharing. */
const sharingSides = ['applicant', 'user-unit', 'data-steward', 'department-head', 'district'] as const satisfies Role[]
const sharingReaders = [...sharingSides, 'big-data-center', 'audit', 'supervisor'] as const satisfies Role[]
/** The home office provides, the other one asks. A draft is the asking office's alone. */
const onSharingRequest = (does: { asks?: readonly Role[]; provides?: readonly Role[] }, why: string) =>
  on(
    'sharing-request',
    {
      'own/draft': may(),
      'foreign/draft': may(does.asks, sharingSides),
      own: may(does.provides, sharingReaders),
      foreign: may(does.asks, sharingReaders),
    },
    why,
  )
const readsSharingRequest = (why: string) =>
  on(
    'sharing-request',
    { 'own/draft': may(), 'foreign/draft': may(sharingSides), own: may(sharingReaders), foreign: may(sharingReaders) },
    why,
  )
const onSharingGrant = (does: { uses?: readonly Role[]; provides?: readonly Role[] }, why: string) =>
  on('sharing-grant', { own: may(does.provides, sharingReaders), foreign: may(does.uses, sharingReaders) }, why)

/** Receive by a subscription: the machine of the department that it was granted to; who sees the channels sees that there is one. */
const receives = on(
  'subscription',
  { own: may(['data-steward'], channelReaders), foreign: may([], channelOverseers) },
  '被授权单位的数据专员岗位的令牌接收，中心不代任何单位接收',
)

/** See every office's limits and cards (电子监察). */
const cardOverseers = ['supervisor', 'vice-mayor', 'audit'] as const satisfies Role[]

/** Who sees a card that waits for the applicants of an office, and who of them does more; without a doer everybody who sees it reads it. */
function cardCells(does?: { own?: readonly Role[]; any?: readonly Role[] }): Partial<Record<CellKey, Cell>> {
  const own = [...cardOverseers, ...center, 'applicant'] as const
  if (!does) return { own: may(own), foreign: may(cardOverseers) }
  const { own: holders = [], any = [] } = does
  return { own: may([...holders, ...any], own), foreign: may(any, cardOverseers) }
}

/** A project is its unit's alone until it is handed in; then the overseeing offices see it, and the trading centre from the tender on. */
const projectReaders = {
  'foreign/draft': may(),
  'foreign/submitted': may(overseers),
  own: may(officials),
  foreign: may([...overseers, 'tender-center']),
} as const

const readsProject = (why: string) => on('project', projectReaders, why)

/** An act on a project: `own` for duties of the unit itself, `any` for offices on every project they see. */
function actsOnProject(does: { own?: readonly Role[]; any?: readonly Role[] }, why: string): Duty {
  const { own = [], any = [] } = does
  return on(
    'project',
    {
      'foreign/draft': may(),
      'foreign/submitted': may(any, overseers),
      own: may([...own, ...any], officials),
      foreign: may(any, [...overseers, 'tender-center']),
    },
    why,
  )
}

/** Who sees a case: who sees what it is about, who began it, and whom a task of it waits for. */
const caseReaders = {
  // Before the countersigning has ordered it, a problem is the supervising offices' own.
  'own/countersign': overseers,
  // The city's plan belongs to no department; until it is approved the overseeing offices have it.
  'any/at-city': overseers,
  'foreign/at-tender': [...overseers, 'tender-center'],
  'foreign/accepting': [...overseers, 'tender-center'],
  'foreign/paying': [...overseers, 'tender-center'],
  own: officials,
  foreign: overseers,
} as const

const readsCase = (why: string) =>
  on(
    'case',
    {
      ...Object.fromEntries(Object.entries(caseReaders).map(([key, readers]) => [key, may(readers)])),
      granted: may(roles),
      author: may(roles),
    },
    why,
  )

function actsOnCase(why: string): Duty {
  const refused = Object.entries(caseReaders).map(([key, readers]) => [key, may([], readers)])
  return on(
    'case',
    {
      ...Object.fromEntries(refused),
      // Sent back, a paper is handed in again by its applicant; a problem that an office found itself, its finder may countersign.
      'author/returned': may(['applicant']),
      'author/countersign': may(center),
      ...{ 'author/ended': tooLate(roles), 'own/ended': tooLate(officials), 'foreign/ended': tooLate(overseers) },
      granted: may(roles),
      author: may([], roles),
    },
    why,
  )
}

/** What readers of a case do with it beside its tasks: who does it where; who reads it and does not is refused, and what is over comes too late. */
function asksOfCase(does: Partial<Record<CellKey, readonly Role[]>>, why: string): Duty {
  const readersOf = (key: string): readonly Role[] => {
    const [relation, state = ''] = key.split('/')
    if (relation === 'granted' || relation === 'author') return roles
    const known: Partial<Record<string, readonly Role[]>> = caseReaders
    return known[`${relation}/${state}`] ?? (relation === 'own' ? officials : overseers)
  }
  const keys = [...Object.keys(caseReaders), 'granted', 'author', ...Object.keys(does)] as CellKey[]
  const defaults = (key: CellKey) => does[key] ?? does[key.split('/')[0] as Relation] ?? []
  const over = { 'author/ended': tooLate(roles), 'own/ended': tooLate(officials), 'foreign/ended': tooLate(overseers) }
  return on('case', { ...over, ...Object.fromEntries(keys.map((key) => [key, may(defaults(key), readersOf(key))])) }, why)
}

/** Nothing of the kind waits in any case of the world: whoever reads the case is told so, everybody else learns nothing. */
const nothingInCase = (why: string) =>
  on(
    'case',
    {
      ...Object.fromEntries(Object.entries(caseReaders).map(([key, readers]) => [key, tooLate(readers)])),
      ...{ granted: tooLate(roles), author: tooLate(roles) },
    },
    why,
  )

/** Put cases under supervision (督办). */
const supervisors = ['supervisor', 'vice-mayor'] as const satisfies Role[]

/** Who keeps the register of systems for their unit. */
const registrars = ['applicant', 'district', 'data-steward', 'big-data-center'] as const satisfies Role[]
/** Public security sees every system too: it confirms their protection grades. */
const systemOverseers = [...overseers, 'public-security'] as const satisfies readonly Role[]
const readsSystem = (why: string) => on('system', { own: may(officials), foreign: may(systemOverseers) }, why)
const actsOnSystem = ({ own = [], any = [] }: { own?: readonly Role[]; any?: readonly Role[] }, why: string) =>
  on('system', { own: may([...own, ...any], officials), foreign: may(any, systemOverseers) }, why)

const compilers = ['data-steward', 'applicant', 'district'] as const satisfies Role[]
const ownImport = (why: string) => on('catalog-import', { author: may(compilers), own: may(), foreign: may() }, why)
const actsOnResource = (own: readonly Role[], why: string) =>
  on('resource', { own: may(own, officials), 'foreign/registered': may([], officials), foreign: may([], overseers) }, why)
const actsOnAmendment = (own: readonly Role[], why: string) =>
  on('amendment', { own: may(own, officials), foreign: may([], overseers) }, why)
const readsAmendment = (why: string) => on('amendment', { own: may(officials), foreign: may(overseers) }, why)
const readsWorkings = (why: string) =>
  on('resource', { own: may(officials), 'foreign/registered': may(overseers, officials), foreign: may(overseers) }, why)

/** Posts are the system administrator's; civil servants know who holds one, people of an enterprise those of their own. */
const onPost = (why: string) =>
  on(
    'post',
    {
      own: may(systemAdmin, [...officials, ...administrators, 'enterprise']),
      foreign: may(systemAdmin, [...officials, ...administrators]),
    },
    why,
  )

/** The supervising offices see every problem, the parties from the order on. */
const readsProblem = (why: string) =>
  on('problem', { 'own/proposed': may(overseers), 'own/returned': may(overseers), own: may(officials), foreign: may(overseers) }, why)
const actsOnProblem = (does: readonly Role[], why: string) =>
  on(
    'problem',
    {
      'own/proposed': may(does, overseers),
      'own/returned': may(does, overseers),
      own: may(does, officials),
      foreign: may(does, overseers),
    },
    why,
  )

const readsWithheld = (why: string) => on('withheld-record', { own: may(officials), foreign: may(overseers), author: may(overseers) }, why)

/** Parts of the contract that ask for nobody's duty stand first, then one block for each noun. */
export const duties: Readonly<Record<string, Duty>> = {
  // ---- 身份
  signIn: open('登录之前没有身份'),
  listDemoAccounts: open('演示环境公布演示账号'),
  signOut: everybodyAndOutsiders('本人退出'),
  getMe: everybodyAndOutsiders('本人信息'),
  switchPost: everybodyAndOutsiders('切换本人岗位'),
  changePassword: everybodyAndOutsiders('修改本人口令'),
  getPreferences: everybodyAndOutsiders('本人设置'),
  changePreferences: everybodyAndOutsiders('本人设置'),
  issueToken: everybody('签发本人令牌'),
  listTokens: everybody('本人令牌'),
  withdrawToken: on('token', { author: may(roles), foreign: may(securityAdmin) }, '撤销本人的令牌；安全管理员撤销任何人的'),
  getTokenChoices: everybody('签发令牌前选择权限范围'),
  finishSignIn: open('登录第二步，凭第一步给的凭据'),
  getSignInOptions: open('登录之前没有身份'),
  startOidcSignIn: open('登录之前没有身份'),
  signInByOidc: open('登录之前没有身份，凭统一身份认证的答复'),
  getOidcBinding: everybodyAndOutsiders('本人统一身份'),
  startOidcBinding: everybodyAndOutsiders('绑定本人统一身份'),
  bindOidc: everybodyAndOutsiders('绑定本人统一身份'),
  getOidcSignOut: everybodyAndOutsiders('本人退出'),
  setOidcBinding: on('account', { any: may(systemAdmin) }, '账号只有系统管理员可见'),
  listSessions: everybodyAndOutsiders('本人的登录；安全管理员看全部'),
  endSession: on('session', { author: may(withOutsiders), foreign: may(securityAdmin) }, '结束本人的登录；安全管理员结束任何人的'),
  endOtherSessions: everybodyAndOutsiders('结束本人其他登录'),
  getPasswordRules: everybodyAndOutsiders('修改口令前须知道规则'),
  getSecondFactor: everybodyAndOutsiders('本人动态口令'),
  beginSecondFactor: everybodyAndOutsiders('启用本人动态口令'),
  confirmSecondFactor: everybodyAndOutsiders('启用本人动态口令'),
  renewRecoveryCodes: everybodyAndOutsiders('本人恢复码'),
  removeSecondFactor: everybodyAndOutsiders('停用本人动态口令'),
  listSecondFactors: only(securityAdmin, '动态口令由安全管理员管理（三员分立）'),
  resetSecondFactor: on('account', { any: may(securityAdmin) }, '动态口令由安全管理员重置，系统管理员不得办理（三员分立）'),
  getSecuritySettings: only(['security-admin', 'audit-admin'], '安全策略由安全管理员制定，审计管理员查看（三员分立）'),
  changeSecuritySettings: only(securityAdmin, '安全策略由安全管理员制定，系统管理员不得办理（三员分立）'),
  listLockOuts: only(securityAdmin, '登录暂停由安全管理员管理'),
  unlockAccount: on('account', { any: may(securityAdmin) }, '登录暂停由安全管理员解除'),
  listDivisions: everybodyAndOutsiders('行政区划由国家公布'),
  getDivision: everybodyAndOutsiders('行政区划由国家公布'),
  listOrganisations: everybody('机构名录对登录人员公开'),
  getOrganisation: on('organisation', { any: may(roles) }, '机构名录对登录人员公开'),
  createOrganisation: only(systemAdmin, '机构由系统管理员维护'),
  renameOrganisation: on('organisation', { any: may(systemAdmin, roles) }, '机构由系统管理员维护'),
  listSuperiors: only(systemAdmin, '分管领导由系统管理员维护'),
  setSuperior: on('organisation', { any: may(systemAdmin, roles) }, '分管领导由系统管理员维护'),
  listReorganisations: only(['system-admin', 'audit-admin'], '组织调整由系统管理员办理，审计管理员可查'),
  listReorganisationMoves: on('reorganisation', { any: may(['system-admin', 'audit-admin']) }, '移交清单同组织调整'),
  previewReorganisation: only(systemAdmin, '组织调整由系统管理员办理'),
  orderReorganisation: only(systemAdmin, '组织调整由系统管理员办理'),
  cancelReorganisation: on('reorganisation', { any: may(systemAdmin, ['audit-admin']) }, '组织调整由系统管理员办理'),
  listFailedJobs: only(systemAdmin, '后台任务由系统管理员处理'),
  retryFailedJob: on('failed-job', { any: may(systemAdmin) }, '后台任务由系统管理员处理'),
  listPeople: only(systemAdmin, '人员由系统管理员维护'),
  createPerson: only(systemAdmin, '人员由系统管理员维护'),
  renamePerson: on('person', { any: may(systemAdmin) }, '人员档案只有系统管理员可见'),
  createPost: only(systemAdmin, '任职由系统管理员办理'),
  changePost: onPost('任职由系统管理员办理'),
  endPost: onPost('任职由系统管理员办理'),
  listPostDuties: onPost('职责由系统管理员管理'),
  grantDuty: onPost('职责由系统管理员授予'),
  endDuty: onPost('职责由系统管理员收回'),
  listDelegations: everybody('本人委托出去和接受的'),
  listDelegates: everybody('查可以委托的人；不在政务岗位的查不到'),
  createDelegation: only(officials, '政务人员委托本人岗位；管理员和企业、公众的岗位不得委托'),
  endDelegation: on('delegation', { author: may(roles), own: may(), foreign: may() }, '只有双方可以终止委托'),
  listRelations: only(
    [...applicants, 'big-data-center', 'public-security', 'audit', 'supervisor', 'system-admin'],
    '各单位看本单位授权的，授权部门看其授予的类别，监管部门和系统管理员看全部',
  ),
  listRelationKinds: only([...applicants, ...center, 'public-security'], '授予经办关系前选择类别'),
  grantRelation: only(
    [...applicants, ...center, 'public-security'],
    '建设单位就本单位的合同授权，市大数据中心就全部合同授权，公安机关当面核验后授予本人',
  ),
  endRelation: on(
    'relation',
    {
      // A citizen's is of no office: who verifies identities ends it, and the center does not know of it.
      'any/person': may(['public-security'], ['audit', 'supervisor', 'system-admin']),
      own: may([...applicants, ...center], ['audit', 'supervisor', 'system-admin']),
      foreign: may(center, ['audit', 'supervisor', 'system-admin']),
    },
    '经办关系由授权单位终止',
  ),
  openAccount: only(systemAdmin, '账号由系统管理员开通'),
  resetPassword: on('account', { any: may(systemAdmin) }, '账号只有系统管理员可见'),
  disableAccount: on('account', { any: may(systemAdmin) }, '账号只有系统管理员可见'),
  enableAccount: on('account', { any: may(systemAdmin) }, '账号只有系统管理员可见'),

  // ---- 制度
  listPolicyPacks: open('法规公开'),
  searchPolicyArticles: open('法规公开'),
  getPolicyPack: open('法规公开'),
  getPolicyArticle: open('法规公开'),
  getPolicyVocabulary: open('法规公开'),
  evaluatePolicy: everybodyAndOutsiders('试算不存任何内容'),
  getPolicyModes: everybody('提示与拦截对登录人员公开'),
  getPaper: everybody('文书格式对登录人员公开'),
  setPolicyModes: on('pack', { any: may(center, roles) }, '提示与拦截由市大数据中心设置；制度公开，故为 403'),

  // ---- 办件
  listTasks: everybody('本人的待办'),
  countTasks: everybody('本人的待办数量'),
  readProcedureStart: everybody('办事程序公开'),
  listSubjectCases: readsProject('看得到项目就看得到它的办件'),
  readCase: readsCase('看得到事项、本人发起或正等本岗位办理'),
  readCaseSubject: readsCase('办件的内容同办件'),
  actOnCase: actsOnCase('只有任务所等的岗位办理'),
  checkCaseAct: actsOnCase('预检同办理'),
  withdrawCase: on(
    'case',
    {
      ...Object.fromEntries(Object.entries(caseReaders).map(([key, readers]) => [key, tooLate(readers)])),
      ...{ granted: tooLate(roles), author: may(roles) },
    },
    '各人只撤回本人的提交；没有提交过的，没有可撤回的',
  ),
  listCaseParties: readsCase('可以选谁同办件'),
  listLeadingCases: readsCase('可以并入哪件同办件'),
  transferTask: actsOnCase('转办由任务所等的岗位'),
  entrustTask: actsOnCase('委托由任务所等的岗位'),
  takeBackTask: actsOnCase('收回委托由委托人'),
  returnTaskNotMine: actsOnCase('不属本单位由任务所等的岗位提出'),
  askCountersign: actsOnCase('加签由任务所等的岗位'),
  askExtension: actsOnCase('延期由任务所等的岗位申请'),
  askShelving: actsOnCase('挂账由任务所等的岗位申请'),
  endShelving: actsOnCase('恢复办理由任务所等的岗位'),
  pauseClock: actsOnCase('中止计时由任务所等的岗位'),
  resumeClock: actsOnCase('恢复计时由任务所等的岗位'),
  withdrawCountersign: nothingInCase('减签由加签人或其单位；世界里没有加签'),
  signCountersign: nothingInCase('加签意见由被加签人签署；世界里没有加签'),
  answerAsk: nothingInCase('申请由流程写明的职责答复；世界里没有申请'),
  replyToOversight: nothingInCase('督办由办理人回复；世界里没有督办'),
  liftOversight: nothingInCase('督办由督办人解除；世界里没有督办'),
  readCopy: nothingInCase('已阅由被抄送人标记；世界里没有抄送'),
  urgeTask: asksOfCase(
    {
      ...{ own: ['applicant', ...supervisors], 'own/secrecy': ['data-steward', ...supervisors], 'own/countersign': supervisors },
      ...{ 'own/sign-off': ['data-steward', ...supervisors] },
      ...{ foreign: supervisors, 'any/at-city': supervisors, 'granted/returned': ['applicant'], author: roles },
    },
    '催办由发起单位和督查、分管领导',
  ),
  overseeCase: asksOfCase(
    { own: supervisors, foreign: supervisors, 'any/at-city': supervisors },
    '督办由督查和分管领导（未规定，本地补充）',
  ),
  mergeCase: asksOfCase(
    { 'granted/at-center': center, 'own/returned': center, 'foreign/returned': center },
    '年度计划申报由市大数据中心并案（未规定，本地补充）',
  ),
  voidCase: asksOfCase(
    {
      ...{ own: ['applicant'], 'own/secrecy': ['data-steward', 'supervisor'], 'own/countersign': [] },
      ...{ 'own/at-center': ['applicant', 'supervisor'], 'own/returned': ['supervisor'] },
      ...{ 'own/sign-off': ['data-steward', 'supervisor'], 'foreign/sign-off': ['supervisor'] },
      ...{ 'foreign/at-center': ['supervisor'], 'foreign/returned': ['supervisor'], 'foreign/secrecy': ['supervisor'] },
      ...{ 'granted/returned': ['applicant'], author: roles },
    },
    '作废由发起单位在作出决定前；流程写明的由督查（未规定，本地补充）',
  ),
  copyCase: asksOfCase(
    {
      ...{ own: supervisors, foreign: supervisors, 'any/at-city': supervisors, granted: roles, author: roles },
      ...{ 'author/ended': roles, 'own/ended': supervisors, 'foreign/ended': supervisors },
    },
    '抄送由申请人、办理人和督办人',
  ),
  uploadAttachment: only([...roles, ...agents], '上传的材料在提交之前只有本人可见'),
  downloadAttachment: on(
    'attachment',
    {
      author: may([...roles, ...agents]),
      'own/loose': may(),
      'foreign/loose': may(),
      own: may(officials),
      foreign: may([...overseers, 'tender-center']),
    },
    '提交之前只有上传人，提交之后同办件',
  ),

  // ---- 时限、黄红牌、消息
  listOverseenTasks: only([...cardOverseers, ...center], '监察、分管领导和审计看全市，大数据中心看本单位'),
  readOversightFigures: only([...cardOverseers, ...center], '同电子监察清单'),
  rankOffices: only([...cardOverseers, ...center], '同电子监察清单'),
  listCards: everybody('只列看得到的黄红牌'),
  readCard: on('card', cardCells(), '承办岗位、监察、分管领导、审计看，大数据中心看本单位的'),
  explainCard: on('card', cardCells({ own: ['applicant'] }), '承办单位承担该职责的岗位说明理由'),
  reviewExplanation: on('card', cardCells({ any: ['supervisor'] }), '理由由监察岗位审核'),
  listNotices: everybodyAndOutsiders('本人的消息'),
  countUnreadNotices: everybodyAndOutsiders('本人的未读数'),
  readAllNotices: everybodyAndOutsiders('本人的消息'),
  readNotice: on('notice', { author: may(roles), own: may(), foreign: may() }, '消息只有收件人可见'),
  listHolidayNotices: everybody('时限按它计算，人人可查'),
  loadHolidayNotice: only(systemAdmin, '日历由系统管理员维护'),
  listOfficeHours: everybody('时限按它计算，人人可查'),
  enterOfficeHours: only(systemAdmin, '日历由系统管理员维护'),
  changeOfficeHours: on('office-hours', { any: may(systemAdmin, roles) }, '日历由系统管理员维护'),
  listRecomputedDeadlines: only([...cardOverseers, ...center], '监察、分管领导和审计看全市，大数据中心看本单位'),
  readRecomputation: only([...cardOverseers, ...center, ...systemAdmin], '同电子监察；系统管理员只看件数，导入日历后据以核对'),
  search: everybody('各类事项按各自的查看范围搜索'),
  startExport: everybodyAndOutsiders('导出看得到的列表；列表本身再问一次'),
  listExports: everybodyAndOutsiders('本人的导出'),
  readExport: on('export', { author: may(withOutsiders), own: may(), foreign: may() }, '导出只有本人在当时的岗位可见'),
  cancelExport: on('export', { author: may(withOutsiders), own: may(), foreign: may() }, '导出只有本人在当时的岗位可见'),
  downloadExport: on('export', { author: may(withOutsiders), own: may(), foreign: may() }, '导出只有本人在当时的岗位可见'),

  // ---- 项目
  listProjects: only(officials, '各单位看本单位的，监管部门看已申报的'),
  createProposal: only(applicants, '申报岗位申报（第五、十一条）'),
  checkUnsavedProposal: only(applicants, '申报岗位边填边查'),
  listProposalDrafts: only(applicants, '本人的草稿'),
  beginProposalDraft: only(applicants, '申报岗位起草'),
  readProposalDraft: on('proposal-draft', { author: may(applicants), own: may(), foreign: may() }, '草稿只有起草人可见'),
  saveProposalDraft: on('proposal-draft', { author: may(applicants), own: may(), foreign: may() }, '草稿只有起草人可见'),
  discardProposalDraft: on('proposal-draft', { author: may(applicants), own: may(), foreign: may() }, '草稿只有起草人可见'),
  readProject: readsProject('草稿归申报单位，申报后监管部门可看，招标后交易中心可看'),
  checkProjectAct: readsProject('预检同查看'),
  readProjectTrail: readsProject('操作记录同查看'),
  changeProposal: actsOnProject({ own: applicants }, '申报单位的申报岗位修改'),
  declareUrgent: actsOnProject({ own: applicants }, '申报单位申报紧急项目（第二十二条）'),
  fileSuperior: actsOnProject({ own: applicants }, '申报单位报送备案（第五条）'),
  decideUrgency: actsOnProject({ any: center }, '市大数据中心认定紧急项目（第二十二条）'),
  decideScope: actsOnProject({ any: center }, '市大数据中心认定是否属于政务信息系统（第二条）'),
  receiveSuperior: actsOnProject({ any: center }, '市大数据中心接收备案（第五条）'),
  filePlanEntry: actsOnProject({ own: ['applicant'] }, '申报单位的申报岗位报送（第五条）'),
  submitConstructionPlan: actsOnProject({ own: ['applicant'] }, '建设单位报送建设方案（第十一条）'),
  applyForEstablishment: actsOnProject({ own: ['applicant'] }, '建设单位报送（第十二条）'),
  startTender: actsOnProject({ own: ['applicant'] }, '建设单位招标（第十三条）'),
  fileProjectChange: actsOnProject({ own: ['applicant'] }, '建设单位报送变更'),
  applyForAcceptance: actsOnProject({ own: ['applicant'] }, '建设单位负责验收（第十三条）'),
  handOver: actsOnProject({ own: ['applicant'] }, '建设单位移交（第十三条）'),
  requestPayment: actsOnProject({ own: ['applicant'] }, '建设单位申请支付'),
  scheduleFunding: actsOnProject({ any: ['finance'] }, '市财政局安排资金（第七条）'),
  openEvaluation: actsOnProject({ any: ['drc'] }, '市发改委启动绩效评价（第十八条）'),
  setMilestones: actsOnProject({ own: applicants }, '建设单位填报'),
  reachMilestone: actsOnProject({ own: applicants }, '建设单位填报'),
  reportProgress: actsOnProject({ own: applicants }, '建设单位填报'),

  // ---- 企业和承建单位
  listEnterprises: only(officials, '企业名录供政务人员查用'),
  registerEnterprise: only([...applicants, ...center], '登记合同的单位和市大数据中心登记企业'),
  readEnterprise: on('enterprise', { any: may(officials) }, '企业名录供政务人员查用；合同随项目可见'),
  identifyEnterprise: on('enterprise', { any: may(center, officials) }, '代码由市大数据中心补登'),
  listSupplierContracts: only([...agents, 'enterprise'], '经办人看本企业的合同；没有经办关系的看到空清单'),
  readSupplierContract: on('supplier-contract', { own: may(agents), foreign: may() }, '经办人只看本企业的合同'),
  submitSupplierReport: on('supplier-contract', { own: may(agents), foreign: may() }, '经办人就本企业的合同报送材料'),
  listSupplierReports: only(officials, '看得到项目就看得到承建单位报送的材料'),
  decideSupplierReport: on(
    'supplier-report',
    { author: may(), own: may(applicants, officials), foreign: may([], [...overseers, 'tender-center']) },
    '建设单位审核承建单位报送的材料（第十三条）',
  ),

  // ---- 领导一页
  readOverview: only(['vice-mayor', 'city-government', 'big-data-center'], '分管领导、市政府和市大数据中心看全市情况'),

  // ---- 年度计划
  listPlanEntries: only([...overseers, 'applicant', 'district', 'user-unit'], '各单位看本单位的，监管部门看全部（第五、六条）'),
  listCityPlans: only([...overseers, 'applicant', 'district', 'user-unit'], '批准后各单位可看（第六条）'),
  readCityPlan: on(
    'city-plan',
    { 'any/compiling': may(overseers), 'any/approved': may([...overseers, 'applicant', 'district', 'user-unit']) },
    '批准之前只有编制、审查、审批和监督的部门可看（第六条）',
  ),
  compileCityPlan: only(center, '市大数据中心统筹编制（第六条）'),
  changeCityPlan: on(
    'city-plan',
    { 'any/compiling': may(center, overseers), 'any/approved': may(center, [...overseers, 'applicant', 'district', 'user-unit']) },
    '市大数据中心统筹编制（第六条）',
  ),
  submitCityPlan: on(
    'city-plan',
    { 'any/compiling': may(center, overseers), 'any/approved': may(center, [...overseers, 'applicant', 'district', 'user-unit']) },
    '市大数据中心提请联合审查（第六条）',
  ),

  // ---- 信息系统
  listSystems: everybody('清单只列看得到的'),
  registerSystem: only(registrars, '所属单位登记（第十四条）'),
  getSystem: readsSystem('所属单位、使用单位和监管部门'),
  listSystemAnswers: readsSystem('核实记录同查看'),
  getSystemTrail: readsSystem('办理记录同查看'),
  describeSystem: actsOnSystem({ own: registrars }, '所属单位修改'),
  changeSystemStatus: actsOnSystem({ own: registrars }, '所属单位变更状态'),
  requestSystemConfirmation: actsOnSystem({ own: registrars }, '所属单位申请确认'),
  answerSystemFacts: actsOnSystem({ any: center }, '市大数据中心核实（第四条）'),
  returnSystemConfirmation: actsOnSystem({ any: center }, '市大数据中心退回'),
  recordSystemProtection: actsOnSystem({ own: registrars, any: ['public-security'] }, '所属单位申报，公安机关确认（第十七条）'),

  // ---- 资源目录
  listResources: everybody('清单只列看得到的'),
  listDeclaredResources: readsProject('同查看项目'),
  searchCatalog: everybody('只查找看得到的'),
  listSharingBases: everybody('不予共享依据公开'),
  listCatalogClasses: everybody('分类目录供编制和查阅'),
  addCatalogClass: only(center, '分类由市大数据中心统一管理（第十五条）'),
  changeCatalogClass: on('catalog-class', { any: may(center, roles) }, '分类由市大数据中心统一管理（第十五条）'),
  exportCatalog: everybody('文件只含看得到的目录'),
  downloadCatalogTemplate: everybody('空白模板'),
  uploadCatalogImport: only(compilers, '各部门编制（第十五条）'),
  listCatalogImports: only(compilers, '只列本人在当前岗位的导入'),
  readCatalogImport: ownImport('导入只有本人在当时的岗位可见'),
  listCatalogImportLines: ownImport('核对结果同导入'),
  downloadMarkedCatalog: ownImport('标注后的文件同导入'),
  recheckCatalogImport: ownImport('上传人重新核对'),
  commitCatalogImport: ownImport('上传人确认'),
  discardCatalogImport: ownImport('上传人放弃'),
  validateCatalog: everybody('只校验，不保存'),
  draftResource: only(compilers, '各部门编制（第十五条）'),
  getResource: on(
    'resource',
    { own: may(officials), 'foreign/registered': may(officials), foreign: may(overseers) },
    '登记后政务人员可看，之前只有所属单位和监管部门（第十五条）',
  ),
  listResourceVersions: readsWorkings('编制过程只供所属单位和监管部门'),
  // What was never handed in has no versions to compare.
  compareResourceVersions: on(
    'resource',
    {
      'own/draft': tooLate(officials),
      'foreign/draft': tooLate(overseers),
      own: may(officials),
      'foreign/registered': may(overseers, officials),
      foreign: may(overseers),
    },
    '编制过程只供所属单位和监管部门',
  ),
  getResourceTrail: readsWorkings('编制过程只供所属单位和监管部门'),
  changeResource: actsOnResource(compilers, '所属单位修改'),
  submitResource: actsOnResource(['data-steward'], '所属单位的数据专员提交（第十五条）'),

  // ---- 基础库
  listResourcePacks: everybody('资源包公开在本市各部门'),
  introduceResource: only(compilers, '各部门编制（第十五条），从资源包引入草稿'),
  listLibraries: only([...center, 'data-steward'], '市大数据中心建库，提供方的数据专员看本单位的'),
  retryInstallation: on(
    'library',
    { own: may(center, ['data-steward']), foreign: may(center) },
    '市大数据中心建库（乌海政发〔2012〕17号第八条）',
  ),
  queryRecords: on(
    'library',
    { own: may([...center, 'data-steward']), foreign: may(center) },
    '提供方的数据专员看本单位的全部，市大数据中心看脱敏的',
  ),
  aggregateRecords: on('library', { own: may([...center, 'data-steward']), foreign: may(center) }, '统计同查询'),
  listComparisons: only([...center, ...handlers], '市大数据中心和被核对数据的提供单位'),
  startComparison: only([...center, 'data-steward'], '市大数据中心或者提供单位的数据专员发起'),
  listComparisonRuns: only([...center, ...handlers], '市大数据中心，核查单位看本单位的'),
  getComparisonRun: on('comparison-run', { own: may([...center, ...handlers]), foreign: may(center) }, '核查单位看本单位的'),
  stopComparison: on(
    'comparison-run',
    {
      'own/running': may([...center, 'data-steward'], ['user-unit', 'department-head']),
      'foreign/running': may(center),
      'own/done': { does: [], refused: ['user-unit', 'department-head'], late: [...center, 'data-steward'] },
      'foreign/done': tooLate(center),
    },
    '发起比对的职责可以停止',
  ),
  dispatchComparison: on(
    'comparison-run',
    {
      'own/done': may(center, handlers),
      'foreign/done': may(center),
      'own/running': { does: [], refused: handlers, late: center },
      'foreign/running': tooLate(center),
    },
    '比对结果由市大数据中心转办',
  ),
  listComparisonFindings: only([...center, ...handlers], '市大数据中心，办理单位看本单位的'),
  getComparisonFinding: on('comparison-finding', { own: may([...center, ...handlers]), foreign: may(center) }, '办理单位看本单位的'),
  readFindingRecords: on('comparison-finding', { own: may([...center, ...handlers]), foreign: may(center) }, '办理所需的记录同结果'),
  searchPersonLooks: only(['audit', 'audit-admin'], '审计人员代当事人查谁查阅过'),
  listOwnLooks: only(dataSubject, '本人查谁查阅过自己的数据；岗位不是任何人的本人'),
  listReceivedBatches: on('library', { own: may([...center, 'data-steward']), foreign: may(center) }, '回执给提供方和市大数据中心'),
  listQuarantine: only([...center, 'data-steward'], '市大数据中心看全部，提供方的数据专员看本单位的'),
  groupQuarantine: only([...center, 'data-steward'], '同清单'),
  getQuarantineLine: on('quarantine-line', { own: may([...center, 'data-steward']), foreign: may(center) }, '同清单'),
  lookAtQuarantineLine: on('quarantine-line', { own: may([...center, 'data-steward']), foreign: may(center) }, '内容按字段权限给'),
  judgeCorrection: keepsQuarantine('提供方的数据专员更正前校验'),
  correctQuarantineLine: keepsQuarantine('提供方的数据专员更正（谁提供、谁负责）'),
  discardQuarantineLine: keepsQuarantine('提供方的数据专员作废（谁提供、谁负责）'),
  openCatalogChange: actsOnResource(compilers, '所属单位变更已登记的目录'),
  openCatalogWithdrawal: actsOnResource(['data-steward'], '所属单位的数据专员申请撤销'),
  listResourceDuties: everybody('清单只列看得到的（第十四条）'),
  listUnsharedResources: everybody('清单只列看得到的（第十五条）'),
  listCatalogAmendments: everybody('清单只列看得到的'),
  getCatalogAmendment: readsAmendment('变更和撤销只供所属单位和监管部门'),
  getCatalogAmendmentTrail: readsAmendment('办理记录同查看'),
  editCatalogChange: actsOnAmendment(compilers, '所属单位编制变更'),
  editCatalogWithdrawal: actsOnAmendment(['data-steward'], '数据专员修改申请'),
  submitCatalogAmendment: actsOnAmendment(['data-steward'], '所属单位的数据专员提交'),
  abandonCatalogAmendment: on(
    'amendment',
    { 'own/withdrawal': may(['data-steward'], officials), own: may(compilers, officials), foreign: may([], overseers) },
    '由编制的单位撤回',
  ),

  // ---- 审计
  listAuditEvents: only(auditReaders, '审计管理员看全部，审计局看业务，安全管理员看对日志的操作'),
  getAuditEvent: on(
    'audit-event',
    {
      'any/business': may(['audit-admin', 'audit']),
      'any/platform': may(['audit-admin']),
      'any/of-the-log': may(['audit-admin', 'security-admin']),
    },
    '同清单；日志的存在本身不告知他人',
  ),
  listAuditActions: only(auditReaders, '目录同清单'),
  readAuditStatistics: only(auditReaders, '统计同清单'),
  listOwnAuditEvents: everybody('每个人看本人的操作记录'),
  readAuditChain: only(auditReaders, '能看日志的可以看其是否完整'),
  listAuditHeads: only(auditReaders, '能看日志的可以保存链头'),
  takeAuditHead: only(auditReaders, '能看日志的可以保存链头'),
  startAuditVerification: only(['audit-admin', 'security-admin'], '审计管理员校验，安全管理员监督其校验'),
  readAuditVerification: on('verification', { any: may(auditReaders) }, '校验结果同日志链'),
  readAuditRetention: only(auditReaders, '能看日志的可以看其保存多久'),
  listAuditSigningKeys: only(auditReaders, '能看日志的可以取得公钥，另处核验归档包'),
  setAuditRetention: only(['audit-admin'], '审计管理员设置（网络安全法第二十一条）'),
  listAuditArchives: only(auditReaders, '能看日志的可以看已归档的'),
  archiveAuditEvents: only(['audit-admin'], '审计管理员归档，移除由运行服务器的人员另行办理'),
  downloadAuditPackage: on('archive', { any: may(['audit-admin'], auditReaders) }, '归档包交审计管理员'),
  stopAuditVerification: on('verification', { any: may(['audit-admin'], auditReaders) }, '审计管理员停止校验'),

  // ---- 存证
  readEventReceipt: on(
    'audit-event',
    {
      'any/business': may(['audit-admin', 'audit']),
      'any/platform': may(['audit-admin']),
      'any/of-the-log': may(['audit-admin', 'security-admin']),
    },
    '能看记录的可以取凭证；本人的记录另由本人取，他人不知其存在',
  ),
  readLeafReceipt: on('leaf', { any: may(auditReaders) }, '批次的凭证只给能看日志的'),
  readEvidenceStatus: only(auditReaders, '能看日志的可以看存证状态'),
  listEvidenceLeaves: only(auditReaders, '能看日志的可以看存证批次'),
  listEvidenceHeads: only(auditReaders, '能看日志的可以保存签名头'),
  takeEvidenceHead: only(auditReaders, '能看日志的可以保存签名头'),
  readEvidenceConsistency: only(auditReaders, '能看日志的可以核对所持的签名头'),

  // ---- 数据交换
  listChannels: only(
    ['applicant', 'data-steward', 'district', 'big-data-center', 'audit'],
    '提供单位看本单位的，市大数据中心和审计局看全部',
  ),
  createChannel: only(center, '市大数据中心建立通道'),
  getChannel: on('channel', { own: may(channelReaders), foreign: may(channelOverseers) }, '提供单位、市大数据中心和审计局'),
  getChannelTrail: on('channel', { own: may(channelReaders), foreign: may(channelOverseers) }, '办理记录同查看'),
  listChannelBatches: on('channel', { own: may(channelReaders), foreign: may(channelOverseers) }, '同查看'),
  listReconciliations: on('channel', { own: may(channelReaders), foreign: may(channelOverseers) }, '同查看'),
  listReconciliationDifferences: on('channel', { own: may(channelReaders), foreign: may(channelOverseers) }, '同查看'),
  lookAtReconciliationDifferences: on(
    'channel',
    { own: may(['data-steward', 'big-data-center'], channelReaders), foreign: may(center, channelOverseers) },
    '主键同记录：只给提供单位的数据专员和市大数据中心',
  ),
  beginReconciliation: sendsByChannel('只有报送的单位自己对账，中心只作答'),
  askReconciliation: sendsByChannel('只有报送的单位自己对账，中心只作答'),
  endReconciliation: sendsByChannel('只有报送的单位自己对账，中心只作答'),
  readChannelMonitor: only(channelOverseers, '市大数据中心值守，审计局查看'),
  changeChannelState: keepsChannel('市大数据中心停用、恢复'),
  registerChannelKey: keepsChannel('市大数据中心登记公钥'),
  withdrawChannelKey: keepsChannel('市大数据中心撤销公钥'),
  claimChannelLane: sendsByChannel('数据专员岗位的令牌代本单位发送，中心不代任何单位发送'),
  sendChannelBatch: sendsByChannel('数据专员岗位的令牌代本单位发送，中心不代任何单位发送'),

  // ---- 接口转接
  listInterfaces: only(['data-steward', 'big-data-center', 'audit'], '提供方的数据专员看本单位的，市大数据中心和审计局看全部'),
  getInterface: on('interface', { own: may(['data-steward', ...channelOverseers]), foreign: may(channelOverseers) }, '同清单'),
  registerInterface: on(
    'interface',
    { own: may(['data-steward'], channelOverseers), foreign: may([], channelOverseers) },
    '提供方的数据专员登记（谁提供、谁负责）',
  ),
  decideInterface: on(
    'interface',
    { own: may(center, ['data-steward', 'audit']), foreign: may(center, ['audit']) },
    '市大数据中心核准（第十六条）',
  ),
  changeInterfaceState: on(
    'interface',
    { own: may(['data-steward', ...center], ['audit']), foreign: may(center, ['audit']) },
    '提供方和市大数据中心都可以停用',
  ),
  listInterfaceAddresses: only(['security-admin', 'big-data-center', 'audit'], '安全管理员管理，市大数据中心据以核准'),
  permitInterfaceAddress: only(['security-admin'], '允许连接的地址由安全管理员登记'),
  withdrawInterfaceAddress: on('interface-address', { any: may(['security-admin'], channelOverseers) }, '允许连接的地址由安全管理员撤销'),

  // ---- 共享申请与授权
  getSharingOffer: on(
    'resource',
    { 'own/registered': may(sharingReaders), 'foreign/registered': may(sharingReaders), own: may(), foreign: may() },
    '已登记的目录供各部门申请（第十五条）',
  ),
  listSharingRequests: only(sharingReaders, '供需对接清单只列看得到的（第十五条）'),
  draftSharingRequest: only(compilers, '各部门申请其他部门的数据（第十五条）'),
  getSharingRequest: readsSharingRequest('提交前只有申请单位，提交后双方和监管部门'),
  getSharingRequestTrail: readsSharingRequest('办理记录同查看'),
  editSharingRequest: onSharingRequest({ asks: compilers }, '申请单位修改'),
  submitSharingRequest: onSharingRequest({ asks: ['data-steward'] }, '申请单位的数据专员提交'),
  abandonSharingRequest: onSharingRequest({ asks: compilers }, '申请单位撤回'),
  proposeSharingDecision: onSharingRequest({ provides: ['data-steward'] }, '提供方的数据专员决定，申请单位不得自行决定'),
  disputeSharingDecision: onSharingRequest({ asks: ['data-steward'] }, '申请单位的数据专员提出争议'),
  listSharingGrants: only(sharingReaders, '授权清单只列看得到的'),
  getSharingGrant: on('sharing-grant', { own: may(sharingReaders), foreign: may(sharingReaders) }, '双方和监管部门'),
  getSharingGrantTrail: on('sharing-grant', { own: may(sharingReaders), foreign: may(sharingReaders) }, '办理记录同查看'),
  changeSharingGrant: onSharingGrant(
    { provides: ['data-steward', 'big-data-center'] },
    '提供方的数据专员或市大数据中心暂停、恢复、收回，使用单位不得自行办理',
  ),
  renewSharingGrant: onSharingGrant({ uses: compilers }, '使用单位申请续期'),
  listSubscriptions: only(
    ['applicant', 'data-steward', 'district', 'big-data-center', 'audit'],
    '接收单位、提供单位看与本单位有关的，市大数据中心和审计局看全部',
  ),
  openFeed: receives,
  loadFeed: receives,
  readFeed: receives,

  // ---- 监督整改
  listProblems: everybody('清单只列看得到的'),
  proposeProblem: only(center, '市大数据中心提出（第二十条）'),
  getProblem: readsProblem('下达之前只有监管部门，下达之后建设单位和用户单位'),
  getProblemTrail: readsProblem('办理记录同查看'),
  changeProblem: actsOnProblem(center, '市大数据中心修改退回的问题（第二十条）'),
  orderPaymentHold: actsOnProblem(['big-data-center', 'drc'], '市大数据中心或市发改委决定暂缓支付（第二十条）'),
  listWithheldRecords: everybody('清单只列看得到的'),
  recordWithheld: only(['supervisor', 'big-data-center', 'audit'], '评价、审计、监督部门记录（第十八条）'),
  getWithheldRecord: readsWithheld('当事单位和监管部门'),
  getWithheldRecordTrail: readsWithheld('办理记录同查看'),
  replyToWithheldRecord: on(
    'withheld-record',
    { own: may(applicants, officials), foreign: may([], overseers), author: may([], overseers) },
    '建设单位说明（第十八条）',
  ),
  revokeWithheldRecord: on(
    'withheld-record',
    { own: may([], officials), foreign: may([], overseers), author: may(center) },
    '作出记录的机关撤销（第十八条）',
  ),
}

/** What an account that must change its password first may do all the same. */
export const withPasswordToChange: readonly string[] = ['signOut', 'getMe', 'changePassword', 'getPasswordRules']

/** Operations of which no cell ends in success, each with its reason; every other one must succeed for somebody. */
export const neverDone: Readonly<Record<string, string>> = {
  archiveAuditEvents: '世界里的日志都未满保存期限，没有可归档的',
  startAuditVerification: '世界里有一次校验正在进行',
  cancelExport: '世界里的列表都短，当场导出完毕，没有可停止的',
  queryRecords: '世界里没有库表的属主，未建库；records.test.ts 逐一查过',
  aggregateRecords: '世界里没有库表的属主，未建库；records.test.ts 逐一查过',
  startComparison: '世界里没有建库，没有可比对的数据；comparison.test.ts 逐一办过',
  correctQuarantineLine: '世界的服务不写基础库；quarantine.test.ts 逐一办过',
  beginReconciliation: '世界里没有前置程序的私钥；exchange.test.ts 逐一办过',
  askReconciliation: '世界里没有前置程序的私钥；exchange.test.ts 逐一办过',
  endReconciliation: '世界里没有前置程序的私钥；exchange.test.ts 逐一办过',
  sendChannelBatch: '世界的服务不写基础库；exchange.test.ts 逐一办过',
  finishSignIn: '凭第一步的凭据，世界里没有人停在两步之间',
  confirmSecondFactor: '要算出动态口令，世界里没有身份验证器',
  renewRecoveryCodes: '要算出动态口令，世界里没有身份验证器',
  removeSecondFactor: '要算出动态口令，世界里没有身份验证器',
  resetSecondFactor: '世界里没有人启用动态口令，可以办理的只被告知无须重置',
  startOidcSignIn: '世界没有接入统一身份认证',
  signInByOidc: '世界没有接入统一身份认证',
  startOidcBinding: '世界没有接入统一身份认证',
  bindOidc: '世界没有接入统一身份认证',
  setOidcBinding: '世界没有接入统一身份认证',
  ...Object.fromEntries(
    [
      'entrustTask',
      'takeBackTask',
      'askExtension',
      'endShelving',
      'pauseClock',
      'resumeClock',
      'withdrawCountersign',
      'signCountersign',
      'answerAsk',
    ].map((id) => [id, '世界里没有先办的委托、加签、申请和时限；cases-verbs.test.ts 逐一办过']),
  ),
  ...Object.fromEntries(
    ['returnTaskNotMine', 'replyToOversight', 'liftOversight', 'readCopy', 'mergeCase'].map((id) => [
      id,
      '世界里没有先办的转办、督办、抄送和另一件；cases-verbs.test.ts 逐一办过',
    ]),
  ),
}
