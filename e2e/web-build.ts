import { execFile } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'

const root = join(import.meta.dirname, '..')
const built = join(root, 'apps/web/dist/index.html')

/** Builds the web application when it is missing or older than what it is made of: `npm ci` has built it, a changed page has not. */
export async function builtWeb(): Promise<void> {
  if (existsSync(built) && statSync(built).mtimeMs >= newestSource()) return
  const vite = join(root, 'node_modules/vite/bin/vite.js')
  // A test run names its environment `test`, and libraries of the page would be built to behave like in one.
  const env = { ...process.env, NODE_ENV: 'production' }
  await promisify(execFile)(process.execPath, [vite, 'build', join(root, 'apps/web'), '--logLevel', 'warn'], { cwd: root, env })
}

function newestSource(): number {
  const modules = readdirSync(join(root, 'modules')).map((name) => join('modules', name))
  const folders = ['apps/web/src', 'apps/web/public', 'packages/ui', 'packages/api-client', ...modules.map((name) => join(name, 'web'))]
  const files = [
    'apps/web/index.html',
    'apps/web/vite.config.ts',
    'package-lock.json',
    ...folders.flatMap(filesIn),
    // A module's words are shared by its server and its pages.
    ...modules.map((name) => join(name, 'words.ts')).filter((path) => existsSync(join(root, path))),
  ]
  return Math.max(...files.map((path) => statSync(join(root, path)).mtimeMs))
}

function filesIn(folder: string): string[] {
  const path = join(root, folder)
  if (!existsSync(path)) return []
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.includes('node_modules'))
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
}
