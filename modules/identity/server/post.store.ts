import { type Ctx, type DutyId, decodeCursor, type OrganisationView, plannedOnce, toPage } from '@tongchou/kernel'
import { sql } from 'kysely'
import { type AccountStatus, type IdentityDb, identityDb } from './identity.tables.ts'
import { organisationsAsOf } from './organisation.store.ts'
import { isSystemAdmin, readPost } from './post.permissions.ts'
import type { Person, Post, PostWithPerson } from './post.schema.ts'

/** Duties of `post` that hold on a day, each once. */
export function dutiesOn(day: string) {
  return sql<string[]>`array(select distinct d.duty from identity.post_duty d
    where d.post_id = post.id and d.valid_from <= ${day} and (d.valid_to is null or d.valid_to > ${day}) order by d.duty)`.as<'duties'>(
    'duties',
  )
}

/** Duties of `post` that hold on a day for areas only, as `duty:area`; one that is also given without an area is not among them. */
function areasOn(day: string) {
  return sql<string[]>`array(select d.duty || ':' || d.area from identity.post_duty d
    where d.post_id = post.id and d.valid_from <= ${day} and (d.valid_to is null or d.valid_to > ${day}) and d.area is not null
      and not exists (select from identity.post_duty w where w.post_id = d.post_id and w.duty = d.duty and w.area is null
        and w.valid_from <= ${day} and (w.valid_to is null or w.valid_to > ${day})))`.as<'areas'>('areas')
}

/** Posts held today, in organisations that exist today. */
export function currentPosts(db: IdentityDb, today: string) {
  return db
    .selectFrom('identity.post as post')
    .innerJoin(organisationsAsOf(today), 'organisation.id', 'post.organisation_id')
    .innerJoin('identity.person as person', 'person.id', 'post.person_id')
    .where('post.valid_from', '<=', today)
    .where((eb) => eb.or([eb('post.valid_to', 'is', null), eb('post.valid_to', '>', today)]))
    .where('organisation.valid_from', '<=', today)
    .where((eb) => eb.or([eb('organisation.valid_to', 'is', null), eb('organisation.valid_to', '>', today)]))
    .select([
      'post.id as post_id',
      'post.title',
      'person.id as person_id',
      'person.name as person_name',
      'organisation.id as organisation_id',
      'organisation.name as organisation_name',
      'organisation.kind as organisation_kind',
      'organisation.parent_id as organisation_parent_id',
      dutiesOn(today),
      areasOn(today),
    ])
}

export async function findCurrentPost(db: IdentityDb, postId: string, today: string): Promise<CurrentPostRow | undefined> {
  return currentPosts(db, today).where('post.id', '=', postId).executeTakeFirst()
}

export type CurrentPostRow = Awaited<ReturnType<ReturnType<typeof currentPosts>['executeTakeFirstOrThrow']>>

export async function insertPerson(db: IdentityDb, id: string, name: string, at: Date): Promise<void> {
  await db.insertInto('identity.person').values({ id, name, created_at: at }).execute()
}

/** Locks the person until the transaction ends: duties are counted over all posts, so two posts must not be filled side by side. */
export async function lockPerson(db: IdentityDb, id: string): Promise<{ id: string; name: string } | undefined> {
  return db.selectFrom('identity.person').select(['id', 'name']).where('id', '=', id).forUpdate().executeTakeFirst()
}

export async function setPersonName(db: IdentityDb, id: string, name: string): Promise<void> {
  await db.updateTable('identity.person').set({ name }).where('id', '=', id).execute()
}

export interface PostRecord {
  id: string
  personId: string
  organisationId: string
  title: string
  validFrom: string
  validTo: string | null
  version: number
}

export async function insertPost(db: IdentityDb, post: Omit<PostRecord, 'version'>, at: Date): Promise<void> {
  await db
    .insertInto('identity.post')
    .values({
      id: post.id,
      person_id: post.personId,
      organisation_id: post.organisationId,
      title: post.title,
      valid_from: post.validFrom,
      valid_to: post.validTo,
      updated_at: at,
    })
    .execute()
}

/** A duty of a post, as it was given. */
export interface Grant {
  duty: DutyId
  area: string | null
  validFrom: string
  validTo: string | null
}

