import type { DemoOrganisation } from './organisations.ts'
import { DEMO_SEED, type Draw, drawFrom } from './random.ts'

/** A post of a person: where, as what, with which duties. */
export interface DemoPost {
  orgId: string
  title: string
  duties: string[]
}

/** A person of the demo city with an account that is ready to use (演示账号). The first post is the current one. */
export interface DemoPerson {
  username: string
  password: string
  name: string
  posts: [DemoPost, ...DemoPost[]]
}

/** A person outside the offices who acts for an enterprise (承建单位经办人), with an account that is ready to use. */
export interface DemoAgent {
  username: string
  password: string
  name: string
  enterpriseId: string
}

/** A citizen who is related to themselves (本人), with an account that is ready to use. The number belongs to nobody. */
export interface DemoCitizen {
  username: string
  password: string
  name: string
  identifier: string
}

/** The published password of every demo account. It opens nothing outside demo mode. */
export const DEMO_PASSWORD = 'Tongchou-demo-2026'

type OfficeRow = [username: string, orgId: string, title: string, ...duties: string[]]

/** People of the offices that a measure gives a duty to. A duty stands only in the organisation that bears it. */
const offices: OfficeRow[] = [
  ['bdc-director', 'big-data-center', '主任', 'big-data-center'],
  ['bdc-planner', 'big-data-center', '规划科科长', 'big-data-center'],
  ['bdc-reviewer', 'big-data-center', '项目科科长', 'big-data-center'],
  ['bdc-engineer', 'big-data-center', '项目科工程师', 'big-data-center'],
  ['bdc-catalog', 'big-data-center', '数据资源科科长', 'big-data-center'],
  ['bdc-supervision', 'big-data-center', '监督考评科科长', 'big-data-center'],
  ['drc-director', 'drc', '副主任', 'drc'],
  ['drc-reviewer', 'drc', '高技术科科长', 'drc'],
  ['drc-officer', 'drc', '投资科四级调研员', 'drc'],
  ['finance-director', 'finance', '副局长', 'finance'],
  ['finance-budget', 'finance', '预算科科长', 'finance'],
  ['finance-treasury', 'finance', '国库科科长', 'finance'],
  ['audit-officer', 'audit', '电子数据审计科科长', 'audit'],
  ['audit-auditor', 'audit', '固定资产投资审计科审计师', 'audit'],
  ['industry-officer', 'industry-information', '信息化推进科科长', 'industry'],
  ['police-netsec', 'public-security', '网络安全保卫支队副支队长', 'public-security'],
  ['police-officer', 'public-security', '网络安全保卫支队民警', 'public-security'],
  ['vice-mayor', 'city-government', '副市长', 'vice-mayor'],
  ['mayor-office', 'city-government', '市政府副秘书长', 'city-government'],
  ['government-secretary', 'city-government', '市政府常务会议秘书', 'city-government'],
  ['tender-manager', 'tender-center', '政府采购交易科科长', 'tender-center'],
  ['tender-officer', 'tender-center', '交易见证员', 'tender-center'],
  ['supervisor', 'supervision-office', '督查专员', 'supervisor'],
  ['supervisor-deputy', 'supervision-office', '督查科科长', 'supervisor'],
  ['staffing-officer', 'staffing-office', '事业机构编制科科长', 'user-unit'],
  // The three administrators exclude each other and bear no business duty.
  ['system-admin', 'big-data-center', '系统管理员', 'system-admin'],
  ['security-admin', 'big-data-center', '安全管理员', 'security-admin'],
  ['audit-admin', 'big-data-center', '审计管理员', 'audit-admin'],
]

/** Citizens: two of the synthetic population whose records the departments hold, one of them of a household on assistance. */
const citizenRows: [username: string, name: string, identifier: string][] = [
  ['citizen-a', '熊珍守', '150304196502120005'],
  ['citizen-b', '程知涵', '150302199008170008'],
]

const expertFields = ['总体架构', '网络与安全', '数据资源', '软件工程', '地理信息', '工程造价', '财务', '标准规范', '业务协同']

/** Five posts in every department: who applies, who answers for it, who keeps the data, who reviews secrecy, who uses the system. */
const departmentPosts: [suffix: string, title: string, duty: string][] = [
  ['clerk', '信息化专员', 'applicant'],
  ['head', '办公室主任', 'applicant'],
  ['data', '数据专员', 'data-steward'],
  ['secrecy', '保密办主任', 'secrecy-reviewer'],
  ['user', '业务科科长', 'user-unit'],
]

/** Who signs for a department (部门负责人): dealt after everybody else, so that who was there before keeps their name. */
const departmentHead: [suffix: string, title: string, duty: string] = ['leader', '部门负责人', 'department-head']

/** Second posts: the account keeps one person and switches the post. */
const secondPosts: [username: string, DemoPost][] = [
  ['vocational-college-head', { orgId: 'expert-pool', title: '专家（数据资源）', duties: ['expert'] }],
  ['central-hospital-user', { orgId: 'health', title: '卫生信息化专班成员', duties: ['user-unit'] }],
  [
    'haibowan-government-services-head',
    { orgId: 'haibowan-district', title: '区数字政府建设专班负责人', duties: ['district', 'applicant'] },
  ],
  ['bdc-engineer', { orgId: 'wuda-government-services', title: '副局长（挂职）', duties: ['applicant'] }],
]

