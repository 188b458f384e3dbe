import type { Reader } from './config-reader.ts'

/** Where the records of a channel are read from (来源). */
export type SourceConfig = PostgresConfig | MysqlConfig | CsvConfig | ExcelConfig | HttpConfig

/** How the changes of a table are found. */
export type Capture = { kind: 'outbox' } | { kind: 'watermark'; column: string; overlapMs: number } | { kind: 'scan' }

/** A table of PostgreSQL. */
export interface PostgresConfig {
  kind: 'postgres'
  url: string
  table: string
  capture: Capture
  /** What time stamps without a zone mean. */
  zone: string
}

/** A table of MySQL or MariaDB. */
export interface MysqlConfig {
  kind: 'mysql'
  url: string
  table: string
  capture: Exclude<Capture, { kind: 'outbox' }>
  /** What `datetime` means; `timestamp` has a zone of its own. */
  zone: string
}

/** A folder that files are put into. */
export interface FolderConfig {
  folder: string
  /** Ending or whole pattern, `*` for anything. */
  files: string
  /** `whole`: the newest file is the table; `added`: each file brings more. */
  mode: 'whole' | 'added'
  /** A file is read when it has not changed for so long. */
  settleMs: number
  zone: string
}

/** A folder of CSV. */
export interface CsvConfig extends FolderConfig {
  kind: 'csv'
  encoding: 'auto' | 'utf-8' | 'gb18030' | 'utf-16le' | 'utf-16be'
  delimiter: string
}

/** A folder of workbooks (.xlsx). */
export interface ExcelConfig extends FolderConfig {
  kind: 'excel'
  /** Undefined for the one sheet that has the columns. */
  sheet: string | undefined
}

/** How one page of an interface leads to the next. */
export type Paging =
  | { by: 'none' }
  | { by: 'page'; parameter: string; first: number }
  | { by: 'offset'; parameter: string }
  | { by: 'cursor'; parameter: string; next: string }
  | { by: 'link'; next: string | undefined }

/** An interface that answers with JSON (HTTP 接口). */
export interface HttpConfig {
  kind: 'http'
  /** The first request; no other host than this one's is ever asked. */
  url: string
  /** Where the list of records stands in the answer; empty where the answer is the list. */
  records: string
  /** Where the number of all records stands. */
  total: string | undefined
  paging: Paging
  /** Records asked for in one page, by which parameter. */
  size: { parameter: string; rows: number } | undefined
  /** A header whose value is the content of a file: a secret stands in no configuration. */
  auth: { header: string; secretFile: string } | undefined
  /** Asks only for what has changed since; undefined compares everything each time. */
  since: { parameter: string; field: string; overlapMs: number } | undefined
  /** Fields that a record may leave out. */
  optional: readonly string[]
  timeoutMs: number
  mostBytes: number
  mostPages: number
  zone: string
}

/** Whether each reading meets all that there is, so that none has to be made up for. */
export function readsWhole(source: SourceConfig): boolean {
  if (source.kind === 'http') return source.since === undefined
  return source.kind === 'csv' || source.kind === 'excel' || source.capture.kind === 'scan'
}

/** Whether each file only brings more: what is in none of them any more is not gone. */
export const addsOnly = (source: SourceConfig): boolean => (source.kind === 'csv' || source.kind === 'excel') && source.mode === 'added'

/** How often a source is asked where the configuration does not say: what costs a full reading not every second. */
export function usualEvery(source: SourceConfig): number {
  if (source.kind === 'http') return source.since === undefined ? HOUR_MS : 60_000
  return source.kind === 'csv' || source.kind === 'excel' || source.capture.kind !== 'scan' ? 1000 : HOUR_MS
}

const HOUR_MS = 3_600_000
const OVERLAP_MS = 600_000

/** Reads the part of a channel that says where its records come from. */
export function sourceConfigOf(reader: Reader, path: (name: string) => string): SourceConfig {
  switch (reader.oneOf('kind', ['postgres', 'mysql', 'csv', 'excel', 'http'])) {
    case 'postgres':
      return postgresOf(reader)
    case 'mysql':
      return mysqlOf(reader)
    case 'csv':
      return csvOf(reader, path)
    case 'excel':
      return excelOf(reader, path)
    default:
      return httpOf(reader, path)
  }
}

function postgresOf(reader: Reader): PostgresConfig {
  const url = reader.text('url')
  if (!/^postgres(ql)?:\/\//.test(url)) throw reader.wrong('url', '不是 PostgreSQL 地址', '如 postgres://reader@10.1.2.3:5432/minzheng')
  const table = reader.text('table')
  if (!/^[^.\s"]+(\.[^.\s"]+)?$/.test(table)) throw reader.wrong('table', '不是表名', '如 public.household')
  const capture = captureOf(reader)
  reader.end(['kind', 'url', 'table', 'capture', 'zone', ...(capture.kind === 'watermark' ? ['column', 'overlap'] : [])])
  return { kind: 'postgres', url, table, capture, zone: zoneOf(reader) }
}

