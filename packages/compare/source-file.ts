import { type FileHandle, open, realpath, stat } from 'node:fs/promises'
import { ComparisonProblem, type SideOf, sideName } from './problem.ts'

const pieceBytes = 1024 * 1024

/** A file that was given, as it was when the comparison began. */
export interface SourceFile {
  side: SideOf
  /** As it was given, for messages. */
  name: string
  /** Absolute, without symbolic links. */
  path: string
  /** First and last bytes, at most 8 each. */
  head: Uint8Array
  tail: Uint8Array
  /** Tells this state of the file from any later one. */
  state: string
}

/** @throws ComparisonProblem when there is no such file, or it is a folder, a device or not readable */
export async function openSource(side: SideOf, name: string): Promise<SourceFile> {
  try {
    const path = await realpath(name)
    const found = await stat(path, { bigint: true })
    if (!found.isFile()) throw notAFile(side, name)
    const handle = await open(path, 'r')
    try {
      const size = Number(found.size)
      const head = await bytesAt(handle, 0, Math.min(8, size))
      const tail = await bytesAt(handle, Math.max(0, size - 8), Math.min(8, size))
      return { side, name, path, head, tail, state: stateOf(found) }
    } finally {
      await handle.close()
    }
  } catch (error) {
    throw error instanceof ComparisonProblem ? error : unreadable(side, name, error)
  }
}

/** Refuses the result when the file is no longer what it was: the two sides would be of different times. */
export async function requireUnchanged(file: SourceFile): Promise<void> {
  const now = await stat(file.path, { bigint: true }).catch((error: unknown) => {
    throw unreadable(file.side, file.name, error)
  })
  if (stateOf(now) !== file.state)
    throw new ComparisonProblem(
      'failure',
      'compare.changed',
      `${sideName[file.side]}文件“${file.name}”在比对期间发生变化。`,
      '请在文件写完后重新比对。',
    )
}

/** The file piece by piece; a piece is valid until the next is asked for. */
export async function* pieces(file: SourceFile, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
  const handle = await open(file.path, 'r').catch((error: unknown) => {
    throw unreadable(file.side, file.name, error)
  })
  try {
    const buffer = Buffer.allocUnsafe(pieceBytes)
    for (;;) {
      signal?.throwIfAborted()
      const { bytesRead } = await handle.read(buffer, 0, pieceBytes)
      if (bytesRead === 0) return
      yield buffer.subarray(0, bytesRead)
    }
  } finally {
    await handle.close()
  }
}

async function bytesAt(handle: FileHandle, position: number, length: number): Promise<Uint8Array> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, position)
  return buffer.subarray(0, bytesRead)
}

function stateOf({ dev, ino, size, mtimeNs }: { dev: bigint; ino: bigint; size: bigint; mtimeNs: bigint }): string {
  return [dev, ino, size, mtimeNs].join('.')
}

function notAFile(side: SideOf, name: string): ComparisonProblem {
  return new ComparisonProblem('failure', 'compare.not_a_file', `${sideName[side]}“${name}”不是文件。`, '请指定 CSV 或 Parquet 文件。')
}

function unreadable(side: SideOf, name: string, cause: unknown): ComparisonProblem {
  const code = (cause as NodeJS.ErrnoException).code
  const reason = code === 'ENOENT' ? '不存在' : code === 'EACCES' ? '没有读取权限' : `无法读取（${code ?? '未知原因'}）`
  return new ComparisonProblem('failure', 'compare.unreadable', `${sideName[side]}文件“${name}”${reason}。`, '请核对路径和权限。', {
    cause,
  })
}
