import { expect } from 'vitest'
import { beginAct, decide, declareNotSecret, handIn, isRefused, takeUp, tryToDecide } from './acts.ts'
import type { SignIn } from './city.ts'
import type { Person } from './person.ts'
import { project } from './thread-approval.ts'

export async function tender(signInAs: SignIn): Promise<void> {
  const clerk = await signInAs('clerk')
  await beginAct(clerk, project, '启动招标采购')
  await handIn(clerk, '提交招标采购')
  const center = await signInAs('tender')
  await takeUp(center, '登记招标采购结果', project)
  await decide(center, '登记结果', {
    fill: async () => {
      await center.choose('交易场所', '市公共资源交易中心')
      await center.type('中标（成交）通知书编号', 'WHJY-2026-031')
      await center.type('中标（成交）单位', '乌海市信安软件有限公司')
      await center.type('中标（成交）金额', '78')
      await center.date('开标日期', '2026-02-20')
    },
  })
  await takeUp(clerk, '登记合同', project)
  await decide(clerk, '登记合同', {
    fill: async () => {
      await clerk.type('合同编号', 'WHMZ-2026-01')
      await clerk.type('承建单位', '乌海市信安软件有限公司')
      await clerk.type('合同金额', '78')
      await clerk.date('签订日期', '2026-03-01')
      const terms = clerk.page.getByRole('table', { name: '付款约定' })
      await clerk.type('第 1 行期次', '首付款', terms)
      await clerk.type('第 1 行金额', '30', terms)
      await clerk.press('增加一行')
      await clerk.type('第 2 行期次', '验收款', terms)
      await clerk.type('第 2 行金额', '48', terms)
    },
  })
}

export async function build(signInAs: SignIn): Promise<void> {
  const clerk = await signInAs('clerk')
  await beginAct(clerk, project, '设定里程碑')
  await clerk.type('第 1 行名称', '上线试运行')
  await clerk.date('第 1 行计划完成日期', '2026-09-30')
  await clerk.press('保存里程碑')
  await clerk.page.getByRole('table', { name: '里程碑' }).getByText('上线试运行').waitFor()
  await beginAct(clerk, project, '填报建设进展')
  await clerk.type('报告期', '2026年一季度')
  await clerk.type('累计进度（%）', '60')
  await clerk.type('进展情况', '完成核心功能开发。')
  await clerk.press('提交进展报告')
  await clerk.page.getByRole('list', { name: '进展报告' }).getByText('完成核心功能开发。').waitFor()
}

/** 第十五条: the catalog is not there; 第四条: nobody has confirmed where the system runs. */
export async function refuseAcceptance(signInAs: SignIn): Promise<void> {
  const clerk = await signInAs('clerk')
  await beginAct(clerk, project, '申请验收')
  await clerk.press('提交验收申请')
  await isRefused(clerk, '申请验收', {
    article: '第十五条',
    says: '新建项目的数据资源目录须于验收前报市大数据中心审核通过',
    cure: '将目录报送市大数据中心审核。',
    text: '必须于项目验收前',
  })
  await isRefused(clerk, '申请验收', {
    article: '第四条',
    says: '尚不知道“部署位置”',
    cure: '由市大数据中心认定“部署位置”后再办理。',
    text: '应基于市政务云计算中心建设(部署、运行、存储)',
  })
}

/** The owner registers what it built and cannot answer for it; the center has looked and says where it runs. */
export async function registerSystem(signInAs: SignIn): Promise<void> {
  const clerk = await signInAs('clerk')
  await clerk.open('/systems')
  // The empty list offers the same act once more.
  await clerk.follow('登记信息系统', clerk.page.locator('.tc-page-actions'))
  await declareNotSecret(clerk)
  await clerk.type('系统名称', project)
  await clerk.choose('所属项目', project)
  await clerk.type('主要功能', '受理、核对、公示、统计')
  await clerk.type('使用范围', '全市民政系统')
  await clerk.choose('使用频率', '每日')
  await clerk.tick('市级财政')
  await clerk.press('提交登记')
  await clerk.page.getByRole('heading', { level: 1, name: project }).waitFor()
  await clerk.settled()
  expect(await clerk.page.getByRole('button', { name: '填写核实结果' }).count()).toBe(0)

  const center = await signInAs('center')
  await center.open('/systems')
  await center.follow(project)
  const acts = center.page.getByRole('region', { name: '可办理事项' })
  await center.press('填写核实结果', acts)
  await center.choose('部署位置', '政务云', acts)
  for (const fact of ['接入城市大脑', '预留标准化接口', '按要求共享数据', '网络和数据安全保障']) await center.choose(fact, '是', acts)
  await center.type('依据', '政务云资源台账、城市大脑接入测试记录', acts)
  await center.press('填写核实结果', acts.locator('form'))
  await center.page.getByRole('list', { name: '核实记录' }).waitFor()
}

