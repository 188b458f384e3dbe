import { Malformed } from '../errors.ts'
import { refuseHostileText } from './json.ts'
import { isId } from './schema.ts'

/** What a sort value of a cursor is; the database is asked only with values that it can read as such. */
export type CursorKind = 'instant' | 'id' | 'integer' | 'text'

type CursorValues<K extends readonly CursorKind[]> = { [I in keyof K]: K[I] extends 'integer' ? number : string }

/** Keyset cursor: the sort values of the last row, as opaque text. */
export function encodeCursor(values: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(values), 'utf8').toString('base64url')
}

/** Reads the values of a cursor back, each of its kind; anything else is a 400 that names the field. */
export function decodeCursor<const K extends readonly CursorKind[]>(cursor: string | undefined, kinds: K): CursorValues<K> | undefined {
  if (cursor === undefined) return undefined
  const values = parseValues(cursor)
  if (Array.isArray(values) && values.length === kinds.length && kinds.every((kind, i) => isOfKind(values[i], kind)))
    return values as unknown as CursorValues<K>
  throw new Malformed('request.bad_cursor', '翻页标记无效，请从第一页重新查询。', [{ path: 'cursor', message: '翻页标记无效' }])
}

function parseValues(cursor: string): unknown {
  try {
    const values: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
    refuseHostileText(values, '')
    return values
  } catch {
    return undefined
  }
}

function isOfKind(value: unknown, kind: CursorKind): boolean {
  if (kind === 'integer') return Number.isSafeInteger(value)
  if (typeof value !== 'string') return false
  if (kind === 'id') return isId(value)
  if (kind === 'instant') return isInstant(value)
  return true
}

/** As `toISOString` writes it, and no other: PostgreSQL knows neither the year 0 nor the 30th of February. */
function isInstant(text: string): boolean {
  const at = new Date(text)
  return /^(?!0000)\d{4}-/.test(text) && !Number.isNaN(at.getTime()) && at.toISOString() === text
}

/** Cuts `limit + 1` rows to a page. `key` gives the sort values of a row, which together must be different for every row. */
export function toPage<R, T>(rows: readonly R[], limit: number, key: (row: R) => (string | number)[], map: (row: R) => T) {
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  return { items: shown.map(map), nextCursor: rows.length > limit && last !== undefined ? encodeCursor(key(last)) : null }
}

/** A page of a list that is whole in memory and only grows at its end: the cursor is how many came before. */
export function pageWithin<T>(items: readonly T[], { limit = 50, cursor }: { limit?: number; cursor?: string }) {
  const after = Math.max(decodeCursor(cursor, ['integer'])?.[0] ?? 0, 0)
  const rows = items.slice(after, after + limit + 1).map((item, index) => ({ item, before: after + index + 1 }))
  return toPage(
    rows,
    limit,
    (row) => [row.before],
    (row) => row.item,
  )
}
