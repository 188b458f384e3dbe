import type { Kysely } from 'kysely'
import type pg from 'pg'
import type { Job } from 'pg-boss'
import type { Clock } from '../clock.ts'
import { type Ctx, inTransaction, systemActor } from '../context.ts'
import type { JobsPort } from '../ports.ts'
import type { KernelTables } from '../tables.ts'
import { bossDatabase, handleOf } from './boss-database.ts'
import { deliverOutbox, runSchedules } from './clockwork.ts'
import { insertJob } from './job.store.ts'
import type { JobKind, Jobs, Schedule, Trigger } from './job.ts'
import { keepDeclared, pruneDelivered } from './schedule.store.ts'

/** What a runner needs from outside. */
export interface RunnerOptions {
  pool: pg.Pool
  db: Kysely<KernelTables>
  clock: Clock
  onError: (error: Error) => void
  /** Seconds between two looks at schedules, events, and jobs whose worker died. */
  everySeconds?: number
}

/** The job runner (后台任务): `jobs` works from the beginning, also where nothing is ever started; work begins with `start`. */
export interface JobRunner {
  jobs: JobsPort
  /** Adds what a module brings. Before `start`. */
  declare(brought: Jobs): void
  /** Begins to work; returns once the workers listen. */
  start(options: RunnerOptions): Promise<RunningRunner>
}

export interface RunningRunner {
  /** Lets running work finish within ten seconds, takes no more, and ends. What was cut off is taken up by the next start. */
  stop(): Promise<void>
}

interface Queued {
  kind: string
  payload: unknown
}

const STOP_MS = 10_000
// One that takes minutes leaves the other to those that take seconds.
const LONG_WORKERS = 2
// Events stay for a month, so that it can be looked up what was told when.
const KEPT_EVENTS_MS = 30 * 24 * 3_600_000

/** A runner that knows the kernel's own work; modules bring theirs. */
export function jobRunner(): JobRunner {
  const kinds = new Map<string, JobKind>()
  const schedules: Schedule[] = []
  const triggers: Trigger[] = []
  const jobs: JobsPort = {
    async enqueue(ctx, kind, payload, { onceKey, startAfter } = {}) {
      const known = kinds.get(kind)
      if (!known) throw new Error(`no job kind ${kind}`)
      const delaySeconds = startAfter ? Math.max(0, (startAfter.getTime() - ctx.now().getTime()) / 1000) : 0
      await inTransaction(ctx, (tx) => insertJob(tx, { kind, queue: known.queue, payload, onceKey, delaySeconds }))
    },
  }
  function declare(brought: Jobs): void {
    for (const kind of brought.kinds ?? []) {
      if (kinds.has(kind.kind)) throw new Error(`two job kinds are called ${kind.kind}`)
      kinds.set(kind.kind, kind)
    }
    schedules.push(...(brought.schedules ?? []))
    triggers.push(...(brought.triggers ?? []))
  }
  declare(kernelJobs)
  return { jobs, declare, start: (options) => startRunner(options, { jobs, kinds, schedules, triggers }) }
}

const kernelJobs: Jobs = {
  kinds: [
    {
      kind: 'outbox.prune',
      queue: 'short',
      work: (ctx) => pruneDelivered(ctx, new Date(ctx.now().getTime() - KEPT_EVENTS_MS)),
    },
  ],
  schedules: [{ key: 'outbox.prune', owner: 'kernel', kind: 'outbox.prune', everySeconds: 24 * 3600, catchUp: 'once' }],
}

interface Declared {
  jobs: JobsPort
  kinds: ReadonlyMap<string, JobKind>
  schedules: readonly Schedule[]
  triggers: readonly Trigger[]
}

async function startRunner(options: RunnerOptions, declared: Declared): Promise<RunningRunner> {
  const { pool, db, clock, onError, everySeconds = 1 } = options
  for (const { key, kind } of [...declared.schedules, ...declared.triggers])
    if (!declared.kinds.has(kind)) throw new Error(`${key} names the job kind ${kind}, which does not exist`)
  const ctx: Ctx = { db, actor: systemActor, now: () => clock.now(), requestId: 'jobs', inside: false }
  await inTransaction(ctx, (tx) => keepDeclared(tx, declared.schedules, declared.triggers))
  // Loaded here and not above: a test or a command that only queues work need not load it.
  const { PgBoss } = await import('pg-boss')
  const boss = new PgBoss({
    db: bossDatabase(pool),
    schema: 'jobs',
    // Its tables come with our migrations; the application's role could not make them.
    migrate: false,
    createSchema: false,
    schedule: false,
    reindex: false,
    registerInstance: false,
    superviseIntervalSeconds: Math.max(1, everySeconds * 5),
    monitorIntervalSeconds: Math.max(1, everySeconds * 5),
  })
  boss.on('error', onError)
  await boss.start()
  const work = workerOf(declared.kinds)
  const short = await boss.work('short', { transactional: true, pollingIntervalSeconds: 1 }, async ([job]: Job<Queued>[], tx) => {
    if (job) await work({ ...ctx, db: handleOf(tx), inside: true, requestId: `job:${job.id}` }, job)
    // What waits behind it need not wait for the next look.
    setImmediate(() => boss.notifyWorker(short))
  })
  // Begun one by one, for the library would name the first of several alone, and only who is named can be told to look again.
  for (let worker = 0; worker < LONG_WORKERS; worker++) {
    const long = await boss.work<Queued>('long', { pollingIntervalSeconds: Math.max(1, everySeconds * 2) }, async ([job]) => {
      if (job) await work({ ...ctx, requestId: `job:${job.id}` }, job)
      setImmediate(() => boss.notifyWorker(long))
    })
  }
  const clockwork = keepLooking(everySeconds * 1000, onError, async () => {
    await runSchedules(ctx, declared.jobs)
    const more = await deliverOutbox(ctx, declared.jobs)
    boss.notifyWorker(short)
    return more
  })
  return {
    async stop() {
      await clockwork.stop()
      await boss.stop({ graceful: true, timeout: STOP_MS })
    },
  }
}

function workerOf(kinds: ReadonlyMap<string, JobKind>) {
  return async (ctx: Ctx, { id, data, signal }: Job<Queued>): Promise<void> => {
    const kind = kinds.get(data.kind)
    // A job of an earlier or later version: it stays, fails to the end, and an administrator sees it.
    if (!kind) throw new Error(`no job kind ${data.kind}`)
    await kind.work(ctx, data.payload, { id, stopping: signal })
  }
}

/** Looks again and again, one look at a time, at once when there is more. A look that fails is told and does not end the looking. */
function keepLooking(everyMs: number, onError: (error: Error) => void, look: () => Promise<boolean>): { stop(): Promise<void> } {
  let stopped = false
  let wake = () => {}
  const looking = (async () => {
    while (!stopped) {
      const more = await look().catch((error: Error) => {
        onError(error)
        return false
      })
      if (more || stopped) continue
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, everyMs)
        wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
  })()
  return {
    async stop() {
      stopped = true
      wake()
      await looking
    },
  }
}
