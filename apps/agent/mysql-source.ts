import type { EventEmitter } from 'node:events'
import { createRequire } from 'node:module'
import type { Readable } from 'node:stream'
import { AgentProblem } from './problem.ts'
import type { Layout, Sink, Value } from './sink.ts'
import type { Source, SourceParts } from './source.ts'
import type { MysqlConfig } from './source-config.ts'
import { type Column, noteTypes, requireColumns } from './table-columns.ts'
import { instantIn, localIn } from './zoned.ts'

/** How far the watermark has come. */
interface State {
  watermark?: string
}

/**
 * A table of MySQL or MariaDB: by a watermark, or read as a whole. Change triggers are not offered: TRUNCATE and cascades pass them by, and whoever may only read
 * cannot see whether they are there.
 */
export function mysqlSource(config: MysqlConfig, parts: SourceParts): Source {
  const { layout, spool, stopped } = parts
  const { capture } = config
  let connection: Connection | undefined
  const connect = async (): Promise<Connection> => {
    if (connection) return connection
    const fresh = driver().createConnection(addressOf(config))
    const lost = () => {
      if (connection === fresh) connection = undefined
    }
    fresh.on('error', lost)
    fresh.on('end', lost)
    // A reading waits while the spool is full; `timestamp` is read in UTC.
    await asked(fresh, "set time_zone = '+00:00', net_write_timeout = 86400")
    await asked(fresh, 'set session transaction isolation level repeatable read')
    connection = fresh
    return fresh
  }
  const within = async <R>(work: (db: Connection) => Promise<R>): Promise<R> => {
    try {
      return await work(await connect())
    } catch (error) {
      connection?.destroy()
      connection = undefined
      throw sourceProblem(error, config)
    }
  }
  const read = (sink: Sink, isAll: boolean) =>
    within(async (db) => {
      const columns = await columnsOf(db, config, layout)
      if (isAll) noteTypes(parts, columns)
      let watermark = spool.state<State>()?.watermark
      const marked = capture.kind === 'watermark' ? [capture.column] : []
      const list = [...layout.columns, ...marked].map((name) => `cast(${quoted(name)} as char) as ${quoted(name)}`)
      const text = `select ${list.join(', ')} from ${quoted(config.table)}`
      const { where, values } =
        isAll || capture.kind === 'scan' ? { where: '', values: [] } : await since(db, config, capture, columns, watermark)
      if (isAll) sink.beginAll()
      // One snapshot: a record that moves while it is read is met once, before or after.
      await asked(db, 'start transaction with consistent snapshot, read only')
      for await (const row of rowsOf(db, text + where, values, stopped)) {
        const last = row[layout.columns.length]
        if (last && !isZero(last) && (watermark === undefined || last > watermark)) watermark = last
        take(sink, row, layout, columns, config.zone)
        if (sink.isFull()) await sink.flush()
      }
      await asked(db, 'commit')
      if (isAll) await sink.endAll()
      await sink.flush({ state: watermark === undefined ? {} : { watermark } })
      return false
    })
  return {
    check: () =>
      within(async (db) => {
        await columnsOf(db, config, layout)
        const rows = await asked(
          db,
          'select table_rows as n from information_schema.tables where table_schema = database() and table_name = ?',
          [config.table],
        )
        return `表 ${config.table}，约 ${Number(rows[0]?.n ?? 0)} 条`
      }),
    read: (sink, what) => read(sink, what === 'all' || capture.kind === 'scan' || spool.state<State>()?.watermark === undefined),
    settled: async () => undefined,
    async close() {
      connection?.destroy()
      connection = undefined
    },
  }
}

/** Of the driver as much as is used. It is optional: where no table of MySQL is read, nothing asks for it. */
interface Driver {
  createConnection(options: ConnectionOptions): Connection
}

interface ConnectionOptions {
  host?: string
  port?: number
  socketPath?: string
  user: string
  password: string
  database: string
  charset: string
  connectTimeout: number
}