/** 第十五条: compiled by the data steward, signed off by its head, reviewed for secrecy, approved and taken into the sharing platform by the center. */
export async function catalogue(signInAs: SignIn): Promise<void> {
  const resource = '低保家庭核对信息'
  const steward = await signInAs('steward')
  await steward.open('/catalog/new')
  await declareNotSecret(steward)
  await steward.type('资源名称', resource)
  await steward.choose('所属项目', project)
  await steward.choose('对应申报的数据资源', resource)
  await steward.type('资源摘要', '低保家庭成员、收入和核对结论。')
  await steward.type('提供方统一社会信用代码', '11150300900030002A')
  for (const [label, option] of [
    ['资源属性', '部门信息资源'],
    ['信息资源分类', '30700101 省（自治区、直辖市）及下级 / 民政 / 社会救助'],
    ['资源格式', '数据库'],
    ['格式类型', 'postgresql'],
    ['更新周期', '每日'],
    ['由谁经手', '市民政局'],
    ['由谁使用', '市民政局'],
    ['由谁管理', '市民政局'],
    ['由谁归档', '市民政局'],
    ['由谁负责', '市民政局'],
    ['共享类型', '有条件共享'],
    ['共享方式', '共享平台方式'],
    ['共享方式类型', '接口'],
    ['开放类型', '不予开放'],
    ['数据分级', '重要数据'],
    ['含个人信息', '是'],
    ['含敏感数据', '是'],
  ] as const)
    await steward.choose(label, option)
  // Asked after the answers that they follow from.
  await steward.type('共享条件', '用于社会救助核对，按申请授权使用。')
  await steward.type('脱敏规则', '公民身份号码显示前6位和后4位。')
  const items = steward.page.getByRole('table', { name: '信息项' })
  await steward.type('第 1 行名称', '公民身份号码', items)
  await steward.type('第 1 行英文名', 'GMSFHM', items)
  await steward.choose('第 1 行数据类型', '字符型C', items)
  await steward.type('第 1 行长度', '18', items)
  await steward.choose('第 1 行主键', '是', items)
  await steward.choose('第 1 行敏感程度', '敏感个人信息', items)
  await steward.choose('第 1 行脱敏方式', '保留首尾', items)
  await steward.press('保存')
  await steward.page.getByRole('heading', { level: 1, name: resource }).waitFor()
  await steward.settled()
  await approve(signInAs, resource)
}

/** The steward whose page shows the entry hands it in; head, secrecy reviewer and center take it to the sharing platform. */
export async function approve(signInAs: SignIn, resource: string): Promise<void> {
  const steward = await signInAs('steward')
  await steward.press('提交审核')
  await steward.page.getByRole('button', { name: '提交审核' }).waitFor({ state: 'detached' })
  const leader = await signInAs('leader')
  await takeUp(leader, '部门负责人审签', resource)
  await decide(leader, '同意报审', { opinion: '目录内容属实，同意报审。' })
  const secrecy = await signInAs('secrecy')
  await takeUp(secrecy, '保密审查', resource)
  await decide(secrecy, '审查通过', { opinion: '不涉及国家秘密。' })
  const center = await signInAs('center')
  await takeUp(center, '目录审核', resource)
  await decide(center, '审核通过', { opinion: '编制完整，审核通过。' })
  const center2 = await signInAs('center2')
  await takeUp(center2, '纳入数据资源共享平台', resource)
  await decide(center2, '登记纳入')
}

/** The same application passes now; another person of the builder concludes, the user unit receives. */
export async function accept(signInAs: SignIn): Promise<void> {
  const clerk = await signInAs('clerk')
  await beginAct(clerk, project, '申请验收')
  await handIn(clerk, '提交验收申请')
  const user = await signInAs('user')
  await takeUp(user, '用户单位验收意见', project)
  await decide(user, '同意', { opinion: '功能满足核对工作需要，同意。' })
  const head = await signInAs('head')
  await takeUp(head, '验收结论', project)
  await decide(head, '验收通过', { opinion: '符合合同约定，验收通过。' })
  await beginAct(clerk, project, '交付使用')
  await handIn(clerk, '提交交付')
  await takeUp(user, '接收', project)
  await decide(user, '同意接收')
}

