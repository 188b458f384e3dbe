import { type Ctx, decodeCursor, type KernelTables, todayInShanghai } from '@tongchou/kernel'
import type { RecordGrant } from '@tongchou/records'
import { type Insertable, type Kysely, sql, type Updateable } from 'kysely'
import { readGrant } from './sharing.permissions.ts'
import type { GrantQuery } from './sharing.schema.ts'
import { type GrantRow, type GrantTable, sharingDb, type Way } from './sharing.tables.ts'

/** A grant as whoever hands records out needs it (有效授权). */
export interface GrantInForce {
  id: string
  /** The catalog entry. */
  resource: string
  /** Who may use it. */
  orgId: string
  /** Whose the resource is. */
  providerOrgId: string
  way: Way
  grant: RecordGrant
  /** The last civil day on which it holds. */
  validUntil: string
  purpose: string
  /** 每日限额（条）, null for no limit. */
  quotaPerDay: number | null
}

/**
 * The grant if it holds at this moment: not before its term, suspended, revoked or expired. One row by its key, so a running flow may ask every
 * second. Entries with grants in force cannot be withdrawn, so the resource need not be looked at.
 */
export async function grantInForce(db: Kysely<KernelTables>, id: string, now: Date): Promise<GrantInForce | undefined> {
  const row = await inForceOn(db, todayInShanghai(now)).where('id', '=', id).executeTakeFirst()
  return (
    row && {
      ...{
        id: row.id,
        resource: row.resource,
        orgId: row.org_id,
        providerOrgId: row.provider_org_id,
        way: row.way,
        validUntil: row.valid_until,
        purpose: row.purpose,
        quotaPerDay: row.quota_per_day,
      },
      grant: { items: row.items, rows: row.row_conditions },
    }
  )
}

/** The last day of those of these grants that hold at this moment. */
export async function termsInForce(ctx: Ctx, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map()
  const rows = await inForceOn(ctx.db, todayInShanghai(ctx.now())).where('id', 'in', ids).execute()
  return new Map(rows.map(({ id, valid_until }) => [id, valid_until]))
}

function inForceOn(db: Kysely<KernelTables>, day: string) {
  return sharingDb(db)
    .selectFrom('sharing.grant')
    .selectAll()
    .where('state', '=', 'in-force')
    .where('valid_from', '<=', day)
    .where('valid_until', '>=', day)
}

/** Grants in force of a resource to an organisation, the oldest first. */
export async function grantsInForce(ctx: Ctx, resource: string, orgId: string): Promise<GrantRow[]> {
  return inForceOn(ctx.db, todayInShanghai(ctx.now()))
    .where('resource', '=', resource)
    .where('org_id', '=', orgId)
    .orderBy('number')
    .execute()
}

/** Grants of a resource that hold or may hold again: neither revoked nor over. */
export async function livingGrants(ctx: Ctx, resource: string): Promise<GrantRow[]> {
  return sharingDb(ctx.db)
    .selectFrom('sharing.grant')
    .selectAll()
    .where('resource', '=', resource)
    .where('state', '<>', 'revoked')
    .where('valid_until', '>=', todayInShanghai(ctx.now()))
    .orderBy('number')
    .execute()
}

export async function insertGrant(db: Kysely<KernelTables>, values: Insertable<GrantTable>): Promise<GrantRow> {
  return sharingDb(db).insertInto('sharing.grant').values(values).returningAll().executeTakeFirstOrThrow()
}

export async function findGrant(ctx: Ctx, id: string): Promise<GrantRow | undefined> {
  return sharingDb(ctx.db).selectFrom('sharing.grant').selectAll().where('id', '=', id).executeTakeFirst()
}

export async function lockGrant(ctx: Ctx, id: string): Promise<GrantRow | undefined> {
  return sharingDb(ctx.db).selectFrom('sharing.grant').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
}

/** The grants that came of a request and still hold or may hold again. */
export async function grantsOfRequest(ctx: Ctx, requestId: string): Promise<GrantRow[]> {
  return sharingDb(ctx.db)
    .selectFrom('sharing.grant')
    .selectAll()
    .where('request_id', '=', requestId)
    .where('state', '<>', 'revoked')
    .execute()
}

/** The numbers of some grants by their ids. */
export async function grantNumbers(ctx: Ctx, ids: readonly string[]): Promise<Map<string, number>> {
  if (ids.length === 0) return new Map()
  const rows = await sharingDb(ctx.db)
    .selectFrom('sharing.grant')
    .select(['id', 'number'])
    .where('id', 'in', [...ids])
    .execute()
  return new Map(rows.map(({ id, number }) => [id, number]))
}