interface Question {
  sql: string
  values: unknown[]
  timeout?: number
  rowsAsArray?: boolean
}

interface Connection extends EventEmitter {
  promise(): { query(question: Question): Promise<[Record<string, unknown>[], unknown]> }
  query(question: Question): { stream(options: { highWaterMark: number }): Readable }
  destroy(): void
}

function driver(): Driver {
  const require = createRequire(import.meta.url)
  try {
    return require('mysql2') as Driver
  } catch (cause) {
    throw new AgentProblem(
      'source.no_driver',
      '没有安装 MySQL 驱动（mysql2）。',
      '请使用市大数据中心提供的安装包，或在安装目录执行 npm ci。',
      { cause },
    )
  }
}

function addressOf({ url }: MysqlConfig): ConnectionOptions {
  const { hostname, port, username, password, pathname, searchParams } = new URL(url)
  const socketPath = searchParams.get('socket')
  return {
    ...(socketPath === null ? { host: hostname, port: Number(port || 3306) } : { socketPath }),
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
    database: decodeURIComponent(pathname.slice(1)),
    ...{ charset: 'utf8mb4', connectTimeout: 10_000 },
  }
}

/** Asks for a few rows. A server that takes the question and never answers is not waited for: the driver alone would, for ever. */
async function asked(db: Connection, sql: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
  const [rows] = await db.promise().query({ sql, values, timeout: ANSWER_WITHIN_MS })
  return rows
}

const ANSWER_WITHIN_MS = 60_000

/** Rows as they come; the connection waits while nobody takes them, so that a table of any size takes little memory. */
async function* rowsOf(db: Connection, text: string, values: unknown[], stopped: AbortSignal): AsyncGenerator<Value[]> {
  const stream = db.query({ sql: text, values, rowsAsArray: true }).stream({ highWaterMark: 200 })
  // The driver tells the connection that it was lost, and leaves the stream waiting for ever.
  const lost = (error?: Error) => stream.destroy(error ?? new Error('connection lost'))
  const end = () => stream.destroy(new Error('stopped'))
  db.once('error', lost)
  db.once('end', lost)
  stopped.addEventListener('abort', end, { once: true })
  try {
    for await (const row of stream) yield row as Value[]
  } finally {
    db.off('error', lost)
    db.off('end', lost)
    stopped.removeEventListener('abort', end)
  }
}

/** From where a watermark reads again: some time before it, and never after the clock of the source. */
async function since(
  db: Connection,
  { zone }: MysqlConfig,
  { column, overlapMs }: Extract<MysqlConfig['capture'], { kind: 'watermark' }>,
  columns: readonly Column[],
  watermark: string | undefined,
): Promise<{ where: string; values: unknown[] }> {
  const rows = await asked(db, 'select cast(utc_timestamp() as char) as now')
  const utc = String(rows[0]?.now)
  const now = typeOf(columns, column).startsWith('timestamp')
    ? utc
    : localIn(Date.parse(`${utc.replace(' ', 'T')}Z`), zone).replace('T', ' ')
  return {
    where: ` where ${quoted(column)} >= date_sub(least(cast(? as datetime(6)), cast(? as datetime(6))), interval ? microsecond)`,
    values: [watermark, now, overlapMs * 1000],
  }
}

function take(sink: Sink, row: readonly Value[], layout: Layout, columns: readonly Column[], zone: string): void {
  const wrong: string[] = []
  const values = layout.columns.map((name, i): Value => {
    const text = row[i] ?? null
    const type = typeOf(columns, name)
    if (text === null || !/^(date|timestamp)/.test(type)) return text
    if (isZero(text)) {
      wrong.push(`${name} 为零日期（${text}）`)
      return null
    }
    return dated(text, type, layout.kinds[i], zone)
  })
  if (wrong.length === 0) {
    sink.upsert(values)
    return
  }
  const key = layout.keyPositions.map((position) => values[position] ?? null)
  const text = `${wrong.join('；')}，不是日期。请更正来源；没有日期的应为空（NULL）。其他内容：${values.filter((value) => value !== null).join('，')}`
  sink.spoilt(text, key.includes(null) ? undefined : key)
}

