import { existsSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import {
  applicationLogin,
  type KernelTables,
  kernelMigrations,
  type MigrationSource,
  migrate,
  openDatabase,
  openOwnerDatabase,
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
  /** The owner's, where that is not the application's. */
  ownerUrl?: string | undefined
  dataDir?: string | undefined
}

/**
 * Runs `use` on the platform's database, brought to this program's version: the server of `DATABASE_URL`, the embedded one that the running
 * platform has, or the embedded one started for the command and stopped after it.
 */
export async function withDatabase<R>(location: DatabaseLocation, use: (db: Kysely<KernelTables>) => Promise<R>): Promise<R> {
  return withConnections(location, async ({ application }) => {
    const db = openDatabase(openPool(application, complain))
    try {
      return await use(db)
    } finally {
      await db.destroy()
    }
  })
}

/** Runs `use` on the platform's database as its owner: for the few things that the application may not do. */
export async function withOwner<R>(location: DatabaseLocation, use: (owner: Kysely<KernelTables>) => Promise<R>): Promise<R> {
  return withConnections(location, async ({ owner }) => {
    const db = openOwnerDatabase(owner, complain)
    try {
      return await use(db)
    } finally {
      await db.destroy()
    }
  })
}

/**
 * Runs `use` with the connection of the platform's owner, on the database as it is: nothing is brought up to date. `make` says that an embedded database may be
 * made where there is none.
 */
export async function asOwnerOf<R>(
  location: DatabaseLocation,
  { make }: { make: boolean },
  use: (owner: pg.ClientConfig) => Promise<R>,
): Promise<R> {
  if (!make && !location.databaseUrl && !existsSync(join(resolve(location.dataDir || './data'), 'postgres')))
    throw new StartupProblem(
      'backup.nothing',
      `数据目录 ${resolve(location.dataDir || './data')} 中没有数据库。`,
      '请用 TONGCHOU_DATA 指明数据目录，或用 DATABASE_URL 指明数据库。',
    )
  const { owner, stop } = await locate(location)
  try {
    return await use(owner)
  } finally {
    await stop()
  }
}

/** Where the commands find the database, from the environment. */
export function locationHere(): DatabaseLocation {
  const { DATABASE_URL: databaseUrl, DATABASE_OWNER_URL: ownerUrl, TONGCHOU_DATA: dataDir } = process.env
  return { databaseUrl, ownerUrl, dataDir }
}

interface Connections {
  application: pg.ClientConfig
  owner: pg.ClientConfig
}

async function withConnections<R>(location: DatabaseLocation, use: (connections: Connections) => Promise<R>): Promise<R> {
  const { stop, ...connections } = await locate(location)
  try {
    await bringUpToDate(connections.owner)
    return await use(connections)
  } finally {
    await stop()
  }
}

async function locate({ databaseUrl, ownerUrl, dataDir: given }: DatabaseLocation): Promise<Connections & { stop: () => Promise<void> }> {
  const dataDir = given || './data'
  const nothing = async () => undefined
  const embedded = (owner: pg.ClientConfig, stop: () => Promise<void>) => ({ owner, application: applicationLogin(owner), stop })
  if (databaseUrl)
    return { application: { connectionString: databaseUrl }, owner: { connectionString: ownerUrl || databaseUrl }, stop: nothing }
  try {
    const server = await startEmbeddedPostgres({ dataDir, onNotice: (line) => console.error(line) })
    return embedded(server.connection, () => server.stop())
  } catch (error) {
    if (!(error instanceof StartupProblem) || error.code !== 'database.in_use') throw error
    // The platform is running on this folder: its server listens on a socket there, for whoever may enter the folder.
    const host = join(resolve(dataDir), 'postgres')
    if (!existsSync(join(host, '.s.PGSQL.5432'))) throw error
    return embedded({ host, port: 5432, user: 'postgres', database: 'tongchou' }, nothing)
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

/** Every migration of this program, the kernel's first. */
export function migrations(): MigrationSource[] {
  const modules = readdirSync(join(root, 'modules')).sort()
  const sources = modules.map((name) => ({ schema: name, folder: join(root, 'modules', name, 'migrations') }))
  return [...kernelMigrations, ...sources].filter((source) => existsSync(source.folder))
}
