import { type Ctx, decodeCursor, endOfDayInShanghai, NotPermitted, startOfDayInShanghai, toPage } from '@tongchou/kernel'
import { sql } from 'kysely'
import { readOwnLook } from './library.permissions.ts'
import { librariesDb } from './library.schema.ts'
import type { LibrariesPorts } from './ports.ts'
import type { OwnLook, OwnLookQuery } from './query.api.ts'

/**
 * Who looked at the actor's own records (谁查看了我的数据), the last look first: the office and the post, what for, and which items.
 * What a note of before says was not written for the person to read, and may name others: it is left out.
 */
export async function ownLookPage(
  ctx: Ctx,
  ports: Pick<LibrariesPorts, 'dutyTitle'>,
  { org, purpose, from, to, limit = 50, cursor }: OwnLookQuery,
): Promise<{ items: OwnLook[]; nextCursor: string | null }> {
  if (readOwnLook.subject(ctx.actor) === undefined)
    throw new NotPermitted('libraries.not_data_subject', '只有经当面核验身份的本人可以查阅。请持身份证件到公安机关窗口办理。')
  const before = decodeCursor(cursor, ['integer'])?.[0]
  let rows = librariesDb(ctx).selectFrom('libraries.person_look').selectAll().where(readOwnLook.where(ctx.actor))
  if (before !== undefined) rows = rows.where('seq', '<', Number(before))
  if (org) rows = rows.where(sql<boolean>`strpos(lower(org_name), lower(${org})) > 0`)
  if (purpose) rows = rows.where('purpose', '=', purpose)
  if (from) rows = rows.where('at', '>=', startOfDayInShanghai(from))
  if (to) rows = rows.where('at', '<=', endOfDayInShanghai(to))
  const found = await rows
    .orderBy('seq', 'desc')
    .limit(limit + 1)
    .execute()
  return toPage(
    found,
    limit,
    (row) => [row.seq],
    (row): OwnLook => ({
      id: String(row.seq),
      at: row.at.toISOString(),
      resource: row.title,
      orgName: row.org_name,
      postTitle: row.post_title,
      duties: row.duties?.map((duty) => ports.dutyTitle(duty)).join('、') ?? null,
      purpose: row.purpose,
      note: row.ground === null ? null : row.note,
      ground: row.ground,
      items: [...row.items],
      masked: row.masked,
    }),
  )
}
