import { type Ctx, decodeCursor } from '@tongchou/kernel'
import { type Insertable, sql, type Updateable } from 'kysely'
import { readFinding } from './comparison.permissions.ts'
import { comparisonDb, type FindingRow, type FindingTable } from './comparison.tables.ts'
import type { FindingQuery } from './finding.schema.ts'

export async function findFinding(ctx: Ctx, id: string): Promise<FindingRow | undefined> {
  return comparisonDb(ctx).selectFrom('comparison.finding').selectAll().where('id', '=', id).executeTakeFirst()
}

export async function lockFinding(ctx: Ctx, id: string): Promise<FindingRow | undefined> {
  return comparisonDb(ctx).selectFrom('comparison.finding').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
}

/** All of a comparison that are not gone, locked: a run changes them, and a case must not in between. */
export async function lockCurrent(ctx: Ctx, comparison: string): Promise<FindingRow[]> {
  return comparisonDb(ctx)
    .selectFrom('comparison.finding')
    .selectAll()
    .where('comparison', '=', comparison)
    .where('state', '<>', 'gone')
    .orderBy('id')
    .forUpdate()
    .execute()
}

export async function insertFindings(ctx: Ctx, rows: readonly Insertable<FindingTable>[]): Promise<void> {
  // In pieces: a statement takes 65,535 parameters.
  for (let at = 0; at < rows.length; at += 1000)
    await comparisonDb(ctx)
      .insertInto('comparison.finding')
      .values(rows.slice(at, at + 1000))
      .execute()
}

export async function updateFinding(ctx: Ctx, id: string, set: Updateable<FindingTable>): Promise<FindingRow> {
  return comparisonDb(ctx)
    .updateTable('comparison.finding')
    .set({ ...set, version: sql`version + 1`, updated_at: ctx.now() })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** The next that nobody was given, of a comparison. */
export async function nextWaiting(ctx: Ctx, comparison: string): Promise<FindingRow | undefined> {
  return comparisonDb(ctx)
    .selectFrom('comparison.finding')
    .selectAll()
    .where('comparison', '=', comparison)
    .where('state', '=', 'new')
    .orderBy('number')
    .limit(1)
    .forUpdate()
    .executeTakeFirst()
}

export async function countWaiting(ctx: Ctx, comparison: string): Promise<number> {
  const { count } = await comparisonDb(ctx)
    .selectFrom('comparison.finding')
    .select((eb) => eb.fn.countAll<string>().as('count'))
    .where('comparison', '=', comparison)
    .where('state', '=', 'new')
    .executeTakeFirstOrThrow()
  return Number(count)
}

/** One more than a page of what the actor may read, the last found first. */
export async function listFindings(ctx: Ctx, query: FindingQuery, limit: number): Promise<FindingRow[]> {
  const before = decodeCursor(query.cursor, ['integer'])?.[0]
  let rows = comparisonDb(ctx).selectFrom('comparison.finding').selectAll().where(readFinding.where(ctx.actor))
  if (before !== undefined) rows = rows.where('number', '<', Number(before))
  if (query.comparison !== undefined) rows = rows.where('comparison', '=', query.comparison)
  if (query.kind !== undefined) rows = rows.where('kind', '=', query.kind)
  if (query.state !== undefined) rows = rows.where('state', '=', query.state)
  if (query.outcome !== undefined) rows = rows.where('outcome', '=', query.outcome)
  if (query.orgId !== undefined) rows = rows.where('org_id', '=', query.orgId)
  if (query.runId !== undefined) rows = rows.where('last_run', '=', query.runId)
  if (query.ground !== undefined) {
    const grounds = JSON.stringify({ grounds: [{ reason: query.ground }] })
    rows = rows.where((eb) => eb.or([eb('rule', '=', query.ground ?? ''), sql<boolean>`evidence @> ${grounds}::jsonb`]))
  }
  return rows
    .orderBy('number', 'desc')
    .limit(limit + 1)
    .execute()
}