/** Who acts for which enterprise. */
const agentsOf: [username: string, enterpriseId: string][] = [
  ['shuyun-agent', 'contractor-shuyun'],
  ['hetao-agent', 'contractor-hetao'],
]

const staffedKinds = ['city-department', 'big-data-center', 'district', 'public-body']

/** Everybody in the demo city: names are drawn and belong to nobody. */
export function demoPeople(organisations: readonly DemoOrganisation[]): {
  people: DemoPerson[]
  agents: DemoAgent[]
  citizens: DemoCitizen[]
} {
  const names = nameDrawer(drawFrom(DEMO_SEED))
  const person = (username: string, orgId: string, title: string, duties: string[]): DemoPerson => {
    const post = { orgId, title, duties }
    const others = secondPosts.flatMap(([who, second]) => (who === username ? [second] : []))
    return { username, password: DEMO_PASSWORD, name: names(), posts: [post, ...others] }
  }
  const officials = offices.map(([username, orgId, title, ...duties]) => person(username, orgId, title, duties))
  const citizens = citizenRows.map(([username, name, identifier]) => {
    // Dealt and laid aside: who comes after them keeps their name.
    names()
    return { username, password: DEMO_PASSWORD, name, identifier }
  })
  const people = [
    ...officials,
    ...expertFields.map((field, index) => person(`expert-${index + 1}`, 'expert-pool', `专家（${field}）`, ['expert'])),
    ...organisations
      .filter(({ kind }) => staffedKinds.includes(kind))
      .flatMap(({ id, kind }) =>
        departmentPosts.map(([suffix, title, duty]) =>
          person(`${id}-${suffix}`, id, title, duty === 'applicant' ? applying(kind, id) : [duty]),
        ),
      ),
    ...organisations
      .filter(({ kind }) => staffedKinds.includes(kind))
      .map(({ id }) => person(`${id}-${departmentHead[0]}`, id, departmentHead[1], [departmentHead[2]])),
  ]
  const agents = agentsOf.map(([username, enterpriseId]) => ({ username, password: DEMO_PASSWORD, name: names(), enterpriseId }))
  return { people, agents, citizens }
}

// A district's government hands in as the district and applies like any department; so do its bureaus (WH23-23).
function applying(kind: DemoOrganisation['kind'], id: string): string[] {
  return kind === 'district' && id.endsWith('-district') ? ['district', 'applicant'] : ['applicant']
}

/** Who answers for an office when it is late: its own leader where one is named, else its head; above the leaders' offices the vice-mayor. */
export function superiorUsername(orgId: string): string {
  const leaders: Readonly<Record<string, string>> = {
    'big-data-center': 'bdc-director',
    drc: 'drc-director',
    finance: 'finance-director',
    'public-security': 'police-netsec',
    'supervision-office': 'supervisor',
    'city-government': 'vice-mayor',
    'expert-pool': 'bdc-director',
  }
  return leaders[orgId] ?? `${orgId}-head`
}

const surnames =
  '王李张刘陈杨赵黄周吴徐孙马朱胡郭何高林郑谢罗梁宋唐许韩冯邓曹彭曾萧田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤'
const givenNames =
  '建国 志强 晓燕 海涛 文博 丽娟 雪梅 国栋 思远 明哲 佳宁 雨桐 子轩 欣怡 浩然 春生 玉兰 永胜 秀英 俊杰 晨曦 立新 红梅 宏伟 静怡 振华 慧敏 少峰 凤霞 天佑 泽宇 若琳 承志 素芬 家豪 美玲 学军 亚楠 庆丰 淑珍 云飞 婉清 长河 月华 向东 晓峰 彩霞 德胜 书瑶 铁柱'.split(
    ' ',
  )
const mongolianNames =
  '巴特尔 乌云其其格 苏日娜 阿拉坦 其木格 呼和 萨仁 娜仁托娅 那日苏 乌兰 格日勒图 宝音 斯琴 哈斯 额尔德尼 通拉嘎 朝鲁 塔娜 布和 孟根'.split(
    ' ',
  )

// Every person has another name, so that a tester knows who acted; each tenth or so has a Mongolian one until they are used up.
function nameDrawer(draw: Draw): () => string {
  const mongolian = draw.shuffle(mongolianNames)
  const taken = new Set<string>()
  let given: string[] = []
  return () => {
    const name = draw.integer(10) === 0 ? mongolian.pop() : undefined
    if (name) return name
    for (;;) {
      // Given names are dealt like cards, so that the same one does not come up again and again.
      if (given.length === 0) given = draw.shuffle(givenNames)
      const drawn = draw.pick([...surnames]) + given.pop()
      if (taken.has(drawn)) continue
      taken.add(drawn)
      return drawn
    }
  }
}
