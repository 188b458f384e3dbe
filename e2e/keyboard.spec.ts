import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { goodProposal } from '../apps/server/src/testing/small-city.ts'
import { browsedCity, needsBrowser } from './city.ts'

const { city, complaints, stranger, signInAs } = await browsedCity()

/** A plan entry that waits for the center. */
async function fileEntry(name: string): Promise<void> {
  const clerk = await city.as('clerk')
  const { body } = await clerk.post<{ id: string }>('/api/v1/projects', goodProposal({ name }))
  const filed = await clerk.post(`/api/v1/projects/${body.id}/plan-entries`, { year: 2027, opinion: '' })
  expect(filed.status, JSON.stringify(filed.body)).toBe(201)
}

interface Focus {
  name: string
  visible: boolean
}

/** What has the keyboard, and whether one can see it. */
function focusOf(page: Page): Promise<Focus> {
  return page.evaluate(() => {
    const element = document.activeElement ?? document.body
    const labels = 'labels' in element ? [...((element.labels as NodeListOf<HTMLElement> | null) ?? [])] : []
    const name = [element.getAttribute('aria-label'), ...labels.map((label) => label.textContent), element.textContent].find(Boolean) ?? ''
    const isMarked = (one: Element | null) => {
      if (!one) return false
      const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(one)
      return (outlineStyle !== 'none' && Number.parseFloat(outlineWidth) > 0) || boxShadow !== 'none'
    }
    // A radio button is drawn by the element around it, an input by its frame.
    const drawn = [element, element.parentElement, element.nextElementSibling, element.closest('.ant-input-affix-wrapper, .ant-select')]
    // A step of the drawn path is marked by the line around its box.
    const box = element.querySelector('.tc-path-box')
    const marked = box ? getComputedStyle(box).strokeWidth === '3px' : drawn.some(isMarked)
    const { width, height } = element.getBoundingClientRect()
    return { name: name.trim(), visible: width > 0 && height > 0 && marked }
  })
}

/** Presses Tab until what has this name has the keyboard. On the way, the focus is never out of sight. */
async function tabTo(page: Page, name: string | RegExp): Promise<void> {
  const passed: string[] = []
  while (passed.length < 80) {
    await page.keyboard.press('Tab')
    const focus = await focusOf(page)
    expect(focus.visible, `${focus.name} can be seen to have the keyboard, after ${passed.slice(-3).join(', ')}`).toBe(true)
    if (typeof name === 'string' ? focus.name === name : name.test(focus.name)) return
    passed.push(focus.name)
  }
  throw new Error(`no Tab leads to ${name}: ${passed.join(' · ')}`)
}

test('the center reviews an entry by keyboard alone, from the sign-in page to the signed opinion', async (context) => {
  needsBrowser(context)
  await fileEntry('社区矫正对象管理系统')
  await fileEntry('低保家庭经济状况核对系统')
  const { page, ...center } = await stranger()
  await center.open('/')
  await tabTo(page, '按姓名、单位或职责查找')
  await page.keyboard.type('中心审核员')
  await tabTo(page, /^中心审核员/)
  await page.keyboard.press('Enter')
  const list = page.getByRole('table', { name: '待办事项' })
  await list.waitFor()

  const [first = '', second] = await list.getByRole('link', { name: /^2027年度计划/ }).allTextContents()
  await tabTo(page, first)
  await page.keyboard.press('ArrowDown')
  expect(await focusOf(page)).toEqual({ name: second, visible: true })
  await page.keyboard.press('ArrowUp')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { level: 1, name: first }).waitFor()
  await center.settled()

  await tabTo(page, '同意')
  await page.keyboard.press('Space')
  expect(await page.getByRole('radio', { name: '同意', exact: true }).isChecked()).toBe(true)
  await tabTo(page, '办理意见')
  await page.keyboard.type('同意列入。')
  await tabTo(page, '同意')
  await page.keyboard.press('Enter')
  await page.getByRole('region', { name: '办理意见' }).getByText('同意列入。').waitFor()
  await center.sees('已办结')
})

test('the first Tab offers to skip the menu, and skipping does', async (context) => {
  needsBrowser(context)
  const { page, ...clerk } = await signInAs('clerk')
  await clerk.open('/projects')
  await page.keyboard.press('Tab')
  expect(await focusOf(page)).toEqual({ name: '跳到正文', visible: true })
  const box = await page.getByRole('link', { name: '跳到正文' }).boundingBox()
  expect(box?.y).toBeGreaterThanOrEqual(0)
  await page.keyboard.press('Enter')
  await page.keyboard.press('Tab')
  expect(await page.evaluate(() => document.querySelector('main')?.contains(document.activeElement))).toBe(true)
})

test('an article opened from the keyboard is read, closed by Escape, and gives the keyboard back', async (context) => {
  needsBrowser(context)
  const { page, ...police } = await signInAs('center2')
  await fileEntry('殡葬服务管理系统')
  await police.open('/')
  await tabTo(page, /殡葬服务管理系统$/)
  await page.keyboard.press('Enter')
  await police.settled()
  await tabTo(page, '乌海办法（2023）第五条')
  await page.keyboard.press('Enter')
  const drawer = page.getByRole('dialog', { name: '乌海办法（2023）第五条' })
  await drawer.getByText('年度').first().waitFor()
  await page.keyboard.press('Escape')
  await drawer.waitFor({ state: 'hidden' })
  await expect.poll(async () => (await focusOf(page)).name, { timeout: 5000 }).toBe('乌海办法（2023）第五条')
})

