import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  lchownSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statfsSync,
  unlinkSync,
  writeSync,
} from 'node:fs'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { type Account, namedAccount, startedAsRoot, unusedAccount } from './account.ts'
import type { Binaries } from './binaries.ts'
import { StartupProblem, systemCode } from './startup-problem.ts'

/** The superuser of the embedded cluster: owner of the schema, never the role that serves requests. */
export const clusterOwner = 'postgres'

/**
 * The server is started in its cluster's folder and told to find it there. So it never walks the path from the root, and the data may
 * lie under a folder which the server's account may not enter.
 */
export const workingFolder = '/proc/self/cwd'

/** What a full disk or a read-only mount means for the data folder; `undefined` for any other failure. */
export function folderProblem(dataDir: string, error: unknown): StartupProblem | undefined {
  const elsewhere = '或用 TONGCHOU_DATA 指定另一个目录'
  const options = { cause: error }
  switch (systemCode(error)) {
    case 'ENOSPC':
    case 'EDQUOT':
      return diskFull(dataDir, options)
    case 'EROFS':
      return new StartupProblem(
        'data.read_only',
        `数据目录 ${dataDir} 所在的文件系统是只读的。`,
        `请以可写方式挂载，${elsewhere}。`,
        options,
      )
    case 'EACCES':
    case 'EPERM':
      return new StartupProblem('data.read_only', `数据目录 ${dataDir} 不可写。`, `请检查目录的属主和权限，${elsewhere}。`, options)
    case 'ENOTDIR':
    case 'EEXIST':
      return new StartupProblem('data.not_a_folder', `数据目录 ${dataDir} 不是目录。`, `请移走同名文件，${elsewhere}。`, options)
    default:
      return undefined
  }
}

/** Not enough room to start, or none left. */
export function diskFull(dataDir: string, options?: ErrorOptions): StartupProblem {
  return new StartupProblem(
    'data.disk_full',
    `数据目录 ${dataDir} 所在的磁盘空间不足。`,
    '请清理或扩容后重新启动，已确认的数据不受影响。也可用 TONGCHOU_DATA 指定另一个目录。',
    options,
  )
}

/** Makes the data folder and shows by writing that it can be written to. */
export function openFolder(dataDir: string): void {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o750 })
    const probe = join(dataDir, `.probe-${process.pid}`)
    const file = openSync(probe, 'w')
    try {
      writeSync(file, Buffer.alloc(4096))
      fsyncSync(file)
    } finally {
      closeSync(file)
      unlinkSync(probe)
    }
  } catch (error) {
    throw folderProblem(dataDir, error) ?? error
  }
}

/** Refuses to start where the server would soon stop: a new cluster takes 60 MB, a running one needs room for its log. */
export function requireRoom(dataDir: string, cluster: string): void {
  const { bavail, bsize } = statfsSync(dataDir)
  const needed = (existsSync(cluster) ? 64 : 256) * 1024 * 1024
  if (bavail * bsize < needed) throw diskFull(dataDir)
}

/** Whom the server runs as: root lends an account, and a cluster that exists keeps the one it belongs to. */
export function accountFor(dataDir: string, cluster: string): Account | undefined {
  const owner = existsSync(cluster) ? lstatSync(cluster) : undefined
  if (!startedAsRoot()) {
    if (owner && owner.uid !== process.getuid?.()) {
      throw new StartupProblem(
        'data.other_owner',
        `数据目录 ${dataDir} 中的数据库属于另一个用户（${owner.uid}）。`,
        '请以该用户或 root 启动，或用 TONGCHOU_DATA 指定另一个目录。',
      )
    }
    return undefined
  }
  return owner && owner.uid !== 0 ? { uid: owner.uid, gid: owner.gid } : unusedAccount()
}

