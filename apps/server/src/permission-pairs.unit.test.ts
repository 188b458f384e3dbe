import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '../../..')
const modules = (readdirSync(join(root, 'modules'), { recursive: true }) as string[]).filter((path) => !path.includes('node_modules'))

/** Everybody reads every organisation; the area of a duty is asked within `holdsTask`, of which it is a part. */
const toAll = ['readOrganisation', 'inArea']

/** Names of a file's permissions that are written twice: as a function and as SQL. */
function pairsOf(text: string): string[] {
  const parts = text.split(/^(?=export )/m)
  return parts.flatMap((part) => {
    const name = /^export (?:const|function) (\w+)/.exec(part)?.[1]
    const own = part.split(/^\}/m)[0] ?? ''
    return name && /\ballows\b/.test(own) && /\bwhere\b\s*[:(]/.test(own) ? [name] : []
  })
}

test('every permission that is written as a function and as SQL has a test in its module that asks both', () => {
  const pairs = modules
    .filter((path) => path.endsWith('.permissions.ts'))
    .flatMap((path) => pairsOf(readFileSync(join(root, 'modules', path), 'utf8')).map((name) => ({ name, folder: dirname(path) })))
  expect(pairs.length).toBeGreaterThan(12)
  const untested = pairs.filter(({ name, folder }) => {
    const tests = modules.filter((path) => dirname(path) === folder && path.endsWith('.test.ts'))
    const texts = tests.map((path) => readFileSync(join(root, 'modules', path), 'utf8'))
    return (
      !toAll.includes(name) &&
      !texts.some((text) => new RegExp(`\\b${name}\\b`).test(text) && /\ballows\b/.test(text) && /\bwhere\b/.test(text))
    )
  })
  expect(untested.map(({ name, folder }) => `${folder} ${name}`)).toEqual([])
})
