import { randomBytes } from 'node:crypto'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import {
  applicationLogin,
  type KernelTables,
  kernelMigrations,
  type MigrationSource,
  migrate,
  openDatabase,
  openPool,
} from '@tongchou/kernel'
import type { Kysely } from 'kysely'
import pg from 'pg'
import { afterAll, inject } from 'vitest'
import { startTestServer } from './test-server.ts'

/** Where the run's one server listens. Set by the global setup, read by every test file. */
export interface TestServer {
  host: string
  port: number
  user: string
}

declare module 'vitest' {
  interface ProvidedContext {
    tongchouServer: TestServer
  }
}

/** A database of one test file: all migrations applied, no rows, gone when the file is done. */
export interface TestDatabase {
  /** Signs in and runs as the application role, exactly like the product. */
  pool: pg.Pool
  /** Typed handle over `pool`; modules narrow it with `tablesOf`. */
  db: Kysely<KernelTables>
  /** Runs as the owner: to look behind the application role's back, and to break things on purpose. */
  owner: pg.Pool
  /** Connection of the owner, for code that opens its own pool. */
  connection: pg.ClientConfig & { host: string; port: number; user: string; database: string }
}

const root = join(import.meta.dirname, '../..')

/** Every migration folder of the checkout, the kernel's first: what the product applies at its start. */
export function allMigrations(): MigrationSource[] {
  const modules = readdirSync(join(root, 'modules')).sort()
  const sources = modules.map((name) => ({ schema: name, folder: join(root, 'modules', name, 'migrations') }))
  return [...kernelMigrations, ...sources].filter(
    ({ folder }) => existsSync(folder) && readdirSync(folder).some((file) => file.endsWith('.sql')),
  )
}

const ignore = () => undefined

/**
 * Clones a database for the calling test file from the migrated template and drops it after the file's last test.
 * Call it at the top level: `const { db, pool } = await testDatabase()`.
 */
export async function testDatabase(): Promise<TestDatabase> {
  const server = inject('tongchouServer')
  const name = `t_${randomBytes(6).toString('hex')}`
  const maintenance = { ...server, database: 'postgres' }
  await withClient(maintenance, async (client) => {
    // One file of the run makes the template; the others wait for it. `create database … template` also needs the template unused.
    await client.query("select pg_advisory_lock(hashtext('tongchou.template'))")
    const { rowCount } = await client.query("select from pg_database where datname = 'template_tongchou'")
    if (rowCount === 0) await makeTemplate(client, maintenance)
    await client.query(`create database ${name} template template_tongchou`)
  })
  return opened({ ...server, database: name }, () =>
    withClient(maintenance, (client) => client.query(`drop database ${name} with (force)`)),
  )
}

/** The same on a server of the file's own, for what a whole server tells: there a commit of any other file would be seen. */
export async function databaseAlone(): Promise<TestDatabase> {
  const server = await startTestServer()
  await withClient(server.connection, (fresh) => migrate(fresh, allMigrations()))
  return opened(server.connection, () => server.stop())
}

function opened(connection: TestDatabase['connection'], close: () => Promise<unknown>): TestDatabase {
  const pool = openPool(applicationLogin(connection), ignore)
  const owner = new pg.Pool({ ...connection, max: 4 })
  owner.on('error', ignore)
  afterAll(async () => {
    await Promise.all([pool.end(), owner.end()])
    await close()
  })
  return { pool, db: openDatabase(pool), owner, connection }
}

async function makeTemplate(client: pg.Client, maintenance: pg.ClientConfig): Promise<void> {
  // Built under another name: a migration that fails must not leave half a template behind.
  await client.query('drop database if exists template_unfinished with (force)')
  await client.query('create database template_unfinished')
  await withClient({ ...maintenance, database: 'template_unfinished' }, (fresh) => migrate(fresh, allMigrations()))
  await client.query('alter database template_unfinished rename to template_tongchou')
}

async function withClient<T>(config: pg.ClientConfig, use: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(config)
  client.on('error', ignore)
  await client.connect()
  try {
    return await use(client)
  } finally {
    await client.end()
  }
}
