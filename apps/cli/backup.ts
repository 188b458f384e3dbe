import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { takeBackup } from '@tongchou/backup'
import { fingerprintOfHex, type KeyRing, keyRingOf, readKeyFile, StartupProblem, signerOf } from '@tongchou/kernel'
import { asOwnerOf, type DatabaseLocation, locationHere, migrations } from './database.ts'

const usage = `用法：tongchou backup 目录 [--scratch 目录] [--json]

  目录            备份写入的目录，尚不存在或为空
  --scratch 目录  试恢复所用的目录，默认在备份目录旁；空间须与数据库相当

服务运行与否均可备份。备份为同一时刻的全部数据，先在临时数据库中恢复并逐表比对，一致后才成立。
密钥文件（keys.json）不在备份中，须另行备份。
`

/** Where a command writes, and how it is told to stop; a test gives its own. */
export interface BackupTerminal {
  write: (text: string) => void
  complain: (text: string) => void
  signal: AbortSignal
}

/** The terminal that a command was started from. Told to stop, it takes away what it has begun. */
export function backupTerminal(): BackupTerminal {
  const stopping = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => stopping.abort())
  return {
    write: (text) => process.stdout.write(text),
    complain: (text) => process.stderr.write(text),
    signal: stopping.signal,
  }
}

/** Where the commands find the database, and what is not in it. */
export interface BackupLocation extends DatabaseLocation {
  keyFile?: string | undefined
  headsDir?: string | undefined
}

/** Where the database, the keys and the signed heads are, from the environment. */
export function backupLocationHere(): BackupLocation {
  return { ...locationHere(), keyFile: process.env.TONGCHOU_KEY_FILE, headsDir: process.env.TONGCHOU_HEADS_DIR }
}

/** The data folder, and what lies in it unless the environment says otherwise. */
export function placesOf({ dataDir, keyFile, headsDir }: BackupLocation) {
  const folder = resolve(dataDir || './data')
  return {
    settings: join(folder, 'settings.json'),
    keyFile: resolve(keyFile || join(folder, 'keys.json')),
    headsDir: resolve(headsDir || join(folder, 'heads')),
  }
}

/**
 * `tongchou backup DIR`: the whole database as one moment shows it, restored for trial and compared before it is called good. Works while the platform runs, and
 * starts the embedded database itself when it does not. Exit code: 0 done, 2 wrong usage, 3 failure.
 */
export async function runBackup(
  args: readonly string[],
  { write, complain, signal }: BackupTerminal = backupTerminal(),
  location: BackupLocation = backupLocationHere(),
): Promise<number> {
  const options = optionsOf(args)
  if (typeof options === 'string') {
    complain(args.includes('--json') ? `${JSON.stringify({ code: 'usage', message: options })}\n` : `${options}。\n\n${usage}`)
    return 2
  }
  const { dir, scratch, json } = options
  const { settings, keyFile } = placesOf(location)
  const keys = keysAt(keyFile)
  const notice = (line: string) => complain(json ? '' : `${line}\n`)
  const { manifest, bytes, left, drift } = await asOwnerOf(location, { make: false }, (owner) =>
    takeBackup({
      ...{ owner, to: dir, scratch, signal, notice, keys },
      migrations: migrations(),
      product: productVersion(),
      demo: demoOf(settings),
      now: () => new Date(),
    }),
  )
  const rows = manifest.tables.reduce((sum, table) => sum + table.rows, 0)
  const signedBy = keys ? (fingerprintOfHex(signerOf(keys).publicKey) ?? null) : null
  const { takenAt, epoch, evidence } = manifest
  const report = {
    ...{ dir: resolve(dir), takenAt, epoch, tables: manifest.tables.length, rows, bytes, verified: true, signedBy },
    ...{ treeSize: evidence.treeSize, notInBackup: left, drift, keysIncluded: false },
  }
  const lines = [
    `备份完成：${report.dir}，${report.tables} 张表，${rows} 行，${(bytes / 1024 ** 2).toFixed(1)} MiB，截至 ${takenAt}。`,
    '已在临时数据库中恢复，逐表比对一致。',
    signedBy === null ? `没有可用的密钥文件 ${keyFile}，备份未签名。` : `签名公钥指纹（SM3）：${signedBy}`,
    ...(left.length > 0 ? [`不属于本平台、未备份的表：${left.join('、')}。`] : []),
    ...driftLines(drift),
    `密钥文件不在备份中，请另行备份：${keyFile}。没有该密钥，恢复后不能启动。`,
  ]
  write(json ? `${JSON.stringify(report, null, 2)}\n` : `${lines.join('\n')}\n`)
  return 0
}

/** What was changed in the database by hand, as far as a reader needs it. */
export function driftLines(drift: readonly string[]): string[] {
  if (drift.length === 0) return []
  return [
    `有 ${drift.length} 处结构与本程序建立的不同，恢复后不会有手工所作的改动：`,
    ...drift.slice(0, 10).map((line) => `  ${line.slice(0, 200)}`),
  ]
}

function keysAt(file: string): KeyRing | undefined {
  try {
    const stored = readKeyFile(file)
    return stored && keyRingOf(stored)
  } catch (error) {
    // Whoever makes backups need not be able to read the keys.
    if (error instanceof StartupProblem) return undefined
    throw error
  }
}

function demoOf(settings: string): boolean | null {
  try {
    const { demo } = JSON.parse(readFileSync(settings, 'utf8')) as { demo?: unknown }
    return typeof demo === 'boolean' ? demo : null
  } catch {
    return null
  }
}

function productVersion(): string {
  const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8')) as { version: string }
  return version
}

function optionsOf(args: readonly string[]): { dir: string; scratch: string | undefined; json: boolean } | string {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { scratch: { type: 'string' }, json: { type: 'boolean', default: false } },
    })
    const [dir, ...more] = positionals
    if (dir === undefined || dir === '') return '没有给出备份写入的目录'
    return more.length > 0 ? '只能给出一个目录' : { dir, scratch: values.scratch, json: values.json }
  } catch {
    return '选项无法识别'
  }
}
