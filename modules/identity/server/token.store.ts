import { type Ctx, decodeCursor, todayInShanghai, toPage } from '@tongchou/kernel'
import { sql } from 'kysely'
import { type IdentityDb, identityDb } from './identity.tables.ts'
import { organisationsAsOf } from './organisation.store.ts'
import { readToken } from './token.permissions.ts'
import type { Token } from './token.schema.ts'

export interface NewTokenRecord {
  id: string
  tokenHash: string
  accountId: string
  postId: string
  name: string
  expiresOn: string
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

/** The reader's tokens, oldest first, also those that have expired. */
export async function listTokens(ctx: Ctx, page: { limit?: number; cursor?: string }) {
  const limit = page.limit ?? 50
  const after = decodeCursor(page.cursor, ['instant', 'id'])
  const today = todayInShanghai(ctx.now())
  let query = identityDb(ctx)
    .selectFrom('identity.token as token')
    .innerJoin('identity.post as post', 'post.id', 'token.post_id')
    .innerJoin(organisationsAsOf(today), 'organisation.id', 'post.organisation_id')
    .select(['token.id', 'token.name', 'token.expires_on', 'token.created_at', 'token.last_seen_at'])
    .select(['post.id as post_id', 'post.title', 'organisation.id as organisation_id', 'organisation.name as organisation_name'])
    .where(readToken.where(ctx.actor))
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
      post: { id: row.post_id, title: row.title, organisation: { id: row.organisation_id, name: row.organisation_name } },
      createdAt: row.created_at.toISOString(),
      lastSeenAt: row.last_seen_at?.toISOString() ?? null,
    }),
  )
}
