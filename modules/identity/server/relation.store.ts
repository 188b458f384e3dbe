import { type Ctx, decodeCursor, todayInShanghai, toPage } from '@tongchou/kernel'
import { type Selectable, sql } from 'kysely'
import { type IdentityDb, identityDb, type RelationKindTable, type RelationTable } from './identity.tables.ts'
import { organisationsAsOf } from './organisation.store.ts'
import { mayEndRelation, type RelationFacts, readRelation } from './relation.permissions.ts'
import { documents, type Relation, type RelationQuery } from './relation.schema.ts'
import { storedSettings } from './security-settings.store.ts'
import type { SessionPost } from './session.schema.ts'

export type RelationRow = Selectable<RelationTable>

/** Relations that hold today, of people whose account is active; what a session and an actor need of them. */
export function currentRelations(db: IdentityDb, today: string) {
  return holding(db, today)
    .innerJoin('identity.account as account', 'account.person_id', 'person.id')
    .leftJoin('identity.second_factor as factor', (join) =>
      join.onRef('factor.account_id', '=', 'account.id').on('factor.confirmed_at', 'is not', null),
    )
    .where('account.status', '=', 'active')
    .select(['account.id as account_id', 'account.username', 'account.must_change', 'account.password_changed_at'])
    .select(['account.published_password', 'factor.kind as second_factor', storedSettings.as('security')])
}

export type RelationHolderRow = Awaited<ReturnType<ReturnType<typeof currentRelations>['executeTakeFirstOrThrow']>>

function holding(db: IdentityDb, today: string) {
  return db
    .selectFrom('identity.relation as relation')
    .innerJoin('identity.relation_kind as kind', 'kind.id', 'relation.kind')
    .innerJoin('identity.person as person', 'person.id', 'relation.person_id')
    .where('relation.ended_at', 'is', null)
    .where('relation.valid_from', '<=', today)
    .where((eb) => eb.or([eb('relation.valid_to', 'is', null), eb('relation.valid_to', '>', today)]))
    .select([
      'relation.id as relation_id',
      'relation.kind',
      'relation.subject_kind',
      'relation.subject_id',
      'relation.subject_name',
      'relation.within_org_id',
      'kind.title',
      sql<string[]>`array[kind.duty]`.as('duties'),
      'person.id as person_id',
      'person.name as person_name',
    ])
}

/** Relations of a person that hold today, the first granted first. */
export async function relationsOfPerson(db: IdentityDb, personId: string, today: string) {
  return holding(db, today).where('person.id', '=', personId).orderBy('relation.granted_at').orderBy('relation.id').execute()
}

/** People with a relation to a subject that holds today and counts for what an organisation has to do with it, each once. */
export async function relatedPeople(db: IdentityDb, subject: { kind: string; id: string }, orgId: string, today: string) {
  const rows = await holding(db, today)
    .where('relation.subject_kind', '=', subject.kind)
    .where('relation.subject_id', '=', subject.id)
    .where((eb) => eb.or([eb('relation.within_org_id', 'is', null), eb('relation.within_org_id', '=', orgId)]))
    .orderBy('relation.granted_at')
    .orderBy('relation.id')
    .execute()
  return [...new Map(rows.map((row) => [row.person_id, { personId: row.person_id, name: row.person_name }])).values()]
}

/** The last relation of a kind to a subject, locked: who holds it now, or held it. */
export async function lockLastHolder(db: IdentityDb, kind: string, subjectId: string): Promise<RelationRow | undefined> {
  return db
    .selectFrom('identity.relation')
    .selectAll()
    .where('kind', '=', kind)
    .where('subject_id', '=', subjectId)
    .orderBy((eb) => eb('ended_at', 'is', null), 'desc')
    .orderBy('granted_at', 'desc')
    .limit(1)
    .forUpdate()
    .executeTakeFirst()
}

/** Digests that people's relations are to, each once. */
export async function personSubjects(db: IdentityDb): Promise<string[]> {
  const rows = await db.selectFrom('identity.relation').select('subject_id').distinct().where('subject_kind', '=', 'person').execute()
  return rows.map((row) => row.subject_id)
}

export async function setPersonSubject(db: IdentityDb, from: string, to: string): Promise<void> {
  await db
    .updateTable('identity.relation')
    .set({ subject_id: to })
    .where('subject_kind', '=', 'person')
    .where('subject_id', '=', from)
    .execute()
}

