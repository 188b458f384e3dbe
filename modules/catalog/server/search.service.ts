import { type Ctx, decodeCursor, searchWords, toPage } from '@tongchou/kernel'
import { type CodeListName, labelOf } from '@tongchou/metadata'
import { type RawBuilder, sql } from 'kysely'
import { stateWords } from '../words.ts'
import { readIn } from './pinyin.ts'
import type { CatalogPorts } from './ports.ts'
import type { ResourceLine } from './resource.schema.ts'
import type { ResourceRow } from './resource.tables.ts'
import { viewLines } from './resource.view.ts'
import { type Looked, lookedFor, matching, rankOf, readingsOf } from './search.query.ts'
import type { CatalogSearchAnswer, CatalogSearchQuery, FacetName } from './search.schema.ts'
import { namedItems } from './search.store.ts'

/** Facets (分面) in the order they are shown: the column, and how its values are called. */
const facets: Readonly<Record<FacetName, { title: string; column: string; list: CodeListName | 'organisation' | 'state' }>> = {
  orgId: { title: '提供方', column: 'org_id', list: 'organisation' },
  sharing: { title: '共享类型', column: 'sharing', list: 'sharing' },
  class: { title: '资源属性', column: 'class', list: 'class' },
  cycle: { title: '更新周期', column: 'update_cycle', list: 'updateCycle' },
  grade: { title: '数据分级', column: 'grade', list: 'grade' },
  state: { title: '状态', column: 'state', list: 'state' },
}
const names = Object.keys(facets) as FacetName[]

/** What is chosen of a facet, as a condition on an entry. */
function chosen(query: CatalogSearchQuery, name: FacetName): RawBuilder<boolean> {
  const value = query[name]
  return value === undefined ? sql<boolean>`true` : sql<boolean>`${sql.ref(`catalog.resource.${facets[name].column}`)} = ${value}`
}

/**
 * Finds entries of the catalog by words of any length, in names, codes, items, descriptions, departments and 拼音, the best first, with what there is
 * under each facet. Everything is counted over what the actor may read and nothing else.
 */
export async function searchCatalog(ctx: Ctx, ports: CatalogPorts, query: CatalogSearchQuery): Promise<CatalogSearchAnswer> {
  const looked = await lookedFor(ctx, ports.names, searchWords(query.q ?? ''))
  const limit = query.limit ?? 20
  const rank = rankOf(looked)
  const after = decodeCursor(query.cursor, ['integer', 'integer'])
  let found = matching(ctx, looked).selectAll('catalog.resource').select(rank.as('rank'))
  for (const name of names) found = found.where(chosen(query, name))
  if (after) found = found.where(sql<boolean>`(${rank}, -catalog.resource.number) > (${after[0]}, ${after[1]})`)
  const rows = await found
    .orderBy('rank')
    .orderBy('catalog.resource.number', 'desc')
    .limit(limit + 1)
    .execute()
  const shown = rows.slice(0, limit)
  const lines = await viewLines(ctx, ports, shown)
  const hits = await hitsOf(ctx, looked, shown)
  const { total, values } = await countFacets(ctx, looked, query)
  return {
    ...toPage(
      rows,
      limit,
      (row) => [Number(row.rank), -row.number],
      (row) =>
        ({ ...(lines.get(row.id) as ResourceLine), abstract: row.abstract, ...hits.get(row.id) }) as CatalogSearchAnswer['items'][number],
    ),
    total,
    facets: names.map((name) => ({
      name,
      title: facets[name].title,
      values: values.filter((one) => one.name === name).map((one) => facetValue(one, looked)),
    })),
    words: looked.words.map(({ word }) => word),
  }
}

interface Counted {
  name: FacetName
  value: string
  count: number
}

function facetValue({ name, value, count }: Counted, { organisations }: Looked) {
  const { list } = facets[name]
  const title =
    list === 'organisation'
      ? (organisations.get(value) ?? value)
      : list === 'state'
        ? (stateWords[value as keyof typeof stateWords] ?? value)
        : labelOf(list, value)
  return { value, title, count }
}

/** How many there are, and under each value of each facet: a facet counts under what is chosen of the others, so that one sees what else could be chosen. */
async function countFacets(ctx: Ctx, looked: Looked, query: CatalogSearchQuery): Promise<{ total: number; values: Counted[] }> {
  const flags = names.map((name) => chosen(query, name).as(`is_${name}`))
  const base = matching(ctx, looked)
    .select(names.map((name) => sql<string | null>`${sql.ref(`catalog.resource.${facets[name].column}`)}`.as(name)))
    .select(flags)
  const others = (name: FacetName) =>
    sql.join(
      names.filter((one) => one !== name).map((one) => sql.ref(`is_${one}`)),
      sql` and `,
    )
  const lines = names.map((name) => sql`(${name}, ${sql.ref(name)}, ${others(name)})`)
  const every = sql.join(
    names.map((one) => sql.ref(`is_${one}`)),
    sql` and `,
  )
  const { rows } = await sql<{ name: FacetName | 'total'; value: string; count: number }>`
    with found as materialized (${base})
    select 'total' as name, '' as value, count(*)::int as count from found where ${every}
    union all
    select facet, value, count(*)::int from found, lateral (values ${sql.join(lines)}) as one (facet, value, counts)
    where counts and value is not null group by facet, value`.execute(ctx.db)
  const values = rows.flatMap((row) => (row.name === 'total' ? [] : [{ ...row, name: row.name }]))
  values.sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
  return { total: rows.find(({ name }) => name === 'total')?.count ?? 0, values }
}

/** What of each entry was found: items that hold a word, and what the letters typed stand for. */
export async function hitsOf(ctx: Ctx, looked: Looked, rows: readonly Pick<ResourceRow, 'id' | 'name' | 'org_id'>[]) {
  const hits = new Map<string, { foundItems: string[]; marks: string[] }>()
  if (looked.words.length === 0) return new Map(rows.map(({ id }) => [id, { foundItems: [], marks: [] }]))
  const items = await namedItems(
    ctx,
    rows.map(({ id }) => id),
  )
  const orgOf = ({ org_id }: { org_id: string }) => looked.organisations.get(org_id) ?? ''
  const latin = looked.words.some(({ pinyin }) => pinyin !== undefined)
  const readings = latin
    ? await readingsOf(ctx, [...rows.flatMap((row) => [row.name, orgOf(row)]), ...[...items.values()].flat().map(({ name }) => name)])
    : new Map()
  for (const row of rows) {
    const own = items.get(row.id) ?? []
    const marks = new Set<string>()
    const foundItems: string[] = []
    for (const { word } of looked.words) {
      for (const said of [row.name, orgOf(row)]) add(marks, readIn(said, word, readings))
      for (const { name, folded } of own) {
        const read = readIn(name, word, readings)
        add(marks, read)
        if ((folded.includes(word) || read !== undefined) && !foundItems.includes(name)) foundItems.push(name)
      }
    }
    hits.set(row.id, { foundItems: foundItems.slice(0, MOST_ITEMS), marks: [...marks] })
  }
  return hits
}

/** Items named beside a hit. */
const MOST_ITEMS = 5

function add(marks: Set<string>, mark: string | undefined): void {
  if (mark !== undefined) marks.add(mark)
}
