import type { Limits } from '../limits.ts'
import { Refused } from '../refusals.ts'
import type { PackedRow, Table, TableKind, Told } from '../table.ts'
import { openArchive } from './archive.ts'
import { openBook } from './book.ts'
import { budgetOf } from './budget.ts'
import { delimiterOf, recordsOf } from './csv.ts'
import { csvCell } from './csv-cell.ts'
import { decodeText } from './encoding.ts'
import { recogniseKind } from './kind.ts'
import { readSheet } from './sheet.ts'

/** What a file is asked to be, beside its bytes. */
export interface Asked {
  name?: string | undefined
  kind?: TableKind | undefined
  delimiter?: Table['delimiter']
  limits: Limits
}

/** Where what is read goes; waits while the other side does not keep up. */
export interface Sink {
  tell(told: Told): void
  drained(): Promise<void> | undefined
}

const BATCH = 200

/** Reads a table and tells it sheet by sheet, in batches of rows; says at the end how it was read. @throws Refused */
export async function readFile(bytes: Buffer, asked: Asked, sink: Sink): Promise<Pick<Table, 'kind' | 'encoding' | 'delimiter'>> {
  const kind = recogniseKind(bytes, asked.name, asked.kind)
  return kind === 'xlsx' ? readWorkbook(bytes, asked.limits, sink) : readCsv(bytes, asked, sink)
}

async function readWorkbook(bytes: Buffer, limits: Limits, sink: Sink): Promise<Pick<Table, 'kind' | 'encoding' | 'delimiter'>> {
  const archive = await openArchive(bytes, limits)
  const book = await openBook(archive, limits)
  const budget = budgetOf(limits)
  let found = 0
  for (const sheet of book.sheets) {
    sink.tell({ sheet: { name: sheet.name, hidden: sheet.hidden } })
    const batch = batches(sink)
    const onRow = (row: PackedRow) => {
      found += 1
      batch.add(row)
    }
    const ended = await readSheet(archive, book, sheet, limits, budget, onRow, () => sink.drained())
    batch.flush()
    sink.tell({ ended })
  }
  // A reader that finds nothing must not pass for a table without rows.
  if (found === 0) throw new Refused('table.no_content')
  return { kind: 'xlsx', encoding: 'utf-8', delimiter: undefined }
}

async function readCsv(bytes: Buffer, asked: Asked, sink: Sink): Promise<Pick<Table, 'kind' | 'encoding' | 'delimiter'>> {
  const { limits } = asked
  const { text, encoding } = decodeText(bytes)
  const delimiter = asked.delimiter ?? delimiterOf(text, limits.cellLength)
  const budget = budgetOf(limits)
  const batch = batches(sink)
  sink.tell({ sheet: { name: 'CSV', hidden: false } })
  let row = 0
  let found = 0
  for (const fields of recordsOf(text, delimiter, limits.cellLength)) {
    row += 1
    const packed: PackedRow = [row, 0]
    for (const [at, field] of fields.entries()) {
      if (field === '') continue
      const column = at + 1
      budget.cell({ row, column }, column, field.length)
      packed.push(column, ...csvCell(field))
    }
    if (packed.length === 2) continue
    found += 1
    budget.row({ row })
    batch.add(packed)
    if (found % BATCH === 0) await sink.drained()
  }
  batch.flush()
  sink.tell({ ended: { merges: [], hiddenColumns: [] } })
  if (found === 0) throw new Refused('table.no_content')
  return { kind: 'csv', encoding, delimiter }
}

function batches(sink: Sink): { add(row: PackedRow): void; flush(): void } {
  let rows: PackedRow[] = []
  const flush = () => {
    if (rows.length > 0) sink.tell({ rows })
    rows = []
  }
  return {
    add(row) {
      rows.push(row)
      if (rows.length >= BATCH) flush()
    },
    flush,
  }
}
