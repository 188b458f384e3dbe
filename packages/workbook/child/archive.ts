import { crc32 } from 'node:zlib'
import yauzl, { type Entry, type ZipFile } from 'yauzl'
import type { Limits } from '../limits.ts'
import { Refused } from '../refusals.ts'

/** A workbook's archive: its directory is read once, parts are inflated piece by piece and counted as they really come out. */
export interface Archive {
  /** In the order of the directory. */
  readonly entries: readonly Entry[]
  has(part: string): boolean
  /** @throws Refused when the part is absent, damaged or too much */
  inflate(part: string): AsyncGenerator<Buffer>
  /** The entry as it stands in the file, not inflated. */
  raw(entry: Entry): Promise<Buffer>
}

/** Opens an archive. Doubled, encrypted and outward-pointing entries are refused before anything is inflated. */
export async function openArchive(bytes: Buffer, limits: Limits): Promise<Archive> {
  const zip = await orDamaged(() => yauzl.fromBufferPromise(bytes))
  if (zip.entryCount > limits.entries) throw new Refused('table.too_many_entries', {}, { limit: limits.entries })
  const byName = new Map<string, Entry>()
  for (const entry of await entriesOf(zip)) {
    // Names of parts are the same whatever the case of their letters (ECMA-376 part 2).
    const name = nameOf(entry.fileName)
    if (byName.has(name)) throw new Refused('table.duplicate_entry', {}, { found: entry.fileName })
    byName.set(name, entry)
  }
  let inflated = 0
  const tooMuch = () => new Refused('table.inflates_too_much', {}, { limit: limits.inflatedBytes })

  async function* inflate(part: string): AsyncGenerator<Buffer> {
    const entry = byName.get(nameOf(part))
    if (!entry) throw new Refused('table.part_missing', {}, { found: part })
    if (entry.isEncrypted()) throw new Refused('table.encrypted')
    if (!entry.canDecodeFileData()) throw new Refused('table.damaged', { part })
    // What the directory admits is refused at once, what it hides when it comes out.
    if (inflated + entry.uncompressedSize > limits.inflatedBytes) throw tooMuch()
    let sum = 0
    try {
      for await (const piece of (await zip.openReadStreamPromise(entry)) as AsyncIterable<Buffer>) {
        inflated += piece.length
        if (inflated > limits.inflatedBytes) throw tooMuch()
        sum = crc32(piece, sum)
        yield piece
      }
    } catch (error) {
      throw error instanceof Refused || isDefect(error) ? error : new Refused('table.damaged', { part })
    }
    if (sum !== entry.crc32) throw new Refused('table.damaged', { part })
  }

  return {
    entries: [...byName.values()],
    has: (part) => byName.has(nameOf(part)),
    inflate,
    raw: (entry) =>
      orDamaged(async () => {
        const pieces: Buffer[] = []
        for await (const piece of await zip.openReadStreamPromise(entry, { decodeFileData: false })) pieces.push(piece as Buffer)
        return Buffer.concat(pieces)
      }),
  }
}

/** A part's name without what does not tell parts apart. */
export function nameOf(part: string): string {
  return part.replace(/^\//, '').toLowerCase()
}

async function entriesOf(zip: ZipFile): Promise<Entry[]> {
  const entries: Entry[] = []
  await orDamaged(async () => {
    for await (const entry of zip.eachEntry()) if (!entry.fileName.endsWith('/')) entries.push(entry)
  })
  return entries
}

/** The library's failures are the file's: it names them in English and for programmers. */
async function orDamaged<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act()
  } catch (error) {
    if (isDefect(error)) throw error
    const message = error instanceof Error ? error.message : ''
    if (/^(?:invalid relative path|absolute path|invalid characters in fileName)/.test(message))
      throw new Refused('table.unsafe_entry_name')
    if (message.includes('trong encryption')) throw new Refused('table.encrypted')
    throw new Refused('table.damaged')
  }
}

/** A mistake of ours must not pass for a damaged file. */
function isDefect(error: unknown): boolean {
  return error instanceof TypeError || error instanceof ReferenceError
}
