import { gzipSync } from 'node:zlib'
import { launchBrowser } from '@tongchou/testing'
import type { Figure } from './measure.ts'
import { withPlatform } from './platform.ts'

const MOST_KB = 400

/** JavaScript that Chromium fetches, with nothing kept from before, until 工作台 shows its tasks. */
export async function coldScript(): Promise<Figure[]> {
  const launched = await launchBrowser()
  if (launched.notRun !== undefined) throw new Error(`not run: ${launched.notRun}`)
  const { browser } = launched
  try {
    return await withPlatform(async ({ address }) => {
      const page = await browser.newPage()
      const scripts = new Map<string, Promise<Buffer>>()
      page.on('response', (answer) => {
        if (answer.ok() && answer.request().resourceType() === 'script') scripts.set(answer.url(), answer.body())
      })
      await page.goto(address)
      // A reviewer, from the list of people to become.
      await page.getByRole('region', { name: '大数据中心审核' }).getByRole('button').first().click()
      await page.getByRole('heading', { name: '工作台' }).waitFor()
      await page.waitForLoadState('networkidle')
      const bodies = await Promise.all(scripts.values())
      const bytes = bodies.reduce((sum, body) => sum + gzipSync(body).length, 0)
      const kilobytes = bytes / 1000
      return [
        {
          name: 'JavaScript until 工作台 is usable',
          ours: `${kilobytes.toFixed(0)} kB gzip in ${bodies.length} files`,
          wanted: `≤ ${MOST_KB} kB`,
          holds: kilobytes <= MOST_KB,
        },
      ]
    })
  } finally {
    await browser.close()
  }
}
