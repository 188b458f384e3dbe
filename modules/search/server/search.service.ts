import { type Ctx, InvalidValue, Malformed, type SearchHit, type SearchPort, searchWords } from '@tongchou/kernel'

/** What is asked: words, optionally some kinds only, and of one kind further pages. */
export interface SearchQuestion {
  q: string
  kinds?: string
  limit?: number
  cursor?: string
}

/** How much there is of one kind; `count` ends at 100, and `more` says that it does. */
export interface SearchGroup {
  kind: string
  title: string
  count: number
  more: boolean
}

export interface SearchAnswer {
  items: SearchHit[]
  nextCursor: string | null
  groups: SearchGroup[]
  words: string[]
}

/** Of each kind so many are shown when several are asked. */
const FEW = 5
/** Counting further would cost more than it tells. */
const MOST_COUNTED = 100

/**
 * Things of every kind that hold all of the words, each kind under its own permission: what may not be read is not there, in
 * lines, counts and pages alike.
 */
export async function search(ctx: Ctx, ports: readonly SearchPort[], asked: SearchQuestion): Promise<SearchAnswer> {
  const words = searchWords(asked.q)
  const kinds = kindsOf(ports, asked.kinds)
  const [only, ...others] = kinds
  if (others.length > 0 && asked.cursor !== undefined)
    throw new Malformed('request.bad_cursor', '翻页时请只选一类。', [{ path: 'cursor', message: '只查一类时才能翻页' }])
  const limit = others.length > 0 ? Math.min(asked.limit ?? FEW, 20) : (asked.limit ?? 20)
  const items: SearchHit[] = []
  const groups: SearchGroup[] = []
  let nextCursor: string | null = null
  for (const port of words.length === 0 ? [] : kinds) {
    const found = await port.find(ctx, words, limit, asked.cursor)
    items.push(...found.items)
    groups.push(await groupOf(ctx, port, words, found.nextCursor === null && asked.cursor === undefined ? found.items.length : undefined))
    if (port === only && others.length === 0) nextCursor = found.nextCursor
  }
  return { items, nextCursor, groups, words }
}

async function groupOf(ctx: Ctx, port: SearchPort, words: readonly string[], known: number | undefined): Promise<SearchGroup> {
  const counted = known ?? (await port.count(ctx, words, MOST_COUNTED + 1))
  return { kind: port.kind, title: port.title, count: Math.min(counted, MOST_COUNTED), more: counted > MOST_COUNTED }
}

function kindsOf(ports: readonly SearchPort[], named: string | undefined): readonly SearchPort[] {
  if (named === undefined) return ports
  const kinds = [...new Set(named.split(','))].map((kind) => {
    const port = ports.find((one) => one.kind === kind)
    if (port) return port
    throw new InvalidValue('search.unknown_kind', `不能搜索“${kind}”这一类。`, [{ path: 'kinds', message: `没有“${kind}”这一类` }])
  })
  return kinds
}
