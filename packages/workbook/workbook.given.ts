import { crc32, deflateRawSync } from 'node:zlib'
import { markFile } from './child/mark.ts'
import { type Asked, readFile } from './child/read.ts'
import { type Frame, frameReader, jsonFrame } from './frames.ts'
import { defaultLimits } from './limits.ts'
import { marksOf } from './mark-table.ts'
import type { TableFinding } from './opinion.ts'
import { collector, worded } from './read-table.ts'
import type { Table } from './table.ts'

/** An entry of an archive that may lie about itself. */
export interface GivenEntry {
  name: string
  data: string | Buffer
  /** Kept as it is instead of deflated. */
  stored?: boolean
  /** What the archive says of the entry's size, sum, method and flags, whatever is true. */
  claims?: { size?: number; packedSize?: number; crc?: number; method?: number; flags?: number }
  /** Content that is deflated already. */
  packed?: Buffer
}

/** An archive of these entries, as they are given. */
export function zipOf(entries: readonly GivenEntry[], claimedCount = entries.length): Buffer {
  const pieces: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const { name, data, stored = false, claims = {}, packed } of entries) {
    const bytes = Buffer.from(data)
    const content = packed ?? (stored ? bytes : deflateRawSync(bytes))
    const nameBytes = Buffer.from(name)
    const head = Buffer.alloc(26)
    head.writeUInt16LE(20, 0)
    head.writeUInt16LE(claims.flags ?? 0x800, 2)
    head.writeUInt16LE(claims.method ?? (stored ? 0 : 8), 4)
    head.writeUInt16LE(0x21, 8)
    head.writeUInt32LE(claims.crc ?? crc32(bytes), 10)
    head.writeUInt32LE(claims.packedSize ?? content.length, 14)
    head.writeUInt32LE(claims.size ?? bytes.length, 18)
    head.writeUInt16LE(nameBytes.length, 22)
    const rest = Buffer.alloc(14)
    rest.writeUInt32LE(offset, 10)
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), head, nameBytes, content])
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00', 'latin1'), head, rest, nameBytes]))
    pieces.push(local)
    offset += local.length
  }
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 'latin1')
  end.writeUInt16LE(claimedCount, 8)
  end.writeUInt16LE(claimedCount, 10)
  end.writeUInt32LE(
    directory.reduce((sum, record) => sum + record.length, 0),
    12,
  )
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...pieces, ...directory, end])
}

const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006'
const TYPES = 'application/vnd.openxmlformats-officedocument.spreadsheetml'

export interface GivenSheet {
  name?: string
  /** What stands in `sheetData`. */
  rows: string
  before?: string
  after?: string
  state?: string
}

export interface GivenBook {
  sheets: readonly GivenSheet[]
  strings?: readonly string[]
  /** Inside of `styleSheet`; a book without it has no styles part. */
  styles?: string
  since1904?: boolean
  mainType?: string
}

/** The parts of a small workbook written by hand, to be spoilt before they become an archive. */
export function givenParts({ sheets, strings, styles, since1904, mainType = `${TYPES}.sheet.main+xml` }: GivenBook): Map<string, string> {
  const relation = (id: string, type: string, target: string) => `<Relationship Id="${id}" Type="${OFFICE}/${type}" Target="${target}"/>`
  const relations = sheets.map((_sheet, at) => relation(`rId${at + 1}`, 'worksheet', `worksheets/sheet${at + 1}.xml`))
  if (strings) relations.push(relation('strings', 'sharedStrings', 'sharedStrings.xml'))
  if (styles) relations.push(relation('styles', 'styles', 'styles.xml'))
  const parts = new Map<string, string>([
    [
      '[Content_Types].xml',
      `<Types xmlns="${PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="${mainType}"/>${sheets.map((_sheet, at) => `<Override PartName="/xl/worksheets/sheet${at + 1}.xml" ContentType="${TYPES}.worksheet+xml"/>`).join('')}${strings ? `<Override PartName="/xl/sharedStrings.xml" ContentType="${TYPES}.sharedStrings+xml"/>` : ''}${styles ? `<Override PartName="/xl/styles.xml" ContentType="${TYPES}.styles+xml"/>` : ''}</Types>`,
    ],
    [
      '_rels/.rels',
      `<Relationships xmlns="${PACKAGE}/relationships">${relation('rId1', 'officeDocument', 'xl/workbook.xml')}</Relationships>`,
    ],
    [
      'xl/workbook.xml',
      `<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}">${since1904 ? '<workbookPr date1904="1"/>' : ''}<sheets>${sheets.map(({ name = '表', state }, at) => `<sheet name="${name}${at === 0 ? '' : at + 1}" sheetId="${at + 1}"${state ? ` state="${state}"` : ''} r:id="rId${at + 1}"/>`).join('')}</sheets></workbook>`,
    ],
    ['xl/_rels/workbook.xml.rels', `<Relationships xmlns="${PACKAGE}/relationships">${relations.join('')}</Relationships>`],
  ])
  if (strings) parts.set('xl/sharedStrings.xml', `<sst xmlns="${MAIN}">${strings.map((string) => `<si>${string}</si>`).join('')}</sst>`)
  if (styles) parts.set('xl/styles.xml', `<styleSheet xmlns="${MAIN}">${styles}</styleSheet>`)
  for (const [at, { rows, before = '', after = '' }] of sheets.entries())
    parts.set(`xl/worksheets/sheet${at + 1}.xml`, `<worksheet xmlns="${MAIN}">${before}<sheetData>${rows}</sheetData>${after}</worksheet>`)
  return parts
}

