import { type Ctx, InvalidState, NotFound, recordAudit } from '@tongchou/kernel'
import { ownDraft } from './proposal-draft.permissions.ts'
import { type DraftRow, deleteDraft, lockDraft } from './proposal-draft.store.ts'

export const draftSubject = ({ id }: { id: string }) => ({ kind: 'proposal-draft', id })

/** The draft has said everything and is a project from now on; what was taken over must have been looked at. In the caller's transaction. */
export async function settleDraft(
  tx: Ctx,
  { id, confirmed }: { id: string; confirmed: readonly string[] },
  projectId: string,
): Promise<void> {
  const draft = await lockOwnDraft(tx, id)
  const unread = draft.copied.filter((item) => !confirmed.includes(item))
  if (unread.length > 0)
    throw new InvalidState('proposal_draft.copied_unread', `尚有 ${unread.length} 项沿用内容未核对，请逐项核对后再保存为项目申报。`)
  await deleteDraft(tx, id)
  await recordAudit(tx, 'proposal_draft.settled', draftSubject(draft), { projectId, confirmed: draft.copied })
}

/** Locks a draft of one's own; of any other nothing is said. */
export async function lockOwnDraft(tx: Ctx, id: string): Promise<DraftRow> {
  const draft = await lockDraft(tx, id)
  if (!draft || !ownDraft.allows(tx.actor, draft)) throw noSuchDraft()
  return draft
}

export function noSuchDraft(): NotFound {
  return new NotFound('proposal_draft.not_found', '草稿不存在，可能已删除或已成为项目申报。')
}
