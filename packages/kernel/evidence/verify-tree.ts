import { headVerifier, isSame, type Leaf, leafText, openAppender, type SignedHead, toHex, utf8 } from '@tongchou/evidence'
import { type Kysely, sql } from 'kysely'
import type { KernelTables } from '../tables.ts'
import { sizeBeforeNewest, toSignedHead } from './head.ts'
import { leafColumns } from './leaf.ts'
import { tree, treeSize } from './nodes.ts'
import { isUnplaced } from './place.ts'

/** Why a place in the tree does not hold: counted in leaves, not in rows. */
export type TreeBreak =
  | 'missing-place'
  | 'missing-leaf'
  | 'leaf'
  | 'signed-head'
  | 'head-signature'
  | 'outside-signed-head'
  | 'outside-signature'

/** What verifying the tree found. */
export interface TreeReport {
  /** Leaves that hold. */
  leaves: number
  /** The newest signed head. */
  head: SignedHead | null
  /** Signed heads that were compared: those in the database, and those from outside. */
  keptHeads: number
  outsideHeads: number
  /** Leaves that have no place yet. */
  unplaced: number
}

interface PlacedLeaf extends Leaf {
  position: number
  nodes: Buffer
  seq: string
}

const page = 2000

/** Kept, so that the platform's key is prepared once and not for each verification. */
const isSigned = headVerifier()

/**
 * Recomputes the tree from its first leaf: every leaf, every node that proofs are read from, the root at every signed head, in the database and
 * from outside. Stops at the first that does not hold. The signatures of the newest thousand heads and of those from outside that differ are
 * looked at, all others by their roots.
 */
export async function verifyTree(
  db: Kysely<KernelTables>,
  outside: readonly SignedHead[],
  signal?: AbortSignal,
): Promise<{ report: TreeReport; firstBad: { position: number; reason: TreeBreak } | null }> {
  const bySize = new Map<number, SignedHead[]>()
  for (const head of outside) bySize.set(head.size, [...(bySize.get(head.size) ?? []), head])
  const signaturesAfter = await sizeBeforeNewest(db)
  const appender = openAppender(tree)
  const report: TreeReport = { leaves: 0, head: null, keptHeads: 0, outsideHeads: outside.length, unplaced: await countUnplaced(db) }
  const ended = (position: number, reason: TreeBreak) => ({ report, firstBad: { position, reason } })
  const wrong = (head: SignedHead, root: string): TreeBreak | null => {
    if (head.root !== root) return 'signed-head'
    return head.size > signaturesAfter && !isSigned(head) ? 'head-signature' : null
  }
  /** A head from outside that differs and is not even signed says nothing of the log: the copy was changed. */
  const wrongOutside = (head: SignedHead, root: string): TreeBreak | null =>
    head.root === root ? null : isSigned(head) ? 'outside-signed-head' : 'outside-signature'

  for (;;) {
    signal?.throwIfAborted()
    const places = await placedLeaves(db, appender.size())
    const kept = await keptHeads(db, appender.size(), appender.size() + page)
    for (const place of places) {
      const position = appender.size() + 1
      if (place.position !== position) return ended(position, 'missing-place')
      if (place.kind === null) return ended(position, 'missing-leaf')
      const nodes = Buffer.concat(appender.append(tree.leaf(utf8(leafText(place)))))
      if (!isSame(nodes, place.nodes)) return ended(position, 'leaf')
      const head = kept.get(position)
      const root = head || bySize.has(position) ? toHex(appender.root()) : ''
      for (const one of bySize.get(position) ?? []) {
        const problem = wrongOutside(one, root)
        if (problem) return ended(position, problem)
      }
      if (head) {
        const problem = wrong(head, root)
        if (problem) return ended(position, problem)
        report.keptHeads += 1
        report.head = head
      }
      report.leaves = position
    }
    if (places.length < page) break
  }
  const size = appender.size()
  if ([...bySize.keys()].some((told) => told > size)) return ended(size + 1, 'outside-signed-head')
  if ((await keptHeads(db, size, Number.MAX_SAFE_INTEGER)).size > 0) return ended(size + 1, 'signed-head')
  return { report, firstBad: null }
}

async function placedLeaves(db: Kysely<KernelTables>, after: number): Promise<PlacedLeaf[]> {
  const { rows } = await sql<PlacedLeaf>`select p.position, p.nodes, ${leafColumns}
    from kernel.evidence_place p left join kernel.evidence_leaf l on l.seq = p.seq
    where p.position > ${after} order by p.position limit ${page}`.execute(db)
  return rows
}

async function keptHeads(db: Kysely<KernelTables>, after: number, upTo: number): Promise<Map<number, SignedHead>> {
  const rows = await db
    .selectFrom('kernel.evidence_head')
    .selectAll()
    .where('size', '>', after)
    .where('size', '<=', upTo)
    .orderBy('size')
    .limit(page)
    .execute()
  return new Map(rows.map((row) => [row.size, toSignedHead(row)]))
}

/** How many leaves have no place in the tree. */
export async function countUnplaced(db: Kysely<KernelTables>): Promise<number> {
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from kernel.evidence_leaf l where ${isUnplaced}`.execute(db)
  return rows[0]?.n ?? 0
}

/** How many leaves there are behind the newest signed head. */
export async function countUnsigned(db: Kysely<KernelTables>): Promise<number> {
  const head = await db.selectFrom('kernel.evidence_head').select('size').orderBy('size', 'desc').limit(1).executeTakeFirst()
  return Math.max(0, (await treeSize(db)) - (head?.size ?? 0))
}
