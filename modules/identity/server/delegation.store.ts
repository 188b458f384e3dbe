import { type Actor, type Ctx, type DutyId, decodeCursor, todayInShanghai, toPage } from '@tongchou/kernel'
import { type Selectable, sql } from 'kysely'
import type { Delegation } from './delegation.schema.ts'
import { type DelegationTable, type IdentityDb, identityDb } from './identity.tables.ts'
import { organisationsAsOf } from './organisation.store.ts'
import { currentPosts } from './post.store.ts'
import { storedSettings } from './security-settings.store.ts'

export type DelegationRow = Selectable<DelegationTable>

export async function insertDelegation(db: IdentityDb, row: Omit<DelegationRow, 'ended_at' | 'ended_by'>): Promise<void> {
  await db.insertInto('identity.delegation').values(row).execute()
}

export async function lockDelegation(db: IdentityDb, id: string): Promise<DelegationRow | undefined> {
  return db.selectFrom('identity.delegation').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
}

/** The post of somebody who can sign in, as it is held today; undefined for any other. */
export async function findPostWithAccount(db: IdentityDb, postId: string, today: string) {
  return currentPosts(db, today)
    .innerJoin('identity.account as account', 'account.person_id', 'person.id')
    .where('account.status', '=', 'active')
    .where('post.id', '=', postId)
    .executeTakeFirst()
}

/** Posts of others who can sign in, by name of the person or of the office, colleagues first; the first hundred. */
export async function postsToLendTo(db: IdentityDb, actor: Pick<Actor, 'personId' | 'orgId'>, q: string, today: string) {
  return (
    currentPosts(db, today)
      .innerJoin('identity.account as account', 'account.person_id', 'person.id')
      .where('account.status', '=', 'active')
      .where('person.id', '!=', actor.personId)
      .where((eb) =>
        eb.or([eb(eb.fn('strpos', ['person.name', eb.val(q)]), '>', 0), eb(eb.fn('strpos', ['organisation.name', eb.val(q)]), '>', 0)]),
      )
      // Colleagues of the own office first: they are who usually stands in.
      .orderBy((eb) => eb.case().when('organisation.id', '=', actor.orgId).then(0).else(1).end())
      .orderBy('organisation.sort_order')
      .orderBy('post.title')
      .orderBy('post.id')
      .limit(100)
      .execute()
  )
}

/** Ends a delegation and every session that stands at it. */
export async function endDelegation(db: IdentityDb, id: string, by: string, at: Date): Promise<void> {
  await db.updateTable('identity.delegation').set({ ended_at: at, ended_by: by }).where('id', '=', id).execute()
  await db.deleteFrom('identity.session').where('delegation_id', '=', id).execute()
}

/** Whether a post is lent to the person of another on a day of a period, by a delegation that has not been ended. */
export async function overlaps(
  db: IdentityDb,
  postId: string,
  toPersonId: string,
  period: { validFrom: string; validTo: string },
): Promise<boolean> {
  const row = await db
    .selectFrom('identity.delegation as lent')
    .innerJoin('identity.post as own', 'own.id', 'lent.to_post_id')
    .select('lent.id')
    .where('lent.post_id', '=', postId)
    .where('own.person_id', '=', toPersonId)
    .where('lent.ended_at', 'is', null)
    .where('lent.valid_from', '<', period.validTo)
    .where('lent.valid_to', '>', period.validFrom)
    .executeTakeFirst()
  return row !== undefined
}

/** Duties that are or will be lent to a person: they exclude others like duties of their own. */
export async function dutiesLentTo(db: IdentityDb, personId: string, today: string): Promise<DutyId[]> {
  const rows = await db
    .selectFrom('identity.delegation as lent')
    .innerJoin('identity.post as own', 'own.id', 'lent.to_post_id')
    .innerJoin('identity.post_duty as d', 'd.post_id', 'lent.post_id')
    .select('d.duty')
    .distinct()
    .where('own.person_id', '=', personId)
    .where('lent.ended_at', 'is', null)
    .where('lent.valid_to', '>', today)
    .where((eb) => eb.or([eb('d.valid_to', 'is', null), eb('d.valid_to', '>', today)]))
    .where(sql<boolean>`(lent.duties is null or d.duty = any(lent.duties))`)
    .execute()
  return rows.map((row) => row.duty)
}

/**
 * Posts that are lent today: the post is held by somebody whose account is active, and so is the delegate's own. Either ending ends it.
 * `title`, `organisation_…` and `duties` are those of the lent post, `person_…` whose it is.
 */
