import { createHash, type Hash, hash } from 'node:crypto'

/** How many rows a table has, and what they are, whatever their order. */
export interface RowsDigest {
  rows: number
  /** The sum of the rows' SHA-256 modulo 2²⁵⁶, in hexadecimal. */
  digest: string
}

const lineFeed = 0x0a

/**
 * Digests the rows of a table as COPY writes them in text, one row a line. The order counts for nothing: PostgreSQL gives none, and a restored table may lie
 * otherwise on its pages. SHA-256 and not SM3 because it is asked for every row, where it takes a quarter of the time; what guards a backup against change is
 * the SM3 of its files.
 */
export class RowDigest {
  readonly #sum = new Uint32Array(8)
  #rows = 0
  /** Of a row that began in an earlier piece: a row may be larger than what is held in memory. */
  #begun: Hash | undefined

  update(piece: Buffer): void {
    let from = 0
    for (let end = piece.indexOf(lineFeed); end !== -1; end = piece.indexOf(lineFeed, from)) {
      const line = piece.subarray(from, end)
      this.#add(this.#begun ? this.#begun.update(line).digest() : hash('sha256', line, 'buffer'))
      this.#begun = undefined
      from = end + 1
    }
    if (from < piece.length) {
      this.#begun ??= createHash('sha256')
      this.#begun.update(piece.subarray(from))
    }
  }

  result(): RowsDigest {
    if (this.#begun) throw new Error('the last row has no end')
    return { rows: this.#rows, digest: [...this.#sum].map((word) => word.toString(16).padStart(8, '0')).join('') }
  }

  #add(digest: Buffer): void {
    let carry = 0
    for (let word = 7; word >= 0; word--) {
      const sum = (this.#sum[word] ?? 0) + digest.readUInt32BE(word * 4) + carry
      this.#sum[word] = sum
      carry = sum > 0xffff_ffff ? 1 : 0
    }
    this.#rows += 1
  }
}
