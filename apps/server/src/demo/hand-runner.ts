import { type Ctx, inTransaction, type JobKind, type JobRunner, jobRunner } from '@tongchou/kernel'

/** A job runner whose work is done by hand, when its hour in the play has come. */
export interface HandRunner extends JobRunner {
  /** Does one piece of work now. */
  work(ctx: Ctx, kind: string, payload?: object): Promise<void>
  /** Does everything that was queued since, in its order. */
  workOff(ctx: Ctx): Promise<void>
}

/** What the play does by hand; everything else waits for the first server, as it does where none runs. */
const byHand: ReadonlySet<string> = new Set(['comparison.run', 'comparison.dispatch'])

export function handRunner(): HandRunner {
  const runner = jobRunner()
  const kinds = new Map<string, JobKind>()
  const queued: { kind: string; payload: object }[] = []
  const never = new AbortController().signal
  const work: HandRunner['work'] = async (ctx, kind, payload = {}) => {
    const known = kinds.get(kind)
    if (!known) throw new Error(`no job kind ${kind}`)
    const does = (by: Ctx) => known.work(by, payload, { id: 'demo', stopping: never })
    await (known.queue === 'short' ? inTransaction(ctx, does) : does(ctx))
  }
  return {
    start: runner.start,
    jobs: {
      enqueue: async (ctx, kind, payload, options) => {
        if (byHand.has(kind)) queued.push({ kind, payload })
        else await runner.jobs.enqueue(ctx, kind, payload, options)
      },
    },
    declare: (brought) => {
      for (const kind of brought.kinds ?? []) kinds.set(kind.kind, kind)
      runner.declare(brought)
    },
    work,
    workOff: async (ctx) => {
      for (let next = queued.shift(); next; next = queued.shift()) await work(ctx, next.kind, next.payload)
    },
  }
}
