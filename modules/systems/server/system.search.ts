import { holdsWords, numberedSearch, type SearchPort } from '@tongchou/kernel'
import { statusWords } from '../words.ts'
import type { SystemsPorts } from './ports.ts'
import { readSystem } from './system.permissions.ts'
import { systemsDb } from './system.tables.ts'

const text = { table: 'systems.system', text: 'name' }

/** Information systems (信息系统) by name, last registered first. */
export const systemSearch = (ports: Pick<SystemsPorts, 'organisations'>): SearchPort =>
  numberedSearch({
    kind: 'system',
    title: '信息系统',
    found: (ctx, words) =>
      systemsDb(ctx)
        .selectFrom('systems.system')
        .select(['id', 'name', 'number', 'status', 'org_id'])
        .where(readSystem.where(ctx.actor))
        .where(holdsWords('systems.system.id', text, words)),
    hits: async (ctx, rows) => {
      const orgs = await ports.organisations.organisations(
        ctx,
        rows.map((row) => row.org_id),
      )
      return (row) => ({
        title: row.name,
        note: `${orgs.get(row.org_id)?.name ?? row.org_id} · ${statusWords[row.status]}`,
        href: `/systems/${row.id}`,
      })
    },
  })
