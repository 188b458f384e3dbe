import { type Ctx, countRows, decodeCursor, holdsWords, type SearchPort, todayInShanghai, toPage } from '@tongchou/kernel'
import { sql } from 'kysely'
import { identityDb } from './identity.tables.ts'
import { readOrganisation } from './organisation.permissions.ts'
import { organisationsAsOf } from './organisation.store.ts'
import { readPost } from './post.permissions.ts'

const nameText = { table: 'identity.organisation_version', key: 'organisation_id', text: "name || ' ' || short_name" }
const personText = { table: 'identity.person', text: 'name' }

/** Organisations (机构) by every name they had; former names lead to what it is called today. */
export const organisationSearch: SearchPort = {
  kind: 'organisation',
  title: '机构',
  count: (ctx, words, most) => countRows(ctx, organisationsNamed(ctx, words).select('organisation.id').limit(most)),
  find: async (ctx, words, limit, cursor) => {
    const after = decodeCursor(cursor, ['integer', 'text'])
    let query = organisationsNamed(ctx, words).select([
      'organisation.id',
      'organisation.name',
      'organisation.valid_to',
      'organisation.sort_order',
    ])
    if (after) query = query.where(sql<boolean>`(organisation.sort_order, organisation.id) > (${after[0]}, ${after[1]})`)
    const rows = await query
      .orderBy('organisation.sort_order')
      .orderBy('organisation.id')
      .limit(limit + 1)
      .execute()
    const today = todayInShanghai(ctx.now())
    return toPage(
      rows,
      limit,
      (row) => [row.sort_order, row.id],
      (row) => ({
        kind: 'organisation',
        id: row.id,
        title: row.name,
        note: row.valid_to !== null && row.valid_to <= today ? '已撤销' : null,
        href: `/organisations/${row.id}`,
      }),
    )
  },
}

function organisationsNamed(ctx: Ctx, words: readonly string[]) {
  return identityDb(ctx)
    .selectFrom(organisationsAsOf(todayInShanghai(ctx.now())))
    .where(holdsWords('organisation.id', nameText, words))
    .where(readOrganisation.where(ctx.actor))
}

/** People (人员) in the posts they hold, as far as one may know who holds them. */
export const personSearch: SearchPort = {
  kind: 'person',
  title: '人员',
  count: (ctx, words, most) => countRows(ctx, postsHeldBy(ctx, words).select('post.id').limit(most)),
  find: async (ctx, words, limit, cursor) => {
    const after = decodeCursor(cursor, ['text', 'id'])
    let query = postsHeldBy(ctx, words).select([
      'post.id',
      'post.title',
      'person.name',
      'organisation.id as organisation_id',
      'organisation.name as organisation_name',
    ])
    if (after) query = query.where(sql<boolean>`(person.name collate "C", post.id) > (${after[0]} collate "C", ${after[1]}::uuid)`)
    const rows = await query
      .orderBy(sql`person.name collate "C"`)
      .orderBy('post.id')
      .limit(limit + 1)
      .execute()
    return toPage(
      rows,
      limit,
      (row) => [row.name, row.id],
      (row) => ({
        kind: 'person',
        id: row.id,
        title: row.name,
        note: `${row.organisation_name} ${row.title}`,
        href: `/organisations/${row.organisation_id}`,
      }),
    )
  },
}

/** Posts that are held today. */
function postsHeldBy(ctx: Ctx, words: readonly string[]) {
  const today = todayInShanghai(ctx.now())
  return identityDb(ctx)
    .selectFrom('identity.person as person')
    .innerJoin('identity.post as post', 'post.person_id', 'person.id')
    .innerJoin(organisationsAsOf(today), 'organisation.id', 'post.organisation_id')
    .where(holdsWords('person.id', personText, words))
    .where('post.valid_from', '<=', today)
    .where((eb) => eb.or([eb('post.valid_to', 'is', null), eb('post.valid_to', '>', today)]))
    .where(readPost.where(ctx.actor))
}
