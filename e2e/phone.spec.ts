import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { goodProposal } from '../apps/server/src/testing/small-city.ts'
import { browsedCity, needsBrowser } from './city.ts'

const { city, stranger, signInOn } = await browsedCity()
const PHONE = { width: 390, height: 844 }

/** How far the page can be pushed sideways; on a phone it cannot. */
function sideways(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
}

test('a paper is decided on a phone with one thumb: list, case, file, decision with opinion, done', async (context) => {
  needsBrowser(context)
  const speaker = await city.as('clerk')
  const { body } = await speaker.post<{ id: string }>(
    '/api/v1/projects',
    goodProposal({ name: '社会救助一门受理、协同办理综合服务系统（二期）' }),
  )
  await speaker.post(`/api/v1/projects/${body.id}/plan-entries`, { year: 2027, opinion: '' })
  const reviewer = await stranger(PHONE)
  await signInOn(reviewer, 'center')
  const { page } = reviewer
  expect(await sideways(page)).toBe(0)
  await reviewer.follow(/^2027年度计划：社会救助一门受理/)
  await reviewer.settled()
  expect(await sideways(page)).toBe(0)

  const form = page.locator('form.cases-decide')
  await form.getByRole('radiogroup', { name: '办理结果' }).getByText('同意', { exact: true }).click()
  await form.getByRole('button', { name: '同意。', exact: true }).click()
  expect(await form.getByRole('textbox', { name: '办理意见' }).inputValue()).toBe('同意。')
  const send = form.getByRole('button', { name: '同意', exact: true })
  const box = await send.boundingBox()
  // Wide enough and high enough for a thumb, and in view without scrolling.
  expect(box?.height).toBeGreaterThanOrEqual(44)
  expect(box?.width).toBeGreaterThanOrEqual(200)
  await expect(send.isVisible()).resolves.toBe(true)
  await send.click()
  await page.getByRole('region', { name: '办理意见' }).getByText('同意。').waitFor()
  await reviewer.sees('已办结')
  expect(await sideways(page)).toBe(0)
  await reviewer.check()
  await reviewer.open(`/projects/${body.id}`)
  expect(await sideways(page)).toBe(0)
})

test('a table wider than the phone is reached by the keyboard and pushed by the arrow keys; where it fits, it is no stop', async (context) => {
  needsBrowser(context)
  for (const [size, stops] of [
    [PHONE, true],
    [{ width: 1440, height: 900 }, false],
  ] as const) {
    const clerk = await stranger(size)
    await signInOn(clerk, 'clerk')
    const { page } = clerk
    await clerk.open('/tokens')
    const pushed = page.locator('.tc-scroll').filter({ has: page.getByRole('table', { name: '登录会话' }) })
    expect(await pushed.evaluate((part) => part.tabIndex === 0)).toBe(stops)
    if (!stops) continue
    await pushed.focus()
    expect(await page.getByRole('group', { name: '登录会话' }).evaluate((part) => part === document.activeElement)).toBe(true)
    await page.keyboard.press('ArrowRight')
    await page.waitForFunction(() => (document.activeElement?.scrollLeft ?? 0) > 0)
  }
})
