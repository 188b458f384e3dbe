import type { Locator, Page } from 'playwright-core'
import { expect } from 'vitest'
import { labelled, type Person } from './person.ts'

/** Most lines of a list or a menu that one goes through. */
const MOST_LINES = 60
/** Most stops of the Tab key that a page of the thread may have before the thing one wants. */
const MOST_STOPS = 400

/**
 * The same person without a mouse: Tab to what is wanted, in the direction in which it lies, then the keys that it takes. Nothing is
 * clicked and nothing is focused from outside. Names and roles are those of the accessibility tree.
 */
export function withKeyboardAlone(person: Person): Person {
  const { page } = person
  // Always listened for: a chooser that opens before anybody listens is closed by the browser.
  page.on('filechooser', () => undefined)
  const inside = (within?: Locator) => within ?? page.locator('body')
  const field = (label: string, within?: Locator) => inside(within).getByLabel(labelled(label))
  const named = (name: string | RegExp) => ({ name, exact: typeof name === 'string' })
  const enter = async (target: Locator) => {
    await reach(page, target)
    await page.keyboard.press('Enter')
  }
  const write = async (target: Locator, text: string) => {
    await reach(page, target)
    await page.keyboard.press('Control+A')
    await page.keyboard.press('Delete')
    await page.keyboard.insertText(text)
  }
  const toggle = async (box: Locator, checked: boolean) => {
    await reach(page, box)
    if ((await box.isChecked()) !== checked) await page.keyboard.press('Space')
    await expect.poll(() => box.isChecked()).toBe(checked)
  }
  return {
    ...person,
    press: (name, within) => enter(inside(within).getByRole('button', named(name)).first()),
    follow: (name, within) => enter(inside(within).getByRole('link', named(name)).first()),
    type: (label, text, within) => write(field(label, within), text),
    date: async (label, day, within) => {
      await write(field(label, within), day)
      await page.keyboard.press('Enter')
    },
    choose: (label, option, within) => chooseOption(page, field(label, within), option),
    pick: (group, option, within) => pickRadio(page, inside(within).getByRole('radiogroup', { name: group }), option),
    tick: (label, within) => toggle(inside(within).getByRole('checkbox', { name: label, exact: true }), true),
    untick: (label, within) => toggle(inside(within).getByRole('checkbox', { name: label, exact: true }), false),
    command: async (menu, item) => {
      await enter(page.getByRole('button', { name: menu, exact: true }))
      await page.getByRole('menuitem', { name: item, exact: true }).waitFor()
      await goDownTo(page, item, () => page.evaluate(markedItem))
      await page.keyboard.press('Enter')
    },
    attach: async (label, fileName, text, within) => {
      const there = inside(within)
        .getByRole('list', { name: `${label}：已上传` })
        .getByRole('button', { name: `移除 ${fileName}` })
      // Kept from an attempt that was refused: nobody attaches it twice.
      if ((await there.count()) > 0) return
      // The list of what is there stands right after the place to drop; its button opens the chooser of the system.
      const input = inside(within).locator(`input[type=file][aria-label="${label}"]`)
      const button = input.locator('xpath=..').getByRole('button', { name: '选择文件' })
      await reach(page, button)
      const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.keyboard.press('Enter')])
      await chooser.setFiles({ name: fileName, mimeType: 'text/plain', buffer: Buffer.from(text) })
      await there.waitFor()
    },
  }
}

/** Presses Tab until this has the keyboard; backwards when it lies before what has it now. The focus is never lost on the way. */
async function reach(page: Page, target: Locator): Promise<void> {
  // Found by its name once, and again only when the page has put another in its place: a look-up at every stop is most of the time.
  let wanted = await target.elementHandle()
  for (let stops = 0; stops < MOST_STOPS; stops += 1) {
    const where = await wanted?.evaluate((element) => {
      if (!element.isConnected) return 'gone'
      const now = document.activeElement
      if (now === element || (now !== null && element.contains(now) && !element.matches('fieldset, form, section'))) return 'here'
      return now !== null && now !== document.body && now.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_PRECEDING
        ? 'before'
        : 'after'
    })
    if (where === 'here') return
    if (where === 'gone') wanted = await target.elementHandle()
    else await page.keyboard.press(where === 'before' ? 'Shift+Tab' : 'Tab')
  }
  throw new Error(`no Tab leads to ${target} on ${page.url()}`)
}

/** Presses Down until the line that is wanted is marked. A slow page marks late: who does not wait for it goes too far. */
async function goDownTo(page: Page, wanted: string, marked: () => Promise<string | null>): Promise<void> {
  for (let line = 0; line < MOST_LINES; line += 1) {
    const now = await marked()
    if (now === wanted) return
    await page.keyboard.press('ArrowDown')
    await expect.poll(marked, { timeout: 10_000, message: `below ${now}` }).not.toBe(now)
  }
  throw new Error(`no arrow leads to ${wanted} on ${page.url()}`)
}

/** Runs in the page: the line of the open menu that has the keyboard. */
function markedItem(): string | null {
  const items = [...document.querySelectorAll('[role=menuitem]')]
  const marked = items.find((item) => item.contains(document.activeElement) || /active/.test(item.className))
  return marked?.textContent?.trim() ?? null
}

/** Runs in the page: the line of the open list that Enter would take. */
function markedOption(): string | null {
  const open = '.ant-select-dropdown:not(.ant-select-dropdown-hidden)'
  return document.querySelector(`${open} .ant-select-item-option-active`)?.getAttribute('title') ?? null
}

/** One of a few: the group is one stop of the Tab key, the arrows go from one to the next and choose it. */
async function pickRadio(page: Page, group: Locator, option: string): Promise<void> {
  const radio = group.getByRole('radio', { name: option, exact: true })
  const all = group.getByRole('radio')
  const count = await all.count()
  const checked = group.locator('input[type=radio]:checked')
  // Without a choice the first one is the stop.
  await reach(page, (await checked.count()) > 0 ? checked.first() : all.first())
  if (await radio.evaluate((element) => element === document.activeElement)) await page.keyboard.press('Space')
  for (let step = 0; step < count && !(await radio.isChecked()); step += 1) {
    await page.keyboard.press('ArrowDown')
    if (await radio.evaluate((element) => element === document.activeElement)) await expect.poll(() => radio.isChecked()).toBe(true)
  }
  await expect.poll(() => radio.isChecked(), { message: option }).toBe(true)
}

/** One of a list that opens: Down opens it and goes on, Enter takes what is marked. */
async function chooseOption(page: Page, input: Locator, option: string): Promise<void> {
  const shown = input.locator('xpath=..')
  const taken = async () =>
    ((await shown.getAttribute('class'))?.includes('has-value') ?? false) && (await shown.innerText()).trim() === option
  if (await taken()) return
  await reach(page, input)
  await page.keyboard.press('ArrowDown')
  await page.locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden)').getByTitle(option, { exact: true }).first().waitFor()
  await goDownTo(page, option, () => page.evaluate(markedOption))
  await page.keyboard.press('Enter')
  await expect.poll(taken, { timeout: 10_000, message: option }).toBe(true)
}