/** `datetime` is what clocks of the zone showed, `timestamp` was read in UTC. A moment at midnight is a day where a day is wanted. */
function dated(text: string, type: string, kind: string | undefined, zone: string): string {
  if (type === 'date') return text
  if (kind === 'date' && / 00:00:00(\.0+)?$/.test(text)) return text.slice(0, 10)
  if (kind !== 'instant') return text
  return type.startsWith('timestamp') ? `${text.replace(' ', 'T')}Z` : instantIn(text, zone)
}

/** MySQL keeps days that never were: 0000-00-00, 2026-00-00. */
const isZero = (text: string) => /^0000|^\d{4}-00|^\d{4}-\d{2}-00/.test(text)

async function columnsOf(db: Connection, { table, capture }: MysqlConfig, layout: Layout): Promise<Column[]> {
  const rows = await asked(
    db,
    'select column_name as name, column_type as type from information_schema.columns where table_schema = database() and table_name = ?',
    [table],
  )
  const found = rows.map(({ name, type }): Column => ({ name: String(name), type: String(type) }))
  if (found.length === 0)
    throw new AgentProblem('source.unavailable', `来源库没有表 ${table}，或没有权限。`, '请核对表名和授权；表已撤销的，请停用通道。')
  requireColumns(table, [...layout.columns, ...(capture.kind === 'watermark' ? [capture.column] : [])], found)
  const bytes = layout.columns.filter((name) => /binary|blob|geometry|point|polygon|bit/.test(typeOf(found, name)))
  if (bytes.length > 0)
    throw new AgentProblem(
      'source.type_unsupported',
      `来源表 ${table} 的列不是文本、数值或时间：${bytes.join('、')}。`,
      '请从 items 中删除，或在来源库建视图转换。',
    )
  if (capture.kind === 'watermark' && !/^(datetime|timestamp)/.test(typeOf(found, capture.column)))
    throw new AgentProblem(
      'source.watermark_type',
      `列 ${capture.column} 不是时间戳（${typeOf(found, capture.column)}）。`,
      '请改用 scan。',
    )
  return found
}

const typeOf = (columns: readonly Column[], name: string) => columns.find((column) => column.name === name)?.type ?? ''

function sourceProblem(error: unknown, { table, url }: MysqlConfig): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  // What the spool says of its own disk is not the source's.
  if (error instanceof AgentProblem || !(error instanceof Error) || /^(ERR_|ENOSPC|EACCES|EROFS)/.test(code) || error.name === 'AbortError')
    return error
  const { host, pathname } = new URL(url)
  const where = `${host}${pathname}`
  const [what, cure] = ((): [string, string] => {
    if (code === 'ER_BAD_FIELD_ERROR') return [`来源表 ${table} 的列已变更：${error.message}`, '请修改配置中的 items。']
    if (code === 'ER_NO_SUCH_TABLE') return [`来源库没有表 ${table}`, '请核对表名；表已撤销的，请停用通道。']
    if (/^ER_(TABLE|COLUMN)ACCESS_DENIED/.test(code)) return [`对来源表 ${table} 没有权限`, '请由来源库管理员授权。']
    if (code === 'ER_ACCESS_DENIED_ERROR') return [`不能登录来源库 ${where}`, '请核对用户和口令。']
    if (/^ER_(BAD_DB|DBACCESS_DENIED)/.test(code)) return [`来源库 ${where} 不存在，或没有权限`, '请核对地址和授权。']
    return [`不能读取来源库 ${where}：${error.message}`, '将自动重试；持续出现的，请检查来源库和网络。']
  })()
  return new AgentProblem(`source.${code === 'ER_BAD_FIELD_ERROR' ? 'column_missing' : 'unavailable'}`, `${what}。`, cure, { cause: error })
}

const quoted = (name: string) => `\`${name.replaceAll('`', '``')}\``
