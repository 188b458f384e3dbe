import { type Leaf, leafText, openAppender, utf8 } from '@tongchou/evidence'
import { type Kysely, type SqlBool, sql } from 'kysely'
import type { KernelTables } from '../tables.ts'
import { leafColumns } from './leaf.ts'
import { peaksAt, tree, treeSize } from './nodes.ts'

/** Whether a leaf (as `l`) has no place in the tree yet. */
export const isUnplaced = sql<SqlBool>`not exists (select from kernel.evidence_place p where p.seq = l.seq)`

/** At most so many leaves get their places in one transaction. */
export const placedAtOnce = 2000

/** The number up to which leaves have places, but for those that committed late. */
export async function highestPlaced(db: Kysely<KernelTables>): Promise<number> {
  const row = await db.selectFrom('kernel.evidence_place').select('seq').orderBy('seq', 'desc').limit(1).executeTakeFirst()
  return row?.seq ?? 0
}

/** Gives leaves numbered above `low` their places at the end of the tree, in the order of their numbers. For whoever holds the sealer's lock. */
export async function placeLeaves(trx: Kysely<KernelTables>, low: number): Promise<{ count: number; lastSeq: number }> {
  const { rows } = await sql<Leaf & { seq: string }>`select ${leafColumns} from kernel.evidence_leaf l
    where l.seq > ${low} and ${isUnplaced} order by l.seq limit ${placedAtOnce}`.execute(trx)
  const last = rows.at(-1)
  if (!last) return { count: 0, lastSeq: low }
  const size = await treeSize(trx)
  const appender = openAppender(tree, size, await peaksAt(trx, size))
  const nodes = rows.map((leaf) => Buffer.concat(appender.append(tree.leaf(utf8(leafText(leaf))))))
  const positions = rows.map((_, index) => size + index + 1)
  const numbers = rows.map(({ seq }) => seq)
  await sql`insert into kernel.evidence_place (position, seq, nodes)
    select * from unnest(${positions}::bigint[], ${numbers}::bigint[], ${nodes}::bytea[])`.execute(trx)
  return { count: rows.length, lastSeq: Number(last.seq) }
}
