import { mkdirSync, readdirSync, readFileSync, renameSync, rmdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { type KeyRing, type MigrationSource, migrate, requireKnownMigrations, startEmbeddedPostgres } from '@tongchou/kernel'
import pg from 'pg'
import { copySettings, copyToFile, syncFolder } from './copy.store.ts'
import { load, migrationNames, versionOf } from './load.ts'
import { type BackedUpTable, type Manifest, writeManifest } from './manifest.ts'
import { BrokenBackup, backupProblem } from './problem.ts'
import {
  appliedMigrations,
  epochOf,
  evidenceOf,
  foreignTables,
  holdTables,
  keysOf,
  ourSchemas,
  sequencesOf,
  statementsFor,
  structureOf,
  tablesOf,
} from './structure.store.ts'

/** What is backed up, where to, and with what. */
export interface Taking {
  /** A connection of the owner of the database. */
  owner: pg.ClientConfig
  /** The backup's own folder, which is not there yet. */
  to: string
  migrations: readonly MigrationSource[]
  product: string
  demo: boolean | null
  /** Signs the backup, where the keys are at hand. */
  keys?: KeyRing | undefined
  /** Where it is restored for trial; beside the backup unless told. */
  scratch?: string | undefined
  now: () => Date
  notice: (line: string) => void
  signal: AbortSignal
}

/** A backup that was taken. */
export interface Taken {
  manifest: Manifest
  bytes: number
  /** Tables in the database that are not the platform's, and not in the backup. */
  left: string[]
  /** Definitions that somebody has changed by hand and that a restored database does not have. */
  drift: string[]
}

/**
 * Takes a backup (备份) while the platform runs: all tables as one snapshot shows them, restored into a server of its own and compared there, table by table,
 * before it gets its name. Until then the folder is called `….part-<pid>`, and nothing that ended early passes for a backup.
 * @throws StartupProblem with cause and cure
 */
export async function takeBackup(taking: Taking): Promise<Taken> {
  const to = resolve(taking.to)
  requireFree(to)
  await clearLeftovers(dirname(to), taking.notice)
  const part = `${to}.part-${process.pid}`
  const scratchFolder = taking.scratch ? join(resolve(taking.scratch), `${basename(to)}.part-${process.pid}`) : join(part, 'scratch')
  try {
    makePart(part)
    if (taking.scratch) makePart(scratchFolder)
    const taken = await takeInto(part, scratchFolder, taking)
    rmSync(join(part, markFile))
    await syncFolder(part)
    renameSync(part, to)
    await syncFolder(dirname(to))
    return taken
  } catch (error) {
    throw inWords(error, to)
  } finally {
    for (const folder of [part, ...(taking.scratch ? [scratchFolder] : [])]) rmSync(folder, { recursive: true, force: true })
  }
}

async function takeInto(part: string, scratchFolder: string, taking: Taking): Promise<Taken> {
  const { migrations, signal, notice } = taking
  const client = await connected(taking.owner)
  try {
    const applied = await appliedMigrations(client)
    if (applied.length === 0) throw backupProblem('nothing', '数据库中没有统筹的数据。', '请核对 DATABASE_URL 或 TONGCHOU_DATA。')
    await requireKnownMigrations(applied, migrations)
    const scratch = await startEmbeddedPostgres({ dataDir: scratchFolder })
    try {
      const trial = await connected(scratch.connection)
      try {
        await migrate(trial, migrations, { only: migrationNames(applied) })
        const schemas = await ourSchemas(trial)
        const known = new Set((await tablesOf(trial, schemas)).map(({ name }) => name))
        const { manifest, left } = await copyOut(client, part, { ...taking, schemas, known })
        // What is copied is held by nobody any more.
        await client.end()
        notice('正在试恢复并逐表比对')
        const drift = await load(trial, { folder: part, manifest, migrations, signal })
        writeManifest(part, manifest, taking.keys)
        return { manifest, left, drift, bytes: Object.values(manifest.files).reduce((sum, { bytes }) => sum + bytes, 0) }
      } finally {
        await trial.end()
      }
    } finally {
      await scratch.stop()
      rmSync(scratchFolder, { recursive: true, force: true })
    }
  } finally {
    await client.end()
  }
}

interface Copying extends Taking {
  schemas: readonly string[]
  /** Tables that migrations make. */
  known: ReadonlySet<string>
}

async function copyOut(client: pg.Client, part: string, copying: Copying): Promise<{ manifest: Manifest; left: string[] }> {
  const { schemas, known, signal } = copying
  await client.query(copySettings)
  await client.query('begin isolation level repeatable read read only')
  const found = await tablesOf(client, schemas)
  await holdTables(client, found)
  const takenAt = copying.now().toISOString()
  const installed: Manifest['installed'] = []
  for (const { name } of found) if (!known.has(name)) installed.push({ name, statements: await statementsFor(client, name) })
  const tables: BackedUpTable[] = []
  const files: Manifest['files'] = {}
  mkdirSync(join(part, 'tables'), { mode: 0o700 })
  for (const table of found) {
    const file = `tables/${table.name.replaceAll(/[^a-z0-9_.]/g, '-')}.zst`
    const { rows, digest, sm3, bytes } = await copyToFile(client, table, join(part, file), signal)
    if (rows === 0) rmSync(join(part, file))
    else files[file] = { sm3, bytes }
    tables.push({ ...table, rows, digest, file: rows === 0 ? null : file })
  }
  await syncFolder(join(part, 'tables'))
  const manifest: Manifest = {
    format: 'tongchou-backup',
    formatVersion: 1,
    product: copying.product,
    postgres: await versionOf(client),
    takenAt,
    epoch: await epochOf(client),
    demo: copying.demo,
    migrations: await appliedMigrations(client),
    evidence: await evidenceOf(client),
    keys: await keysOf(client),
    tables,
    installed,
    // After the rows: a sequence knows no snapshot, and one that is ahead does no harm.
    sequences: await sequencesOf(client, schemas),
    structure: await structureOf(client, schemas),
    files,
  }
  const left = await foreignTables(client, schemas)
  await client.query('rollback')
  return { manifest, left }
}

async function connected(config: pg.ClientConfig): Promise<pg.Client> {
  const client = new pg.Client(config)
  client.on('error', () => undefined)
  await client.connect()
  return client
}

function requireFree(to: string): void {
  let entries: string[]
  try {
    entries = readdirSync(to)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return
    throw backupProblem('exists', `${to} 已存在，不是可写入备份的空目录。`, '请换一个目录名，备份从不覆盖已有内容。', error)
  }
  if (entries.length > 0) throw backupProblem('exists', `${to} 已存在且不为空。`, '请换一个目录名，备份从不覆盖已有内容。')
  rmdirSync(to)
}

const markFile = '.unfinished'

function makePart(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  writeFileSync(join(folder, markFile), JSON.stringify({ host: hostname(), pid: process.pid }), { mode: 0o600 })
}

/** A backup that was killed leaves its folder behind, perhaps with the server of its trial: the next one on this machine clears them away. */
async function clearLeftovers(parent: string, notice: (line: string) => void): Promise<void> {
  for (const name of readdirSync(parent, { recursive: false }).map(String)) {
    const folder = join(parent, name)
    if (!/\.part-\d+$/.test(name) || !isLeft(folder)) continue
    notice(`清理此前中断的备份 ${folder}`)
    try {
      await (await startEmbeddedPostgres({ dataDir: join(folder, 'scratch') })).stop()
    } catch {
      // There is none, or it is of no use any more.
    }
    rmSync(folder, { recursive: true, force: true })
  }
}

function isLeft(folder: string): boolean {
  try {
    const { host, pid } = JSON.parse(readFileSync(join(folder, markFile), 'utf8')) as { host: string; pid: number }
    if (host !== hostname()) return false
    process.kill(pid, 0)
    return false
  } catch (error) {
    return codeOf(error) === 'ESRCH'
  }
}

function inWords(error: unknown, to: string): unknown {
  const full = () => {
    const { bavail, bsize } = statfsSync(dirname(to))
    return backupProblem(
      'disk_full',
      `备份未完成：磁盘空间不足，${dirname(to)} 现余 ${Math.floor((bavail * bsize) / 1024 ** 2)} MiB。`,
      '请清理或换一个目录；试恢复所需空间与数据库相当，可用 --scratch 放到另一个磁盘。',
      error,
    )
  }
  switch (codeOf(error)) {
    case 'ENOSPC':
    case 'EDQUOT':
    case '53100':
    case 'data.disk_full':
      return full()
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
    case 'ENOENT':
    case 'ENOTDIR':
      return backupProblem('not_writable', `不能在 ${dirname(to)} 中写入备份。`, '请检查目录是否存在及其权限。', error)
    case 'ABORT_ERR':
      return backupProblem('interrupted', '备份已中断，未留下备份。', '请重新执行。', error)
    default:
      if (error instanceof BrokenBackup)
        return backupProblem(
          'trial_failed',
          `试恢复的结果与数据库不一致，备份已作废：${error.message}。`,
          '请核对是否有人在数据库中手工改动了结构，改回后重新备份。',
          error,
        )
      return error
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}
