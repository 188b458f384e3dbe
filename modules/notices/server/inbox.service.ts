import { type Ctx, inTransaction, NotFound, toPage } from '@tongchou/kernel'
import { countUnread, type InboxFilter, type InboxRow, listInbox, markRead } from './notice.store.ts'

/** The person's own notices, in whichever post they act: nobody reads another's. */
export async function readInbox(ctx: Ctx, filter: InboxFilter) {
  const rows = await listInbox(ctx, ctx.actor.personId, filter)
  return toPage(rows, filter.limit, (row) => [row.sent_at.toISOString(), row.id], noticeView)
}

function noticeView({ id, kind, title, body, href, sent_at, read_at, deliveries }: InboxRow) {
  return { id, kind, title, body, href, sentAt: sent_at.toISOString(), readAt: read_at?.toISOString() ?? null, deliveries }
}

export async function readUnread(ctx: Ctx): Promise<{ unread: number }> {
  return { unread: await countUnread(ctx, ctx.actor.personId) }
}

/** Marks one as read. Reading one's own notice is no act on business, so it leaves no audit row. */
export async function readOne(ctx: Ctx, id: string): Promise<void> {
  const found = await inTransaction(ctx, (tx) => markRead(tx, tx.actor.personId, id))
  if (found === 0) throw new NotFound('notice.not_found', '消息不存在，或不是发给本人的。')
}

export async function readAll(ctx: Ctx): Promise<{ read: number }> {
  return { read: await inTransaction(ctx, (tx) => markRead(tx, tx.actor.personId, null)) }
}
