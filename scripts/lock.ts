import { execFileSync } from 'node:child_process'
import { cpSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { foreignPlatformOf, type Lock } from './check/dependencies.ts'

/**
 * Writes package-lock.json anew (`npm run lock`). In a folder without node_modules, because npm otherwise keeps only what is
 * installed here; and completed with the builds for other platforms that a registry mirror may not hold: without their entries
 * `npm ci` takes the lock for out of step, with them it skips what is not for this machine.
 */
const root = join(import.meta.dirname, '..')
const folder = mkdtempSync(join(tmpdir(), 'tongchou-lock-'))
try {
  for (const file of ['.npmrc', 'package.json', ...globSync('{apps,modules,packages}/*/package.json', { cwd: root })])
    cpSync(join(root, file), join(folder, file), { recursive: true })
  cpSync(join(root, 'apps/cli/tongchou.js'), join(folder, 'apps/cli/tongchou.js'))
  execFileSync('npm', ['install', '--package-lock-only', '--ignore-scripts'], { cwd: folder, stdio: 'inherit' })
  const lock = JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8')) as Lock
  writeFileSync(join(root, 'package-lock.json'), `${JSON.stringify(completed(lock), null, 2)}\n`)
} finally {
  rmSync(folder, { recursive: true, force: true })
}

function completed(lock: Lock): Lock {
  const packages = { ...lock.packages }
  for (const [path, entry] of Object.entries(lock.packages))
    for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
      const known = packages[`node_modules/${name}`] ?? packages[`${path}/node_modules/${name}`]
      const platform = foreignPlatformOf(name)
      if (!known && platform) packages[`node_modules/${name}`] = { version, ...platform, dev: true, optional: true }
    }
  return { ...lock, packages: Object.fromEntries(Object.entries(packages).sort(([a], [b]) => (a < b ? -1 : 1))) }
}
