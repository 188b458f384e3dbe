import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

interface LockedPackage {
  version?: string
  resolved?: string
  integrity?: string
  link?: boolean
  optional?: boolean
  hasInstallScript?: boolean
  dev?: boolean
  os?: string[]
  cpu?: string[]
  libc?: string[]
  optionalDependencies?: Record<string, string>
}

/** The parts of `package-lock.json` that are judged. */
export interface Lock {
  packages: Record<string, LockedPackage>
}

// Permissive licences, and the weak ones whose terms end at the package's own files. Fonts and data under their own.
const allowed = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC-BY-4.0',
  'CC0-1.0',
  'ISC',
  'MIT',
  'MIT-0',
  'MPL-2.0',
  'OFL-1.1',
  'Python-2.0',
  'Unlicense',
  'Zlib',
])

/** Dependencies whose licence is not on the list, or that name none. Production and development alike, read from what is installed. */
export function licenceProblems(root: string, lock: Lock): string[] {
  const problems: string[] = []
  for (const [path, entry] of dependencies(lock)) {
    const manifest = join(root, path, 'package.json')
    if (!existsSync(manifest)) {
      // Built for another platform.
      if (!entry.optional) problems.push(`${path} is not installed`)
      continue
    }
    const licence = licenceOf(JSON.parse(readFileSync(manifest, 'utf8')))
    if (!licence || !isAllowed(licence)) problems.push(`${path}@${entry.version ?? '?'}: licence ${licence ?? 'not stated'}`)
  }
  return problems
}

/** An SPDX expression: of alternatives one suffices, of additions all must be on the list. */
export function isAllowed(expression: string): boolean {
  return expression
    .replace(/[()]/g, ' ')
    .split(/ OR /i)
    .some((choice) => choice.split(/ AND /i).every((id) => allowed.has(id.trim())))
}

function licenceOf(manifest: { license?: unknown; licenses?: unknown }): string | undefined {
  const { license, licenses } = manifest
  if (typeof license === 'string') return license
  const listed = Array.isArray(licenses) ? licenses : [license]
  const names = listed.map((item) => (item && typeof item === 'object' && 'type' in item ? String(item.type) : ''))
  return names.every((name) => name !== '') ? names.join(' OR ') : undefined
}

/**
 * A lock that names a registry host binds everybody to it, an entry without a digest trusts whatever it gets, and one that lacks
 * the builds for other platforms (npm leaves them out when it finds installed packages) makes `npm ci` fail everywhere.
 */
export function lockProblems(lock: Lock): string[] {
  return dependencies(lock).flatMap(([path, entry]) => [
    ...(entry.resolved ? [`${path} names where it comes from: ${entry.resolved}`] : []),
    ...(entry.integrity || (entry.optional && isForeign(entry)) ? [] : [`${path} has no integrity digest`]),
    ...Object.keys(entry.optionalDependencies ?? {})
      .filter((name) => !lock.packages[`node_modules/${name}`] && !lock.packages[`${path}/node_modules/${name}`])
      .map((name) => `${path} wants ${name}, which is missing`),
  ])
}

/** Install scripts run somebody else's code on every machine: each is allowed by name, and no name stays that is not needed. */
export function installScriptProblems(lock: Lock, allowScripts: Readonly<Record<string, boolean>>): string[] {
  const withScript = new Set(
    dependencies(lock)
      .filter(([, entry]) => entry.hasInstallScript)
      .map(([path]) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)),
  )
  return [
    ...[...withScript]
      .filter((name) => !(name in allowScripts))
      .map((name) => `${name} has an install script that allowScripts does not decide on`),
    ...Object.keys(allowScripts)
      .filter((name) => !withScript.has(name))
      .map((name) => `allowScripts names ${name}, which has no install script`),
  ]
}

function dependencies(lock: Lock): [string, LockedPackage][] {
  return Object.entries(lock.packages).filter(([path, entry]) => path.includes('node_modules/') && !entry.link)
}

/** Never installed on the platforms we run on (Linux with glibc on x64 and arm64), so no digest of it protects anybody. */
function isForeign({ os, cpu, libc }: LockedPackage): boolean {
  const other = (allowed: string[] | undefined, ours: readonly string[]) =>
    allowed !== undefined && !allowed.some((one) => ours.includes(one))
  return other(os, ['linux']) || other(cpu, ['x64', 'arm64']) || other(libc, ['glibc'])
}

/** The platform in the name of a prebuilt package, such as `cli-linux-x64-musl`; undefined when it is one of ours or says none. */
export function foreignPlatformOf(name: string): Pick<LockedPackage, 'os' | 'cpu' | 'libc'> | undefined {
  const found =
    /-(android|darwin|freebsd|linux|openharmony|win32)-(arm|arm64|ia32|ppc64|riscv64|s390x|x64)(?:-(gnu|gnueabihf|eabi|msvc|musl|musleabihf))?$/.exec(
      name,
    )
  const [, os, cpu, abi] = found ?? []
  if (!os || !cpu) return undefined
  const platform = { os: [os], cpu: [cpu], ...(abi?.startsWith('musl') ? { libc: ['musl'] } : {}) }
  return isForeign(platform) ? platform : undefined
}
