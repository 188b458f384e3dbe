import { style, type WrittenCell, type WrittenRow, workbookPieces } from '../book-xml.ts'
import { bytesFrame } from '../frames.ts'
import { heightOf, OPINION_TITLE, OPINION_WIDTH } from '../opinion.ts'
import { Refused } from '../refusals.ts'
import { type Merge, mergeFinder, type PackedRow, type Table } from '../table.ts'
import { deflated, type ZipEntry, zipPieces } from '../zip.ts'
import { type Archive, nameOf, openArchive } from './archive.ts'
import { type Book, openBook } from './book.ts'
import { budgetOf } from './budget.ts'
import { recogniseKind } from './kind.ts'
import { markedSheet, type RowMarks, type SheetMarks } from './mark-sheet.ts'
import { type MarkStyles, markStyles, ownStyles } from './mark-styles.ts'
import { type Asked, readFile } from './read.ts'
import { LAST_COLUMN, readSheet } from './sheet.ts'
import { decoded } from './xml.ts'

/** What is to be marked on one sheet: cells, and for some rows words; all by row, in any order. */
export interface Marks {
  sheet: string
  /** Row of the headings; the first row with content when it is not known. */
  headRow?: number
  cells: readonly (readonly [row: number, column: number])[]
  opinions: readonly (readonly [row: number, text: string])[]
}

export type MarkAsked = Asked & { marks: readonly Marks[] }

const BYTES_AT_ONCE = 4 * 1024 * 1024

/** Writes the file again as .xlsx with the marks in it, and hands the bytes on. @throws Refused */
export async function markFile(
  bytes: Buffer,
  asked: MarkAsked,
  write: (frame: Buffer) => void,
): Promise<Pick<Table, 'kind' | 'encoding' | 'delimiter'>> {
  const kind = recogniseKind(bytes, asked.name, asked.kind)
  const { pieces, how } = kind === 'xlsx' ? await markedWorkbook(bytes, asked) : await markedCsv(bytes, asked)
  for (const piece of pieces)
    for (let at = 0; at < piece.length; at += BYTES_AT_ONCE) write(bytesFrame(piece.subarray(at, at + BYTES_AT_ONCE)))
  return how
}

interface Marked {
  pieces: Iterable<Buffer>
  how: Pick<Table, 'kind' | 'encoding' | 'delimiter'>
}

async function markedWorkbook(bytes: Buffer, asked: MarkAsked): Promise<Marked> {
  const { limits, marks } = asked
  const archive = await openArchive(bytes, limits)
  const book = await openBook(archive, limits)
  const stylesPart = book.stylesPart
  const styles = stylesPart === undefined ? ownStyles() : markStyles(stylesPart, await textOf(archive, stylesPart))
  const rewritten = new Map<string, ZipEntry>()
  const budget = budgetOf(limits)
  for (const mark of marks) {
    const sheet = book.sheets.find(({ name }) => name === mark.sheet)
    if (!sheet) throw new Refused('table.no_such_sheet', {}, { found: mark.sheet })
    const found = lookedAt(mark)
    const { merges } = await readSheet(archive, book, sheet, limits, budget, found.row)
    const plan = planOf(mark, found, merges)
    rewritten.set(
      nameOf(sheet.part),
      await deflated(sheet.part, markedSheet(decoded(archive.inflate(sheet.part), sheet.part, true), plan, styles)),
    )
  }
  const added = await withStyles(archive, book, styles, rewritten)
  const entries = [...(await copied(archive, rewritten)), ...added]
  return { pieces: zipPieces(entries), how: { kind: 'xlsx', encoding: 'utf-8', delimiter: undefined } }
}

