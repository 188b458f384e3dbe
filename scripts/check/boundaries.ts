import { readdirSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { parseSync } from 'vite'

const root = join(import.meta.dirname, '../..')

/** A source file of the checkout, its path relative to the root. */
export interface SourceFile {
  path: string
  text: string
}

interface Import {
  specifier: string
  typeOnly: boolean
}

/** The unit a file belongs to: `packages/kernel`, `modules/cases`, `apps/web`, or its top folder (`scripts`, `e2e`). */
function unitOf(path: string): string {
  const [top = '', name = ''] = path.split('/')
  return ['packages', 'modules', 'apps'].includes(top) ? `${top}/${name}` : top
}

/** What each unit may import beside itself. Arrows point down: apps → modules → packages. */
function mayImport(from: string, to: string): boolean {
  if (from === to) return true
  const [fromLayer] = from.split('/')
  const [toLayer] = to.split('/')
  switch (fromLayer) {
    case 'packages':
      return (packageArrows[from] ?? []).includes(to)
    case 'modules':
      return toLayer === 'packages'
    case 'apps':
      return toLayer === 'modules' || toLayer === 'packages' ? from !== 'apps/agent' || agentArrows.includes(to) : appArrows[from] === to
    default:
      // Scripts, benchmarks and browser tests stand beside the product and see all of it; nothing of the product sees them.
      return true
  }
}

/** The command line starts the agent. */
const appArrows: Readonly<Record<string, string>> = { 'apps/cli': 'apps/agent' }
/** The agent stands alone in a department: of the platform it knows what both ends of the wire share, and how a workbook is read. */
const agentArrows: readonly string[] = ['packages/evidence', 'packages/records', 'packages/wire', 'packages/workbook']

const packageArrows: Readonly<Record<string, readonly string[]>> = {
  'packages/kernel': ['packages/evidence'],
  // Pure: runs in the browser as it does on the server.
  'packages/evidence': [],
  // Pure: neither input nor output nor a clock of its own.
  'packages/procedure': [],
  // Pure: both ends of the wire run the same.
  'packages/wire': ['packages/evidence'],
  // The same on both ends of the wire: of the kernel only how numbers are checked.
  'packages/records': ['packages/kernel'],
  // Pure too: runs on the server, in the browser and on the command line.
  'packages/metadata': ['packages/kernel'],
  'packages/resource-packs': ['packages/metadata', 'packages/records'],
  'packages/synthetic': ['packages/kernel', 'packages/records', 'packages/resource-packs'],
  'packages/compare': [],
  'packages/backup': ['packages/kernel'],
  'packages/api-client': [],
  'packages/ui': ['packages/api-client', 'packages/kernel'],
  'packages/testing': ['packages/kernel'],
  'packages/workbook': ['packages/kernel'],
  'packages/catalog-tables': ['packages/kernel', 'packages/metadata', 'packages/workbook'],
}

/** Tests and what only they use: `noun.given.ts` builds what a test starts from, `noun.fixture.ts` is run by one, `hostile/` is nothing else. */
const isTest = (path: string) => /\.(?:test|spec|given|fixture)\.tsx?$|^hostile\//.test(path)
const isBrowserSide = (path: string) => /^(?:apps\/web|packages\/ui|modules\/[^/]+\/web)\//.test(path)

/**
 * Every import that crosses a border: a module importing another, an arrow pointing up, a path into another unit's inside, server code in the browser,
 * test tools in the product, a name that is only known at run time; and every circle of value imports.
 */
export function boundaryProblems(files: readonly SourceFile[]): string[] {
  const problems: string[] = []
  const graph = new Map<string, string[]>()
  for (const file of files) {
    const { imports, hidden } = importsOf(file)
    if (hidden) problems.push(`${file.path}: imports a name that is only known at run time`)
    for (const { specifier, typeOnly } of imports) {
      const problem = judge(file.path, specifier, typeOnly)
      if (problem) problems.push(`${file.path}: ${problem}`)
      const target = specifier.startsWith('.') ? normalize(join(dirname(file.path), specifier)) : undefined
      if (target && !typeOnly) graph.set(file.path, [...(graph.get(file.path) ?? []), target])
    }
  }
  return [...problems, ...circles(graph)]
}

/** What both sides may know: the shape of an answer as a type, which is erased, and a module's words. */
function shared(path: string, specifier: string, typeOnly: boolean): boolean {
  const target = targetOf(path, specifier)
  return (typeOnly && target.endsWith('.schema.ts')) || /^modules\/[^/]+\/words\.ts$/.test(target)
}

function judge(path: string, specifier: string, typeOnly: boolean): string | undefined {
  const from = unitOf(path)
  const to = unitOfSpecifier(path, specifier)
  if (to === undefined) return judgeOutside(path, specifier)
  const testTools = to === 'packages/testing' && isTest(path)
  if (!testTools && !mayImport(from, to)) return `${from} must not import ${to} (${specifier})`
  if (to === 'packages/testing' && from !== to && !isTest(path) && ['packages', 'modules', 'apps'].includes(from.split('/')[0] ?? ''))
    return `test tools outside a test (${specifier})`
  if (specifier.startsWith('.') && from !== to && to.includes('/') && !allowedPath(from))
    return `${to} is seen through its name only (${specifier})`
  if (!isTest(path) && specifier.startsWith('.') && isTest(targetOf(path, specifier))) return `what only tests use (${specifier})`
  const pureOrBrowser = isBrowserSide(path) || (from === 'packages/metadata' && !isTest(path))
  if (pureOrBrowser && to === 'packages/kernel' && specifier !== '@tongchou/kernel/numbers')
    return `server code in the browser (${specifier})`
  if (isBrowserSide(path) && specifier === '@tongchou/evidence/native') return `server code in the browser (${specifier})`
  if (path.startsWith('packages/kernel/numbers/') && !isTest(path) && !targetOf(path, specifier).startsWith('packages/kernel/numbers/'))
    return `what the browser shares imports nothing of the server (${specifier})`
  if (
    from === to &&
    isBrowserSide(path) !== isBrowserSide(targetOf(path, specifier)) &&
    specifier.startsWith('.') &&
    !shared(path, specifier, typeOnly)
  )
    return `the server and the browser side of ${from} meet over HTTP only (${specifier})`
  return undefined
}

/** The scripts reach into folders because they are run by path. */
function allowedPath(from: string): boolean {
  return ['scripts', 'bench', 'e2e', 'hostile'].includes(from)
}

function targetOf(path: string, specifier: string): string {
  return normalize(join(dirname(path), specifier))
}

function unitOfSpecifier(path: string, specifier: string): string | undefined {
  if (specifier.startsWith('.')) return unitOf(targetOf(path, specifier))
  const name = /^@tongchou\/([^/]+)/.exec(specifier)?.[1]
  if (name === undefined) return undefined
  return workspaces[name] ?? `unknown/${name}`
}

function judgeOutside(path: string, specifier: string): string | undefined {
  if (specifier.startsWith('/')) return `an absolute path (${specifier})`
  if (isBrowserSide(path) && !isTest(path) && (specifier.startsWith('node:') || ['pg', 'kysely', 'fastify'].includes(specifier)))
    return `server code in the browser (${specifier})`
  if (path.startsWith('packages/kernel/numbers/') && !isTest(path)) return `what the browser shares imports nothing (${specifier})`
  if (unitOf(path) === 'packages/evidence' && specifier.startsWith('node:') && !isTest(path) && path !== 'packages/evidence/native.ts')
    return `runs in the browser too (${specifier})`
  if (['packages/procedure', 'packages/metadata'].includes(unitOf(path)) && !isTest(path))
    return `what is pure imports nothing (${specifier})`
  return undefined
}

/** Folder of each workspace by its name: `@tongchou/kernel` is `packages/kernel`. */
const workspaces: Readonly<Record<string, string>> = Object.fromEntries(
  ['packages', 'modules', 'apps'].flatMap((layer) => readdirSync(join(root, layer)).map((name) => [name, `${layer}/${name}`])),
)

function importsOf(file: SourceFile): { imports: Import[]; hidden: boolean } {
  const parsed = parseSync(file.path, file.text)
  if (parsed.errors.length > 0) throw new Error(`${file.path} cannot be parsed: ${parsed.errors[0]?.message}`)
  const { staticImports, staticExports, dynamicImports } = parsed.module
  const imports: Import[] = staticImports.map((found) => ({
    specifier: found.moduleRequest.value,
    typeOnly: found.entries.length > 0 && found.entries.every((entry) => entry.isType),
  }))
  for (const { entries } of staticExports) {
    const specifier = entries.find((entry) => entry.moduleRequest)?.moduleRequest?.value
    if (specifier !== undefined) imports.push({ specifier, typeOnly: entries.every((entry) => entry.isType) })
  }
  let hidden = false
  for (const { moduleRequest } of dynamicImports) {
    const literal = /^['"`]([^'"`$]+)['"`]$/.exec(file.text.slice(moduleRequest.start, moduleRequest.end))?.[1]
    if (literal !== undefined) imports.push({ specifier: literal, typeOnly: true })
    else if (!isTest(file.path) && !file.path.startsWith('scripts/')) hidden = true
  }
  return { imports, hidden }
}

/** Circles of value imports inside a unit; between units the arrows already forbid them. */
function circles(graph: ReadonlyMap<string, readonly string[]>): string[] {
  const found: string[] = []
  const state = new Map<string, 'open' | 'done'>()
  const visit = (path: string, trail: readonly string[]) => {
    if (state.get(path) === 'done') return
    if (state.get(path) === 'open') {
      found.push(`circular import: ${[...trail.slice(trail.indexOf(path)), path].join(' → ')}`)
      return
    }
    state.set(path, 'open')
    for (const next of graph.get(path) ?? []) visit(next, [...trail, path])
    state.set(path, 'done')
  }
  for (const path of graph.keys()) visit(path, [])
  return found
}

/** True for a file whose imports the fence reads. */
export function isFenced(path: string): boolean {
  return /^(?:apps|modules|packages|scripts|bench|e2e|hostile)\/.*\.(?:ts|tsx|js)$/.test(path)
}
