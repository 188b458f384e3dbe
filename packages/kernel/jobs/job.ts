import type { Ctx } from '../context.ts'

/** A kind of work for later (后台任务). Kinds are few; what differs is in the payload. */
export interface JobKind {
  kind: string
  /**
   * `short`: `work` runs in one transaction with the job's completion, so its effect happens once whatever dies in between.
   * `long`: `work` commits as it goes and may be called again for the same payload; it looks at `stopping` between its steps.
   */
  queue: 'short' | 'long'
  work(ctx: Ctx, payload: unknown, job: RunningJob): Promise<void>
}

/** A job at work. */
export interface RunningJob {
  id: string
  /** Aborted when the server stops or the job has run for too long. */
  stopping: AbortSignal
}

/** Something that happens again and again (定时任务); kept as a row by its key. */
export interface Schedule {
  key: string
  /** The module it belongs to. */
  owner: string
  kind: string
  payload?: object
  everySeconds: number
  /** What becomes of the times that passed while no server ran: made up for in one job, in one each, or left out. */
  catchUp: 'once' | 'each' | 'skip'
}

/** Work that follows an event of the outbox; kept as a row by its key. The job's payload is the event with its subject. */
export interface Trigger {
  key: string
  owner: string
  event: string
  kind: string
  /** Whether each event becomes a job, or those of one subject that wait together become one. */
  oncePer: 'event' | 'subject'
}

/** What a module brings to the job runner. */
export interface Jobs {
  kinds?: readonly JobKind[]
  schedules?: readonly Schedule[]
  triggers?: readonly Trigger[]
}

/** The queue of failed jobs (死信): what was tried to the end. */
export const FAILED_QUEUE = 'failed'
