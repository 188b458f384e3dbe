import { randomUUID } from 'node:crypto'
import { type Ctx, containing, decodeCursor, type Notice } from '@tongchou/kernel'
import { sql } from 'kysely'
import { type DeliveryTable, type NoticeRow, noticesDb } from './notice.tables.ts'
import type { Channel } from './outgoing.port.ts'

/** Writes the notice to each of these people who has not had it; who has, keeps the one they have. Gives those that are new. */
export async function insertNotices(ctx: Ctx, notice: Notice, personIds: readonly string[]): Promise<{ id: string; person_id: string }[]> {
  if (personIds.length === 0) return []
  const at = ctx.now()
  return noticesDb(ctx)
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
    .returning(['id', 'person_id'])
    .execute()
}

export async function insertDeliveries(
  ctx: Ctx,
  deliveries: readonly { noticeId: string; channel: Channel; status: DeliveryTable['status'] }[],
): Promise<void> {
  if (deliveries.length === 0) return
  await noticesDb(ctx)
    .insertInto('notices.delivery')
    .values(
      deliveries.map(({ noticeId, channel, status }) => ({
        notice_id: noticeId,
        channel,
        status,
        attempts: 0,
        problem: null,
        updated_at: ctx.now(),
      })),
    )
    .execute()
}

export async function findNotice(ctx: Ctx, id: string): Promise<NoticeRow | undefined> {
  return noticesDb(ctx).selectFrom('notices.notice').selectAll().where('id', '=', id).executeTakeFirst()
}

export async function setDelivery(
  ctx: Ctx,
  noticeId: string,
  channel: Channel,
  status: DeliveryTable['status'],
  problem: string | null,
): Promise<void> {
  await noticesDb(ctx)
    .updateTable('notices.delivery')
    .set({ status, problem, attempts: sql`attempts + 1`, updated_at: ctx.now() })
    .where('notice_id', '=', noticeId)
    .where('channel', '=', channel)
    .where('status', '!=', 'sent')
    .execute()
}

/** Filters of the inbox. */
export interface InboxFilter {
  unread?: boolean | undefined
  group?: string | undefined
  q?: string | undefined
  limit: number
  cursor?: string | undefined
}

/** A person's notices, newest first, each with how it left the product. */
export async function listInbox(ctx: Ctx, personId: string, { unread, group, q, limit, cursor }: InboxFilter) {
  const after = decodeCursor(cursor, ['instant', 'id'])
  let query = noticesDb(ctx)
    .selectFrom('notices.notice as n')
    .selectAll()
    .select(
      sql<
        { channel: Channel; status: DeliveryTable['status'] }[]
      >`coalesce((select json_agg(json_build_object('channel', d.channel, 'status', d.status)
        order by d.channel desc) from notices.delivery d where d.notice_id = n.id), '[]')`.as('deliveries'),
    )
    .where('person_id', '=', personId)
  if (unread !== undefined) query = query.where('read_at', unread ? 'is' : 'is not', null)
  if (group) query = query.where('kind', 'like', `${group}.%`)
  if (q) {
    const pattern = containing(q)
    query = query.where((eb) => eb.or([eb('title', 'ilike', pattern), eb('body', 'ilike', pattern)]))
  }
  if (after) query = query.where(sql<boolean>`(sent_at, id) < (${after[0]}::timestamptz, ${after[1]}::uuid)`)
  return query
    .orderBy('sent_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute()
}
export type InboxRow = Awaited<ReturnType<typeof listInbox>>[number]

export async function countUnread(ctx: Ctx, personId: string): Promise<number> {
  const row = await noticesDb(ctx)
    .selectFrom('notices.notice')
    .select((eb) => eb.fn.countAll<number>().as('unread'))
    .where('person_id', '=', personId)
    .where('read_at', 'is', null)
    .executeTakeFirstOrThrow()
  return row.unread
}

/** Marks as read: one of the person's notices, or all of them. Returns how many there were. */
export async function markRead(ctx: Ctx, personId: string, id: string | null): Promise<number> {
  let marking = noticesDb(ctx)
    .updateTable('notices.notice')
    .set({ read_at: sql`coalesce(read_at, ${ctx.now()})` })
    .where('person_id', '=', personId)
  marking = id === null ? marking.where('read_at', 'is', null) : marking.where('id', '=', id)
  return Number((await marking.executeTakeFirst()).numUpdatedRows)
}