export function zipParts(parts: ReadonlyMap<string, string | Buffer>): Buffer {
  return zipOf([...parts].map(([name, data]) => ({ name, data })))
}

export function givenBook(book: GivenBook): Buffer {
  return zipParts(givenParts(book))
}

/** A sheet of text cells. */
export function textRows(rows: readonly (readonly string[])[], firstRow = 1): string {
  return rows
    .map((cells, at) => {
      const row = firstRow + at
      const inside = cells.map((text, column) => textXml(`${String.fromCharCode(65 + column)}${row}`, text))
      return `<row r="${row}">${inside.join('')}</row>`
    })
    .join('')
}

export function textXml(reference: string, text: string): string {
  const escaped = text.replace(/[&<>]/g, (sign) => `&#${sign.charCodeAt(0)};`)
  return text === '' ? '' : `<c r="${reference}" t="inlineStr"><is><t xml:space="preserve">${escaped}</t></is></c>`
}

/** Styles that show what number formats show: the ids in this order are the styles 0, 1, 2 … of the book. */
export function stylesOf(formats: readonly (number | string)[]): string {
  const own = formats.flatMap((format, at) =>
    typeof format === 'string' ? [`<numFmt numFmtId="${200 + at}" formatCode="${format.replaceAll('"', '&quot;')}"/>`] : [],
  )
  const xfs = formats.map(
    (format, at) => `<xf numFmtId="${typeof format === 'string' ? 200 + at : format}" fontId="0" fillId="0" borderId="0"/>`,
  )
  return `<numFmts>${own.join('')}</numFmts><fonts count="1"><font><sz val="11"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellXfs count="${xfs.length}">${xfs.join('')}</cellXfs>`
}

/** Reads in this process what the child would read: for tests of what is read, not of how it is fenced. */
export async function readHere(bytes: Buffer, asked: Partial<Asked> = {}): Promise<Table> {
  const collected = collector(undefined)
  const limits = { ...defaultLimits, ...asked.limits }
  const sink = {
    tell: (told: object) => collected.onFrame({ json: JSON.parse(jsonFrame(told).subarray(5).toString()) }),
    drained: () => undefined,
  }
  const how = await worded(readFile(bytes, { ...asked, limits }, sink))
  sink.tell({ done: { ...how, peakMiB: 0 } })
  return collected.table()
}

/** The refusal's code, or `read` when it was read. */
export async function verdictOn(bytes: Buffer, asked: Partial<Asked> = {}): Promise<string> {
  return readHere(bytes, asked).then(
    () => 'read',
    (error: unknown) => {
      if (error instanceof Error && 'code' in error && String(error.code).startsWith('table.')) return String(error.code)
      throw error
    },
  )
}

/** Marks in this process what the child would mark. */
export async function markHere(bytes: Buffer, findings: readonly TableFinding[]): Promise<Buffer> {
  const frames: Frame[] = []
  const reader = frameReader()
  await worded(markFile(bytes, { limits: defaultLimits, marks: marksOf(findings) }, (frame) => void frames.push(...reader.push(frame))))
  return Buffer.concat(frames.flatMap((frame) => ('bytes' in frame ? [frame.bytes] : [])))
}
