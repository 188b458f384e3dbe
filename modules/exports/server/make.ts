import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { Writable } from 'node:stream'
import { type ListAnswer, type ListColumn, todayInShanghai } from '@tongchou/kernel'
import { type Cell, cellFormats, cellOf } from './cell.ts'
import type { ExportRow } from './export.tables.ts'
import { beginWorkbook } from './workbook.ts'

/** Rows asked of a list at once. */
const PAGE_ROWS = 1000
/** Excel's sheet ends at 1,048,576 rows. */
export const mostRows = 1_000_000
const PIECE_BYTES = 1024 * 1024

/** What has been written. */
export interface MadeFile {
  rows: number
  bytes: number
  sha256: string
}

export type NextPage = (limit: number, cursor: string | null) => Promise<ListAnswer>

/** The pages of a list, one after the other. */
export async function* pagesOf(next: NextPage): AsyncGenerator<ListAnswer> {
  let cursor: string | null = null
  do {
    const page: ListAnswer = await next(PAGE_ROWS, cursor)
    yield page
    cursor = page.nextCursor
  } while (cursor !== null)
}

/**
 * Writes a list as a workbook, page by page: what is in memory at a time is a page and a piece of the file.
 * @param keep takes the file piece by piece
 * @param onPage is told after each page; what it throws ends the work
 */
export async function makeWorkbook(
  made: Pick<ExportRow, 'title' | 'filters' | 'person_name' | 'post_title' | 'org_name'>,
  columns: readonly ListColumn[],
  pages: AsyncIterable<ListAnswer> | Iterable<ListAnswer>,
  at: Date,
  keep: (piece: Buffer) => Promise<void>,
  onPage: (rows: number, total: number | null) => Promise<void> = async () => undefined,
): Promise<MadeFile> {
  const out = pieces(keep)
  const sheet = await beginWorkbook(
    out.stream,
    made.title,
    columns.map((column) => ({ title: column.title, format: cellFormats[column.kind], width: widths[column.kind] })),
    at,
  )
  let rows = 0
  for await (const page of pages) {
    for (const item of page.items) sheet.row(columns.map((column): Cell => cellOf(column, item)))
    rows += page.items.length
    if (out.stream.writableNeedDrain) await once(out.stream, 'drain')
    await onPage(rows, page.total)
  }
  await sheet.end(aboutOf(made, columns, rows, at))
  return { rows, ...(await out.done) }
}

const widths = { text: 24, reference: 28, money: 18, integer: 10, date: 12, instant: 18 } as const

/** The sheet that says what the list is: its name, the filters in words, who, when, how many. */
function aboutOf(
  made: Pick<ExportRow, 'title' | 'filters' | 'person_name' | 'post_title' | 'org_name'>,
  columns: readonly ListColumn[],
  rows: number,
  at: Date,
): [string, string][] {
  const clock = new Date(at.getTime() + 8 * 60 * 60 * 1000).toISOString().slice(11, 16)
  return [
    ['列表', made.title],
    ['筛选条件', made.filters.length === 0 ? '无' : made.filters.map((f) => `${f.title}：${f.value}`).join('；')],
    ['列', columns.map((column) => column.title).join('、')],
    ['条数', String(rows)],
    ['导出人', `${made.org_name} ${made.post_title} ${made.person_name}`],
    ['导出时间', `${todayInShanghai(at)} ${clock}`],
    ['说明', '数据为导出时导出人当前岗位可以查看的内容。以 = + - @ 等开头的文字前加单引号，以免被当作公式。'],
  ]
}

/** A stream that hands on its bytes in pieces, and their digest at the end. */
function pieces(keep: (piece: Buffer) => Promise<void>): { stream: Writable; done: Promise<{ bytes: number; sha256: string }> } {
  const digest = createHash('sha256')
  let held: Buffer[] = []
  let heldBytes = 0
  let bytes = 0
  const flush = async () => {
    if (heldBytes === 0) return
    const piece = Buffer.concat(held)
    held = []
    heldBytes = 0
    await keep(piece)
  }
  const stream = new Writable({
    write(chunk: Buffer, _encoding, next) {
      // The writer uses its buffers again.
      const copy = Buffer.from(chunk)
      digest.update(copy)
      bytes += copy.length
      held.push(copy)
      heldBytes += copy.length
      if (heldBytes < PIECE_BYTES) next()
      else flush().then(() => next(), next)
    },
    final(finished) {
      flush().then(() => finished(), finished)
    },
  })
  const done = new Promise<{ bytes: number; sha256: string }>((resolve, reject) => {
    stream.on('finish', () => resolve({ bytes, sha256: digest.digest('hex') }))
    stream.on('error', reject)
  })
  done.catch(() => undefined)
  return { stream, done }
}
