import { createHash, randomBytes } from 'node:crypto'
import { readdirSync, readFileSync, readlinkSync, rmSync, statSync, writeFileSync } from 'node:fs'
import net from 'node:net'
import { basename, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { StartupProblem, systemCode } from './startup-problem.ts'

/**
 * Claims the data folder for this process; throws when a living one has it. The claim is a name in the kernel's abstract socket space: it ends
 * with the process however that ends, so there is no lock file that could be stale, and it listens on no address.
 */
export async function claimFolder(dataDir: string): Promise<() => Promise<void>> {
  const name = `\0tongchou-${folderIdentity(dataDir)}`
  const server = net.createServer((socket) => {
    socket.on('error', () => undefined)
    socket.end(String(process.pid))
  })
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(name, resolve)
    })
  } catch (error) {
    if (systemCode(error) !== 'EADDRINUSE') throw error
    const holder = await askHolder(name)
    throw new StartupProblem(
      'database.in_use',
      `数据目录 ${dataDir} 正由另一个进程使用${holder ? `（进程号 ${holder}）` : ''}。`,
      `请先停止该进程${holder ? `（kill ${holder}）` : ''}，或用 TONGCHOU_DATA 指定另一个目录。`,
    )
  }
  server.unref()
  return () => new Promise((resolve) => server.close(() => resolve()))
}

/** Nobody without access to the folder can know the name, hence not occupy it; a copy of the folder has another one. */
function folderIdentity(dataDir: string): string {
  const file = join(dataDir, 'claim-key')
  try {
    writeFileSync(file, randomBytes(16).toString('hex'), { flag: 'wx', mode: 0o600 })
  } catch (error) {
    if (systemCode(error) !== 'EEXIST') throw error
  }
  const { dev, ino } = statSync(dataDir)
  return createHash('sha256')
    .update(`${dev}:${ino}:${readFileSync(file, 'utf8')}`)
    .digest('hex')
    .slice(0, 32)
}

function askHolder(name: string): Promise<number | undefined> {
  return new Promise((resolve) => {
    const socket = net.connect(name)
    let answer = ''
    socket.setTimeout(1000, () => socket.destroy())
    socket.setEncoding('utf8')
    socket.on('data', (part) => {
      answer += part
    })
    socket.on('error', () => undefined)
    socket.on('close', () => resolve(/^\d{1,10}$/.test(answer) ? Number(answer) : undefined))
  })
}

/**
 * Ends the servers that a killed process left behind on this cluster, gently first, so that the next one can start.
 * Only called by the holder of the folder's claim: what is still running here has lost its master.
 */
export async function stopLeftovers(cluster: string, notice: (line: string) => void): Promise<void> {
  const left = serverProcesses(cluster)
  if (left.length > 0) {
    const postmaster = recordedPid(cluster)
    const orphan = postmaster !== undefined && left.includes(postmaster)
    notice(`上次未正常结束，先停止遗留的数据库进程（进程号 ${left.join('、')}）`)
    if (!(orphan && (await end(cluster, [postmaster], 'SIGINT', 20_000)))) {
      if (!(await end(cluster, serverProcesses(cluster), 'SIGQUIT', 5000))) {
        // Safe for what was confirmed: a commit is answered only after its log record is on disk.
        await end(cluster, serverProcesses(cluster), 'SIGKILL', 5000)
      }
    }
    const stubborn = serverProcesses(cluster)
    if (stubborn.length > 0) {
      throw new StartupProblem(
        'database.leftover',
        `遗留的数据库进程（进程号 ${stubborn.join('、')}）无法停止。`,
        `请手动结束这些进程（kill -9 ${stubborn.join(' ')}）后重新启动。`,
      )
    }
  }
  removeRecycledLocks(cluster)
}

/**
 * PostgreSQL takes its locks, on the folder and on the socket, for live when some other program has got the number in them meanwhile, or when the
 * killed server still waits to be taken note of by its new parent. What has the number is looked at before a lock goes.
 */
function removeRecycledLocks(cluster: string): void {
  for (const name of ['postmaster.pid', '.s.PGSQL.5432.lock']) {
    const pid = pidIn(cluster, name)
    if (pid !== undefined && isAlive(pid) && !isServerOf(cluster, pid)) rmSync(join(cluster, name), { force: true })
  }
}

async function end(cluster: string, pids: readonly number[], signal: NodeJS.Signals, patience: number): Promise<boolean> {
  for (const pid of pids) if (isServerOf(cluster, pid)) signalProcess(pid, signal)
  const until = performance.now() + patience
  while (performance.now() < until) {
    if (serverProcesses(cluster).length === 0) return true
    await sleep(25)
  }
  return false
}

/** Number of the postmaster that the cluster's lock file names. */
export function recordedPid(cluster: string): number | undefined {
  return pidIn(cluster, 'postmaster.pid')
}

function pidIn(cluster: string, lock: string): number | undefined {
  const pid = Number(readLock(cluster, lock)[0])
  return Number.isSafeInteger(pid) && pid > 1 ? pid : undefined
}

/** True once the postmaster `pid` itself says that it takes connections. */
export function isReady(cluster: string, pid: number): boolean {
  return recordedPid(cluster) === pid && readLock(cluster, 'postmaster.pid')[7]?.trim() === 'ready'
}

function readLock(cluster: string, name: string): string[] {
  try {
    return readFileSync(join(cluster, name), 'utf8').split('\n')
  } catch {
    return []
  }
}

function serverProcesses(cluster: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => isServerOf(cluster, pid))
}

/** Every process of a server works in its cluster's folder; the kernel's word for that cannot be forged by a recycled number. */
function isServerOf(cluster: string, pid: number): boolean {
  try {
    if (!/^postgres(?: \(deleted\))?$/.test(basename(readlinkSync(`/proc/${pid}/exe`)))) return false
    const works = statSync(`/proc/${pid}/cwd`)
    const wanted = statSync(cluster)
    return works.dev === wanted.dev && works.ino === wanted.ino
  } catch {
    return false
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return systemCode(error) === 'EPERM'
  }
}

/** Sends a signal to a process that may have ended in the meantime. */
export function signalProcess(pid: number, signal: NodeJS.Signals): void {
  // 0 and negative numbers mean whole groups of processes.
  if (pid <= 1) return
  try {
    process.kill(pid, signal)
  } catch (error) {
    if (systemCode(error) !== 'ESRCH') throw error
  }
}
