import { type Ctx, toPage } from '@tongchou/kernel'
import type { Static } from 'typebox'
import type { CasesPorts } from '../ports.ts'
import { readableCases } from './case.store.ts'
import type { Recomputation, RecomputedDeadline } from './oversight.schema.ts'
import { nameOf, officeNames, soleBearers } from './oversight.service.ts'
import { countRecomputed, listRecomputed, type RecomputedFilter } from './recomputed.store.ts'

/** Which limits were worked out again when a year's calendar came out, of the offices that the actor oversees. */
export async function readRecomputed(
  ctx: Ctx,
  ports: CasesPorts,
  query: RecomputedFilter & { limit: number; cursor?: string | undefined },
) {
  const { limit, cursor, ...filter } = query
  const rows = await listRecomputed(ctx, await soleBearers(ctx, ports), filter, limit, cursor)
  const names = await officeNames(ctx, ports, rows)
  const readable = await readableCases(
    ctx,
    ports,
    rows.map((row) => row.case_id),
  )
  return toPage(
    rows,
    limit,
    (row) => [row.at.toISOString(), Number(row.seq)],
    (row): Static<typeof RecomputedDeadline> => ({
      id: row.seq,
      caseId: row.case_id,
      title: row.title,
      stepTitle: row.step_title,
      orgName: nameOf(ports, names, row),
      wasDueAt: row.was_due_at.toISOString(),
      dueAt: row.due_at.toISOString(),
      provisional: row.provisional,
      isOpen: row.open,
      at: row.at.toISOString(),
      mayReadCase: readable.has(row.case_id),
    }),
  )
}

/** The two figures beside a year of the calendar. Who keeps the calendar sees how many, and of no case what it is about. */
export async function readRecomputation(ctx: Ctx, ports: CasesPorts, year: number): Promise<Static<typeof Recomputation>> {
  return countRecomputed(ctx, await soleBearers(ctx, ports), { year }, ctx.actor.roles.has('system-admin'))
}
