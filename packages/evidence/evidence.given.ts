import {
  type Leaf,
  leafText,
  type MerkleLog,
  openBatch,
  openLog,
  type Receipt,
  receiptFormat,
  type Signer,
  signHead,
  toBase64,
  toHex,
  treeHash,
  utf8,
} from './index.ts'
import { nativeSm3 } from './native.ts'

/** A tree that hashes fast. */
export const tree = treeHash(nativeSm3)

/** A log of so many leaves, each of its own. */
export function logOf(size: number): MerkleLog {
  const log = openLog(tree)
  for (let index = 0; index < size; index++) log.append(utf8(`leaf ${index}`))
  return log
}

/** A receipt of the `entry`th text of a batch that is the `leaf`th of a log of `size`. */
export async function receiptOf(
  signer: Signer,
  texts: readonly string[],
  { entry, leaf, size }: { entry: number; leaf: number; size: number },
): Promise<Receipt> {
  const batch = openBatch(tree)
  for (const text of texts) batch.add(text)
  const held: Leaf = { kind: 'audit', subject: `1-${texts.length}`, digest: batch.digest(), at: '2026-03-02T01:00:00.000Z' }
  const log = openLog(tree)
  for (let index = 0; index < size; index++) log.append(utf8(index === leaf ? leafText(held) : `leaf ${index}`))
  const head = await signHead(signer, { size, root: toHex(log.root()), at: '2026-03-02T01:00:10.000Z' })
  return {
    format: receiptFormat,
    entry: { text: texts[entry] ?? '', proof: batch.proof(entry) },
    leaf: held,
    proof: { index: leaf, size, path: log.inclusion(leaf).map(toBase64) },
    head,
  }
}
