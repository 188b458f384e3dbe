import { hash } from 'node:crypto'
import pg from 'pg'
import { outboxSql, wakeChannel } from './outbox.ts'
import { AgentProblem } from './problem.ts'
import type { Layout, Sink, Value } from './sink.ts'
import type { Source, SourceParts } from './source.ts'
import type { PostgresConfig } from './source-config.ts'
import { type Column, noteTypes, requireColumns } from './table-columns.ts'

/** What is kept of a reading: how far the watermark has come. */
interface State {
  watermark?: string
}

/** What a batch of noted changes takes with it once the center has it. */
interface After {
  ids: string[]
}

const PAGE = 2000

/** A table of PostgreSQL: by changes that triggers have noted, by a watermark, or read as a whole. */
export function postgresSource(config: PostgresConfig, parts: SourceParts): Source {
  const { layout, spool } = parts
  const { capture } = config
  let columns: Column[] | undefined
  let name: string | undefined
  const reader = connectionTo(config)
  // Lets go of what the center has, and hears of changes, while the other reads: a reading is a transaction of its own.
  const helper = connectionTo(config, async (db) => {
    db.on('notification', ({ payload }) => {
      // Its name is not known before the first look.
      if (name === undefined || payload === name) parts.wake()
    })
    // What is let go of twice does no harm.
    await db.query(`set synchronous_commit to off; listen ${wakeChannel}`)
  })
  const within = async <R>(work: (db: pg.Client) => Promise<R>): Promise<R> => {
    try {
      return await reader.use(work)
    } catch (error) {
      columns = undefined
      throw sourceProblem(error, config)
    }
  }
  const ready = async (db: pg.Client): Promise<Column[]> => {
    columns ??= await columnsOf(db, config, layout)
    return columns
  }
  const readAll = (sink: Sink) =>
    within(async (db) => {
      columns = undefined
      const found = await ready(db)
      noteTypes(parts, found)
      const list = layout.columns.map((name) => readable(found, name, config.zone))
      const newest = capture.kind === 'watermark' ? [`${quoted(capture.column)}::text`] : []
      let watermark = spool.state<State>()?.watermark
      sink.beginAll()
      // One snapshot: a record that moves while it is read is met once, before or after.
      await db.query('begin isolation level repeatable read read only')
      for await (const rows of pages(db, `select ${[...list, ...newest].join(', ')} from ${quotedTable(config.table)}`, [])) {
        for (const row of rows) {
          const last = capture.kind === 'watermark' ? row[list.length] : undefined
          if (last && (watermark === undefined || last > watermark)) watermark = last
          sink.upsert(row.slice(0, list.length))
          if (sink.isFull()) await sink.flush()
        }
      }
      await db.query('commit')
      await sink.endAll()
      await sink.flush({ state: watermark === undefined ? {} : { watermark } })
      return false
    })
  const readWatermark = (sink: Sink, column: string, overlapMs: number) =>
    within(async (db) => {
      const found = await ready(db)
      const list = layout.columns.map((name) => readable(found, name, config.zone))
      let watermark = spool.state<State>()?.watermark
      const type = found.find(({ name }) => name === column)?.type ?? 'timestamptz'
      // A time stamp from the future, by a slip or by a clock that was set back since, would pass over all that follows.
      const now = type.includes('without') ? `now() at time zone ${literal(config.zone)}` : 'now()'
      const from = `least($1::${type}, ${now}) - make_interval(secs => ${overlapMs / 1000})`
      const text = `select ${list.join(', ')}, ${quoted(column)}::text from ${quotedTable(config.table)} where ${quoted(column)} >= ${from} order by ${quoted(column)}`
      await db.query('begin isolation level repeatable read read only')
      for await (const rows of pages(db, text, [watermark ?? '-infinity'])) {
        for (const row of rows) {
          const last = row[list.length]
          if (last && (watermark === undefined || last > watermark)) watermark = last
          sink.upsert(row.slice(0, list.length))
          if (sink.isFull()) await sink.flush()
        }
      }
      await db.query('commit')
      await sink.flush(watermark === undefined ? {} : { state: { watermark } })
      return false
    })
  const readOutbox = async (sink: Sink): Promise<boolean | 'behind'> => {
    // What waits stays at the source until the center has it, and is read together when there is room.
    if (spool.count().batches >= MOST_WAITING) return 'behind'
    const found = await within(async (db) => {
      const known = await ready(db)
      const spooled = spool.pendingAfter().flatMap((after) => (after as After).ids)
      const { rows } = await db.query<Value[]>({ ...notedQuery(config, layout, known), values: [quotedTable(config.table), spooled, PAGE] })
      name = rows[0]?.[0] ?? undefined
      const ids: string[] = []
      const records = new Map<string, { key: Value[]; values: Value[] | undefined }>()
      let isTruncated = false
      for (const [, id, key, isThere, ...values] of rows) {
        if (id === null || id === undefined) continue
        ids.push(id)
        if (!key) isTruncated = true
        else records.set(key, { key: JSON.parse(key) as Value[], values: isThere === 'true' ? values : undefined })
      }
      return { ids, records: [...records.values()], isTruncated }
    })
    const { ids, records, isTruncated } = found
    if (ids.length === 0) return false
    // Everything was taken away at once: nothing says which records those were.
    if (isTruncated) await readAll(sink)
    for (const { key, values } of records) {
      if (values) sink.upsert(values)
      else sink.remove(key)
    }
    const nothing = sink.isEmpty()
    await sink.flush({ after: { ids } satisfies After })
    if (nothing) await settle(ids)
    return ids.length === PAGE
  }
  const settle = (ids: readonly string[]) =>
    helper
      .use(async (db) => void (await db.query('delete from tongchou.change where id = any($1::bigint[])', [ids])))
      .catch((error: unknown) => {
        throw sourceProblem(error, config)
      })
  return {
    check: () =>
      within(async (db) => {
        columns = undefined
        await ready(db)
        if (capture.kind === 'outbox') await requireTriggers(db, config, layout)
        const { rows } = await db.query<{ n: string }>('select reltuples::bigint::text as n from pg_class where oid = $1::regclass', [
          quotedTable(config.table),
        ])
        return `表 ${config.table}，约 ${Math.max(0, Number(rows[0]?.n ?? 0))} 条`
      }),
    async read(sink, what) {
      // Hears before it looks, so that nothing falls between the two; where it cannot hear it looks every so often.
      if (capture.kind === 'outbox') await helper.use(async () => undefined).catch(() => undefined)
      if (what === 'all' || capture.kind === 'scan') return readAll(sink)
      return capture.kind === 'outbox' ? readOutbox(sink) : readWatermark(sink, capture.column, capture.overlapMs)
    },
    settled: async (after) => {
      if (after !== undefined) await settle((after as After).ids)
    },
    async close() {
      await Promise.all([reader.close(), helper.close()])
    },
  }
}

