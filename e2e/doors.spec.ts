import { codeShown } from '@tongchou/testing'
import { describe, expect, test } from 'vitest'
import { DEMO_PASSWORD } from '../apps/server/src/demo/people.ts'
import { browsedCity, needsBrowser } from './city.ts'
import type { Person } from './person.ts'

const { address, city, signInAs, signInOn, stranger } = await browsedCity()

/** Signs in by name and password, as outside the demo list. */
async function signInWith(person: Person, username: string, password: string): Promise<void> {
  await person.open('/')
  await person.page.getByText('使用账号口令登录').click()
  await person.type('用户名', username)
  await person.type('口令', password)
  await person.press('登录')
}

const isIn = (person: Person) => person.page.getByRole('button', { name: '退出' }).waitFor()

/** Enrols the authenticator that the person has at hand; answers with its secret and the recovery codes. */
async function enrol(person: Person, password: string): Promise<{ secret: string; codes: string[] }> {
  await person.type('现用口令', password)
  await person.press('开始启用')
  await person.page.getByRole('img', { name: '供身份验证器扫描的二维码' }).waitFor()
  await person.check()
  const secret = (await person.page.locator('.tc-org-secret').innerText()).replaceAll(/\s/g, '')
  await person.type('动态口令', codeShown(secret, city.clock.now()))
  await person.press('启用')
  const shown = person.page.getByRole('region', { name: '恢复码' })
  await shown.waitFor()
  await person.check()
  const codes = await shown.getByRole('listitem').allInnerTexts()
  city.clock.advance({ seconds: 30 })
  return { secret, codes }
}

describe('个人设置', () => {
  test('the name in the top bar leads there; larger text and high contrast hold at once and on another machine', async (context) => {
    needsBrowser(context)
    const clerk = await signInAs('steward')
    await clerk.follow('民政数据专员')
    await clerk.settled()
    await clerk.sees('设置随账号保存')
    await clerk.pick('字号', '特大')
    await clerk.pick('对比度', '高对比度')
    await clerk.sees('已保存。')
    await clerk.settled()
    const root = (person: Person) => person.page.evaluate(() => ({ ...document.documentElement.dataset }))
    await expect.poll(() => root(clerk)).toMatchObject({ textSize: 'larger', contrast: 'high' })
    const elsewhere = await stranger()
    await signInOn(elsewhere, 'steward')
    expect(await root(elsewhere)).toMatchObject({ textSize: 'larger', contrast: 'high' })
  })
})

describe('动态口令', () => {
  test('is enrolled from the settings, asked for at the next sign-in, and a recovery code stands in for the device', async (context) => {
    needsBrowser(context)
    const clerk = await signInAs('clerk')
    await clerk.open('/settings')
    await clerk.follow('启用动态口令')
    await clerk.settled()
    const { secret, codes } = await enrol(clerk, DEMO_PASSWORD)
    expect(codes).toHaveLength(8)
    await clerk.press('已保存，继续')
    await clerk.sees('已启用')
    await clerk.sees(/剩余恢复码 8 个/)

    const door = await stranger()
    await signInWith(door, 'clerk', DEMO_PASSWORD)
    await door.sees('口令正确，还须填写动态口令。')
    await door.check()
    await door.type('动态口令或恢复码', '12')
    await door.press('登录')
    await door.sees('请填写 6 位动态口令，或一个恢复码')
    await door.type('动态口令或恢复码', codeShown(secret, new Date(0)))
    await door.press('登录')
    await door.sees(/动态口令不正确或已使用/)
    await door.type('动态口令或恢复码', codeShown(secret, city.clock.now()))
    await door.press('登录')
    await isIn(door)

    const withoutPhone = await stranger()
    await signInWith(withoutPhone, 'clerk', DEMO_PASSWORD)
    await withoutPhone.type('动态口令或恢复码', codes[0] ?? '')
    await withoutPhone.press('登录')
    await isIn(withoutPhone)
  })
})

