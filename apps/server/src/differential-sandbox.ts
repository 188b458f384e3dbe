import { type KernelTables, openPool, planOnce } from '@tongchou/kernel'
import { Kysely, PostgresDialect, PostgresDriver, sql } from 'kysely'
import type pg from 'pg'

/** A database in which thousands of cases are tried and none of them stays. */
export interface Sandbox {
  db: Kysely<KernelTables>
  query<R extends pg.QueryResultRow>(text: string, values?: readonly unknown[]): Promise<R[]>
  /** Runs one case and takes everything it stored back, commits included. */
  tryOut<T>(work: () => Promise<T>): Promise<T>
  close(): Promise<void>
}

const inside = 'tried_out'

/**
 * One connection as the application role. Inside `tryOut` what the product begins, commits and rolls back are savepoints of one
 * transaction that never commits: the product runs unchanged, and the next case finds the database as the first one did.
 */
export function openSandbox(config: pg.PoolConfig): Sandbox {
  // Kept however long it idles: what is prepared, counted and not committed belongs to this one connection.
  const pool = openPool({ ...config, max: 1, idleTimeoutMillis: 0 }, () => undefined)
  // Thousands of cases ask the same: to plan each statement anew took most of the time.
  pool.on('connect', (client) => planOnce(client, () => true))
  const standing = { open: false }
  class SavepointDriver extends PostgresDriver {
    override async beginTransaction(...args: Parameters<PostgresDriver['beginTransaction']>): Promise<void> {
      if (standing.open) await args[0].executeQuery(sql.raw(`savepoint ${inside}`).compile(db))
      else await super.beginTransaction(...args)
    }
    override async commitTransaction(...args: Parameters<PostgresDriver['commitTransaction']>): Promise<void> {
      if (standing.open) await args[0].executeQuery(sql.raw(`release savepoint ${inside}`).compile(db))
      else await super.commitTransaction(...args)
    }
    override async rollbackTransaction(...args: Parameters<PostgresDriver['rollbackTransaction']>): Promise<void> {
      if (standing.open) await args[0].executeQuery(sql.raw(`rollback to savepoint ${inside}`).compile(db))
      else await super.rollbackTransaction(...args)
    }
  }
  class SavepointDialect extends PostgresDialect {
    override createDriver(): PostgresDriver {
      return new SavepointDriver({ pool })
    }
  }
  const db: Kysely<KernelTables> = new Kysely<KernelTables>({ dialect: new SavepointDialect({ pool }) })
  const query: Sandbox['query'] = async <R extends pg.QueryResultRow>(text: string, values: readonly unknown[] = []) =>
    (await pool.query<R>(text, [...values])).rows
  return {
    db,
    query,
    tryOut: async (work) => {
      await pool.query('begin')
      standing.open = true
      try {
        return await work()
      } finally {
        standing.open = false
        await pool.query('rollback')
      }
    },
    close: () => db.destroy(),
  }
}
