import { type Ctx, containing, decodeCursor } from '@tongchou/kernel'
import { type Insertable, sql, type Updateable } from 'kysely'
import { readRequest } from './sharing.permissions.ts'
import type { RequestQuery } from './sharing.schema.ts'
import { type DecisionRow, type DecisionTable, type RequestRow, type RequestTable, sharingDb } from './sharing.tables.ts'

export async function insertRequest(ctx: Ctx, values: Insertable<RequestTable>): Promise<RequestRow> {
  return sharingDb(ctx.db).insertInto('sharing.request').values(values).returningAll().executeTakeFirstOrThrow()
}

export async function findRequest(ctx: Ctx, id: string): Promise<RequestRow | undefined> {
  return sharingDb(ctx.db).selectFrom('sharing.request').selectAll().where('id', '=', id).executeTakeFirst()
}

/** Locks the row until the transaction ends, so that an edit and an act of the procedure cannot interleave. */
export async function lockRequest(ctx: Ctx, id: string): Promise<RequestRow | undefined> {
  return sharingDb(ctx.db).selectFrom('sharing.request').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
}

export async function updateRequest(ctx: Ctx, id: string, set: Updateable<RequestTable>): Promise<RequestRow> {
  return sharingDb(ctx.db)
    .updateTable('sharing.request')
    .set({ ...set, version: sql<number>`version + 1`, updated_by: `${ctx.actor.orgName} ${ctx.actor.name}`, updated_at: ctx.now() })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** Requests are made and grants given for one resource one by one, and not while its withdrawal is looked at. */
export async function lockResource(ctx: Ctx, resource: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('sharing.resource'), hashtext(${resource}))`.execute(ctx.db)
}

export async function insertDecision(ctx: Ctx, values: Insertable<DecisionTable>): Promise<void> {
  await sharingDb(ctx.db).insertInto('sharing.decision').values(values).execute()
}

/** Every decision on a request, the first one first. */
export async function decisionsOf(ctx: Ctx, requestId: string): Promise<DecisionRow[]> {
  return sharingDb(ctx.db).selectFrom('sharing.decision').selectAll().where('request_id', '=', requestId).orderBy('id').execute()
}

/** States in which a request waits for somebody. */
export const openStates = ['draft', 'submitted', 'signed-off', 'returned', 'disputed'] as const

/** The actor's own organisation's open requests for a resource. */
export async function openRequestsOf(ctx: Ctx, resource: string, orgId: string): Promise<RequestRow[]> {
  return sharingDb(ctx.db)
    .selectFrom('sharing.request')
    .selectAll()
    .where('resource', '=', resource)
    .where('org_id', '=', orgId)
    .where('state', 'in', openStates)
    .orderBy('number')
    .execute()
}

/** What the reader may see, newest first; one more row than a page. */
export async function listRequests(ctx: Ctx, query: RequestQuery, limit: number): Promise<RequestRow[]> {
  const before = decodeCursor(query.cursor, ['integer'])?.[0]
  let rows = sharingDb(ctx.db).selectFrom('sharing.request').selectAll().where(readRequest.where(ctx.actor, 'sharing.request'))
  if (query.side !== undefined) rows = rows.where(query.side === 'mine' ? 'org_id' : 'provider_org_id', '=', ctx.actor.orgId)
  if (query.state !== undefined) rows = rows.where('state', '=', query.state)
  if (query.orgId !== undefined) rows = rows.where('org_id', '=', query.orgId)
  if (query.providerId !== undefined) rows = rows.where('provider_org_id', '=', query.providerId)
  if (query.resourceId !== undefined) rows = rows.where('resource', '=', query.resourceId)
  if (query.q !== undefined) rows = rows.where('title', 'ilike', containing(query.q))
  if (before !== undefined) rows = rows.where('number', '<', before)
  return rows
    .orderBy('number', 'desc')
    .limit(limit + 1)
    .execute()
}

/** How long a provider took to decide what was asked of it: how many, and the median of the days; undefined before it has decided anything. */
export async function usualTime(ctx: Ctx, providerOrgId: string): Promise<{ decided: number; medianDays: number } | undefined> {
  const { rows } = await sql<{ decided: number; days: number | null }>`
    select count(*)::int as decided,
      ceil(percentile_cont(0.5) within group (order by extract(epoch from d.decided_at - r.submitted_at) / 86400))::int as days
    from sharing.decision d join sharing.request r on r.id = d.request_id
    where d.decided_as = 'provider' and r.provider_org_id = ${providerOrgId}`.execute(ctx.db)
  const [row] = rows
  return row && row.days !== null ? { decided: row.decided, medianDays: row.days } : undefined
}

/** Locked requests by or to one of some organisations. */
export async function requestsOfOrganisations(ctx: Ctx, orgIds: readonly string[]): Promise<RequestRow[]> {
  return sharingDb(ctx.db)
    .selectFrom('sharing.request')
    .selectAll()
    .where((eb) => eb.or([eb('org_id', 'in', [...orgIds]), eb('provider_org_id', 'in', [...orgIds])]))
    .orderBy('number')
    .forUpdate()
    .execute()
}
