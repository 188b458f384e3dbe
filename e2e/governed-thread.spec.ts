import { expect, test } from 'vitest'
import { openProject } from './acts.ts'
import { browsedCity, needsBrowser } from './city.ts'
import { wholeThread } from './thread.ts'
import { project } from './thread-approval.ts'

// The thread by keyboard alone goes over the same pages and reads them with axe.
const { signInAs } = await browsedCity({ axe: false })

test('民政局 takes a project through WH23 from a refused proposal to its evaluation, thirteen people at their browsers', async (context) => {
  needsBrowser(context)
  await wholeThread(signInAs)

  const clerk = await signInAs('clerk')
  await openProject(clerk, project)
  await clerk.sees('已评价')
  const figures = await clerk.page.locator('.tc-figures').innerText()
  for (const figure of ['80.00 万元', '78.00 万元', '30.00 万元']) expect(figures).toContain(figure)
}, 600_000)
