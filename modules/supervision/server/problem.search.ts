import { type Ctx, countRows, decodeCursor, holdsWords, type SearchPort, toPage } from '@tongchou/kernel'
import { kindWords } from '../words.ts'
import { readProblem } from './problem.permissions.ts'
import { supervisionDb } from './problem.tables.ts'

const text = { table: 'supervision.problem', text: "project_name || ' ' || description" }

/** Problems (问题整改) by project and description, last found first. */
export const problemSearch: SearchPort = {
  kind: 'problem',
  title: '问题整改',
  count: (ctx, words, most) => countRows(ctx, readable(ctx, words).select('id').limit(most)),
  find: async (ctx, words, limit, cursor) => {
    const after = decodeCursor(cursor, ['integer'])?.[0]
    let query = readable(ctx, words).select(['id', 'number', 'project_name', 'kind'])
    if (after !== undefined) query = query.where('number', '<', after)
    const rows = await query
      .orderBy('number', 'desc')
      .limit(limit + 1)
      .execute()
    return toPage(
      rows,
      limit,
      (row) => [row.number],
      (row) => ({
        kind: 'problem',
        id: row.id,
        title: row.project_name,
        note: kindWords[row.kind],
        href: `/problems/${row.id}`,
      }),
    )
  },
}

function readable(ctx: Ctx, words: readonly string[]) {
  return supervisionDb(ctx)
    .selectFrom('supervision.problem')
    .where(readProblem.where(ctx.actor))
    .where(holdsWords('supervision.problem.id', text, words))
}
