import { existsSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import {
  type KernelTables,
  kernelMigrations,
  type MigrationSource,
  migrate,
  openDatabase,
  openPool,
  requireSafeServer,
  StartupProblem,
  startEmbeddedPostgres,
} from '@tongchou/kernel'
import type { Kysely } from 'kysely'
import pg from 'pg'

const root = join(import.meta.dirname, '../..')
const complain = (error: Error) => console.error(`数据库连接中断：${error.message}`)

/** Where a command finds the platform's database. */
export interface DatabaseLocation {
  databaseUrl?: string | undefined
  dataDir?: string | undefined
}

/**
 * Runs `use` on the platform's database, brought to this program's version: the server of `DATABASE_URL`, the embedded one that the running
 * platform has, or the embedded one started for the command and stopped after it.
 */
export async function withDatabase<R>(location: DatabaseLocation, use: (db: Kysely<KernelTables>) => Promise<R>): Promise<R> {
  const { connection, stop } = await locate(location)
  try {
    await bringUpToDate(connection)
    const db = openDatabase(openPool(connection, complain))
    try {
      return await use(db)
    } finally {
      await db.destroy()
    }
  } finally {
    await stop()
  }
}

async function locate({ databaseUrl, dataDir = './data' }: DatabaseLocation) {
  const nothing = async () => undefined
  if (databaseUrl) return { connection: { connectionString: databaseUrl }, stop: nothing }
  try {
    const server = await startEmbeddedPostgres({ dataDir, onNotice: (line) => console.error(line) })
    return { connection: server.connection, stop: () => server.stop() }
  } catch (error) {
    if (!(error instanceof StartupProblem) || error.code !== 'database.in_use') throw error
    // The platform is running on this folder: its server listens on a socket there, for whoever may enter the folder.
    const host = join(resolve(dataDir), 'postgres')
    if (!existsSync(join(host, '.s.PGSQL.5432'))) throw error
    return { connection: { host, port: 5432, user: 'postgres', database: 'tongchou' }, stop: nothing }
  }
}

async function bringUpToDate(connection: pg.ClientConfig): Promise<void> {
  const client = new pg.Client(connection)
  client.on('error', complain)
  await client.connect()
  try {
    await requireSafeServer(client)
    await migrate(client, migrations())
  } finally {
    await client.end()
  }
}

function migrations(): MigrationSource[] {
  const modules = readdirSync(join(root, 'modules')).sort()
  const sources = modules.map((name) => ({ schema: name, folder: join(root, 'modules', name, 'migrations') }))
  return [...kernelMigrations, ...sources].filter((source) => existsSync(source.folder))
}
