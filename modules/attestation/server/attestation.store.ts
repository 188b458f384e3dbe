import { type Ctx, decodeCursor, type KernelTables, tablesOf, toSignedHead } from '@tongchou/kernel'
import { type Kysely, sql } from 'kysely'
import type { LeafQuery } from './attestation.schema.ts'

const db = (ctx: Ctx): Kysely<KernelTables> => tablesOf<KernelTables>(ctx)

/** A leaf that has its place. */
export interface PlacedLeafRow {
  position: number
  kind: string
  subject: string
  digest: Buffer
  at: Date
}

/** Leaves by their places, the newest first, `limit + 1` of them. */
export async function listPlacedLeaves(ctx: Ctx, { cursor, kind, subject }: LeafQuery, limit: number): Promise<PlacedLeafRow[]> {
  const before = decodeCursor(cursor, ['integer'])
  let query = db(ctx)
    .selectFrom('kernel.evidence_place as p')
    .innerJoin('kernel.evidence_leaf as l', 'l.seq', 'p.seq')
    .select(['p.position', 'l.kind', 'l.subject', 'l.digest', 'l.at'])
  if (before) query = query.where('p.position', '<', before[0])
  if (kind !== undefined) query = query.where('l.kind', '=', kind)
  if (subject !== undefined) query = query.where('l.subject', '=', subject.trim())
  return query
    .orderBy('p.position', 'desc')
    .limit(limit + 1)
    .execute()
}

/** Signed heads, the newest first, `limit + 1` of them. */
export async function listSignedHeads(ctx: Ctx, limit: number, cursor: string | undefined) {
  const before = decodeCursor(cursor, ['integer'])
  let query = db(ctx).selectFrom('kernel.evidence_head').selectAll()
  if (before) query = query.where('size', '<', before[0])
  const rows = await query
    .orderBy('size', 'desc')
    .limit(limit + 1)
    .execute()
  return rows.map(toSignedHead)
}

/** The public halves of the keys that ever signed heads, the newest first. */
export async function listEvidenceKeys(ctx: Ctx): Promise<{ publicKey: string; since: Date }[]> {
  const rows = await db(ctx)
    .selectFrom('kernel.known_key')
    .select(['public_key', 'first_used_at'])
    .where('purpose', '=', 'evidence')
    .orderBy('first_used_at', 'desc')
    .orderBy('id')
    .execute()
  return rows.map(({ public_key, first_used_at }) => ({ publicKey: public_key ?? '', since: first_used_at }))
}

/** How many leaves wait for their place; quick, because those that do stand at the end. */
export async function countWaitingLeaves(ctx: Ctx): Promise<number> {
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from kernel.evidence_leaf l
    where l.seq > coalesce((select max(seq) from kernel.evidence_place), 0) - 20000
    and not exists (select from kernel.evidence_place p where p.seq = l.seq)`.execute(db(ctx))
  return rows[0]?.n ?? 0
}