/** 第二十条: a rectification fails, the DRC decides to hold payment, the release is refused until the rectification is accepted. */
export async function holdAndPay(signInAs: SignIn): Promise<void> {
  const clerk = await signInAs('clerk')
  const center = await signInAs('center')
  const center2 = await signInAs('center2')
  const drc = await signInAs('drc')
  await center.open('/problems/new')
  await declareNotSecret(center)
  await center.choose('项目', project)
  await center.choose('责任方', '项目建设单位')
  await center.choose('问题类型', '未按要求做好网络和数据安全保障')
  await center.type('问题情况', '抽查发现核对结果导出未作审批。')
  await center.type('整改要求', '导出须经审批并留存日志。')
  await center.date('发现日期', '2026-03-01')
  await center.date('整改期限', '2026-04-15')
  await center.press('提请会签')
  await center.page.getByRole('heading', { level: 1, name: project }).waitFor()
  await center.settled()
  for (const person of [center2, drc]) {
    await takeUp(person, '联合会签下达整改', project)
    await decide(person, '同意', { opinion: '情况属实，同意。' })
  }
  await takeUp(clerk, '报告整改情况', project)
  await decide(clerk, '提交整改情况', {
    opinion: '已要求承建单位处理。',
    fill: () => reportRectification(clerk, '与承建单位协商修改。', '尚在协商。'),
  })
  await takeUp(center, '核查', project)
  await decide(center, '整改不符合要求', { opinion: '导出仍未作审批。' })

  await drc.open('/problems')
  await drc.follow(project)
  await drc.page.getByRole('heading', { level: 1, name: project }).waitFor()
  await drc.press('决定暂缓支付')
  await declareNotSecret(drc)
  await drc.type('理由', '整改不符合要求，暂缓支付直至落实。')
  await drc.press('决定暂缓支付', drc.page.locator('form'))
  await drc.page.getByRole('list', { name: '暂缓支付决定' }).getByText('暂缓中').waitFor()

  await beginAct(clerk, project, '申请支付')
  await clerk.pick('付款期次', 'WHMZ-2026-01 第 1 期：首付款，30.00 万元')
  await handIn(clerk, '提交支付申请')
  const finance = await signInAs('finance')
  await takeUp(finance, '支付审核', project)
  await decide(finance, '同意', { opinion: '符合合同约定，同意。' })
  const finance2 = await signInAs('finance2')
  await takeUp(finance2, '支付', project)
  await tryToDecide(finance2, '支付')
  await isRefused(finance2, '支付', {
    article: '第二十条',
    says: '已决定暂缓支付，直至整改落实；整改尚未办结',
    cure: '完成整改并经确认后支付。',
    text: '可暂缓支付相关项目资金,直至整改落实',
  })

  await takeUp(clerk, '报告整改情况', project)
  await decide(clerk, '提交整改情况', {
    opinion: '已完成整改。',
    fill: () => reportRectification(clerk, '导出设审批，日志留存六个月。', '已完成并经测试。'),
  })
  await takeUp(center, '核查', project)
  await decide(center, '整改符合要求', { opinion: '经核查，整改落实。' })
  await takeUp(finance2, '支付', project)
  await decide(finance2, '支付')
}

async function reportRectification(clerk: Person, measures: string, result: string): Promise<void> {
  await clerk.type('整改措施', measures)
  await clerk.type('整改结果', result)
}

/** 第十八条: opened and concluded by the office that approved, reported by the builder. */
export async function evaluate(signInAs: SignIn): Promise<void> {
  const clerk = await signInAs('clerk')
  const drc = await signInAs('drc')
  await beginAct(drc, project, '启动绩效评价')
  await drc.type('评价要求', '请报送运行和效益情况。')
  await handIn(drc, '发起评价')
  await takeUp(clerk, '如实提供资料和自评', project)
  await decide(clerk, '提交', { fill: () => clerk.type('自评情况', '系统运行稳定，核对效率提高。') })
  const drc2 = await signInAs('drc2')
  await takeUp(drc2, '评价结论', project)
  await decide(drc2, '作出结论', {
    opinion: '达到预期目标。',
    fill: async () => {
      await drc2.type('评分', '92')
      await drc2.choose('等次', '优')
    },
  })
}
