import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import {
  type Ctx,
  fingerprintOfHex,
  keyRingOf,
  newKeys,
  openHeadsFolder,
  openKeys,
  openSealer,
  recordAudit,
  signerOf,
  softwareSigner,
  systemActor,
  writeKeyFile,
} from '@tongchou/kernel'
import { testDatabase } from '@tongchou/testing'
import { afterAll, expect, test } from 'vitest'
import { runAuditVerify } from './audit.ts'
import { type BackupLocation, runBackup } from './backup.ts'
import { withDatabase } from './database.ts'
import { runRestore } from './restore.ts'

const { connection } = await testDatabase()
const databaseUrl = `postgres://${connection.user}@localhost:${connection.port}/${connection.database}?host=${encodeURIComponent(connection.host)}`
// Memory where there is some: every backup brings a server of its own, whose fsync costs nothing there.
const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'tongchou-cli-backup-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const now = () => new Date('2026-03-02T01:00:00Z')

async function run(command: typeof runBackup | typeof runRestore, args: string[], location: BackupLocation) {
  let output = ''
  let complaint = ''
  const terminal = {
    write: (text: string) => {
      output += text
    },
    complain: (text: string) => {
      complaint += text
    },
    signal: new AbortController().signal,
  }
  return { code: await command(args, terminal, location), output, complaint }
}

const keys = newKeys()
const ring = keyRingOf(keys)

/** Acts, their places, and the signed head outside. */
async function act(location: BackupLocation, headsDir: string, count: number): Promise<string[]> {
  return withDatabase(location, async (db) => {
    const ctx: Ctx = { db, actor: systemActor, now, requestId: 'cli', inside: false }
    for (let index = 0; index < count; index++) await recordAudit(ctx, 'test.done', { kind: 'thing', id: String(index) })
    const troubles: string[] = []
    const heads = { signer: softwareSigner(ring), outside: openHeadsFolder(headsDir) }
    const sealer = openSealer({ db, now, onError: (error) => troubles.push(String(error)), heads })
    await sealer.sealNow()
    return troubles
  })
}

test('a backup with the server down, restored elsewhere: a new epoch, the heads that were signed since are kept and nothing is signed over them', async () => {
  const source: BackupLocation = { dataDir: join(folder, 'source') }
  const heads = join(folder, 'source', 'heads')
  mkdirSync(join(folder, 'source'))
  const keyFile = join(folder, 'source', 'keys.json')
  writeKeyFile(keyFile, keys)
  writeFileSync(join(folder, 'source', 'settings.json'), '{"demo":false}\n')
  await withDatabase(source, (db) => openKeys({ db, actor: systemActor, now, requestId: 'cli', inside: false }, keyFile, []))
  expect(await act(source, heads, 3)).toEqual([])

  const dir = join(folder, 'backup')
  const taken = await run(runBackup, [dir, '--json'], source)
  expect(taken).toMatchObject({ code: 0, complaint: '' })
  const fingerprint = fingerprintOfHex(signerOf(ring).publicKey)
  expect(JSON.parse(taken.output)).toMatchObject({ verified: true, signedBy: fingerprint, keysIncluded: false, notInBackup: [], drift: [] })
  // No secret is in a backup: it may lie where the keys may not.
  for (const name of readdirSync(dir, { recursive: true }).map(String))
    if (name.endsWith('.json')) expect(readFileSync(join(dir, name), 'utf8')).not.toContain(Object.values(keys.sealing.keys)[0])

  // What happens afterwards is signed outside, and lost with the system.
  expect(await act(source, heads, 2)).toEqual([])
  const target: BackupLocation = { dataDir: join(folder, 'target'), headsDir: join(folder, 'target-heads') }
  cpSync(heads, String(target.headsDir), { recursive: true })
  const restored = await run(runRestore, [dir, '--fingerprint', String(fingerprint)], target)
  expect(restored).toMatchObject({ code: 0, complaint: '' })
  expect(restored.output).toMatch(/新任期：2-[0-9a-f]{12}/)
  expect(restored.output).toContain(`缺少所需的密钥 ${keys.digest?.current}、${keys.sealing.current}`)
  const archive = readdirSync(folder).find((name) => name.startsWith('target-heads.before-2-'))
  expect(restored.output).toContain(`原目录已移至 ${join(folder, String(archive))}`)
  expect(readdirSync(join(folder, String(archive)))).toEqual(readdirSync(heads))
  // A folder without settings would make a demonstration of it.
  expect(readFileSync(join(folder, 'target', 'settings.json'), 'utf8')).toBe('{"demo":false}\n')

  // The restored system signs on, in a folder of its own, and what was signed before tells what it has lost.
  expect(await act(target, String(target.headsDir), 1)).toEqual([])
  const verify = async (held: string) => {
    return runAuditVerify(['--heads', held], { write: () => undefined, complain: () => undefined }, target)
  }
  expect(await verify(String(target.headsDir))).toBe(0)
  expect(await verify(join(folder, String(archive)))).toBe(1)
  await withDatabase(target, async (db) => {
    const rows = await db.selectFrom('kernel.audit_event').select(['action', 'detail']).where('action', '=', 'system.restored').execute()
    expect(rows).toMatchObject([{ detail: { treeSize: 1, signedOutside: 2, sessions: 0 } }])
  })

  const again = run(runRestore, [dir], target)
  await expect(again).rejects.toMatchObject({ code: 'backup.not_empty' })
}, 120_000)

