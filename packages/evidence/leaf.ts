/** A leaf of the log (存证叶): that something of a kind, about a subject, has this digest. */
export interface Leaf {
  /** What is attested, as the module that writes it calls it: `audit` for a batch of the audit log. */
  kind: string
  /** Which: a text that its kind explains. */
  subject: string
  /** SM3, hexadecimal; of a batch, the root of the tree over its entries. */
  digest: string
  /** When it was written, RFC 3339 UTC to the millisecond. */
  at: string
}

export const leafFormat = 'tongchou-leaf-1'

/** What is hashed as the leaf: a JSON array of texts in a fixed order, which any language can make again. */
export function leafText({ kind, subject, digest, at }: Leaf): string {
  return JSON.stringify([leafFormat, kind, subject, digest, at])
}
