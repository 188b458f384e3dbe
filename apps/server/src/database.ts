import { join } from 'node:path'
import {
  applicationLogin,
  applicationRole,
  escapeOfLogin,
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
import type { Settings } from './settings.ts'

/** The open database: a handle as the application role, and the way to close it. */
export interface OpenDatabase {
  db: Kysely<KernelTables>
  /** The connections behind `db`, for the job runner. */
  pool: pg.Pool
  /** How the application signs in, for threads that open connections of their own. */
  application: pg.ClientConfig
  /** Connection of the owner, for what the application role may not do. */
  owner: pg.ClientConfig
  /** Migrations applied at this start; all of them on an empty database. */
  applied: string[]
  close(): Promise<void>
}

const root = join(import.meta.dirname, '../../..')
const modules = [
  'identity',
  'policy',
  'cases',
  'projects',
  'systems',
  'catalog',
  'supervision',
  'notices',
  'exports',
  'audit',
  'libraries',
  'exchange',
  'sharing',
  'comparison',
  'interfaces',
]

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
  const url: pg.ClientConfig = { connectionString: settings.databaseUrl ?? '' }
  const owner: pg.ClientConfig = embedded?.connection ?? (settings.ownerUrl ? { connectionString: settings.ownerUrl } : url)
  const application = embedded ? applicationLogin(embedded.connection) : url
  let pool: pg.Pool | undefined
  try {
    const applied = await prepare(owner, settings.demo, notice)
    pool = openPool(application, (error) => notice(`数据库连接中断：${error.message}`))
    await requireOwnLogin(pool, owner !== url, notice)
    return {
      db: openDatabase(pool),
      pool,
      application,
      owner,
      applied,
      close: async () => {
        await pool?.end()
        await embedded?.stop()
      },
    }
  } catch (error) {
    await pool?.end()
    await embedded?.stop()
    throw error
  }
}

/**
 * Refuses an application login that could become the owner where the owner has a login of its own; where one address serves for both, which
 * works, says at every start what it costs.
 */
async function requireOwnLogin(pool: pg.Pool, isSeparate: boolean, notice: (line: string) => void): Promise<void> {
  const login = await escapeOfLogin(pool)
  if (login === null) return
  const cure = `请另用只属于 ${applicationRole} 的登录名，在 DATABASE_URL 中使用；属主的地址放在 DATABASE_OWNER_URL 中。`
  if (isSeparate) throw new StartupProblem('database.login_is_owner', `DATABASE_URL 的用户 ${login} 可以成为数据库的属主或超级用户。`, cure)
  notice(`警告：应用以数据库属主 ${login} 登录，只靠 set role 限制权限，审计日志因此可被绕过限制的语句修改。${cure}`)
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
