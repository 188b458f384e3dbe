import { type Ctx, countRows, decodeCursor, holdsWords, type SearchPort, toPage } from '@tongchou/kernel'
import { requestStateWords, standingWords } from '../words.ts'
import { standingOf } from './grant.view.ts'
import { readGrant, readRequest } from './sharing.permissions.ts'
import { sharingDb } from './sharing.tables.ts'

const requestText = { table: 'sharing.request', text: "title || ' ' || matter || ' 申请' || number" }
const grantText = { table: 'sharing.grant', text: "title || ' ' || purpose || ' 授权' || number" }

/** Requests (共享申请) by resource, matter and number, the newest first. */
export const requestSearch: SearchPort = {
  kind: 'sharing-request',
  title: '共享申请',
  count: (ctx, words, most) => countRows(ctx, requests(ctx, words).select('id').limit(most)),
  find: async (ctx, words, limit, cursor) => {
    const before = decodeCursor(cursor, ['integer'])?.[0]
    let query = requests(ctx, words).select(['id', 'number', 'title', 'state'])
    if (before !== undefined) query = query.where('number', '<', before)
    const rows = await query
      .orderBy('number', 'desc')
      .limit(limit + 1)
      .execute()
    return toPage(
      rows,
      limit,
      (row) => [row.number],
      ({ id, number, title, state }) => ({
        ...{ kind: 'sharing-request', id, title, note: `申请${number} · ${requestStateWords[state]}` },
        href: `/sharing/requests/${id}`,
      }),
    )
  },
}

/** Grants (授权) by resource, purpose and number, the newest first. */
export const grantSearch: SearchPort = {
  kind: 'sharing-grant',
  title: '授权',
  count: (ctx, words, most) => countRows(ctx, grants(ctx, words).select('id').limit(most)),
  find: async (ctx, words, limit, cursor) => {
    const before = decodeCursor(cursor, ['integer'])?.[0]
    let query = grants(ctx, words).select(['id', 'number', 'title', 'state', 'valid_from', 'valid_until'])
    if (before !== undefined) query = query.where('number', '<', before)
    const rows = await query
      .orderBy('number', 'desc')
      .limit(limit + 1)
      .execute()
    return toPage(
      rows,
      limit,
      (row) => [row.number],
      (row) => ({
        ...{ kind: 'sharing-grant', id: row.id, title: row.title, note: `授权${row.number} · ${standingWords[standingOf(ctx, row)]}` },
        href: `/sharing/grants/${row.id}`,
      }),
    )
  },
}

function requests(ctx: Ctx, words: readonly string[]) {
  return sharingDb(ctx.db)
    .selectFrom('sharing.request')
    .where(readRequest.where(ctx.actor, 'sharing.request'))
    .where(holdsWords('sharing.request.id', requestText, words))
}

function grants(ctx: Ctx, words: readonly string[]) {
  return sharingDb(ctx.db)
    .selectFrom('sharing.grant')
    .where(readGrant.where(ctx.actor, 'sharing.grant'))
    .where(holdsWords('sharing.grant.id', grantText, words))
}
