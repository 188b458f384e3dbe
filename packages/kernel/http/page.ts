import { Malformed } from '../errors.ts'

/** Keyset cursor: the sort values of the last row, as opaque text. */
export function encodeCursor(values: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(values), 'utf8').toString('base64url')
}

/** Reads a cursor of `length` values back; anything else is a 400 that names the field. */
export function decodeCursor(cursor: string | undefined, length: number): (string | number)[] | undefined {
  if (cursor === undefined) return undefined
  try {
    const values: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
    if (Array.isArray(values) && values.length === length && values.every((v) => typeof v === 'string' || typeof v === 'number'))
      return values as (string | number)[]
  } catch {
    // falls through to the refusal: whatever is wrong with it, the cure is the same
  }
  throw new Malformed('request.bad_cursor', '翻页标记无效，请从第一页重新查询。', [{ path: 'cursor', message: '翻页标记无效' }])
}

/** Cuts `limit + 1` rows to a page. `key` gives the sort values of a row. */
export function toPage<R, T>(rows: readonly R[], limit: number, key: (row: R) => (string | number)[], map: (row: R) => T) {
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  return { items: shown.map(map), nextCursor: rows.length > limit && last !== undefined ? encodeCursor(key(last)) : null }
}
