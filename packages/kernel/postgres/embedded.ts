import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, existsSync, openSync, readFileSync, renameSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import type { Account } from './account.ts'
import { type Binaries, binariesFor } from './binaries.ts'
import {
  accountFor,
  clusterOwner,
  folderProblem,
  logProblem,
  openFolder,
  prepareCluster,
  requireRoom,
  serverEnvironment,
  workingFolder,
} from './folder.ts'
import { claimFolder, isReady, signalProcess, stopLeftovers } from './ownership.ts'
import { requireSafeServer } from './server-checks.ts'
import { StartupProblem } from './startup-problem.ts'

export interface EmbeddedOptions {
  /** `TONGCHOU_DATA`; the cluster is its folder `postgres`, the server's own log `postgres.log` beside it. */
  dataDir: string
  /** Database that is made when absent; `tongchou` unless told. */
  database?: string
  /** Takes lines that an operator should see, in Chinese. */
  onNotice?: (line: string) => void
  /** The server ended by itself and could not be brought back; the process should end with this problem. */
  onLost?: (problem: StartupProblem) => void
}

/** A running embedded PostgreSQL (内置数据库), listening on a Unix socket in its own private folder and nowhere else. */
export interface EmbeddedPostgres {
  /** Connection of the cluster's owner, for `pg`. Valid in this process. */
  connection: { host: string; port: number; user: string; database: string }
  socketDir: string
  port: number
  /** The postmaster's process number; another one after it had to be started again. */
  pid(): number
  /** Ends open connections, writes everything down, waits, and gives the data folder free. */
  stop(): Promise<void>
}

const port = 5432
// A Unix socket's address holds 107 bytes.
const longestSocketFolder = 107 - '/.s.PGSQL.5432'.length

/**
 * Starts the PostgreSQL that comes with the install on the data folder, making the cluster at the first start, and keeps it running until `stop`.
 * A server left behind by a killed process is stopped first; a second start on the same folder is refused with the holder's process number.
 * @throws StartupProblem with cause and cure
 */
export async function startEmbeddedPostgres(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const dataDir = resolve(options.dataDir)
  const notice = options.onNotice ?? (() => undefined)
  const cluster = join(dataDir, 'postgres')
  openFolder(dataDir)
  const release = await claimFolder(dataDir)
  try {
    if (existsSync(cluster)) await stopLeftovers(cluster, notice)
    requireRoom(dataDir, cluster)
    const account = accountFor(dataDir, cluster)
    const binaries = binariesFor(account, notice)
    if (prepareCluster(dataDir, cluster, account, binaries)) notice(`已在 ${cluster} 建立数据库`)
    return await supervise({ dataDir, cluster, account, binaries }, options, release)
  } catch (error) {
    await release()
    throw error
  }
}

interface Site {
  dataDir: string
  cluster: string
  account: Account | undefined
  binaries: Binaries
}

async function supervise(site: Site, options: EmbeddedOptions, release: () => Promise<void>): Promise<EmbeddedPostgres> {
  const notice = options.onNotice ?? (() => undefined)
  const address = socketAddress(site.cluster)
  const connection = { host: address.folder, port, user: clusterOwner, database: options.database ?? 'tongchou' }
  let child = await launch(site, notice)
  let stopping = false
  const restarts: number[] = []

  // Whatever ends this process short of a kill takes the server along.
  const takeAlong = () => signalProcess(child.pid ?? 0, 'SIGINT')
  process.on('exit', takeAlong)

  const watch = (watched: ChildProcess) => {
    watched.once('exit', () => {
      if (!stopping) void bringBack()
    })
  }
  const bringBack = async () => {
    const now = performance.now()
    restarts.push(now)
    try {
      if (restarts.filter((at) => now - at < 60_000).length > 3) throw gaveUp(site)
      notice('数据库进程意外结束，正在重新启动')
      await stopLeftovers(site.cluster, notice)
      child = await launch(site, notice)
      // A stop that came while the server was starting found the old process only.
      if (stopping) signalProcess(child.pid ?? 0, 'SIGINT')
      else watch(child)
    } catch (error) {
      if (!stopping) options.onLost?.(error instanceof StartupProblem ? error : gaveUp(site, { cause: error }))
    }
  }
  watch(child)

  const stop = async () => {
    stopping = true
    process.off('exit', takeAlong)
    await endServer(child)
    await stopLeftovers(site.cluster, notice)
    address.close()
    await release()
  }
  let stopped: Promise<void> | undefined
  const server: EmbeddedPostgres = {
    connection,
    socketDir: address.folder,
    port,
    pid: () => child.pid ?? 0,
    stop: () => {
      stopped ??= stop()
      return stopped
    },
  }
  try {
    await prepareDatabase(connection)
  } catch (error) {
    await server.stop()
    throw error
  }
  return server
}

