import type { Leaf } from '@tongchou/evidence'
import { sql } from 'kysely'
import type { Ctx } from '../context.ts'

/** What a module attests (存证): its kind and subject, and the digest of what happened, SM3 in hexadecimal. */
export interface Attested {
  kind: string
  subject: string
  digest: string
}

/**
 * Writes a leaf of the evidence log. Inside `inTransaction` it commits or rolls back with what it attests; the sealer gives it its place in the
 * tree afterwards, so that no act waits for another. Of many entries, attest the batch (`openBatch` of `@tongchou/evidence`), not each.
 */
export async function recordLeaf(ctx: Pick<Ctx, 'db' | 'now'>, { kind, subject, digest }: Attested): Promise<void> {
  await ctx.db
    .insertInto('kernel.evidence_leaf')
    .values({ kind, subject, digest: Buffer.from(digest, 'hex'), at: ctx.now() })
    .execute()
}

/** The columns of `kernel.evidence_leaf` (as `l`) as they are hashed: times in UTC to the millisecond, digests in hexadecimal. */
export const leafColumns = sql<Leaf & { seq: string }>`l.seq::text as seq, l.kind, l.subject, encode(l.digest, 'hex') as digest,
  to_char(l.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at`