export function lentPosts(db: IdentityDb, today: string) {
  return currentPosts(db, today)
    .innerJoin('identity.delegation as lent', 'lent.post_id', 'post.id')
    .innerJoin('identity.post as own', 'own.id', 'lent.to_post_id')
    .innerJoin('identity.organisation as own_office', 'own_office.id', 'own.organisation_id')
    .innerJoin('identity.person as delegate', 'delegate.id', 'own.person_id')
    .innerJoin('identity.account as account', 'account.person_id', 'delegate.id')
    .leftJoin('identity.second_factor as factor', (join) =>
      join.onRef('factor.account_id', '=', 'account.id').on('factor.confirmed_at', 'is not', null),
    )
    .innerJoin('identity.account as lender', 'lender.person_id', 'person.id')
    .where('lent.ended_at', 'is', null)
    .where('lent.valid_from', '<=', today)
    .where('lent.valid_to', '>', today)
    .where('own.valid_from', '<=', today)
    .where((eb) => eb.or([eb('own.valid_to', 'is', null), eb('own.valid_to', '>', today)]))
    .where((eb) => eb.or([eb('own_office.valid_to', 'is', null), eb('own_office.valid_to', '>', today)]))
    .where('account.status', '=', 'active')
    .where('lender.status', '=', 'active')
    .select([
      'lent.id as delegation_id',
      'lent.duties as lent_duties',
      'lent.valid_to as lent_until',
      'delegate.id as delegate_id',
      'delegate.name as delegate_name',
      'account.id as account_id',
      'account.username',
      'account.must_change',
      'account.password_changed_at',
      'account.published_password',
      'factor.kind as second_factor',
      storedSettings.as('security'),
    ])
}

export type LentPostRow = Awaited<ReturnType<ReturnType<typeof lentPosts>['executeTakeFirstOrThrow']>>

/** Never lent: what an administrator may do (三员). */
export const neverLent: readonly DutyId[] = ['system-admin', 'security-admin', 'audit-admin']

/** What the delegate may do there: the duties that were lent and that the post still has. */
export function lentDuties(row: Pick<LentPostRow, 'duties' | 'lent_duties'>): DutyId[] {
  return row.duties.filter((duty) => !neverLent.includes(duty) && (row.lent_duties === null || row.lent_duties.includes(duty)))
}

/** Posts lent to a person today. */
export async function postsLentTo(db: IdentityDb, personId: string, today: string): Promise<LentPostRow[]> {
  return lentPosts(db, today)
    .where('delegate.id', '=', personId)
    .orderBy('organisation.sort_order')
    .orderBy('post.title')
    .orderBy('lent.id')
    .execute()
}

/** Delegations of the reader, as lender (`given`) or as delegate (`received`), latest first. */
export async function listDelegations(ctx: Ctx, box: 'given' | 'received', page: { limit?: number; cursor?: string }) {
  const limit = page.limit ?? 50
  const after = decodeCursor(page.cursor, ['instant', 'id'])
  const today = todayInShanghai(ctx.now())
  let query = identityDb(ctx)
    .selectFrom('identity.delegation as lent')
    .innerJoin('identity.post as post', 'post.id', 'lent.post_id')
    .innerJoin(organisationsAsOf(today), 'organisation.id', 'post.organisation_id')
    .innerJoin('identity.person as person', 'person.id', 'post.person_id')
    .innerJoin('identity.post as own', 'own.id', 'lent.to_post_id')
    .innerJoin('identity.organisation_version as v', (join) =>
      join.onRef('v.organisation_id', '=', 'own.organisation_id').on('v.valid_to', 'is', null),
    )
    .innerJoin('identity.person as delegate', 'delegate.id', 'own.person_id')
    .selectAll('lent')
    .select([
      'post.title',
      'organisation.name as organisation_name',
      'person.id as person_id',
      'person.name as person_name',
      'own.title as own_title',
      'v.name as own_organisation_name',
      'delegate.id as delegate_id',
      'delegate.name as delegate_name',
    ])
    .where(box === 'given' ? 'person.id' : 'delegate.id', '=', ctx.actor.personId)
  if (after) query = query.where(sql<boolean>`(lent.created_at, lent.id::text) < (${after[0]}::timestamptz, ${after[1]})`)
  const rows = await query
    .orderBy('lent.created_at', 'desc')
    .orderBy(sql`lent.id::text`, 'desc')
    .limit(limit + 1)
    .execute()
  const standing = new Set(
    (
      await lentPosts(identityDb(ctx), today)
        .where('lent.id', 'in', rows.length > 0 ? rows.map((row) => row.id) : [null as never])
        .execute()
    ).map((row) => row.delegation_id),
  )
  return toPage(
    rows,
    limit,
    (row) => [row.created_at.toISOString(), row.id],
    (row): Delegation => ({
      id: row.id,
      from: { personId: row.person_id, name: row.person_name, organisation: row.organisation_name, title: row.title },
      to: { personId: row.delegate_id, name: row.delegate_name, organisation: row.own_organisation_name, title: row.own_title },
      duties: row.duties,
      reason: row.reason,
      validFrom: row.valid_from,
      validTo: row.valid_to,
      state: stateOf(row, today, standing.has(row.id)),
      endedBy: row.ended_by,
    }),
  )
}

function stateOf(row: DelegationRow, today: string, stands: boolean): Delegation['state'] {
  if (row.ended_at !== null) return 'ended'
  if (row.valid_from > today) return 'coming'
  // Neither ended by anybody nor over, and yet not standing: one of the two posts or accounts is gone.
  return stands ? 'standing' : 'ended'
}