/** Every entry in its old place: as it came, byte for byte, unless it had to be written anew. */
async function copied(archive: Archive, rewritten: ReadonlyMap<string, ZipEntry>): Promise<ZipEntry[]> {
  const entries: ZipEntry[] = []
  for (const entry of archive.entries) {
    const anew = rewritten.get(nameOf(entry.fileName))
    if (anew) {
      entries.push({ ...anew, name: entry.fileNameRaw, flags: entry.generalPurposeBitFlag })
      continue
    }
    if (!entry.canDecodeFileData()) throw new Refused('table.damaged', { part: entry.fileName })
    entries.push({
      name: entry.fileNameRaw,
      flags: entry.generalPurposeBitFlag,
      method: entry.compressionMethod === 0 ? 0 : 8,
      date: entry.lastModFileDate,
      time: entry.lastModFileTime,
      crc: entry.crc32,
      size: entry.uncompressedSize,
      content: await archive.raw(entry),
    })
  }
  return entries
}

/** The styles written anew; a workbook that had none gets ours, and is told where they are. */
async function withStyles(archive: Archive, book: Book, styles: MarkStyles, rewritten: Map<string, ZipEntry>): Promise<ZipEntry[]> {
  if (book.stylesPart !== undefined) {
    rewritten.set(nameOf(book.stylesPart), await deflated(book.stylesPart, [styles.xml()]))
    return []
  }
  const slash = book.workbookPart.lastIndexOf('/') + 1
  // The usual name, because some programs look for it and not for the relation.
  const usual = `${book.workbookPart.slice(0, slash)}styles.xml`
  const part = archive.has(usual) ? usual.replace('styles.xml', 'tongchou-styles.xml') : usual
  const relations = `${book.workbookPart.slice(0, slash)}_rels/${book.workbookPart.slice(slash)}.rels`
  const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
  const type = 'application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml'
  for (const [name, element] of [
    ['[Content_Types].xml', (prefix: string) => `<${prefix}Override PartName="/${part}" ContentType="${type}"/>`],
    [relations, (prefix: string) => `<${prefix}Relationship Id="tongchouStyles" Type="${office}/styles" Target="/${part}"/>`],
  ] as const) {
    const text = await textOf(archive, name)
    rewritten.set(nameOf(name), await deflated(name, [beforeLastTag(text, element)]))
  }
  return [await deflated(part, [styles.xml()])]
}

function beforeLastTag(xml: string, element: (prefix: string) => string): string {
  const at = xml.lastIndexOf('</')
  const prefix = /^<\/([^\s:>]+:)?/.exec(xml.slice(at, at + 100))?.[1] ?? ''
  return xml.slice(0, at) + element(prefix) + xml.slice(at)
}

async function textOf(archive: Archive, part: string): Promise<string> {
  let text = ''
  for await (const piece of decoded(archive.inflate(part), part, true)) text += piece
  return text
}

/** What has to be known of a sheet before it is written again. */
interface Found {
  row(packed: PackedRow): void
  /** The last column with content that is not an opinion of an earlier round. */
  lastColumn: number
  headRow: number
  /** Where an earlier round wrote its opinions. */
  earlier: number | undefined
}

const PER_CELL = 4

function lookedAt(mark: Marks): Found {
  const found: Found = {
    lastColumn: 0,
    headRow: mark.headRow ?? 0,
    earlier: undefined,
    row([row, , ...cells]) {
      found.headRow ||= row
      for (let at = 0; at < cells.length; at += PER_CELL) {
        const column = Number(cells[at])
        if (row === found.headRow && cells[at + PER_CELL - 1] === OPINION_TITLE) found.earlier = column
        else if (column !== found.earlier) found.lastColumn = Math.max(found.lastColumn, column)
      }
    },
  }
  return found
}

