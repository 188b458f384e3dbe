import { createWriteStream } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { pieces, type SourceFile } from './source-file.ts'
import { Gb18030Evidence, type TextEncoding } from './text-encoding.ts'

/** Writes a text of another encoding as UTF-8. Answers false, and the copy is worth nothing, when it is not of that encoding. */
export async function copyAsUtf8(
  file: SourceFile,
  encoding: Exclude<TextEncoding, 'utf-8'>,
  to: string,
  signal?: AbortSignal,
): Promise<boolean> {
  const decoder = new TextDecoder(encoding, { fatal: true })
  // A mark proves the encoding; without one there is only what the bytes look like.
  const evidence = encoding === 'gb18030' && file.head[0] !== 0x84 ? new Gb18030Evidence() : undefined
  async function* decoded(): AsyncGenerator<string> {
    for await (const piece of pieces(file, signal)) {
      evidence?.read(piece)
      yield decoder.decode(piece, { stream: true })
    }
    yield decoder.decode()
  }
  try {
    await pipeline(Readable.from(decoded()), createWriteStream(to))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_ENCODING_INVALID_ENCODED_DATA') return false
    throw error
  }
  return evidence?.holds() ?? true
}

/**
 * Copies what stands behind the header of a CSV into parts that begin and end with a record, each under a header of its own, and answers their paths.
 * @param starts offsets at which the parts begin, ascending
 */
export async function copyInParts(
  file: SourceFile,
  starts: readonly number[],
  header: string,
  to: string,
  signal?: AbortSignal,
): Promise<string[]> {
  const paths: string[] = []
  let part: FileHandle | undefined
  const begin = async () => {
    await part?.close()
    paths.push(`${to}-${paths.length}`)
    part = await open(String(paths.at(-1)), 'wx', 0o600)
    await part.appendFile(header)
  }
  try {
    let offset = 0
    for await (const piece of pieces(file, signal)) {
      for (let at = 0; at < piece.length; ) {
        if (offset + at === starts[paths.length]) await begin()
        const end = Math.min(piece.length, (starts[paths.length] ?? Number.POSITIVE_INFINITY) - offset)
        await part?.appendFile(piece.subarray(at, end))
        at = end
      }
      offset += piece.length
    }
    // A header and nothing else.
    if (paths.length === 0) await begin()
    return paths
  } finally {
    await part?.close()
  }
}
