import type { Ctx, DutyId } from '@tongchou/kernel'
import { sql } from 'kysely'
import { casesDb } from './case.tables.ts'

/** Open tasks that have a limit, seats of one office that stand for each other as one, and how many of them are past it. */
export interface Lateness {
  lateCount: number
  openCount: number
  /** The earliest end among them, late or not. */
  oldestDueAt: string
}

/** By the office or, where none is named, the duty that the tasks wait for. Tasks without a limit, or whose clock stands still, are not late. */
export async function latenessByOffice(ctx: Ctx): Promise<(Lateness & { orgId: string | null; duty: DutyId })[]> {
  const rows = await casesDb(ctx)
    .selectFrom('cases.task')
    .where('closed_at', 'is', null)
    .where('due_at', 'is not', null)
    .where('paused_since', 'is', null)
    .where('spoken_by', 'is', null)
    .groupBy(['org_id', 'duty'])
    .select((eb) => [
      'org_id',
      'duty',
      eb.fn.countAll<number>().as('open'),
      sql<number>`count(*) filter (where due_at < ${ctx.now()})`.as('late'),
      sql<Date>`min(due_at)`.as('oldest'),
    ])
    .execute()
  return rows.map((row) => ({
    orgId: row.org_id,
    duty: row.duty,
    lateCount: row.late,
    openCount: row.open,
    oldestDueAt: row.oldest.toISOString(),
  }))
}
