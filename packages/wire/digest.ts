import { createHash } from 'node:crypto'

/** Sixteen bytes by which a key is known on both sides, and dealt into a bucket. */
export const keyDigest = (key: string): Buffer => createHash('sha256').update(key).digest().subarray(0, 16)

/** The bucket of a key's digest. */
export const bucketOf = (digest: Uint8Array, bits: 8 | 16): number =>
  bits === 8 ? (digest[0] ?? 0) : (digest[0] ?? 0) * 256 + (digest[1] ?? 0)

/** Digest of a bucket: over the number that was drawn for this run, then each record's key digest and hash, in the order of the former. */
export function openDigest(nonce: string) {
  const sum = createHash('sha256').update(Buffer.from(nonce, 'hex'))
  return {
    add: (key: Uint8Array, hash: Uint8Array) => void sum.update(key).update(hash),
    end: () => sum.digest('hex').slice(0, 32),
  }
}
