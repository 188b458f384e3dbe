import { createHash } from 'node:crypto'
import { Readable, type Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createZstdDecompress } from 'node:zlib'
import { InvalidValue, Malformed } from '@tongchou/kernel'
import { batchLimits } from '@tongchou/records'

/** The lines of a batch as they were unpacked, and their SM3. */
export interface Unpacked {
  bytes: Uint8Array<ArrayBuffer>
  digest: string
}

/** As much as may come over the wire, packed or not. */
const MOST_PACKED = batchLimits.bytes
/** How long a body may come in without anybody asking whether it still may. */
const WATCH_MS = 1000

/** Each piece is a turn of a thread and of the hash: the usual 16 KiB are fifty of them for an ordinary batch. */
const PIECE = 64 * 1024

const unpackers: Readonly<Record<string, () => Transform>> = {
  gzip: () => createGunzip({ chunkSize: PIECE }),
  zstd: () => createZstdDecompress({ chunkSize: PIECE }),
}

/**
 * Reads and unpacks a body, and stops at the first byte too many: what a few kilobytes unpack to is counted as it comes out, whatever the body says of
 * itself.
 * @param watch is asked once a second; what it throws ends the reading
 */
export async function readBody(body: Readable, encoding: string | undefined, watch: () => Promise<void>): Promise<Unpacked> {
  const unpacker = unpackerOf(encoding)
  const hash = createHash('sm3')
  const pieces: Buffer[] = []
  let unpacked = 0
  let watchedAt = performance.now()
  const counted = async function* (source: AsyncIterable<Buffer>) {
    let packed = 0
    for await (const piece of source) {
      packed += piece.length
      if (packed > MOST_PACKED) throw tooLarge()
      if (performance.now() - watchedAt >= WATCH_MS) {
        await watch()
        watchedAt = performance.now()
      }
      yield piece
    }
  }
  const gather = async (source: AsyncIterable<Buffer>) => {
    for await (const piece of source) {
      unpacked += piece.length
      if (unpacked > batchLimits.bytes) throw tooLarge()
      hash.update(piece)
      pieces.push(piece)
    }
  }
  const source = Readable.from(counted(body))
  try {
    if (unpacker) await pipeline(source, unpacker, gather)
    else await pipeline(source, gather)
  } catch (error) {
    throw readingError(error)
  }
  return { bytes: joined(pieces, unpacked), digest: hash.digest('hex') }
}

function unpackerOf(encoding: string | undefined): Transform | undefined {
  if (encoding === undefined || encoding === 'identity') return undefined
  const make = unpackers[encoding]
  if (!make) throw new Malformed('exchange.encoding', `不支持压缩方式“${encoding.slice(0, 40)}”，请使用 zstd、gzip 或不压缩。`)
  return make()
}

const tooLarge = () =>
  new InvalidValue('exchange.too_large', `批次解压后超过 ${batchLimits.bytes / 1024 / 1024} MiB，请减少每批记录数后重发。`)

/** What the unpacker and the connection say, as what the sender can do about it. */
function readingError(error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code.startsWith('Z_') || code.startsWith('ZSTD_') || code === 'ERR_TRAILING_JUNK_AFTER_STREAM_END')
    return new InvalidValue('exchange.unpackable', '批次不能解压，内容在途中损坏或不完整，请重发本批次。')
  if (code === 'ECONNRESET' || code === 'ERR_STREAM_PREMATURE_CLOSE')
    return new Malformed('exchange.broken_off', '批次没有传送完毕，请重发本批次。')
  return error
}

function joined(pieces: readonly Buffer[], length: number): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(length)
  let at = 0
  for (const piece of pieces) {
    whole.set(piece, at)
    at += piece.length
  }
  return whole
}
