import { mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { AxeResults } from 'axe-core'
import type { Browser, Locator, Page } from 'playwright-core'
import { expect } from 'vitest'

/** Somebody at a browser of their own: real clicks and typing, found by the words a person would look for. */
export interface Person {
  page: Page
  /** Goes to an address and waits until the page has been read. The page is checked for accessibility. */
  open(path: string): Promise<void>
  /** Waits until nothing is being read any more, and checks the page that is there now. */
  settled(): Promise<void>
  /** Checks what is on the page now, also while it is being read. */
  check(): Promise<void>
  /** Waits until these words are on the page. */
  sees(words: string | RegExp, within?: Locator): Promise<void>
  /** Presses the button of this name. */
  press(name: string | RegExp, within?: Locator): Promise<void>
  /** Follows the link of this name. */
  follow(name: string | RegExp, within?: Locator): Promise<void>
  /** Types into the field of this label, over what stood there. */
  type(label: string, text: string, within?: Locator): Promise<void>
  /** Types a date and takes it. */
  date(label: string, day: string, within?: Locator): Promise<void>
  /** Picks one of a list that opens (下拉选项). */
  choose(label: string, option: string, within?: Locator): Promise<void>
  /** Picks one of a few that are all in sight (单选). */
  pick(group: string, option: string, within?: Locator): Promise<void>
  /** Sets the mark of a box (复选). */
  tick(label: string, within?: Locator): Promise<void>
  /** Takes the mark from a box. */
  untick(label: string, within?: Locator): Promise<void>
  /** Chooses a line of a menu that a button opens (更多办理). */
  command(menu: string, item: string): Promise<void>
  /** Chooses a file for the attachment of this label and waits until it is stored. */
  attach(label: string, fileName: string, text: string, within?: Locator): Promise<void>
}

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const failureFolder = join(import.meta.dirname, '../node_modules/.cache/tongchou/e2e-failures')

/** What went wrong in the browsers of a run without anybody having looked for it. Tests expect none of it. */
export interface Faults {
  list: string[]
  /** Kinds of page that axe has been run on; null where axe is left to another journey over the same pages. */
  checked: Set<string> | null
}

export function noFaults(): Faults {
  return { list: [], checked: new Set() }
}

export interface PersonOptions {
  browser: Browser
  address: string
  /** The city's time; without it the machine's own. */
  now?: Date
  viewport?: { width: number; height: number }
  faults: Faults
  /** Where else a page may send the browser: the city's sign-on. */
  elsewhere?: readonly string[]
}

/** A browser context of one person, nobody signed in yet. */
export async function newPerson({
  browser,
  address,
  now,
  viewport = { width: 1440, height: 900 },
  faults,
  elsewhere = [],
}: PersonOptions): Promise<Person> {
  const context = await browser.newContext({
    baseURL: address,
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    viewport,
    reducedMotion: 'reduce',
  })
  context.setDefaultTimeout(20_000)
  if (now) await context.addInitScript(moveClock, now.getTime() - Date.now())
  const page = await context.newPage()
  watch(page, [address, ...elsewhere], faults)
  const check = async () => {
    // Half drawn, a drawer that comes in has the contrast of half a drawer.
    await page.waitForFunction(() =>
      document
        .getAnimations()
        .every((one) => one.playState !== 'running' || one.effect?.getComputedTiming().iterations === Number.POSITIVE_INFINITY),
    )
    if (faults.checked === null) return
    const kind = await kindOfPage(page)
    if (faults.checked.has(kind)) return
    faults.checked.add(kind)
    faults.list.push(...(await accessibilityFaults(page)))
  }
  const settled = async () => {
    await page.locator('h1').first().waitFor()
    await page.waitForFunction(() => document.querySelector('main [aria-busy="true"]') === null)
    await check()
  }
  const inside = (within?: Locator) => within ?? page.locator('body')
  const field = (label: string, within?: Locator) => inside(within).getByLabel(labelled(label))
  return {
    page,
    settled,
    check,
    open: async (path) => {
      await page.goto(path, { waitUntil: 'commit' })
      await settled()
    },
    sees: (words, within) => inside(within).getByText(words).filter({ visible: true }).first().waitFor(),
    press: (name, within) =>
      inside(within)
        .getByRole('button', { name, exact: typeof name === 'string' })
        .click(),
    follow: (name, within) =>
      inside(within)
        .getByRole('link', { name, exact: typeof name === 'string' })
        .click(),
    type: (label, text, within) => field(label, within).fill(text),
    date: async (label, day, within) => {
      await field(label, within).fill(day)
      await field(label, within).press('Enter')
    },
    choose: async (label, option, within) => {
      const shown = field(label, within).locator('xpath=..')
      // What the rules say appears while one types and moves what is below: a click that lost its option is made again.
      await expect
        .poll(
          async () => {
            if ((await shown.getAttribute('class'))?.includes('has-value') && (await shown.innerText()).trim() === option) return true
            await field(label, within).click()
            // Soon or anew: a list that was opened while its dialog came in may have been closed by that.
            const list = page.locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden)')
            await list.getByTitle(option, { exact: true }).click({ timeout: 3000 })
            return false
          },
          { timeout: 20_000, message: `${label}: ${option}` },
        )
        .toBe(true)
    },
    pick: async (group, option, within) => {
      const radio = inside(within).getByRole('radiogroup', { name: group }).getByRole('radio', { name: option, exact: true })
      await radio.click()
      // A choice that is kept in the address is shown when the address has it.
      await expect.poll(() => radio.isChecked(), { message: `${group}: ${option}` }).toBe(true)
    },
    tick: (label, within) => inside(within).getByRole('checkbox', { name: label, exact: true }).check(),
    untick: (label, within) => inside(within).getByRole('checkbox', { name: label, exact: true }).uncheck(),
    command: async (menu, item) => {
      await page.getByRole('button', { name: menu, exact: true }).click()
      await page.getByRole('menuitem', { name: item, exact: true }).click()
    },
    attach: async (label, fileName, text, within) => {
      const there = inside(within)
        .getByRole('list', { name: `${label}：已上传` })
        .getByRole('button', { name: `移除 ${fileName}` })
      // Kept from an attempt that was refused: nobody attaches it twice.
      if ((await there.count()) > 0) return
      await inside(within)
        .locator(`input[type=file][aria-label="${label}"]`)
        .setInputFiles({ name: fileName, mimeType: 'text/plain', buffer: Buffer.from(text) })
      await there.first().waitFor()
    },
  }
}

