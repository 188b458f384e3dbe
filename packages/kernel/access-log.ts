import { type AuditRow, insertAudit, type Subject } from './audit.ts'
import type { Ctx } from './context.ts'

/** A look at a thing, or the refusal of one. */
export interface Look {
  action: string
  outcome: 'looked' | 'refused'
  subject: Subject
  detail: Record<string, unknown>
}

/** Who looked at what (查阅记录), without a write for every look. */
export interface AccessLog {
  /** Writes the first look of an actor at a thing before it returns; counts those that follow within the window. */
  look(ctx: Ctx, look: Look): Promise<void>
  /** Writes down what windows that are over have counted; all of them when `all` is set. */
  settle(now: Date, all?: boolean): Promise<void>
}

/** Looks of one actor at one thing within this long are one look with its number. */
export const lookWindowMs = 10 * 60_000
/** So many things that one may not see are recorded one by one per account and window; what is above that is counted. */
export const refusedLooksKept = 60
const windowsKept = 20_000

interface Window {
  ctx: Ctx
  look: Look
  since: Date
  last: Date
  repeats: number
  written: Promise<void>
}

/**
 * The first look stands in the log before its answer leaves, so that nothing is seen unrecorded; the log is append-only, so the looks
 * that follow become one second row with their number and the last moment when the window is over. Windows are of one process: several
 * processes write at most one row each, and a process that is killed loses only how often somebody came back.
 */
export function openAccessLog(): AccessLog {
  // In the order of their beginning: a window that begins anew is put at the end.
  const windows = new Map<string, Window>()
  const refusals = new Map<string, { since: Date; kept: number }>()

  async function finish(due: readonly (readonly [string, Window])[]): Promise<void> {
    for (const [key] of due) windows.delete(key)
    const repeated = due.map(([, window]) => window).filter(({ repeats }) => repeats > 0)
    const handle = repeated[0]?.ctx
    if (handle) await insertAudit(handle, repeated.map(repeatedRow))
  }

  async function settle(now: Date, all = false): Promise<void> {
    const due: [string, Window][] = []
    for (const entry of windows) {
      if (!all && !isOver(entry[1], now) && windows.size - due.length <= windowsKept) break
      due.push(entry)
    }
    for (const [account, { since }] of refusals) if (all || now.getTime() - since.getTime() >= lookWindowMs) refusals.delete(account)
    await finish(due)
  }

  /** A stranger who tries ids one after the other leaves a number, not a row for each. */
  function bounded(ctx: Ctx, look: Look, isKnown: boolean): Look {
    if (look.outcome === 'looked' || isKnown) return look
    const { accountId } = ctx.actor
    const known = refusals.get(accountId)
    const counter = known && ctx.now().getTime() - known.since.getTime() < lookWindowMs ? known : { since: ctx.now(), kept: 0 }
    refusals.set(accountId, counter)
    if (counter.kept < refusedLooksKept) {
      counter.kept += 1
      return look
    }
    return { action: 'read.refused_often', outcome: 'refused', subject: { kind: 'account', id: accountId }, detail: {} }
  }

  return {
    settle,
    look: async (ctx, asked) => {
      const now = ctx.now()
      const look = bounded(ctx, asked, windows.has(keyOf(ctx, asked)))
      const key = keyOf(ctx, look)
      const open = windows.get(key)
      if (open && !isOver(open, now)) {
        open.repeats += 1
        open.last = now
        return open.written
      }
      if (open) await finish([[key, open]])
      const written = insertAudit(ctx, [{ actor: ctx.actor, at: now, requestId: ctx.requestId, ...look }])
      windows.set(key, { ctx, look, since: now, last: now, repeats: 0, written })
      try {
        await written
      } catch (failure) {
        windows.delete(key)
        throw failure
      }
      await settle(now)
    },
  }
}

const isOver = ({ since }: Window, now: Date) => now.getTime() - since.getTime() >= lookWindowMs

function keyOf({ actor }: Ctx, { action, outcome, subject, detail }: Look): string {
  return JSON.stringify([actor.accountId, actor.postId, action, outcome, subject.kind, subject.id, detail])
}

function repeatedRow({ ctx, look, since, last, repeats }: Window): AuditRow {
  const detail = { ...look.detail, count: repeats, since: since.toISOString() }
  return { actor: ctx.actor, at: last, requestId: ctx.requestId, ...look, detail }
}
