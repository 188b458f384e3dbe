import { type Batch, openBatch } from '@tongchou/evidence'
import { type Kysely, sql } from 'kysely'
import { type ChainedRow, canonical, chainedColumns } from '../audit-chain/canonical.ts'
import type { KernelTables } from '../tables.ts'
import { recordLeaf } from './leaf.ts'
import { tree } from './nodes.ts'

/** The kind of leaf that attests a batch of the audit log; its subject is `first-last` position. */
export const auditKind = 'audit'

/** At most so many rows of the log in one batch: with the chain's end eleven levels of a tree. */
export const batchRows = 2000

/** Positions of the chain that a leaf attests. */
export interface AuditRange {
  from: number
  to: number
}

/** A row of the log with its place in the chain. */
export interface PlacedRow extends ChainedRow {
  position: number
  hash: Buffer
}

/** The last entry of every batch: the chain's hash behind its last row, so that the tree attests everything before too. */
export function chainEndText(position: number, hash: Buffer): string {
  return JSON.stringify(['tongchou-chain-1', String(position), hash.toString('hex')])
}

/** The batch of some rows that follow one another in the chain: their canonical texts, then the chain's end. */
export function batchOfRows(rows: readonly PlacedRow[]): Batch {
  const batch = openBatch(tree)
  for (const row of rows) batch.add(canonical(row.position, row))
  const last = rows.at(-1)
  if (last) batch.add(chainEndText(last.position, last.hash))
  return batch
}

/** The rows of these positions, as far as they are there. */
export async function placedRows(db: Kysely<KernelTables>, { from, to }: AuditRange): Promise<PlacedRow[]> {
  const { rows } = await sql<PlacedRow>`select s.position, s.hash, ${chainedColumns}
    from kernel.audit_seal s join kernel.audit_event e on e.seq = s.seq
    where s.position between ${from} and ${to} order by s.position`.execute(db)
  return rows
}

/** Up to which position leaves attest the chain, or up to where its rows were packed away. */
export const attestedTo = sql<number>`greatest(
  (select split_part(subject, '-', 2)::bigint from kernel.evidence_leaf where kind = 'audit' order by split_part(subject, '-', 2)::bigint desc limit 1),
  (select max(position) from kernel.audit_cut), 0)`

/**
 * Writes the leaf of the next rows of the chain that none attests yet: of the round that was just sealed, or, after an upgrade, of what was
 * sealed before there were leaves. Answers whether there was one to write.
 */
export async function attestRows(trx: Kysely<KernelTables>, now: Date): Promise<boolean> {
  const { rows } = await sql<{ attested: number; last: number }>`select ${attestedTo} as attested,
    coalesce((select max(position) from kernel.audit_seal), 0) as last`.execute(trx)
  const { attested = 0, last = 0 } = rows[0] ?? {}
  if (last <= attested) return false
  const range = { from: attested + 1, to: Math.min(last, attested + batchRows) }
  const placed = await placedRows(trx, range)
  if (placed.length !== range.to - range.from + 1) throw new Error(`the chain lacks rows between ${range.from} and ${range.to}`)
  const attestation = { kind: auditKind, subject: `${range.from}-${range.to}`, digest: batchOfRows(placed).digest() }
  await recordLeaf({ db: trx, now: () => now }, attestation)
  return true
}

/** The batch that a position of the chain belongs to; undefined for one that no leaf attests. */
export async function auditLeafOf(
  db: Kysely<KernelTables>,
  position: number,
): Promise<(AuditRange & { leafPosition: number | null }) | undefined> {
  const { rows } = await sql<AuditRange & { leafPosition: number | null }>`
    select split_part(l.subject, '-', 1)::bigint as "from", split_part(l.subject, '-', 2)::bigint as "to", p.position as "leafPosition"
    from kernel.evidence_leaf l left join kernel.evidence_place p on p.seq = l.seq
    where l.kind = 'audit' and split_part(l.subject, '-', 2)::bigint >= ${position}
    order by split_part(l.subject, '-', 2)::bigint limit 1`.execute(db)
  const found = rows[0]
  return found && found.from <= position ? found : undefined
}
