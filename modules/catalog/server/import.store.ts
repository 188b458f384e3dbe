import { type Ctx, decodeCursor } from '@tongchou/kernel'
import { type Insertable, sql, type Updateable } from 'kysely'
import { readImport } from './import.permissions.ts'
import type { ImportLineQuery, ImportScope } from './import.schema.ts'
import { type ImportLineRow, type ImportLineTable, type ImportRow, type ImportTable, importDb } from './import.tables.ts'

const columns = [
  ...['id', 'account_id', 'person_id', 'person_name', 'post_id', 'org_id', 'file_name', 'size_bytes', 'sha256', 'profile', 'state'],
  ...['done_entries', 'total_entries', 'findings', 'head_rows', 'scope', 'failure', 'version', 'uploaded_at', 'checked_at'],
  ...['finished_at', 'expires_at'],
] as (keyof Omit<ImportTable, 'content'>)[]
const hasFile = sql<boolean>`content is not null`.as('has_file')

export async function insertImport(ctx: Ctx, values: Insertable<ImportTable>): Promise<ImportRow> {
  const row = await importDb(ctx)
    .insertInto('catalog.import')
    .values(values)
    .returning(columns)
    .returning(hasFile)
    .executeTakeFirstOrThrow()
  return row as ImportRow
}

export async function findImport(ctx: Ctx, id: string): Promise<ImportRow | undefined> {
  const row = await importDb(ctx).selectFrom('catalog.import').select(columns).select(hasFile).where('id', '=', id).executeTakeFirst()
  return row as ImportRow | undefined
}

/** Locked until the transaction ends. */
export async function lockImport(ctx: Ctx, id: string): Promise<ImportRow | undefined> {
  const query = importDb(ctx).selectFrom('catalog.import').select(columns).select(hasFile).where('id', '=', id).forUpdate()
  return (await query.executeTakeFirst()) as ImportRow | undefined
}

export async function fileOfImport(ctx: Ctx, id: string): Promise<Buffer | undefined> {
  const row = await importDb(ctx).selectFrom('catalog.import').select('content').where('id', '=', id).executeTakeFirst()
  return row?.content ?? undefined
}

/** One's own, newest first; `limit + 1` rows. */
export async function listImports(ctx: Ctx, limit: number, cursor: string | undefined): Promise<ImportRow[]> {
  const after = decodeCursor(cursor, ['instant', 'id'])
  let query = importDb(ctx).selectFrom('catalog.import').select(columns).select(hasFile).where(readImport.where(ctx.actor))
  if (after) query = query.where(sql<boolean>`(uploaded_at, id) < (${after[0]}::timestamptz, ${after[1]}::uuid)`)
  const rows = await query
    .orderBy('uploaded_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute()
  return rows as ImportRow[]
}

/** Moves an import on from a state; undefined when it is in another one by now. */
export async function moveImport(
  ctx: Ctx,
  id: string,
  from: ImportRow['state'],
  set: Updateable<ImportTable>,
): Promise<ImportRow | undefined> {
  const row = await importDb(ctx)
    .updateTable('catalog.import')
    .set(set)
    .where('id', '=', id)
    .where('state', '=', from)
    .returning(columns)
    .returning(hasFile)
    .executeTakeFirst()
  return row as ImportRow | undefined
}

/** How many of an account's imports are at work. Whoever counts next for this account waits until the transaction ends. */
export async function lockedCountWorking(ctx: Ctx, accountId: string): Promise<number> {
  await sql`select pg_advisory_xact_lock(hashtext('catalog.import'), hashtext(${accountId}))`.execute(ctx.db)
  const { count } = await importDb(ctx)
    .selectFrom('catalog.import')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('account_id', '=', accountId)
    .where('state', 'in', ['checking', 'writing'])
    .executeTakeFirstOrThrow()
  return count
}

const LINES_AT_ONCE = 200

export async function replaceLines(ctx: Ctx, id: string, lines: readonly Insertable<ImportLineTable>[]): Promise<void> {
  await importDb(ctx).deleteFrom('catalog.import_line').where('import_id', '=', id).execute()
  for (let at = 0; at < lines.length; at += LINES_AT_ONCE)
    await importDb(ctx)
      .insertInto('catalog.import_line')
      .values(lines.slice(at, at + LINES_AT_ONCE))
      .execute()
}

/** Lines of an import, in the order of the file; `limit + 1` rows. */
export async function linesOf(ctx: Ctx, id: string, query: ImportLineQuery, limit: number): Promise<ImportLineRow[]> {
  const after = decodeCursor(query.cursor, ['integer'])?.[0]
  let rows = importDb(ctx).selectFrom('catalog.import_line').selectAll().where('import_id', '=', id)
  if (query.verdict !== undefined) rows = rows.where('verdict', '=', query.verdict)
  if (query.faulty === true) rows = rows.where('errors', '>', 0)
  if (query.faulty === false) rows = rows.where('errors', '=', 0)
  if (after !== undefined) rows = rows.where('position', '>', after)
  return rows
    .orderBy('position')
    .limit(limit + 1)
    .execute()
}

/** What a consent writes, in the order of the file. */
export async function linesToWrite(ctx: Ctx, id: string, scope: ImportScope): Promise<ImportLineRow[]> {
  let rows = importDb(ctx)
    .selectFrom('catalog.import_line')
    .selectAll()
    .where('import_id', '=', id)
    .where('verdict', 'in', ['new', 'changed'])
  if (scope === 'faultless') rows = rows.where('errors', '=', 0)
  return rows.orderBy('position').execute()
}

/** All findings of an import, for the marked workbook. */
export async function findingsOfImport(ctx: Ctx, id: string) {
  const rows = await importDb(ctx)
    .selectFrom('catalog.import_line')
    .select('findings')
    .where('import_id', '=', id)
    .orderBy('position')
    .execute()
  return rows.flatMap(({ findings }) => findings)
}

/** How many lines there are of each kind. */
export async function countLines(ctx: Ctx, ids: readonly string[]) {
  if (ids.length === 0) return []
  return importDb(ctx)
    .selectFrom('catalog.import_line')
    .select((eb) => [
      'import_id',
      'verdict',
      eb.fn.countAll<number>().as('count'),
      sql<number>`count(*) filter (where errors > 0)::int`.as('faulty'),
    ])
    .where('import_id', '=', sql<string>`any(${ids}::uuid[])`)
    .groupBy(['import_id', 'verdict'])
    .execute()
}

/** Forgets the files and what was read of them when their time is over; that there was an import stays. */
export async function forgetImports(ctx: Ctx): Promise<void> {
  const over = await importDb(ctx)
    .updateTable('catalog.import')
    .set({ content: null })
    .where('expires_at', '<', ctx.now())
    .where('content', 'is not', null)
    .where('state', 'not in', ['checking', 'writing'])
    .returning('id')
    .execute()
  if (over.length === 0) return
  const ids = over.map(({ id }) => id)
  await importDb(ctx).deleteFrom('catalog.import_line').where('import_id', 'in', ids).execute()
}