export async function insertGrants(db: IdentityDb, postId: string, grants: readonly Grant[]): Promise<void> {
  if (grants.length === 0) return
  await db
    .insertInto('identity.post_duty')
    .values(grants.map(({ duty, area, validFrom, validTo }) => ({ post_id: postId, duty, area, valid_from: validFrom, valid_to: validTo })))
    .execute()
}

/** Makes the duties that a post has from a day on these: what is not among them ends that day, what is missing begins. */
export async function setDuties(db: IdentityDb, postId: string, duties: readonly DutyId[], day: string): Promise<void> {
  let ending = db
    .updateTable('identity.post_duty')
    .set({ valid_to: day })
    .where('post_id', '=', postId)
    .where('valid_from', '<=', day)
    .where((eb) => eb.or([eb('valid_to', 'is', null), eb('valid_to', '>', day)]))
  if (duties.length > 0) ending = ending.where('duty', 'not in', duties)
  await ending.execute()
  const held = await dutiesOfPost(db, postId, day)
  const missing = duties.filter((duty) => !held.includes(duty))
  await insertGrants(
    db,
    postId,
    missing.map((duty) => ({ duty, area: null, validFrom: day, validTo: null })),
  )
}

export async function findPost(db: IdentityDb, id: string): Promise<PostRecord | undefined> {
  const row = await db.selectFrom('identity.post').selectAll().where('id', '=', id).executeTakeFirst()
  return (
    row && {
      id: row.id,
      personId: row.person_id,
      organisationId: row.organisation_id,
      title: row.title,
      validFrom: row.valid_from,
      validTo: row.valid_to,
      version: row.version,
    }
  )
}

export async function setPost(db: IdentityDb, post: PostRecord, at: Date): Promise<void> {
  await db
    .updateTable('identity.post')
    .set({ title: post.title, valid_to: post.validTo, version: post.version, updated_at: at })
    .where('id', '=', post.id)
    .execute()
}

/** Duties of one post on a day. */
export async function dutiesOfPost(db: IdentityDb, postId: string, day: string): Promise<DutyId[]> {
  const rows = await db
    .selectFrom('identity.post_duty')
    .select('duty')
    .distinct()
    .where('post_id', '=', postId)
    .where('valid_from', '<=', day)
    .where((eb) => eb.or([eb('valid_to', 'is', null), eb('valid_to', '>', day)]))
    .orderBy('duty')
    .execute()
  return rows.map((row) => row.duty)
}

/** Duties that a person holds or will hold through posts that have not ended: also those to come exclude others. */
export async function dutiesOfPerson(db: IdentityDb, personId: string, today: string, exceptPostId?: string): Promise<DutyId[]> {
  let query = db
    .selectFrom('identity.post as post')
    .innerJoin('identity.post_duty as d', 'd.post_id', 'post.id')
    .select('d.duty')
    .distinct()
    .where('post.person_id', '=', personId)
    .where((eb) => eb.or([eb('post.valid_to', 'is', null), eb('post.valid_to', '>', today)]))
    .where((eb) => eb.or([eb('d.valid_to', 'is', null), eb('d.valid_to', '>', today)]))
  if (exceptPostId !== undefined) query = query.where('post.id', '!=', exceptPostId)
  return (await query.execute()).map((row) => row.duty)
}

/** Posts of an organisation that the reader may know of; with the account for the system administrator. */
export async function postsOf(ctx: Ctx, organisationId: string, today: string): Promise<PostWithPerson[]> {
  const rows = await currentPosts(identityDb(ctx), today)
    .leftJoin('identity.account as account', 'account.person_id', 'person.id')
    .select(['post.version', 'account.id as account_id', 'account.username', 'account.status', 'account.must_change'])
    .where('post.organisation_id', '=', organisationId)
    .where(readPost.where(ctx.actor))
    .orderBy('post.title')
    .orderBy('post.id')
    .execute()
  return rows.map((row) => ({
    id: row.post_id,
    title: row.title,
    duties: row.duties,
    person: { id: row.person_id, name: row.person_name },
    version: row.version,
    account: isSystemAdmin(ctx.actor) ? toAccountBrief(row) : null,
  }))
}

export async function countPosts(db: IdentityDb, organisationId: string, today: string): Promise<number> {
  const rows = await currentPosts(db, today).where('post.organisation_id', '=', organisationId).execute()
  return rows.length
}

