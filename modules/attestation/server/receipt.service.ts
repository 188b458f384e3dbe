import { type Receipt, receiptFile, verifyReceipt } from '@tongchou/evidence'
import { nativeSm3 } from '@tongchou/evidence/native'
import { type Ctx, findLeaf, InvalidState, NotFound, receiptOfEvent, receiptOfLeaf } from '@tongchou/kernel'
import type { AttestationPorts } from './ports.ts'

/** The receipt of a row of the audit log (存证凭证), for who may read the row and for whoever acted in it; nobody else learns that there is one. */
export async function readEventReceipt(ctx: Ctx, ports: AttestationPorts, id: string): Promise<Receipt> {
  const seq = numberOf(id)
  if (seq === undefined || !(await ports.mayHaveReceiptOfEvent(ctx, seq)))
    throw new NotFound('evidence.not_found', '没有这条审计记录，或不在当前岗位可查看的范围内。')
  return proven(await receiptOfEvent(ctx.db, seq))
}

/** The receipt of a leaf, for who reads the whole log and for whom its kind says so. */
export async function readLeafReceipt(ctx: Ctx, ports: AttestationPorts, id: string): Promise<Receipt> {
  const position = numberOf(id)
  const leaf = position === undefined ? undefined : await findLeaf(ctx.db, position)
  const isReader = ports.readers.some((duty) => ctx.actor.roles.has(duty))
  if (!leaf || !(isReader || (await ports.kinds.get(leaf.kind)?.mayHaveReceipt(ctx, leaf.subject))))
    throw new NotFound('evidence.leaf_not_found', '存证树中没有这一位置，或不在当前岗位可查看的范围内。')
  return proven(await receiptOfLeaf(ctx.db, position ?? 0))
}

/** What does not hold is not given away: whoever asks is told that the log has to be looked at. */
function proven(receipt: Receipt): Receipt {
  if (verifyReceipt(receiptFile(receipt), {}, nativeSm3).holds) return receipt
  throw new InvalidState('evidence.broken', '存证树与记录不符，不能出具凭证。请审计管理员立即校验日志，并与外部签名头比对。')
}

function numberOf(id: string): number | undefined {
  return /^[1-9][0-9]{0,14}$/.test(id) ? Number(id) : undefined
}
