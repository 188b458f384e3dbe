import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { parseSync } from 'vite'

interface Manifest {
  name: string
  version: string
  license?: string
  type?: string
  exports?: Record<string, string>
  dependencies?: Record<string, string>
}

/**
 * Copies a program of ours into a `node_modules` of its own: every file that its entry reaches, types blanked out so that lines and columns stay, and every
 * library with those that it needs. Nothing that is not reached comes along.
 */
export function gather(root: string, name: string, entry: string, into: string): void {
  const done = new Set<string>()
  const libraries = new Set<string>()
  const units = new Set<string>()

  const library = (wanted: string, from: string) => {
    const folder = folderOf(wanted, from)
    if (!folder) throw new Error(`${wanted}, which ${from} needs, is not installed`)
    if (libraries.has(folder)) return
    libraries.add(folder)
    cpSync(folder, join(into, relative(join(root, 'node_modules'), folder)), { recursive: true, dereference: true, filter: isNeeded })
    for (const needed of Object.keys(manifestIn(folder).dependencies ?? {})) if (!needed.startsWith('@types/')) library(needed, folder)
  }

  const file = (unit: string, path: string) => {
    const known = `${unit}/${path}`
    if (done.has(known)) return
    done.add(known)
    const folder = join(root, 'node_modules', unit)
    if (!units.has(unit)) {
      units.add(unit)
      write(into, `${unit}/package.json`, `${JSON.stringify(asScript(manifestIn(folder)), null, 2)}\n`)
    }
    const text = readFileSync(join(folder, path), 'utf8')
    if (!path.endsWith('.ts')) return write(into, known, text)
    const script = stripTypeScriptTypes(text)
    const reached = specifiersIn(path, script)
    write(into, known.replace(/\.ts$/, '.js'), renamed(script, reached))
    for (const { value } of reached) {
      if (value.startsWith('node:')) continue
      if (value.startsWith('.')) file(unit, join(dirname(path), value))
      else if (value.startsWith('@tongchou/')) {
        const [scope, packageName, ...inside] = value.split('/')
        const other = `${scope}/${packageName}`
        const target = manifestIn(join(root, 'node_modules', other)).exports?.[inside.length > 0 ? `./${inside.join('/')}` : '.']
        if (!target) throw new Error(`${known} imports ${value}, which ${other} does not export`)
        file(other, join(target))
      } else
        library(
          value
            .split('/')
            .slice(0, value.startsWith('@') ? 2 : 1)
            .join('/'),
          folder,
        )
    }
  }

  file(name, entry)
}

interface Specifier {
  value: string
  start: number
  end: number
}

/** What a file imports, and the files that it names by `new URL('./…', import.meta.url)`: those it starts. */
function specifiersIn(path: string, script: string): Specifier[] {
  const { module } = parseSync(path.replace(/\.ts$/, '.js'), script)
  const found = module.staticImports.map(({ moduleRequest }) => moduleRequest)
  for (const { entries } of module.staticExports)
    for (const { moduleRequest } of entries)
      if (moduleRequest && !found.some(({ start }) => start === moduleRequest.start)) found.push(moduleRequest)
  const dynamic = module.dynamicImports.map(({ moduleRequest: { start, end } }) => ({
    value: script.slice(start + 1, end - 1),
    start,
    end,
  }))
  const started = [...script.matchAll(/new URL\(('\.[^']+'), import\.meta\.url\)/g)].map(({ index, 1: text = '' }) => {
    const start = index + 'new URL('.length
    return { value: text.slice(1, -1), start, end: start + text.length }
  })
  const required = [...script.matchAll(/\brequire\(('[^']+')\)/g)].map(({ index, 1: text = '' }) => {
    const start = index + 'require('.length
    return { value: text.slice(1, -1), start, end: start + text.length }
  })
  return [...found, ...dynamic, ...started, ...required]
    .map(({ value, start, end }) => ({ value, start, end }))
    .sort((a, b) => b.start - a.start)
}

/** From the last to the first, so that places before stay where they are. */
function renamed(script: string, specifiers: readonly Specifier[]): string {
  let text = script
  for (const { value, start, end } of specifiers)
    if (value.startsWith('.') && value.endsWith('.ts')) text = `${text.slice(0, start)}'${value.slice(0, -3)}.js'${text.slice(end)}`
  return text
}

function asScript({ name, version, license, type, exports = {} }: Manifest): object {
  const scripts = Object.fromEntries(Object.entries(exports).map(([at, path]) => [at, path.replace(/\.ts$/, '.js')]))
  return { name, version, license, type, exports: scripts }
}

function folderOf(name: string, from: string): string | undefined {
  for (let at = from; ; at = dirname(at)) {
    const folder = join(at, 'node_modules', name)
    if (existsSync(join(folder, 'package.json'))) return folder
    if (at === dirname(at)) return undefined
  }
}

/** Types and maps are for those who write programs; what is nested is copied by itself. */
const isNeeded = (path: string) => !/\.(?:[cm]?ts|map)$/.test(path)

const manifestIn = (folder: string) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest

function write(into: string, path: string, text: string): void {
  mkdirSync(dirname(join(into, path)), { recursive: true })
  writeFileSync(join(into, path), text)
}
