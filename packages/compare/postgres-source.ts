import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import pg from 'pg'
import { to as copyTo } from 'pg-copy-streams'
import { readCsv } from './csv-source.ts'
import { ComparisonProblem, quoted, type SideOf, sideName } from './problem.ts'
import type { Side } from './side.ts'
import { type TableSource, tableName } from './source.ts'
import { openSource } from './source-file.ts'

/** How values become text, whatever the server's and the account's own settings are. */
const settings: Readonly<Record<string, string>> = {
  client_encoding: 'UTF8',
  datestyle: 'ISO, YMD',
  intervalstyle: 'postgres',
  extra_float_digits: '1',
  bytea_output: 'hex',
  // A table may be large and its department's line slow: whoever waits can cancel.
  statement_timeout: '0',
}

/** Copies a table out into `folder`, in one snapshot, and reads the copy as what it is: the CSV that PostgreSQL itself exports. */
export async function readTable(of: SideOf, source: TableSource, folder: string, signal?: AbortSignal): Promise<Side> {
  const copy = join(folder, `${of}-table`)
  const rows = await copyOut(of, source, copy, signal)
  const side = await readCsv({ ...(await openSource(of, copy)), name: source.table }, folder, signal)
  if (side.rows !== rows)
    throw new ComparisonProblem(
      'failure',
      'compare.inconsistent',
      `${sideName[of]}表${quoted(source.table)}导出的行数前后不一致。`,
      '请重新比对。',
    )
  return { ...side, kind: 'postgres' }
}

async function copyOut(of: SideOf, source: TableSource, to: string, signal?: AbortSignal): Promise<number> {
  const { schema, name } = tableName(source.table)
  const client = new pg.Client({
    connectionTimeoutMillis: 15_000,
    keepAlive: true,
    application_name: 'tongchou compare',
    ...source.connection,
  })
  // Told by the statement that it interrupts.
  client.on('error', () => undefined)
  const cancel = () => void client.end().catch(() => undefined)
  signal?.addEventListener('abort', cancel, { once: true })
  try {
    signal?.throwIfAborted()
    await client.connect()
    await client.query('begin isolation level repeatable read read only')
    for (const [setting, value] of Object.entries({ ...settings, timezone: source.timeZone ?? 'UTC' }))
      await client.query('select set_config($1, $2, true)', [setting, value])
    const table = await tableOf(client, of, source, schema, name)
    const stream = client.query(copyTo(`copy (select ${table.columns} from ${table.relation}) to stdout (format csv, header true)`))
    await pipeline(stream, createWriteStream(to), { signal })
    return stream.rowCount
  } catch (error) {
    throw error instanceof ComparisonProblem || signal?.aborted ? error : databaseProblem(of, source.table, error)
  } finally {
    signal?.removeEventListener('abort', cancel)
    await client.end().catch(() => undefined)
  }
}

/** The table and its columns, each in PostgreSQL's own quoting. */
async function tableOf(
  client: pg.Client,
  of: SideOf,
  { table, columns }: TableSource,
  schema: string | undefined,
  name: string,
): Promise<{ relation: string; columns: string }> {
  const { rows } = await client.query<{ relation: string; column_name: string; quoted: string }>(
    `select format('%I.%I', n.nspname, c.relname) as relation, a.attname as column_name, format('%I', a.attname) as quoted
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
       join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
     where c.relname = $1 and c.relkind in ('r', 'p', 'v', 'm', 'f') and case when $2::text is null then pg_table_is_visible(c.oid) else n.nspname = $2 end
     order by a.attnum`,
    [name, schema ?? null],
  )
  const [first] = rows
  if (!first)
    throw new ComparisonProblem(
      'failure',
      'compare.no_table',
      `${sideName[of]}数据库中没有表${quoted(table)}。`,
      '请核对模式名、表名及其大小写。',
    )
  const missing = columns?.find((column) => !rows.some((row) => row.column_name === column))
  if (missing !== undefined)
    throw new ComparisonProblem(
      'usage',
      'compare.field_absent',
      `${sideName[of]}表${quoted(table)}没有列${quoted(missing)}。`,
      '请核对列名及其大小写。',
    )
  const wanted = columns === undefined ? rows : rows.filter((row) => columns.includes(row.column_name))
  return { relation: first.relation, columns: wanted.map((row) => row.quoted).join(', ') }
}

/** What went wrong with the database, by its code; neither address nor account are told. */
function databaseProblem(of: SideOf, table: string, error: unknown): unknown {
  const { code, message } = error as { code?: string; message?: string }
  if (code === 'ENOSPC') return error
  const [what, cure] = reasons(code) ?? [`出错（${code ?? message ?? '未知原因'}）`, '请核对数据库的状态后重新比对。']
  return new ComparisonProblem('failure', 'compare.database', `${sideName[of]}数据库表${quoted(table)}：${what}。`, cure, { cause: error })
}

function reasons(code: string | undefined): readonly [string, string] | undefined {
  switch (code) {
    case 'ECONNREFUSED':
    case 'ENOENT':
    case 'ENOTFOUND':
    case 'EHOSTUNREACH':
    case 'ETIMEDOUT':
      return [`无法连接数据库（${code}）`, '请核对主机和端口，以及数据库是否在运行。']
    case '28P01':
    case '28000':
      return ['用户名或口令不正确', '请核对用户名和口令。']
    case '3D000':
      return ['数据库不存在', '请核对数据库名。']
    case '42501':
      return ['没有读取权限', '请为该账号授予 SELECT 权限。']
    case '22023':
      return ['时区无法识别', '请使用时区名称，例如 Asia/Shanghai。']
    default:
      return undefined
  }
}
