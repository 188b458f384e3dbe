import { randomUUID } from 'node:crypto'
import type { Ctx, Notice } from '@tongchou/kernel'
import { noticesDb } from './notice.tables.ts'

/** Writes the notice to each of these people who has not had it; who has, keeps the one they have. */
export async function insertNotices(ctx: Ctx, notice: Notice, personIds: readonly string[]): Promise<void> {
  if (personIds.length === 0) return
  const at = ctx.now()
  await noticesDb(ctx)
    .insertInto('notices.notice')
    .values(
      personIds.map((personId) => ({
        id: randomUUID(),
        person_id: personId,
        kind: notice.kind,
        subject_kind: notice.subject.kind,
        subject_id: notice.subject.id,
        title: notice.title,
        body: notice.body,
        href: notice.href,
        once_key: notice.onceKey,
        sent_at: at,
        read_at: null,
      })),
    )
    .onConflict((conflict) => conflict.constraint('notice_once').doNothing())
    .execute()
}
