import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { MigrationProblem, type MigrationSource, migrate, requireKnownMigrations, requireSafeServer, sqlTypes } from '@tongchou/kernel'
import pg from 'pg'
import { digestFile } from './copy.store.ts'
import { load } from './load.ts'
import { type Manifest, readManifest } from './manifest.ts'
import { BrokenBackup, backupProblem } from './problem.ts'
import { dropEverything, isEmpty } from './structure.store.ts'
import { holdRestore, isUnfinished, markFinished, markUnfinished } from './unfinished.store.ts'

/** A backup whose every byte was looked at. */
export interface CheckedBackup {
  folder: string
  manifest: Manifest
  /** The public key that has signed it; null where none has. */
  signedBy: string | null
}

/**
 * Looks at every byte of a backup (校验备份): the manifest, its seal, and every file that the manifest names.
 * @throws BrokenBackup that names the file
 */
export async function checkBackup(dir: string, signal: AbortSignal): Promise<CheckedBackup> {
  const folder = resolve(dir)
  const { manifest, signedBy } = readManifest(folder)
  for (const [file, wanted] of Object.entries(manifest.files)) {
    const found = await digestFile(pathOf(folder, file), signal)
    if (found.bytes !== wanted.bytes)
      throw new BrokenBackup(file, `${file} 应为 ${wanted.bytes} 字节，现为 ${found.bytes} 字节，备份不完整`)
    if (found.sm3 !== wanted.sm3) throw new BrokenBackup(file, `${file} 的内容与清单中的摘要不符，已被改动或损坏`)
  }
  const listed = manifest.tables.find(({ file }) => file !== null && !(file in manifest.files))
  if (listed) throw new BrokenBackup('manifest.json', `清单中没有表 ${listed.name} 的文件`)
  return { folder, manifest, signedBy }
}

/** Where a backup is put back to, and what belongs to the commit that makes it the system. */
export interface Restoring {
  /** A connection of the owner of an empty database. */
  owner: pg.ClientConfig
  migrations: readonly MigrationSource[]
  signal: AbortSignal
  /** In one transaction with the end of the restore, on a database of this program's version: the new epoch, and what else a restored system begins with. */
  begin: (client: pg.Client) => Promise<void>
}

/**
 * Puts a checked backup back into an empty database (恢复), compares it there table by table, brings it to this program's version, and begins a new epoch.
 * What ends early is taken away again; what is killed is marked, refused by every start, and cleared away by the next restore.
 * Answers what `load` does.
 * @throws StartupProblem, BrokenBackup
 */
export async function restoreBackup({ folder, manifest }: CheckedBackup, restoring: Restoring): Promise<string[]> {
  const { migrations, signal } = restoring
  await requireOurs(manifest, migrations)
  const client = new pg.Client({ ...restoring.owner, types: sqlTypes })
  client.on('error', () => undefined)
  await client.connect()
  try {
    await requireSafeServer(client)
    await holdRestore(client)
    if (await isUnfinished(client)) await dropEverything(client)
    if (!(await isEmpty(client)))
      throw backupProblem(
        'not_empty',
        '目标数据库不是空的，未做任何改动。',
        '请恢复到新建的空数据库（DATABASE_URL），或空的数据目录（TONGCHOU_DATA）；原有数据请移走后保存，不要删除。',
      )
    try {
      await markUnfinished(client)
      const drift = await load(client, { folder, manifest, migrations, signal })
      await migrate(client, migrations, { restoring: true })
      signal.throwIfAborted()
      await client.query('begin')
      await restoring.begin(client)
      await markFinished(client)
      await client.query('commit')
      return drift
    } catch (error) {
      await client.query('rollback').catch(() => undefined)
      await dropEverything(client).catch(() => undefined)
      throw error
    }
  } finally {
    await client.end()
  }
}

/** The program has to know every migration of the backup: an older one is upgraded, a newer one is not. */
export async function requireOurs({ migrations: applied, product }: Manifest, migrations: readonly MigrationSource[]): Promise<void> {
  try {
    await requireKnownMigrations(applied, migrations)
  } catch (error) {
    if (!(error instanceof MigrationProblem)) throw error
    const isNewer = error.code === 'database.newer'
    throw backupProblem(
      isNewer ? 'newer' : 'other_version',
      isNewer ? `备份由更新的程序（${product}）制作，本程序不能恢复，未做任何改动。` : `备份中的迁移与本程序的不一致：${error.message}`,
      '请使用制作该备份的程序版本，或更新的版本。',
      error,
    )
  }
}

function pathOf(folder: string, file: string): string {
  if (!/^tables\/[a-z0-9_.-]+\.zst$/.test(file)) throw new BrokenBackup('manifest.json', `清单中的文件名 ${file} 不合格式`)
  const path = join(folder, file)
  if (!existsSync(path)) throw new BrokenBackup(file, `缺少 ${file}，备份不完整`)
  return path
}
