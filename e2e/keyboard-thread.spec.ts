import { expect, test } from 'vitest'
import { openProject } from './acts.ts'
import { browsedCity, needsBrowser } from './city.ts'
import { withKeyboardAlone } from './keyboard-person.ts'
import { wholeThread } from './thread.ts'
import { project } from './thread-approval.ts'

const { signInAs } = await browsedCity({ hands: withKeyboardAlone })

test('the whole thread by keyboard alone: thirteen people without a mouse, from the refused proposal to the evaluation', async (context) => {
  needsBrowser(context)
  await wholeThread(signInAs)
  const clerk = await signInAs('clerk')
  await openProject(clerk, project)
  await clerk.sees('已评价')
}, 900_000)

test('what a screen reader is told: landmarks, one heading of the first order, named lists and tables, the path as a list', async (context) => {
  needsBrowser(context)
  const { page, ...center } = await signInAs('center')
  await openProject({ page, ...center }, project)
  await page.getByRole('banner').waitFor()
  await page.getByRole('navigation', { name: '菜单' }).or(page.getByRole('navigation').first()).first().waitFor()
  await page.getByRole('main').waitFor()
  expect(await page.getByRole('heading', { level: 1 }).count()).toBe(1)
  for (const table of await page.getByRole('table').all()) {
    expect((await table.getAttribute('aria-label')) ?? (await table.locator('caption').innerText())).toBeTruthy()
    expect(await table.getByRole('columnheader').count()).toBeGreaterThan(0)
  }
  await center.open('/tasks/done')
  await center.follow(/^(?!查看|办理)/, page.getByRole('table').first().getByRole('row').nth(1))
  await page.getByRole('region', { name: '办理流程' }).waitFor()
  await center.settled()
  expect(await page.getByRole('region', { name: '办理流程' }).getByRole('list').count()).toBeGreaterThan(0)
})
