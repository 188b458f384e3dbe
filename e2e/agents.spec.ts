import { syntheticSocialCreditCode } from '@tongchou/kernel'
import { describe, expect, test } from 'vitest'
import { deskOf } from '../apps/server/src/testing/desk.ts'
import { browsedCity, needsBrowser } from './city.ts'
import type { Person } from './person.ts'

const { city, database, signInAs, stranger } = await browsedCity()
const desk = deskOf(city)
const PHONE = { width: 390, height: 844 }
const FIRM = '河套智联软件有限公司'
const OTHER = '另一软件有限公司'
const contracts: Record<string, string> = {}
const projects: Record<string, string> = {}

/** Signs in by name and password, as outside the demo list. */
async function signInWith(person: Person, username: string, password: string): Promise<void> {
  await person.open('/')
  await person.page.getByText('使用账号口令登录').click()
  await person.type('用户名', username)
  await person.type('口令', password)
  await person.press('登录')
}

/** How far the page can be pushed sideways; on a phone it cannot. */
function sideways({ page }: Person): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
}

/** A project out to tender, whose result is registered; the contract is filed by the story or through the API. */
async function tendered(name: string, winner: string): Promise<string> {
  const { id } = await desk.draft({ name })
  projects[name] = id
  await database.owner.query(
    `update projects.project set submitted_at = now(), stage = 'established', proposal_approved_at = now(), feasibility_approved_at = now(),
       preliminary_design_approved_at = now() where id = $1`,
    [id],
  )
  const tender = await desk.begin('clerk', id, 'tender')
  const form = { venue: 'public-resource-trading-center', noticeNumber: 'WH-1', winner, amountFen: 90_000_000, openedOn: '2026-02-20' }
  await desk.decide('tender', tender, 'register', { form })
  return tender
}

async function contracted(name: string, number: string, supplier: string, serial: number): Promise<void> {
  const tender = await tendered(name, supplier)
  const supplierUscc = syntheticSocialCreditCode('91', '150300', serial)
  const terms = [{ title: '验收后支付', amountFen: 80_000_000 }]
  await desk.decide('clerk', tender, 'register', {
    form: { number, supplier, supplierUscc, amountFen: 80_000_000, signedOn: '2026-03-01', terms },
  })
  const { rows } = await database.owner.query('select id from projects.contract where number = $1', [number])
  contracts[number] = rows[0].id
  const milestones = [{ title: `${name}上线`, dueOn: '2026-09-30' }]
  await (await city.as('clerk')).put(`/api/v1/projects/${projects[name]}/milestones`, { milestones })
}

describe('承建单位经办人', () => {
  test('is granted by the unit, hands in material on a phone, has it back with the reason, and is out when the relation ends', async (context) => {
    needsBrowser(context)
    await contracted('智慧养老系统', 'HT-2026-1', FIRM, 1)
    await contracted('婚姻登记系统', 'HT-2026-9', OTHER, 2)

    const clerk = await signInAs('clerk')
    await clerk.open('/enterprises')
    await clerk.follow(FIRM)
    await clerk.settled()
    await clerk.sees('尚未授予经办关系')
    await clerk.press('授予经办关系')
    await clerk.type('经办人姓名', '赵经办')
    await clerk.type('用户名', 'hetao-zhao')
    await clerk.press('授予')
    await clerk.sees('初始口令只显示这一次')
    await clerk.check()
    const first = await clerk.page.getByRole('status').filter({ hasText: '经办关系已授予' }).locator('strong').nth(1).innerText()
    await clerk.press('已记下')
    await clerk.sees('仅限市民政局的合同')

    const agent = await stranger(PHONE)
    await signInWith(agent, 'hetao-zhao', first)
    await agent.sees('须先修改为仅本人知晓的口令')
    await agent.type('现用口令', first)
    await agent.type('新口令', 'Hetao-2026-agent')
    await agent.type('再次填写新口令', 'Hetao-2026-agent')
    await agent.press('修改口令')
    await agent.sees('本人经办的合同、付款进度和里程碑')
    expect(await agent.page.getByText('HT-2026-9').count()).toBe(0)
    expect(await sideways(agent)).toBe(0)
    // Of the offices' menu there is nothing.
    await agent.press('菜单')
    expect(await agent.page.getByRole('navigation', { name: '主菜单' }).getByRole('link').allInnerTexts()).toEqual([
      '赵经办，个人设置',
      '本企业的合同',
      '消息',
      '会话与令牌',
    ])
    await agent.press('菜单')
    await agent.follow('HT-2026-1')
    await agent.settled()
    expect(await sideways(agent)).toBe(0)
    await agent.pick('本材料是否涉及国家秘密', '否，不涉及国家秘密')
    await agent.press('继续')
    await agent.choose('所属里程碑', '智慧养老系统上线')
    await agent.type('说明', '系统已上线试运行，测试报告随附。')
    await agent.attach('所附材料', '测试报告.txt', '全部通过')
    await agent.press('报送')
    const handed = agent.page.getByRole('list', { name: '承建单位报送的材料' })
    await agent.sees('待审核', handed)
    await agent.settled()

    // A foreign contract is no page.
    await agent.open(`/supplier-contracts/${contracts['HT-2026-9']}`)
    await agent.sees(/合同.*不存在/)

    await clerk.open('/notices')
    await clerk.sees('承建单位报送：智慧养老系统上线')
    await clerk.open(`/projects/${projects['智慧养老系统']}`)
    const section = clerk.page.getByRole('region', { name: '承建单位报送' })
    await clerk.sees('测试报告.txt', section)
    await clerk.press('退回：智慧养老系统上线', section)
    await clerk.sees('退回须写明原因', section)
    await clerk.type('审核意见（退回须写明原因）', '缺少压力测试。', section)
    await clerk.press('退回：智慧养老系统上线', section)
    await clerk.sees('退回：缺少压力测试。', section)

    await agent.open('/notices')
    await agent.sees('“智慧养老系统上线”被退回')
    await agent.open('/')
    await agent.sees('1 项')

    await clerk.open('/relations')
    await clerk.sees('赵经办')
    await clerk.follow(FIRM)
    await clerk.settled()
    await clerk.press('终止：赵经办')
    await clerk.type('终止原因', '人员离职')
    await clerk.press('终止经办关系')
    await clerk.sees('人员离职')
    await agent.page.reload()
    await agent.page.getByText('使用账号口令登录').waitFor()
    await signInWith(agent, 'hetao-zhao', 'Hetao-2026-agent')
    await agent.sees('该账号的经办关系已终止或尚未生效')
  })

  test('the form of a contract takes the enterprise from the register with its code, and refuses a code that is wrong', async (context) => {
    needsBrowser(context)
    const tender = await tendered('社会救助系统', FIRM)
    const clerk = await signInAs('clerk')
    await clerk.open(`/cases/${tender}`)
    await clerk.type('承建单位', '河套')
    await clerk.page.locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden)').getByText(FIRM).click()
    const code = clerk.page.getByLabel(/^承建单位统一社会信用代码/)
    expect(await code.inputValue()).toBe(syntheticSocialCreditCode('91', '150300', 1))
    expect(await clerk.page.getByLabel(/^承建单位$/).inputValue()).toBe(FIRM)
    await clerk.check()
    await code.fill('91150300MA0000000X')
    await clerk.press('登记合同', clerk.page.locator('form.cases-decide'))
    await clerk.sees(/承建单位统一社会信用代码：/)
  })
})