/** Relations to a person that have not been ended. */
export async function openRelationsTo(db: IdentityDb, subjectId: string): Promise<RelationRow[]> {
  return db
    .selectFrom('identity.relation')
    .selectAll()
    .where('subject_kind', '=', 'person')
    .where('subject_id', '=', subjectId)
    .where('ended_at', 'is', null)
    .forUpdate()
    .execute()
}

/** Whether a person ever was somebody outside the offices here. */
export async function hadRelation(db: IdentityDb, personId: string): Promise<boolean> {
  return (await db.selectFrom('identity.relation').select('id').where('person_id', '=', personId).executeTakeFirst()) !== undefined
}

/** Whether a relation of a person holds or will hold. */
export async function hasLiveRelation(db: IdentityDb, personId: string, today: string): Promise<boolean> {
  const row = await db
    .selectFrom('identity.relation')
    .select('id')
    .where('person_id', '=', personId)
    .where('ended_at', 'is', null)
    .where((eb) => eb.or([eb('valid_to', 'is', null), eb('valid_to', '>', today)]))
    .executeTakeFirst()
  return row !== undefined
}

/** Where a session of a relation stands, in the place of a post. */
export function toRelationPost(row: Awaited<ReturnType<typeof relationsOfPerson>>[number]): Omit<SessionPost, 'current'> {
  const organisation = { id: `${row.subject_kind}:${row.subject_id}`, name: row.subject_name, kind: row.subject_kind }
  return { id: row.relation_id, title: row.title, organisation, duties: row.duties, delegation: null }
}

export async function findRelationKind(db: IdentityDb, id: string): Promise<Selectable<RelationKindTable> | undefined> {
  return db.selectFrom('identity.relation_kind').selectAll().where('id', '=', id).executeTakeFirst()
}

export async function relationKinds(db: IdentityDb): Promise<Selectable<RelationKindTable>[]> {
  return db.selectFrom('identity.relation_kind').selectAll().orderBy('id').execute()
}

/** False when the person has this relation already. */
export async function insertRelation(db: IdentityDb, row: Omit<RelationRow, 'ended_by' | 'ended_at' | 'end_reason'>): Promise<boolean> {
  const done = await db
    .insertInto('identity.relation')
    .values(row)
    .onConflict((c) => c.doNothing())
    .returning('id')
    .executeTakeFirst()
  return done !== undefined
}

/** With what its kind says of who reads and ends it. */
export async function findRelation(db: IdentityDb, id: string): Promise<(RelationRow & RelationFacts) | undefined> {
  return withKind(db).where('relation.id', '=', id).executeTakeFirst()
}

/** The same, locked until the transaction ends. */
export async function lockRelation(db: IdentityDb, id: string): Promise<(RelationRow & RelationFacts) | undefined> {
  return withKind(db).where('relation.id', '=', id).forUpdate('relation').executeTakeFirst()
}

function withKind(db: IdentityDb) {
  return db
    .selectFrom('identity.relation as relation')
    .innerJoin('identity.relation_kind as kind', 'kind.id', 'relation.kind')
    .selectAll('relation')
    .select(['kind.granted_everywhere_by', 'kind.granted_within_by'])
}

/** Relations of a person that the actor may read: whom somebody may give another relation to. */
export async function readableRelationOf(ctx: Ctx, personId: string): Promise<{ id: string } | undefined> {
  return identityDb(ctx)
    .selectFrom('identity.relation as relation')
    .innerJoin('identity.relation_kind as kind', 'kind.id', 'relation.kind')
    .select('relation.id')
    .where('relation.person_id', '=', personId)
    .where(readRelation.where(ctx.actor))
    .executeTakeFirst()
}

export async function setRelationEnded(db: IdentityDb, id: string, ended: { by: string; at: Date; reason: string }): Promise<void> {
  await db
    .updateTable('identity.relation')
    .set({ ended_by: ended.by, ended_at: ended.at, end_reason: ended.reason })
    .where('id', '=', id)
    .execute()
}

