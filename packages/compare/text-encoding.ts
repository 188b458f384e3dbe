import { isUtf8 } from 'node:buffer'

/** Encodings of text that are told apart by their bytes. */
export type TextEncoding = 'utf-8' | 'gb18030' | 'utf-16le' | 'utf-16be'

/** The encoding that a byte order mark names; GB18030 has one too. Undefined without a mark, or where the mark is that of UTF-8. */
export function encodingOfMark(head: Uint8Array): Exclude<TextEncoding, 'utf-8'> | undefined {
  const [a, b, c, d] = head
  if (a === 0xff && b === 0xfe) return 'utf-16le'
  if (a === 0xfe && b === 0xff) return 'utf-16be'
  return a === 0x84 && b === 0x31 && c === 0x95 && d === 0x33 ? 'gb18030' : undefined
}

/** True for a text that begins with the mark of UTF-8, which is no part of it. */
export function hasUtf8Mark([a, b, c]: Uint8Array): boolean {
  return a === 0xef && b === 0xbb && c === 0xbf
}

/** Says of a text in pieces whether it is UTF-8; a character may lie across two pieces. */
export class Utf8Check {
  #open = Buffer.alloc(0)

  /** True as long as everything so far is UTF-8. */
  accepts(piece: Uint8Array): boolean {
    const bytes = this.#open.length === 0 ? piece : Buffer.concat([this.#open, piece])
    const whole = bytes.length - openBytes(bytes)
    this.#open = Buffer.from(bytes.subarray(whole))
    return isUtf8(bytes.subarray(0, whole))
  }

  /** True when the text does not end within a character. */
  ends(): boolean {
    return this.#open.length === 0
  }
}

/** Bytes at the end that begin a character which is not complete yet: 0 to 3. */
function openBytes(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] as number
    if (byte < 0x80) return 0
    if (byte >= 0xc0) return lengthOf(byte) > back ? back : 0
  }
  return 0
}

/** Bytes of the character in UTF-8 that this byte begins; 1 where it begins none. */
function lengthOf(lead: number): number {
  if (lead >= 0xc2 && lead <= 0xdf) return 2
  if (lead >= 0xe0 && lead <= 0xef) return 3
  return lead >= 0xf0 && lead <= 0xf4 ? 4 : 1
}

/**
 * Says of a text that is not UTF-8 whether it may be taken for GB18030 (which includes GBK and GB2312). That a decoder does not complain proves
 * little: nearly all bytes decode to some character, those of a damaged UTF-8 file too. Chinese text in UTF-8 is made of sequences of three bytes; in
 * GB18030 fewer than a tenth of its bytes happen to form such ones, and about a third form any sequence of UTF-8.
 */
export class Gb18030Evidence {
  #high = 0
  #inSequences = 0
  #inLongSequences = 0
  #stray = false
  /** Bytes that the character of GB18030 under way still takes; of its second byte it depends whether they are two or four in all. */
  #skip = 0
  #second = false
  #rest = Buffer.alloc(0)

  read(piece: Uint8Array): void {
    for (const byte of piece) this.#walk(byte)
    const bytes = Buffer.concat([this.#rest, piece])
    const whole = bytes.length - openBytes(bytes)
    this.#rest = Buffer.from(bytes.subarray(whole))
    this.#weigh(bytes.subarray(0, whole))
  }

  /** The verdict at the end of the text. */
  holds(): boolean {
    // What is UTF-8 up to its last, cut character is a cut file.
    const cut = this.#rest.length > 0 && this.#inSequences === this.#high
    this.#high += this.#rest.length
    return !this.#stray && !cut && this.#inLongSequences <= 0.3 * this.#high && this.#inSequences <= 0.7 * this.#high
  }

  /** 0x80 and 0xff begin no character; the decoder takes the first for a euro sign. */
  #walk(byte: number): void {
    if (this.#second) {
      this.#second = false
      this.#skip = byte >= 0x30 && byte <= 0x39 ? 2 : 0
    } else if (this.#skip > 0) this.#skip -= 1
    else if (byte === 0x80 || byte === 0xff) this.#stray = true
    else if (byte > 0x80) this.#second = true
  }

  #weigh(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; ) {
      const byte = bytes[at] as number
      const length = byte < 0x80 ? 1 : lengthOf(byte)
      const complete = length > 1 && isUtf8(bytes.subarray(at, at + length))
      const taken = complete ? length : 1
      if (byte >= 0x80) this.#high += taken
      if (complete) this.#inSequences += length
      if (complete && length > 2) this.#inLongSequences += length
      at += taken
    }
  }
}
