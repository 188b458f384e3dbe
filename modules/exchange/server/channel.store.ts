import { type Ctx, containing, isId, type SortKey, sorted } from '@tongchou/kernel'
import { type Insertable, sql, type Updateable } from 'kysely'
import { readChannel } from './channel.permissions.ts'
import type { ChannelQuery } from './channel.schema.ts'
import { type ChannelKeyRow, type ChannelKeyTable, type ChannelRow, type ChannelTable, exchangeDb } from './channel.tables.ts'

export async function insertChannel(ctx: Ctx, values: Insertable<ChannelTable>): Promise<ChannelRow> {
  return exchangeDb(ctx).insertInto('exchange.channel').values(values).returningAll().executeTakeFirstOrThrow()
}

export async function findChannel(ctx: Ctx, id: string): Promise<ChannelRow | undefined> {
  return exchangeDb(ctx).selectFrom('exchange.channel').selectAll().where('id', '=', id).executeTakeFirst()
}

/** Locks the row until the transaction ends, so that two acts on one channel cannot interleave. */
export async function lockChannel(ctx: Ctx, id: string): Promise<ChannelRow | undefined> {
  return exchangeDb(ctx).selectFrom('exchange.channel').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
}

/** Names are given one by one within an organisation, so that a name found free is still free when it is taken. */
export async function isNameTaken(ctx: Ctx, orgId: string, name: string): Promise<boolean> {
  await sql`select pg_advisory_xact_lock(hashtext('exchange.channel'), hashtext(${orgId}))`.execute(ctx.db)
  const row = await exchangeDb(ctx)
    .selectFrom('exchange.channel')
    .select('id')
    .where('org_id', '=', orgId)
    .where('name', '=', name)
    .executeTakeFirst()
  return row !== undefined
}

