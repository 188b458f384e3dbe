import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pairColumns } from './columns.ts'
import { readCsv } from './csv-source.ts'
import { findDifferences } from './differences.ts'
import { type Engine, openEngine } from './engine.ts'
import { writeLists } from './lists.ts'
import { isParquet, readParquet } from './parquet-source.ts'
import { readTable } from './postgres-source.ts'
import { ComparisonProblem, type SideOf } from './problem.ts'
import { openResultFolder, type ResultFolder } from './result-folder.ts'
import type { Side } from './side.ts'
import type { Source } from './source.ts'
import { openSource, requireUnchanged, type SourceFile } from './source-file.ts'
import { type ComparisonSummary, summaryOf } from './summary.ts'

/** What is asked of a comparison. */
export interface ComparisonOptions {
  /** Columns that tell rows apart (主键), on both sides. */
  key: readonly string[]
  /** Columns to compare; all that both sides have unless given. */
  fields?: readonly string[]
  /** Folder of the result; an earlier result there is replaced, anything else is refused. */
  out: string
  /** MiB that the engine keeps in memory before it writes to disk; its process needs up to half as much again. */
  memoryMib: number
  /** Cores that it uses. */
  threads: number
}

/**
 * Compares two sources row by row and field by field (比对), in this process. The result is there whole or not at all.
 * @throws ComparisonProblem saying what is wrong, where, and what cures it
 */
export async function compareHere(
  left: Source,
  right: Source,
  options: ComparisonOptions,
  signal?: AbortSignal,
): Promise<ComparisonSummary> {
  try {
    signal?.throwIfAborted()
    const folder = await openResultFolder(options.out)
    try {
      const summary = await compareInto(folder, left, right, options, signal)
      signal?.throwIfAborted()
      await folder.publish()
      return summary
    } finally {
      await folder.discard()
    }
  } catch (error) {
    throw explained(error, signal)
  }
}

async function compareInto(
  folder: ResultFolder,
  left: Source,
  right: Source,
  options: ComparisonOptions,
  signal?: AbortSignal,
): Promise<ComparisonSummary> {
  const files = { left: await fileOf('left', left), right: await fileOf('right', right) }
  const given = [files.left, files.right].filter((file) => file !== undefined)
  // The engine is loaded, and both sides are read, at once: each takes as long as the other two.
  const opening = openEngine({ ...options, folder: folder.folder, files: given.map(({ path }) => path) })
  const interrupt = () => void opening.then((engine) => engine.interrupt()).catch(() => undefined)
  signal?.addEventListener('abort', interrupt)
  try {
    const read = (of: SideOf, source: Source) => sideOf(of, source, files[of], opening, folder.work, signal)
    const [a, b] = await both(read('left', left), read('right', right))
    const engine = await opening
    const pairing = pairColumns(a, b, options.key, options.fields)
    const counts = await findDifferences(engine, a, b, pairing)
    await writeLists(engine, a, b, pairing, counts, folder.result)
    for (const file of given) await requireUnchanged(file)
    const summary = summaryOf(a, b, pairing, counts)
    await writeFile(join(folder.result, 'summary.json'), `${JSON.stringify(summary, null, 2)}\n`)
    return summary
  } finally {
    signal?.removeEventListener('abort', interrupt)
    const engine = await opening.catch(() => undefined)
    engine?.close()
  }
}

/** Waits for both, so that nothing is read any more once one has failed; what is wrong with the left is said first. */
async function both<S>(left: Promise<S>, right: Promise<S>): Promise<[S, S]> {
  await Promise.allSettled([left, right])
  return [await left, await right]
}

async function fileOf(of: SideOf, source: Source): Promise<SourceFile | undefined> {
  return source.kind === 'file' ? openSource(of, source.path) : undefined
}

async function sideOf(
  of: SideOf,
  source: Source,
  file: SourceFile | undefined,
  opening: Promise<Engine>,
  work: string,
  signal?: AbortSignal,
): Promise<Side> {
  if (source.kind === 'postgres') return readTable(of, source, work, signal)
  if (!file) throw new RangeError('a file that was not opened')
  return isParquet(file) ? readParquet(file, await opening) : readCsv(file, work, signal)
}

/** As somebody is told it: a problem with its cure. */
export function explained(error: unknown, signal?: AbortSignal): unknown {
  if (signal?.aborted)
    return new ComparisonProblem('failure', 'compare.cancelled', '比对已取消，没有结果。', '需要时重新比对。', { cause: error })
  if (error instanceof ComparisonProblem) return error
  const code = (error as NodeJS.ErrnoException).code
  if (code === 'ENOSPC')
    return new ComparisonProblem('failure', 'compare.disk_full', '磁盘空间不足。', '请清理磁盘，或把结果输出到空间更大的磁盘。', {
      cause: error,
    })
  if (code === 'EACCES' || code === 'EROFS' || code === 'EPERM')
    return new ComparisonProblem('failure', 'compare.out', `输出位置无法写入（${code}）。`, '请核对权限，或指定新的文件夹。', {
      cause: error,
    })
  // The first line names what failed; what follows it may quote a row.
  const [reason = ''] = String((error as Error).message ?? error).split('\n')
  return new ComparisonProblem('failure', 'compare.failed', `比对没有完成：${reason.slice(0, 200)}`, '请重新比对；仍然如此的，请报告。', {
    cause: error,
  })
}
