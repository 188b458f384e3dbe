import { type Ctx, decodeCursor } from '@tongchou/kernel'
import { type Insertable, sql, type Updateable } from 'kysely'
import { readRun } from './comparison.permissions.ts'
import { type ComparisonTables, comparisonDb, type RunRow } from './comparison.tables.ts'
import type { RunQuery } from './run.schema.ts'

type RunTable = ComparisonTables['comparison.run']

/** Undefined where this comparison is running already. */
export async function insertRun(ctx: Ctx, values: Insertable<RunTable>): Promise<RunRow | undefined> {
  return comparisonDb(ctx)
    .insertInto('comparison.run')
    .values(values)
    .onConflict((conflict) => conflict.column('comparison').where('state', '=', 'running').doNothing())
    .returningAll()
    .executeTakeFirst()
}

export async function findRun(ctx: Ctx, id: string): Promise<RunRow | undefined> {
  return comparisonDb(ctx).selectFrom('comparison.run').selectAll().where('id', '=', id).executeTakeFirst()
}

export async function lockRun(ctx: Ctx, id: string): Promise<RunRow | undefined> {
  return comparisonDb(ctx).selectFrom('comparison.run').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
}

/** The last one that came to its end, of each comparison that is asked for. */
export async function lastRuns(ctx: Ctx, comparisons: readonly string[]): Promise<RunRow[]> {
  return comparisonDb(ctx)
    .selectFrom('comparison.run')
    .selectAll()
    .distinctOn('comparison')
    .where('comparison', 'in', [...comparisons])
    .where('state', 'in', ['running', 'done'])
    .orderBy('comparison')
    .orderBy('number', 'desc')
    .execute()
}

export async function listRuns(ctx: Ctx, query: RunQuery, limit: number): Promise<RunRow[]> {
  const before = decodeCursor(query.cursor, ['integer'])?.[0]
  let rows = comparisonDb(ctx).selectFrom('comparison.run').selectAll().where(readRun.where(ctx.actor))
  if (before !== undefined) rows = rows.where('number', '<', Number(before))
  if (query.comparison !== undefined) rows = rows.where('comparison', '=', query.comparison)
  if (query.state !== undefined) rows = rows.where('state', '=', query.state)
  return rows
    .orderBy('number', 'desc')
    .limit(limit + 1)
    .execute()
}

/** How far copying is; false when the run is not running any more, because somebody stopped it. */
export async function noteTables(ctx: Ctx, id: string, done: number): Promise<boolean> {
  const row = await comparisonDb(ctx)
    .updateTable('comparison.run')
    .set({ done_tables: done })
    .where('id', '=', id)
    .where('state', '=', 'running')
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}

/** Ends a run once; undefined when it had ended before. */
export async function endRun(ctx: Ctx, id: string, end: Updateable<RunTable>): Promise<RunRow | undefined> {
  return comparisonDb(ctx)
    .updateTable('comparison.run')
    .set({ ...end, finished_at: ctx.now() })
    .where('id', '=', id)
    .where('state', '=', 'running')
    .returningAll()
    .executeTakeFirst()
}

export async function markDispatched(ctx: Ctx, id: string): Promise<void> {
  await comparisonDb(ctx)
    .updateTable('comparison.run')
    .set({ dispatched_at: sql`coalesce(dispatched_at, ${ctx.now()})` })
    .where('id', '=', id)
    .execute()
}
