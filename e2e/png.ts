import { crc32, deflateSync, inflateSync } from 'node:zlib'

/**
 * A picture of a screen with 256 colours instead of 16 million, a third as large and not to be told apart: screens are few colours and the
 * edges of their letters. Takes and gives PNG; what is not RGB or RGBA at 8 bits is given back as it came.
 */
export function withFewColours(png: Buffer): Buffer {
  const { width, height, depth, kind, data } = readPng(png)
  const channels = { 2: 3, 6: 4 }[kind]
  if (depth !== 8 || channels === undefined) return png
  const pixels = unfiltered(inflateSync(data), width, height, channels)
  const { palette, indices } = quantised(pixels, channels)
  const rows = Buffer.alloc((width + 1) * height)
  for (let y = 0; y < height; y++) rows.set(indices.subarray(y * width, (y + 1) * width), y * (width + 1) + 1)
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 3, 0, 0, 0], 8)
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('PLTE', Buffer.from(palette.flatMap((colour) => [colour >> 16, (colour >> 8) & 255, colour & 255]))),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

const signature = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10])

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const whole = Buffer.alloc(body.length + 8)
  whole.writeUInt32BE(data.length, 0)
  whole.set(body, 4)
  whole.writeUInt32BE(crc32(body), body.length + 4)
  return whole
}

function readPng(png: Buffer) {
  const parts: Buffer[] = []
  for (let at = 8; at < png.length; ) {
    const length = png.readUInt32BE(at)
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT') parts.push(png.subarray(at + 8, at + 8 + length))
    at += length + 12
  }
  return { width: png.readUInt32BE(16), height: png.readUInt32BE(20), depth: png[24], kind: png[25] ?? 0, data: Buffer.concat(parts) }
}

/** Undoes the five filters of PNG (ISO/IEC 15948 §9). */
function unfiltered(raw: Buffer, width: number, height: number, channels: number): Buffer {
  const stride = width * channels
  const out = Buffer.alloc(stride * height)
  for (let y = 0; y < height; y++) {
    const filter = raw[y * (stride + 1)] ?? 0
    const from = y * (stride + 1) + 1
    const to = y * stride
    for (let x = 0; x < stride; x++) {
      const left = x >= channels ? (out[to + x - channels] ?? 0) : 0
      const up = y > 0 ? (out[to + x - stride] ?? 0) : 0
      const corner = x >= channels && y > 0 ? (out[to + x - stride - channels] ?? 0) : 0
      out[to + x] = (raw[from + x] ?? 0) + predicted(filter, left, up, corner)
    }
  }
  return out
}

function predicted(filter: number, left: number, up: number, corner: number): number {
  if (filter === 1) return left
  if (filter === 2) return up
  if (filter === 3) return (left + up) >> 1
  if (filter !== 4) return 0
  const guess = left + up - corner
  const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)]
  return a <= b && a <= c ? left : b <= c ? up : corner
}

/** The most frequent colours stay exactly; the rest go to the nearest of them. */
function quantised(pixels: Buffer, channels: number): { palette: number[]; indices: Uint8Array } {
  const count = pixels.length / channels
  const colours = new Uint32Array(count)
  const often = new Map<number, number>()
  for (let i = 0; i < count; i++) {
    const at = i * channels
    const colour = ((pixels[at] ?? 0) << 16) | ((pixels[at + 1] ?? 0) << 8) | (pixels[at + 2] ?? 0)
    colours[i] = colour
    often.set(colour, (often.get(colour) ?? 0) + 1)
  }
  const palette = paletteOf(often)
  const index = new Map([...often.keys()].map((colour) => [colour, nearest(palette, colour)]))
  return { palette, indices: Uint8Array.from(colours, (colour) => index.get(colour) ?? 0) }
}

/** Frequent colours first, but none that is all but the same as one that is in already: a rare red must not lose to fifty greys. */
function paletteOf(often: ReadonlyMap<number, number>): number[] {
  const ranked = [...often].sort((a, b) => b[1] - a[1]).map(([colour]) => colour)
  if (ranked.length <= 256) return ranked
  for (const apart of [300, 150, 60, 0]) {
    const palette: number[] = []
    for (const colour of ranked) {
      if (palette.length === 256) break
      if (palette.every((one) => distance(one, colour) > apart)) palette.push(colour)
    }
    if (palette.length >= 192 || apart === 0) return palette
  }
  return ranked.slice(0, 256)
}

function nearest(palette: readonly number[], colour: number): number {
  let best = 0
  let least = Number.POSITIVE_INFINITY
  for (const [i, one] of palette.entries()) {
    const far = distance(one, colour)
    if (far < least) [best, least] = [i, far]
    if (far === 0) break
  }
  return best
}

function distance(a: number, b: number): number {
  const [red, green, blue] = [(a >> 16) - (b >> 16), ((a >> 8) & 255) - ((b >> 8) & 255), (a & 255) - (b & 255)]
  return 2 * red * red + 4 * green * green + 3 * blue * blue
}
