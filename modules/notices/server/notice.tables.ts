import { type Ctx, type Instant, tablesOf } from '@tongchou/kernel'
import type { Kysely } from 'kysely'

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

export interface NoticesTables {
  'notices.notice': NoticeTable
}

/** This module's handle. */
export function noticesDb(ctx: Ctx): Kysely<NoticesTables> {
  return tablesOf<NoticesTables>(ctx)
}
