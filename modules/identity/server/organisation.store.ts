import { type Ctx, decodeCursor, todayInShanghai, toPage } from '@tongchou/kernel'
import { type Selectable, sql } from 'kysely'
import { type IdentityDb, identityDb, type OrganisationTable } from './identity.tables.ts'
import { readOrganisation } from './organisation.permissions.ts'
import type { Organisation } from './organisation.schema.ts'

/** Undefined when the id is taken. */
export async function insertOrganisation(db: IdentityDb, organisation: Omit<Organisation, 'version'>, at: Date): Promise<boolean> {
  const row = await db
    .insertInto('identity.organisation')
    .values({
      id: organisation.id,
      name: organisation.name,
      short_name: organisation.shortName,
      kind: organisation.kind,
      parent_id: organisation.parentId,
      uscc: organisation.uscc,
      division_code: organisation.divisionCode,
      sort_order: organisation.sortOrder,
      valid_from: organisation.validFrom,
      valid_to: organisation.validTo,
      updated_at: at,
    })
    .onConflict((c) => c.doNothing())
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}

export async function findOrganisation(db: IdentityDb, id: string): Promise<Organisation | undefined> {
  const row = await db.selectFrom('identity.organisation').selectAll().where('id', '=', id).executeTakeFirst()
  return row && toOrganisation(row)
}

export async function findOrganisations(db: IdentityDb, ids: readonly string[]): Promise<Organisation[]> {
  if (ids.length === 0) return []
  const rows = await db
    .selectFrom('identity.organisation')
    .selectAll()
    .where('id', 'in', [...ids])
    .execute()
  return rows.map(toOrganisation)
}

/** Locks the row until the transaction ends, so that two changes cannot interleave. */
export async function lockOrganisation(db: IdentityDb, id: string): Promise<Organisation | undefined> {
  const row = await db.selectFrom('identity.organisation').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
  return row && toOrganisation(row)
}

export async function insertFormerNames(db: IdentityDb, id: string, names: readonly { name: string; untilOn: string }[]): Promise<void> {
  if (names.length === 0) return
  await db
    .insertInto('identity.organisation_former_name')
    .values(names.map((former) => ({ organisation_id: id, name: former.name, until_on: former.untilOn })))
    .execute()
}

/** Renames, and keeps the name it had until today. */
export async function renameOrganisation(db: IdentityDb, before: Organisation, name: string, shortName: string, at: Date): Promise<void> {
  if (before.name !== name) await insertFormerNames(db, before.id, [{ name: before.name, untilOn: todayInShanghai(at) }])
  await db
    .updateTable('identity.organisation')
    .set({ name, short_name: shortName, version: before.version + 1, updated_at: at })
    .where('id', '=', before.id)
    .execute()
}

export interface OrganisationFilter {
  q?: string
  kind?: string
  parentId?: string
  limit?: number
  cursor?: string
}

/** Organisations that exist today, in official order. */
export async function listOrganisations(ctx: Ctx, filter: OrganisationFilter) {
  const limit = filter.limit ?? 50
  const after = decodeCursor(filter.cursor, ['integer', 'text'])
  const today = todayInShanghai(ctx.now())
  let query = identityDb(ctx)
    .selectFrom('identity.organisation as organisation')
    .selectAll()
    .where(readOrganisation.where(ctx.actor))
    .where('valid_from', '<=', today)
    .where((eb) => eb.or([eb('valid_to', 'is', null), eb('valid_to', '>', today)]))
  // strpos and not LIKE: what a person types has no wildcards
  if (filter.q) query = query.where(sql<boolean>`strpos(lower(name || ' ' || short_name || ' ' || id), lower(${filter.q})) > 0`)
  if (filter.kind) query = query.where(sql<boolean>`kind = ${filter.kind}`)
  if (filter.parentId) query = query.where('parent_id', '=', filter.parentId)
  if (after) query = query.where(sql<boolean>`(sort_order, id) > (${after[0]}::bigint, ${after[1]}::text)`)
  const rows = await query
    .orderBy('sort_order')
    .orderBy('id')
    .limit(limit + 1)
    .execute()
  return toPage(rows, limit, (row) => [row.sort_order, row.id], toOrganisation)
}

export async function childrenOf(db: IdentityDb, id: string, today: string): Promise<Organisation[]> {
  const rows = await db
    .selectFrom('identity.organisation')
    .selectAll()
    .where('parent_id', '=', id)
    .where('valid_from', '<=', today)
    .where((eb) => eb.or([eb('valid_to', 'is', null), eb('valid_to', '>', today)]))
    .orderBy('sort_order')
    .orderBy('id')
    .execute()
  return rows.map(toOrganisation)
}

export async function formerNamesOf(db: IdentityDb, id: string): Promise<{ name: string; untilOn: string }[]> {
  const rows = await db
    .selectFrom('identity.organisation_former_name')
    .select(['name', 'until_on'])
    .where('organisation_id', '=', id)
    .orderBy('until_on', 'desc')
    .orderBy('seq', 'desc')
    .execute()
  return rows.map((row) => ({ name: row.name, untilOn: row.until_on }))
}

function toOrganisation(row: Selectable<OrganisationTable>): Organisation {
  return {
    id: row.id,
    name: row.name,
    shortName: row.short_name,
    kind: row.kind,
    parentId: row.parent_id,
    uscc: row.uscc,
    divisionCode: row.division_code,
    sortOrder: row.sort_order,
    validFrom: row.valid_from,
    validTo: row.valid_to,
    version: row.version,
  }
}
