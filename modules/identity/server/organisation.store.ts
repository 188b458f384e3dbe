import { areaPrefix, type Ctx, compareCivilDates, decodeCursor, plannedOnce, todayInShanghai, toPage } from '@tongchou/kernel'
import { type Selectable, sql } from 'kysely'
import { type IdentityDb, identityDb, type OrganisationTable } from './identity.tables.ts'
import { readOrganisation } from './organisation.permissions.ts'
import type { Organisation } from './organisation.schema.ts'

/** Every organisation as it is on a day; asked for a day before its beginning or after its end, as it was nearest to it. */
export function organisationsAsOf(day: string) {
  return sql<Selectable<OrganisationTable>>`identity.organisation_as_of(${day}::date)`.as<'organisation'>('organisation')
}

/** False when the id or the code is taken. `formerNames`, oldest first, are what it was called before. */
export async function insertOrganisation(
  db: IdentityDb,
  organisation: Omit<Organisation, 'version'>,
  formerNames: readonly { name: string; untilOn: string }[],
  at: Date,
): Promise<boolean> {
  const row = await db
    .insertInto('identity.organisation')
    .values({
      id: organisation.id,
      uscc: organisation.uscc,
      sort_order: organisation.sortOrder,
      valid_from: organisation.validFrom,
      valid_to: organisation.validTo,
      updated_at: at,
    })
    .onConflict((c) => c.doNothing())
    .returning('id')
    .executeTakeFirst()
  if (!row) return false
  let from = organisation.validFrom
  for (const former of formerNames) {
    const named = { ...organisation, name: former.name, shortName: former.name }
    await insertVersion(db, named, earlier(from, former.untilOn), { until: former.untilOn })
    from = former.untilOn
  }
  await insertVersion(db, organisation, from)
  return true
}

function earlier(a: string, b: string): string {
  return compareCivilDates(a, b) < 0 ? a : b
}

/** What changes when an organisation is adjusted. */
export type OrganisationFacts = Pick<Organisation, 'id' | 'name' | 'shortName' | 'kind' | 'parentId' | 'divisionCode'>

async function insertVersion(
  db: IdentityDb,
  facts: OrganisationFacts,
  from: string,
  { until = null, reorganisationId = null }: { until?: string | null; reorganisationId?: string | null } = {},
): Promise<void> {
  await db
    .insertInto('identity.organisation_version')
    .values({
      organisation_id: facts.id,
      name: facts.name,
      short_name: facts.shortName,
      kind: facts.kind,
      parent_id: facts.parentId,
      division_code: facts.divisionCode,
      valid_from: from,
      valid_to: until,
      reorganisation_id: reorganisationId,
    })
    .execute()
}

/** Ends the last version of an organisation on a day and begins another. The caller has locked the organisation. */
export async function beginVersion(
  db: IdentityDb,
  facts: OrganisationFacts,
  from: string,
  reorganisationId: string | null,
  at: Date,
): Promise<void> {
  await db
    .updateTable('identity.organisation_version')
    .set({ valid_to: from })
    .where('organisation_id', '=', facts.id)
    .where('valid_to', 'is', null)
    .execute()
  await insertVersion(db, facts, from, { reorganisationId })
  await db
    .updateTable('identity.organisation')
    .set((eb) => ({ version: eb('version', '+', 1), updated_at: at }))
    .where('id', '=', facts.id)
    .execute()
}

export async function findOrganisation(db: IdentityDb, id: string, day: string): Promise<Organisation | undefined> {
  const row = await db.selectFrom(organisationsAsOf(day)).selectAll().modifyFront(plannedOnce).where('id', '=', id).executeTakeFirst()
  return row && toOrganisation(row)
}

export async function findOrganisations(db: IdentityDb, ids: readonly string[], day: string): Promise<Organisation[]> {
  if (ids.length === 0) return []
  const rows = await db
    .selectFrom(organisationsAsOf(day))
    .selectAll()
    .modifyFront(plannedOnce)
    // As an array: one text however many are asked for.
    .where(sql<boolean>`id = any(${[...ids]}::text[])`)
    .execute()
  return rows.map(toOrganisation)
}

/** Locks the organisation until the transaction ends, so that two changes cannot interleave. */
export async function lockOrganisation(db: IdentityDb, id: string, day: string): Promise<Organisation | undefined> {
  const locked = await db.selectFrom('identity.organisation').select('id').where('id', '=', id).forUpdate().executeTakeFirst()
  return locked && findOrganisation(db, id, day)
}

export interface OrganisationFilter {
  q?: string
  kind?: string
  parentId?: string
  /** Today unless told. */
  asOf?: string
  limit?: number
  cursor?: string
}

