import { type Ctx, InvalidState, inTransaction, recordAudit } from '@tongchou/kernel'
import type { CasesPorts } from '../ports.ts'
import { requireCase } from './case-reading.ts'
import { isCopied, markCopiesRead } from './work-list.store.ts'

/** 已阅: the reader marks what was copied to them. */
export async function markCopies(ctx: Ctx, ports: CasesPorts, caseId: string): Promise<void> {
  await inTransaction(ctx, async (tx) => {
    const row = await requireCase(tx, ports, caseId)
    if (!(await isCopied(tx, tx.actor, caseId))) throw new InvalidState('copy.none', '该办件没有抄送当前岗位，无需标记已阅。')
    const marked = await markCopiesRead(tx, tx.actor, caseId)
    if (marked > 0) await recordAudit(tx, 'case.copy_read', { kind: row.subject_kind, id: row.subject_id }, { caseId })
  })
}
