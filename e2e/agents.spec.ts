import { syntheticCitizenId, syntheticSocialCreditCode } from '@tongchou/kernel'
import { installResource, receiveBatch } from '@tongchou/libraries'
import { describe, expect, test } from 'vitest'
import { resourceEntry } from '../apps/server/src/authorization-matrix.world.ts'
import { firstPassword, signInWith } from './acts.ts'
import { browsedCity, needsBrowser } from './city.ts'
import type { Person } from './person.ts'
import { givenProjects } from './project.given.ts'

const { city, database, signInAs, stranger } = await browsedCity()
const given = givenProjects(city, database)
const PHONE = { width: 390, height: 844 }
const FIRM = '河套智联软件有限公司'
const OTHER = '另一软件有限公司'
const contracts: Record<string, string> = {}
const projects: Record<string, string> = {}

/** How far the page can be pushed sideways; on a phone it cannot. */
function sideways({ page }: Person): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
}

/** A project under contract, whose pages the tests open by its name and by its contract's number. */
async function contracted(name: string, number: string, supplier: string, serial: number): Promise<void> {
  projects[name] = await given.contracted({ name }, number, supplier, serial)
  const { rows } = await database.owner.query('select id from projects.contract where number = $1', [number])
  contracts[number] = rows[0].id
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
    await firstPassword(agent, first, 'Hetao-2026-agent')
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
    const { tender } = await given.tendered({ name: '社会救助系统' }, FIRM)
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

describe('本人', () => {
  const number = syntheticCitizenId('150302', '1976-08-19')

  /** Records of the bureau that are about the citizen and a neighbour, as the agent of a department brings them. */
  async function collected(): Promise<string> {
    const { body } = await (await city.as('steward')).post<{ id: string }>('/api/v1/catalog/resources', resourceEntry('低保家庭成员'))
    const at = city.clock.now()
    const items = [
      { id: 'i1', title: '家庭编号', type: { kind: 'text', length: 20 }, required: true },
      { id: 'i2', title: '公民身份号码', type: { kind: 'citizen-id' }, required: true },
      { id: 'i3', title: '月收入', type: { kind: 'money' }, required: false },
    ] as const
    const client = await database.owner.connect()
    await installResource(
      client,
      { resource: body.id, version: 1, title: '低保家庭成员', kind: 'state', key: ['i1'], items: [...items] },
      at,
    )
    await client.query(
      `insert into libraries.installation (resource, title, org_id, version, state, reasons, tries, tried_at)
       values ($1, '低保家庭成员', 'civil-affairs', 1, 'installed', '[]', 1, $2)`,
      [body.id, at],
    )
    client.release()
    const lines = [
      { format: 1, schema: 1, items: ['i1', 'i2', 'i3'] },
      ['DB1', number, 120_000],
      ['DB2', syntheticCitizenId('150302', '1977-08-19'), 90_000],
    ]
    const text = lines.map((line) => JSON.stringify(line)).join('\n')
    await receiveBatch(database.pool, { resource: body.id, batchId: 'b1', text, receivedBy: '民政前置机', receivedAt: at })
    return body.id
  }

  test('is verified at the window, sees on a phone which office looked at the own record and what for, and is out when the relation ends', async (context) => {
    needsBrowser(context)
    const library = await collected()

    const police = await signInAs('police')
    await police.open('/relations')
    await police.press('核验并开通本人账号')
    await police.pick('核验的证件', '居民身份证')
    await police.type('姓名', '周市民')
    await police.type('公民身份号码', `${number.slice(0, 17)}${number.endsWith('X') ? '0' : 'X'}`)
    await police.type('用户名', 'zhou-citizen')
    await police.press('开通')
    await police.sees(/校验码/)
    await police.type('公民身份号码', number)
    await police.press('开通')
    await police.sees('初始口令只显示这一次')
    await police.check()
    const first = await police.page.getByRole('status').filter({ hasText: '本人账号已开通' }).locator('strong').nth(1).innerText()
    await police.press('已记下')
    await police.sees('周市民')
    expect(await police.page.content()).not.toContain(number)

    const citizen = await stranger(PHONE)
    await signInWith(citizen, 'zhou-citizen', first)
    await firstPassword(citizen, first, 'Zhou-2026-citizen')
    await citizen.sees('没有查阅记录')
    await citizen.press('菜单')
    expect(await citizen.page.getByRole('navigation', { name: '主菜单' }).getByRole('link').allInnerTexts()).toEqual([
      '周市民，个人设置',
      '谁查看了我的数据',
      '消息',
      '会话与令牌',
    ])
    await citizen.press('菜单')

    const steward = await signInAs('steward')
    await steward.open(`/libraries/${library}/records`)
    await steward.choose('用途', '资格核对')
    await steward.type('事由', '2026年第一季度低保复核')
    await steward.type('检索', 'DB1')
    await steward.press('查询')
    await steward.sees(number)

    await citizen.page.reload()
    await citizen.sees('市民政局')
    await citizen.sees('资格核对')
    await citizen.sees('2026年第一季度低保复核')
    await citizen.sees('家庭编号、公民身份号码、月收入')
    await citizen.sees('数据提供单位履行本单位职责')
    expect(await citizen.page.getByText('民政数据专员').count()).toBe(0)
    expect(await sideways(citizen)).toBe(0)
    await citizen.check()
    await citizen.type('查阅单位', '公安局')
    await citizen.page.keyboard.press('Enter')
    await citizen.sees('没有符合筛选条件的记录')
    await citizen.page.getByRole('button', { name: '清除筛选' }).first().click()
    await citizen.sees('资格核对')
    const download = citizen.page.waitForEvent('download')
    await citizen.press('导出当前列表')
    expect((await download).suggestedFilename()).toContain('谁查看了我的数据')
    // What offices have is no page.
    await citizen.open('/supplier-contracts')
    await citizen.sees(/当前岗位不能查看/)

    await police.press('终止：周市民')
    await police.type('终止原因', '本人申请注销')
    await police.press('终止经办关系')
    await police.sees('已终止')
    await citizen.page.reload()
    await citizen.page.getByText('使用账号口令登录').waitFor()
    await signInWith(citizen, 'zhou-citizen', 'Zhou-2026-citizen')
    await citizen.sees('该账号的经办关系已终止或尚未生效')
  })
})
