import { isUtf8 } from 'node:buffer'
import { Refused } from '../refusals.ts'
import type { Table } from '../table.ts'

/** A text file decoded, with the encoding that did it. Never a guess: bytes that do not fit are refused with their place. */
export function decodeText(bytes: Buffer): { text: string; encoding: Table['encoding'] } {
  const [first, second, third, fourth] = bytes
  if (first === 0xff && second === 0xfe) return utf16(bytes, 'utf-16le')
  if (first === 0xfe && second === 0xff) return utf16(bytes, 'utf-16be')
  if (first === 0x2b && second === 0x2f && third === 0x76 && [0x38, 0x39, 0x2b, 0x2f].includes(fourth ?? 0))
    throw new Refused('table.encoding', { row: 1, byte: 0 }, { found: 'UTF-7' })
  const nul = bytes.indexOf(0)
  if (nul >= 0) throw new Refused('table.nul', placeOf(bytes, nul))
  const control = bytes.findIndex((byte) => byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d)
  if (control >= 0) throw new Refused('table.control_character', placeOf(bytes, control))
  if (isUtf8(bytes)) return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), encoding: 'utf-8' }
  if (first === 0xef && second === 0xbb && third === 0xbf)
    throw new Refused('table.encoding', placeOf(bytes, firstUndecodable(bytes, 'utf-8')), { found: '文件标明 UTF-8，此处不是' })
  refuseMixture(bytes)
  try {
    return { text: new TextDecoder('gb18030', { fatal: true }).decode(bytes), encoding: 'gb18030' }
  } catch {
    throw new Refused('table.encoding', placeOf(bytes, firstUndecodable(bytes, 'gb18030')))
  }
}

function utf16(bytes: Buffer, encoding: 'utf-16le' | 'utf-16be'): { text: string; encoding: Table['encoding'] } {
  const text = new TextDecoder(encoding).decode(bytes.subarray(0, bytes.length & ~1))
  const units = encoding === 'utf-16le' ? bytes : Buffer.from(bytes.subarray(0, bytes.length & ~1)).swap16()
  const wrong = bytes.length % 2 === 1 ? bytes.length - 1 : loneHalf(units)
  const rowOf = (byte: number) => lines(units.toString('utf16le', 0, byte)) + 1
  if (wrong !== undefined) throw new Refused('table.encoding', { row: rowOf(wrong), byte: wrong }, { found: 'UTF-16' })
  // The mark at the start is no part of the text.
  const nul = 2 * (text.indexOf('\0') + 1)
  if (nul > 0) throw new Refused('table.nul', { row: rowOf(nul), byte: nul })
  return { text, encoding }
}

/** Offset of half a surrogate pair. */
function loneHalf(units: Buffer): number | undefined {
  for (let at = 0; at + 1 < units.length; at += 2) {
    const unit = units.readUInt16LE(at)
    if (unit < 0xd800 || unit > 0xdfff) continue
    const next = at + 3 < units.length ? units.readUInt16LE(at + 2) : 0
    if (unit > 0xdbff || next < 0xdc00 || next > 0xdfff) return at
    at += 2
  }
  return undefined
}

function lines(text: string): number {
  let count = 0
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count += 1
  return count
}

/** Line and offset, in an encoding where a line feed is always one byte and stands for nothing else. */
function placeOf(bytes: Buffer, byte: number): { row: number; byte: number } {
  return { row: lines(bytes.toString('latin1', 0, byte)) + 1, byte }
}

/** Offset of the first byte that the bytes before it do not lead to, by halving. */
function firstUndecodable(bytes: Buffer, encoding: string): number {
  let [good, bad] = [0, bytes.length + 1]
  while (bad - good > 1) {
    const middle = (good + bad) >> 1
    if (fits(bytes.subarray(0, middle), encoding)) good = middle
    else bad = middle
  }
  return Math.min(good, bytes.length - 1)
}

function fits(bytes: Buffer, encoding: string): boolean {
  try {
    new TextDecoder(encoding, { fatal: true }).decode(bytes, { stream: true })
    return true
  } catch {
    return false
  }
}

const LINE_FEED = 0x0a
/** Two Chinese characters of UTF-8 in a row; in a line of GB18030 that is valid UTF-8 as a whole they are as good as impossible. */
const CLEAR = 2

/**
 * Most of UTF-8 can be read as GB18030 without an error, as nonsense. So a file that is not UTF-8 as a whole is looked at line by line:
 * lines that are clearly UTF-8 beside lines that are not make a mixture, refused at the first byte where the kind changes.
 */
function refuseMixture(bytes: Buffer): void {
  let firstClear: number | undefined
  let firstOther: number | undefined
  for (let from = 0; from < bytes.length; ) {
    const feed = bytes.indexOf(LINE_FEED, from)
    const until = feed < 0 ? bytes.length : feed + 1
    const line = bytes.subarray(from, until)
    if (!isUtf8(line)) firstOther ??= from + firstUndecodable(line, 'utf-8')
    else if (firstClear === undefined && chineseIn(line) >= CLEAR) firstClear = from
    if (firstClear !== undefined && firstOther !== undefined)
      throw new Refused('table.mixed_encoding', placeOf(bytes, Math.max(firstClear, firstOther)))
    from = until
  }
}

/** Characters of the common Chinese blocks, counted in bytes that are known to be UTF-8. */
function chineseIn(line: Buffer): number {
  let count = 0
  for (let at = 0; at < line.length && count < CLEAR; at++) {
    const byte = line[at] ?? 0
    if ((byte >= 0xe4 && byte <= 0xe9) || byte === 0xe3 || byte === 0xef) count += 1
  }
  return count
}
