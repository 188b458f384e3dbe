import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { InvalidState } from '@tongchou/kernel'
import type { ItemType } from '@tongchou/records'
import type pg from 'pg'
import { to as copyTo } from 'pg-copy-streams'
import { findTarget } from './record.store.ts'

/** Which items of a resource are wanted. */
export interface WantedTable {
  resource: string
  items: readonly string[]
}

/** A table as it was copied out (取数): the file, and up to which change it is. */
export interface CopiedTable {
  resource: string
  file: string
  rows: number
  /** Position in the change log. */
  seq: number
  structure: number
}

/** The column of a copied table that tells its rows apart. */
export const recordKey = 'record_key'

/** A large table of a busy server; the pool's own limit is for requests. */
const copyMs = 15 * 60 * 1000

/**
 * Copies tables out as CSV into a folder, all of them as of one instant (一个快照): REPEATABLE READ, and with them the position of each in its change log,
 * so that what is compared can be named, and compared again.
 * @throws InvalidState where one is not built, or lacks an item
 */
export async function copyOut(
  pool: pg.Pool,
  wanted: readonly WantedTable[],
  folder: string,
  signal: AbortSignal,
  done: (tables: number) => Promise<void>,
): Promise<CopiedTable[]> {
  const client = await pool.connect()
  let broken: Error | undefined
  const lost = (error: Error) => {
    broken = error
  }
  client.on('error', lost)
  try {
    await client.query('begin isolation level repeatable read read only')
    await client.query(`select set_config('statement_timeout', $1, true), set_config('idle_in_transaction_session_timeout', $1, true)`, [
      String(copyMs),
    ])
    const copied: CopiedTable[] = []
    for (const one of wanted) {
      signal.throwIfAborted()
      copied.push(await copyTable(client, one, join(folder, `${copied.length}.csv`), signal))
      await done(copied.length)
    }
    await client.query('commit')
    return copied
  } catch (error) {
    // A COPY that was cut off leaves the connection where nobody can use it.
    broken ??= error as Error
    throw error
  } finally {
    client.off('error', lost)
    client.release(broken)
  }
}

async function copyTable(client: pg.ClientBase, { resource, items }: WantedTable, file: string, signal: AbortSignal): Promise<CopiedTable> {
  const target = await findTarget(client, resource)
  if (!target) throw new InvalidState('libraries.not_built', '比对所需的资源尚未建库。')
  const { rows } = await client.query<{ last_seq: number; structure: number }>(
    'select last_seq::float8 as last_seq, structure from libraries.head where resource = $1',
    [resource],
  )
  const columns = items.map((id) => {
    const item = target.definition.items.find((one) => one.id === id)
    if (!item) throw new InvalidState('libraries.item_missing', `“${target.definition.title}”没有比对所需的信息项 ${id}。`)
    return canonical(id, item.type)
  })
  const stream = client.query(
    copyTo(`copy (select ${[recordKey, ...columns].join(', ')} from ${target.table}) to stdout (format csv, header true)`),
  )
  await pipeline(stream, createWriteStream(file, { mode: 0o600 }), { signal })
  return { resource, file, rows: stream.rowCount, seq: rows[0]?.last_seq ?? 0, structure: rows[0]?.structure ?? 0 }
}

/** The canonical text of a value, as it came in; numbers and names of tables only, both checked when it was built. */
function canonical(id: string, { kind }: ItemType): string {
  return kind === 'instant' ? `to_char(${id} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as ${id}` : `${id}::text as ${id}`
}
