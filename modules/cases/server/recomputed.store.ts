import { type Ctx, decodeCursor } from '@tongchou/kernel'
import { sql } from 'kysely'
import { overseesTask } from './card.permissions.ts'
import { casesDb } from './case.tables.ts'
import { officeOf, type SoleBearers } from './oversight.store.ts'

/** Filters of the recomputed limits. */
export interface RecomputedFilter {
  year?: number | undefined
  orgId?: string | undefined
}

export interface RecomputedRow {
  case_id: string
  task_id: string
  seq: string
  title: string
  step_title: string
  duty: string
  office: string | null
  was_due_at: Date
  due_at: Date
  provisional: boolean
  at: Date
  open: boolean
}

const yearOf = (column: string) => sql<number>`extract(year from ${sql.raw(column)} at time zone 'Asia/Shanghai')::int`

function conditions(bearers: SoleBearers, { year, orgId }: RecomputedFilter, changed: boolean) {
  const parts = [sql`f.status <> 'draft' and t.spoken_by is null`]
  if (orgId) parts.push(sql`${officeOf(bearers)} = ${orgId}`)
  if (year !== undefined) parts.push(sql`${yearOf(changed ? 'c.was_due_at' : 't.due_at')} = ${year}`)
  return sql.join(parts, sql` and `)
}

/** Limits that a published calendar has moved or made final, as far as the actor oversees them, the latest first. */
export async function listRecomputed(
  ctx: Ctx,
  bearers: SoleBearers,
  filter: RecomputedFilter,
  limit: number,
  cursor: string | undefined,
): Promise<RecomputedRow[]> {
  const after = decodeCursor(cursor, ['instant', 'integer'])
  const rest = after ? sql`and (date_trunc('milliseconds', c.at), c.seq) < (${after[0]}::timestamptz, ${after[1]})` : sql``
  const { rows } = await sql<RecomputedRow>`
    select c.case_id, c.task_id, c.seq, f.title, t.step_title, t.duty, ${officeOf(bearers)} as office, c.was_due_at, c.due_at, c.provisional, c.at,
      t.closed_at is null and f.ended_at is null as open
    from cases.due_change c
      join cases.task t on t.case_id = c.case_id and t.task_id = c.task_id
      join cases.case_file f on f.id = c.case_id
    where c.cause = 'recomputed' and ${overseesTask(ctx.actor, officeOf(bearers))} and ${conditions(bearers, filter, true)} ${rest}
    order by date_trunc('milliseconds', c.at) desc, c.seq desc limit ${limit + 1}`.execute(casesDb(ctx))
  return rows
}

/**
 * How many open limits of a year are provisional (暂定), and how many limits that ended in it have been worked out again.
 * @param whole of the whole city, for who keeps the calendar; else of what the actor oversees
 */
export async function countRecomputed(
  ctx: Ctx,
  bearers: SoleBearers,
  filter: RecomputedFilter,
  whole: boolean,
): Promise<{ provisional: number; recomputed: number }> {
  const overseen = whole ? sql`true` : overseesTask(ctx.actor, officeOf(bearers))
  const { rows } = await sql<{ provisional: number; recomputed: number }>`
    select
      (select count(*)::int from cases.task t join cases.case_file f on f.id = t.case_id
        where t.provisional and t.due_at is not null and t.closed_at is null and f.ended_at is null
          and ${overseen} and ${conditions(bearers, filter, false)}) as provisional,
      (select count(*)::int from cases.due_change c
        join cases.task t on t.case_id = c.case_id and t.task_id = c.task_id
        join cases.case_file f on f.id = c.case_id
        where c.cause = 'recomputed' and ${overseen} and ${conditions(bearers, filter, true)}) as recomputed`.execute(casesDb(ctx))
  return rows[0] ?? { provisional: 0, recomputed: 0 }
}
