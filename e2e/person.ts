import { mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { AxeResults } from 'axe-core'
import type { Browser, Locator, Page } from 'playwright-core'

/** Somebody at a browser of their own: real clicks and typing, found by the words a person would look for. */
export interface Person {
  page: Page
  /** Goes to an address and waits until the page has been read. The page is checked for accessibility. */
  open(path: string): Promise<void>
  /** Waits until nothing is being read any more, and checks the page that is there now. */
  settled(): Promise<void>
  /** Presses the button of this name. */
  press(name: string | RegExp, within?: Locator): Promise<void>
  /** Follows the link of this name. */
  follow(name: string | RegExp, within?: Locator): Promise<void>
  /** Types into the field of this label, over what stood there. */
  type(label: string | RegExp, text: string, within?: Locator): Promise<void>
  /** Picks a choice of a list (下拉选项). */
  choose(label: string | RegExp, option: string, within?: Locator): Promise<void>
  /** Marks a radio button or a box of this label. */
  mark(label: string | RegExp, within?: Locator): Promise<void>
  /** Takes the mark from a box of this label. */
  unmark(label: string | RegExp, within?: Locator): Promise<void>
  /** Chooses a file for the attachment of this label and waits until it is stored. */
  attach(label: string, fileName: string, text: string, within?: Locator): Promise<void>
  /** Waits until these words are on the page. */
  sees(words: string | RegExp, within?: Locator): Promise<void>
}

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const failureFolder = join(import.meta.dirname, '../node_modules/.cache/tongchou/e2e-failures')

/** What went wrong in the browsers of a run without anybody having looked for it. Tests expect none of it. */
export interface Faults {
  list: string[]
}

export interface PersonOptions {
  browser: Browser
  address: string
  /** The city's time; without it the machine's own. */
  now?: Date
  viewport?: { width: number; height: number }
  faults: Faults
}

/** A browser context of one person, nobody signed in yet. */
export async function newPerson({
  browser,
  address,
  now,
  viewport = { width: 1440, height: 900 },
  faults,
}: PersonOptions): Promise<Person> {
  const context = await browser.newContext({
    baseURL: address,
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    viewport,
    reducedMotion: 'reduce',
  })
  context.setDefaultTimeout(10_000)
  if (now) await context.clock.install({ time: now })
  const page = await context.newPage()
  watch(page, address, faults)
  const seen = new Set<string>()
  const settled = async () => {
    await page.locator('h1').first().waitFor()
    await page.waitForFunction(() => document.querySelector('main [aria-busy="true"]') === null)
    const key = await page.evaluate(() => `${location.pathname} ${document.querySelector('main')?.textContent?.length}`)
    if (seen.has(key)) return
    seen.add(key)
    faults.list.push(...(await accessibilityFaults(page)))
  }
  const inside = (within?: Locator) => within ?? page.locator('body')
  const field = (label: string | RegExp, within?: Locator) => inside(within).getByLabel(label, { exact: typeof label === 'string' })
  return {
    page,
    settled,
    open: async (path) => {
      await page.goto(path)
      await settled()
    },
    press: (name, within) =>
      inside(within)
        .getByRole('button', { name, exact: typeof name === 'string' })
        .click(),
    follow: (name, within) =>
      inside(within)
        .getByRole('link', { name, exact: typeof name === 'string' })
        .click(),
    type: (label, text, within) => field(label, within).fill(text),
    choose: async (label, option, within) => {
      await field(label, within).click()
      await page.locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden)').getByTitle(option, { exact: true }).click()
    },
    mark: (label, within) => field(label, within).check(),
    unmark: (label, within) => field(label, within).uncheck(),
    attach: async (label, fileName, text, within) => {
      await inside(within)
        .locator(`input[type=file][aria-label="${label}"]`)
        .setInputFiles({ name: fileName, mimeType: 'text/plain', buffer: Buffer.from(text) })
      await inside(within)
        .getByRole('list', { name: `${label}：已上传` })
        .getByRole('button', { name: `移除 ${fileName}` })
        .waitFor()
    },
    sees: (words, within) => inside(within).getByText(words).first().waitFor(),
  }
}

function watch(page: Page, address: string, faults: Faults): void {
  page.on('pageerror', (error) => faults.list.push(`${page.url()}: ${error.message}`))
  page.on('console', (message) => {
    // Answers such as 404 and 409 are part of the story; a broken policy or a warning of React is not.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      faults.list.push(`${page.url()}: ${message.text()}`)
  })
  page.on('request', (request) => {
    if (!/^(?:data|blob):/.test(request.url()) && !request.url().startsWith(`${address}/`))
      faults.list.push(`${page.url()} asked outside: ${request.url()}`)
  })
}

/** Serious and critical findings of axe on what the page shows now. */
async function accessibilityFaults(page: Page): Promise<string[]> {
  // Evaluated, not added as a script: the page's own policy forbids inline scripts, and stays in force.
  await page.evaluate(`if (!window.axe) { ${axeSource} }`)
  const { violations } = (await page.evaluate('window.axe.run(document, { resultTypes: ["violations"] })')) as AxeResults
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, help, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${page.url()}: ${id} (${help}) at ${target.join(' ')}: ${failureSummary}`),
    )
}

/** Keeps a picture of what a failed test saw, beside the install's other throw-away files. */
export async function pictureOf(page: Page, name: string): Promise<string> {
  mkdirSync(failureFolder, { recursive: true })
  const path = join(failureFolder, `${name}.png`)
  await page.screenshot({ path, fullPage: true })
  return path
}
