import { beginAct, decide, declareNotSecret, handIn, isRefused, takeUp } from './acts.ts'
import type { SignIn } from './city.ts'
import type { Person } from './person.ts'

/** The project of the story. */
export const project = '低保家庭经济状况核对系统'
const plan = '乌海市2027年度政务信息化项目预算计划'

/** 第四条: a machine room and an app are refused while typing and when handed in; without them the entry is filed. */
export async function propose(signInAs: SignIn): Promise<void> {
  const clerk = await signInAs('clerk')
  await clerk.open('/')
  await clerk.follow('项目申报')
  await declareNotSecret(clerk)
  await fillProposal(clerk)
  const content = clerk.page.getByRole('group', { name: '建设内容' })
  await clerk.tick('信息机房', content)
  await clerk.tick('面向公众的线上服务类APP', content)
  await clerk.pick('线上服务类APP的建设状态', '新建')

  // While typing, beside the field, before anything is handed in.
  const beside = clerk.page.getByRole('list', { name: '建设内容：规则提示' }).getByRole('listitem')
  await beside.filter({ hasText: '不再自建数据中心、信息机房' }).filter({ hasText: '第四条' }).waitFor()
  await clerk.page.getByText('原则上不再新建面向公众的线上服务类APP').first().waitFor()
  await clerk.sees('已保存', clerk.page.getByRole('complementary', { name: '申报核对' }))

  await clerk.press('报送年度计划')
  await isRefused(clerk, '报送年度计划', {
    article: '第四条',
    says: '不再自建数据中心、信息机房、视频平台、物联网平台',
    cure: '从建设内容中删去上述各项，改用市政务云计算中心和已有共享平台的能力。',
    text: '不再自建数据中心、信息机房、视频平台、物联网平台等基础性、全局性、复用性信息化项目',
  })

  await clerk.press('从建设内容中删去', beside.first())
  await clerk.untick('面向公众的线上服务类APP', content)
  await beside.first().waitFor({ state: 'detached' })
  await handIn(clerk, '报送年度计划')
}

async function fillProposal(clerk: Person): Promise<void> {
  await clerk.type('项目名称', project)
  await clerk.pick('项目类型', '新建')
  await clerk.type('责任人', '张建民')
  await clerk.pick('建设主体', '本部门建设')
  await clerk.pick('应用范围', '单个部门')
  await clerk.pick('部署位置', '市政务云计算中心')
  await clerk.pick('由国家、自治区统筹建设', '否')
  await clerk.tick('业务应用系统')
  await clerk.type('建设内容和规模说明', '建设低保家庭经济状况核对业务应用，支撑低保申请受理、核对、公示。')
  const budget = clerk.page.getByRole('table', { name: '投资明细' })
  await clerk.type('第 1 行名称', '核对业务软件开发', budget)
  await clerk.choose('第 1 行类别', '软件开发', budget)
  await clerk.type('第 1 行金额', '80', budget)
  await clerk.type('年运维费', '3')
  await clerk.tick('市级财政')
  const systems = clerk.page.getByRole('table', { name: '拟建信息系统' })
  await clerk.type('第 1 行系统名称', project, systems)
  await clerk.type('第 1 行主要功能', '受理、核对、公示、统计', systems)
  await clerk.type('第 1 行数据资源名称', '低保家庭核对信息', clerk.page.getByRole('table', { name: '拟形成的数据资源' }))
  await clerk.type('规划依据', '《乌海市智慧城市总体规划设计方案》民生服务部分。')
  await clerk.type('单独建设的必要性', '低保核对业务由民政部门依法承担，现有共享平台无此项业务应用。')
}

/** 第五条: the center returns the entry once, the clerk corrects it, the center passes it. */
export async function reviewEntry(signInAs: SignIn): Promise<void> {
  const clerk = await signInAs('clerk')
  const center = await signInAs('center')
  await takeUp(center, '初审', project)
  await decide(center, '退回补正', { opinion: '请补充投资测算依据。' })

  await takeUp(clerk, '申报年度预算计划', project)
  await clerk.sees('请补充投资测算依据。')
  await beginAct(clerk, project, '修改申报')
  await clerk.type('建设内容和规模说明', '建设核对业务应用。投资按功能点测算，依据见投资测算表。')
  await clerk.sees('已保存', clerk.page.getByRole('complementary', { name: '申报核对' }))
  await takeUp(clerk, '申报年度预算计划', project)
  await decide(clerk, '提交')

  await takeUp(center, '初审', project)
  await decide(center, '同意')
}

/** 第六条、第七条: finance can schedule nothing that the city has not approved. */
export async function refuseFundsTooEarly(signInAs: SignIn): Promise<void> {
  const finance = await signInAs('finance')
  await beginAct(finance, project, '安排资金')
  await fillFunding(finance)
  await finance.press('提交审定')
  await isRefused(finance, '安排资金', {
    article: '第七条',
    says: '该项目未经市政府批准',
    cure: '随年度计划报市政府审批后再安排资金。',
    text: '市财政局按照市政府审批结果',
  })
  await isRefused(finance, '安排资金', {
    article: '第六条',
    says: '未通过联合审查',
    cure: '由市大数据中心会同市发改委等部门完成联合审查。',
    text: '进行联合审查,通过后报市政府审批',
  })
}

