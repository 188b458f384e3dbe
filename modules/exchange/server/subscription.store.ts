import { type Ctx, decodeCursor } from '@tongchou/kernel'
import { type Insertable, sql } from 'kysely'
import { exchangeDb, type SubscriptionRow, type SubscriptionTable } from './channel.tables.ts'
import type { SubscriptionQuery } from './feed.schema.ts'
import { readSubscription } from './subscription.permissions.ts'

/** After so long without a request a receiver is told to be silent; one that waits for changes asks every minute. */
const SILENT_MS = 24 * 3_600_000

export async function findSubscription(ctx: Ctx, grantId: string): Promise<SubscriptionRow | undefined> {
  return exchangeDb(ctx).selectFrom('exchange.subscription').selectAll().where('grant_id', '=', grantId).executeTakeFirst()
}

/** Undefined when it is there already, also when two open it at once. */
export async function insertSubscription(ctx: Ctx, values: Insertable<SubscriptionTable>): Promise<SubscriptionRow | undefined> {
  return exchangeDb(ctx)
    .insertInto('exchange.subscription')
    .values(values)
    .onConflict((conflict) => conflict.column('grant_id').doNothing())
    .returningAll()
    .executeTakeFirst()
}

/** What the receiver is shown from now on begins anew. */
export async function beginLoad(ctx: Ctx, grantId: string): Promise<void> {
  await exchangeDb(ctx)
    .updateTable('exchange.subscription')
    .set({ loaded_at: null, confirmed_seq: null, confirmed_at: null, position: 0, seen_at: ctx.now() })
    .where('grant_id', '=', grantId)
    .execute()
}

/** The receiver was there; where he asks for what follows a place, he has everything before it. */
export async function confirm(ctx: Ctx, grantId: string, place?: { seq: number; position: number }): Promise<void> {
  const moved = place && {
    loaded_at: sql<Date>`coalesce(loaded_at, ${ctx.now()})`,
    confirmed_seq: place.seq,
    confirmed_at: sql<Date>`case when confirmed_seq is distinct from ${place.seq} then ${ctx.now()} else confirmed_at end`,
    position: place.position,
  }
  await exchangeDb(ctx)
    .updateTable('exchange.subscription')
    .set({ seen_at: ctx.now(), refused_at: null, refusal: null, ...moved })
    .where('grant_id', '=', grantId)
    .execute()
}

/** Keeps why the receiver was refused, for those who look after the exchange. */
export async function keepRefusal(ctx: Ctx, grantId: string, refusal: { code: string; message: string }): Promise<void> {
  await exchangeDb(ctx)
    .updateTable('exchange.subscription')
    .set({ refused_at: ctx.now(), refusal: JSON.stringify(refusal) })
    .where('grant_id', '=', grantId)
    .execute()
}

/** What the reader may see, newest first; one more row than a page. */
export async function listSubscriptions(
  ctx: Ctx,
  query: Omit<SubscriptionQuery, 'attention'> & { grants?: readonly string[] },
  limit: number,
): Promise<SubscriptionRow[]> {
  const before = decodeCursor(query.cursor, ['integer'])?.[0]
  let rows = exchangeDb(ctx).selectFrom('exchange.subscription').selectAll().where(readSubscription.where(ctx.actor))
  const { grants } = query
  if (grants !== undefined) rows = rows.where((eb) => (grants.length > 0 ? eb('grant_id', 'in', grants) : eb.lit(false)))
  if (before !== undefined) rows = rows.where('number', '<', before)
  if (query.resource !== undefined) rows = rows.where('resource', '=', query.resource)
  if (query.orgId !== undefined) rows = rows.where('org_id', '=', query.orgId)
  if (query.providerId !== undefined) rows = rows.where('provider_org_id', '=', query.providerId)
  return rows
    .orderBy('number', 'desc')
    .limit(limit + 1)
    .execute()
}

/** Of what the reader may see, the grants whose receiver was refused last, or has not been there since; also of grants that have ended. */
export async function grantsWanting(ctx: Ctx, what: NonNullable<SubscriptionQuery['attention']>): Promise<string[]> {
  const silentSince = new Date(ctx.now().getTime() - SILENT_MS)
  const rows = await exchangeDb(ctx)
    .selectFrom('exchange.subscription')
    .select('grant_id')
    .where(readSubscription.where(ctx.actor))
    .where((eb) => (what === 'refused' ? eb('refused_at', 'is not', null) : eb(eb.fn.coalesce('seen_at', 'opened_at'), '<', silentSince)))
    .execute()
  return rows.map(({ grant_id }) => grant_id)
}
