import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { matchPath } from 'react-router'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '../../..')
const sources = globSync(
  ['modules/*/web/**/*.{ts,tsx}', 'modules/*/server/**/*.ts', 'packages/ui/**/*.{ts,tsx}', 'apps/web/src/**/*.{ts,tsx}'],
  { cwd: root },
)
  .filter((file) => !/\.test\.tsx?$|node_modules|\.given\.ts$/.test(file))
  .map((file) => ({ file, text: readFileSync(join(root, file), 'utf8') }))

/** Paths of every page: what the modules' `web/routes.tsx` name, and the frame's own. */
const pages = [
  ...sources
    .filter(({ file }) => file.endsWith('web/routes.tsx'))
    .flatMap(({ text }) => [...text.matchAll(/path: '([^']+)'/g)].map((m) => m[1] ?? '')),
  '/password',
]

/** Addresses within the application that code links to: `to`, `href` and `navigate`, with their parts filled in. */
function linksIn(text: string): string[] {
  const places = /(?:\bto=|\bhref=|\bhref: |\bto: |navigate\()\{?(?:\([^)]*\) => )?(['"`])(\/[^'"`]*)\1/g
  return [...text.matchAll(places)].map((m) => (m[2] ?? '').replace(/\$\{[^}]*\}/g, 'x').replace(/[?#].*$/, ''))
}

test('every link of the application leads to a page', () => {
  const links = sources.flatMap(({ file, text }) => linksIn(text).map((link) => ({ file, link })))
  expect(links.length).toBeGreaterThan(40)
  const dead = links.filter(({ link }) => !link.startsWith('/api/') && !pages.some((path) => matchPath(path, link)))
  expect(dead.map(({ file, link }) => `${file}: ${link}`)).toEqual([])
})
