import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import { applicationRole } from './migrate.ts'
import { StartupProblem } from './postgres/startup-problem.ts'
import type { KernelTables } from './tables.ts'

// Civil dates stay text (a Date would shift them by the time zone). bigint becomes number: every bigint column is
// an amount in 分, a count or a sequence, all below 2^53, and one that is not must fail loudly, not lose digits.
const types: pg.CustomTypesConfig = {
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
 * A pool whose connections run as the application role, whoever signs in, and that gives out no connection that does not.
 * Every client has an error listener: a killed backend must not end the process.
 */
export function openPool(config: pg.PoolConfig, onError: (error: Error) => void): pg.Pool {
  const pool = new pg.Pool({
    max: 16,
    connectionTimeoutMillis: 10_000,
    ...config,
    types,
    options: `-c role=${applicationRole} -c timezone=UTC -c idle_in_transaction_session_timeout=60000 -c statement_timeout=60000`,
    onConnect: requireApplicationRole,
  })
  pool.on('error', onError)
  pool.on('connect', (client) => client.on('error', onError))
  return pool
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

/** The Kysely handle over a pool. Modules narrow it with `tablesOf`. */
export function openDatabase(pool: pg.Pool): Kysely<KernelTables> {
  return new Kysely<KernelTables>({ dialect: new PostgresDialect({ pool }) })
}
