/** What a CSV text is made of, told by its bytes alone and without the engine: both must count the same rows. */
export interface CsvShape {
  /** Records behind the header. A blank line is one where there is a single column, and nothing elsewhere. */
  rows: number
  /** Offset of the first byte behind the header record. */
  bodyAt: number
  /** Bytes of the longest record, its line end included. */
  longestRecord: number
  /** A quotation mark stands somewhere behind the header. */
  quoted: boolean
  /** The header itself holds a carriage return or line feed, within quotation marks. */
  brokenHeader: boolean
  /** Records end with CRLF, not LF. */
  crlf: boolean
  /** Ends of records that cut the body into parts of about `PART_BYTES`. */
  cuts: number[]
}

/** Why a text is no CSV. */
export type CsvFaultKind =
  | 'empty'
  | 'blank-header'
  | 'nul'
  | 'quote-inside'
  | 'quote-open'
  | 'after-quote'
  | 'columns'
  | 'lone-cr'
  | 'mixed-newlines'
  | 'too-long'

/** The first place where a text is no CSV; `line` counts as an editor does, from 1. */
export class CsvFault extends Error {
  readonly kind: CsvFaultKind
  readonly line: number
  /** For `columns`: how many the line has, and how many the header. */
  readonly columns: { found: number; wanted: number } | undefined

  constructor(kind: CsvFaultKind, line: number, columns?: { found: number; wanted: number }) {
    super(`${kind} in line ${line}`)
    this.kind = kind
    this.line = line
    this.columns = columns
  }
}

/** A longer record is refused: the engine has to hold one whole, several times. */
export const LONGEST_RECORD = 16 * 1024 * 1024

/** Parts in which several cores may read. */
const PART_BYTES = 16 * 1024 * 1024

const NUL = 0
const LF = 0x0a
const CR = 0x0d
const QUOTE = 0x22
const COMMA = 0x2c

/** Where the next byte stands: at the start of a field, in a plain one, in a quoted one, behind a mark in one, behind a carriage return. */
type Place = 'start' | 'plain' | 'quoted' | 'mark' | 'return'

/**
 * Reads a CSV of RFC 4180 in UTF-8 piece by piece: comma, quotation marks around a whole field and doubled within, LF or CRLF but one of them
 * throughout, as many fields in each record as in the header. Whatever is looser is refused: a reader that guesses is silently wrong.
 */
export class CsvScanner {
  #place: Place = 'start'
  #line = 1
  #offset = 0
  #recordAt: number
  #recordLine = 1
  #quoteLine = 1
  #fields = 1
  #wanted = 0
  #crlf: boolean | undefined
  readonly #mark: number
  readonly #partBytes: number
  #partAt = 0
  readonly #shape: CsvShape = { rows: 0, bodyAt: 0, longestRecord: 0, quoted: false, brokenHeader: false, crlf: false, cuts: [] }

  /** @param mark bytes of the byte order mark that the text begins with */
  constructor(mark: 0 | 3, partBytes = PART_BYTES) {
    this.#partBytes = partBytes
    this.#mark = mark
    this.#recordAt = mark
  }

