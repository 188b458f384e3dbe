import { type Ctx, decodeCursor } from '@tongchou/kernel'
import { type Insertable, sql } from 'kysely'
import { readExport } from './export.permissions.ts'
import { type ExportRow, type ExportTable, exportsDb } from './export.tables.ts'

export async function insertExport(ctx: Ctx, values: Insertable<ExportTable>): Promise<ExportRow> {
  return exportsDb(ctx).insertInto('exports.export').values(values).returningAll().executeTakeFirstOrThrow()
}

export async function findExport(ctx: Ctx, id: string): Promise<ExportRow | undefined> {
  return exportsDb(ctx).selectFrom('exports.export').selectAll().where('id', '=', id).executeTakeFirst()
}

/** One's own, newest first; `limit + 1` rows. */
export async function listExports(ctx: Ctx, limit: number, cursor: string | undefined): Promise<ExportRow[]> {
  const after = decodeCursor(cursor, ['instant', 'id'])
  let query = exportsDb(ctx).selectFrom('exports.export').selectAll().where(readExport.where(ctx.actor))
  if (after) query = query.where(sql<boolean>`(requested_at, id) < (${after[0]}::timestamptz, ${after[1]}::uuid)`)
  return query
    .orderBy('requested_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute()
}

/** How many of an account's exports are still at it. Whoever counts next for this account waits until the transaction ends. */
export async function lockedCountRunning(ctx: Ctx, accountId: string): Promise<number> {
  await sql`select pg_advisory_xact_lock(hashtext('tongchou.export'), hashtext(${accountId}))`.execute(ctx.db)
  const { count } = await exportsDb(ctx)
    .selectFrom('exports.export')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('account_id', '=', accountId)
    .where('state', '=', 'running')
    .executeTakeFirstOrThrow()
  return count
}

/** Notes how far it has come; false when it is not running any more, because somebody stopped it. */
export async function noteProgress(ctx: Ctx, id: string, done: number, total: number | null): Promise<boolean> {
  const row = await exportsDb(ctx)
    .updateTable('exports.export')
    .set({ done_rows: done, total_rows: total })
    .where('id', '=', id)
    .where('state', '=', 'running')
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}

export type ExportEnd =
  | { state: 'ready'; done_rows: number; size_bytes: number; sha256: string }
  | { state: 'cancelled' }
  | { state: 'failed'; failure: string }

/** Ends a running export once; undefined when it had ended before. */
export async function endExport(ctx: Ctx, id: string, end: ExportEnd): Promise<ExportRow | undefined> {
  return exportsDb(ctx)
    .updateTable('exports.export')
    .set({ ...end, finished_at: ctx.now() })
    .where('id', '=', id)
    .where('state', '=', 'running')
    .returningAll()
    .executeTakeFirst()
}

export async function insertPiece(ctx: Ctx, exportId: string, seq: number, content: Buffer): Promise<void> {
  await exportsDb(ctx).insertInto('exports.export_piece').values({ export_id: exportId, seq, content }).execute()
}

/** A piece of the file; undefined behind the last one. */
export async function findPiece(ctx: Ctx, exportId: string, seq: number): Promise<Buffer | undefined> {
  const row = await exportsDb(ctx)
    .selectFrom('exports.export_piece')
    .select('content')
    .where('export_id', '=', exportId)
    .where('seq', '=', seq)
    .executeTakeFirst()
  return row?.content
}

export async function deletePieces(ctx: Ctx, exportId: string): Promise<void> {
  await exportsDb(ctx).deleteFrom('exports.export_piece').where('export_id', '=', exportId).execute()
}

/** Forgets the files whose time is over; the rows stay, for whoever asks what was taken. */
export async function deleteExpiredPieces(ctx: Ctx): Promise<void> {
  await exportsDb(ctx)
    .deleteFrom('exports.export_piece')
    .where('export_id', 'in', (eb) => eb.selectFrom('exports.export').select('id').where('expires_at', '<', ctx.now()))
    .execute()
}