test.each([
  [runBackup, [], '没有给出备份写入的目录'],
  [runBackup, ['a', 'b'], '只能给出一个目录'],
  [runBackup, ['a', '--fast'], '选项无法识别'],
  [runRestore, [], '没有给出备份所在的目录'],
  [runRestore, ['/nowhere/at/all'], '没有目录“/nowhere/at/all”'],
  [runRestore, ['/tmp', '--fingerprint', 'abc'], '指纹应为 64 位十六进制'],
  [runRestore, ['/tmp', '--scratch', '/tmp'], '--scratch 须与 --check 同用'],
] as const)('what is asked wrongly is refused with the way to ask: %o %j', async (command, args, said) => {
  const refused = await run(command, [...args], { databaseUrl })
  expect(refused.code).toBe(2)
  expect(refused.complaint).toContain(said)
  expect(refused.complaint).toContain('用法')
})

test('a backup that was changed, or is not signed by whom it should be, is not restored: exit 1, and the file is named', async () => {
  const target: BackupLocation = { dataDir: join(folder, 'never') }
  const dir = join(folder, 'spoilt')
  cpSync(join(folder, 'backup'), dir, { recursive: true })
  const foreign = await run(runRestore, [dir, '--fingerprint', '00'.repeat(32), '--json'], target)
  expect(foreign.code).toBe(1)
  expect(JSON.parse(foreign.complaint)).toMatchObject({ code: 'backup.broken', file: 'seal.json' })
  expect(await run(runRestore, [dir, '--check', '--scratch', folder], target)).toMatchObject({ code: 0 })

  const [table = ''] = readdirSync(join(dir, 'tables'))
  const bytes = readFileSync(join(dir, 'tables', table))
  bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1
  writeFileSync(join(dir, 'tables', table), bytes)
  const broken = await run(runRestore, [dir], target)
  expect(broken.code).toBe(1)
  expect(broken.complaint).toContain(`tables/${table} 的内容与清单中的摘要不符`)
  // Looked at before anything is made.
  expect(existsSync(join(folder, 'never'))).toBe(false)
}, 60_000)

test('a login that the database refuses, and a folder without a database, are told as such', async () => {
  const stranger = databaseUrl.replace(connection.user, 'nobody_here')
  await expect(run(runBackup, [join(folder, 'x')], { databaseUrl: stranger })).rejects.toMatchObject({ code: '28000' })
  const nowhere = run(runBackup, [join(folder, 'x')], { dataDir: join(folder, 'nowhere') })
  await expect(nowhere).rejects.toMatchObject({ code: 'backup.nothing' })
  expect(existsSync(join(folder, 'nowhere'))).toBe(false)
  await expect(run(runBackup, [join(folder, 'backup')], { databaseUrl })).rejects.toMatchObject({ code: 'backup.exists' })
})

/** The command as a process of its own, on the file's database. */
const commandLine = (...args: string[]) => [join(import.meta.dirname, 'commands.ts'), ...args]
const env = { ...process.env, DATABASE_URL: databaseUrl, TONGCHOU_DATA: join(folder, 'none'), PGOPTIONS: '' }

test('on a full disk nothing that passes for a backup is left, and the disk is named', async (context) => {
  if (spawnSync('unshare', ['--mount', 'true']).status !== 0) return context.skip('only somebody who may mount file systems can fill one')
  const disk = join(folder, 'disk')
  mkdirSync(disk)
  const script = 'mount -t tmpfs -o size=200k tmpfs "$1" && cd "$1" && shift && "$@"; code=$?; ls -A; exit $code'
  const command = [process.execPath, ...commandLine('backup', join(disk, 'b'), '--scratch', folder, '--json')]
  const { status, stdout } = spawnSync('unshare', ['--mount', 'sh', '-c', script, '-', disk, ...command], { env, encoding: 'utf8' })
  expect(status).toBe(3)
  const [told = '', ...left] = stdout.trim().split('\n')
  expect(JSON.parse(told)).toMatchObject({ code: 'backup.disk_full', message: expect.stringContaining(disk) })
  expect(left).toEqual([])
}, 60_000)

test('a backup that was killed leaves nothing that passes for one, and the next clears it away, its server too', async () => {
  const home = join(folder, 'killed')
  mkdirSync(home)
  const child = spawn(process.execPath, commandLine('backup', join(home, 'b')), { env, stdio: 'ignore' })
  const part = join(home, `b.part-${child.pid}`)
  while (!existsSync(join(part, 'tables')) && child.exitCode === null) await pause(5)
  child.kill('SIGKILL')
  await once(child, 'exit')
  expect(readdirSync(home)).toEqual([`b.part-${child.pid}`])
  expect(await run(runRestore, [part], { dataDir: join(folder, 'never') })).toMatchObject({ code: 1 })
  const server = Number(readFileSync(join(part, 'scratch/postgres/postmaster.pid'), 'utf8').split('\n')[0])
  expect(existsSync(`/proc/${server}`)).toBe(true)

  const next = await run(runBackup, [join(home, 'c')], { databaseUrl })
  expect(next.code).toBe(0)
  expect(next.complaint).toContain(`清理此前中断的备份 ${part}`)
  expect(readdirSync(home)).toEqual(['c'])
  // It has ended; whoever inherited it may take a moment to notice.
  await expect.poll(() => runs(server), { timeout: 20_000 }).toBe(false)
}, 60_000)

/** Whether a process is there and not only what is left of one. */
function runs(pid: number): boolean {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}
