import { type SignedHead, signedHead } from '@tongchou/evidence'
import { type Kysely, type Selectable, sql } from 'kysely'
import type { EvidenceHeadTable, KernelTables } from '../tables.ts'

/** A head as it was signed, from its row. */
export function toSignedHead({ size, root, at, public_key, signature }: Selectable<EvidenceHeadTable>): SignedHead {
  return signedHead({ size, root: root.toString('hex'), at: at.toISOString() }, { publicKey: public_key, signature })
}

/** The newest signed head. */
export async function newestHead(db: Kysely<KernelTables>): Promise<SignedHead | undefined> {
  const row = await db.selectFrom('kernel.evidence_head').selectAll().orderBy('size', 'desc').limit(1).executeTakeFirst()
  return row && toSignedHead(row)
}

/** Keeps a head; of two that were signed for the same size, the first. */
export async function keepHead(db: Kysely<KernelTables>, { size, root, at, publicKey, signature }: SignedHead): Promise<void> {
  await db
    .insertInto('kernel.evidence_head')
    .values({ size, root: Buffer.from(root, 'hex'), at, public_key: publicKey, signature })
    .onConflict((conflict) => conflict.column('size').doNothing())
    .execute()
}

const batch = 1000

/** Signed heads behind a size, the oldest first, read batch by batch. */
export async function* signedHeads(db: Kysely<KernelTables>, after = 0): AsyncGenerator<SignedHead> {
  for (let behind = after; ; ) {
    const rows = await db.selectFrom('kernel.evidence_head').selectAll().where('size', '>', behind).orderBy('size').limit(batch).execute()
    yield* rows.map(toSignedHead)
    const last = rows.at(-1)
    if (!last || rows.length < batch) return
    behind = last.size
  }
}

/** The size behind which the newest thousand heads stand: whose signatures a verification looks at, all others by their roots. */
export async function sizeBeforeNewest(db: Kysely<KernelTables>): Promise<number> {
  const { rows } = await sql<{ size: number }>`select size from kernel.evidence_head order by size desc offset ${batch} limit 1`.execute(db)
  return rows[0]?.size ?? 0
}
