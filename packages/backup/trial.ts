import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { type MigrationSource, startEmbeddedPostgres } from '@tongchou/kernel'
import pg from 'pg'
import { load } from './load.ts'
import { type CheckedBackup, requireOurs } from './restore.ts'

/** Where and by what a backup is restored for trial. */
export interface Trial {
  migrations: readonly MigrationSource[]
  /** A folder with room for the database; the machine's own for temporary files unless told. */
  scratch?: string | undefined
  signal: AbortSignal
}

/** Restores a backup for trial (试恢复), on a server that is thrown away, and compares every table; answers what `load` does. @throws BrokenBackup, StartupProblem */
export async function tryBackup({ folder, manifest }: CheckedBackup, { migrations, scratch, signal }: Trial): Promise<string[]> {
  await requireOurs(manifest, migrations)
  const dataDir = mkdtempSync(join(resolve(scratch ?? tmpdir()), 'tongchou-trial-'))
  try {
    const server = await startEmbeddedPostgres({ dataDir })
    try {
      const client = new pg.Client(server.connection)
      client.on('error', () => undefined)
      await client.connect()
      try {
        return await load(client, { folder, manifest, migrations, signal })
      } finally {
        await client.end()
      }
    } finally {
      await server.stop()
    }
  } finally {
    rmSync(dataDir, { recursive: true, force: true })
  }
}
