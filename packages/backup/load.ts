import { join } from 'node:path'
import { type MigrationSource, migrate } from '@tongchou/kernel'
import type pg from 'pg'
import { copyFromFile, copySettings, digestTable } from './copy.store.ts'
import { emptyTables, withoutGuards } from './guards.store.ts'
import type { BackedUpTable, Manifest } from './manifest.ts'
import { BrokenBackup } from './problem.ts'
import type { RowsDigest } from './row-digest.ts'
import { ourSchemas, structureOf } from './structure.store.ts'

/** What a database is filled from. */
export interface Load {
  folder: string
  manifest: Omit<Manifest, 'files'>
  /** The program's migrations; those of the backup are among them. */
  migrations: readonly MigrationSource[]
  signal: AbortSignal
}

/**
 * Makes an empty database what the backup says: by the migrations that it had, then the tables that no migration makes, then all rows in one transaction, and
 * reads all of it back. What is there when this ends is what was backed up, table by table; answers which definitions are not, because somebody has changed the
 * database by hand: an index that was added is no reason to be without a backup.
 * @param client a connection of the owner, on a database that holds nothing
 * @throws BrokenBackup where a table is not what was backed up
 */
export async function load(client: pg.ClientBase, { folder, manifest, migrations, signal }: Load): Promise<string[]> {
  await client.query('set statement_timeout = 0')
  await migrate(client, migrations, { only: migrationNames(manifest.migrations), restoring: true })
  await client.query(copySettings)
  const schemas = await ourSchemas(client)
  await client.query('begin')
  try {
    for (const { statements } of manifest.installed) for (const statement of statements) await client.query(statement)
    await withoutGuards(client, schemas, async () => {
      await emptyTables(client, schemas)
      for (const table of manifest.tables)
        if (table.file !== null) requireSame(table, await copyFromFile(client, table, join(folder, table.file), signal))
    })
    for (const { name, value, isCalled } of manifest.sequences)
      await client.query('select setval($1::regclass, $2::bigint, $3)', [name, value, isCalled])
    for (const table of manifest.tables) requireSame(table, await digestTable(client, table, signal))
    await client.query('commit')
  } catch (error) {
    // The connection may be what failed; then there is nothing to roll back, and the first error is the one to tell.
    await client.query('rollback').catch(() => undefined)
    throw error
  }
  const drift = driftOf(manifest, await structureOf(client, schemas), await versionOf(client))
  await client.query('reset all')
  await client.query('analyze')
  return drift
}

/** Migrations by the names that `migrate` knows them by. */
export function migrationNames(applied: Manifest['migrations']): Set<string> {
  return new Set(applied.map(({ schema, name }) => `${schema}/${name}`))
}

/** Of which PostgreSQL, as `server_version_num`. */
export async function versionOf(client: pg.ClientBase): Promise<number> {
  const { rows } = await client.query<{ version: string }>("select current_setting('server_version_num') as version")
  return Number(rows[0]?.version)
}

function requireSame({ name, rows, digest, file }: BackedUpTable, found: RowsDigest): void {
  if (found.rows === rows && found.digest === digest) return
  const how = found.rows === rows ? '内容不同' : `清单为 ${rows} 行，恢复后为 ${found.rows} 行`
  throw new BrokenBackup(file ?? 'manifest.json', `表 ${name} 恢复后与备份清单不一致（${how}）`)
}

/** What stands in one of two databases only. Another major version of PostgreSQL may write a definition otherwise; then the names are compared. */
function driftOf({ structure, postgres }: Load['manifest'], found: readonly string[], version: number): string[] {
  const isSameMajor = Math.floor(postgres / 10_000) === Math.floor(version / 10_000)
  const named = (line: string) => (isSameMajor ? line : line.split(' ').slice(0, 2).join(' '))
  const [before, now] = [new Set(structure.map(named)), new Set(found.map(named))]
  return [...[...before].filter((line) => !now.has(line)), ...[...now].filter((line) => !before.has(line))].sort()
}
