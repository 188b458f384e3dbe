import { type Kysely, sql } from 'kysely'
import type { KernelTables } from './tables.ts'

/**
 * What the database looked like at a moment, as PostgreSQL itself names it: which transactions had committed. Two equal names mean
 * that not a row anywhere was changed in between, by whatever process.
 */
export type SnapshotName = string

/** Tells what the database looks like now. */
export type SnapshotGate = () => Promise<SnapshotName>

/** Asks for the present snapshot's name. Callers of one turn of the event loop share one question, asked after the last of them came. */
export function snapshotGate(db: Kysely<KernelTables>): SnapshotGate {
  // Compiled once: it is asked for every request.
  const question = sql<{ name: string }>`select pg_current_snapshot()::text as name`.compile(db)
  const ask = async () => {
    const { rows } = await db.executeQuery(question)
    const [row] = rows
    if (!row) throw new Error('no snapshot')
    return row.name
  }
  let next: Promise<SnapshotName> | undefined
  return () => {
    // Never joined once it was sent: what a caller has seen committed must be in the snapshot it is told.
    next ??= new Promise((resolve, reject) => {
      // After every request that this turn reads from its sockets: asked for the first alone, all others would wait for a second answer.
      setImmediate(() => {
        next = undefined
        ask().then(resolve, reject)
      })
    })
    return next
  }
}

/** What a request knows of the database: the snapshot that was present when it came, and how to ask again. */
export interface Presence {
  snapshot: SnapshotName
  gate: SnapshotGate
}

/** Answers that hold as long as nothing in the database has changed (读缓存); never a stale one, also with several servers. */
export interface KeptAnswers<T> {
  /**
   * The answer under `key`: the kept one while the database is as it was when it was made, else a new one from `make`.
   * What depends on the time as well must carry it in the key. Without a presence (inside an act) it is always made.
   */
  get(presence: Presence | undefined, key: string, make: () => Promise<T>): Promise<T>
}

interface Kept<T> {
  at: SnapshotName
  answer: T
}

/** @param most how many answers are kept; the longest unused goes first */
export function keptAnswers<T>(most: number): KeptAnswers<T> {
  const kept = new Map<string, Kept<T>>()
  const making = new Map<string, { at: SnapshotName; answer: Promise<T> }>()
  const keep = (key: string, found: Kept<T>) => {
    // Put in anew, so that the order of the map is the order of use.
    kept.delete(key)
    kept.set(key, found)
    const [oldest] = kept.keys()
    if (kept.size > most && oldest !== undefined) kept.delete(oldest)
  }
  return {
    async get(presence, key, make) {
      if (!presence) return make()
      const found = kept.get(key)
      if (found?.at === presence.snapshot) {
        // Far from the end of the room nothing goes, so the order of use need not be known.
        if (kept.size > most / 2) keep(key, found)
        return found.answer
      }
      // Under the same snapshot: nothing was committed since it was begun, so whoever comes meanwhile may wait for it too.
      const begun = making.get(key)
      if (begun?.at === presence.snapshot) return begun.answer
      const answer = make()
      const mine = { at: presence.snapshot, answer }
      making.set(key, mine)
      try {
        const made = await answer
        // Made of several statements, each with a snapshot of its own: it is kept only if nothing happened between the first and the last.
        if ((await presence.gate()) === presence.snapshot) keep(key, { at: presence.snapshot, answer: made })
      } finally {
        if (making.get(key) === mine) making.delete(key)
      }
      return answer
    },
  }
}
