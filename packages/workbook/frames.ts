/** What goes over a pipe: JSON or bytes, each after its length (4 bytes, little end first) and kind (1 byte). */
export type Frame = { json: unknown } | { bytes: Buffer }

const HEAD = 5
const JSON_KIND = 0x4a
const BYTES_KIND = 0x42
/** Longer frames are cut by whoever sends; whoever receives takes nothing longer. */
const LONGEST = 64 * 1024 * 1024

export function jsonFrame(value: unknown): Buffer {
  return frame(JSON_KIND, Buffer.from(JSON.stringify(value)))
}

export function bytesFrame(bytes: Uint8Array): Buffer {
  return frame(BYTES_KIND, bytes)
}

function frame(kind: number, body: Uint8Array): Buffer {
  const whole = Buffer.allocUnsafe(HEAD + body.byteLength)
  whole.writeUInt32LE(body.byteLength, 0)
  whole[4] = kind
  whole.set(body, HEAD)
  return whole
}

/** Puts frames together from pieces of any size. `push` answers the frames that became whole. */
export function frameReader(): { push(piece: Buffer): Frame[] } {
  let pieces: Buffer[] = []
  let held = 0
  let wanted = HEAD
  return {
    push(piece) {
      pieces.push(piece)
      held += piece.length
      const frames: Frame[] = []
      while (held >= wanted) {
        const whole = pieces.length === 1 ? (pieces[0] ?? Buffer.alloc(0)) : Buffer.concat(pieces)
        const length = whole.readUInt32LE(0)
        if (length > LONGEST) throw new RangeError(`a frame of ${length} bytes`)
        wanted = HEAD + length
        pieces = [whole]
        if (held < wanted) break
        const body = whole.subarray(HEAD, wanted)
        frames.push(whole[4] === JSON_KIND ? { json: JSON.parse(body.toString('utf8')) } : { bytes: Buffer.from(body) })
        pieces = [whole.subarray(wanted)]
        held -= wanted
        wanted = HEAD
      }
      return frames
    },
  }
}