/** Organisations that exist on a day, in official order. */
export async function listOrganisations(ctx: Ctx, filter: OrganisationFilter) {
  const limit = filter.limit ?? 50
  const after = decodeCursor(filter.cursor, ['integer', 'text'])
  const day = filter.asOf ?? todayInShanghai(ctx.now())
  let query = identityDb(ctx)
    .selectFrom(organisationsAsOf(day))
    .selectAll()
    .where(readOrganisation.where(ctx.actor))
    .where('valid_from', '<=', day)
    .where((eb) => eb.or([eb('valid_to', 'is', null), eb('valid_to', '>', day)]))
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

/** Ends an organisation: on `day` it exists no more. */
export async function endOrganisation(db: IdentityDb, id: string, day: string, at: Date): Promise<void> {
  await db
    .updateTable('identity.organisation')
    .set((eb) => ({ valid_to: day, version: eb('version', '+', 1), updated_at: at }))
    .where('id', '=', id)
    .execute()
}

/** The first of some organisations that is to change or end after a day, and when. */
export async function changesToCome(
  db: IdentityDb,
  ids: readonly string[],
  day: string,
): Promise<{ name: string; day: string } | undefined> {
  if (ids.length === 0) return undefined
  const row = await db
    .selectFrom(organisationsAsOf(day))
    .leftJoin('identity.organisation_version as later', (join) =>
      join.onRef('later.organisation_id', '=', 'organisation.id').on('later.valid_from', '>', day),
    )
    .select(['organisation.name', 'organisation.valid_to', 'later.valid_from as later_from'])
    .where('organisation.id', 'in', [...ids])
    .where((eb) => eb.or([eb('organisation.valid_to', '>', day), eb('later.valid_from', 'is not', null)]))
    .executeTakeFirst()
  return row && { name: row.name, day: row.later_from ?? row.valid_to ?? day }
}

/** Offices whose place a reorganisation changed and has not recorded yet, with the office above them before and after. */
export async function raisedBy(db: IdentityDb, reorganisationId: string) {
  const rows = await db
    .selectFrom('identity.organisation_version as v')
    .innerJoin('identity.organisation_version as was', (join) =>
      join.onRef('was.organisation_id', '=', 'v.organisation_id').onRef('was.valid_to', '=', 'v.valid_from').onRef('was.seq', '<', 'v.seq'),
    )
    .select(['v.organisation_id as id', 'v.name', 'was.parent_id as before', 'v.parent_id as after'])
    .where('v.reorganisation_id', '=', reorganisationId)
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('identity.reorganisation_move as m')
            .select('m.seq')
            .where('m.reorganisation_id', '=', reorganisationId)
            .where('m.kind', '=', 'organisation')
            .whereRef('m.thing_id', '=', 'v.organisation_id'),
        ),
      ),
    )
    .orderBy('v.organisation_id')
    .orderBy('was.seq', 'desc')
    .execute()
  const first = new Map(rows.map((row) => [row.id, row]).reverse() as [string, (typeof rows)[number]][])
  return [...first.values()].flatMap(({ id, name, before, after }) =>
    before === null || after === null ? [] : [{ id, name, before, after }],
  )
}

/** Undoes what a reorganisation that has not come wrote: its versions, the ends it set, the offices it set up. */
export async function undoVersions(
  db: IdentityDb,
  reorganisationId: string,
  day: string,
  at: Date,
  { from, to }: { from: readonly string[]; to: readonly string[] },
): Promise<void> {
  const undone = await db
    .deleteFrom('identity.organisation_version')
    .where('reorganisation_id', '=', reorganisationId)
    .returning('organisation_id')
    .execute()
  for (const { organisation_id } of undone)
    await db
      .updateTable('identity.organisation_version')
      .set({ valid_to: null })
      .where('organisation_id', '=', organisation_id)
      .where('valid_to', '=', day)
      .execute()
  await db
    .updateTable('identity.organisation')
    .set({ valid_to: null, updated_at: at })
    .where('id', 'in', [...from])
    .where('valid_to', '=', day)
    .execute()
  // What was to begin on that day and never did: it keeps its id, as an office of no day at all.
  await db
    .updateTable('identity.organisation')
    .set({ valid_to: day, updated_at: at })
    .where('id', 'in', [...to])
    .where('valid_from', '=', day)
    .where('valid_to', 'is', null)
    .execute()
}

/** The divisions that offices stand in: the city and its districts. */
export async function divisionsOfOffices(db: IdentityDb, day: string): Promise<string[]> {
  const rows = await db
    .selectFrom(organisationsAsOf(day))
    .select('division_code')
    .where('division_code', 'is not', null)
    .distinct()
    .execute()
  return rows.flatMap(({ division_code }) => division_code ?? [])
}

/** For each duty of `duty:area` pairs, the organisations that lie in its areas on a day. */
export async function organisationsWithin(db: IdentityDb, areas: readonly string[], day: string): Promise<Map<string, Set<string>>> {
  const within = new Map<string, Set<string>>()
  if (areas.length === 0) return within
  const offices = await db
    .selectFrom(organisationsAsOf(day))
    .select(['id', 'division_code'])
    .where('division_code', 'is not', null)
    .execute()
  for (const pair of areas) {
    const [duty = '', area = ''] = pair.split(':')
    const reached = within.get(duty) ?? new Set()
    for (const office of offices) if (office.division_code?.startsWith(areaPrefix(area))) reached.add(office.id)
    within.set(duty, reached)
  }
  return within
}

export async function childrenOf(db: IdentityDb, id: string, day: string): Promise<Organisation[]> {
  const rows = await db
    .selectFrom(organisationsAsOf(day))
    .selectAll()
    .where('parent_id', '=', id)
    .where('valid_from', '<=', day)
    .where((eb) => eb.or([eb('valid_to', 'is', null), eb('valid_to', '>', day)]))
    .orderBy('sort_order')
    .orderBy('id')
    .execute()
  return rows.map(toOrganisation)
}

/** What it was called before a day, latest first (曾用名). */
export async function formerNamesOf(db: IdentityDb, id: string, day: string): Promise<{ name: string; untilOn: string }[]> {
  const rows = await db
    .selectFrom('identity.organisation_version')
    .select(['name', 'valid_from', 'valid_to'])
    .where('organisation_id', '=', id)
    .where('valid_from', '<=', day)
    .orderBy('valid_from', 'desc')
    .orderBy('seq', 'desc')
    .execute()
  // A version that only moved the organisation elsewhere did not change its name.
  return rows.flatMap((row, index) =>
    index > 0 && row.valid_to !== null && rows[index - 1]?.name !== row.name ? [{ name: row.name, untilOn: row.valid_to }] : [],
  )
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
