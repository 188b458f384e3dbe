import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '..')
const pages = globSync(['modules/*/web/**/*.{ts,tsx,css}', 'apps/web/src/**/*.{ts,tsx,css}'], { cwd: root })

test('what is pushed sideways stands in the shared Sideways, which a keyboard reaches', () => {
  expect(pages.length).toBeGreaterThan(100)
  expect(pages.filter((file) => readFileSync(join(root, file), 'utf8').includes('tc-scroll'))).toEqual([])
})

test('no page has a date field of the browser, which speaks the language of the browser and not of the page', () => {
  const shared = globSync('packages/ui/*.tsx', { cwd: root })
  expect([...pages, ...shared].filter((file) => /type="date"/.test(readFileSync(join(root, file), 'utf8')))).toEqual([])
})
