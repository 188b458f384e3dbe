import {
  type Ctx,
  InvalidState,
  InvalidValue,
  inTransaction,
  type ListAnswer,
  type ListColumn,
  NotFound,
  recordAudit,
  toPage,
} from '@tongchou/kernel'
import { readExport } from './export.permissions.ts'
import type { Export, NewExport } from './export.schema.ts'
import {
  deletePieces,
  endExport,
  findExport,
  findPiece,
  insertExport,
  insertPiece,
  listExports,
  lockedCountRunning,
} from './export.store.ts'
import type { ExportRow } from './export.tables.ts'
import { makeWorkbook, mostRows, type NextPage, pagesOf } from './make.ts'
import type { ExportsPorts } from './ports.ts'

/** Up to so many rows the file is there with the answer; more are exported in the background. */
export const directRows = 5000
/** How long a file is kept. */
const keepMs = 7 * 24 * 60 * 60 * 1000
/** So many of one account may be under way. */
const mostRunning = 3
export const exportJob = 'export.make'

/**
 * Takes a list along as it is shown (导出当前列表): the same operation, actor, filters and order, the columns chosen. A short
 * list is read and written at once; a long one becomes a job that goes on when the page is closed.
 */
export async function startExport(ctx: Ctx, ports: ExportsPorts, wish: NewExport): Promise<Export> {
  const list = ports.lists.get(wish.list)
  if (!list)
    throw new InvalidValue('export.unknown_list', `没有可以导出的列表“${wish.list}”。`, [{ path: 'list', message: '没有这个列表' }])
  const columns = chosenColumns(list.description.columns, wish.columns)
  const { limit: _limit, cursor: _cursor, ...query } = wish.query
  const read = await list.open(ctx, wish.params, query)
  const short = await readShort(ctx, (within) => (limit, cursor) => read(within, limit, cursor))
  const filters = await filtersInWords(ctx, ports, wish.list, query)
  const row = {
    ...ownerOf(ctx),
    list: wish.list,
    title: list.description.title,
    params: wish.params,
    query,
    columns: wish.columns,
    filters,
  }
  return inTransaction(ctx, async (tx) =>
    toExport(short.whole ? await keepShort(tx, row, columns, short.pages) : await beginLong(tx, ports, row, short.total), tx.now()),
  )
}

type NewRow = ReturnType<typeof ownerOf> & Pick<ExportRow, 'list' | 'title' | 'params' | 'query' | 'columns' | 'filters'>

function ownerOf({ actor }: Ctx) {
  return {
    account_id: actor.accountId,
    person_id: actor.personId,
    person_name: actor.name,
    post_id: actor.postId,
    post_title: actor.postTitle,
    org_name: actor.orgName,
  }
}

async function insertRunning(tx: Ctx, row: NewRow, total: number | null): Promise<ExportRow> {
  const at = tx.now()
  return insertExport(tx, {
    ...row,
    params: JSON.stringify(row.params),
    query: JSON.stringify(row.query),
    filters: JSON.stringify(row.filters),
    state: 'running',
    total_rows: total,
    failure: null,
    size_bytes: null,
    sha256: null,
    requested_at: at,
    finished_at: null,
    expires_at: new Date(at.getTime() + keepMs),
  })
}

async function keepShort(tx: Ctx, row: NewRow, columns: readonly ListColumn[], pages: readonly ListAnswer[]): Promise<ExportRow> {
  const made = await insertRunning(tx, row, null)
  let seq = 0
  const file = await makeWorkbook(made, columns, pages, tx.now(), (piece) => insertPiece(tx, made.id, seq++, piece))
  const ready = await endExport(tx, made.id, { state: 'ready', done_rows: file.rows, size_bytes: file.bytes, sha256: file.sha256 })
  await recordMade(tx, made, file)
  return ready ?? made
}

async function beginLong(tx: Ctx, ports: ExportsPorts, row: NewRow, total: number | null): Promise<ExportRow> {
  if (total !== null && total > mostRows)
    throw new InvalidState('export.too_long', `共 ${total} 条，超过一个工作表可容纳的 ${mostRows} 条，请先筛选。`)
  if ((await lockedCountRunning(tx, row.account_id)) >= mostRunning)
    throw new InvalidState('export.too_many', `已有 ${mostRunning} 项导出正在进行，请等其中一项完成，或停止不需要的，再导出。`)
  const made = await insertRunning(tx, row, total)
  await recordAudit(tx, 'export.requested', { kind: 'export', id: made.id }, { list: row.list, filters: row.filters, columns: row.columns })
  await ports.jobs.enqueue(tx, exportJob, { exportId: made.id }, { onceKey: made.id })
  return made
}

/** The audit row of an export: who is in every row of the log; what, how filtered, which columns, how many rows. */
export async function recordMade(tx: Ctx, made: ExportRow, file: { rows: number; sha256: string }): Promise<void> {
  const { list, title, filters, columns } = made
  await recordAudit(
    tx,
    'export.made',
    { kind: 'export', id: made.id },
    { list, title, filters, columns, rows: file.rows, sha256: file.sha256 },
  )
}

