import type { Engine } from './engine.ts'
import { ComparisonProblem, quoted, sideName } from './problem.ts'
import { requireNames, type Side } from './side.ts'
import type { SourceFile } from './source-file.ts'
import { column, literal } from './sql.ts'

const magic = 'PAR1'

/** True for a file that begins as Parquet does, and either ends so or is called so. */
export function isParquet({ head, tail, name }: SourceFile): boolean {
  return /\.parquet$/i.test(name) || (textOf(head.subarray(0, 4)) === magic && textOf(tail.slice(-4)) === magic)
}

/** How the engine is to read a Parquet file as text, in the form in which PostgreSQL exports the same values. */
export async function readParquet(file: SourceFile, engine: Engine): Promise<Side> {
  if (textOf(file.head.subarray(0, 4)) !== magic || textOf(file.tail.slice(-4)) !== magic) throw broken(file)
  const path = literal(file.path)
  const [schema, described, counted] = await inspected(file, engine, path)
  const texts = described.map(([name, type], position) => {
    const text = textOfType(String(type), column('c', position))
    if (text === undefined) throw unsupported(file, String(name), String(type))
    return text
  })
  // The engine would rename columns whose names differ in case alone; without nested values the file's own names are one below the other.
  const names = schema.slice(1).map(([name]) => String(name))
  requireNames(file, names)
  const columns = names.map((_, position) => column('c', position)).join(', ')
  return {
    of: file.side,
    kind: 'parquet',
    names,
    floating: names.filter((_, position) => /^(?:FLOAT|DOUBLE)$/.test(String(described[position]?.[1]))),
    rows: Number(counted[0]?.[0]),
    relation: (prefix) =>
      `(select ${texts.map((text, position) => `${text} as ${column(prefix, position)}`).join(', ')} from read_parquet(${path}, hive_partitioning = false) as file(${columns}))`,
  }
}

async function inspected(file: SourceFile, engine: Engine, path: string): Promise<[unknown[][], unknown[][], unknown[][]]> {
  try {
    return [
      await engine.rows(`select name from parquet_schema(${path})`),
      await engine.rows(`describe select * from read_parquet(${path}, hive_partitioning = false)`),
      await engine.rows(`select num_rows from parquet_file_metadata(${path})`),
    ]
  } catch (error) {
    throw broken(file, error)
  }
}

/**
 * The text of a value as `COPY … TO … CSV` of PostgreSQL writes it; undefined for types that have none. Numbers and civil dates are written alike
 * by both; an instant is in UTC.
 */
function textOfType(type: string, value: string): string | undefined {
  if (type === 'BOOLEAN') return `case ${value} when true then 't' when false then 'f' end`
  if (type === 'BLOB') return `'\\x' || lower(hex(${value}))`
  const plain =
    /^(?:VARCHAR|JSON|UUID|U?(?:TINY|SMALL|BIG|HUGE)?INT|U?INTEGER|FLOAT|DOUBLE|DATE|TIME|TIMESTAMP(?:_S|_MS|_NS)?|TIMESTAMP WITH TIME ZONE|DECIMAL\(\d+,\d+\)|ENUM\(.*\))$/s
  return plain.test(type) ? `${value}::varchar` : undefined
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1')
}

function broken({ side, name }: SourceFile, cause?: unknown): ComparisonProblem {
  return new ComparisonProblem(
    'failure',
    'compare.parquet',
    `${sideName[side]}“${name}”不是完整的 Parquet 文件。`,
    '请重新导出或重新传送该文件。',
    { cause },
  )
}

function unsupported({ side, name }: SourceFile, field: string, type: string): ComparisonProblem {
  return new ComparisonProblem(
    'failure',
    'compare.type',
    `${sideName[side]}“${name}”的列${quoted(field)}为 ${type.slice(0, 40)} 类型，不能比对。`,
    '请在导出时把嵌套或时间间隔类型的列转换为文本。',
  )
}
