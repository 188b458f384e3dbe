import { Readable } from 'node:stream'

/** How long a reader may take for what he was sent before he is cut off. */
const SLOWEST_MS = 30_000

/**
 * Lines as an answer that is made only as fast as it is read (背压). Nothing is held between two pages but a page; who reads nothing for half a minute is cut
 * off, and finds his place again by the last cursor that he has.
 */
export function streamOf(lines: AsyncGenerator<string, void, void>, leave: () => void, slowestMs = SLOWEST_MS): Readable {
  let slow: NodeJS.Timeout | undefined
  const paced = async function* () {
    try {
      for await (const piece of lines) {
        slow = setTimeout(() => stream.destroy(new Error('the receiver does not read')), slowestMs)
        yield Buffer.from(piece)
        clearTimeout(slow)
      }
    } finally {
      clearTimeout(slow)
      leave()
    }
  }
  const stream = Readable.from(paced(), { objectMode: false, highWaterMark: 64 * 1024 })
  // A generator that nobody asks any more is not told that its stream is gone.
  stream.once('close', () => {
    clearTimeout(slow)
    leave()
    void lines.return()
  })
  return stream
}
