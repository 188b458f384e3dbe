import { createHash, randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { BrokenBackup, type CheckedBackup, checkBackup, restoreBackup, tryBackup } from '@tongchou/backup'
import { endEverySession } from '@tongchou/identity'
import {
  beginEpoch,
  type Ctx,
  databaseOn,
  fingerprintOfHex,
  holdsHead,
  openHeadsFolder,
  readKeyFile,
  recordAudit,
  StartupProblem,
  systemActor,
} from '@tongchou/kernel'
import { changePositions, librariesDb } from '@tongchou/libraries'
import type pg from 'pg'
import { type BackupLocation, type BackupTerminal, backupLocationHere, backupTerminal, driftLines, placesOf } from './backup.ts'
import { asOwnerOf, migrations } from './database.ts'

const usage = `用法：tongchou restore 目录 [--fingerprint 指纹] [--json]
      tongchou restore 目录 --check [--scratch 目录] [--fingerprint 指纹] [--json]

  目录                备份所在的目录
  --fingerprint 指纹  另处保存的签名公钥指纹（SM3）；备份不是由该密钥签名的，不恢复
  --check             只校验备份并试恢复，不改动任何系统
  --scratch 目录      试恢复所用的目录，空间须与数据库相当

恢复到空的数据库：DATABASE_URL 指定的，或 TONGCHOU_DATA 指定的数据目录中的内置数据库。
`

interface Options {
  dir: string
  check: boolean
  scratch: string | undefined
  fingerprint: string | undefined
  json: boolean
}

/**
 * `tongchou restore DIR`: looks at every byte of a backup, puts it into an empty database, compares it table by table and begins a new epoch; with `--check` does so on
 * a server that is thrown away. Exit code: 0 done, 1 the backup does not hold, 2 wrong usage, 3 failure.
 */
export async function runRestore(
  args: readonly string[],
  terminal: BackupTerminal = backupTerminal(),
  location: BackupLocation = backupLocationHere(),
): Promise<number> {
  const { complain } = terminal
  const options = optionsOf(args)
  if (typeof options === 'string') {
    complain(args.includes('--json') ? `${JSON.stringify({ code: 'usage', message: options })}\n` : `${options}。\n\n${usage}`)
    return 2
  }
  try {
    return await restore(options, terminal, location)
  } catch (error) {
    if (terminal.signal.aborted)
      throw new StartupProblem('backup.interrupted', '恢复已中断，未留下任何内容。', '请重新执行。', { cause: error })
    if (!(error instanceof BrokenBackup)) throw error
    const { file, message } = error
    complain(options.json ? `${JSON.stringify({ code: 'backup.broken', file, message })}\n` : `备份不成立，未恢复：${message}。\n`)
    return 1
  }
}

async function restore(options: Options, { write, signal }: BackupTerminal, location: BackupLocation): Promise<number> {
  const { json } = options
  const backup = await checkBackup(options.dir, signal)
  const signedBy = backup.signedBy === null ? null : (fingerprintOfHex(backup.signedBy) ?? null)
  if (options.fingerprint !== undefined && options.fingerprint !== signedBy)
    throw new BrokenBackup(
      'seal.json',
      signedBy === null ? '备份没有签名，来源无法核验' : `备份由指纹为 ${signedBy} 的密钥签名，与所给指纹不符`,
    )
  const { takenAt, tables } = backup.manifest
  const rows = tables.reduce((sum, table) => sum + table.rows, 0)
  const common = { dir: backup.folder, takenAt, tables: tables.length, rows, signedBy }
  const signed = signedBy === null ? '备份没有签名，来源无法核验。' : `签名公钥指纹（SM3）：${signedBy}`
  if (options.check) {
    const drift = await tryBackup(backup, { migrations: migrations(), scratch: options.scratch, signal })
    const text = [
      `备份成立：${tables.length} 张表，${rows} 行，截至 ${takenAt}；试恢复后逐表比对一致。`,
      signed,
      ...driftLines(drift),
    ].join('\n')
    write(json ? `${JSON.stringify({ ok: true, ...common, drift }, null, 2)}\n` : `${text}\n`)
    return 0
  }
  const begun = await asOwnerOf(location, { make: true }, (owner) => restoreTo(owner, backup, location, signal))
  const afterwards = settle(backup, begun, location)
  const lines = [
    `恢复完成：${tables.length} 张表，${rows} 行，截至 ${takenAt}，逐表比对一致。`,
    signed,
    `新任期：${begun.epoch}。已读过 ${takenAt} 之后数据的消费方将被拒绝并停止，须由其负责人确认后重新全量同步。`,
    `已结束 ${begun.sessions} 个登录。${takenAt} 之后停用的账号、撤销的令牌和授权在恢复后的系统中仍然有效，请逐项核对。`,
    ...driftLines(begun.drift),
    ...afterwards.lines,
  ]
  const { epoch, sessions, drift } = begun
  write(
    json
      ? `${JSON.stringify({ ...common, epoch, sessionsEnded: sessions, drift, ...afterwards.report }, null, 2)}\n`
      : `${lines.join('\n')}\n`,
  )
  return 0
}

/** What a restored system begins with. */
interface Begun {
  epoch: string
  sessions: number
  drift: string[]
  /** The last head that was signed outside and is not this system's any more; null where all that was signed is there. */
  beyond: { size: number } | null
}

async function restoreTo(owner: pg.ClientConfig, backup: CheckedBackup, location: BackupLocation, signal: AbortSignal): Promise<Begun> {
  const { manifest, folder } = backup
  const { headsDir } = placesOf(location)
  let begun: Omit<Begun, 'drift'> | undefined
  const begin = async (client: pg.Client) => {
    const ctx: Ctx = { db: databaseOn(client), actor: systemActor, now: () => new Date(), requestId: randomUUID(), inside: true }
    const last = await openHeadsFolder(headsDir).last()
    const beyond = last && !(await holdsHead(ctx.db, last)) ? { size: last.size } : null
    const digest = createHash('sm3')
      .update(readFileSync(join(folder, 'manifest.json')))
      .digest('hex')
    const sessions = await endEverySession(ctx)
    const from = { backup: digest, takenAt: manifest.takenAt }
    const epoch = await beginEpoch(ctx, from, await changePositions(librariesDb(ctx)))
    await recordAudit(
      ctx,
      'system.restored',
      { kind: 'system', id: epoch },
      { epoch, from: manifest.epoch, ...from, treeSize: manifest.evidence.treeSize, signedOutside: last?.size ?? null, sessions },
    )
    begun = { epoch, sessions, beyond }
  }
  const drift = await restoreBackup(backup, { owner, migrations: migrations(), signal, begin })
  if (!begun) throw new Error('no epoch was begun')
  return { ...begun, drift }
}

/** What lies beside the database: the folder of signed heads, the keys, what the data folder remembers. None of it is made up, and none is deleted. */
function settle({ manifest }: CheckedBackup, { epoch, beyond }: Begun, location: BackupLocation) {
  const { keyFile, headsDir, settings } = placesOf(location)
  const lines: string[] = []
  const report: { headsMovedTo: string | null; headsBeyond: number | null; keysMissing: string[] } = {
    headsMovedTo: null,
    headsBeyond: beyond?.size ?? null,
    keysMissing: missingKeys(manifest.keys, keyFile),
  }
  if (beyond) {
    const archive = `${headsDir}.before-${epoch}`
    const lost = `签名头目录 ${headsDir} 已签到第 ${beyond.size} 叶，备份只到第 ${manifest.evidence.treeSize} 叶：备份之后的记录已不在本系统，其签名头是曾经存在的证明`
    try {
      renameSync(headsDir, archive)
      report.headsMovedTo = archive
      lines.push(`${lost}。原目录已移至 ${archive}，请归档，不得删除；存证从新目录继续签名。`)
    } catch {
      lines.push(`${lost}。原目录未能移动，请将其改名归档（不得删除）后再启动，否则存证不签名。`)
    }
  }
  if (report.keysMissing.length > 0)
    lines.push(
      `密钥文件 ${keyFile} 中缺少所需的密钥 ${report.keysMissing.join('、')}：请先恢复备份当时的密钥文件（权限 0600），否则不能启动。`,
    )
  if (!location.databaseUrl) rememberDemo(settings, manifest.demo ?? false)
  return { lines, report }
}

function missingKeys(needed: CheckedBackup['manifest']['keys'], file: string): string[] {
  let held: string[] = []
  try {
    const stored = readKeyFile(file)
    held = stored ? [stored.sealing, stored.digest].flatMap((set) => Object.keys(set?.keys ?? {})) : []
  } catch (error) {
    if (!(error instanceof StartupProblem)) throw error
  }
  // Only secret keys keep a start away; what signed is verified by its public half, which the database holds.
  return needed.filter(({ id, purpose }) => ['sealing', 'digest'].includes(purpose) && !held.includes(id)).map(({ id }) => id)
}

/** A new data folder would take the city for a demonstration, whose passwords are public. */
function rememberDemo(settings: string, demo: boolean): void {
  if (existsSync(settings)) return
  mkdirSync(dirname(settings), { recursive: true })
  writeFileSync(settings, `${JSON.stringify({ demo })}\n`)
}

function optionsOf(args: readonly string[]): Options | string {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        check: { type: 'boolean', default: false },
        scratch: { type: 'string' },
        fingerprint: { type: 'string' },
        json: { type: 'boolean', default: false },
      },
    })
    const [dir, ...more] = positionals
    if (dir === undefined || dir === '') return '没有给出备份所在的目录'
    if (more.length > 0) return '只能给出一个目录'
    const fingerprint = values.fingerprint?.toLowerCase()
    if (fingerprint !== undefined && !/^[0-9a-f]{64}$/.test(fingerprint)) return '指纹应为 64 位十六进制'
    if (values.scratch !== undefined && !values.check) return '--scratch 须与 --check 同用'
    if (!existsSync(dir) || !statSync(dir).isDirectory()) return `没有目录“${dir}”`
    return { dir, fingerprint, check: values.check, scratch: values.scratch, json: values.json }
  } catch {
    return '选项无法识别'
  }
}
