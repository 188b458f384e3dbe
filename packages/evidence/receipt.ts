import { fromBase64 } from './bytes.ts'
import { hasExactly, isHash, isInstant, isSignedHead, type SignedHead } from './head.ts'
import type { Leaf } from './leaf.ts'

/** A proof that an entry is the `index`th (from 0) of a tree of `size`: what it is hashed with, from below, each hash in base64url. */
export interface Proof {
  index: number
  size: number
  path: string[]
}

/** A receipt (存证凭证): everything that is needed to see that something stands in the log, without the platform. */
export interface Receipt {
  format: typeof receiptFormat
  /** What happened, in the words that were hashed, and its place in its batch; null for a leaf as a whole. */
  entry: { text: string; proof: Proof } | null
  leaf: Leaf
  /** The place of the leaf in the log. */
  proof: Proof
  head: SignedHead
}

export const receiptFormat = 'tongchou-receipt-1'

/** The receipt as a file: JSON, UTF-8. */
export function receiptFile(receipt: Receipt): string {
  return `${JSON.stringify(receipt, null, 2)}\n`
}

/** Reads a receipt. A text says which part has not its form. */
export function readReceipt(text: string): Receipt | string {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return '不是 JSON'
  }
  if (!hasExactly(value, ['format', 'entry', 'leaf', 'proof', 'head'])) return '不是存证凭证'
  if (value.format !== receiptFormat) return `版本 ${String(value.format).slice(0, 40)} 不能识别`
  if (value.entry !== null && !isEntry(value.entry)) return 'entry（记录）格式不符'
  if (!isLeaf(value.leaf)) return 'leaf（批次）格式不符'
  if (!isProof(value.proof)) return 'proof（树内路径）格式不符'
  if (!isSignedHead(value.head)) return 'head（签名头）格式不符'
  if (value.proof.size !== value.head.size) return 'proof（树内路径）与 head（签名头）的大小不同'
  return value as unknown as Receipt
}

function isEntry(value: unknown): value is NonNullable<Receipt['entry']> {
  return hasExactly(value, ['text', 'proof']) && typeof value.text === 'string' && value.text !== '' && isProof(value.proof)
}

function isLeaf(value: unknown): value is Leaf {
  return (
    hasExactly(value, ['kind', 'subject', 'digest', 'at']) &&
    typeof value.kind === 'string' &&
    value.kind !== '' &&
    typeof value.subject === 'string' &&
    value.subject !== '' &&
    isHash(value.digest) &&
    isInstant(value.at)
  )
}

/** No tree is deeper than its size has digits in binary. */
const deepest = 53

function isProof(value: unknown): value is Proof {
  if (!hasExactly(value, ['index', 'size', 'path'])) return false
  const { index, size, path } = value
  if (!Number.isSafeInteger(index) || !Number.isSafeInteger(size) || Number(index) < 0 || Number(index) >= Number(size)) return false
  return Array.isArray(path) && path.length <= deepest && path.every(isPathHash)
}

function isPathHash(value: unknown): boolean {
  if (typeof value !== 'string' || value.length !== 43) return false
  try {
    return fromBase64(value).length === 32
  } catch {
    return false
  }
}
