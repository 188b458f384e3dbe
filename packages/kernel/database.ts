import { Kysely, PostgresDialect, type RawBuilder, sql } from 'kysely'
import pg from 'pg'
import { applicationRole } from './migrate.ts'
import { StartupProblem } from './postgres/startup-problem.ts'
import type { KernelTables } from './tables.ts'

/**
 * How values of the database come in. Civil dates stay text (a Date would shift them by the time zone). bigint becomes number: every bigint column is
 * an amount in 分, a count or a sequence, all below 2^53, and one that is not must fail loudly, not lose digits.
 */
export const sqlTypes: pg.CustomTypesConfig = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') => {
    if (oid === pg.types.builtins.DATE) return (value: string) => value
    if (oid === pg.types.builtins.INT8) return toSafeInteger
    return pg.types.getTypeParser(oid, format as 'text')
  },
}

function toSafeInteger(value: string): number {
  const number = Number(value)
  if (!Number.isSafeInteger(number)) throw new Error(`bigint ${value} is beyond 2^53`)
  return number
}

const unavailableStates = /^(08...|53...|57...|40...|25006|25P03|55P03)$/
const unreachable = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'EAI_AGAIN', 'ENOTFOUND'])
const brokenConnection = /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error)/

/**
 * The database cannot be reached, cannot take more, or gave up on the statement (time limit, deadlock): no defect,
 * and the same request may succeed later.
 */
export function isUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const code = 'code' in error ? String(error.code) : ''
  // A socket that is not there is ENOENT, which a missing file is too.
  const noSocket = code === 'ENOENT' && 'syscall' in error && error.syscall === 'connect'
  return unavailableStates.test(code) || unreachable.has(code) || noSocket || brokenConnection.test(error.message)
}

/**
 * A pool whose connections run as the application role, whoever signs in, and that gives out no connection that does not. Who signs in should
 * be that role itself or one that can become nothing else (`applicationLogin`, `escapeOfLogin`).
 * Every client has an error listener: a killed backend must not end the process.
 */
export function openPool(config: pg.PoolConfig, onError: (error: Error) => void): pg.Pool {
  const pool = new pg.Pool({
    max: 16,
    connectionTimeoutMillis: 10_000,
    ...config,
    types: sqlTypes,
    options: `-c role=${applicationRole} -c timezone=UTC -c idle_in_transaction_session_timeout=60000 -c statement_timeout=60000`,
    onConnect: requireApplicationRole,
  })
  pool.on('error', onError)
  pool.on('connect', (client) => client.on('error', onError))
  pool.on('connect', (client) => planOnce(client, (text) => text.startsWith(markedBeginning)))
  return pool
}

const mark = '/* planned once */'
const markedBeginning = `select ${mark}`

/**
 * Put before what a statement selects (`modifyFront`): each connection plans it once and keeps the plan. For what every request asks in the same
 * words over many tables, where planning takes ten times as long as finding the row; not for texts that differ from time to time.
 */
export const plannedOnce: RawBuilder<unknown> = sql.raw(mark)

/** Statements of these texts, asked with values on this connection, are planned the first time and not again. */
export function planOnce(client: pg.PoolClient, isMeant: (text: string) => boolean): void {
  const names = new Map<string, string>()
  const nameOf = (text: string) => {
    const name = names.get(text) ?? `planned_${names.size + 1}`
    names.set(text, name)
    return name
  }
  const query = client.query.bind(client) as (...args: unknown[]) => unknown
  client.query = ((text: unknown, values: unknown, ...rest: unknown[]) =>
    typeof text === 'string' && Array.isArray(values) && isMeant(text)
      ? query({ name: nameOf(text), text }, values, ...rest)
      : query(text, values, ...rest)) as typeof client.query
}

// `options` in the address of a server replaces ours, and a connection pooler in between may drop them.
async function requireApplicationRole(client: pg.ClientBase): Promise<void> {
  const { rows } = await client.query<{ role: string }>('select current_user as role')
  if (rows[0]?.role === applicationRole) return
  throw new StartupProblem(
    'database.wrong_role',
    `数据库连接没有以应用角色 ${applicationRole} 运行。`,
    '请去掉 DATABASE_URL 中的 options 参数；经连接池连接的，请改为直接连接数据库。',
  )
}

/** A handle of the owner, for the few things that the application may not do: one connection, never that of a request. */
export function openOwnerDatabase(config: pg.PoolConfig, onError: (error: Error) => void): Kysely<KernelTables> {
  const pool = new pg.Pool({ ...config, max: 1, types: sqlTypes })
  pool.on('error', onError)
  pool.on('connect', (client) => client.on('error', onError))
  return openDatabase(pool)
}

/** The embedded server's connection for the application (应用登录): as its own role and not as the owner, so that `reset role` leads nowhere else. */
export function applicationLogin<C extends pg.ClientConfig>(owner: C): C & { user: string } {
  return { ...owner, user: applicationRole }
}

/** Roles of PostgreSQL's own that reach beyond what the application is granted. */
const mightyRoles = ['pg_write_all_data', 'pg_execute_server_program', 'pg_write_server_files', 'pg_read_server_files', 'pg_maintain']

/**
 * What the login behind a connection could make of itself (应用登录的权限): the owner of something here, superuser, a maker of roles. Then a
 * statement that gets through to the database unchecked could take off the application's role; null where nothing of that kind is possible.
 */
export async function escapeOfLogin(client: Pick<pg.ClientBase, 'query'>): Promise<string | null> {
  const { rows } = await client.query<{ login: string; is_mighty: boolean }>(
    `select session_user as login,
       r.rolsuper or r.rolcreaterole or r.rolreplication
       or exists (select from pg_namespace n where n.nspname in (select schema from kernel.schema_migration) and pg_has_role(r.oid, n.nspowner, 'member'))
       or exists (select from pg_class c join pg_namespace n on n.oid = c.relnamespace
         where n.nspname in (select schema from kernel.schema_migration) and pg_has_role(r.oid, c.relowner, 'member'))
       or exists (select from pg_roles m where m.rolname = any($1) and pg_has_role(r.oid, m.oid, 'member')) as is_mighty
     from pg_roles r where r.rolname = session_user`,
    [mightyRoles],
  )
  return rows[0]?.is_mighty === false ? null : (rows[0]?.login ?? '')
}

/** The Kysely handle over a pool. Modules narrow it with `tablesOf`. */
export function openDatabase(pool: pg.Pool): Kysely<KernelTables> {
  return new Kysely<KernelTables>({ dialect: new PostgresDialect({ pool }) })
}

/**
 * A handle over one connection that somebody else opened and will close, inside whatever transaction it is in: for what speaks COPY or changes tables,
 * and yet has to write its audit row and its leaf in the same commit.
 */
export function databaseOn(client: pg.ClientBase): Kysely<KernelTables> {
  const borrowed = { query: (text: string, values: unknown[]) => client.query(text, values), release: () => undefined }
  const pool = { connect: async () => borrowed, end: async () => undefined }
  return new Kysely<KernelTables>({ dialect: new PostgresDialect({ pool: pool as never }) })
}
