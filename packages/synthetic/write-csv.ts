import { createWriteStream } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { SyntheticTable } from './tables.ts'

/** Written tables by name, with their rows. */
export type Written = { table: string; title: string; rows: number }[]

/** Writes each table as a CSV of its own (UTF-8, CRLF, with a header line) into a folder. */
export async function writeCsv(tables: readonly SyntheticTable[], folder: string): Promise<Written> {
  await mkdir(folder, { recursive: true })
  const written: Written = []
  for (const table of tables) {
    const { resource, columns } = table
    let rows = 0
    const lines = function* () {
      yield `${columns.join(',')}\r\n`
      for (const values of table.rows()) {
        rows += 1
        yield `${values.map(csvField).join(',')}\r\n`
      }
    }
    await pipeline(Readable.from(inPieces(lines())), createWriteStream(join(folder, `${resource.table}.csv`)))
    written.push({ table: resource.table, title: resource.title, rows })
  }
  return written
}

/** As many lines at once that the number of writes does not matter. */
export function* inPieces(lines: Iterable<string>): Generator<string> {
  let piece = ''
  for (const line of lines) {
    piece += line
    if (piece.length < 65_536) continue
    yield piece
    piece = ''
  }
  if (piece !== '') yield piece
}

function csvField(value: unknown): string {
  if (value === null) return ''
  const text = typeof value === 'boolean' ? (value ? '1' : '0') : String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
