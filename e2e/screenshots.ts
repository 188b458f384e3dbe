import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { launchBrowser } from '../packages/testing/browser.ts'
import { faultsOf } from './judge.ts'
import { startPlatform } from './platform.ts'
import { withFewColours } from './png.ts'
import { type ScreenCity, screenCity } from './screen-city.ts'
import { type Screen, type State, screens } from './screens.ts'
import { builtWeb } from './web-build.ts'

/**
 * Takes every screen of the demo city into docs/screens (`npm run screenshots`) in its states, at 1440 px and what is meant for the phone at
 * 390 px, and judges each page it takes: contrast, names, sizes for a thumb, focus, nothing cut off at 1440, 1280 and 1024 px. What it
 * finds it prints, and it ends with 1. Names of screens take only those; `--at` uses a platform that runs, `--whole` takes whole pages,
 * `--into` puts them elsewhere, `--states filled,phone` takes no others, `--look` judges nothing.
 */
const present = '2026-11-20T02:00:00Z'
const { values: options, positionals: wanted } = parseArgs({
  allowPositionals: true,
  options: {
    at: { type: 'string' },
    into: { type: 'string' },
    whole: { type: 'boolean', default: false },
    states: { type: 'string' },
    look: { type: 'boolean', default: false },
  },
})
const folder = options.into ?? join(import.meta.dirname, '../docs/screens')
const phoneSize = { width: 390, height: 844 }
/** A4 at 96 px to the inch. */
const paperSize = { width: 794, height: 1123 }

const isWanted = (state: State | 'phone') => options.states === undefined || options.states.split(',').includes(state)

const faults: string[] = []
mkdirSync(folder, { recursive: true })
const launched = await launchBrowser()
if ('notRun' in launched) throw new Error(launched.notRun)
try {
  if (options.at) await takeAll(launched.browser, options.at)
  else await onOwnPlatform((address) => takeAll(launched.browser, address))
} finally {
  await launched.browser.close()
}
for (const fault of new Set(faults)) process.stdout.write(`${fault}\n`)
if (faults.length > 0) process.exitCode = 1

async function onOwnPlatform(take: (address: string) => Promise<void>): Promise<void> {
  await builtWeb()
  const data = mkdtempSync(join(tmpdir(), 'tongchou-screens-'))
  const platform = await startPlatform(data, { TONGCHOU_NOW: present, TONGCHOU_DEMO: '1' })
  try {
    await take(platform.address)
  } finally {
    await platform.end('SIGTERM')
    rmSync(data, { recursive: true, force: true })
  }
}

async function takeAll(browser: Browser, address: string): Promise<void> {
  const city = await screenCity(browser, address, present)
  for (const screen of screens.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
    // One screen that cannot be reached is told at the end with the rest.
    await takeScreen(city, screen).catch((error) => faults.push(`${screen.name}: not taken: ${error.message}`))
  }
}

async function takeScreen(city: ScreenCity, screen: Screen): Promise<void> {
  const desk = await city.signedIn(screen.as)
  try {
    await prepared(desk, screen)
    const path = await screen.path(city.finderOf(desk))
    for (const state of screen.states.filter(isWanted)) {
      if (state === 'forbidden') await as(city, 'tender-officer', {}, (context) => shoot(context, screen, path, state))
      else await shoot(desk, screen, path, state)
    }
    if (screen.phone && isWanted('phone'))
      await as(city, screen.as, { viewport: phoneSize, isMobile: true, hasTouch: true }, async (context) => {
        await prepared(context, screen)
        await shoot(context, screen, path, 'phone')
      })
  } finally {
    await desk.close()
  }
}

async function as(city: ScreenCity, who: string, how: object, act: (context: BrowserContext) => Promise<void>): Promise<void> {
  const context = await city.signedIn(who, how)
  await act(context).finally(() => context.close())
}

/** The browser and the settings of who looks. */
async function prepared(context: BrowserContext, { display, oldBrowser }: Screen): Promise<void> {
  if (oldBrowser) await context.addInitScript(() => Reflect.deleteProperty(String.prototype, 'replaceAll'))
  if (!display) return
  await context.route('**/api/v1/me', async (route) => {
    const answer = await route.fetch()
    return route.fulfill({ response: answer, json: { ...(await answer.json()), display } })
  })
}