describe('口令', () => {
  test('a first one, and one that is too old, open only the page that changes it, with the days left told before', async (context) => {
    needsBrowser(context)
    const admin = await city.as('admin')
    const { body: person } = await admin.post<{ id: string }>('/api/v1/people', { name: '新到科员' })
    await admin.post('/api/v1/posts', { personId: person.id, organisationId: 'health', title: '科员', duties: ['applicant'] })
    const { body: made } = await admin.post<{ initialPassword: string }>('/api/v1/accounts', { personId: person.id, username: 'newcomer' })
    const guard = await city.as('securityAdmin')
    const { body: before } = await guard.get<{ settings: object; version: number }>('/api/v1/security-settings')
    await guard.put('/api/v1/security-settings', { settings: { ...before.settings, passwordMaxAgeDays: 90 }, version: before.version })

    const one = await stranger()
    await signInWith(one, 'newcomer', made.initialPassword)
    await one.sees('现用口令由管理员设置，须先修改为仅本人知晓的口令。')
    await one.settled()
    await one.type('现用口令', made.initialPassword)
    await one.type('新口令', 'Health-2026-first')
    await one.type('再次填写新口令', 'Health-2026-first')
    await one.press('修改口令')
    await one.page.getByRole('navigation', { name: '主菜单' }).getByRole('link').first().waitFor()

    city.clock.advance({ days: 84 })
    await signInWith(one, 'newcomer', 'Health-2026-first')
    await one.sees(/口令将在 6 天后到期/)
    await one.settled()
    await one.press('退出')
    await one.page.getByText('使用账号口令登录').waitFor()
    city.clock.advance({ days: 6 })
    await signInWith(one, 'newcomer', 'Health-2026-first')
    await one.sees('口令已到期，须先修改口令，再办理其他事项。')
    await one.settled()
    expect(await one.page.getByRole('navigation', { name: '主菜单' }).getByRole('link').count()).toBe(0)
    await one.sees(/不少于 10 个字符/)
    await one.type('现用口令', 'Health-2026-first')
    await one.type('新口令', 'Health-2026-second')
    await one.type('再次填写新口令', 'Health-2026-second')
    await one.press('修改口令')
    await one.page.getByRole('navigation', { name: '主菜单' }).getByRole('link').first().waitFor()
  })
})

describe('会话与令牌', () => {
  test('a session that is ended here is out in the other browser with its next step', async (context) => {
    needsBrowser(context)
    const [here, there] = [await stranger(), await stranger()]
    await signInOn(here, 'head')
    city.clock.advance({ minutes: 1 })
    await signInOn(there, 'head')
    await here.open('/tokens')
    const rows = here.page.getByRole('table', { name: '登录会话' }).getByRole('row')
    await rows.filter({ hasNotText: '本次登录' }).getByRole('button', { name: '结束登录' }).first().click()
    const dialog = here.page.getByRole('dialog', { name: '结束民政科长的登录' })
    await here.press('结束登录', dialog)
    await dialog.waitFor({ state: 'hidden' })
    await expect.poll(() => rows.count()).toBe(2)
    await there.page.getByRole('link', { name: '会话与令牌' }).click()
    await there.sees('登录已过期，请重新登录')
  })

  test('a token is issued for reading one kind of thing; it reads that and nothing else, and is withdrawn', async (context) => {
    needsBrowser(context)
    const clerk = await signInAs('user')
    await clerk.open('/tokens')
    await clerk.page.getByRole('button', { name: '签发令牌' }).first().click()
    const dialog = clerk.page.getByRole('dialog', { name: '签发访问令牌' })
    await clerk.press('签发令牌', dialog)
    await clerk.sees('请填写用途。', dialog)
    await clerk.type('用途', '低保核对系统对接', dialog)
    await clerk.date('有效期至', '2026-08-31', dialog)
    await clerk.press('签发令牌', dialog)
    await clerk.sees('请至少选择一类事项。', dialog)
    await clerk.tick('项目', dialog)
    await clerk.check()
    await clerk.press('签发令牌', dialog)
    const shown = clerk.page.getByRole('dialog', { name: '令牌已签发' })
    const token = (await shown.locator('.tc-org-secret').innerText()).trim()
    await clerk.check()
    await clerk.press('已保存，关闭', shown)
    await clerk.sees('只读：项目')
    const ask = async (path: string, method = 'GET') => {
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
      const answer = await fetch(`${address}${path}`, { method, headers, ...(method === 'POST' ? { body: '{}' } : {}) })
      return [answer.status, ((await answer.json()) as { code?: string }).code]
    }
    expect(await ask('/api/v1/projects')).toEqual([200, undefined])
    expect(await ask('/api/v1/projects', 'POST')).toEqual([403, 'token.scope_missing'])
    expect(await ask('/api/v1/organisations')).toEqual([403, 'token.scope_missing'])
    await clerk.press('撤销', clerk.page.getByRole('table', { name: '令牌列表' }))
    await clerk.press('撤销令牌')
    await clerk.sees('尚未签发令牌')
    expect(await ask('/api/v1/projects')).toEqual([401, 'session.required'])
  })
})

