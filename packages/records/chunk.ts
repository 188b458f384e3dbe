import { promisify } from 'node:util'
import { zstdCompress, zstdDecompressSync } from 'node:zlib'

/** A run of the change log as it is stored (变更日志块): consecutive numbers, all under one version of the structure. */
export interface Chunk {
  seqFrom: number
  seqTo: number
  schema: number
  codec: 'plain' | 'zstd'
  bytes: Buffer
}

/** One change of a record. Its values are in the order of the definition's items; of a deletion, those of the key. */
export interface Change {
  seq: number
  op: 'upsert' | 'delete'
  values: readonly (string | null)[]
  /** What the record was until then, in the order of the items; null for one that was not there, undefined where the log did not keep it. */
  before?: readonly (string | null)[] | null
}

/** As many changes as one chunk holds: larger ones compress no better, and a reader must take a chunk whole. */
export const chunkSize = 2000
/** Below it the packing costs more than it saves (measured: a single row packed is as long as unpacked). */
const worthPacking = 50

/** Cuts lines of the log into chunks that are numbered on from `from`. They are packed beside what else goes on. */
export async function toChunks(logs: readonly string[], from: number, schema: number): Promise<Chunk[]> {
  const chunks: Promise<Chunk>[] = []
  for (let at = 0; at < logs.length; at += chunkSize) chunks.push(toChunk(logs.slice(at, at + chunkSize), from + at, schema))
  return Promise.all(chunks)
}

async function toChunk(lines: readonly string[], seqFrom: number, schema: number): Promise<Chunk> {
  const text = Buffer.from(lines.join('\n'))
  const isPacked = lines.length >= worthPacking
  const bytes = isPacked ? await packed(text, { params: zstdLevel1 }) : text
  return { seqFrom, seqTo: seqFrom + lines.length - 1, schema, codec: isPacked ? 'zstd' : 'plain', bytes }
}

const packed = promisify(zstdCompress)

// ZSTD_c_compressionLevel
const zstdLevel1 = { 100: 1 }

/** The changes of a chunk in their order. @throws when it does not hold what it says */
export function changesOf({ seqFrom, seqTo, codec, bytes }: Chunk): Change[] {
  const text = (codec === 'zstd' ? zstdDecompressSync(bytes) : bytes).toString()
  const lines = text.split('\n')
  if (lines.length !== seqTo - seqFrom + 1) throw new Error(`chunk ${seqFrom}-${seqTo} holds ${lines.length} changes`)
  return lines.map((line, i) => {
    const [kind, ...parts] = JSON.parse(line) as [string, ...unknown[]]
    const op = kind === 'd' || kind === 'D' ? 'delete' : 'upsert'
    if (kind === 'd' || kind === 'u') return { seq: seqFrom + i, op, values: parts as Change['values'] }
    const [before, ...values] = parts as [Exclude<Change['before'], undefined>, ...(string | null)[]]
    return { seq: seqFrom + i, op, values, before }
  })
}

/**
 * A line of the log with what the record was until then. Who may see only some items needs it to tell a change that concerns him from one that does
 * not.
 * @param before a JSON array of canonical texts, or `null` for a record that was not there
 */
export function withBefore(log: string, before: string): string {
  return `["${log.startsWith('["d"') ? 'D' : 'U'}",${before},${log.slice(5)}`
}