/** Runs in the page: its clock shows the city's time, and goes on. Timers stay the browser's own. */
export function moveClock(offset: number): void {
  const Machine = Date
  class CityDate extends Machine {
    constructor(...parts: unknown[]) {
      super(...((parts.length === 0 ? [Machine.now() + offset] : parts) as []))
    }
    static override now(): number {
      return Machine.now() + offset
    }
  }
  globalThis.Date = CityDate as DateConstructor
}

/** A label as it stands before its field, with or without the word that says whether and when it must be filled in. */
export function labelled(label: string): RegExp {
  return new RegExp(`^${label.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?:（[^（）]{1,10}）)?$`)
}

function watch(page: Page, addresses: readonly string[], faults: Faults): void {
  page.on('pageerror', (error) => faults.list.push(`${page.url()}: ${error.message}`))
  page.on('console', (message) => {
    // Answers such as 404 and 409 are part of the story; a broken policy or a warning of React is not.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      faults.list.push(`${page.url()}: ${message.text()}`)
  })
  page.on('request', (request) => {
    if (!/^(?:data|blob):/.test(request.url()) && !addresses.some((address) => request.url().startsWith(`${address}/`)))
      faults.list.push(`${page.url()} asked outside: ${request.url()}`)
  })
}

/** The address without its identifiers, and the kinds of parts the page has: pages that differ only in their words are checked once. */
function kindOfPage(page: Page): Promise<string> {
  return page.evaluate(() => {
    const parts = document.querySelectorAll('[role], [class^=tc-], [class*=" tc-"], form, table, fieldset, input, textarea, svg, iframe')
    const kinds = [...parts].map(
      (part) => part.getAttribute('role') ?? part.getAttribute('class')?.match(/\btc-[a-z]+/)?.[0] ?? part.tagName,
    )
    return `${location.pathname.replaceAll(/[0-9a-f-]{36}/g, '*')} ${[...new Set(kinds)].sort().join()}`
  })
}

/** Serious and critical findings of axe on what the page shows now. */
export async function accessibilityFaults(page: Page): Promise<string[]> {
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
