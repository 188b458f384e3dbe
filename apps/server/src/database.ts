import { join } from 'node:path'
import {
  type KernelTables,
  kernelMigrations,
  type MigrationSource,
  migrate,
  openDatabase,
  openPool,
  requireSafeServer,
  startEmbeddedPostgres,
} from '@tongchou/kernel'
import type { Kysely } from 'kysely'
import pg from 'pg'
import type { Settings } from './settings.ts'

/** The open database: a handle as the application role, and the way to close it. */
export interface OpenDatabase {
  db: Kysely<KernelTables>
  /** The connections behind `db`, for the job runner. */
  pool: pg.Pool
  /** Connection of the owner, for what the application role may not do. */
  owner: pg.ClientConfig
  /** Migrations applied at this start; all of them on an empty database. */
  applied: string[]
  close(): Promise<void>
}

const root = join(import.meta.dirname, '../../..')
const modules = ['identity', 'policy', 'cases', 'projects', 'systems', 'catalog', 'supervision', 'notices', 'exports', 'audit']

/** Every module's migrations, the kernel's first. */
export const migrations: readonly MigrationSource[] = [
  ...kernelMigrations,
  ...modules.map((name) => ({ schema: name, folder: join(root, 'modules', name, 'migrations') })),
]

/** Opens the server of `DATABASE_URL`, or the embedded one on the data folder, and brings it to this program's version. */
export async function openServer(
  settings: Settings,
  notice: (line: string) => void,
  onLost: (problem: Error) => void,
): Promise<OpenDatabase> {
  const embedded = settings.databaseUrl ? undefined : await startEmbeddedPostgres({ dataDir: settings.dataDir, onNotice: notice, onLost })
  const owner: pg.ClientConfig = embedded ? embedded.connection : { connectionString: settings.databaseUrl ?? '' }
  try {
    const applied = await prepare(owner, settings.demo, notice)
    const pool = openPool(owner, (error) => notice(`数据库连接中断：${error.message}`))
    return {
      db: openDatabase(pool),
      pool,
      owner,
      applied,
      close: async () => {
        await pool.end()
        await embedded?.stop()
      },
    }
  } catch (error) {
    await embedded?.stop()
    throw error
  }
}

async function prepare(owner: pg.ClientConfig, demo: boolean, notice: (line: string) => void): Promise<string[]> {
  const client = new pg.Client(owner)
  client.on('error', () => undefined)
  await client.connect()
  try {
    await requireSafeServer(client, { demo, onNotice: notice })
    const { applied } = await migrate(client, migrations)
    return applied
  } finally {
    await client.end()
  }
}
