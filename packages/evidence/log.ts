import { type NodeId, openAppender } from './appender.ts'
import type { TreeHash } from './hash.ts'
import { consistencyPath, inclusionPath, rootOf } from './paths.ts'

/** An append-only Merkle log in memory (存证树). Indexes from 0; sizes count leaves. */
export interface MerkleLog {
  append(bytes: Uint8Array): void
  size(): number
  /** The root, now or as it was at an earlier size. */
  root(size?: number): Uint8Array
  inclusion(index: number, size?: number): Uint8Array[]
  consistency(first: number, second?: number): Uint8Array[]
}

const width = 32

/** An empty log. Keeps two hashes for each leaf in plain bytes, so that a million leaves are 64 MB and no million objects. */
export function openLog(tree: TreeHash): MerkleLog {
  const appender = openAppender(tree)
  const levels: Uint8Array[] = []
  const nodeAt = ({ end, level }: NodeId): Uint8Array => {
    const at = (end / 2 ** level - 1) * width
    const node = levels[level]?.subarray(at, at + width)
    if (node?.length !== width) throw new RangeError(`no node ${end}/${level}`)
    return node
  }
  const keep = (level: number, end: number, node: Uint8Array) => {
    const at = (end / 2 ** level - 1) * width
    const known = levels[level] ?? new Uint8Array(64 * width)
    const bytes = at < known.length ? known : grown(known)
    bytes.set(node, at)
    levels[level] = bytes
  }
  return {
    append: (bytes) => {
      for (const [level, node] of appender.append(tree.leaf(bytes)).entries()) keep(level, appender.size(), node)
    },
    size: appender.size,
    root: (size = appender.size()) => rootOf(tree, nodeAt, size),
    inclusion: (index, size = appender.size()) => inclusionPath(tree, nodeAt, index, size),
    consistency: (first, second = appender.size()) => consistencyPath(tree, nodeAt, first, second),
  }
}

function grown(bytes: Uint8Array): Uint8Array {
  const larger = new Uint8Array(bytes.length * 2)
  larger.set(bytes)
  return larger
}
