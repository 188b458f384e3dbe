import { spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { boundaryProblems, isFenced } from './check/boundaries.ts'
import { installScriptProblems, type Lock, licenceProblems, lockProblems } from './check/dependencies.ts'
import { secretsIn } from './check/secrets.ts'

const root = join(import.meta.dirname, '..')

/** One fence: its name and what it found. Nothing found is a pass. */
interface Fence {
  name: string
  find: () => Promise<string[]> | string[]
}

const readJson = <T>(path: string): T => JSON.parse(readFileSync(join(root, path), 'utf8')) as T

async function trackedFiles(): Promise<string[]> {
  // Files that are not committed yet count too: the check comes before the commit.
  const { output } = await run('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'])
  return [...new Set(output.split('\0'))].filter((path) => path !== '' && existsSync(join(root, path)))
}

const tracked = await trackedFiles()
const lock = readJson<Lock>('package-lock.json')
const { allowScripts } = readJson<{ allowScripts: Record<string, boolean> }>('package.json')

const fences: Fence[] = [
  {
    name: 'format and lint',
    find: () => tool('biome', ['check', '--error-on-warnings', '--diagnostic-level=warn', '--max-diagnostics=50', '.']),
  },
  { name: 'types, server', find: () => tool('tsc', ['-p', 'tsconfig.json']) },
  { name: 'types, web', find: () => tool('tsc', ['-p', 'tsconfig.web.json']) },
  { name: 'types, browser tests', find: () => tool('tsc', ['-p', 'tsconfig.e2e.json']) },
  { name: 'module boundaries and circles', find: findBoundaryProblems },
  { name: 'unused code', find: () => tool('knip', ['--no-progress']) },
  { name: 'licences', find: () => licenceProblems(root, lock) },
  { name: 'secrets', find: findSecrets },
  { name: 'lock file', find: () => lockProblems(lock) },
  { name: 'install scripts', find: () => installScriptProblems(lock, allowScripts) },
  { name: 'generated files', find: findStaleFiles },
]

let failed = 0
for (const { name, find } of fences) {
  const began = performance.now()
  const problems = await find()
  const seconds = ((performance.now() - began) / 1000).toFixed(1)
  console.log(`${problems.length === 0 ? 'ok  ' : 'FAIL'} ${name} (${seconds} s)`)
  for (const problem of problems) console.log(`     ${problem.replaceAll('\n', '\n     ')}`)
  if (problems.length > 0) failed += 1
}
console.log(failed === 0 ? `${fences.length} checks passed` : `${failed} of ${fences.length} checks failed`)
process.exitCode = failed === 0 ? 0 : 1

function findBoundaryProblems(): string[] {
  const files = tracked.filter(isFenced)
  // A fence that reads nothing finds nothing.
  if (files.length === 0) return ['no source files found']
  return boundaryProblems(files.map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') })))
}

function findSecrets(): string[] {
  return tracked.flatMap((path) => {
    const bytes = readFileSync(join(root, path))
    if (bytes.includes(0)) return []
    return secretsIn(bytes.toString('utf8')).map((found) => `${path} ${found}`)
  })
}

/**
 * A committed file that a program makes must be what the program makes now. Each `scripts/generate-*.ts` exports
 * `generate()`, which answers the text of every file it makes by its path from the root.
 */
async function findStaleFiles(): Promise<string[]> {
  const problems: string[] = []
  for (const script of readdirSync(join(root, 'scripts')).filter((name) => /^generate-.*\.ts$/.test(name))) {
    const { generate } = (await import(join(root, 'scripts', script))) as { generate: () => Promise<Record<string, string>> }
    for (const [path, text] of Object.entries(await generate())) {
      const now = existsSync(join(root, path)) ? readFileSync(join(root, path), 'utf8') : undefined
      if (now !== text) problems.push(`${path} is not what scripts/${script} makes`)
    }
  }
  return problems
}

async function tool(name: string, args: string[]): Promise<string[]> {
  const { code, output } = await run(join(root, 'node_modules/.bin', name), args)
  return code === 0 ? [] : [output.trim() || `${name} ended with ${code}`]
}

function run(command: string, args: string[]): Promise<{ code: number; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8')
      stream.on('data', (part: string) => {
        output += part
      })
    }
    child.on('error', reject)
    child.on('close', (code) => resolve({ code: code ?? 1, output }))
  })
}
