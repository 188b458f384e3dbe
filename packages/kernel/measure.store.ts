import { type Kysely, sql } from 'kysely'
import { countUnsigned } from './evidence/verify-tree.ts'
import { FAILED_QUEUE } from './jobs/job.ts'
import type { Measure } from './ports.ts'
import type { KernelTables } from './tables.ts'

/** What an operator watches of the kernel (运行指标): jobs, events that wait to be told, the log and its evidence. Cheap on a log of any length. */
export async function kernelMeasures({ db, now }: { db: Kysely<KernelTables>; now: () => Date }): Promise<Measure[]> {
  const [jobs, waiting, log, unsigned] = await Promise.all([
    jobCounts(db),
    outboxWaiting(db, now()),
    unsealed(db, now()),
    countUnsigned(db),
  ])
  const of = (state: string) => jobs.filter((row) => row.state === state && row.queue !== FAILED_QUEUE)
  const byQueue = (state: string) => of(state).map(({ queue, n }) => ({ labels: { queue }, value: n }))
  return [
    { name: 'jobs_waiting', help: 'Jobs that wait or are to be tried again, by queue', samples: byQueue('waiting') },
    { name: 'jobs_running', help: 'Jobs that are at work, by queue', samples: byQueue('active') },
    one(
      'jobs_failed',
      'Jobs that were tried to the end and wait for an administrator',
      jobs.filter(({ queue }) => queue === FAILED_QUEUE).reduce((sum, { n }) => sum + n, 0),
    ),
    one('outbox_waiting', 'Events that nobody was told of yet', waiting.n),
    one('outbox_oldest_seconds', 'Age of the oldest of them', waiting.seconds),
    one('audit_unsealed', 'Rows of the audit log behind the last sealed one', log.n),
    one('audit_unsealed_oldest_seconds', 'Age of the oldest of them', log.seconds),
    one('evidence_unsigned_leaves', 'Leaves of the evidence log behind the newest signed head', unsigned),
  ]
}

function one(name: string, help: string, value: number): Measure {
  return { name, help, samples: [{ value }] }
}

async function jobCounts(db: Kysely<KernelTables>): Promise<{ queue: string; state: string; n: number }[]> {
  const { rows } = await sql<{ queue: string; state: string; n: number }>`
    select name as queue, case state when 'active' then 'active' else 'waiting' end as state, count(*)::int as n
    from jobs.job where state in ('created', 'retry', 'active') group by 1, 2`.execute(db)
  return rows
}

async function outboxWaiting(db: Kysely<KernelTables>, now: Date): Promise<{ n: number; seconds: number }> {
  const { rows } = await sql<{ n: number; seconds: number }>`
    select count(*)::int as n, coalesce(extract(epoch from ${now}::timestamptz - min(at)), 0)::float8 as seconds
    from kernel.outbox where delivered_at is null`.execute(db)
  return rows[0] ?? { n: 0, seconds: 0 }
}

async function unsealed(db: Kysely<KernelTables>, now: Date): Promise<{ n: number; seconds: number }> {
  const { rows } = await sql<{ n: number; seconds: number }>`
    select count(*)::int as n, coalesce(extract(epoch from ${now}::timestamptz - min(at)), 0)::float8 as seconds
    from kernel.audit_event where seq > coalesce((select max(seq) from kernel.audit_seal), 0)`.execute(db)
  return rows[0] ?? { n: 0, seconds: 0 }
}