/** The cluster of the data folder, made when there is none, belonging to `account`. Returns whether it was made. */
export function prepareCluster(dataDir: string, cluster: string, account: Account | undefined, binaries: Binaries): boolean {
  const made = !existsSync(cluster) || readdirSync(cluster).length === 0
  try {
    if (made) initialise(dataDir, cluster, account, binaries)
  } catch (error) {
    throw folderProblem(dataDir, error) ?? error
  }
  const version = readVersion(cluster)
  if (version === undefined) {
    throw new StartupProblem(
      'database.foreign_folder',
      `${cluster} 中不是数据库文件。`,
      '请移走该目录，或用 TONGCHOU_DATA 指定另一个目录。',
    )
  }
  if (version !== binaries.major) {
    throw new StartupProblem(
      'database.other_version',
      `数据目录 ${dataDir} 由 PostgreSQL ${version} 建立，本程序自带的是 PostgreSQL ${binaries.major}。`,
      '请使用建立该目录的程序版本启动并导出数据，再导入新的目录。数据未改动。',
    )
  }
  // A folder copied back by root, or with loosened rights, would be refused by the server.
  if (account && lstatSync(cluster).uid !== account.uid) handTo(cluster, account)
  chmodSync(cluster, 0o700)
  return made
}

function initialise(dataDir: string, cluster: string, account: Account | undefined, binaries: Binaries): void {
  if (!account) requireName()
  const staging = `${cluster}.new`
  // Left by a first start that was interrupted; the claim says that nobody is at work on it.
  rmSync(staging, { recursive: true, force: true })
  mkdirSync(staging, { mode: 0o700 })
  const maker = account ? namedAccount() : undefined
  if (maker) handTo(staging, maker)
  const options = [
    '-D',
    workingFolder,
    '-U',
    clusterOwner,
    '--auth=trust',
    '--data-checksums',
    '--encoding=UTF8',
    '--text-search-config=simple',
  ]
  const locale = ['--locale=C.UTF-8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8']
  const { status, stderr, error } = spawnSync(binaries.initdb, [...options, ...locale], {
    ...maker,
    cwd: staging,
    env: serverEnvironment,
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
  })
  if (error) throw error
  if (status !== 0) {
    rmSync(staging, { recursive: true, force: true })
    throw (
      logProblem(dataDir, stderr) ??
      new StartupProblem('database.init_failed', `数据库初始化失败：${stderr.trim()}`, '请按上述原因处理后重新启动。')
    )
  }
  if (account) handTo(staging, account)
  // The name appears only when the cluster is whole, so an interrupted first start is simply done again.
  if (existsSync(cluster)) rmSync(cluster, { recursive: true })
  renameSync(staging, cluster)
  syncFolder(dataDir)
}

function requireName(): void {
  try {
    userInfo()
  } catch (cause) {
    throw new StartupProblem(
      'database.no_account',
      `当前用户（${process.getuid?.()} 号）在 /etc/passwd 中没有名称，PostgreSQL 不能为其建立数据库。`,
      '请以有名称的用户或 root 启动，或用 DATABASE_URL 指定已有的 PostgreSQL。',
      { cause },
    )
  }
}

/** What the server itself wrote before it gave up, as a problem of the data folder. */
export function logProblem(dataDir: string, log: string): StartupProblem | undefined {
  if (/No space left on device|Disk quota exceeded/.test(log)) return diskFull(dataDir)
  if (/Read-only file system/.test(log)) return folderProblem(dataDir, Object.assign(new Error(log), { code: 'EROFS' }))
  return undefined
}

/** Nothing of the caller's environment reaches the server: neither `PG…` settings nor another program's library path. */
export const serverEnvironment = { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C.UTF-8', TZ: 'UTC' }

function handTo(path: string, account: Account): void {
  lchownSync(path, account.uid, account.gid)
  if (!lstatSync(path).isDirectory()) return
  for (const name of readdirSync(path)) handTo(join(path, name), account)
}

function readVersion(cluster: string): string | undefined {
  try {
    return readFileSync(join(cluster, 'PG_VERSION'), 'utf8').trim()
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined
    throw error
  }
}

function syncFolder(path: string): void {
  const folder = openSync(path, 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}
