import { toBase64, toHex, utf8 } from './bytes.ts'
import type { TreeHash } from './hash.ts'
import { openLog } from './log.ts'
import type { Proof } from './receipt.ts'

/** Entries that become one leaf of the log together (批次). */
export interface Batch {
  add(text: string): void
  size(): number
  /** The digest of the leaf (批次摘要), hexadecimal. */
  digest(): string
  /** The proof that the entry of this index (from 0) stands in the batch. */
  proof(index: number): Proof
}

/** An empty batch. */
export function openBatch(tree: TreeHash): Batch {
  const log = openLog(tree)
  return {
    add: (text) => log.append(utf8(text)),
    size: log.size,
    digest: () => batchDigest(tree, log.size(), log.root()),
    proof: (index) => ({ index, size: log.size(), path: log.inclusion(index).map(toBase64) }),
  }
}

const format = 'tongchou-batch-1'

/** What a leaf says of a batch: the root of the tree over its entries, and how many they are, without which an index could be told wrongly. */
export function batchDigest(tree: TreeHash, size: number, root: Uint8Array): string {
  return toHex(tree.leaf(utf8(JSON.stringify([format, String(size), toHex(root)]))))
}
