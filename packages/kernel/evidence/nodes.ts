import {
  consistencyPath,
  inclusionPath,
  type NodeId,
  type NodeSource,
  nodesNeeded,
  peakEnds,
  rootOf,
  toBase64,
  toHex,
  treeHash,
} from '@tongchou/evidence'
import { nativeSm3 } from '@tongchou/evidence/native'
import type { Kysely } from 'kysely'
import type { KernelTables } from '../tables.ts'

/** How the tree of this platform hashes. */
export const tree = treeHash(nativeSm3)

const width = 32

/** The tree in the database lacks a node that it must have: somebody has taken it out. */
export class BrokenTree extends Error {}

/** How many leaves have a place. */
export async function treeSize(db: Kysely<KernelTables>): Promise<number> {
  const row = await db.selectFrom('kernel.evidence_place').select('position').orderBy('position', 'desc').limit(1).executeTakeFirst()
  return row?.position ?? 0
}

/** The root over the first so many leaves, hexadecimal. @throws BrokenTree */
export async function rootAt(db: Kysely<KernelTables>, size: number): Promise<string> {
  return toHex(rootOf(tree, await fetched(db, peakEnds(size)), size))
}

/** The right edge of the tree, for going on from it. @throws BrokenTree */
export async function peaksAt(db: Kysely<KernelTables>, size: number): Promise<Uint8Array[]> {
  const peaks = peakEnds(size)
  return peaks.map(await fetched(db, peaks))
}

/** The inclusion proof of a leaf by its index (from 0), each hash in base64url. @throws BrokenTree */
export async function inclusionAt(db: Kysely<KernelTables>, index: number, size: number): Promise<string[]> {
  const make = (t: typeof tree, nodes: NodeSource) => inclusionPath(t, nodes, index, size)
  return make(tree, await fetched(db, nodesNeeded(tree, make))).map(toBase64)
}

/** The proof that the tree of `second` leaves begins with that of `first`, each hash in base64url. @throws BrokenTree */
export async function consistencyBetween(db: Kysely<KernelTables>, first: number, second: number): Promise<string[]> {
  const make = (t: typeof tree, nodes: NodeSource) => consistencyPath(t, nodes, first, second)
  return make(tree, await fetched(db, nodesNeeded(tree, make))).map(toBase64)
}

/** The nodes that are needed, read at once: each leaf's row holds its own hash and those of the subtrees that end with it. */
async function fetched(db: Kysely<KernelTables>, needed: readonly NodeId[]): Promise<NodeSource> {
  const ends = [...new Set(needed.map(({ end }) => end))]
  const rows =
    ends.length === 0
      ? []
      : await db.selectFrom('kernel.evidence_place').select(['position', 'nodes']).where('position', 'in', ends).execute()
  const byEnd = new Map(rows.map(({ position, nodes }) => [position, nodes]))
  return ({ end, level }) => {
    const node = byEnd.get(end)?.subarray(level * width, (level + 1) * width)
    if (node?.length !== width) throw new BrokenTree(`the tree has no node of level ${level} at leaf ${end}`)
    return node
  }
}
