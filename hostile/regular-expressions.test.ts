import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { parseSync } from 'vite'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '..')

/** A regular expression of the source, and where it stands. */
interface Pattern {
  source: string
  flags: string
  place: string
}

/** Every regular expression of the product: literals, and the patterns of schemas. */
function patternsOf(path: string): Pattern[] {
  const found: Pattern[] = []
  const visit = (node: unknown, key: string): void => {
    if (typeof node !== 'object' || node === null) return
    const { type, regex, value } = node as { type?: string; regex?: { pattern: string; flags: string }; value?: unknown }
    if (type === 'Literal' && regex) found.push({ source: regex.pattern, flags: regex.flags, place: path })
    else if (type === 'Literal' && key === 'pattern' && typeof value === 'string') found.push({ source: value, flags: 'u', place: path })
    const named = type === 'Property' ? String((node as { key?: { name?: string } }).key?.name ?? '') : ''
    for (const [name, inner] of Object.entries(node)) {
      for (const one of Array.isArray(inner) ? inner : [inner])
        visit(one, name === 'value' && named !== '' ? named : key === 'pattern' ? '' : name)
    }
  }
  visit(parseSync(path, readFileSync(join(root, path), 'utf8')).program, '')
  return found
}

function sourceFiles(): string[] {
  const own = (path: string) => /\.tsx?$/.test(path) && !/\.(test|spec|given|fixture)\.tsx?$|\/testing\/|node_modules|\/dist\//.test(path)
  return ['apps', 'modules', 'packages'].flatMap((folder) =>
    (readdirSync(join(root, folder), { recursive: true }) as string[]).map((name) => `${folder}/${name}`).filter(own),
  )
}

// In a worker, because a regular expression that does not end cannot be stopped from inside its own thread.
const worker = `
const { parentPort } = require('node:worker_threads')
parentPort.on('message', ({ source, flags }) => {
  const own = [...new Set(source.replace(/\\\\[a-zA-Z]|[\\[\\](){}?*+|^$.]/g, ''))].slice(0, 6)
  const many = 50000
  const attacks = ['a', ' ', '0', 'A0-', 'a.', '\\t', '汉', '(', ...own, own.join('')].filter((part) => part !== '')
  for (const part of attacks)
    for (const tail of ['', '!', '\\u0000'])
      new RegExp(source, flags.replace(/[gy]/g, '')).test(part.repeat(Math.ceil(many / part.length)) + tail)
  parentPort.postMessage('done')
})`

let thread: Worker | undefined

/** Whether it comes back at all, within a bound that only what multiplies its work reaches. A thread that does not is ended. */
function comesBack(pattern: Pattern): Promise<boolean> {
  return new Promise((resolve) => {
    const own = thread ?? new Worker(worker, { eval: true })
    thread = own
    const bound = setTimeout(() => {
      thread = undefined
      void own.terminate().then(() => resolve(false))
    }, 60_000)
    own.once('message', () => {
      clearTimeout(bound)
      resolve(true)
    })
    own.postMessage(pattern)
  })
}

test('no regular expression of the product can be kept busy by a text', async () => {
  const all = sourceFiles().flatMap(patternsOf)
  const different = [...new Map(all.map((pattern) => [`${pattern.source}/${pattern.flags}`, pattern])).values()]
  console.log(`${different.length} regular expressions in ${new Set(all.map(({ place }) => place)).size} files`)
  expect(different.length).toBeGreaterThan(60)
  const stuck: string[] = []
  for (const pattern of different) if (!(await comesBack(pattern))) stuck.push(`${pattern.place}: /${pattern.source}/${pattern.flags}`)
  await thread?.terminate()
  expect(stuck).toEqual([])
}, 600_000)
