import type { Locator, Page } from 'playwright-core'
import { expect } from 'vitest'
import { labelled, type Person } from './person.ts'

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
      const wanted = page.getByRole('menuitem', { name: item, exact: true })
      await wanted.waitFor()
      for (let step = 0; step < 30; step += 1) {
        if (await wanted.evaluate((element) => element.contains(document.activeElement) || /active/.test(element.className))) break
        await page.keyboard.press('ArrowDown')
      }
      await page.keyboard.press('Enter')
    },
    attach: async (label, fileName, text, within) => {
      // The list of what is there stands right after the place to drop; its button opens the chooser of the system.
      const input = inside(within).locator(`input[type=file][aria-label="${label}"]`)
      const button = input.locator('xpath=..').getByRole('button', { name: '选择文件' })
      await reach(page, button)
      const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.keyboard.press('Enter')])
      await chooser.setFiles({ name: fileName, mimeType: 'text/plain', buffer: Buffer.from(text) })
      await inside(within)
        .getByRole('list', { name: `${label}：已上传` })
        .getByRole('button', { name: `移除 ${fileName}` })
        .waitFor()
    },
  }
}

/** Presses Tab until this has the keyboard; backwards when it lies before what has it now. The focus is never lost on the way. */
async function reach(page: Page, target: Locator): Promise<void> {
  await target.waitFor({ state: 'attached' })
  for (let stops = 0; stops < MOST_STOPS; stops += 1) {
    const where = await target.evaluate((element) => {
      const now = document.activeElement
      if (now === element || (now !== null && element.contains(now) && !element.matches('fieldset, form, section'))) return 'here'
      return now !== null && now !== document.body && now.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_PRECEDING
        ? 'before'
        : 'after'
    })
    if (where === 'here') return
    await page.keyboard.press(where === 'before' ? 'Shift+Tab' : 'Tab')
  }
  throw new Error(`no Tab leads to ${target} on ${page.url()}`)
}

/** One of a few: the group is one stop of the Tab key, the arrows go from one to the next and choose it. */
async function pickRadio(page: Page, group: Locator, option: string): Promise<void> {
  const radio = group.getByRole('radio', { name: option, exact: true })
  const all = group.getByRole('radio')
  const count = await all.count()
  const checked = group.locator('input[type=radio]:checked')
  // Without a choice the first one is the stop, from below the last one.
  const inGroup = async () => group.evaluate((element) => element.contains(document.activeElement))
  const stop = (await checked.count()) > 0 ? checked.first() : all.first()
  for (let tries = 0; tries < MOST_STOPS && !(await inGroup()); tries += 1) {
    const before = await stop.evaluate(
      (element) =>
        document.activeElement !== null &&
        document.activeElement !== document.body &&
        Boolean(document.activeElement.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_PRECEDING),
    )
    await page.keyboard.press(before ? 'Shift+Tab' : 'Tab')
  }
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
  const list = page.locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden)')
  await list.getByTitle(option, { exact: true }).first().waitFor()
  for (let step = 0; step < 60; step += 1) {
    const marked = list.locator('.ant-select-item-option-active')
    const title = (await marked.count()) > 0 ? await marked.first().getAttribute('title') : null
    if (title === option) break
    await page.keyboard.press('ArrowDown')
  }
  await page.keyboard.press('Enter')
  await expect.poll(taken, { timeout: 10_000, message: option }).toBe(true)
}
