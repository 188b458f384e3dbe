import { type Ctx, inTransaction } from '../context.ts'
import type { JobsPort } from '../ports.ts'
import { lockDueSchedules, lockUndelivered, markDelivered, type ScheduleRow, setNext, triggersOf } from './schedule.store.ts'

// Days in which no server ran do not become an endless row of jobs.
const MOST_MISSED = 1000
const BATCH = 200

/** Queues what the schedules ask for by now, each job and its schedule's next time in one commit. */
export async function runSchedules(ctx: Ctx, jobs: JobsPort): Promise<void> {
  await inTransaction(ctx, async (tx) => {
    for (const row of await lockDueSchedules(tx)) {
      const { due, next } = timesOf(row, tx.now())
      for (const at of due) await jobs.enqueue(tx, row.kind, row.payload, { onceKey: onceKeyOf(row, at) })
      await setNext(tx, row.key, next)
    }
  })
}

/** Made up for once: one waiting job stands for all its times. Made up for each: every time has a job of its own. */
function onceKeyOf({ key, catch_up }: ScheduleRow, at: Date): string {
  return catch_up === 'each' ? `schedule:${key}:${at.toISOString()}` : `schedule:${key}`
}

/** The times that are due and the next one after now, all on the schedule's own grid. */
function timesOf({ next_at, every_seconds, catch_up }: ScheduleRow, now: Date): { due: Date[]; next: Date } {
  const step = every_seconds * 1000
  const missed = Math.floor((now.getTime() - next_at.getTime()) / step)
  const last = new Date(next_at.getTime() + missed * step)
  const next = new Date(last.getTime() + step)
  if (catch_up === 'once') return { due: [last], next }
  // A time that lies a whole round back has passed; left out means that it does not happen any more.
  if (catch_up === 'skip') return { due: missed === 0 ? [last] : [], next }
  const count = Math.min(missed + 1, MOST_MISSED)
  return { due: Array.from({ length: count }, (_, index) => new Date(last.getTime() - (count - 1 - index) * step)), next }
}

/** Tells the triggers of the events in the outbox: event delivered and jobs queued in one commit. Returns whether there may be more. */
export async function deliverOutbox(ctx: Ctx, jobs: JobsPort): Promise<boolean> {
  return inTransaction(ctx, async (tx) => {
    const events = await lockUndelivered(tx, BATCH)
    if (events.length === 0) return false
    const triggers = await triggersOf(
      tx,
      events.map(({ event }) => event),
    )
    for (const { seq, event, subject_kind, subject_id, payload } of events)
      for (const trigger of triggers.filter((one) => one.event === event)) {
        const subject = `${subject_kind}:${subject_id}`
        const onceKey = `trigger:${trigger.key}:${trigger.once_per === 'event' ? seq : subject}`
        await jobs.enqueue(tx, trigger.kind, { event, subject: { kind: subject_kind, id: subject_id }, payload }, { onceKey })
      }
    await markDelivered(
      tx,
      events.map(({ seq }) => seq),
    )
    return events.length === BATCH
  })
}
