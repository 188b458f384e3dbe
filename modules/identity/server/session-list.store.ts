import { type Ctx, decodeCursor, todayInShanghai, toPage } from '@tongchou/kernel'
import { sql } from 'kysely'
import { overBy } from './authenticate.ts'
import { identityDb } from './identity.tables.ts'
import { organisationsAsOf } from './organisation.store.ts'
import type { SecuritySettings } from './security-settings.schema.ts'
import { readSession } from './session.permissions.ts'
import type { SessionLine, SessionQuery } from './session.schema.ts'

/** Sessions that run, the one used last first: the reader's own, or all that the reader may see. */
export async function listSessions(ctx: Ctx, settings: SecuritySettings, query: SessionQuery, currentDigest: string | undefined) {
  const limit = query.limit ?? 50
  const after = decodeCursor(query.cursor, ['instant', 'id'])
  const { begunBy, seenBy } = overBy(settings, ctx.now())
  let rows = identityDb(ctx)
    .selectFrom('identity.session as session')
    .innerJoin('identity.account as account', 'account.id', 'session.account_id')
    .innerJoin('identity.person as person', 'person.id', 'account.person_id')
    .leftJoin('identity.post as post', 'post.id', 'session.post_id')
    .leftJoin(organisationsAsOf(todayInShanghai(ctx.now())), 'organisation.id', 'post.organisation_id')
    .leftJoin('identity.relation as relation', 'relation.id', 'session.relation_id')
    .leftJoin('identity.relation_kind as kind', 'kind.id', 'relation.kind')
    .select(['session.id', 'session.address', 'session.browser', 'session.signed_in_by', 'session.created_at', 'session.last_seen_at'])
    .select(['session.token_hash', 'account.id as account_id', 'account.username', 'person.id as person_id', 'person.name'])
    .select(({ fn }) => [
      fn.coalesce('post.id', 'relation.id').$notNull().as('post_id'),
      fn.coalesce('post.title', 'kind.title').$notNull().as('title'),
      fn.coalesce('organisation.id', sql<string>`relation.subject_kind || ':' || relation.subject_id`).$notNull().as('organisation_id'),
      fn.coalesce('organisation.name', 'relation.subject_name').$notNull().as('organisation_name'),
    ])
    .where(readSession.where(ctx.actor))
    .where('session.created_at', '>', begunBy)
    .where('session.last_seen_at', '>', seenBy)
  if (query.whose !== 'all') rows = rows.where('session.account_id', '=', ctx.actor.accountId)
  if (query.q) rows = rows.where(sql<boolean>`strpos(lower(person.name || ' ' || account.username), lower(${query.q})) > 0`)
  if (after) rows = rows.where(sql<boolean>`(session.last_seen_at, session.id::text) < (${after[0]}::timestamptz, ${after[1]})`)
  const found = await rows
    .orderBy('session.last_seen_at', 'desc')
    .orderBy(sql`session.id::text`, 'desc')
    .limit(limit + 1)
    .execute()
  return toPage(
    found,
    limit,
    (row) => [row.last_seen_at.toISOString(), row.id],
    (row): SessionLine => ({
      id: row.id,
      account: { id: row.account_id, username: row.username },
      person: { id: row.person_id, name: row.name },
      post: { id: row.post_id, title: row.title, organisation: { id: row.organisation_id, name: row.organisation_name } },
      address: row.address,
      browser: row.browser,
      signedInBy: row.signed_in_by,
      startedAt: row.created_at.toISOString(),
      lastSeenAt: row.last_seen_at.toISOString(),
      current: row.token_hash === currentDigest,
    }),
  )
}
