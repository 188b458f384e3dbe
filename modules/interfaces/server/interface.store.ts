import { type Ctx, decodeCursor, type KeyRing, seal, sealedUnder, todayInShanghai, unseal } from '@tongchou/kernel'
import { type Insertable, sql, type Updateable } from 'kysely'
import { readInterface } from './interface.permissions.ts'
import type { InterfaceQuery } from './interface.schema.ts'
import { type CallRow, type CallTable, type InterfaceRow, type InterfaceTable, interfacesDb } from './interface.tables.ts'

export async function findInterface(ctx: Ctx, resource: string): Promise<InterfaceRow | undefined> {
  return interfacesDb(ctx).selectFrom('interfaces.interface').selectAll().where('resource', '=', resource).executeTakeFirst()
}

/** Locks the row until the transaction ends, so that two acts on one interface cannot interleave. */
export async function lockInterface(ctx: Ctx, resource: string): Promise<InterfaceRow | undefined> {
  return interfacesDb(ctx).selectFrom('interfaces.interface').selectAll().where('resource', '=', resource).forUpdate().executeTakeFirst()
}

/** Undefined where somebody else was first. */
export async function insertInterface(ctx: Ctx, values: Insertable<InterfaceTable>): Promise<InterfaceRow | undefined> {
  return interfacesDb(ctx)
    .insertInto('interfaces.interface')
    .values(values)
    .onConflict((on) => on.column('resource').doNothing())
    .returningAll()
    .executeTakeFirst()
}

