import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { Transform, type Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createZstdCompress, createZstdDecompress } from 'node:zlib'
import type pg from 'pg'
import { from as copyFrom, to as copyTo } from 'pg-copy-streams'
import { RowDigest, type RowsDigest } from './row-digest.ts'
import type { TableHere } from './structure.store.ts'

/** Values are written alike by every server, whatever it is set to, and no limit for everyday statements cuts a copy off. */
export const copySettings = `set datestyle = 'ISO, YMD'; set intervalstyle = 'postgres'; set timezone = 'UTC'; set extra_float_digits = 1;
  set bytea_output = 'hex'; set xmloption = 'content'; set client_encoding = 'UTF8'; set statement_timeout = 0; set lock_timeout = 0;
  set idle_in_transaction_session_timeout = 0; set search_path = pg_catalog`

/** Writes the rows of a table to a file, packed; answers what they were and the file's SM3. On the disk when this ends. */
export async function copyToFile(
  client: pg.ClientBase,
  table: TableHere,
  path: string,
  signal: AbortSignal,
): Promise<RowsDigest & { sm3: string; bytes: number }> {
  const rows = new RowDigest()
  const file = createHash('sm3')
  let bytes = 0
  const source = client.query(copyTo(`copy ${table.name} (${table.columns.join(', ')}) to stdout`))
  await pipeline(
    source,
    looking((piece) => rows.update(piece)),
    createZstdCompress(),
    looking((piece) => {
      file.update(piece)
      bytes += piece.length
    }),
    createWriteStream(path, { flags: 'wx', mode: 0o600, flush: true }),
    { signal },
  )
  return { ...rows.result(), sm3: file.digest('hex'), bytes }
}

/** Puts the rows of a file into a table; answers what they were. */
export async function copyFromFile(client: pg.ClientBase, table: TableHere, path: string, signal: AbortSignal): Promise<RowsDigest> {
  const rows = new RowDigest()
  const target = client.query(copyFrom(`copy ${table.name} (${table.columns.join(', ')}) from stdin`)) as Writable
  await pipeline(
    createReadStream(path),
    createZstdDecompress(),
    looking((piece) => rows.update(piece)),
    target,
    { signal },
  )
  return rows.result()
}

/** What the rows of a table are now. */
export async function digestTable(client: pg.ClientBase, table: TableHere, signal: AbortSignal): Promise<RowsDigest> {
  const rows = new RowDigest()
  const source = client.query(copyTo(`copy ${table.name} (${table.columns.join(', ')}) to stdout`))
  await pipeline(
    source,
    async (pieces: AsyncIterable<Buffer>) => {
      for await (const piece of pieces) rows.update(piece)
    },
    { signal },
  )
  return rows.result()
}

/** SM3 and length of a file as it is on the disk. */
export async function digestFile(path: string, signal: AbortSignal): Promise<{ sm3: string; bytes: number }> {
  const file = createHash('sm3')
  let bytes = 0
  await pipeline(
    createReadStream(path, { highWaterMark: 1 << 20 }),
    async (pieces: AsyncIterable<Buffer>) => {
      for await (const piece of pieces) {
        file.update(piece)
        bytes += piece.length
      }
    },
    { signal },
  )
  return { sm3: file.digest('hex'), bytes }
}

/** A folder's new names are there after a loss of power only when it was written too. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder)
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

function looking(look: (piece: Buffer) => void): Transform {
  return new Transform({
    transform(piece: Buffer, _encoding, done) {
      look(piece)
      done(null, piece)
    },
  })
}