test('while a list is being read its shape stands there and says so; when nothing comes, why and what to do', async (context) => {
  needsBrowser(context)
  await fileEntry('慈善组织信息公开系统')
  const { page, ...center } = await signInAs('center')
  const address = /\/api\/v1\/tasks\?/
  const gate = Promise.withResolvers<void>()
  await page.route(address, async (route) => {
    await gate.promise
    await route.continue()
  })
  await page.goto('/')
  await page.getByRole('status').filter({ hasText: '正在读取待办事项' }).waitFor()
  await center.check()
  gate.resolve()
  await page.getByRole('table', { name: '待办事项' }).waitFor()

  await page.unroute(address)
  await page.route(address, (route) => route.abort())
  await page.goto('/')
  await page.getByRole('alert').filter({ hasText: '待办事项未能读取' }).waitFor()
  await center.settled()
  await page.unroute(address)
  await center.press('重新读取')
  await page.getByRole('table', { name: '待办事项' }).waitFor()
})

test('settings that are on their way say so where they will stand, and those that do not come say why', async (context) => {
  needsBrowser(context)
  const { page, ...clerk } = await signInAs('clerk')
  const address = /\/api\/v1\/me\/(?:second-factor|preferences)$/
  await page.route(address, () => undefined)
  await page.goto('/settings')
  for (const what of ['动态口令', '显示和提醒的设置']) {
    const waiting = page.getByRole('status').filter({ hasText: `正在读取${what}` })
    await waiting.waitFor()
    expect((await waiting.boundingBox())?.width).toBeGreaterThan(200)
  }
  await clerk.check()
  await page.unroute(address)
  await page.route(address, (route) => route.abort())
  await page.goto('/settings')
  await page.getByRole('alert').filter({ hasText: '动态口令未能读取' }).waitFor()
  await page.getByRole('alert').filter({ hasText: '显示和提醒的设置未能读取' }).waitFor()
  await clerk.check()
  await page.unroute(address)
})

test('what is not there, not yet there or not for this post is said with the way on', async (context) => {
  needsBrowser(context)
  const auditor = await signInAs('auditor')
  await auditor.open('/')
  await auditor.sees('当前没有待办事项')
  // Nothing to filter, and no filters; one that is set can be cleared.
  expect(await auditor.page.getByRole('search', { name: '待办事项的筛选' }).count()).toBe(0)
  await auditor.open('/?due=week')
  await auditor.sees('没有符合筛选条件的事项')
  expect(await auditor.page.getByRole('search', { name: '待办事项的筛选' }).count()).toBe(1)
  await auditor.open('/cases/00000000-0000-4000-8000-000000000000')
  await auditor.sees('未找到办件')
  await auditor.open('/no-such-page')
  await auditor.sees('未找到地址 /no-such-page 对应的页面')
  await auditor.open('/projects/new')
  await auditor.sees('当前岗位不能申报项目')
  await auditor.sees('需要“项目申报”')
  await auditor.follow('返回工作台')
  await auditor.sees('当前没有待办事项')
})

test('with the network gone, what was typed stays and the page says so', async (context) => {
  needsBrowser(context)
  await fileEntry('婚姻登记预约系统')
  const { page, ...center } = await signInAs('center')
  await center.open('/')
  await center.follow(/^2027年度计划：婚姻登记预约系统/)
  await center.settled()
  await center.type('办理意见', '投资依据充分。', page.locator('form'))
  await page.context().setOffline(true)
  await page.getByRole('status').filter({ hasText: '网络已断开' }).waitFor()
  await center.check()
  await page.getByRole('radio', { name: '同意', exact: true }).check()
  await center.press('同意')
  await page.getByRole('alert').filter({ hasText: '同意未成' }).waitFor()
  expect(await page.getByRole('textbox', { name: '办理意见' }).inputValue()).toBe('投资依据充分。')
  await page.context().setOffline(false)
  await center.press('同意')
  await page.getByRole('region', { name: '办理意见' }).getByText('投资依据充分。').waitFor()
})

test('the menu shows where one is, also where it is longer than the window', async (context) => {
  needsBrowser(context)
  const { page, ...center } = await signInAs('center')
  await page.setViewportSize({ width: 1440, height: 500 })
  await center.open('/catalog')
  const here = page.getByRole('navigation', { name: '主菜单' }).locator('[aria-current=page]')
  const lies = async () =>
    await here.evaluate((link) => ({ end: link.getBoundingClientRect().bottom, page: scrollY, text: link.textContent }))
  expect(await lies()).toMatchObject({ text: '资源目录', page: 0 })
  expect((await lies()).end).toBeLessThanOrEqual(500)
})

test('a page whose code does not come says so, harms no other page, and can be opened again', async (context) => {
  needsBrowser(context)
  const { page, ...center } = await signInAs('center')
  await center.open('/')
  const before = complaints.length
  const itsCode = '**/assets/PolicyPack*'
  await page.route(itsCode, (route) => route.abort())
  const menu = page.getByRole('navigation', { name: '主菜单' })
  await center.follow('制度库', menu)
  await center.sees('页面未能显示')
  await center.check()
  await center.follow('待办', menu)
  await center.sees('当前岗位的待办事项，期限近的在前。')
  await page.unroute(itsCode)
  await center.follow('制度库', menu)
  await center.press('重新打开')
  await page.getByRole('heading', { level: 1, name: '制度库' }).waitFor()
  // The browser's own words for it, and nothing else.
  for (const complaint of complaints.splice(before)) expect(complaint).toContain('Failed to fetch dynamically imported module')
})