export async function updateInterface(ctx: Ctx, resource: string, set: Updateable<InterfaceTable>): Promise<InterfaceRow> {
  return interfacesDb(ctx)
    .updateTable('interfaces.interface')
    .set({ ...set, version: sql<number>`version + 1`, updated_by: `${ctx.actor.orgName} ${ctx.actor.name}`, updated_at: ctx.now() })
    .where('resource', '=', resource)
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** One more fault after the other, and how many that are now; under the row's lock, so that each is counted. */
export async function addFailure(ctx: Ctx, resource: string): Promise<InterfaceRow | undefined> {
  return interfacesDb(ctx)
    .updateTable('interfaces.interface')
    .set({ failures: sql<number>`failures + 1` })
    .where('resource', '=', resource)
    .returningAll()
    .executeTakeFirst()
}

export async function pause(ctx: Ctx, resource: string, until: Date): Promise<void> {
  await interfacesDb(ctx).updateTable('interfaces.interface').set({ paused_until: until }).where('resource', '=', resource).execute()
}

/** It answers again; true for the one call that ends a pause. */
export async function clearFailures(ctx: Ctx, resource: string): Promise<boolean> {
  const row = await lockInterface(ctx, resource)
  if (!row || row.failures === 0) return false
  await interfacesDb(ctx)
    .updateTable('interfaces.interface')
    .set({ failures: 0, paused_until: null })
    .where('resource', '=', resource)
    .execute()
  return row.paused_until !== null
}

/** A line of the list: the interface with its calls of today and the last one. */
export type InterfaceListRow = InterfaceRow & {
  calls_today: number
  faults_today: number
  last_at: Date | null
  last_fault: CallRow['fault']
}

function counted(ctx: Ctx) {
  const today = new Date(`${todayInShanghai(ctx.now())}T00:00:00+08:00`)
  const one = (what: string) =>
    sql.raw(`(select ${what} from interfaces.call c where c.resource = interfaces.interface.resource order by c.id desc limit 1)`)
  return interfacesDb(ctx)
    .selectFrom('interfaces.interface')
    .selectAll('interfaces.interface')
    .select([
      sql<number>`(select count(*)::int from interfaces.call c where c.resource = interfaces.interface.resource and c.at >= ${today})`.as(
        'calls_today',
      ),
      sql<number>`(select count(c.fault)::int from interfaces.call c where c.resource = interfaces.interface.resource and c.at >= ${today})`.as(
        'faults_today',
      ),
      sql<Date | null>`${one('c.at')}`.as('last_at'),
      sql<CallRow['fault']>`${one('c.fault')}`.as('last_fault'),
    ])
}

export async function findCounted(ctx: Ctx, resource: string): Promise<InterfaceListRow | undefined> {
  return counted(ctx).where('interfaces.interface.resource', '=', resource).executeTakeFirst()
}

/** What the reader may see, newest first; one more row than a page. */
export async function listInterfaces(ctx: Ctx, query: InterfaceQuery, limit: number): Promise<InterfaceListRow[]> {
  const before = decodeCursor(query.cursor, ['integer'])?.[0]
  let rows = counted(ctx).where(readInterface.where(ctx.actor))
  if (query.orgId !== undefined) rows = rows.where('org_id', '=', query.orgId)
  if (query.resourceId !== undefined) rows = rows.where('resource', '=', query.resourceId)
  if (query.standing === 'in-use')
    rows = rows.where('state', '=', 'approved').where((eb) => eb.or([eb('paused_until', 'is', null), eb('paused_until', '<=', ctx.now())]))
  else if (query.standing === 'paused') rows = rows.where('state', '=', 'approved').where('paused_until', '>', ctx.now())
  else if (query.standing !== undefined) rows = rows.where('state', '=', query.standing)
  if (before !== undefined) rows = rows.where('number', '<', Number(before))
  return rows
    .orderBy('number', 'desc')
    .limit(limit + 1)
    .execute()
}

export async function insertCall(ctx: Ctx, values: Insertable<CallTable>): Promise<void> {
  await interfacesDb(ctx).insertInto('interfaces.call').values(values).execute()
}

export async function lastCalls(ctx: Ctx, resource: string, limit: number): Promise<CallRow[]> {
  return interfacesDb(ctx)
    .selectFrom('interfaces.call')
    .selectAll()
    .where('resource', '=', resource)
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
}

/** Offices that called lately, whom its standing concerns. */
export async function callersSince(ctx: Ctx, resource: string, since: Date): Promise<string[]> {
  const rows = await interfacesDb(ctx)
    .selectFrom('interfaces.call')
    .select('org_id')
    .distinct()
    .where('resource', '=', resource)
    .where('at', '>=', since)
    .execute()
  return rows.map(({ org_id }) => org_id)
}

export async function forgetCalls(ctx: Ctx, before: Date): Promise<void> {
  await interfacesDb(ctx).deleteFrom('interfaces.call').where('at', '<', before).execute()
}

/** Locked interfaces of some organisations. */
export async function interfacesOf(ctx: Ctx, orgIds: readonly string[]): Promise<InterfaceRow[]> {
  return interfacesDb(ctx)
    .selectFrom('interfaces.interface')
    .selectAll()
    .where('org_id', 'in', [...orgIds])
    .orderBy('number')
    .forUpdate()
    .execute()
}

type Keys = Pick<KeyRing, 'sealing'>
const placeOf = (resource: string) => `interfaces.interface/${resource}`

/** A credential as it is stored. */
export const sealCredential = (keys: Keys, resource: string, value: string) => seal(keys as KeyRing, value, placeOf(resource))

/** The credential itself, for as long as one call takes. */
export const credentialOf = (keys: Keys, resource: string, sealed: string) => unseal(keys as KeyRing, sealed, placeOf(resource))

/** Seals every credential under the key in use that is sealed under another (重新加密). Answers how many. */
export async function resealCredentials(ctx: Ctx, keys: KeyRing): Promise<number> {
  const rows = await interfacesDb(ctx)
    .selectFrom('interfaces.interface')
    .select(['resource', 'credential'])
    .where('credential', 'not like', `v1.${keys.sealing.current}.%`)
    .orderBy('resource')
    .forUpdate()
    .execute()
  for (const { resource, credential } of rows)
    if (credential !== null)
      await interfacesDb(ctx)
        .updateTable('interfaces.interface')
        .set({ credential: sealCredential(keys, resource, credentialOf(keys, resource, credential)) })
        .where('resource', '=', resource)
        .execute()
  return rows.length
}

/** Takes away every credential that no key of these opens any more (密钥已丢失), and stops its interface. Answers how many. */
export async function forgetLostCredentials(ctx: Ctx, keys: KeyRing): Promise<string[]> {
  const rows = await interfacesDb(ctx)
    .selectFrom('interfaces.interface')
    .select(['resource', 'credential'])
    .orderBy('resource')
    .forUpdate()
    .execute()
  const lost = rows
    .filter(({ credential }) => credential !== null && !keys.sealing.byId.has(sealedUnder(credential) ?? ''))
    .map(({ resource }) => resource)
  for (const resource of lost)
    await updateInterface(ctx, resource, { credential: null, state: 'stopped', state_reason: '密钥文件已丢失，凭据须重新登记' })
  return lost
}
