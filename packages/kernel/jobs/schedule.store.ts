import type { Ctx } from '../context.ts'
import type { Schedule, Trigger } from './job.ts'

/** Makes the rows those of this program. A schedule that is there keeps its next time; one that no module names any more is gone. */
export async function keepDeclared(ctx: Ctx, schedules: readonly Schedule[], triggers: readonly Trigger[]): Promise<void> {
  const now = ctx.now()
  for (const { key, owner, kind, payload = {}, everySeconds, catchUp } of schedules) {
    const values = { owner, kind, payload: JSON.stringify(payload), every_seconds: everySeconds, catch_up: catchUp }
    await ctx.db
      .insertInto('kernel.schedule')
      .values({ key, ...values, next_at: now })
      .onConflict((conflict) => conflict.column('key').doUpdateSet(values))
      .execute()
    // A clock that was set back (a demo that starts at the same hour again) must not leave it waiting for a far time.
    await ctx.db
      .updateTable('kernel.schedule')
      .set({ next_at: now })
      .where('key', '=', key)
      .where('next_at', '>', new Date(now.getTime() + everySeconds * 1000))
      .execute()
  }
  for (const { key, owner, event, kind, oncePer } of triggers) {
    const values = { owner, event, kind, once_per: oncePer }
    await ctx.db
      .insertInto('kernel.trigger')
      .values({ key, ...values })
      .onConflict((conflict) => conflict.column('key').doUpdateSet(values))
      .execute()
  }
  await ctx.db
    .deleteFrom('kernel.schedule')
    .where('key', 'not in', ['', ...schedules.map(({ key }) => key)])
    .execute()
  await ctx.db
    .deleteFrom('kernel.trigger')
    .where('key', 'not in', ['', ...triggers.map(({ key }) => key)])
    .execute()
}

/** Schedules whose time has come, locked; those that another server is at are left to it. */
export async function lockDueSchedules(ctx: Ctx) {
  return ctx.db
    .selectFrom('kernel.schedule')
    .selectAll()
    .where('next_at', '<=', ctx.now())
    .orderBy('key')
    .forUpdate()
    .skipLocked()
    .execute()
}
export type ScheduleRow = Awaited<ReturnType<typeof lockDueSchedules>>[number]

export async function setNext(ctx: Ctx, key: string, nextAt: Date): Promise<void> {
  await ctx.db.updateTable('kernel.schedule').set({ next_at: nextAt }).where('key', '=', key).execute()
}

/** Events that nobody has been told of, oldest first, locked. */
export async function lockUndelivered(ctx: Ctx, limit: number) {
  return ctx.db
    .selectFrom('kernel.outbox')
    .select(['seq', 'event', 'subject_kind', 'subject_id', 'payload'])
    .where('delivered_at', 'is', null)
    .orderBy('seq')
    .limit(limit)
    .forUpdate()
    .skipLocked()
    .execute()
}

export async function markDelivered(ctx: Ctx, seqs: readonly number[]): Promise<void> {
  await ctx.db
    .updateTable('kernel.outbox')
    .set({ delivered_at: ctx.now() })
    .where('seq', 'in', [...seqs])
    .execute()
}

export async function triggersOf(ctx: Ctx, events: readonly string[]) {
  return ctx.db
    .selectFrom('kernel.trigger')
    .selectAll()
    .where('event', 'in', [...new Set(events)])
    .orderBy('key')
    .execute()
}

/** Forgets delivered events that are older than this. */
export async function pruneDelivered(ctx: Ctx, before: Date): Promise<void> {
  await ctx.db.deleteFrom('kernel.outbox').where('delivered_at', '<', before).execute()
}
