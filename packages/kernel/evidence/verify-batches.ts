import { type Batch, openBatch } from '@tongchou/evidence'
import { type Kysely, sql } from 'kysely'
import { type ChainedRow, canonical } from '../audit-chain/canonical.ts'
import type { KernelTables } from '../tables.ts'
import { type AuditRange, chainEndText } from './batch.ts'
import { tree } from './nodes.ts'

/** Compares the rows of the chain, as they are walked along, with the leaves that attest them. */
export interface BatchCheck {
  /** Reads the leaves that attest rows up to this position. */
  load(upTo: number): Promise<void>
  /** Takes the next row. `uncovered`: later rows are attested and this one is not; `batch`: the batch that ends here is not the attested one. */
  step(position: number, row: ChainedRow, hash: Buffer): 'uncovered' | 'batch' | null
  /** The last position that was found attested. */
  attestedTo(): number
  /** Whether leaves attest rows that are not there. */
  hasMore(): boolean
}

const page = 2000

interface AuditLeaf extends AuditRange {
  digest: string
}

/** @param cut where rows were packed away: of a batch that begins before, the rest is told by the chain's end in the batch behind it */
export function openBatchCheck(db: Kysely<KernelTables>, cut: number): BatchCheck {
  const waiting: AuditLeaf[] = []
  let loadedTo = cut
  let isAll = false
  let attested = cut
  let batch: Batch | null = null
  return {
    load: async (upTo) => {
      while (!isAll && loadedTo < upTo) {
        const leaves = await auditLeaves(db, loadedTo)
        waiting.push(...leaves)
        loadedTo = leaves.at(-1)?.to ?? loadedTo
        isAll = leaves.length < page
      }
    },
    step: (position, row, hash) => {
      const leaf = waiting[0]
      if (!leaf) return null
      if (position === attested + 1 && leaf.from > position) return 'uncovered'
      if (position === leaf.from) batch = openBatch(tree)
      batch?.add(canonical(position, row))
      if (position < leaf.to) return null
      batch?.add(chainEndText(position, hash))
      const digest = batch?.digest() ?? leaf.digest
      batch = null
      waiting.shift()
      attested = leaf.to
      return digest === leaf.digest ? null : 'batch'
    },
    attestedTo: () => attested,
    hasMore: () => waiting.length > 0,
  }
}

async function auditLeaves(db: Kysely<KernelTables>, after: number): Promise<AuditLeaf[]> {
  const { rows } = await sql<AuditLeaf>`
    select split_part(subject, '-', 1)::bigint as "from", split_part(subject, '-', 2)::bigint as "to", encode(digest, 'hex') as digest
    from kernel.evidence_leaf
    where kind = 'audit' and split_part(subject, '-', 2)::bigint > ${after}
    order by split_part(subject, '-', 2)::bigint limit ${page}`.execute(db)
  return rows
}
