import type { ClientConfig } from 'pg'
import { ComparisonProblem } from './problem.ts'

/** Where the rows of one side are. */
export type Source = FileSource | TableSource

/** A CSV or Parquet file; which of them is told by its content. */
export interface FileSource {
  kind: 'file'
  path: string
}

/** A table or view of PostgreSQL. */
export interface TableSource {
  kind: 'postgres'
  connection: ClientConfig
  /** As it is spelt in the database, with its schema before a dot; parts that hold a dot in double quotation marks. */
  table: string
  /** All of them unless given. */
  columns?: readonly string[]
  /** In which instants (timestamptz) are written; UTC unless given. */
  timeZone?: string
}

/** A source as the command line names it: a path, or `postgres://…?table=schema.table`. @throws ComparisonProblem when the address is none */
export function sourceOf(text: string): Source {
  if (!/^postgres(?:ql)?:\/\//i.test(text)) return { kind: 'file', path: text }
  const url = URL.parse(text)
  // The address is not repeated: it holds a password.
  if (url === null) throw wrongAddress('PostgreSQL 地址无法识别', '特殊字符应写成百分号编码，例如 @ 写作 %40。')
  const [table, timeZone] = [url.searchParams.get('table'), url.searchParams.get('timezone')]
  if (!table) throw wrongAddress('PostgreSQL 地址没有指明表', '请在地址后加上 ?table=模式.表名。')
  url.searchParams.delete('table')
  url.searchParams.delete('timezone')
  return { kind: 'postgres', connection: { connectionString: url.href }, table, ...(timeZone ? { timeZone } : {}) }
}

/** Schema and name of a table; without a schema where none is given. */
export function tableName(text: string): { schema: string | undefined; name: string } {
  const part = '("(?:[^"]|"")+"|[^."]+)'
  const found = new RegExp(`^(?:${part}\\.)?${part}$`, 's').exec(text)
  if (!found?.[2]) throw wrongAddress(`表名“${text}”无法识别`, '应写成 模式.表名；名称中有点号的，加双引号。')
  const plain = (name: string) => (name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name)
  return { schema: found[1] === undefined ? undefined : plain(found[1]), name: plain(found[2]) }
}

function wrongAddress(what: string, cure: string): ComparisonProblem {
  return new ComparisonProblem('usage', 'compare.address', `${what}。`, cure)
}