export async function updateGrant(ctx: Ctx, id: string, set: Updateable<GrantTable>): Promise<GrantRow> {
  return sharingDb(ctx.db)
    .updateTable('sharing.grant')
    .set({ ...set, version: sql<number>`version + 1`, updated_by: `${ctx.actor.orgName} ${ctx.actor.name}`, updated_at: ctx.now() })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** A grant with how much it was used. */
export type UsedGrant = GrantRow & { queries: number; records: number; last_at: Date | null; today: number }

function used(ctx: Ctx) {
  const today = todayInShanghai(ctx.now())
  const of = (what: string) => sql.raw(`(select ${what} from sharing.use u where u.grant_id = sharing."grant".id)`)
  return sharingDb(ctx.db)
    .selectFrom('sharing.grant')
    .selectAll('sharing.grant')
    .select([
      sql<number>`${of('coalesce(sum(u.queries), 0)::int')}`.as('queries'),
      sql<number>`${of('coalesce(sum(u.records), 0)::int')}`.as('records'),
      sql<Date | null>`${of('max(u.last_at)')}`.as('last_at'),
      sql<number>`coalesce((select u.records from sharing.use u where u.grant_id = sharing."grant".id and u.day = ${today}), 0)`.as(
        'today',
      ),
    ])
}

export async function findUsedGrant(ctx: Ctx, id: string): Promise<UsedGrant | undefined> {
  return used(ctx).where('sharing.grant.id', '=', id).executeTakeFirst()
}

/** What the reader may see, newest first; one more row than a page. */
export async function listGrants(ctx: Ctx, query: GrantQuery, limit: number): Promise<UsedGrant[]> {
  const before = decodeCursor(query.cursor, ['integer'])?.[0]
  const today = todayInShanghai(ctx.now())
  let rows = used(ctx).where(readGrant.where(ctx.actor, 'sharing.grant'))
  if (query.side !== undefined) rows = rows.where(query.side === 'mine' ? 'org_id' : 'provider_org_id', '=', ctx.actor.orgId)
  if (query.orgId !== undefined) rows = rows.where('org_id', '=', query.orgId)
  if (query.providerId !== undefined) rows = rows.where('provider_org_id', '=', query.providerId)
  if (query.resourceId !== undefined) rows = rows.where('resource', '=', query.resourceId)
  if (query.until !== undefined) rows = rows.where('valid_until', '<=', query.until)
  if (query.standing === 'suspended' || query.standing === 'revoked') rows = rows.where('state', '=', query.standing)
  else if (query.standing !== undefined) {
    rows = rows.where('state', '=', 'in-force')
    if (query.standing === 'coming') rows = rows.where('valid_from', '>', today)
    else if (query.standing === 'expired') rows = rows.where('valid_until', '<', today)
    else rows = rows.where('valid_from', '<=', today).where('valid_until', '>=', today)
  }
  if (before !== undefined) rows = rows.where('number', '<', before)
  return rows
    .orderBy('number', 'desc')
    .limit(limit + 1)
    .execute()
}

/** How many records a grant has given today; whoever counts at the same moment waits until this transaction ends. */
export async function lockUse(ctx: Ctx, grantId: string): Promise<number> {
  const row = await sharingDb(ctx.db)
    .insertInto('sharing.use')
    .values({ grant_id: grantId, day: todayInShanghai(ctx.now()), queries: 0, records: 0, last_at: ctx.now() })
    .onConflict((on) => on.columns(['grant_id', 'day']).doUpdateSet({ last_at: ctx.now() }))
    .returning('records')
    .executeTakeFirstOrThrow()
  return row.records
}

export async function addUse(ctx: Ctx, grantId: string, records: number): Promise<void> {
  await sharingDb(ctx.db)
    .updateTable('sharing.use')
    .set({ queries: sql<number>`queries + 1`, records: sql<number>`records + ${records}`, last_at: ctx.now() })
    .where('grant_id', '=', grantId)
    .where('day', '=', todayInShanghai(ctx.now()))
    .execute()
}

/** Grants in force whose last day is one of the next ones, for who warns of it. */
export async function expiringGrants(ctx: Ctx, until: string): Promise<GrantRow[]> {
  return inForceOn(ctx.db, todayInShanghai(ctx.now())).where('valid_until', '<=', until).orderBy('number').execute()
}

/** Locked grants by or to one of some organisations. */
export async function grantsOfOrganisations(ctx: Ctx, orgIds: readonly string[]): Promise<GrantRow[]> {
  return sharingDb(ctx.db)
    .selectFrom('sharing.grant')
    .selectAll()
    .where((eb) => eb.or([eb('org_id', 'in', [...orgIds]), eb('provider_org_id', 'in', [...orgIds])]))
    .orderBy('number')
    .forUpdate()
    .execute()
}
