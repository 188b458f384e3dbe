import { utf8 } from './bytes.ts'
import { isSm2PublicKey, type Signer, signatureAlgorithm, signerId, sm2Verifier, type Verifier } from './sm2.ts'

/** A head of the log (树头): so many leaves have this root. */
export interface Head {
  size: number
  /** SM3, hexadecimal. */
  root: string
  /** When it was signed, RFC 3339 UTC to the millisecond. */
  at: string
}

/** A head with whose word it is (签名头): one line of the file that is kept outside the database. */
export interface SignedHead extends Head {
  format: typeof headFormat
  algorithm: typeof signatureAlgorithm
  signerId: typeof signerId
  publicKey: string
  signature: string
}

export const headFormat = 'tongchou-head-1'

/** What is signed: a JSON array of texts in a fixed order. */
export function headText({ size, root, at }: Head): string {
  return JSON.stringify([headFormat, String(size), root, at])
}

/** Signs a head. Fails as its signer fails. */
export async function signHead(signer: Signer, head: Head): Promise<SignedHead> {
  return signedHead(head, { publicKey: signer.publicKey, signature: await signer.sign(utf8(headText(head))) })
}

/** A head and its signature put together, always in the same order. */
export function signedHead({ size, root, at }: Head, { publicKey, signature }: { publicKey: string; signature: string }): SignedHead {
  return { format: headFormat, size, root, at, algorithm: signatureAlgorithm, signerId, publicKey, signature }
}

/** So many keys at once are more than any platform has had. */
const mostKeys = 64

/** Asks whether a head's signature holds by the key that it names; keys that come again are prepared once. May be kept for long. */
export function headVerifier(): (head: SignedHead) => boolean {
  const known = new Map<string, Verifier>()
  return (head) => {
    const verify = known.get(head.publicKey) ?? sm2Verifier(head.publicKey)
    if (known.size >= mostKeys) known.clear()
    known.set(head.publicKey, verify)
    return verify(utf8(headText(head)), head.signature)
  }
}

const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/

export function isHash(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9a-f]{64}$/.test(value)
}

export function isInstant(value: unknown): value is string {
  return typeof value === 'string' && instant.test(value) && !Number.isNaN(Date.parse(value))
}

export function isSize(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 1
}

/** Whether a value is an object with exactly these members: what a reader would overlook is a place to hide something in. */
export function hasExactly<K extends string>(value: unknown, members: readonly K[]): value is Record<K, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  return Object.keys(value).length === members.length && members.every((member) => Object.hasOwn(value, member))
}

const members = ['format', 'size', 'root', 'at', 'algorithm', 'signerId', 'publicKey', 'signature'] as const

/** Whether a value has the form of a signed head; nothing is said of whether it holds. */
export function isSignedHead(value: unknown): value is SignedHead {
  return (
    hasExactly(value, members) &&
    value.format === headFormat &&
    isSize(value.size) &&
    isHash(value.root) &&
    isInstant(value.at) &&
    value.algorithm === signatureAlgorithm &&
    value.signerId === signerId &&
    typeof value.publicKey === 'string' &&
    isSm2PublicKey(value.publicKey) &&
    typeof value.signature === 'string' &&
    /^[0-9a-f]{128}$/.test(value.signature)
  )
}
