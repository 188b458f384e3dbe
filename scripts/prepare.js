// Runs at the end of `npm install` and `npm ci`, under whatever Node.js calls it: builds the web application with the pinned one, and makes
// the demo city once, so that the first start only has to put it in.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '..')
const node = join(root, 'node_modules/node/bin/node')
const vite = join(root, 'node_modules/vite/bin/vite.js')

if (!existsSync(node)) {
  console.error(
    'The pinned Node.js is missing: the install script of the package `node` has not run. Allow it (allowScripts in package.json) and run `npm ci` again.',
  )
  process.exit(1)
}
if (!existsSync(join(root, 'apps/web/index.html'))) process.exit(0)
if (!existsSync(vite)) {
  // A production install brings the built application with it.
  if (!existsSync(join(root, 'apps/web/dist/index.html')))
    console.warn('Development dependencies are omitted, so the web application was not built.')
  makeDemoCity()
  process.exit(0)
}
const { status, error } = spawnSync(node, [vite, 'build', join(root, 'apps/web'), '--logLevel', 'warn'], { cwd: root, stdio: 'inherit' })
if (error) throw error
if (status === 0) makeDemoCity()
process.exit(status ?? 1)

/** The platform works without: its first start then performs the city's acts itself, which takes longer. */
function makeDemoCity() {
  const script = fileURLToPath(new URL('../apps/server/src/demo/snapshot.ts', import.meta.url))
  if (!existsSync(script)) return
  const made = spawnSync(node, [script], { cwd: root, stdio: 'inherit', env: { ...process.env, DATABASE_URL: '' } })
  if (made.error || made.status !== 0) console.warn('The demo city was not made; the first start will make it.')
}