function mysqlOf(reader: Reader): MysqlConfig {
  const url = reader.text('url')
  if (!(URL.canParse(url) && new URL(url).protocol === 'mysql:' && new URL(url).pathname.length > 1))
    throw reader.wrong('url', '不是 MySQL 地址', '如 mysql://reader:口令@10.1.2.3:3306/minzheng')
  const table = reader.text('table')
  if (!/^[^.\s`]+$/.test(table)) throw reader.wrong('table', '不是表名', '如 household；库名写在 url 中')
  const capture = markedOrWhole(reader, reader.oneOf('capture', ['watermark', 'scan']))
  reader.end(['kind', 'url', 'table', 'capture', 'zone', ...(capture.kind === 'watermark' ? ['column', 'overlap'] : [])])
  return { kind: 'mysql', url, table, capture, zone: zoneOf(reader) }
}

function captureOf(reader: Reader): Capture {
  const kind = reader.oneOf('capture', ['outbox', 'watermark', 'scan'])
  return kind === 'outbox' ? { kind } : markedOrWhole(reader, kind)
}

function markedOrWhole(reader: Reader, kind: 'watermark' | 'scan'): MysqlConfig['capture'] {
  return kind === 'watermark' ? { kind, column: reader.text('column'), overlapMs: reader.durationOr('overlap', OVERLAP_MS) } : { kind }
}

const folderFields = ['kind', 'folder', 'files', 'mode', 'settle', 'zone']

function folderOf(reader: Reader, path: (name: string) => string, files: string): FolderConfig {
  return {
    folder: path(reader.text('folder')),
    files: reader.textOr('files', files),
    mode: reader.oneOf('mode', ['whole', 'added']),
    settleMs: reader.durationOr('settle', 5000),
    zone: zoneOf(reader),
  }
}

function csvOf(reader: Reader, path: (name: string) => string): CsvConfig {
  const delimiter = reader.textOr('delimiter', ',')
  if (delimiter.length !== 1 || delimiter === '"') throw reader.wrong('delimiter', '应为一个字符', '如 "," 或 "\\t"')
  const config: CsvConfig = {
    kind: 'csv',
    ...folderOf(reader, path, '*.csv'),
    encoding: reader.oneOf('encoding', ['auto', 'utf-8', 'gb18030', 'utf-16le', 'utf-16be'], 'auto'),
    delimiter,
  }
  reader.end([...folderFields, 'encoding', 'delimiter'])
  return config
}

function excelOf(reader: Reader, path: (name: string) => string): ExcelConfig {
  const config: ExcelConfig = { kind: 'excel', ...folderOf(reader, path, '*.xlsx'), sheet: reader.textOr('sheet', '') || undefined }
  reader.end([...folderFields, 'sheet'])
  return config
}

function httpOf(reader: Reader, path: (name: string) => string): HttpConfig {
  const url = reader.text('url')
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  if (parsed?.protocol !== 'http:' && parsed?.protocol !== 'https:')
    throw reader.wrong('url', '应为 http 或 https 地址', '如 https://10.1.2.3/api/households')
  if (parsed.username !== '' || parsed.password !== '') throw reader.wrong('url', '不能写入用户和口令', '请改用 header 和 secret-file')
  const header = reader.textOr('header', '')
  if (header !== '' && !/^[A-Za-z0-9-]{1,100}$/.test(header))
    throw reader.wrong('header', '不是请求头的名称', '如 Authorization、X-Api-Key')
  const size = reader.optional('size')
  const since = reader.optional('since')
  const config: HttpConfig = {
    kind: 'http',
    url,
    records: reader.textOr('records', ''),
    total: reader.textOr('total', '') || undefined,
    paging: pagingOf(reader),
    size: size && { parameter: size.text('parameter'), rows: size.numberOr('rows', 500, 1, 100_000) },
    auth: header === '' ? undefined : { header, secretFile: path(reader.text('secret-file')) },
    since: since && {
      parameter: since.text('parameter'),
      field: since.text('field'),
      overlapMs: since.durationOr('overlap', OVERLAP_MS),
    },
    optional: reader
      .textOr('optional', '')
      .split(/[,，\s]+/)
      .filter(Boolean),
    timeoutMs: reader.durationOr('timeout', 30_000),
    mostBytes: reader.numberOr('most-megabytes', 16, 1, 256) * 1024 * 1024,
    mostPages: reader.numberOr('most-pages', 10_000, 1, 1_000_000),
    zone: zoneOf(reader),
  }
  size?.end(['parameter', 'rows'])
  since?.end(['parameter', 'field', 'overlap'])
  reader.end([
    ...['kind', 'url', 'records', 'total', 'paging', 'size', 'header', 'secret-file', 'since', 'optional', 'timeout'],
    ...['most-megabytes', 'most-pages', 'zone'],
  ])
  return config
}

function pagingOf(parent: Reader): Paging {
  const reader = parent.optional('paging')
  if (!reader) return { by: 'none' }
  const by = reader.oneOf('by', ['none', 'page', 'offset', 'cursor', 'link'])
  reader.end(['by', ...pagingFields[by]])
  switch (by) {
    case 'none':
      return { by }
    case 'page':
      return { by, parameter: reader.text('parameter'), first: reader.numberOr('first', 1, 0, 1) }
    case 'offset':
      return { by, parameter: reader.text('parameter') }
    case 'cursor':
      return { by, parameter: reader.text('parameter'), next: reader.text('next') }
    case 'link':
      return { by, next: reader.textOr('next', '') || undefined }
  }
}

const pagingFields: Readonly<Record<Paging['by'], readonly string[]>> = {
  none: [],
  page: ['parameter', 'first'],
  offset: ['parameter'],
  cursor: ['parameter', 'next'],
  link: ['next'],
}

function zoneOf(reader: Reader): string {
  const zone = reader.textOr('zone', 'Asia/Shanghai')
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone })
    return zone
  } catch {
    throw reader.wrong('zone', `没有“${zone}”这个时区`, '如 Asia/Shanghai')
  }
}