async function fillFunding(finance: Person): Promise<void> {
  await finance.type('安排金额', '80')
  await finance.type('预算年度', '2027')
  await finance.choose('经费渠道', '市本级财政')
}

/** 第六条: compiled by the center, reviewed by another of its people and by the DRC, approved by the city. */
export async function approveCityPlan(signInAs: SignIn): Promise<void> {
  const center = await signInAs('center')
  await center.open('/city-plans')
  await center.press('编制年度计划', center.page.locator('.tc-page-head'))
  await center.page.getByRole('checkbox', { name: `列入：${project}` }).waitFor()
  await center.press('保存计划')
  await center.page.waitForURL(/\/city-plans\/(?!new)/)
  await center.settled()
  await handIn(center, '提请联合审查')

  const center2 = await signInAs('center2')
  await takeUp(center2, '联合审查', plan)
  await decide(center2, '同意', { opinion: '项目之间没有重复，同意。' })
  const drc = await signInAs('drc')
  await takeUp(drc, '联合审查', plan)
  await decide(drc, '同意', { opinion: '符合年度投资安排，同意。' })
  const city = await signInAs('city')
  await takeUp(city, '市政府审批', plan)
  await decide(city, '批准并列入下一年度建设计划', { opinion: '同意。' })
}

/** 第十二条: no establishment without an argument; the way to the argument stands beside the refusal. 第十一条: argued. */
export async function argue(signInAs: SignIn): Promise<void> {
  const clerk = await signInAs('clerk')
  await beginAct(clerk, project, '申请立项')
  await clerk.attach('项目建议书', '项目建议书.txt', '低保家庭经济状况核对系统项目建议书')
  await clerk.press('提交审批')
  await isRefused(clerk, '申请立项', {
    article: '第十二条',
    says: '未经市大数据中心论证的项目不予立项',
    cure: '报请市大数据中心论证，论证通过后再报市发改委审批。',
    text: '未经过市大数据中心论证的项目不予立项',
  })
  const refusal = clerk.page.getByRole('alert').filter({ hasText: '申请立项未成' })
  await clerk.follow('报送建设方案', refusal.getByRole('listitem').filter({ hasText: '未经市大数据中心论证' }))
  await clerk.page.getByRole('heading', { level: 1, name: '报送建设方案' }).waitFor()
  await clerk.attach('建设方案', '建设方案.txt', '低保家庭经济状况核对系统建设方案')
  await handIn(clerk, '提交审核')

  const center = await signInAs('center')
  await takeUp(center, '审核', project)
  await center.sees('低保家庭经济状况核对系统建设方案')
  await decide(center, '审核通过', { opinion: '确需单独建设，同意。' })
  const center2 = await signInAs('center2')
  await takeUp(center2, '论证', project)
  await decide(center2, '论证通过', { opinion: '方案可行，论证通过。' })
}

/** 第十二条: tender before approval is refused; then three papers, three approvals. */
export async function establish(signInAs: SignIn): Promise<void> {
  const clerk = await signInAs('clerk')
  await beginAct(clerk, project, '启动招标采购')
  await clerk.press('提交招标采购')
  await isRefused(clerk, '启动招标采购', {
    article: '第十二条',
    says: '项目建议书未经市发改委批复，不能招标采购',
    cure: '取得项目建议书批复。',
    text: '负责审批项目建议书及可行性研究报告',
  })

  await beginAct(clerk, project, '申请立项')
  await clerk.attach('项目建议书', '项目建议书.txt', '低保家庭经济状况核对系统项目建议书')
  await handIn(clerk, '提交审批')
  const drc = await signInAs('drc')
  await takeUp(drc, '审批项目建议书', project)
  await decide(drc, '同意', { opinion: '同意项目建议书。' })
  await handInPaper(clerk, '报送可行性研究报告', '可行性研究报告')
  await takeUp(drc, '审批可行性研究报告', project)
  await decide(drc, '同意', { opinion: '同意可行性研究报告。' })
  await handInPaper(clerk, '报送初步设计及概（预）算方案', '初步设计及概（预）算方案')
  await takeUp(drc, '审批初步设计及概（预）算', project)
  await decide(drc, '同意立项', {
    opinion: '同意立项。',
    fill: async () => {
      await drc.type('核定概（预）算', '80')
      await drc.type('批复文号', '乌海发改字〔2026〕12号')
    },
  })
}

async function handInPaper(clerk: Person, step: string, paper: string): Promise<void> {
  await takeUp(clerk, step, project)
  await decide(clerk, '提交审批', { fill: () => clerk.attach(paper, `${paper}.txt`, `${paper}正文`) })
}

export async function fund(signInAs: SignIn): Promise<void> {
  const finance = await signInAs('finance')
  await beginAct(finance, project, '安排资金')
  await fillFunding(finance)
  await handIn(finance, '提交审定')
  const finance2 = await signInAs('finance2')
  await takeUp(finance2, '审定资金安排', project)
  await decide(finance2, '同意安排', { opinion: '同意。' })
}
