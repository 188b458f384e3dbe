import { stat } from 'node:fs/promises'
import { Worker } from 'node:worker_threads'
import { CsvFault, CsvScanner, type CsvShape } from './csv-scan.ts'
import { pieces, type SourceFile } from './source-file.ts'
import { hasUtf8Mark, Utf8Check } from './text-encoding.ts'

/** What the thread of a reading answers: the shape, null for a text that is not UTF-8, or why it is no CSV. */
export type ShapeAnswer = { shape: CsvShape | null } | { fault: Pick<CsvFault, 'kind' | 'line' | 'columns'> }

/** Below it a thread takes longer to begin than the file to read. */
const APART_BYTES = 16 * 1024 * 1024

/**
 * What a CSV is made of, read byte by byte; a large one in a thread of its own, so that two sides are read at once. Undefined when the text is not UTF-8.
 * @throws CsvFault at the first byte that cannot be
 */
export async function shapeOf(file: SourceFile, signal?: AbortSignal): Promise<CsvShape | undefined> {
  const { size } = await stat(file.path)
  const answer = size < APART_BYTES ? undefined : await shapeApart(file, signal)
  if (answer === undefined) return shapeHere(file, signal)
  if ('fault' in answer) throw new CsvFault(answer.fault.kind, answer.fault.line, answer.fault.columns)
  return answer.shape ?? undefined
}

/** The same in this thread. */
export async function shapeHere(file: SourceFile, signal?: AbortSignal): Promise<CsvShape | undefined> {
  const utf8 = new Utf8Check()
  const scanner = new CsvScanner(hasUtf8Mark(file.head) ? 3 : 0)
  for await (const piece of pieces(file, signal)) {
    if (!utf8.accepts(piece)) return undefined
    scanner.read(piece)
  }
  return utf8.ends() ? scanner.end() : undefined
}

/** Undefined when the thread could not tell: then it is read here, and what is wrong is said here. */
async function shapeApart(file: SourceFile, signal?: AbortSignal): Promise<ShapeAnswer | undefined> {
  signal?.throwIfAborted()
  const worker = new Worker(new URL('./csv-shape.worker.ts', import.meta.url), { workerData: file })
  const stop = () => void worker.terminate()
  signal?.addEventListener('abort', stop, { once: true })
  try {
    const answer = await new Promise<ShapeAnswer | undefined>((resolve) => {
      worker.once('message', resolve)
      worker.once('error', () => resolve(undefined))
      worker.once('exit', () => resolve(undefined))
    })
    signal?.throwIfAborted()
    return answer
  } finally {
    signal?.removeEventListener('abort', stop)
  }
}