/** A connection that is opened when it is needed, and again once it was lost. */
interface Connection {
  use<R>(work: (db: pg.Client) => Promise<R>): Promise<R>
  close(): Promise<void>
}

function connectionTo({ url }: PostgresConfig, begun: (db: pg.Client) => Promise<void> = async () => undefined): Connection {
  let client: pg.Client | undefined
  let connecting: Promise<pg.Client> | undefined
  const open = async (): Promise<pg.Client> => {
    const fresh = new pg.Client({ connectionString: url, application_name: 'tongchou-agent', connectionTimeoutMillis: 10_000 })
    fresh.on('error', () => {
      if (client === fresh) client = undefined
    })
    try {
      await fresh.connect()
      await fresh.query(`set datestyle to iso; set timezone to 'UTC'; set extra_float_digits to 1`)
      await begun(fresh)
    } catch (error) {
      fresh.end().catch(() => undefined)
      throw error
    }
    client = fresh
    return fresh
  }
  // Two may find the connection gone: of two that were opened, one would be kept by nobody and never closed.
  const connect = async (): Promise<pg.Client> => {
    if (client) return client
    connecting ??= open().finally(() => {
      connecting = undefined
    })
    return connecting
  }
  return {
    async use(work) {
      try {
        return await work(await connect())
      } catch (error) {
        const lost = client
        client = undefined
        await lost?.end().catch(() => undefined)
        throw error
      }
    },
    async close() {
      await connecting?.catch(() => undefined)
      await client?.end().catch(() => undefined)
      client = undefined
    },
  }
}

/** So many are under way at once; what changes meanwhile is read together. */
const MOST_WAITING = 2

/** Pages of a result by a cursor, so that a table of any size takes a page of memory. */
async function* pages(db: pg.Client, text: string, values: unknown[]): AsyncGenerator<Value[][]> {
  await db.query(`declare tongchou_read no scroll cursor for ${text}`, values)
  for (;;) {
    const { rows } = await db.query<Value[]>({ text: `fetch ${PAGE} from tongchou_read`, rowMode: 'array' })
    if (rows.length === 0) break
    yield rows
  }
  await db.query('close tongchou_read')
}

/**
 * What has been noted, and each record as it is now: one statement, whose snapshot shows every record as it was when it was noted, or newer. Rows are the table's
 * name, id and key of a note, whether the record is there, its values. Each record is looked for by itself, by its key: however large the table is, it is not read.
 */
