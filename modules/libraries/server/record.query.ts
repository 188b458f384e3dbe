import { type Ctx, containing, InvalidValue } from '@tongchou/kernel'
import { checkOf, type ItemType } from '@tongchou/records'
import { type RawBuilder, type SqlBool, sql } from 'kysely'
import { isNumber, type RecordView, type SeenItem } from './field-view.ts'
import { canonicalText } from './install.plan.ts'
import type { AggregateQuery, RecordQuery } from './query.api.ts'

// Every name in these statements comes from a view: ids of items that the definition has and the reader may see, both checked when it was installed.
const column = ({ id }: Pick<SeenItem, 'id'>) => sql.raw(`r.${id}`)

/** The canonical text of a column, as it came in and as the log has it. */
function text(id: string, type: ItemType): RawBuilder<string | null> {
  return sql.raw(canonicalText(`r.${id}`, type))
}

/** The item that is asked for. What is hidden is answered as what is not there. */
function seen({ items }: RecordView, id: string, path: string): SeenItem {
  const item = items.find((one) => one.id === id)
  if (!item) throw new InvalidValue('libraries.unknown_item', `没有信息项 ${id}。`, [{ path, message: `没有信息项 ${id}` }])
  return item
}

/** What is masked may be seen masked and nothing else: a filter that may be tried again and again would tell the value. */
export function openItem(view: RecordView, id: string, path: string): SeenItem {
  const item = seen(view, id, path)
  if (item.mask !== null)
    throw new InvalidValue('libraries.item_masked', `信息项“${item.title}”已脱敏，不能用于筛选、排序和统计。`, [
      { path, message: `“${item.title}”已脱敏` },
    ])
  return item
}

type Filter = NonNullable<RecordQuery['filter']>[number]

function condition(view: RecordView, { item: id, op, value }: Filter, path: string): RawBuilder<SqlBool> {
  const item = openItem(view, id, path)
  if (op === 'empty') return sql`${column(item)} is null`
  const wrong = (message: string) => new InvalidValue('libraries.bad_filter', `${message}。`, [{ path, message }])
  if (value === undefined || value === '') throw wrong(`“${item.title}”没有填写筛选值`)
  if (op === 'contains') {
    if (item.type.kind !== 'text' && item.type.kind !== 'note') throw wrong(`“${item.title}”不是文本，不能按包含筛选`)
    return sql`${column(item)} ilike ${containing(value)}`
  }
  const canonical = checkOf(item)(value)
  if (typeof canonical !== 'string') throw wrong(canonical?.message ?? `“${item.title}”没有填写筛选值`)
  // As a parameter of the column's own type: its index serves, and no value is ever a piece of the statement.
  const compared = { is: sql`=`, from: sql`>=`, to: sql`<=` }[op]
  return sql`${column(item)} ${compared} ${canonical}`
}

/** Everything that records have to fulfil: what was granted, what is filtered by, what is searched for. */
function conditions(view: RecordView, filter: readonly Filter[] = [], search?: string): RawBuilder<SqlBool> {
  const parts = [
    ...view.rows.map(({ item, is }) => sql<SqlBool>`${sql.raw(`r.${item}`)}::text = ${is}`),
    ...filter.map((one, index) => condition(view, one, `filter/${index}`)),
  ]
  if (search !== undefined) {
    const texts = view.items.filter(({ type, mask }) => mask === null && (type.kind === 'text' || type.kind === 'note'))
    const hits = texts.map((item) => sql<SqlBool>`${column(item)} ilike ${containing(search)}`)
    parts.push(hits.length === 0 ? sql<SqlBool>`false` : sql<SqlBool>`(${sql.join(hits, sql` or `)})`)
  }
  return parts.length === 0 ? sql<SqlBool>`true` : sql<SqlBool>`${sql.join(parts, sql` and `)}`
}

/** A record as it is stored, of the items that the view has and of those that point at a person. */
export interface FoundRecord {
  values: Readonly<Record<string, string | null>>
  /** Identifiers of the persons it is about, whether the reader sees them or not. */
  persons: readonly string[]
}

