import { type Ctx, inTransaction, loadedNotices } from '@tongchou/kernel'
import type { Case, Procedure } from '@tongchou/procedure'
import type { CasesPorts } from '../ports.ts'
import { definitionOf, lockCase } from './case.store.ts'
import type { CaseRow } from './case.tables.ts'
import {
  caseOfDeadline,
  casesFiringIn,
  type DeadlineRow,
  type DueCause,
  dueDeadlines,
  insertDueChange,
  keepDeadlines,
  lockDue,
  markFired,
  redBefore,
  releaseProvisional,
} from './clock.store.ts'
import { deadlinesWanted, hasClocks } from './clock.ts'
import { fire } from './clock-effects.service.ts'

/**
 * Makes the clocks of a case those of its state: part of every act on it. Pauses, extensions and decisions need no act of their own
 * here: what has no end any more has no deadline, and what ends at another time has another one.
 */
export async function keepClocks(tx: Ctx, ports: CasesPorts, procedure: Procedure, next: Case, before?: Case): Promise<void> {
  if (!hasClocks(next) && !(before && hasClocks(before))) return
  const calendar = await ports.calendar(tx)
  await keepDeadlines(tx, next.id, deadlinesWanted(procedure, next, ports.clocks(), calendar, tx.now()))
  for (const task of next.tasks) {
    const was = before?.tasks.find((one) => one.id === task.id)
    if (!was || (was.due === task.due && was.provisional === task.provisional)) continue
    const cause: DueCause = task.paused ? 'paused' : was.paused ? 'resumed' : 'changed'
    await insertDueChange(tx, next.id, was, task, cause)
  }
}

// So many wait at most in the queue at a time; what is left is seen by the next look.
const AT_ONCE = 500

/** Queues one job for each deadline whose time has come. A deadline that already waits for its job gets no second one. */
export async function wakeDeadlines(ctx: Ctx, ports: CasesPorts): Promise<void> {
  await inTransaction(ctx, async (tx) => {
    // A case that was opened while a notice was being loaded may have missed it.
    const published = (await loadedNotices(tx)).map(({ year }) => year)
    await releaseProvisional(tx, published)
    for (const { id } of await dueDeadlines(tx, AT_ONCE)) await ports.jobs.enqueue(tx, 'cases.fire-deadline', { id }, { onceKey: id })
  })
}

/**
 * Fires one deadline: case locked first, as acts do, then the row, looked at again; effect and `fired_at` in one commit. Whoever comes
 * second, and whoever comes after an act that made it void, finds nothing to do.
 */
export async function fireDeadline(ctx: Ctx, ports: CasesPorts, id: string): Promise<boolean> {
  return inTransaction(ctx, async (tx) => {
    const caseId = await caseOfDeadline(tx, id)
    const row = caseId && (await lockCase(tx, caseId))
    const deadline = row && (await lockDue(tx, id))
    if (!row || !deadline) return false
    // After a long outage both wait: their jobs may come in any order, what they say may not.
    const red = deadline.kind === 'escalation' ? await redBefore(tx, deadline) : undefined
    for (const one of red ? [red, deadline] : [deadline]) await fireOne(tx, ports, one, row)
    return true
  })
}

/**
 * Fires what comes due until an instant, each at its own time, without the job runner: for what is performed under a clock of its own
 * (the demo city). `moveTo` sets that clock; it never goes back.
 */
export async function fireUntil(ctx: Ctx, ports: CasesPorts, until: Date, moveTo: (at: Date) => void): Promise<void> {
  for (;;) {
    const [next] = await dueDeadlines({ ...ctx, now: () => until }, 1)
    if (!next?.fire_at) return
    if (next.fire_at > ctx.now()) moveTo(next.fire_at)
    await fireDeadline(ctx, ports, next.id)
  }
}

async function fireOne(tx: Ctx, ports: CasesPorts, deadline: DeadlineRow, row: CaseRow): Promise<void> {
  // Before its effect, so that what the effect does to the case's deadlines finds this one settled.
  await markFired(tx, deadline.id)
  await fire(tx, ports, deadline, row)
}

/**
 * A year's notice is out: every limit that waits for one is worked out again, each by its own job; and so is, case by case, when offices
 * and superiors are told of what else ends about that year.
 */
export async function recomputeProvisional(ctx: Ctx, ports: CasesPorts, year: number): Promise<void> {
  await inTransaction(ctx, async (tx) => {
    await releaseProvisional(tx)
    await wakeDeadlines(tx, ports)
    for (const id of await casesFiringIn(tx, year)) await ports.jobs.enqueue(tx, 'cases.refresh-clocks', { id }, { onceKey: id })
  })
}

/** Sets the deadlines of a case by the calendar as it is now. No limit ends otherwise for it; what has fired stays. */
export async function refreshClocks(ctx: Ctx, ports: CasesPorts, id: string): Promise<void> {
  await inTransaction(ctx, async (tx) => {
    const row = await lockCase(tx, id)
    if (!row) return
    const { procedure } = await definitionOf(tx, row)
    await keepDeadlines(tx, id, deadlinesWanted(procedure, row.state, ports.clocks(), await ports.calendar(tx), tx.now()))
  })
}
