// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createContext, runInContext } from 'node:vm'
import { expect, test } from 'vitest'

const script = readFileSync(join(import.meta.dirname, '../public/browser-check.js'), 'utf8')

interface Given {
  noModule?: boolean
  where?: boolean
  resizeObserver?: boolean
  replaceAll?: boolean
}

/** Runs the check in a browser that knows this much, and gives what the reader then sees. */
function opened({ noModule = true, where = true, resizeObserver = true, replaceAll = true }: Given) {
  const attributes = new Set<string>()
  const waiting: (() => void)[] = []
  const document = {
    title: '统筹',
    body: { innerHTML: '' },
    documentElement: { setAttribute: (name: string) => attributes.add(name) },
    createElement: () => (noModule ? { noModule: false } : {}),
    addEventListener: (_event: string, act: () => void) => waiting.push(act),
  }
  const CSS = { supports: () => where }
  const context = createContext({ document, window: { CSS, ...(resizeObserver ? { ResizeObserver: true } : {}) }, CSS })
  if (!replaceAll) runInContext('delete String.prototype.replaceAll', context)
  runInContext(script, context)
  for (const act of waiting) act()
  return { isRefused: attributes.has('data-too-old'), title: document.title, text: document.body.innerHTML }
}

test('a browser that is new enough is let in without a word', () => {
  expect(opened({})).toEqual({ isRefused: false, title: '统筹', text: '' })
})

test.each([
  ['Chromium before 61, without modules', { noModule: false }],
  ['Chromium 78 to 87, without :where', { where: false }],
  ['Chromium before 64, without ResizeObserver', { resizeObserver: false }],
  ['Chromium before 85, without replaceAll', { replaceAll: false }],
])('%s gets a page that says so and what works, instead of a blank one', (_name, given: Given) => {
  const { isRefused, title, text } = opened(given)
  expect(isRefused).toBe(true)
  expect(title).toContain('浏览器版本过低')
  for (const word of ['Chrome', 'Edge', '360 安全浏览器', '奇安信', '统信', '内网', '信息化管理人员']) expect(text).toContain(word)
})

test('the check itself uses no syntax that an old browser does not read', () => {
  expect(script).not.toMatch(/=>|\blet\b|\bconst\b|`|\?\.|\?\?|\.\.\./)
})
