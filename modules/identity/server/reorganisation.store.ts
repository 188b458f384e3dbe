import { type Ctx, decodeCursor, toPage } from '@tongchou/kernel'
import { type Selectable, sql } from 'kysely'
import { type IdentityDb, identityDb, type ReorganisationTable } from './identity.tables.ts'
import type { Move, MoveQuery, NewReorganisation, Reorganisation } from './reorganisation.schema.ts'

export type ReorganisationRow = Selectable<ReorganisationTable>

/** Orders are written one after the other: two at once would each see where the other's offices were, and could close a circle of them. */
export async function lockOrders(db: IdentityDb): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('tongchou.reorganisation'))`.execute(db)
}

export async function insertReorganisation(
  db: IdentityDb,
  id: string,
  plan: NewReorganisation,
  by: string,
  at: Date,
): Promise<ReorganisationRow> {
  return db
    .insertInto('identity.reorganisation')
    .values({
      id,
      kind: plan.kind,
      document_number: plan.documentNumber,
      reason: plan.reason,
      effective_on: plan.effectiveOn,
      state: 'coming',
      plan: JSON.stringify(plan),
      planned_by: by,
      planned_at: at,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
}

export async function insertSides(
  db: IdentityDb,
  id: string,
  sides: readonly { side: 'from' | 'to'; organisationId: string; name: string }[],
): Promise<void> {
  await db
    .insertInto('identity.reorganisation_organisation')
    .values(sides.map(({ side, organisationId, name }) => ({ reorganisation_id: id, side, organisation_id: organisationId, name })))
    .execute()
}

export async function sidesOf(db: IdentityDb, ids: readonly string[]) {
  if (ids.length === 0) return []
  return db
    .selectFrom('identity.reorganisation_organisation')
    .selectAll()
    .where('reorganisation_id', 'in', [...ids])
    .orderBy('organisation_id')
    .execute()
}

export async function lockReorganisation(db: IdentityDb, id: string): Promise<ReorganisationRow | undefined> {
  return db.selectFrom('identity.reorganisation').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
}

export async function findReorganisation(db: IdentityDb, id: string): Promise<ReorganisationRow | undefined> {
  return db.selectFrom('identity.reorganisation').selectAll().where('id', '=', id).executeTakeFirst()
}

/** Reorganisations whose day has come and that have not been carried out, in the order of their days. */
export async function dueReorganisations(db: IdentityDb, today: string): Promise<string[]> {
  const rows = await db
    .selectFrom('identity.reorganisation')
    .select('id')
    .where('state', '=', 'coming')
    .where('effective_on', '<=', today)
    .orderBy('effective_on')
    .orderBy('planned_at')
    .orderBy('id')
    .execute()
  return rows.map((row) => row.id)
}

export async function setSettled(db: IdentityDb, id: string, at: Date): Promise<void> {
  await db.updateTable('identity.reorganisation').set({ state: 'done', settled_at: at }).where('id', '=', id).execute()
}

export async function setCancelled(db: IdentityDb, id: string, by: string, at: Date): Promise<void> {
  await db
    .updateTable('identity.reorganisation')
    .set({ state: 'cancelled', cancelled_by: by, cancelled_at: at })
    .where('id', '=', id)
    .execute()
}

/** Records what went where, after what is recorded already. */
export async function insertMoves(db: IdentityDb, id: string, moves: readonly Move[]): Promise<void> {
  const { last } = await db
    .selectFrom('identity.reorganisation_move')
    .select(sql<number>`coalesce(max(seq), 0)`.as('last'))
    .where('reorganisation_id', '=', id)
    .executeTakeFirstOrThrow()
  const rows = moves.map((move, index) => ({
    reorganisation_id: id,
    seq: last + index + 1,
    kind: move.kind,
    thing_id: move.id,
    title: move.title,
    role: move.role,
    from_id: move.from.id,
    from_name: move.from.name,
    to_id: move.to.id,
    to_name: move.to.name,
  }))
  // A statement takes at most 65,535 values.
  for (let start = 0; start < rows.length; start += 5000)
    await db
      .insertInto('identity.reorganisation_move')
      .values(rows.slice(start, start + 5000))
      .execute()
}

/** Past and coming ones, the latest day first. */
export async function listReorganisations(ctx: Ctx, page: { limit?: number; cursor?: string }) {
  const limit = page.limit ?? 50
  const after = decodeCursor(page.cursor, ['text', 'instant', 'id'])
  const db = identityDb(ctx)
  let query = db.selectFrom('identity.reorganisation').selectAll()
  if (after)
    query = query.where(sql<boolean>`(effective_on, planned_at, id) < (${after[0]}::date, ${after[1]}::timestamptz, ${after[2]}::uuid)`)
  const rows = await query
    .orderBy('effective_on', 'desc')
    .orderBy('planned_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute()
  const read = await viewsOf(db, rows.slice(0, limit))
  return toPage(
    rows,
    limit,
    (row) => [row.effective_on, row.planned_at.toISOString(), row.id],
    (row) => read(row),
  )
}

/** Turns rows into what lists show, with both sides and how much was moved. */
export async function viewsOf(db: IdentityDb, rows: readonly ReorganisationRow[]): Promise<(row: ReorganisationRow) => Reorganisation> {
  const ids = rows.map((row) => row.id)
  const sides = Map.groupBy(await sidesOf(db, ids), (side) => side.reorganisation_id)
  const counts = new Map(
    ids.length === 0
      ? []
      : (
          await db
            .selectFrom('identity.reorganisation_move')
            .select(['reorganisation_id', sql<number>`count(*)::int`.as('count')])
            .where('reorganisation_id', 'in', ids)
            .groupBy('reorganisation_id')
            .execute()
        ).map((row) => [row.reorganisation_id, row.count]),
  )
  const side = (id: string, which: 'from' | 'to') =>
    (sides.get(id) ?? []).filter((one) => one.side === which).map((one) => ({ id: one.organisation_id, name: one.name }))
  return (row) => ({
    id: row.id,
    kind: row.kind,
    documentNumber: row.document_number,
    reason: row.reason,
    effectiveOn: row.effective_on,
    state: row.state,
    from: side(row.id, 'from'),
    to: side(row.id, 'to'),
    moved: counts.get(row.id) ?? 0,
    plannedBy: row.planned_by,
    plannedAt: row.planned_at.toISOString(),
  })
}

/** What a reorganisation moved, in the order in which it was moved. */
export async function listMoves(ctx: Ctx, id: string, query: MoveQuery) {
  const limit = query.limit ?? 50
  const after = decodeCursor(query.cursor, ['integer'])
  let rows = identityDb(ctx).selectFrom('identity.reorganisation_move').selectAll().where('reorganisation_id', '=', id)
  if (query.kind !== undefined) rows = rows.where('kind', '=', query.kind)
  if (after) rows = rows.where('seq', '>', after[0])
  const found = await rows
    .orderBy('seq')
    .limit(limit + 1)
    .execute()
  return toPage(
    found,
    limit,
    (row) => [row.seq],
    (row): Move => ({
      kind: row.kind,
      id: row.thing_id,
      title: row.title,
      role: row.role,
      from: { id: row.from_id, name: row.from_name },
      to: { id: row.to_id, name: row.to_name },
    }),
  )
}
