import { type Ctx, decodeCursor, todayInShanghai, toPage } from '@tongchou/kernel'
import { sql } from 'kysely'
import { type IdentityDb, identityDb } from './identity.tables.ts'
import { organisationsAsOf } from './organisation.store.ts'
import { readToken } from './token.permissions.ts'
import type { Scope, Token, TokenQuery } from './token.schema.ts'

export interface NewTokenRecord {
  id: string
  tokenHash: string
  accountId: string
  postId: string
  name: string
  expiresOn: string
  scope?: Scope
  at: Date
}

export async function insertToken(db: IdentityDb, token: NewTokenRecord): Promise<void> {
  await db
    .insertInto('identity.token')
    .values({
      id: token.id,
      token_hash: token.tokenHash,
      account_id: token.accountId,
      post_id: token.postId,
      name: token.name,
      expires_on: token.expiresOn,
      access: token.scope?.access ?? null,
      tags: token.scope?.tags ?? null,
      created_at: token.at,
    })
    .execute()
}

export async function countTokens(db: IdentityDb, accountId: string, today: string): Promise<number> {
  const row = await db
    .selectFrom('identity.token')
    .select(sql<number>`count(*)::int`.as('count'))
    .where('account_id', '=', accountId)
    .where('expires_on', '>=', today)
    .executeTakeFirstOrThrow()
  return row.count
}

export async function lockToken(db: IdentityDb, id: string): Promise<{ accountId: string; name: string } | undefined> {
  const row = await db.selectFrom('identity.token').select(['account_id', 'name']).where('id', '=', id).forUpdate().executeTakeFirst()
  return row && { accountId: row.account_id, name: row.name }
}

export async function deleteToken(db: IdentityDb, id: string): Promise<void> {
  await db.deleteFrom('identity.token').where('id', '=', id).execute()
}

/** The reader's tokens, or all that the reader may see, oldest first, also those that have expired. */
export async function listTokens(ctx: Ctx, filter: TokenQuery) {
  const limit = filter.limit ?? 50
  const after = decodeCursor(filter.cursor, ['instant', 'id'])
  const today = todayInShanghai(ctx.now())
  let query = identityDb(ctx)
    .selectFrom('identity.token as token')
    .innerJoin('identity.account as account', 'account.id', 'token.account_id')
    .innerJoin('identity.person as person', 'person.id', 'account.person_id')
    .innerJoin('identity.post as post', 'post.id', 'token.post_id')
    .innerJoin(organisationsAsOf(today), 'organisation.id', 'post.organisation_id')
    .select(['token.id', 'token.name', 'token.expires_on', 'token.created_at', 'token.last_seen_at', 'token.access', 'token.tags'])
    .select(['account.id as account_id', 'account.username', 'person.id as person_id', 'person.name as person_name'])
    .select(['post.id as post_id', 'post.title', 'organisation.id as organisation_id', 'organisation.name as organisation_name'])
    .where(readToken.where(ctx.actor))
  if (filter.whose !== 'all') query = query.where('token.account_id', '=', ctx.actor.accountId)
  if (filter.q)
    query = query.where(sql<boolean>`strpos(lower(token.name || ' ' || person.name || ' ' || account.username), lower(${filter.q})) > 0`)
  if (after) query = query.where(sql<boolean>`(token.created_at, token.id::text) > (${after[0]}::timestamptz, ${after[1]})`)
  const rows = await query
    .orderBy('token.created_at')
    .orderBy(sql`token.id::text`)
    .limit(limit + 1)
    .execute()
  return toPage(
    rows,
    limit,
    (row) => [row.created_at.toISOString(), row.id],
    (row): Token => ({
      id: row.id,
      name: row.name,
      expiresOn: row.expires_on,
      expired: row.expires_on < today,
      scope: row.access && row.tags ? { access: row.access, tags: row.tags } : null,
      account: { id: row.account_id, username: row.username },
      person: { id: row.person_id, name: row.person_name },
      post: { id: row.post_id, title: row.title, organisation: { id: row.organisation_id, name: row.organisation_name } },
      createdAt: row.created_at.toISOString(),
      lastSeenAt: row.last_seen_at?.toISOString() ?? null,
    }),
  )
}
