import { auditKind, type Ctx, type LeafKindPort, type Operation } from '@tongchou/kernel'
import { readEvent } from './event.permissions.ts'
import { findEvent } from './event.store.ts'
import { actionTitles } from './titles.ts'

/**
 * Whether the actor may have the receipt of a row of the log (存证凭证): who may read the row, and whoever acted in it. A receipt holds the row
 * with its detail, which of one's own act one knows.
 */
export function mayHaveReceipt(operations: ReadonlyMap<string, Operation>): (ctx: Ctx, seq: number) => Promise<boolean> {
  const scope = readEvent(actionTitles(operations))
  return async (ctx, seq) => {
    const row = await findEvent(ctx, seq)
    return row !== undefined && (row.person_id === ctx.actor.personId || scope.allows(ctx.actor, row))
  }
}

/** Batches of the log: for those who read it, and for nobody else. */
export const auditLeafKind: LeafKindPort = {
  kind: auditKind,
  title: '审计日志',
  subjectTitle: (subject) => {
    const [from = '', to = ''] = subject.split('-')
    return from === to ? `第 ${from} 条` : `第 ${from} 至 ${to} 条`
  },
  mayHaveReceipt: async () => false,
}
