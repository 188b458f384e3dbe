import type { Page } from 'playwright-core'
import { accessibilityFaults } from './person.ts'

/** Widths of the screens that offices have; nothing is clipped and no page goes sideways at any of them. */
const deskWidths = [1440, 1280, 1024]

/** What is wrong with a page as it stands, one line each: contrast and names (axe), page going sideways, words cut off, focus out of sight. */
export async function faultsOf(page: Page, phone: boolean): Promise<string[]> {
  const faults = await accessibilityFaults(page)
  const before = page.viewportSize()
  for (const width of phone ? [before?.width ?? 390] : deskWidths) {
    if (!phone) await page.setViewportSize({ width, height: before?.height ?? 900 })
    faults.push(...(await page.evaluate(cutOff)).map((words) => `at ${width} px: ${words}`))
  }
  if (!phone && before) await page.setViewportSize(before)
  if (phone) faults.push(...(await page.evaluate(tooSmall)))
  await page.keyboard.press('Tab')
  faults.push(...(await page.evaluate(unmarkedFocus)))
  return faults
}

/** Runs in the page: how far it goes sideways, and words that their box does not show whole. */
function cutOff(): string[] {
  const root = document.documentElement
  const wide = root.scrollWidth - root.clientWidth
  const cut = [...document.querySelectorAll<HTMLElement>('main *, header *, [role=dialog] *')].filter((element) => {
    const { overflowX, textOverflow, position } = getComputedStyle(element)
    // What the search finds is shown as an extract; the whole is one press away.
    if (element.closest('.tc-search-option')) return false
    if (overflowX !== 'hidden' || position === 'absolute' || element.clientWidth < 2 || element.title !== '') return false
    // A text that ends in dots on purpose is whole in its title; one without is lost.
    return element.scrollWidth > element.clientWidth + 1 && (textOverflow !== 'ellipsis' || element.closest('[title]') === null)
  })
  return [
    ...(wide > 0 ? [`the page goes ${wide} px sideways`] : []),
    ...cut.map((element) => `cut off: ${element.className}: ${element.textContent?.slice(0, 40)}`),
  ]
}

/** Runs in the page: what a thumb must hit and cannot: under 44 px high or wide. A link within a sentence is as high as its line. */
function tooSmall(): string[] {
  const targets = document.querySelectorAll<HTMLElement>(
    'button, a[href], select, [role=combobox], input:not([type=hidden]):not([type=radio]):not([type=checkbox]), label:has(input[type=radio], input[type=checkbox]), summary',
  )
  return [...targets]
    .filter((element) => {
      const { width, height } = (element.closest('.ant-select, .ant-picker, .ant-input-affix-wrapper') ?? element).getBoundingClientRect()
      const { display, visibility } = getComputedStyle(element)
      if (
        width < 2 ||
        height < 2 ||
        visibility === 'hidden' ||
        element.closest('.tc-skip, .tc-hidden, .ant-input-clear-icon, [aria-hidden=true]')
      )
        return false
      if (display === 'inline' && element.matches('a, .tc-chip')) return false
      return height < 43.5 || width < 43.5
    })
    .map((element) => {
      const { width, height } = element.getBoundingClientRect()
      return `too small for a thumb (${Math.round(width)} × ${Math.round(height)}): ${element.tagName} ${element.className} ${(element.textContent || element.getAttribute('aria-label') || '').trim().slice(0, 30)}`
    })
}

/** Runs in the page after a key was pressed: what shows nothing when it has the keyboard. */
async function unmarkedFocus(): Promise<string[]> {
  // An open dialog keeps the keyboard to itself.
  const place = document.querySelector('[role=dialog]') ?? document
  const stops = [
    ...place.querySelectorAll<HTMLElement>(
      'a[href], button:not(:disabled), input:not([type=hidden]):not(:disabled), select, textarea, summary, [tabindex="0"]',
    ),
  ].filter((element) => element.getClientRects().length > 0 && element.tabIndex >= 0)
  const looks = (element: HTMLElement) =>
    [
      element,
      element.parentElement,
      element.nextElementSibling,
      element.closest('.ant-input-affix-wrapper, .ant-select, .ant-picker, label'),
    ]
      .filter((one): one is Element => one !== null)
      .map((one) => {
        const { outlineStyle, outlineWidth, outlineColor, boxShadow, borderColor } = getComputedStyle(one)
        return `${outlineStyle} ${outlineWidth} ${outlineColor} ${boxShadow} ${borderColor}`
      })
      .concat([...element.querySelectorAll('.tc-path-box')].map((one) => getComputedStyle(one).strokeWidth))
      .join()
  const had = document.activeElement
  const unmarked: HTMLElement[] = []
  for (const element of stops) {
    if (element === had) continue
    const without = looks(element)
    element.focus({ preventScroll: true })
    // A frame is drawn when the library has heard of the focus.
    for (let frame = 0; frame < 20 && looks(element) === without; frame++) await new Promise(requestAnimationFrame)
    if (document.activeElement === element && looks(element) === without) unmarked.push(element)
  }
  return unmarked.map(
    (element) =>
      `shows no focus: ${element.tagName} ${element.className} ${(element.textContent || element.getAttribute('aria-label') || '').trim().slice(0, 30)}`,
  )
}
