import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '../../..')
const table = readFileSync(join(root, 'docs/security/gbt-22239-level-3.md'), 'utf8')

/** `file › name` and `file` alone, as the table cites them. */
const cited = [...table.matchAll(/`([\w./-]+\.(?:test|spec)\.tsx?)(?: › ([^`]+))?`/g)].map((found) => ({
  file: found[1] ?? '',
  name: found[2],
}))

test('every test that the table of GB/T 22239 cites exists, under the name it is cited by', () => {
  expect(cited.length).toBeGreaterThan(50)
  const missing = cited.filter(({ file, name }) => {
    const path = join(root, file)
    if (!existsSync(path)) return true
    return name !== undefined && !namesIn(readFileSync(path, 'utf8')).some((one) => one.startsWith(name))
  })
  expect(missing).toEqual([])
})

test('a line without a test says that the city answers it, or what is missing', () => {
  const rows = table.split('\n').filter((line) => /^\| (?!条款|-)/.test(line))
  expect(rows.length).toBeGreaterThan(40)
  expect(rows.filter((row) => !row.includes('›') && !row.includes('.test.ts') && !/环境|部分/.test(row))).toEqual([])
})

/** Names of tests, of groups, and of rows of `test.each`, as they stand in the source. */
function namesIn(text: string): string[] {
  return [...text.matchAll(/(['`])((?:(?!\1)[^\\\n]|\\.)+)\1/g)].map((found) => found[2] ?? '')
}
