import { type Leaf, type Receipt, receiptFormat } from '@tongchou/evidence'
import { type Kysely, sql } from 'kysely'
import { canonical } from '../audit-chain/canonical.ts'
import { InvalidState, NotFound } from '../errors.ts'
import type { KernelTables } from '../tables.ts'
import { auditLeafOf, batchOfRows, placedRows } from './batch.ts'
import { newestHead } from './head.ts'
import { leafColumns } from './leaf.ts'
import { BrokenTree, inclusionAt } from './nodes.ts'

const notYet = () =>
  new InvalidState(
    'evidence.not_signed_yet',
    '该记录尚未写入已签名的存证树。记录每十秒写入并签名一次，请稍后再取凭证；签名中断的，恢复后自动补签。',
  )

/**
 * The receipt of a row of the audit log by its number (存证凭证), under the newest signed head. The caller has checked who asks.
 * @throws NotFound where there is no such row; InvalidState where it cannot be proven yet, or not any more
 */
export async function receiptOfEvent(db: Kysely<KernelTables>, seq: number): Promise<Receipt> {
  const seal = await db.selectFrom('kernel.audit_seal').select('position').where('seq', '=', seq).executeTakeFirst()
  if (!seal) {
    const row = await db.selectFrom('kernel.audit_event').select('seq').where('seq', '=', seq).executeTakeFirst()
    throw row ? notYet() : new NotFound('evidence.not_found', '没有这条审计记录，或不在当前岗位可查看的范围内。')
  }
  const range = await auditLeafOf(db, seal.position)
  if (!range?.leafPosition) throw notYet()
  const rows = await placedRows(db, range)
  const index = seal.position - range.from
  const row = rows[index]
  if (!row || rows.length !== range.to - range.from + 1)
    throw new InvalidState(
      'evidence.batch_archived',
      '同批的部分记录已归档移出，不能再出具凭证。此前下载的凭证仍可校验，已移出的记录见归档包。',
    )
  const entry = { text: canonical(row.position, row), proof: batchOfRows(rows).proof(index) }
  return { ...(await receiptOfLeaf(db, range.leafPosition)), entry }
}

/** The receipt of a leaf by its position in the tree (from 1), without its content. @throws NotFound, InvalidState */
export async function receiptOfLeaf(db: Kysely<KernelTables>, position: number): Promise<Receipt> {
  const leaf = await findLeaf(db, position)
  if (!leaf) throw new NotFound('evidence.leaf_not_found', '存证树中没有这一位置。')
  const head = await newestHead(db)
  if (!head || head.size < position) throw notYet()
  const index = position - 1
  return { format: receiptFormat, entry: null, leaf, proof: { index, size: head.size, path: await pathOf(db, index, head.size) }, head }
}

/** A leaf by its position; undefined where there is none. */
export async function findLeaf(db: Kysely<KernelTables>, position: number): Promise<Leaf | undefined> {
  const { rows } = await sql<Leaf & { seq: string }>`select ${leafColumns}
    from kernel.evidence_place p join kernel.evidence_leaf l on l.seq = p.seq where p.position = ${position}`.execute(db)
  const found = rows[0]
  return found && { kind: found.kind, subject: found.subject, digest: found.digest, at: found.at }
}

async function pathOf(db: Kysely<KernelTables>, index: number, size: number): Promise<string[]> {
  try {
    return await inclusionAt(db, index, size)
  } catch (error) {
    if (error instanceof BrokenTree) throw brokenTree()
    throw error
  }
}

/** What is in the database does not prove any more: no receipt is given for it, and somebody has to look. */
export function brokenTree(): InvalidState {
  return new InvalidState('evidence.broken', '存证树与记录不符，不能出具凭证。请审计管理员立即校验日志，并与外部签名头比对。')
}
