import type { TreeHash } from './hash.ts'

/** The right edge of a growing tree: all that appending needs, whatever its size. */
export interface Appender {
  size(): number
  /** Appends the hash of a leaf. Answers it and the hash of each subtree that it completes, lowest first. */
  append(leaf: Uint8Array): Uint8Array[]
  /** The root of the tree as it is now. */
  root(): Uint8Array
}

/** Goes on from a tree of this size, whose complete subtrees (`peakEnds`) have these hashes, largest first; without them from an empty one. */
export function openAppender(tree: TreeHash, from: number = 0, peaksBefore: readonly Uint8Array[] = []): Appender {
  const peaks = [...peaksBefore]
  let size = from
  const append = (leaf: Uint8Array): Uint8Array[] => {
    const completed = [leaf]
    let right = leaf
    for (let rest = size; rest % 2 === 1; rest = (rest - 1) / 2) {
      const left = peaks.pop()
      if (!left) throw new RangeError('peaks do not belong to this size')
      right = tree.node(left, right)
      completed.push(right)
    }
    peaks.push(right)
    size += 1
    return completed
  }
  return { size: () => size, append, root: () => peaks.reduceRight<Uint8Array | undefined>(fold(tree), undefined) ?? tree.empty() }
}

function fold(tree: TreeHash): (right: Uint8Array | undefined, left: Uint8Array) => Uint8Array {
  return (right, left) => (right ? tree.node(left, right) : left)
}

/** A complete subtree: of 2^level leaves, the last of which is the `end`th of the log (from 1). */
export interface NodeId {
  end: number
  level: number
}

/** The complete subtrees that a tree of this size consists of, largest first. */
export function peakEnds(size: number): NodeId[] {
  const peaks: NodeId[] = []
  let end = 0
  for (let level = levelOf(size); level >= 0; level--)
    if (size - end >= 2 ** level) {
      end += 2 ** level
      peaks.push({ end, level })
    }
  return peaks
}

/** The level of the largest complete subtree within so many leaves. Not by a logarithm, which rounds. */
export function levelOf(size: number): number {
  let level = 0
  for (let rest = size; rest >= 2; rest = Math.floor(rest / 2)) level += 1
  return level
}
