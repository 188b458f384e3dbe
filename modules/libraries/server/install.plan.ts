import { isDeepStrictEqual } from 'node:util'
import type { Item, ItemType, ResourceDefinition } from '@tongchou/records'

/** What has to be done to a table so that it holds records of a definition; nothing when it does already. */
export interface InstallPlan {
  statements: readonly string[]
  /** Why it cannot be done; then there are no statements. */
  problems: readonly string[]
}

/** The table of a resource's records. */
export const tableOf = (number: number) => `library_data.r_${number}`

/** Columns beside the items', which are named by the items' ids: no title and no name of a source ever becomes a name in SQL. */
const ownColumns =
  'record_key text not null, record_hash uuid not null, seq bigint not null, changed_at timestamptz not null, batch_id text not null'

/**
 * Compares what is installed with what is wanted (建库计划). A table only ever grows: columns come, become wider or may be empty; one whose item
 * is gone stays, and no value is ever dropped or reinterpreted.
 */
export function planInstall(number: number, installed: ResourceDefinition | undefined, wanted: ResourceDefinition): InstallPlan {
  if (!installed) return { statements: creation(number, wanted), problems: [] }
  const problems = clashes(installed, wanted)
  if (problems.length > 0) return { statements: [], problems }
  const before = new Map(installed.items.map((item) => [item.id, item]))
  const now = new Set(wanted.items.map(({ id }) => id))
  const table = tableOf(number)
  return {
    statements: [
      ...wanted.items.flatMap((item) => change(table, before.get(item.id), item)),
      ...installed.items
        .filter(({ id, required }) => required && !now.has(id))
        .map(({ id }) => `alter table ${table} alter column ${id} drop not null`),
    ],
    problems,
  }
}

function creation(number: number, { items }: ResourceDefinition): string[] {
  const columns = items.map(({ id, type, required }) => `${id} ${columnType(type)}${required ? ' not null' : ''}`)
  return [
    // Room on each page, so that a changed row stays where it was; no index on numbers or times, which would forbid that.
    `create table ${tableOf(number)} (${[ownColumns, ...columns].join(', ')}, constraint r_${number}_pk primary key (record_key)) with (fillfactor = 80)`,
  ]
}

function clashes(installed: ResourceDefinition, wanted: ResourceDefinition): string[] {
  const problems: string[] = []
  if (wanted.version <= installed.version && !isDeepStrictEqual(wanted, installed))
    problems.push(`第 ${wanted.version} 版结构已经建库或已被新版替代，内容不能再改，请用更大的版本号`)
  if (wanted.kind !== installed.kind) problems.push('数据种类不能改变，请另建资源')
  if (wanted.key.join() !== installed.key.join()) problems.push('主键不能改变，请另建资源')
  const now = new Map(wanted.items.map((item) => [item.id, item]))
  for (const { id, title, type } of installed.items) {
    const item = now.get(id)
    if (item && widened(type, item.type) === undefined)
      problems.push(`信息项“${title}”（${id}）不能由${inWords(type)}改为${inWords(item.type)}，请新增信息项`)
  }
  return problems
}

function change(table: string, before: Item | undefined, item: Item): string[] {
  // A record that was there before has no value for it: required of what comes, not of what is there.
  if (!before) return [`alter table ${table} add column ${item.id} ${columnType(item.type)}`]
  const statements: string[] = []
  if (widened(before.type, item.type) && columnType(before.type) !== columnType(item.type))
    statements.push(`alter table ${table} alter column ${item.id} type ${columnType(item.type)}`)
  if (before.required && !item.required) statements.push(`alter table ${table} alter column ${item.id} drop not null`)
  return statements
}

/** True for a wider type, false for the same, undefined for one that would read values otherwise. None of the wider ones rewrites the table. */
function widened(from: ItemType, to: ItemType): boolean | undefined {
  if (from.kind === 'text' && to.kind === 'text') return to.length < from.length ? undefined : to.length > from.length
  if (from.kind === 'text' && to.kind === 'note') return true
  if (from.kind === 'decimal' && to.kind === 'decimal')
    return to.scale !== from.scale || to.digits < from.digits ? undefined : to.digits > from.digits
  return from.kind === to.kind ? false : undefined
}

/** The canonical text of a column in SQL, as it came in and as the log has it. */
export const canonicalText = (column: string, { kind }: ItemType) =>
  kind === 'instant'
    ? `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS') || rtrim(to_char(${column} at time zone 'UTC', '.US'), '.0') || 'Z'`
    : `${column}::text`

function columnType(type: ItemType): string {
  switch (type.kind) {
    case 'text':
      return `varchar(${type.length})`
    case 'citizen-id':
    case 'credit-code':
      return 'varchar(18)'
    case 'month':
      return 'varchar(7)'
    case 'decimal':
      return `numeric(${type.digits}, ${type.scale})`
    default:
      return plainTypes[type.kind]
  }
}

const plainTypes = {
  note: 'text',
  code: 'text',
  integer: 'bigint',
  money: 'bigint',
  double: 'double precision',
  date: 'date',
  instant: 'timestamptz',
  flag: 'boolean',
} as const

const kindWords: Record<ItemType['kind'], string> = {
  text: '文本',
  note: '备注',
  code: '代码',
  'citizen-id': '公民身份号码',
  'credit-code': '统一社会信用代码',
  integer: '整数',
  decimal: '小数',
  money: '金额',
  double: '双精度数',
  date: '日期',
  instant: '时间',
  month: '月份',
  flag: '是否',
}

function inWords(type: ItemType): string {
  if (type.kind === 'text') return `${type.length} 字的文本`
  if (type.kind === 'decimal') return `${type.digits} 位、${type.scale} 位小数的数`
  return kindWords[type.kind]
}
