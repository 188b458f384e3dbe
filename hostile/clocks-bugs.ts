import { type Ctx, calendarOf, inTransaction, type JobRunner, type OfficeCalendar } from '@tongchou/kernel'
import type { CasesPorts } from '../modules/cases/index.ts'
import { lockCase } from '../modules/cases/server/case.store.ts'
import { casesDb } from '../modules/cases/server/case.tables.ts'
import { markFired } from '../modules/cases/server/clock.store.ts'
import { fire } from '../modules/cases/server/clock-effects.service.ts'

/** Mistakes that the run must find: it proves nothing before it has failed on each of them. */
export const bugs = ['fired-later', 'no-lock', 'told-early', 'left-longer', 'yellow-sooner'] as const
export type Bug = (typeof bugs)[number]

/** The calendar with one mistake: what is left of a limit in working days is one too many, or the day before an end is an hour too soon. */
export async function plantedCalendar(bug: Bug, ctx: Ctx): Promise<OfficeCalendar> {
  const calendar = await calendarOf(ctx)
  if (bug === 'left-longer')
    return { ...calendar, left: (from, due, unit, orgId) => calendar.left(from, due, unit, orgId) + (unit === 'work-day' ? 1 : 0) }
  if (bug === 'yellow-sooner')
    return { ...calendar, before: (end, amount, unit, orgId) => new Date(calendar.before(end, amount, unit, orgId).getTime() - 3_600_000) }
  return calendar
}

/** The runner with one mistake in the work that fires deadlines. */
export function plantedRunner(bug: Bug, runner: JobRunner, ports: () => CasesPorts): JobRunner {
  if (bug !== 'fired-later' && bug !== 'no-lock') return runner
  return {
    ...runner,
    declare: (brought) =>
      runner.declare({
        ...brought,
        kinds: (brought.kinds ?? []).map((kind) =>
          kind.kind === 'cases.fire-deadline'
            ? {
                ...kind,
                queue: 'long' as const,
                work: (ctx: Ctx, payload: unknown) => misfire(bug, ctx, ports(), (payload as { id: string }).id),
              }
            : kind,
        ),
      }),
  }
}

async function misfire(bug: Bug, ctx: Ctx, ports: CasesPorts, id: string): Promise<void> {
  const deadline = await casesDb(ctx)
    .selectFrom('cases.deadline')
    .selectAll()
    .where('id', '=', id)
    .where('fired_at', 'is', null)
    .where('voided_at', 'is', null)
    .executeTakeFirst()
  if (!deadline) return
  if (bug === 'no-lock') {
    // Read without a lock, and written on what was read.
    const row = await casesDb(ctx).selectFrom('cases.case_file').selectAll().where('id', '=', deadline.case_id).executeTakeFirstOrThrow()
    await inTransaction(ctx, async (tx) => {
      await fire(tx, ports, deadline, row)
      await markFired(tx, id)
    })
    return
  }
  // The effect in one transaction, and that it happened in the next.
  await inTransaction(ctx, async (tx) => {
    const row = await lockCase(tx, deadline.case_id)
    if (row) await fire(tx, ports, deadline, row)
  })
  await inTransaction(ctx, (tx) => markFired(tx, id))
}