export async function findRecords(
  ctx: Ctx,
  table: string,
  view: RecordView,
  persons: readonly string[],
  { filter, search, sort, limit = 20, offset = 0 }: RecordQuery,
): Promise<{ found: FoundRecord[]; total: number }> {
  const where = conditions(view, filter, search)
  const by = sort ? openItem(view, sort.item, 'sort/item') : undefined
  // The key of a record may name a person whom the reader must not see: it orders what is alike only where its items are open.
  const order = by ? sql`${column(by)} ${sql.raw(sort?.direction === 'desc' ? 'desc' : 'asc')} nulls last, r.seq` : sql`r.seq`
  const columns = view.items.map(({ id, type }) => sql`${text(id, type)} as ${sql.raw(id)}`)
  const people = persons.map((id) => sql`${sql.raw(`r.${id}`)}::text as ${sql.raw(`person_${id}`)}`)
  const selected = [...columns, ...people]
  if (selected.length === 0) return { found: [], total: 0 }
  const from = sql.raw(`${table} as r`)
  const { rows } = await sql<Record<string, string | null>>`
    select ${sql.join(selected)} from ${from} where ${where} order by ${order} limit ${limit} offset ${offset}`.execute(ctx.db)
  const { rows: counted } = await sql<{ total: number }>`select count(*)::int as total from ${from} where ${where}`.execute(ctx.db)
  return {
    found: rows.map((row) => ({
      values: Object.fromEntries(view.items.map(({ id }) => [id, row[id] ?? null])),
      persons: persons.flatMap((id) => row[`person_${id}`] ?? []),
    })),
    total: counted[0]?.total ?? 0,
  }
}

/** Records by their keys, of the items that the view has. */
export async function recordsByKey(
  ctx: Ctx,
  table: string,
  view: RecordView,
  persons: readonly string[],
  keys: readonly string[],
): Promise<(FoundRecord & { key: string })[]> {
  const columns = view.items.map(({ id, type }) => sql`${text(id, type)} as ${sql.raw(id)}`)
  const people = persons.map((id) => sql`${sql.raw(`r.${id}`)}::text as ${sql.raw(`person_${id}`)}`)
  const { rows } = await sql<Record<string, string | null>>`
    select ${sql.join([sql`r.record_key`, ...columns, ...people])} from ${sql.raw(`${table} as r`)}
    where r.record_key = any(${[...keys]}::text[]) and ${conditions(view)} order by r.record_key`.execute(ctx.db)
  return rows.map((row) => ({
    key: row.record_key ?? '',
    values: Object.fromEntries(view.items.map(({ id }) => [id, row[id] ?? null])),
    persons: persons.flatMap((id) => row[`person_${id}`] ?? []),
  }))
}

const mostGroups = 200

/** Counts and sums by the values of one item. */
export async function aggregateRecords(ctx: Ctx, table: string, view: RecordView, { filter, groupBy, addUp }: AggregateQuery) {
  const where = conditions(view, filter)
  const by = groupBy === undefined ? undefined : openItem(view, groupBy, 'groupBy')
  const summed = addUp === undefined ? undefined : openItem(view, addUp, 'addUp')
  if (summed && !isNumber(summed.type))
    throw new InvalidValue('libraries.bad_sum', `信息项“${summed.title}”不是数值，不能求和。`, [{ path: 'addUp', message: '不是数值' }])
  const value = by ? text(by.id, by.type) : sql<null>`null`
  const total = summed ? sql`sum(${column(summed)})::text` : sql`null`
  const { rows } = await sql<{ value: string | null; count: number; addedUp: string | null }>`
    select ${value} as value, count(*)::int as count, ${total} as "addedUp" from ${sql.raw(`${table} as r`)} where ${where}
    ${by ? sql`group by 1 order by 2 desc, 1 limit ${mostGroups}` : sql``}`.execute(ctx.db)
  return rows
}
