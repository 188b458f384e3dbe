import { crc32, createDeflateRaw } from 'node:zlib'

/** One entry of an archive as it stands in the file. */
export interface ZipEntry {
  name: Buffer
  /** General purpose flags; bit 11 says that the name is UTF-8. */
  flags: number
  method: 0 | 8
  /** MS-DOS date and time. */
  date: number
  time: number
  crc: number
  size: number
  content: Buffer
}

/** 1 January 1980, the first day of MS-DOS: the same rows give the same bytes whenever they are written. */
const FIRST_DAY = 0x21
const UTF8_NAME = 0x0800
/** Sizes behind the content instead of before it: we know them before. */
const SIZES_BEHIND = 0x0008
const VERSION = 20

/** Deflates a text that comes in pieces; nothing but the result is kept. */
export async function deflated(name: string, pieces: Iterable<string> | AsyncIterable<string>): Promise<ZipEntry> {
  const deflate = createDeflateRaw({ level: 6 })
  const content: Buffer[] = []
  deflate.on('data', (piece: Buffer) => content.push(piece))
  let [crc, size] = [0, 0]
  for await (const text of pieces) {
    const piece = Buffer.from(text)
    crc = crc32(piece, crc)
    size += piece.length
    if (!deflate.write(piece)) await new Promise((resolve) => deflate.once('drain', resolve))
  }
  await new Promise<void>((resolve, reject) => {
    deflate.once('error', reject)
    deflate.once('end', resolve)
    deflate.end()
  })
  return { name: Buffer.from(name), flags: UTF8_NAME, method: 8, date: FIRST_DAY, time: 0, crc, size, content: Buffer.concat(content) }
}

/** The pieces of an archive of these entries, in their order. */
export function* zipPieces(entries: readonly ZipEntry[]): Generator<Buffer> {
  const directory: Buffer[] = []
  let offset = 0
  for (const entry of entries) {
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), commonHead(entry), entry.name])
    directory.push(directoryRecord(entry, offset))
    offset += local.length + entry.content.length
    yield local
    yield entry.content
  }
  yield* directory
  const length = directory.reduce((sum, record) => sum + record.length, 0)
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 'latin1')
  end.writeUInt16LE(entries.length, 8)
  end.writeUInt16LE(entries.length, 10)
  end.writeUInt32LE(length, 12)
  end.writeUInt32LE(offset, 16)
  yield end
}

/** The 26 bytes that stand in both heads: versions, flags, method, time, sum, sizes, lengths. */
function commonHead({ name, flags, method, date, time, crc, size, content }: ZipEntry): Buffer {
  const head = Buffer.alloc(26)
  head.writeUInt16LE(VERSION, 0)
  head.writeUInt16LE(flags & ~SIZES_BEHIND, 2)
  head.writeUInt16LE(method, 4)
  head.writeUInt16LE(time, 6)
  head.writeUInt16LE(date, 8)
  head.writeUInt32LE(crc, 10)
  head.writeUInt32LE(content.length, 14)
  head.writeUInt32LE(size, 18)
  head.writeUInt16LE(name.length, 22)
  return head
}

function directoryRecord(entry: ZipEntry, offset: number): Buffer {
  const rest = Buffer.alloc(14)
  rest.writeUInt32LE(offset, 10)
  return Buffer.concat([Buffer.from('PK\x01\x02', 'latin1'), Buffer.from([VERSION, 0]), commonHead(entry), rest, entry.name])
}
