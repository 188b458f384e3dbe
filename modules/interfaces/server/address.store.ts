import { type Ctx, decodeCursor } from '@tongchou/kernel'
import type { Insertable } from 'kysely'
import { interfacesDb, type PermittedAddressRow, type PermittedAddressTable } from './interface.tables.ts'

/** All of the list: each call is held against it. */
export async function permittedAddresses(ctx: Ctx): Promise<PermittedAddressRow[]> {
  return interfacesDb(ctx).selectFrom('interfaces.permitted_address').selectAll().execute()
}

/** The oldest first; one more row than a page. */
export async function listAddresses(ctx: Ctx, cursor: string | undefined, limit: number): Promise<PermittedAddressRow[]> {
  const after = decodeCursor(cursor, ['text', 'text'])
  let rows = interfacesDb(ctx).selectFrom('interfaces.permitted_address').selectAll()
  if (after) rows = rows.where((eb) => eb(eb.refTuple('added_at', 'id'), '>', eb.tuple(new Date(String(after[0])), String(after[1]))))
  return rows
    .orderBy('added_at')
    .orderBy('id')
    .limit(limit + 1)
    .execute()
}

export async function isListed(ctx: Ctx, id: string): Promise<boolean> {
  const row = await interfacesDb(ctx).selectFrom('interfaces.permitted_address').select('id').where('id', '=', id).executeTakeFirst()
  return row !== undefined
}

/** Undefined where it is on the list already. */
export async function insertAddress(ctx: Ctx, values: Insertable<PermittedAddressTable>): Promise<PermittedAddressRow | undefined> {
  return interfacesDb(ctx)
    .insertInto('interfaces.permitted_address')
    .values(values)
    .onConflict((on) => on.doNothing())
    .returningAll()
    .executeTakeFirst()
}

export async function deleteAddress(ctx: Ctx, id: string): Promise<PermittedAddressRow | undefined> {
  return interfacesDb(ctx).deleteFrom('interfaces.permitted_address').where('id', '=', id).returningAll().executeTakeFirst()
}