describe('安全管理', () => {
  test('the security administrator sets the rules within their bounds, opens a closed name and ends a session', async (context) => {
    needsBrowser(context)
    const wrong = { username: 'tender', password: 'wrong-password-1' }
    for (let i = 0; i < 5; i++) await city.app.inject({ method: 'POST', url: '/api/v1/sessions', payload: wrong })
    const guard = await signInAs('securityAdmin')
    await guard.open('/security')
    await guard.sees('交易中心登记员')
    await guard.press('解除暂停')
    await guard.sees('没有登录暂停的账号')
    await guard.type('无操作自动退出', '1')
    await guard.press('修改安全策略')
    await guard.page.locator('[role=alert]', { hasText: '5 至 480' }).waitFor()
    await guard.check()
    await guard.type('无操作自动退出', '45')
    await guard.press('修改安全策略')
    await guard.sees(/市大数据中心 安全管理员 于/)
    await guard.settled()

    const victim = await stranger()
    await signInOn(victim, 'finance2')
    await guard.page.getByRole('link', { name: '在线会话' }).click()
    await guard.settled()
    await guard.type('姓名或用户名', '财政支付员')
    await guard.page.keyboard.press('Enter')
    const row = guard.page.getByRole('row').filter({ hasText: '财政支付员' }).first()
    await guard.press('结束登录', row)
    await guard.press('结束登录', guard.page.getByRole('dialog'))
    await guard.sees('没有符合筛选条件的记录')
    await victim.page.getByRole('link', { name: '会话与令牌' }).click()
    await victim.sees('登录已过期，请重新登录')
  })

  test('the audit administrator reads the rules and changes none; nobody else sees them', async (context) => {
    needsBrowser(context)
    const auditor = await signInAs('auditAdmin')
    await auditor.open('/security')
    await auditor.sees('45 分钟')
    expect(await auditor.page.getByRole('button', { name: '修改安全策略' }).count()).toBe(0)
    expect(await auditor.page.getByRole('link', { name: '在线会话' }).count()).toBe(0)
    const admin = await signInAs('admin')
    await admin.open('/security')
    await admin.sees('当前岗位不能查看安全策略')
    for (const path of ['/security/sessions', '/security/tokens', '/security/second-factors']) {
      await admin.open(path)
      await admin.sees(/需要“安全管理员”职责/)
    }
  })

  test('who has lost the device gets in again after a reset with its reason', async (context) => {
    needsBrowser(context)
    const loser = await signInAs('drc2')
    await loser.open('/second-factor')
    await enrol(loser, DEMO_PASSWORD)
    await loser.press('已保存，继续')
    const guard = await signInAs('securityAdmin')
    await guard.open('/security/second-factors')
    await guard.press('重置', guard.page.getByRole('row').filter({ hasText: '发改评价员' }))
    const dialog = guard.page.getByRole('dialog', { name: '重置发改评价员的动态口令' })
    await guard.press('重置动态口令', dialog)
    await guard.sees('请填写理由。', dialog)
    await guard.type('理由', '手机遗失，已当面核实身份', dialog)
    await guard.press('重置动态口令', dialog)
    await dialog.waitFor({ state: 'hidden' })
    const again = await stranger()
    await signInOn(again, 'drc2')
  })
})
