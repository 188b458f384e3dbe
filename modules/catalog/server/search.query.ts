import { type Ctx, containing, foldForSearch, keysHolding } from '@tongchou/kernel'
import { type Expression, type RawBuilder, type SqlBool, sql } from 'kysely'
import { pinyinQuery, readIn } from './pinyin.ts'
import type { NamesPort } from './ports.ts'
import { readResource } from './resource.permissions.ts'
import { catalogDb } from './resource.tables.ts'

type Names = Pick<NamesPort, 'organisationNames'>

/** What is looked for: words, each with the departments that it names. */
export interface Looked {
  words: readonly LookedWord[]
  /** All words as they were typed, folded. */
  phrase: string
  organisations: ReadonlyMap<string, string>
}

interface LookedWord {
  word: string
  orgIds: readonly string[]
  pinyin: string | undefined
}

const text = { table: 'catalog.search_text', key: 'resource_id', text: 'whole' }

/** Makes words ready to be looked for: by which departments they may mean, and how they may be read as 拼音. */
export async function lookedFor(ctx: Ctx, names: Names, words: readonly string[]): Promise<Looked> {
  const organisations = await names.organisationNames(ctx)
  const latin = words.some((word) => pinyinQuery(word) !== undefined)
  const readings = latin
    ? await readingsOf(
        ctx,
        organisations.flatMap(({ name, others }) => [name, ...others]),
      )
    : new Map()
  const means = (word: string) =>
    organisations
      .filter(({ name, others }) =>
        [name, ...others].some((one) => foldForSearch(one).includes(word) || readIn(one, word, readings) !== undefined),
      )
      .map(({ id }) => id)
  return {
    words: words.map((word) => ({ word, orgIds: means(word), pinyin: pinyinQuery(word) })),
    phrase: words.join(' '),
    organisations: new Map(organisations.map(({ id, name }) => [id, name])),
  }
}

/** How the characters of some texts are read. */
export async function readingsOf(ctx: Ctx, texts: readonly string[]): Promise<Map<string, string[]>> {
  const characters = [...new Set(texts.flatMap((one) => [...one]))].filter((one) => one >= '\u4e00')
  if (characters.length === 0) return new Map()
  const rows = await catalogDb(ctx)
    .selectFrom('catalog.reading')
    .selectAll()
    .where('hanzi', '=', sql<string>`any(${characters}::text[])`)
    .execute()
  const readings = new Map<string, string[]>()
  for (const { hanzi, syllable } of rows) readings.set(hanzi, [...(readings.get(hanzi) ?? []), syllable])
  return readings
}

/** Entries that hold all of the words, in any of their texts, as far as the actor may read them: the one door of search, facets and counts. */
export function matching(ctx: Ctx, { words }: Looked) {
  let query = catalogDb(ctx)
    .selectFrom('catalog.resource')
    .innerJoin('catalog.search_text', 'catalog.search_text.resource_id', 'catalog.resource.id')
    .where(readResource.where(ctx.actor))
  for (const one of words) query = query.where(holds(one))
  return query
}

/** Keys gathered in each way by its own index, as `holdsWords` does and for its reason. */
function holds({ word, orgIds, pinyin }: LookedWord): Expression<SqlBool> {
  const ways = [keysHolding(text, [word])]
  if (orgIds.length > 0) ways.push(sql`select id from catalog.resource where org_id = any(${orgIds}::text[])`)
  if (pinyin !== undefined) ways.push(sql`select resource_id from catalog.search_text where pinyin @@ ${pinyin}::tsquery`)
  return sql<boolean>`catalog.resource.id = any(array(${sql.join(ways, sql` union `)}))`
}

/**
 * How well an entry fits, the best first: its name or code is what was typed; begins with it; holds every word (or reads like it); some word stands in
 * an item only; in the department's name or the description only.
 */
export function rankOf({ words, phrase }: Looked): RawBuilder<number> {
  if (words.length === 0) return sql<number>`0`
  const each = words.map(({ word, pinyin }) => {
    const pattern = containing(word)
    const read = pinyin === undefined ? [] : [sql`when catalog.search_text.pinyin @@ ${weighted(pinyin)}::tsquery then 3`]
    return sql`case when catalog.search_text.name like ${pattern} or catalog.search_text.codes like ${pattern} then 2 ${sql.join(read, sql` `)} when catalog.search_text.items like ${pattern} ${pinyin === undefined ? sql`` : sql`or catalog.search_text.pinyin @@ ${pinyin}::tsquery`} then 4 else 5 end`
  })
  return sql<number>`case
    when catalog.search_text.name = ${phrase} or catalog.resource.code = ${phrase} then 0
    when catalog.search_text.name like ${`${escaped(phrase)}%`} then 1
    else greatest(${sql.join(each)}) end`
}

const escaped = (typed: string) => typed.replace(/[\\%_]/g, '\\$&')
/** The same query over names of entries alone, which have the weight A. */
const weighted = (query: string) => query.replaceAll(/'(?::\*)?(?= |\)|$)/g, (end) => (end.endsWith('*') ? "':*A" : "':A"))