export async function updateChannel(ctx: Ctx, id: string, set: Updateable<ChannelTable>): Promise<ChannelRow> {
  return exchangeDb(ctx)
    .updateTable('exchange.channel')
    .set({ ...set, version: sql<number>`version + 1`, updated_by: `${ctx.actor.orgName} ${ctx.actor.name}`, updated_at: ctx.now() })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** A line of the list: the channel, and when its lanes last had a batch taken or refused. */
export type ChannelListRow = ChannelRow & { last_at: Date | null; failed_at: Date | null }

const latest = (column: 'last_at' | 'failed_at') =>
  sql<Date | null>`(select max(l.${sql.ref(column)}) from exchange.lane l where l.channel_id = exchange.channel.id)`
/** Before every batch, so that channels that have received nothing stand at the end. */
const never = sql`timestamptz 'epoch'`

/** What the list can be sorted by; newest number first unless asked. */
export const channelSorts = {
  number: { title: '通道编号', kind: 'integer', by: sql.ref('exchange.channel.number'), of: (row) => row.number },
  last: { title: '最近接收', kind: 'instant', by: sql`coalesce(${latest('last_at')}, ${never})`, of: (row) => row.last_at ?? new Date(0) },
} as const satisfies Record<string, SortKey<ChannelListRow>>

/** The order that is asked for, from the cursor on. */
export function channelOrder({ sort = '-number', cursor }: ChannelQuery) {
  return sorted<ChannelListRow, keyof typeof channelSorts>(
    channelSorts,
    { kind: 'integer', by: sql.ref('exchange.channel.number'), of: (row) => row.number },
    sort,
    cursor,
  )
}

/** What the reader may see; one more row than a page. */
export async function listChannels(ctx: Ctx, query: ChannelQuery, limit: number): Promise<ChannelListRow[]> {
  const { state, orgId, alarm, q } = query
  const order = channelOrder(query)
  let rows = exchangeDb(ctx)
    .selectFrom('exchange.channel')
    .selectAll('exchange.channel')
    .select([latest('last_at').as('last_at'), latest('failed_at').as('failed_at')])
    .where(readChannel.where(ctx.actor))
  if (order.after) rows = rows.where(order.after)
  if (state !== undefined) rows = rows.where('state', '=', state)
  if (orgId !== undefined) rows = rows.where('org_id', '=', orgId)
  if (q !== undefined) rows = rows.where('name', 'ilike', containing(q))
  if (alarm !== undefined)
    rows = rows.where((eb) =>
      eb.exists(
        eb
          .selectFrom('exchange.alarm as a')
          .select('a.id')
          .whereRef('a.channel_id', '=', 'exchange.channel.id')
          .where('a.kind', '=', alarm)
          .where('a.closed_at', 'is', null),
      ),
    )
  return rows
    .orderBy(order.by, order.direction)
    .orderBy(order.tie, order.direction)
    .limit(limit + 1)
    .execute()
}

/** What channels are called, whoever asks: a name tells nothing of what is sent. */
export async function channelNames(ctx: Ctx, ids: readonly string[]): Promise<Map<string, string>> {
  const known = ids.filter(isId)
  if (known.length === 0) return new Map()
  const rows = await exchangeDb(ctx).selectFrom('exchange.channel').select(['id', 'name']).where('id', 'in', known).execute()
  return new Map(rows.map(({ id, name }) => [id, name]))
}

/** All keys of a channel, those that were withdrawn included, in the order in which they were registered. */
export async function keysOf(ctx: Ctx, channelId: string): Promise<ChannelKeyRow[]> {
  return exchangeDb(ctx)
    .selectFrom('exchange.channel_key')
    .selectAll()
    .where('channel_id', '=', channelId)
    .orderBy('registered_at')
    .orderBy('fingerprint')
    .execute()
}

/** A key that is in force on a channel. */
export async function findKey(ctx: Ctx, channelId: string, fingerprint: string): Promise<ChannelKeyRow | undefined> {
  return exchangeDb(ctx)
    .selectFrom('exchange.channel_key')
    .selectAll()
    .where('channel_id', '=', channelId)
    .where('fingerprint', '=', fingerprint)
    .where('withdrawn_at', 'is', null)
    .executeTakeFirst()
}

/** Whether some other office has this key on a channel of its own. Who asks waits for others who register the same one. */
export async function isKeyOfOthers(ctx: Ctx, fingerprint: string, orgId: string): Promise<boolean> {
  await sql`select pg_advisory_xact_lock(hashtext('exchange.channel_key'), hashtext(${fingerprint}))`.execute(ctx.db)
  const row = await exchangeDb(ctx)
    .selectFrom('exchange.channel_key')
    .select('channel_id')
    .where('fingerprint', '=', fingerprint)
    .where('org_id', '<>', orgId)
    .executeTakeFirst()
  return row !== undefined
}

export async function insertKey(ctx: Ctx, values: Insertable<ChannelKeyTable>): Promise<void> {
  await exchangeDb(ctx).insertInto('exchange.channel_key').values(values).execute()
}

/** Answers whether it was in force. */
export async function withdrawKey(ctx: Ctx, channelId: string, fingerprint: string): Promise<boolean> {
  const row = await exchangeDb(ctx)
    .updateTable('exchange.channel_key')
    .set({ withdrawn_at: ctx.now(), withdrawn_by: `${ctx.actor.orgName} ${ctx.actor.name}` })
    .where('channel_id', '=', channelId)
    .where('fingerprint', '=', fingerprint)
    .where('withdrawn_at', 'is', null)
    .returning('fingerprint')
    .executeTakeFirst()
  return row !== undefined
}

/** The channel as it stands now, kept from being changed until the transaction ends. */
export async function shareChannel(ctx: Ctx, id: string): Promise<ChannelRow | undefined> {
  return exchangeDb(ctx).selectFrom('exchange.channel').selectAll().where('id', '=', id).forShare().executeTakeFirst()
}
