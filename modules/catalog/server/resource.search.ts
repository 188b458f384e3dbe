import { countRows, decodeCursor, type SearchPort, toPage } from '@tongchou/kernel'
import { sql } from 'kysely'
import { stateWords } from '../words.ts'
import type { NamesPort } from './ports.ts'
import { lookedFor, matching, rankOf } from './search.query.ts'
import { hitsOf } from './search.service.ts'

/** Data resources (数据资源) as the catalog's own search finds them, the best first. */
export const resourceSearch = ({ names }: { names: Pick<NamesPort, 'organisationNames'> }): SearchPort => ({
  kind: 'resource',
  title: '数据资源',
  count: async (ctx, words, most) =>
    countRows(
      ctx,
      matching(ctx, await lookedFor(ctx, names, words))
        .select('catalog.resource.id')
        .limit(most),
    ),
  find: async (ctx, words, limit, cursor) => {
    const looked = await lookedFor(ctx, names, words)
    const rank = rankOf(looked)
    const after = decodeCursor(cursor, ['integer', 'integer'])
    let query = matching(ctx, looked)
      .select([
        'catalog.resource.id',
        'catalog.resource.name',
        'catalog.resource.number',
        'catalog.resource.state',
        'catalog.resource.org_id',
      ])
      .select(rank.as('rank'))
    if (after) query = query.where(sql<boolean>`(${rank}, -catalog.resource.number) > (${after[0]}, ${after[1]})`)
    const rows = await query
      .orderBy('rank')
      .orderBy('catalog.resource.number', 'desc')
      .limit(limit + 1)
      .execute()
    const hits = await hitsOf(ctx, looked, rows)
    return toPage(
      rows,
      limit,
      (row) => [Number(row.rank), -row.number],
      (row) => {
        const items = hits.get(row.id)?.foundItems ?? []
        const note = `${looked.organisations.get(row.org_id) ?? row.org_id} · ${stateWords[row.state]}${items.length === 0 ? '' : ` · 信息项：${items.join('、')}`}`
        return { kind: 'resource', id: row.id, title: row.name, note, href: `/catalog/${row.id}` }
      },
    )
  },
})