  /** @throws CsvFault at the first byte that cannot be */
  read(bytes: Uint8Array): void {
    for (let at = Math.max(0, this.#mark - this.#offset); at < bytes.length; at++) {
      // The two loops that run over nearly all bytes: everything above the comma is nothing but content, and likewise within quotation marks.
      if (this.#place === 'plain') while (at < bytes.length && (bytes[at] as number) > COMMA) at++
      else if (this.#place === 'quoted') while (at < bytes.length && (bytes[at] as number) > QUOTE) at++
      const byte = bytes[at]
      if (byte === undefined) break
      if (byte === NUL) throw this.#fault('nul')
      this.#step(byte, this.#offset + at)
    }
    this.#offset += bytes.length
    if (this.#offset - this.#recordAt > LONGEST_RECORD) throw this.#fault('too-long')
  }

  /** The end of the text. @throws CsvFault when it ends in the middle, or is none */
  end(): CsvShape {
    if (this.#place === 'quoted') throw new CsvFault('quote-open', this.#quoteLine)
    if (this.#place === 'return') throw this.#fault('lone-cr')
    if (this.#recordAt < this.#offset) this.#endRecord(this.#offset, 0)
    if (this.#wanted === 0) throw this.#fault('empty')
    return this.#shape
  }

  #step(byte: number, offset: number): void {
    switch (this.#place) {
      case 'quoted':
        if (byte === QUOTE) this.#place = 'mark'
        else if (byte === LF) this.#line += 1
        if (this.#wanted === 0 && (byte === LF || byte === CR)) this.#shape.brokenHeader = true
        return
      case 'mark':
        if (byte === QUOTE) this.#place = 'quoted'
        else if (!this.#ends(byte, offset)) throw this.#fault('after-quote')
        return
      case 'return':
        if (byte !== LF) throw this.#fault('lone-cr')
        this.#endRecord(offset + 1, 2)
        return
      case 'start':
        if (byte === QUOTE) this.#openQuote()
        else if (!this.#ends(byte, offset)) this.#place = 'plain'
        return
      case 'plain':
        if (byte === QUOTE) throw this.#fault('quote-inside')
        this.#ends(byte, offset)
    }
  }

  /** True when the byte ends the field. */
  #ends(byte: number, offset: number): boolean {
    if (byte === COMMA) {
      this.#fields += 1
      this.#place = 'start'
    } else if (byte === LF) this.#endRecord(offset + 1, 1)
    else if (byte === CR) this.#place = 'return'
    else return false
    return true
  }

  #openQuote(): void {
    this.#place = 'quoted'
    this.#quoteLine = this.#line
    if (this.#wanted > 0) this.#shape.quoted = true
  }

  /** @param newline bytes of the line end; none at the end of the text */
  #endRecord(end: number, newline: 0 | 1 | 2): void {
    const length = end - this.#recordAt
    if (newline > 0) {
      this.#crlf ??= this.#shape.crlf = newline === 2
      if (this.#crlf !== (newline === 2)) throw this.#fault('mixed-newlines')
    }
    if (length > LONGEST_RECORD) throw this.#fault('too-long')
    this.#count(length === newline, end)
    this.#shape.longestRecord = Math.max(this.#shape.longestRecord, length)
    if (end - this.#partAt >= this.#partBytes && this.#wanted > 0) {
      this.#shape.cuts.push(end)
      this.#partAt = end
    }
    this.#recordAt = end
    this.#fields = 1
    this.#place = 'start'
    this.#line += 1
    this.#recordLine = this.#line
  }

  #count(blank: boolean, end: number): void {
    if (this.#wanted === 0) {
      if (blank) throw this.#fault('blank-header')
      this.#wanted = this.#fields
      this.#shape.bodyAt = end
      this.#partAt = end
    } else if (blank && this.#wanted > 1) return
    else if (this.#fields !== this.#wanted) throw new CsvFault('columns', this.#recordLine, { found: this.#fields, wanted: this.#wanted })
    else this.#shape.rows += 1
  }

  #fault(kind: CsvFaultKind): CsvFault {
    return new CsvFault(kind, this.#line)
  }
}

/** The fields of one record that is known to be well formed, without its line end: NULL where nothing stands, '' where "" stands. */
export function fieldsOf(record: string): (string | null)[] {
  const fields: (string | null)[] = []
  let at = 0
  while (at <= record.length) {
    const isQuoted = record[at] === '"'
    const end = isQuoted ? closingQuote(record, at + 1) : nextComma(record, at)
    if (isQuoted) fields.push(record.slice(at + 1, end).replaceAll('""', '"'))
    else fields.push(end === at ? null : record.slice(at, end))
    // Past the comma, and before it past the quotation mark.
    at = end + (isQuoted ? 2 : 1)
  }
  return fields
}

function nextComma(record: string, from: number): number {
  const comma = record.indexOf(',', from)
  return comma < 0 ? record.length : comma
}

/** The quotation mark that ends a field: the first that is not doubled. */
function closingQuote(record: string, from: number): number {
  let at = record.indexOf('"', from)
  while (at >= 0 && record[at + 1] === '"') at = record.indexOf('"', at + 2)
  return at < 0 ? record.length : at
}
