import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { screens } from '../e2e/screens.ts'

const root = join(import.meta.dirname, '..')
const routes = [
  ...globSync('modules/*/web/routes.tsx', { cwd: root }).flatMap((file) =>
    [...readFileSync(join(root, file), 'utf8').matchAll(/path: '([^']+)'/g)].map((found) => found[1] ?? ''),
  ),
  '/password',
  '/sign-in/callback',
]
const picturesOf = (of: typeof screens) =>
  of.flatMap(({ name, states, phone }) => [...states, ...(phone ? ['phone'] : [])].map((state) => `${name}-${state}.png`))
const pictures = picturesOf(screens)
const awaited = picturesOf(screens.filter((screen) => screen.awaited))

test('every page has its pictures: a new route gets a line in e2e/screens.ts', () => {
  expect(routes.length).toBeGreaterThan(60)
  expect(routes.filter((path) => !screens.some(({ route }) => route === path))).toEqual([])
})

test('every line is of a page that there is', () => {
  expect(screens.map(({ route }) => route).filter((route) => route !== '*' && !routes.includes(route))).toEqual([])
})

test('every picture is there, and none is left of a page that is gone: npm run screenshots', () => {
  expect(new Set(pictures).size).toBe(pictures.length)
  // What is awaited and has been taken is awaited no more.
  expect(pictures.filter((file) => !existsSync(join(root, 'docs/screens', file)))).toEqual(awaited)
  expect(globSync('*.png', { cwd: join(root, 'docs/screens') }).filter((file) => !pictures.includes(file))).toEqual([])
})