/** All duties that an organisation bears today through its posts. */
export async function dutiesOf(db: IdentityDb, organisationId: string, today: string): Promise<DutyId[]> {
  const rows = await currentPosts(db, today).where('post.organisation_id', '=', organisationId).execute()
  return [...new Set(rows.flatMap((row) => row.duties))].sort()
}

export async function currentPostsOfPeople(db: IdentityDb, personIds: readonly string[], today: string): Promise<CurrentPostRow[]> {
  if (personIds.length === 0) return []
  return currentPosts(db, today)
    .where('post.person_id', 'in', [...personIds])
    .orderBy('organisation.sort_order')
    .orderBy('post.title')
    .orderBy('post.id')
    .execute()
}

export interface PersonFilter {
  q?: string
  limit?: number
  cursor?: string
}

/** People by name, with their posts and accounts: the administrator's list. */
export async function listPeople(ctx: Ctx, filter: PersonFilter, today: string) {
  const limit = filter.limit ?? 50
  const after = decodeCursor(filter.cursor, ['text', 'id'])
  const db = identityDb(ctx)
  let query = db
    .selectFrom('identity.person as person')
    .leftJoin('identity.account as account', 'account.person_id', 'person.id')
    .select(['person.id', 'person.name', 'account.id as account_id', 'account.username', 'account.status', 'account.must_change'])
  if (filter.q)
    query = query.where(sql<boolean>`strpos(lower(person.name || ' ' || coalesce(account.username, '')), lower(${filter.q})) > 0`)
  if (after) query = query.where(sql<boolean>`(person.name collate "C", person.id::text) > (${after[0]}, ${after[1]})`)
  const rows = await query
    .orderBy(sql`person.name collate "C"`)
    .orderBy(sql`person.id::text`)
    .limit(limit + 1)
    .execute()
  const ids = rows.slice(0, limit).map((row) => row.id)
  const posts = Map.groupBy(await currentPostsOfPeople(db, ids, today), (post) => post.person_id)
  return toPage(
    rows,
    limit,
    (row) => [row.name, row.id],
    (row): Person => ({ id: row.id, name: row.name, account: toAccountBrief(row), posts: (posts.get(row.id) ?? []).map(toPost) }),
  )
}

export function toPost(row: CurrentPostRow): Post {
  return {
    id: row.post_id,
    title: row.title,
    organisation: { id: row.organisation_id, name: row.organisation_name, kind: row.organisation_kind },
    duties: row.duties,
  }
}

function toAccountBrief(row: {
  account_id: string | null
  username: string | null
  status: AccountStatus | null
  must_change: boolean | null
}): Person['account'] {
  if (row.account_id === null || row.username === null || row.status === null) return null
  return { id: row.account_id, username: row.username, status: row.status, mustChangePassword: row.must_change === true }
}

/** Whether `post` has a duty on a day. */
function bearsOn(duty: DutyId, day: string) {
  return sql<boolean>`exists (select from identity.post_duty d where d.post_id = post.id and d.duty = ${duty}
    and d.valid_from <= ${day} and (d.valid_to is null or d.valid_to > ${day}))`
}

/** Organisations that bear a duty today, in official order. */
export async function bearers(db: IdentityDb, duty: DutyId, today: string): Promise<OrganisationView[]> {
  const rows = await currentPosts(db, today)
    .modifyFront(plannedOnce)
    .where(bearsOn(duty, today))
    .orderBy('organisation.sort_order')
    .orderBy('organisation.id')
    .execute()
  const views = rows.map((row) => ({
    id: row.organisation_id,
    name: row.organisation_name,
    kind: row.organisation_kind,
    parentId: row.organisation_parent_id,
  }))
  return [...new Map(views.map((view) => [view.id, view])).values()]
}

/** Who holds a duty in an organisation today. */
export async function holders(db: IdentityDb, duty: DutyId, organisationId: string, today: string) {
  const rows = await currentPosts(db, today)
    .modifyFront(plannedOnce)
    .where(bearsOn(duty, today))
    .where('post.organisation_id', '=', organisationId)
    .orderBy('post.title')
    .orderBy('post.id')
    .execute()
  return rows.map((row) => ({ personId: row.person_id, name: row.person_name, postTitle: row.title }))
}
