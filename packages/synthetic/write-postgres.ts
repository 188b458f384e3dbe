import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { copyField, type ItemType } from '@tongchou/records'
import type pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import type { SyntheticTable } from './tables.ts'
import { inPieces, type Written } from './write-csv.ts'

/** A table that is there already is somebody's: it is neither filled nor replaced. */
export class TableExists extends Error {
  readonly table: string

  constructor(table: string) {
    super(`表 ${table} 已存在`)
    this.table = table
  }
}

/** Makes each table in a department's own PostgreSQL and fills it, all or nothing. @throws TableExists */
export async function writePostgres(tables: readonly SyntheticTable[], client: pg.ClientBase, schema: string): Promise<Written> {
  const written: Written = []
  await client.query('begin')
  try {
    await client.query(`create schema if not exists ${quoted(schema)}`)
    for (const table of tables) written.push(await writeTable(table, client, schema))
    await client.query('commit')
    return written
  } catch (error) {
    await client.query('rollback').catch(() => undefined)
    throw error
  }
}

async function writeTable(table: SyntheticTable, client: pg.ClientBase, schema: string): Promise<Written[number]> {
  const { resource } = table
  const name = `${quoted(schema)}.${quoted(resource.table)}`
  const { rows: there } = await client.query('select to_regclass($1) is not null as there', [name])
  if (there[0]?.there) throw new TableExists(`${schema}.${resource.table}`)
  const columns = resource.items.map(({ column, type, required }) => `${quoted(column)} ${columnType(type)}${required ? ' not null' : ''}`)
  const key = resource.items.filter((item) => item.isKey).map((item) => quoted(item.column))
  await client.query(`create table ${name} (${columns.join(', ')}, primary key (${key.join(', ')}))`)
  await client.query(`comment on table ${name} is ${literal(`${resource.title}（演示数据）`)}`)
  for (const { column, title } of resource.items) await client.query(`comment on column ${name}.${quoted(column)} is ${literal(title)}`)
  let rows = 0
  const lines = function* () {
    for (const values of table.rows()) {
      rows += 1
      yield `${values.map((value) => copyField(value === null ? null : String(value))).join('\t')}\n`
    }
  }
  await pipeline(Readable.from(inPieces(lines())), client.query(copyFrom(`copy ${name} from stdin`)))
  return { table: `${schema}.${resource.table}`, title: resource.title, rows }
}

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`
const literal = (text: string) => `'${text.replaceAll("'", "''")}'`

/** As a department would have made it: plain columns, amounts in 分, codes as text. */
function columnType(type: ItemType): string {
  switch (type.kind) {
    case 'text':
      return `varchar(${type.length})`
    case 'decimal':
      return `numeric(${type.digits}, ${type.scale})`
    case 'citizen-id':
    case 'credit-code':
      return 'varchar(18)'
    case 'month':
      return 'char(7)'
    case 'integer':
    case 'money':
      return 'bigint'
    case 'double':
      return 'double precision'
    case 'date':
      return 'date'
    case 'instant':
      return 'timestamptz'
    case 'flag':
      return 'boolean'
    default:
      return 'text'
  }
}
