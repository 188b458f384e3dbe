import { type Expression, type RawBuilder, type SelectQueryBuilder, sql } from 'kysely'
import type { Ctx } from './context.ts'
import { decodeCursor, toPage } from './http/page.ts'

/** One thing that was found (搜索结果); what it shows, its reader may read. */
export interface SearchHit {
  kind: string
  id: string
  title: string
  /** What tells it from others of the same name. */
  note: string | null
  /** Its page in the web application. */
  href: string
}

/** A page of what one kind of thing has for some words. */
export interface SearchFound {
  items: SearchHit[]
  nextCursor: string | null
}

/** What a module gives to the search: one kind of its things, found under its own reading permission and by its own index. */
export interface SearchPort {
  kind: string
  /** What the kind is called: 项目. */
  title: string
  /** Things that hold all of the words, newest first. `words` are folded and never empty. */
  find(ctx: Ctx, words: readonly string[], limit: number, cursor: string | undefined): Promise<SearchFound>
  /** How many there are, counted to `most` and no further. */
  count(ctx: Ctx, words: readonly string[], most: number): Promise<number>
}

const OPENING = /[[({【〖]/g
const CLOSING = /[\])}】〗]/g

/** A text as it is compared: full-width folded, letters in one case, brackets all 〔〕. The same as `kernel.search_fold`. */
export function foldForSearch(text: string): string {
  return text
    .normalize('NFKC')
    .replace(OPENING, '〔')
    .replace(CLOSING, '〕')
    .replace(/[A-Z]/g, (letter) => letter.toLowerCase())
}

/** A pattern for `like` and `ilike`: texts in which this stands. `%` and `_` mean themselves. */
export function containing(text: string): string {
  return `%${text.replace(/[\\%_]/g, '\\$&')}%`
}

const MOST_WORDS = 8

/** What is looked for: folded words, each once; all of them must be there. */
export function searchWords(typed: string): string[] {
  return [...new Set(foldForSearch(typed).split(/\s+/).filter(Boolean))].slice(0, MOST_WORDS)
}

/** Where words are looked for. */
export interface SearchedText {
  table: string
  /** The column that names the thing; `id` unless told. */
  key?: string
  /** The very expression over the table's columns that the index was made on. */
  text: string
}

/**
 * Things whose text holds all words, for the `where` of a search: the index on `kernel.search_grams(text)` finds candidates, the
 * comparison decides (neighbouring pairs alone are no words).
 *
 * The keys are gathered first and as an array: the planner knows nothing of what a permission leaves, and for a first page
 * of few it would walk a table of 100,000 by its order, taking every text apart (7 s instead of 0.3).
 * @param id the key of the thing in the query around
 */
export function holdsWords(id: string, searched: SearchedText, words: readonly string[]): RawBuilder<boolean> {
  return sql<boolean>`${sql.ref(id)} = any(array(${keysHolding(searched, words)}))`
}

/** The keys of such things as a query, for who gathers keys in several ways. */
export function keysHolding({ table, key = 'id', text }: SearchedText, words: readonly string[]): RawBuilder<unknown> {
  const patterns = words.map(containing)
  const source = sql.raw(`(${text})`)
  return sql`
    select ${sql.ref(key)} from ${sql.table(table)}
    where kernel.search_grams(${source}) @> ${gramsOf(words)}::text[] and kernel.search_fold(${source}) like all (${patterns}::text[])`
}

/** The pairs of neighbours of each word; of a word of one character, that one. */
function gramsOf(words: readonly string[]): string[] {
  const grams = words.flatMap((word) => {
    const characters = [...word]
    return characters.length === 1 ? characters : characters.slice(1).map((character, at) => `${characters[at]}${character}`)
  })
  return [...new Set(grams)]
}

/** How many rows a limited query gives: counting ends where its limit does. */
export async function countRows(ctx: Ctx, query: Expression<unknown>): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*)::int as count from (${query}) as found`.execute(ctx.db)
  return rows[0]?.count ?? 0
}

/** What a module says of its things that carry a number (编号). */
export interface NumberedThings<DB, TB extends keyof DB, R extends { id: string; number: number }> {
  kind: string
  title: string
  /** Those that one may read and that hold the words, with the columns that a hit is made of. */
  found(ctx: Ctx, words: readonly string[]): SelectQueryBuilder<DB, TB, R>
  /** How hits are made of the rows of a page. */
  hits(ctx: Ctx, rows: readonly R[]): HitOf<R> | Promise<HitOf<R>>
}
type HitOf<R> = (row: R) => Omit<SearchHit, 'kind' | 'id'>

/** Things that carry a number as the search finds them, the newest first. */
export function numberedSearch<DB, TB extends keyof DB, R extends { id: string; number: number }>({
  kind,
  title,
  found,
  hits,
}: NumberedThings<DB, TB, R>): SearchPort {
  return {
    kind,
    title,
    count: (ctx, words, most) => countRows(ctx, found(ctx, words).limit(most)),
    find: async (ctx, words, limit, cursor) => {
      const before = decodeCursor(cursor, ['integer'])?.[0]
      const query = found(ctx, words)
      const rows = await (before === undefined ? query : query.where(sql<boolean>`number < ${before}`))
        .orderBy(sql`number`, 'desc')
        .limit(limit + 1)
        .execute()
      const hitOf = await hits(ctx, rows as R[])
      return toPage(
        rows as R[],
        limit,
        (row) => [row.number],
        (row) => ({ kind, id: row.id, ...hitOf(row) }),
      )
    },
  }
}