/** The socket lies in the cluster's folder. Where that path is too long for a socket address, the open folder itself is the address. */
function socketAddress(cluster: string): { folder: string; close: () => void } {
  if (Buffer.byteLength(cluster) <= longestSocketFolder) return { folder: cluster, close: () => undefined }
  const descriptor = openSync(cluster, 'r')
  return { folder: `/proc/self/fd/${descriptor}`, close: () => closeSync(descriptor) }
}

async function launch(site: Site, notice: (line: string) => void): Promise<ChildProcess> {
  const log = join(site.dataDir, 'postgres.log')
  const settings = {
    listen_addresses: '',
    // Relative to the cluster's folder, which only the server's account and root can enter.
    unix_socket_directories: '.',
    unix_socket_permissions: '0700',
    port: String(port),
    timezone: 'UTC',
    log_timezone: 'UTC',
    log_checkpoints: 'off',
    logging_collector: 'off',
  }
  const file = openLog(site.dataDir, log)
  const begin = statSync(log).size
  // Its own session: Ctrl-C reaches the platform alone, which finishes its work and then stops the server.
  const child = spawn(
    site.binaries.postgres,
    ['-D', workingFolder, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    { ...site.account, cwd: site.cluster, env: serverEnvironment, stdio: ['ignore', file, file], detached: true },
  )
  closeSync(file)
  child.unref()
  let ended = false
  child.once('exit', () => {
    ended = true
  })
  child.once('error', () => {
    ended = true
  })
  const began = performance.now()
  for (let told = 0; !(child.pid && isReady(site.cluster, child.pid)); ) {
    if (ended) throw startFailure(site, log, begin)
    const waited = Math.floor((performance.now() - began) / 10_000)
    if (waited > told) {
      told = waited
      notice(`数据库正在恢复，已等待 ${waited * 10} 秒`)
    }
    await sleep(15)
  }
  return child
}

/** Keeps one older log of at most 16 MB: the server writes for years, its disk is the data's. */
function openLog(dataDir: string, log: string): number {
  try {
    if (existsSync(log) && statSync(log).size > 16 * 1024 * 1024) renameSync(log, `${log}.1`)
    return openSync(log, 'a', 0o640)
  } catch (error) {
    throw folderProblem(dataDir, error) ?? error
  }
}

function startFailure(site: Site, log: string, begin: number): StartupProblem {
  const written = readFileSync(log).subarray(begin).toString('utf8')
  const last = written.split('\n').filter((line) => /\b(?:FATAL|PANIC|ERROR|HINT)\b/.test(line))
  return (
    logProblem(site.dataDir, written) ??
    new StartupProblem(
      'database.start_failed',
      `数据库未能启动：${last.slice(-3).join('；') || '没有留下原因'}。`,
      `请按上述原因处理后重新启动，完整记录见 ${log}。`,
    )
  )
}

function gaveUp(site: Site, options?: ErrorOptions): StartupProblem {
  return new StartupProblem(
    'database.lost',
    '数据库进程反复意外结束，已停止重新启动。',
    `原因见 ${join(site.dataDir, 'postgres.log')}，处理后重新启动，已确认的数据不受影响。`,
    options,
  )
}

async function endServer(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  // Fast shutdown: open transactions are rolled back, everything committed is written down.
  signalProcess(child.pid ?? 0, 'SIGINT')
  child.ref()
  const patience = new AbortController()
  await Promise.race([exited, sleep(60_000, undefined, { signal: patience.signal }).catch(() => undefined)])
  patience.abort()
}

async function prepareDatabase(connection: EmbeddedPostgres['connection']): Promise<void> {
  const client = new pg.Client({ ...connection, database: 'postgres' })
  client.on('error', () => undefined)
  await client.connect()
  try {
    await requireSafeServer(client)
    const { rowCount } = await client.query('select from pg_database where datname = $1', [connection.database])
    if (rowCount === 0) await client.query(`create database ${client.escapeIdentifier(connection.database)}`)
  } finally {
    await client.end()
  }
}
