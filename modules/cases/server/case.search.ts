import { type Ctx, countRows, decodeCursor, holdsWords, type SearchPort, toPage } from '@tongchou/kernel'
import { sql } from 'kysely'
import type { CasesPorts } from '../ports.ts'
import { statusNames } from './case.columns.ts'
import { seesCase } from './case.permissions.ts'
import { casesDb } from './case.tables.ts'

const text = { table: 'cases.case_file', text: 'title' }

/** Cases (办件) by title, last changed first. */
export function caseSearch(ports: Pick<CasesPorts, 'definition' | 'subjects'>): SearchPort {
  const readable = (ctx: Ctx, words: readonly string[]) =>
    casesDb(ctx)
      .selectFrom('cases.case_file')
      .where(holdsWords('cases.case_file.id', text, words))
      .where(seesCase(ctx.actor, ports.subjects))
  return {
    kind: 'case',
    title: '办件',
    count: (ctx, words, most) => countRows(ctx, readable(ctx, words).select('cases.case_file.id').limit(most)),
    find: async (ctx, words, limit, cursor) => {
      const after = decodeCursor(cursor, ['instant', 'id'])
      let query = readable(ctx, words).select(['id', 'title', 'procedure', 'status', 'updated_at'])
      if (after) query = query.where(sql<boolean>`(updated_at, id) < (${after[0]}::timestamptz, ${after[1]}::uuid)`)
      const rows = await query
        .orderBy('updated_at', 'desc')
        .orderBy('id', 'desc')
        .limit(limit + 1)
        .execute()
      return toPage(
        rows,
        limit,
        (row) => [row.updated_at.toISOString(), row.id],
        (row) => ({
          kind: 'case',
          id: row.id,
          title: row.title,
          note: `${ports.definition(row.procedure)?.procedure.title ?? row.procedure} · ${statusNames[row.status]}`,
          href: `/cases/${row.id}`,
        }),
      )
    },
  }
}
