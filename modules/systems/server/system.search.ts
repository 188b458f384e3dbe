import { type Ctx, countRows, decodeCursor, holdsWords, type SearchPort, toPage } from '@tongchou/kernel'
import { statusWords } from '../words.ts'
import type { SystemsPorts } from './ports.ts'
import { readSystem } from './system.permissions.ts'
import { systemsDb } from './system.tables.ts'

const text = { table: 'systems.system', text: 'name' }

/** Information systems (信息系统) by name, last registered first. */
export const systemSearch = (ports: Pick<SystemsPorts, 'organisations'>): SearchPort => ({
  kind: 'system',
  title: '信息系统',
  count: (ctx, words, most) => countRows(ctx, readable(ctx, words).select('id').limit(most)),
  find: async (ctx, words, limit, cursor) => {
    const after = decodeCursor(cursor, ['integer'])?.[0]
    let query = readable(ctx, words).select(['id', 'name', 'number', 'status', 'org_id'])
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
        kind: 'system',
        id: row.id,
        title: row.name,
        note: `${orgs.get(row.org_id)?.name ?? row.org_id} · ${statusWords[row.status]}`,
        href: `/systems/${row.id}`,
      }),
    )
  },
})

function readable(ctx: Ctx, words: readonly string[]) {
  return systemsDb(ctx)
    .selectFrom('systems.system')
    .where(readSystem.where(ctx.actor))
    .where(holdsWords('systems.system.id', text, words))
}
