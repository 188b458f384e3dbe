import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { csvProblem, notUtf8, otherFormat } from './csv-problems.ts'
import { CsvFault, type CsvShape, fieldsOf } from './csv-scan.ts'
import { shapeOf } from './csv-shape.ts'
import { requireNames, type Side } from './side.ts'
import { openSource, type SourceFile } from './source-file.ts'
import { column, literal } from './sql.ts'
import { encodingOfMark, type TextEncoding } from './text-encoding.ts'
import { copyAsUtf8, copyInParts } from './utf8-copy.ts'

/**
 * Reads a CSV once through, byte by byte, and says how the engine is to read it. What is not in UTF-8 is written into `folder` as UTF-8 first.
 * @throws ComparisonProblem naming the line where it is no CSV
 */
export async function readCsv(file: SourceFile, folder: string, signal?: AbortSignal): Promise<Side> {
  const format = otherFormat(file.head)
  if (format !== undefined) throw format(file)
  const { text, encoding, shape } = await scanned(file, folder, signal)
  const names = fieldsOf(await headerOf(text, shape.bodyAt)).map((name) => name ?? '')
  requireNames(file, names)
  const paths = await readablePaths(text, shape, names.length, folder, signal)
  return { of: file.side, kind: 'csv', encoding, names, rows: shape.rows, relation: (prefix) => reader(paths, shape, prefix, names.length) }
}

interface Scanned {
  text: SourceFile
  encoding: TextEncoding
  shape: CsvShape
}

async function scanned(file: SourceFile, folder: string, signal?: AbortSignal): Promise<Scanned> {
  const marked = encodingOfMark(file.head)
  const asItIs = marked === undefined ? await scan(file, signal) : undefined
  if (asItIs !== undefined) return { text: file, encoding: 'utf-8', shape: asItIs }
  const encoding = marked ?? 'gb18030'
  const copy = join(folder, `${file.side}-utf8`)
  if (!(await copyAsUtf8(file, encoding, copy, signal))) throw notUtf8(file)
  const text = { ...(await openSource(file.side, copy)), name: file.name }
  const shape = await scan(text, signal)
  if (shape === undefined) throw notUtf8(file)
  return { text, encoding, shape }
}

/** Undefined when the text is not UTF-8. */
async function scan(file: SourceFile, signal?: AbortSignal): Promise<CsvShape | undefined> {
  try {
    return await shapeOf(file, signal)
  } catch (error) {
    throw error instanceof CsvFault ? csvProblem(file, error) : error
  }
}

/** The header record without its line end and without the mark before it. */
async function headerOf(file: SourceFile, bodyAt: number): Promise<string> {
  const handle = await open(file.path, 'r')
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(bodyAt), 0, bodyAt, 0)
    return new TextDecoder().decode(buffer.subarray(0, bytesRead)).replace(/\r?\n$/, '')
  } finally {
    await handle.close()
  }
}

/**
 * The file itself, or a copy in parts where the engine would misread it: it takes the first line end for the one of the whole file, also within the
 * header's quotation marks, and then finds no row at all; and its parallel reading begins anywhere in the file, where it was seen to lose rows without
 * a word if there are quotation marks. A part begins with a record, is read by one core, and several cores read several parts.
 */
async function readablePaths(file: SourceFile, shape: CsvShape, columns: number, folder: string, signal?: AbortSignal): Promise<string[]> {
  if (!shape.brokenHeader && !(shape.quoted && shape.cuts.length > 0)) return [file.path]
  const names = Array.from({ length: columns }, (_, position) => column('c', position)).join(',')
  return copyInParts(
    file,
    [shape.bodyAt, ...shape.cuts],
    `${names}${shape.crlf ? '\r\n' : '\n'}`,
    join(folder, `${file.side}-part`),
    signal,
  )
}

/** Nothing is left to the engine to guess. Unless told otherwise it reads "" as NULL. */
function reader(paths: readonly string[], { quoted, longestRecord }: CsvShape, prefix: string, columns: number): string {
  const longest = Math.max(2 * 1024 * 1024, longestRecord + 1024)
  const types = Array.from({ length: columns }, (_, position) => `${column(prefix, position)}: 'VARCHAR'`)
  return `read_csv([${paths.map(literal).join(', ')}], auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', strict_mode = true,
    nullstr = '', allow_quoted_nulls = false, null_padding = false, ignore_errors = false, compression = 'none', parallel = ${!quoted},
    max_line_size = ${longest}, buffer_size = ${Math.max(32 * 1024 * 1024, 4 * longest)}, columns = {${types.join(', ')}})`
}
