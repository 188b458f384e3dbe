import { type Ctx, countRows, decodeCursor, holdsWords, type SearchPort, toPage } from '@tongchou/kernel'
import { type RawBuilder, sql } from 'kysely'
import type { CasesPorts } from '../ports.ts'
import { statusNames } from './case.columns.ts'
import { holdsTask } from './case.permissions.ts'
import { casesDb } from './case.tables.ts'

const text = { table: 'cases.case_file', text: 'title' }

/** Cases (办件) by title, last changed first. */
export function caseSearch(ports: Pick<CasesPorts, 'definition' | 'subjects'>): SearchPort {
  const readable = (ctx: Ctx, words: readonly string[]) =>
    casesDb(ctx)
      .selectFrom('cases.case_file')
      .where(holdsWords('cases.case_file.id', text, words))
      .where((eb) =>
        eb.or([
          eb.and([
            eb('cases.case_file.applicant_person_id', '=', ctx.actor.personId),
            eb('cases.case_file.applicant_now_org_id', '=', ctx.actor.orgId),
          ]),
          eb.exists(
            eb
              .selectFrom('cases.task')
              .select('cases.task.task_id')
              .whereRef('cases.task.case_id', '=', 'cases.case_file.id')
              .where('cases.task.closed_at', 'is', null)
              .where((inner) => holdsTask.where(ctx.actor)(inner as never)),
          ),
          subjectReadable(ctx, ports),
        ]),
      )
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

/** The subject's own permission, by its kind. `case` keeps an id from being read as that of another kind. */
function subjectReadable(ctx: Ctx, { subjects }: Pick<CasesPorts, 'subjects'>): RawBuilder<boolean> {
  const id = sql<string>`cases.case_file.subject_id`
  const branches = [...subjects.values()].flatMap(({ kind, readable }) =>
    readable ? [sql`when ${kind} then ${readable(ctx.actor, id)}`] : [],
  )
  return branches.length === 0
    ? sql<boolean>`false`
    : sql<boolean>`(case cases.case_file.subject_kind ${sql.join(branches, sql` `)} else false end)`
}
