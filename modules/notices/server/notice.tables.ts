import { type Ctx, type Instant, tablesOf } from '@tongchou/kernel'
import type { Kysely, Selectable } from 'kysely'
import type { Channel } from './outgoing.port.ts'

/** One notice to one person (消息). */
export interface NoticeTable {
  id: string
  person_id: string
  kind: string
  subject_kind: string
  subject_id: string
  title: string
  body: string
  href: string | null
  once_key: string
  sent_at: Instant
  read_at: Instant | null
}
export type NoticeRow = Selectable<NoticeTable>

/** How a notice left the product by one channel. */
export interface DeliveryTable {
  notice_id: string
  channel: Channel
  status: 'unconfigured' | 'unwanted' | 'queued' | 'sent' | 'failed'
  attempts: number
  problem: string | null
  updated_at: Instant
}

export interface NoticesTables {
  'notices.notice': NoticeTable
  'notices.delivery': DeliveryTable
}

/** This module's handle. */
export function noticesDb(ctx: Ctx): Kysely<NoticesTables> {
  return tablesOf<NoticesTables>(ctx)
}
