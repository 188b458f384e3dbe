import { type RawBuilder, sql } from 'kysely'
import { decodeCursor } from './page.ts'

/** A heading that a list can be sorted by (排序): an expression that is never null, and its value in a row. */
export interface SortKey<Row> {
  title: string
  kind: 'instant' | 'integer' | 'text'
  by: RawBuilder<unknown>
  of: (row: Row) => Date | number | string
}

/** What tells rows of equal sort value apart. */
export interface SortTie<Row> {
  kind: 'integer' | 'id'
  by: RawBuilder<unknown>
  of: (row: Row) => number | string
}

type Sort<K extends string> = K | `-${K}`

/** Values of `sort` that a list takes: each key, and `-` before it from the latest or the largest down. */
export function sortsOf<K extends string>(keys: Readonly<Record<K, unknown>>): [Sort<K>, ...Sort<K>[]] {
  return (Object.keys(keys) as K[]).flatMap((key): Sort<K>[] => [`-${key}`, key]) as [Sort<K>, ...Sort<K>[]]
}

/** The orders in words, for the filter line of an exported list. */
export function sortWords<K extends string>(
  keys: Readonly<Record<K, { title: string; kind: SortKey<never>['kind'] }>>,
): Record<string, string> {
  return Object.fromEntries(
    (Object.keys(keys) as K[]).flatMap((key) => {
      const { title, kind } = keys[key]
      const [falling, rising] = kind === 'integer' ? ['从大到小', '从小到大'] : ['从晚到早', '从早到晚']
      return [
        [`-${key}`, `${title}${falling}`],
        [key, `${title}${rising}`],
      ]
    }),
  )
}

const casts = { instant: sql`::timestamptz`, integer: sql`::bigint`, text: sql`::text`, id: sql`::uuid` } as const

/**
 * A list in one of its orders, page by page: what to order by, which rows come after the cursor, and the cursor of a row. A cursor of
 * another order is refused where its values cannot be read as those of this one.
 */
export function sorted<Row, K extends string>(
  keys: Readonly<Record<K, SortKey<Row>>>,
  tie: SortTie<Row>,
  sort: Sort<K>,
  cursor?: string | undefined,
) {
  const falling = sort.startsWith('-')
  const key = keys[(falling ? sort.slice(1) : sort) as K]
  const after = decodeCursor(cursor, [key.kind, tie.kind]) as [unknown, unknown] | undefined
  const compare = falling ? sql`<` : sql`>`
  return {
    by: key.by,
    tie: tie.by,
    direction: falling ? ('desc' as const) : ('asc' as const),
    after: after && sql<boolean>`(${key.by}, ${tie.by}) ${compare} (${after[0]}${casts[key.kind]}, ${after[1]}${casts[tie.kind]})`,
    cursorOf: (row: Row): (string | number)[] => {
      const value = key.of(row)
      return [value instanceof Date ? value.toISOString() : value, tie.of(row)]
    },
  }
}