/** Relations that count for an organisation which goes into another, with the kind's word. */
export async function relationsWithin(db: IdentityDb, orgIds: readonly string[]) {
  return db
    .selectFrom('identity.relation as relation')
    .innerJoin('identity.relation_kind as kind', 'kind.id', 'relation.kind')
    .innerJoin('identity.person as person', 'person.id', 'relation.person_id')
    .select(['relation.id', 'relation.within_org_id', 'relation.subject_name', 'person.name as person_name', 'kind.title'])
    .where('relation.within_org_id', 'in', [...orgIds])
    .where('relation.ended_at', 'is', null)
    .orderBy('relation.id')
    .execute()
}

export async function setRelationWithin(db: IdentityDb, id: string, orgId: string): Promise<void> {
  await db.updateTable('identity.relation').set({ within_org_id: orgId }).where('id', '=', id).execute()
}

/** Relations that the actor may read, the newest first, also those that have ended. */
export async function listRelations(ctx: Ctx, query: RelationQuery) {
  const limit = query.limit ?? 50
  const after = decodeCursor(query.cursor, ['instant', 'id'])
  const today = todayInShanghai(ctx.now())
  let rows = identityDb(ctx)
    .selectFrom('identity.relation as relation')
    .innerJoin('identity.relation_kind as kind', 'kind.id', 'relation.kind')
    .innerJoin('identity.person as person', 'person.id', 'relation.person_id')
    .leftJoin('identity.account as account', 'account.person_id', 'person.id')
    .leftJoin(organisationsAsOf(today), 'organisation.id', 'relation.within_org_id')
    .selectAll('relation')
    .select(['kind.title', 'kind.granted_everywhere_by', 'kind.granted_within_by'])
    .select(['person.name as person_name', 'account.username', 'organisation.name as within_org_name'])
    .where(readRelation.where(ctx.actor))
  if (query.subjectId) rows = rows.where('relation.subject_id', '=', query.subjectId)
  if (query.q)
    rows = rows.where(
      sql<boolean>`strpos(lower(person.name || ' ' || coalesce(account.username, '') || ' ' || relation.subject_name), lower(${query.q})) > 0`,
    )
  if (query.state) rows = rows.where(stateOf(today), '=', query.state)
  if (after) rows = rows.where(sql<boolean>`(relation.granted_at, relation.id::text) < (${after[0]}::timestamptz, ${after[1]})`)
  const found = await rows
    .orderBy('relation.granted_at', 'desc')
    .orderBy(sql`relation.id::text`, 'desc')
    .limit(limit + 1)
    .execute()
  return toPage(
    found,
    limit,
    (row) => [row.granted_at.toISOString(), row.id],
    (row): Relation => ({
      id: row.id,
      kind: { id: row.kind, title: row.title },
      subject: { kind: row.subject_kind, id: row.subject_id, name: row.subject_name },
      person: { id: row.person_id, name: row.person_name, username: row.username },
      within: row.within_org_id === null ? null : { id: row.within_org_id, name: row.within_org_name ?? row.within_org_id },
      validFrom: row.valid_from,
      validTo: row.valid_to,
      state: standingOf(row, today),
      grantedBy: row.granted_by,
      grantedAt: row.granted_at.toISOString(),
      endedBy: row.ended_by,
      endedAt: row.ended_at?.toISOString() ?? null,
      endReason: row.end_reason,
      verification: verificationOf(row),
      mayEnd: standingOf(row, today) !== 'ended' && mayEndRelation.allows(ctx.actor, row),
    }),
  )
}

function verificationOf({ verified_document, verified_by, verified_at }: RelationRow): Relation['verification'] {
  const document = documents.find((known) => known === verified_document)
  return document && verified_by !== null && verified_at ? { document, by: verified_by, at: verified_at.toISOString() } : null
}

function stateOf(today: string) {
  return sql<Relation['state']>`case
    when relation.ended_at is not null or relation.valid_to <= ${today} then 'ended'
    when relation.valid_from > ${today} then 'coming' else 'standing' end`
}

/** Whether it holds (有效), will hold (未生效) or holds no more (已终止). */
export function standingOf(row: Pick<RelationRow, 'ended_at' | 'valid_from' | 'valid_to'>, today: string): Relation['state'] {
  if (row.ended_at !== null || (row.valid_to !== null && row.valid_to <= today)) return 'ended'
  return row.valid_from > today ? 'coming' : 'standing'
}
