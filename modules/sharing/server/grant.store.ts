import { type KernelTables, todayInShanghai } from '@tongchou/kernel'
import type { RecordGrant } from '@tongchou/records'
import type { Insertable, Kysely } from 'kysely'
import { type GrantRow, type GrantTable, sharingDb, type Way } from './grant.tables.ts'

/** A grant as whoever hands records out needs it (有效授权). */
export interface GrantInForce {
  id: string
  /** The catalog entry. */
  resource: string
  /** Who may use it. */
  orgId: string
  way: Way
  grant: RecordGrant
  /** The last civil day on which it holds. */
  validUntil: string
  purpose: string
}

/**
 * The grant if it holds at this moment: not before its term, suspended, revoked or expired. One row by its key, so a running flow may ask every
 * second. Entries with grants in force cannot be withdrawn, so the resource need not be looked at.
 */
export async function grantInForce(db: Kysely<KernelTables>, id: string, now: Date): Promise<GrantInForce | undefined> {
  const row = await inForceOn(db, todayInShanghai(now)).where('id', '=', id).executeTakeFirst()
  return (
    row && {
      ...{ id: row.id, resource: row.resource, orgId: row.org_id, way: row.way, validUntil: row.valid_until, purpose: row.purpose },
      grant: { items: row.items, rows: row.row_conditions },
    }
  )
}

function inForceOn(db: Kysely<KernelTables>, day: string) {
  return sharingDb(db)
    .selectFrom('sharing.grant')
    .selectAll()
    .where('state', '=', 'in-force')
    .where('valid_from', '<=', day)
    .where('valid_until', '>=', day)
}

export async function insertGrant(db: Kysely<KernelTables>, values: Insertable<GrantTable>): Promise<GrantRow> {
  return sharingDb(db).insertInto('sharing.grant').values(values).returningAll().executeTakeFirstOrThrow()
}