async function shoot(context: BrowserContext, screen: Screen, path: string, state: State | 'phone'): Promise<void> {
  const page = await context.newPage()
  try {
    await answered(page, screen, state)
    if (state === 'paper') await asPaper(page)
    await page.goto(path)
    await settled(page, state)
    const plain = state === 'empty' || state === 'loading' || state === 'error' || state === 'forbidden'
    if (!plain && screen.moment) {
      await screen.moment(page)
      await settled(page, state)
    }
    if (state === 'phone' && screen.phoneAt) await screen.phoneAt(page).evaluate((part) => part.scrollIntoView({ block: 'center' }))
    if (screen.oldBrowser) await withShippedFont(page)
    await page.evaluate(() => document.fonts.ready)
    const name = `${screen.name}-${state}`
    writeFileSync(join(folder, `${name}.png`), withFewColours(await page.screenshot({ fullPage: options.whole })))
    process.stderr.write(`${name}\n`)
    if (!plain && state !== 'paper' && !options.look)
      faults.push(...(await faultsOf(page, state === 'phone')).map((fault) => `${name}: ${fault}`))
  } finally {
    await page.close()
  }
}

/** The page for old browsers takes the machine's own Chinese font; a machine that takes pictures may have none. */
async function withShippedFont(page: Page): Promise<void> {
  const assets = join(import.meta.dirname, '../apps/web/dist/assets')
  const sheet = readdirSync(assets).find((name) => /^fonts-.*\.css$/.test(name))
  if (!sheet) return
  await page.addStyleTag({ url: `/assets/${sheet}` })
  await page.addStyleTag({ content: 'body * { font-family: "Noto Sans SC" !important }' })
  await page.waitForLoadState('networkidle')
}

/** A page whose one question is answered with nothing, not at all, or with a failure. */
async function answered(page: Page, { reads }: Screen, state: State | 'phone'): Promise<void> {
  if (reads === undefined || (state !== 'empty' && state !== 'loading' && state !== 'error')) return
  await page.route(reads, async (route) => {
    if (route.request().method() !== 'GET') return route.continue()
    if (state === 'loading') return
    if (state === 'error') return route.abort()
    const answer = await route.fetch()
    return route.fulfill({ json: emptied((await answer.json()) as Record<string, unknown>) })
  })
}

/** A list with nothing in it, and the figures beside it: a page that says 16 and shows none would be nobody's. */
function emptied(answer: Record<string, unknown>): Record<string, unknown> {
  if (!('items' in answer))
    return Object.fromEntries(Object.entries(answer).map(([name, value]) => [name, typeof value === 'number' ? 0 : value]))
  const lists = Object.entries(answer).map(([name, value]) => [name, Array.isArray(value) ? [] : value])
  return { ...Object.fromEntries(lists), nextCursor: null }
}

async function settled(page: Page, state: State | 'phone'): Promise<void> {
  // On a busy machine the network rests before the program has drawn anything: an empty page has nothing busy on it either.
  await page.waitForFunction(() => document.body.innerText.trim().length > 20, undefined, { timeout: 90_000 })
  if (state === 'loading') {
    // The program of a page is on its way first; what is shown is the page, with its name, waiting for what it reads.
    await page.locator('main h1').first().waitFor({ timeout: 90_000 })
    return page.locator('main [aria-busy="true"]').first().waitFor({ timeout: 90_000 })
  }
  await page.waitForLoadState('networkidle')
  await page.waitForFunction(() => document.querySelector('[aria-busy="true"]') === null)
}

/** The sheet as it prints: the page's own margins are those of `@page`, which a screen does not draw. */
async function asPaper(page: Page): Promise<void> {
  await page.emulateMedia({ media: 'print' })
  await page.setViewportSize(paperSize)
  await page.addInitScript(() =>
    document.addEventListener('DOMContentLoaded', () => {
      const margins = document.createElement('style')
      margins.textContent = '@media print { [data-paper] body { padding: 37mm 26mm 35mm 28mm } }'
      document.head.append(margins)
    }),
  )
}
