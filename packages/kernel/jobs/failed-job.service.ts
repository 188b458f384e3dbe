import { recordAudit } from '../audit.ts'
import { type Ctx, inTransaction } from '../context.ts'
import { NotFound } from '../errors.ts'
import { toPage } from '../http/page.ts'
import type { JobsPort } from '../ports.ts'
import { type FailedJobRow, listFailed, lockFailed, removeFailed } from './job.store.ts'

/** Jobs that were tried to the end (失败任务), newest first. */
export async function readFailedJobs(ctx: Ctx, limit: number, cursor: string | undefined) {
  return toPage(await listFailed(ctx, limit, cursor), limit, (row) => [row.failed_on.toISOString(), row.id], toFailedJob)
}

function toFailedJob(row: FailedJobRow) {
  return {
    id: row.id,
    kind: row.kind,
    payload: JSON.stringify(row.payload),
    error: row.error,
    attemptCount: row.attempts,
    queuedAt: row.created_on.toISOString(),
    failedAt: row.failed_on.toISOString(),
  }
}

/** Sets a failed job going again (重新执行); it counts its attempts from the beginning. */
export async function retryFailedJob(ctx: Ctx, jobs: JobsPort, id: string): Promise<void> {
  await inTransaction(ctx, async (tx) => {
    const failed = await lockFailed(tx, id)
    if (!failed) throw new NotFound('job.not_found', '没有这个失败的后台任务，可能已经重新执行。')
    await jobs.enqueue(tx, failed.kind, failed.payload, { onceKey: `retry:${id}` })
    await removeFailed(tx, id)
    await recordAudit(tx, 'job.retried', { kind: 'job', id }, { job: failed.kind })
  })
}