/** The column of the opinions stands behind everything with content, and where no merged range reaches into a row that gets one. */
function planOf(mark: Marks, found: Pick<Found, 'lastColumn' | 'headRow' | 'earlier'>, merges: readonly Merge[]): SheetMarks {
  const rows = new Map<number, { columns: number[]; opinion?: string; opinionStyle?: number }>()
  const rowOf = (row: number) => {
    const known = rows.get(row) ?? { columns: [] }
    rows.set(row, known)
    return known
  }
  for (const [row, column] of mark.cells) rowOf(row).columns.push(column)
  for (const [row, text] of mark.opinions) rowOf(row).opinion = text
  if (found.headRow > 0) {
    const head = rowOf(found.headRow)
    head.opinion = head.opinion === undefined ? OPINION_TITLE : `${OPINION_TITLE}\n${head.opinion}`
  }
  const lastMarked = mark.cells.reduce((most, [, column]) => Math.max(most, column), found.lastColumn)
  let opinionColumn = found.earlier !== undefined && found.earlier > lastMarked ? found.earlier : lastMarked + 1
  for (const { top, left, bottom, right } of merges.toSorted((a, b) => a.left - b.left))
    if (left <= opinionColumn && right >= opinionColumn && reaches(rows, top, bottom)) opinionColumn = right + 1
  if (opinionColumn > LAST_COLUMN) throw new Refused('table.no_room', { sheet: mark.sheet })
  return { rows: anchored(rows, merges), opinionColumn }
}

function reaches(rows: ReadonlyMap<number, RowMarks>, top: number, bottom: number): boolean {
  for (const row of rows.keys()) if (row >= top && row <= bottom) return true
  return false
}

/** A cell inside a merged range is not seen: the first one of the range is marked in its place. */
function anchored(rows: ReadonlyMap<number, RowMarks>, merges: readonly Merge[]): Map<number, RowMarks> {
  const mergeAt = mergeFinder(merges)
  const marked = new Map<number, RowMarks & { columns: number[] }>([...rows].map(([row, mark]) => [row, { ...mark, columns: [] }]))
  for (const [row, { columns }] of rows)
    for (const column of columns) {
      const merge = mergeAt(row, column)
      const at = merge?.top ?? row
      const target = marked.get(at) ?? { columns: [] }
      target.columns.push(merge?.left ?? column)
      marked.set(at, target)
    }
  return marked
}

/** A CSV comes back as a workbook: all cells text, as they were read, with their marks. */
async function markedCsv(bytes: Buffer, asked: MarkAsked): Promise<Marked> {
  const [mark, ...others] = asked.marks
  if (!mark || others.length > 0) throw new Refused('table.no_such_sheet', {}, { found: others[0]?.sheet ?? '' })
  const packed: PackedRow[] = []
  const sink = { tell: (told: object) => void ('rows' in told && packed.push(...(told.rows as PackedRow[]))), drained: () => undefined }
  const how = await readFile(bytes, asked, sink)
  const found = lookedAt(mark)
  for (const row of packed) found.row(row)
  const plan = planOf(mark, found, [])
  const widths = Array.from({ length: plan.opinionColumn }, (_, at) => (at + 1 === plan.opinionColumn ? OPINION_WIDTH : 16))
  const sheet = { name: mark.sheet, widths, headRow: found.headRow, rows: csvRows(packed, plan, found.headRow) }
  return { pieces: await workbookPieces([sheet]), how }
}

function csvRows(packed: readonly PackedRow[], { rows, opinionColumn }: SheetMarks, headRow: number): WrittenRow[] {
  const texts = new Map(packed.map((row) => [row[0], row]))
  const numbers = [...new Set([...texts.keys(), ...rows.keys()])].sort((a, b) => a - b)
  return numbers.map((row) => {
    const marks = rows.get(row)
    const cells = new Map<number, WrittenCell>()
    const [, , ...parts] = texts.get(row) ?? [row, 0]
    for (let at = 0; at < parts.length; at += PER_CELL)
      cells.set(Number(parts[at]), {
        column: Number(parts[at]),
        text: String(parts[at + PER_CELL - 1]),
        style: row === headRow ? style.head : style.text,
      })
    for (const column of marks?.columns ?? []) cells.set(column, { column, text: textIn(cells.get(column)), style: style.faulty })
    cells.delete(opinionColumn)
    if (marks?.opinion !== undefined)
      cells.set(opinionColumn, { column: opinionColumn, text: marks.opinion, style: row === headRow ? style.head : style.opinion })
    return { row, height: heightOf(marks?.opinion ?? ''), cells: [...cells.values()].sort((a, b) => a.column - b.column) }
  })
}

function textIn(cell: WrittenCell | undefined): string {
  return cell && 'text' in cell ? cell.text : ''
}