/** Reads until the list ends or is too long to wait for. One snapshot: nothing moves between two pages. */
async function readShort(
  ctx: Ctx,
  pagesWithin: (within: Ctx) => NextPage,
): Promise<{ whole: true; pages: ListAnswer[] } | { whole: false; total: number | null }> {
  return inSnapshot(ctx, async (tx) => {
    const pages: ListAnswer[] = []
    let rows = 0
    for await (const page of pagesOf(pagesWithin(tx))) {
      rows += page.items.length
      if (rows > directRows || (page.total ?? 0) > directRows) return { whole: false, total: page.total }
      pages.push(page)
    }
    return { whole: true, pages }
  })
}

/** Reads within one instant of the database, however many statements it takes. */
export async function inSnapshot<R>(ctx: Ctx, work: (tx: Ctx) => Promise<R>): Promise<R> {
  return ctx.db
    .transaction()
    .setIsolationLevel('repeatable read')
    .execute((trx) => work({ ...ctx, db: trx, inside: true }))
}

/** The columns that were chosen, in the order they were named. */
export function chosenColumns(columns: readonly ListColumn[], keys: readonly string[]): ListColumn[] {
  return keys.map((key) => {
    const column = columns.find((one) => one.key === key)
    if (column) return column
    throw new InvalidValue('export.unknown_column', `列表没有列“${key}”。`, [{ path: 'columns', message: `没有列“${key}”` }])
  })
}

async function filtersInWords(ctx: Ctx, ports: ExportsPorts, list: string, query: Readonly<Record<string, string>>) {
  const known = ports.lists.get(list)?.description.filters ?? {}
  const lines: { title: string; value: string }[] = []
  for (const [name, value] of Object.entries(query)) {
    const filter = known[name]
    const named = filter?.reference ? await ports.nameOf(ctx, filter.reference, value) : filter?.words?.[value]
    lines.push({ title: filter?.title ?? name, value: named ?? value })
  }
  return lines
}

/** One's own exports, newest first. */
export async function readExports(ctx: Ctx, limit: number, cursor: string | undefined) {
  const rows = await listExports(ctx, limit, cursor)
  return toPage(
    rows,
    limit,
    (row) => [row.requested_at.toISOString(), row.id],
    (row) => toExport(row, ctx.now()),
  )
}

export async function readOneExport(ctx: Ctx, id: string): Promise<Export> {
  return toExport(await own(ctx, id), ctx.now())
}

async function own(ctx: Ctx, id: string): Promise<ExportRow> {
  const row = await findExport(ctx, id)
  if (!row || !readExport.allows(ctx.actor, row)) throw new NotFound('export.not_found', '导出不存在，或者不是本人在当前岗位导出的。')
  return row
}

/** Stops an export that is under way (停止). What was written is thrown away. */
export async function cancelExport(ctx: Ctx, id: string): Promise<Export> {
  return inTransaction(ctx, async (tx) => {
    const row = await own(tx, id)
    const ended = await endExport(tx, id, { state: 'cancelled' })
    if (!ended) throw new InvalidState('export.not_running', `“${row.title}”的导出已经结束，不能停止。`)
    await deletePieces(tx, id)
    await recordAudit(tx, 'export.cancelled', { kind: 'export', id }, { list: row.list, rows: row.done_rows })
    return toExport(ended, tx.now())
  })
}

/** The file of a finished export, piece by piece, for who made it; each download leaves its audit row. */
export async function downloadExport(ctx: Ctx, id: string): Promise<{ made: Export; content: AsyncGenerator<Buffer> }> {
  const made = toExport(await own(ctx, id), ctx.now())
  if (made.state === 'expired') throw new InvalidState('export.expired', `“${made.title}”的导出文件已过保留期，请重新导出。`)
  if (made.state !== 'ready')
    throw new InvalidState('export.not_ready', `“${made.title}”的导出${made.state === 'running' ? '尚未完成' : '没有文件'}。`)
  await recordAudit(ctx, 'export.downloaded', { kind: 'export', id }, { list: made.list, rows: made.doneCount, sha256: made.sha256 })
  return { made, content: piecesOf(ctx, id) }
}

async function* piecesOf(ctx: Ctx, id: string): AsyncGenerator<Buffer> {
  for (let seq = 0; ; seq++) {
    const piece = await findPiece(ctx, id, seq)
    if (!piece) return
    yield piece
  }
}

function toExport(row: ExportRow, now: Date): Export {
  return {
    id: row.id,
    list: row.list,
    title: row.title,
    filters: row.filters,
    state: row.state === 'ready' && row.expires_at.getTime() <= now.getTime() ? 'expired' : row.state,
    totalCount: row.total_rows,
    doneCount: row.done_rows,
    failure: row.failure,
    fileName: `${row.title}_${stamp(row.requested_at)}.xlsx`,
    byteCount: row.size_bytes,
    sha256: row.sha256,
    requestedAt: row.requested_at.toISOString(),
    finishedAt: row.finished_at?.toISOString() ?? null,
    expiresAt: row.expires_at.toISOString(),
  }
}

/** 20260302_0930, on a clock in Shanghai. */
function stamp(at: Date): string {
  return new Date(at.getTime() + 8 * 60 * 60 * 1000).toISOString().slice(0, 16).replace(/[-:]/g, '').replace('T', '_')
}
