import { holdsWords, numberedSearch } from '@tongchou/kernel'
import { kindWords } from '../words.ts'
import { readProblem } from './problem.permissions.ts'
import { supervisionDb } from './problem.tables.ts'

const text = { table: 'supervision.problem', text: "project_name || ' ' || description" }

/** Problems (问题整改) by project and description, last found first. */
export const problemSearch = numberedSearch({
  kind: 'problem',
  title: '问题整改',
  found: (ctx, words) =>
    supervisionDb(ctx)
      .selectFrom('supervision.problem')
      .select(['id', 'number', 'project_name', 'kind'])
      .where(readProblem.where(ctx.actor))
      .where(holdsWords('supervision.problem.id', text, words)),
  hits: () => (row) => ({ title: row.project_name, note: kindWords[row.kind], href: `/problems/${row.id}` }),
})
