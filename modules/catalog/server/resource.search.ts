import { type Ctx, countRows, decodeCursor, holdsWords, type SearchPort, toPage } from '@tongchou/kernel'
import { stateWords } from '../words.ts'
import type { CatalogPorts } from './ports.ts'
import { readResource } from './resource.permissions.ts'
import { catalogDb } from './resource.tables.ts'

const text = { table: 'catalog.resource', text: 'name' }

/** Data resources (数据资源) by name, last compiled first. */
export const resourceSearch = (ports: Pick<CatalogPorts, 'organisations'>): SearchPort => ({
  kind: 'resource',
  title: '数据资源',
  count: (ctx, words, most) => countRows(ctx, readable(ctx, words).select('id').limit(most)),
  find: async (ctx, words, limit, cursor) => {
    const after = decodeCursor(cursor, ['integer'])?.[0]
    let query = readable(ctx, words).select(['id', 'name', 'number', 'state', 'org_id'])
    if (after !== undefined) query = query.where('number', '<', after)
    const rows = await query
      .orderBy('number', 'desc')
      .limit(limit + 1)
      .execute()
    const orgs = await ports.organisations.organisations(
      ctx,
      rows.map((row) => row.org_id),
    )
    return toPage(
      rows,
      limit,
      (row) => [row.number],
      (row) => ({
        kind: 'resource',
        id: row.id,
        title: row.name,
        note: `${orgs.get(row.org_id)?.name ?? row.org_id} · ${stateWords[row.state]}`,
        href: `/catalog/${row.id}`,
      }),
    )
  },
})

function readable(ctx: Ctx, words: readonly string[]) {
  return catalogDb(ctx)
    .selectFrom('catalog.resource')
    .where(readResource.where(ctx.actor))
    .where(holdsWords('catalog.resource.id', text, words))
}
