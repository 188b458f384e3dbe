import { type Kysely, sql } from 'kysely'
import type { KernelTables } from './tables.ts'

/**
 * What the database looked like at a moment, as PostgreSQL itself names it: which transactions had committed. Two equal names mean
 * that not a row anywhere was changed in between, by whatever process.
 */
export type SnapshotName = string

/** Asks for the present snapshot's name. Callers that wait at the same time share one question, asked after the last of them came. */
export function snapshotGate(db: Kysely<KernelTables>): () => Promise<SnapshotName> {
  let next: Promise<SnapshotName> | undefined
  let running: Promise<unknown> = Promise.resolve()
  return () => {
    // Never joined once it was sent: what this caller has seen committed must be in the snapshot it is told.
    next ??= running.then(() => {
      const asked = nameOf(db)
      next = undefined
      running = asked.catch(() => undefined)
      return asked
    })
    return next
  }
}

async function nameOf(db: Kysely<KernelTables>): Promise<SnapshotName> {
  const { rows } = await sql<{ name: string }>`select pg_current_snapshot()::text as name`.execute(db)
  const [row] = rows
  if (!row) throw new Error('no snapshot')
  return row.name
}

/** Answers that hold as long as nothing in the database has changed (读缓存); never a stale one, also with several servers. */
export interface KeptAnswers<T> {
  /**
   * The answer under `key`: the kept one while the database is as it was when it was made, else a new one from `make`.
   * What depends on the time as well must carry it in the key (a day) or be checked by the caller.
   */
  get(key: string, make: () => Promise<T>): Promise<T>
}

interface Kept<T> {
  at: SnapshotName
  answer: T
}

/** @param present from `snapshotGate` @param most how many answers are kept; the longest unused goes first */
export function keptAnswers<T>(present: () => Promise<SnapshotName>, most: number): KeptAnswers<T> {
  const kept = new Map<string, Kept<T>>()
  const keep = (key: string, found: Kept<T>) => {
    // Put in anew, so that the order of the map is the order of use.
    kept.delete(key)
    kept.set(key, found)
    const [oldest] = kept.keys()
    if (kept.size > most && oldest !== undefined) kept.delete(oldest)
  }
  return {
    async get(key, make) {
      const before = await present()
      const found = kept.get(key)
      if (found?.at === before) {
        keep(key, found)
        return found.answer
      }
      const answer = await make()
      // Made of several statements, each with a snapshot of its own: it is kept only if nothing happened between the first and the last.
      if ((await present()) === before) keep(key, { at: before, answer })
      else kept.delete(key)
      return answer
    },
  }
}