function notedQuery(
  { table, zone }: PostgresConfig,
  layout: Layout,
  columns: readonly Column[],
): { name: string; text: string; rowMode: 'array' } {
  const names = layout.keyPositions.map((position) => layout.columns[position] ?? '')
  const typed = names.map((name) => columns.find((column) => column.name === name)?.type ?? 'text')
  const list = layout.columns.map((name, i) => `${readable(columns, name, zone, 't.')} as v${i}`)
  // By the table's own name of this moment: one that is gone or was renamed is an error, and not a table without changes.
  const text = `select n.name, c.id::text, c.key::text, (r.v${layout.keyPositions[0] ?? 0} is not null)::text, ${layout.columns.map((_, i) => `r.v${i}`).join(', ')}
      from (select n.nspname || '.' || r.relname as name from pg_class r join pg_namespace n on n.oid = r.relnamespace where r.oid = $1::text::regclass) n
      left join lateral (select id, key from tongchou.change where source = n.name and not (id = any($2::bigint[])) order by id limit $3) c on true
      left join lateral (select ${list.join(', ')} from ${quotedTable(table)} t
        where ${names.map((name, i) => `t.${quoted(name)} = (c.key ->> ${i})::${typed[i]}`).join(' and ')} limit 1) r on true
      order by c.id`
  return { name: `tongchou.noted ${hash('sha256', text, 'hex').slice(0, 16)}`, text, rowMode: 'array' }
}

/** A column as the text that is sent. Time stamps carry their zone: without one they would mean another moment elsewhere. */
function readable(columns: readonly Column[], name: string, zone: string, prefix = ''): string {
  const column = `${prefix}${quoted(name)}`
  const type = columns.find((one) => one.name === name)?.type ?? ''
  if (type.startsWith('timestamp') && type.includes('without')) return `to_json(${column} at time zone ${literal(zone)})#>>'{}'`
  if (type.startsWith('timestamp')) return `to_json(${column})#>>'{}'`
  return `${column}::text`
}

async function columnsOf(db: pg.Client, { table, capture }: PostgresConfig, layout: Layout): Promise<Column[]> {
  const { rows } = await db.query<Column>(
    `select attname as name, format_type(atttypid, atttypmod) as type from pg_attribute
     where attrelid = $1::regclass and attnum > 0 and not attisdropped`,
    [quotedTable(table)],
  )
  const wanted = [...layout.columns, ...(capture.kind === 'watermark' ? [capture.column] : [])]
  requireColumns(table, wanted, rows)
  if (capture.kind === 'watermark') {
    const type = rows.find(({ name }) => name === capture.column)?.type ?? ''
    if (!type.startsWith('timestamp'))
      throw new AgentProblem('source.watermark_type', `列 ${capture.column} 不是时间戳（${type}）。`, '请改用 outbox 或 scan。')
  }
  return rows
}

/** Changes are noted only while both triggers are there, in force, and know the key. */
async function requireTriggers(db: pg.Client, config: PostgresConfig, layout: Layout): Promise<void> {
  const keys = layout.keyPositions.map((position) => layout.columns[position] ?? '')
  const { rows } = await db.query<{ name: string; args: Buffer }>(
    `select tgname as name, tgargs as args from pg_trigger where tgrelid = $1::regclass and tgname in ('tongchou_change', 'tongchou_truncate')
     and tgenabled in ('O', 'A')`,
    [quotedTable(config.table)],
  )
  const noted = rows
    .find(({ name }) => name === 'tongchou_change')
    ?.args.toString()
    .split('\0')
    .filter(Boolean)
  if (rows.length === 2 && noted?.join('\0') === keys.join('\0')) return
  throw new AgentProblem(
    'source.no_outbox',
    `来源表 ${config.table} 没有安装变更触发器，或触发器已停用、主键不符。`,
    `请由来源库管理员执行 tongchou agent sql 输出的语句：\n${outboxSql(config.table, keys)}`,
  )
}

function sourceProblem(error: unknown, { table, url }: PostgresConfig): unknown {
  // What the spool says of its own disk is not the source's.
  const isOwn = error instanceof AgentProblem || /^(ERR_|ENOSPC|EACCES|EROFS)/.test(String((error as { code?: unknown }).code ?? ''))
  if (!(error instanceof Error) || isOwn) return error
  const where = `${new URL(url).host}${new URL(url).pathname}`
  const code = 'code' in error ? String(error.code) : ''
  const [what, cure] = ((): [string, string] => {
    if (code === '42P01' || code === '3F000') return [`来源库没有表 ${table}（或 tongchou.change）`, '请核对表名；表已撤销的，请停用通道。']
    if (code === '42703') return [`来源表 ${table} 的列已变更：${error.message}`, '请修改配置中的 items。']
    if (code === '42501') return [`对来源表 ${table} 没有权限：${error.message}`, '请由来源库管理员授权。']
    if (code === '28P01' || code === '28000') return [`不能登录来源库 ${where}`, '请核对用户和口令。']
    if (code === '3D000') return [`来源库 ${where} 不存在`, '请核对地址。']
    return [`不能读取来源库 ${where}：${error.message}`, '将自动重试；持续出现的，请检查来源库和网络。']
  })()
  return new AgentProblem(`source.${code === '42703' ? 'column_missing' : 'unavailable'}`, `${what}。`, cure, { cause: error })
}

const literal = (text: string) => `'${text.replaceAll("'", "''")}'`
const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`
const quotedTable = (table: string) => table.split('.').map(quoted).join('.')
