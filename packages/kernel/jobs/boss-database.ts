import { Kysely, PostgresDialect } from 'kysely'
import type pg from 'pg'
import type { Db } from 'pg-boss'
import type { KernelTables } from '../tables.ts'

type TransactionHandle = Awaited<ReturnType<NonNullable<Db['beginTransaction']>>>

// A rollback that cannot get through must not keep the worker waiting: the connection is dropped, which rolls back as well.
const ROLLBACK_MS = 5000

/** Our own pool as pg-boss needs a database: every statement of the runner is the application role's too. */
export function bossDatabase(pool: pg.Pool): Db {
  return { executeSql: (text, values) => pool.query(text, values), beginTransaction: () => beginTransaction(pool) }
}

async function beginTransaction(pool: pg.Pool): Promise<TransactionHandle> {
  const client = await pool.connect()
  let released = false
  const release = (error?: Error) => {
    if (released) return
    released = true
    client.off('error', release)
    client.release(error)
  }
  // A killed backend speaks up on the client that is checked out; unheard it would end the process.
  client.on('error', release)
  const open = () => {
    if (released) throw new Error('the transaction is over')
  }
  try {
    await client.query('begin')
  } catch (error) {
    release(error as Error)
    throw error
  }
  return {
    db: {
      async executeSql(text, values) {
        open()
        return client.query(text, values)
      },
    },
    async commit() {
      open()
      try {
        await client.query('commit')
        release()
      } catch (error) {
        release(error as Error)
        throw error
      }
    },
    async rollback() {
      if (released) return
      const late = setTimeout(() => release(new Error('rollback did not get through')), ROLLBACK_MS)
      await client.query('rollback').then(() => release(), release)
      clearTimeout(late)
    },
  }
}

/** A handle over one open transaction of pg-boss: what is written through it commits with the job's completion, or not at all. */
export function handleOf(tx: Db): Kysely<KernelTables> {
  const client = { query: (text: string, values: unknown[]) => tx.executeSql(text, values), release: () => undefined }
  const pool = { connect: async () => client, end: async () => undefined }
  return new Kysely<KernelTables>({ dialect: new PostgresDialect({ pool: pool as never }) })
}
