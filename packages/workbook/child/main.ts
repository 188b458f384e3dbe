import { readFileSync } from 'node:fs'
import { type Frame, frameReader, jsonFrame } from '../frames.ts'
import { Refused } from '../refusals.ts'
import type { Told } from '../table.ts'
import { type MarkAsked, markFile } from './mark.ts'
import { type Asked, readFile, type Sink } from './read.ts'

/** What the parent asks: which task, of the bytes that come behind or stand open as file 3. */
export type Request = ({ task: 'read' } & Asked) | ({ task: 'mark' } & MarkAsked)

/** The parent opens the file: this process may open none but its own source. */
const OPENED = 3

// The process that reads what strangers send. It has no right to write, to start anything or to open other files, knows no environment,
// and is killed when it takes too long or too much. It ends by itself when its parent is gone.
const out = process.stdout
const sink: Sink = {
  tell: (told: Told) => void out.write(jsonFrame(told)),
  drained: () => (out.writableNeedDrain ? new Promise((resolve) => out.once('drain', resolve)) : undefined),
}

await main().catch((error: unknown) => {
  if (error instanceof Refused) sink.tell({ refused: { code: error.code, place: error.place, detail: error.detail } })
  else sink.tell({ defect: error instanceof Error ? (error.stack ?? error.message) : String(error) })
})

async function main(): Promise<void> {
  const { request, bytes } = await received()
  // A parent that is gone cannot kill: then the same limit holds from inside.
  setTimeout(() => process.exit(1), request.limits.milliseconds + 1000).unref()
  const file = bytes ?? readFileSync(OPENED)
  if (file.length > request.limits.fileBytes) throw new Refused('table.file_too_large', {}, { limit: request.limits.fileBytes })
  const done =
    request.task === 'read' ? await readFile(file, request, sink) : await markFile(file, request, (frame) => void out.write(frame))
  sink.tell({ done: { ...done, peakMiB: process.resourceUsage().maxRSS / 1024 } })
}

/** One frame of JSON, and one of bytes unless the file is open already; then the other side closes. */
async function received(): Promise<{ request: Request; bytes: Buffer | undefined }> {
  const reader = frameReader()
  const frames: Frame[] = []
  for await (const piece of process.stdin) frames.push(...reader.push(piece as Buffer))
  const [first, second] = frames
  if (!first || !('json' in first)) throw new Error('no request')
  return { request: first.json as Request, bytes: second && 'bytes' in second ? second.bytes : undefined }
}
