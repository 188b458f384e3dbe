import { levelOf, type NodeId } from './appender.ts'
import { isSame } from './bytes.ts'
import type { TreeHash } from './hash.ts'

/** Gives the hash of a complete subtree. */
export type NodeSource = (node: NodeId) => Uint8Array

/** The root of the first `size` leaves. */
export function rootOf(tree: TreeHash, nodes: NodeSource, size: number): Uint8Array {
  return size === 0 ? tree.empty() : rangeRoot(tree, nodes, 0, size)
}

/** The inclusion proof (RFC 6962 §2.1.1): what the leaf of this index (from 0) is hashed with, from below, to the root of the first `size` leaves. */
export function inclusionPath(tree: TreeHash, nodes: NodeSource, index: number, size: number): Uint8Array[] {
  requireRange(index + 1, size)
  const path: Uint8Array[] = []
  let [begin, end] = [0, size]
  while (end - begin > 1) {
    const middle = begin + split(end - begin)
    if (index < middle) {
      path.push(rangeRoot(tree, nodes, middle, end))
      end = middle
    } else {
      path.push(rangeRoot(tree, nodes, begin, middle))
      begin = middle
    }
  }
  return path.reverse()
}

/** The consistency proof (RFC 6962 §2.1.2): that the tree of `second` leaves has that of `first` as its beginning. */
export function consistencyPath(tree: TreeHash, nodes: NodeSource, first: number, second: number): Uint8Array[] {
  requireRange(first, second)
  const path: Uint8Array[] = []
  let [begin, end, isWhole] = [0, second, true]
  while (first !== end) {
    const middle = begin + split(end - begin)
    if (first <= middle) {
      path.push(rangeRoot(tree, nodes, middle, end))
      end = middle
    } else {
      path.push(rangeRoot(tree, nodes, begin, middle))
      begin = middle
      isWhole = false
    }
  }
  // The first root itself is known to whoever asks.
  if (!isWhole) path.push(rangeRoot(tree, nodes, begin, end))
  return path.reverse()
}

/** Which nodes a proof is made of, for a source that has to fetch them first. */
export function nodesNeeded(tree: TreeHash, make: (tree: TreeHash, nodes: NodeSource) => unknown): NodeId[] {
  const needed: NodeId[] = []
  const nothing = new Uint8Array(0)
  // Nothing is hashed: only which nodes are asked for matters.
  make({ ...tree, node: () => nothing }, (node) => {
    needed.push(node)
    return nothing
  })
  return needed
}

/** The root that a leaf of this index and a path lead to; undefined where the path has not the length that it must have. */
export function rootFromPath(
  tree: TreeHash,
  leaf: Uint8Array,
  { index, size, path }: { index: number; size: number; path: readonly Uint8Array[] },
): Uint8Array | undefined {
  if (!(index >= 0 && index < size)) return undefined
  let [at, last, root] = [index, size - 1, leaf]
  for (const sibling of path) {
    if (last === 0) return undefined
    if (at % 2 === 1 || at === last) {
      root = tree.node(sibling, root)
      while (at % 2 === 0 && at !== 0) [at, last] = [at / 2, Math.floor(last / 2)]
    } else root = tree.node(root, sibling)
    ;[at, last] = [Math.floor(at / 2), Math.floor(last / 2)]
  }
  return last === 0 ? root : undefined
}

/** A head of a tree, as far as consistency needs it. */
export interface TreeHead {
  size: number
  root: Uint8Array
}

/** Whether the second tree has the first as its beginning, by a consistency proof. */
export function isConsistent(tree: TreeHash, first: TreeHead, second: TreeHead, path: readonly Uint8Array[]): boolean {
  if (first.size < 1 || first.size > second.size) return false
  if (first.size === second.size) return path.length === 0 && isSame(first.root, second.root)
  let [at, last] = [first.size - 1, second.size - 1]
  while (at % 2 === 1) [at, last] = [(at - 1) / 2, Math.floor(last / 2)]
  // A first size that is a power of two: its root is the subtree to begin with, and is not in the path.
  const [seed, ...rest] = at === 0 ? [first.root, ...path] : path
  if (!seed) return false
  let [older, newer] = [seed, seed]
  for (const sibling of rest) {
    if (last === 0) return false
    if (at % 2 === 1 || at === last) {
      older = tree.node(sibling, older)
      newer = tree.node(sibling, newer)
      while (at % 2 === 0 && at !== 0) [at, last] = [at / 2, Math.floor(last / 2)]
    } else newer = tree.node(newer, sibling)
    ;[at, last] = [Math.floor(at / 2), Math.floor(last / 2)]
  }
  return last === 0 && isSame(older, first.root) && isSame(newer, second.root)
}

/** The hash over leaves `begin` (from 0) to before `end`, from complete subtrees. `begin` is always where a subtree of this size may begin. */
function rangeRoot(tree: TreeHash, nodes: NodeSource, begin: number, end: number): Uint8Array {
  const length = end - begin
  const level = levelOf(length)
  if (2 ** level === length) return nodes({ end, level })
  const middle = begin + split(length)
  return tree.node(rangeRoot(tree, nodes, begin, middle), rangeRoot(tree, nodes, middle, end))
}

/** The largest power of two below a length of two or more. */
function split(length: number): number {
  return 2 ** levelOf(length - 1)
}

function requireRange(first: number, size: number): void {
  if (!(Number.isSafeInteger(first) && Number.isSafeInteger(size) && first >= 1 && first <= size))
    throw new RangeError(`no leaf ${first} in a tree of ${size}`)
}
