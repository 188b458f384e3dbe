import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import type { Ctx } from '../context.ts'
import { decodeCursor } from '../http/page.ts'
import { FAILED_QUEUE, type JobKind } from './job.ts'

/** A job as it waits: which kind, on which queue, from when. */
export interface NewJob {
  kind: string
  queue: JobKind['queue']
  payload: object
  onceKey: string | undefined
  /** Seconds from now; the database's clock and the platform's may differ. */
  delaySeconds: number
}

/**
 * Queues a job with the settings of its queue. Written as pg-boss itself writes it, but in the caller's transaction and also where
 * no runner is started (tests, the making of the demo city). Jobs of one transaction keep their order.
 */
export async function insertJob(ctx: Ctx, job: NewJob): Promise<void> {
  // The policy counts jobs without a key as one and the same, so each of those gets a key of its own.
  const key = `${job.kind}:${job.onceKey ?? randomUUID()}`
  await sql`
    insert into jobs.job (id, name, data, singleton_key, start_after, policy, retry_limit, retry_delay, retry_backoff, retry_delay_max,
      expire_seconds, deletion_seconds, keep_until, dead_letter, heartbeat_seconds, created_on)
    select ${randomUUID()}::uuid, q.name, ${JSON.stringify({ kind: job.kind, payload: job.payload })}::jsonb, ${key},
      now() + make_interval(secs => ${job.delaySeconds}), q.policy, q.retry_limit, q.retry_delay, q.retry_backoff, q.retry_delay_max,
      q.expire_seconds, q.deletion_seconds, now() + make_interval(secs => ${job.delaySeconds} + q.retention_seconds), q.dead_letter,
      q.heartbeat_seconds, clock_timestamp()
    from jobs.queue q where q.name = ${job.queue}
    on conflict do nothing`.execute(ctx.db)
}

/** A job that was tried to the end. */
export interface FailedJobRow {
  id: string
  kind: string
  payload: object
  error: string
  attempts: number
  created_on: Date
  failed_on: Date
}

const failedColumns = sql`id, data->>'kind' as kind, data->'payload' as payload, coalesce(source_output->>'message', '') as error,
  coalesce(source_retry_count, 0) + 1 as attempts, coalesce(source_created_on, created_on) as created_on, created_on as failed_on`

/** Failed jobs, newest first. */
export async function listFailed(ctx: Ctx, limit: number, cursor: string | undefined): Promise<FailedJobRow[]> {
  const after = decodeCursor(cursor, ['instant', 'id'])
  const older = after ? sql`and (date_trunc('milliseconds', created_on), id) < (${after[0]}::timestamptz, ${after[1]}::uuid)` : sql``
  const { rows } = await sql<FailedJobRow>`
    select ${failedColumns} from jobs.job where name = ${FAILED_QUEUE} and state = 'created' ${older}
    order by date_trunc('milliseconds', created_on) desc, id desc limit ${limit + 1}`.execute(ctx.db)
  return rows
}

/** Locks a failed job, so that two administrators do not both set it going again. */
export async function lockFailed(ctx: Ctx, id: string): Promise<FailedJobRow | undefined> {
  const { rows } = await sql<FailedJobRow>`
    select ${failedColumns} from jobs.job where name = ${FAILED_QUEUE} and state = 'created' and id = ${id}::uuid for update`.execute(
    ctx.db,
  )
  return rows[0]
}

export async function removeFailed(ctx: Ctx, id: string): Promise<void> {
  await sql`delete from jobs.job where name = ${FAILED_QUEUE} and id = ${id}::uuid`.execute(ctx.db)
}
