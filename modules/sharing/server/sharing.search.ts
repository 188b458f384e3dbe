import { holdsWords, numberedSearch } from '@tongchou/kernel'
import { requestStateWords, standingWords } from '../words.ts'
import { standingOf } from './grant.view.ts'
import { readGrant, readRequest } from './sharing.permissions.ts'
import { sharingDb } from './sharing.tables.ts'

const requestText = { table: 'sharing.request', text: "title || ' ' || matter || ' 申请' || number" }
const grantText = { table: 'sharing.grant', text: "title || ' ' || purpose || ' 授权' || number" }

/** Requests (共享申请) by resource, matter and number, the newest first. */
export const requestSearch = numberedSearch({
  kind: 'sharing-request',
  title: '共享申请',
  found: (ctx, words) =>
    sharingDb(ctx.db)
      .selectFrom('sharing.request')
      .select(['id', 'number', 'title', 'state'])
      .where(readRequest.where(ctx.actor, 'sharing.request'))
      .where(holdsWords('sharing.request.id', requestText, words)),
  hits:
    () =>
    ({ id, number, title, state }) => ({ title, note: `申请${number} · ${requestStateWords[state]}`, href: `/sharing/requests/${id}` }),
})

/** Grants (授权) by resource, purpose and number, the newest first. */
export const grantSearch = numberedSearch({
  kind: 'sharing-grant',
  title: '授权',
  found: (ctx, words) =>
    sharingDb(ctx.db)
      .selectFrom('sharing.grant')
      .select(['id', 'number', 'title', 'state', 'valid_from', 'valid_until'])
      .where(readGrant.where(ctx.actor, 'sharing.grant'))
      .where(holdsWords('sharing.grant.id', grantText, words)),
  hits: (ctx) => (row) => ({
    title: row.title,
    note: `授权${row.number} · ${standingWords[standingOf(ctx, row)]}`,
    href: `/sharing/grants/${row.id}`,
  }),
})
