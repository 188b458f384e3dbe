import { crc32, deflateRawSync, constants as zlib } from 'node:zlib'
import { type GivenEntry, givenParts, textRows, zipOf, zipParts } from './workbook.given.ts'

/** A hostile file: how it is made, and the verdicts that are right. */
export interface HostileFile {
  name: string
  make(): Buffer
  verdict: string
}

const MIB = 1024 * 1024
const plain = [
  {
    rows: textRows([
      ['名称', '代码'],
      ['民政局', '001'],
    ]),
  },
]

/** Parts of a good workbook with one replaced. */
function spoilt(name: string, data: string | Buffer, book = { sheets: plain }): Buffer {
  return zipParts(new Map<string, string | Buffer>([...givenParts(book), [name, data]]))
}

function sheet(inside: string, before = '', after = ''): Buffer {
  return spoilt('xl/worksheets/sheet1.xml', `<worksheet>${before}<sheetData>${inside}</sheetData>${after}</worksheet>`)
}

function entries(change: (entry: GivenEntry) => GivenEntry = (entry) => entry): GivenEntry[] {
  return [...givenParts({ sheets: plain })].map(([name, data]) => change({ name, data }))
}

const onSheet = (change: Partial<GivenEntry>) =>
  zipOf(entries((entry) => (entry.name.includes('sheet1.xml') ? { ...entry, ...change } : entry)))

/** A piece of XML many times over, deflated without ever being held: one block that refers to nothing outside itself, repeated. */
function repeated(before: string, piece: string, times: number, after: string): GivenEntry & { packed: Buffer } {
  const block = (text: string) => deflateRawSync(text, { finishFlush: zlib.Z_FULL_FLUSH })
  const one = block(piece)
  const packed = Buffer.concat([block(before), ...Array.from({ length: times }, () => one), block(after), Buffer.from([3, 0])])
  let sum = crc32(before)
  for (let at = 0; at < times; at++) sum = crc32(piece, sum)
  const size = Buffer.byteLength(before) + times * Buffer.byteLength(piece) + Buffer.byteLength(after)
  return { name: 'xl/worksheets/sheet1.xml', data: '', packed, claims: { size, crc: crc32(after, sum) } }
}

const bomb = (claims: GivenEntry['claims'] = {}) => {
  const made = repeated('<worksheet><sheetData>', ' '.repeat(MIB), 400, '</sheetData></worksheet>')
  return onSheet({ ...made, claims: { ...made.claims, ...claims } })
}

const cell = (reference: string, inside = '<v>1</v>', attributes = '') => `<c r="${reference}"${attributes}>${inside}</c>`
const doctype = (declared: string) => `<!DOCTYPE worksheet [${declared}]><worksheet><sheetData/></worksheet>`

/** Files that somebody built to break a reader, each by a script and none kept. */
export const hostileFiles: readonly HostileFile[] = [
  { name: '400 MB in a file of less than one, told', make: () => bomb(), verdict: 'table.inflates_too_much' },
  { name: '400 MB in a file of less than one, the directory says 1 kB', make: () => bomb({ size: 1024 }), verdict: 'table.damaged' },
  {
    name: 'a size of four gigabytes for ten bytes',
    make: () => onSheet({ claims: { size: 0xfffffffe } }),
    verdict: 'table.inflates_too_much',
  },
  { name: 'a size of none for ten bytes', make: () => onSheet({ claims: { size: 0 } }), verdict: 'table.damaged' },
  { name: 'a sum that is not the content’s', make: () => onSheet({ claims: { crc: 1 } }), verdict: 'table.damaged' },
  { name: 'a way of packing that is none', make: () => onSheet({ claims: { method: 99 } }), verdict: 'table.damaged' },
  { name: 'content that is no deflate', make: () => onSheet({ packed: Buffer.from([7, 7, 7, 7]) }), verdict: 'table.damaged' },
  { name: 'cut off in the middle', make: () => zipOf(entries()).subarray(0, 700), verdict: 'table.damaged' },
  { name: 'without its directory', make: () => zipOf(entries()).subarray(0, -22), verdict: 'table.damaged' },
  { name: 'a directory of 60,000 entries', make: () => zipOf(entries(), 60_000), verdict: 'table.too_many_entries' },
  {
    name: 'one part twice',
    make: () => zipOf([...entries(), { name: 'XL/worksheets/SHEET1.xml', data: '' }]),
    verdict: 'table.duplicate_entry',
  },
  {
    name: 'an entry that leads out of the folder',
    make: () => zipOf([...entries(), { name: '../../etc/passwd', data: 'x' }]),
    verdict: 'table.unsafe_entry_name',
  },
  {
    name: 'an entry with a drive',
    make: () => zipOf([...entries(), { name: 'C:\\windows\\x', data: 'x' }]),
    verdict: 'table.unsafe_entry_name',
  },
  { name: 'an absolute entry', make: () => zipOf([...entries(), { name: '/etc/passwd', data: 'x' }]), verdict: 'table.unsafe_entry_name' },

  {
    name: 'an entity that grows',
    make: () => spoilt('xl/worksheets/sheet1.xml', doctype('<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">')),
    verdict: 'table.doctype',
  },
  {
    name: 'an entity from a file',
    make: () => spoilt('xl/workbook.xml', `<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><workbook>&a;</workbook>`),
    verdict: 'table.doctype',
  },
  { name: 'an entity that nobody declared', make: () => sheet(`<row r="1">${cell('A1', '<v>&lol;</v>')}</row>`), verdict: 'table.xml' },
  { name: 'elements ten thousand deep', make: () => sheet('<row r="1"><c r="A1">'.padEnd(60_000, '<is>')), verdict: 'table.too_deep' },
  { name: 'a tag of three megabytes', make: () => sheet(`<row r="1" x="${'a'.repeat(3 * MIB)}"/>`), verdict: 'table.xml' },
  {
    name: 'a million attributes',
    make: () => sheet(`<row ${Array.from({ length: 300_000 }, (_, at) => `a${at}="1"`).join(' ')}/>`),
    verdict: 'table.xml',
  },
  { name: 'an attribute twice', make: () => sheet('<row r="1" r="2"/>'), verdict: 'table.xml' },
  {
    name: 'an attribute of every object',
    make: () => sheet(`<row r="1" __proto__="x" constructor="y">${cell('A1')}</row>`),
    verdict: 'read',
  },
  {
    name: 'XML that ends in the middle',
    make: () => spoilt('xl/worksheets/sheet1.xml', '<worksheet><sheetData><row r="1">'),
    verdict: 'table.xml',
  },
  {
    name: 'XML in UTF-16',
    make: () => spoilt('xl/worksheets/sheet1.xml', Buffer.from('\ufeff<worksheet/>', 'utf16le')),
    verdict: 'table.encoding',
  },
  {
    name: 'XML that says UTF-7',
    make: () => spoilt('xl/worksheets/sheet1.xml', '<?xml version="1.0" encoding="UTF-7"?><worksheet/>'),
    verdict: 'table.encoding',
  },
  {
    name: 'bytes that are no UTF-8',
    make: () => spoilt('xl/worksheets/sheet1.xml', Buffer.from([0x3c, 0x61, 0xff, 0x3e])),
    verdict: 'table.encoding',
  },
  {
    name: 'half a surrogate pair by number',
    make: () => sheet(`<row r="1">${cell('A1', '<is><t>&#xD800;</t></is>', ' t="inlineStr"')}</row>`),
    verdict: 'table.xml',
  },
  {
    name: 'half a surrogate pair by escape',
    make: () => sheet(`<row r="1">${cell('A1', '<is><t>_xD800_</t></is>', ' t="inlineStr"')}</row>`),
    verdict: 'table.bad_character',
  },
  {
    name: 'NUL by escape',
    make: () => sheet(`<row r="1">${cell('A1', '<is><t>a_x0000_</t></is>', ' t="inlineStr"')}</row>`),
    verdict: 'table.bad_character',
  },

  {
    name: 'a million empty rows, and a dimension that lies',
    make: () =>
      onSheet(repeated('<worksheet><dimension ref="A1:XFD1048576"/><sheetData>', '<row/>'.repeat(1000), 1000, '</sheetData></worksheet>')),
    verdict: 'table.no_content',
  },
  {
    name: 'more rows than a sheet has',
    make: () => onSheet(repeated('<worksheet><sheetData>', '<row/>'.repeat(1000), 1049, '</sheetData></worksheet>')),
    verdict: 'table.structure',
  },
  { name: '16,384 columns', make: () => sheet(`<row r="1">${'<c><v>1</v></c>'.repeat(16_384)}</row>`), verdict: 'table.too_many_columns' },
  { name: 'a cell beyond the last column', make: () => sheet(`<row r="1">${cell('XFE1')}</row>`), verdict: 'table.structure' },
  {
    name: 'a cell at the end of the world',
    make: () => sheet(`<row r="1">${cell('ZZZZZZ99999999999')}</row>`),
    verdict: 'table.structure',
  },
  { name: 'a cell of another row', make: () => sheet(`<row r="1">${cell('A2')}</row>`), verdict: 'table.structure' },
  { name: 'a cell twice', make: () => sheet(`<row r="1">${cell('A1')}${cell('A1')}</row>`), verdict: 'table.structure' },
  { name: 'a row twice', make: () => sheet(`<row r="1">${cell('A1')}</row><row r="1"/>`), verdict: 'table.structure' },
  { name: 'a cell within a cell', make: () => sheet(`<row r="1"><c r="A1">${cell('B1')}</c></row>`), verdict: 'table.structure' },
  {
    name: 'a sheet within a cell',
    make: () => sheet(`<row r="1"><c r="A1" t="inlineStr"><is><t>x<sheetData></sheetData></t></is></c></row>`),
    verdict: 'table.structure',
  },
  {
    name: 'rows in two places',
    make: () => sheet(`<row r="1">${cell('A1')}</row>`, '', `<sheetData><row r="2">${cell('A2')}</row></sheetData>`),
    verdict: 'table.structure',
  },
  { name: 'a cell outside of a row', make: () => sheet(cell('A1')), verdict: 'table.structure' },
  { name: 'a cell with two values', make: () => sheet(`<row r="1">${cell('A1', '<v>1</v><v>2</v>')}</row>`), verdict: 'table.structure' },
  { name: 'a number that is none', make: () => sheet(`<row r="1">${cell('A1', '<v>0x10</v>')}</row>`), verdict: 'table.structure' },
  { name: 'a number without end', make: () => sheet(`<row r="1">${cell('A1', '<v>1E999</v>')}</row>`), verdict: 'table.structure' },
  { name: 'a type that is none', make: () => sheet(`<row r="1">${cell('A1', '<v>1</v>', ' t="x"')}</row>`), verdict: 'table.structure' },
  { name: 'a style that is none', make: () => sheet(`<row r="1">${cell('A1', '<v>1</v>', ' s="9"')}</row>`), verdict: 'table.structure' },
  {
    name: 'a shared string that is none',
    make: () => sheet(`<row r="1">${cell('A1', '<v>7</v>', ' t="s"')}</row>`),
    verdict: 'table.string_index',
  },
  {
    name: 'a shared string below none',
    make: () => sheet(`<row r="1">${cell('A1', '<v>-1</v>', ' t="s"')}</row>`),
    verdict: 'table.string_index',
  },
  {
    name: 'a cell of 40,000 characters',
    make: () => sheet(`<row r="1">${cell('A1', `<is><t>${'长'.repeat(40_000)}</t></is>`, ' t="inlineStr"')}</row>`),
    verdict: 'table.cell_too_long',
  },
  {
    name: 'one long string in every cell',
    make: () =>
      spoilt(
        'xl/worksheets/sheet1.xml',
        `<worksheet><sheetData>${Array.from({ length: 20 }, () => `<row>${'<c t="s"><v>0</v></c>'.repeat(200)}</row>`).join('')}</sheetData></worksheet>`,
        { sheets: plain, strings: [`<t>${'长'.repeat(32_000)}</t>`] } as never,
      ),
    verdict: 'table.too_much_text',
  },
  {
    name: 'merged cells that overlap',
    make: () => sheet(`<row r="1">${cell('A1')}</row>`, '', '<mergeCells><mergeCell ref="A1:B2"/><mergeCell ref="B2:C3"/></mergeCells>'),
    verdict: 'table.structure',
  },
  {
    name: 'a merged range that is the sheet',
    make: () => sheet(`<row r="1">${cell('A1')}</row>`, '', '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'),
    verdict: 'read',
  },
  {
    name: 'a merged range upside down',
    make: () => sheet(`<row r="1">${cell('A1')}</row>`, '', '<mergeCells><mergeCell ref="C3:A1"/></mergeCells>'),
    verdict: 'table.structure',
  },
  {
    name: 'merged ranges without end',
    make: () => sheet(`<row r="1">${cell('A1')}</row>`, '', `<mergeCells>${'<mergeCell ref="A1:B1"/>'.repeat(100_001)}</mergeCells>`),
    verdict: 'table.too_many_merges',
  },
  {
    name: 'columns that are hidden a thousand times',
    make: () => sheet(`<row r="1">${cell('A1')}</row>`, `<cols>${'<col min="1" max="16384" hidden="1"/>'.repeat(1000)}</cols>`),
    verdict: 'read',
  },

  {
    name: 'a sheet that is a path out of the archive',
    make: () =>
      spoilt(
        'xl/_rels/workbook.xml.rels',
        '<Relationships><Relationship Id="rId1" Type="x/worksheet" Target="../../../../etc/passwd"/></Relationships>',
      ),
    verdict: 'table.part_missing',
  },
  {
    name: 'a sheet on another machine',
    make: () =>
      spoilt(
        'xl/_rels/workbook.xml.rels',
        '<Relationships><Relationship Id="rId1" Type="x/worksheet" TargetMode="External" Target="http://127.0.0.1/x.xml"/></Relationships>',
      ),
    verdict: 'table.part_missing',
  },
  {
    name: 'a sheet that is the workbook itself',
    make: () =>
      spoilt(
        'xl/_rels/workbook.xml.rels',
        '<Relationships><Relationship Id="rId1" Type="x/worksheet" Target="workbook.xml"/></Relationships>',
      ),
    verdict: 'table.structure',
  },
  {
    name: 'relations that are not there',
    make: () => spoilt('xl/_rels/workbook.xml.rels', '<Relationships/>'),
    verdict: 'table.part_missing',
  },
  {
    name: 'two sheets on one part',
    make: () =>
      spoilt(
        'xl/workbook.xml',
        '<workbook xmlns:r="r"><sheets><sheet name="a" r:id="rId1"/><sheet name="b" r:id="rId1"/></sheets></workbook>',
      ),
    verdict: 'table.structure',
  },
  {
    name: 'two sheets of one name',
    make: () =>
      spoilt(
        'xl/workbook.xml',
        '<workbook xmlns:r="r"><sheets><sheet name="a" r:id="rId1"/><sheet name="A" r:id="rId1"/></sheets></workbook>',
      ),
    verdict: 'table.structure',
  },
  {
    name: 'a sheet named like a path',
    make: () => spoilt('xl/workbook.xml', '<workbook xmlns:r="r"><sheets><sheet name="..\\..\\x" r:id="rId1"/></sheets></workbook>'),
    verdict: 'read',
  },
  {
    name: 'a thousand sheets',
    make: () =>
      spoilt(
        'xl/workbook.xml',
        `<workbook xmlns:r="r"><sheets>${Array.from({ length: 1000 }, (_, at) => `<sheet name="s${at}" r:id="rId1"/>`).join('')}</sheets></workbook>`,
      ),
    verdict: 'table.too_many_sheets',
  },
  { name: 'no sheets at all', make: () => spoilt('xl/workbook.xml', '<workbook/>'), verdict: 'table.no_content' },
  { name: 'content types that are no XML', make: () => spoilt('[Content_Types].xml', 'x'), verdict: 'table.xml' },
  {
    name: 'a workbook that is said to be a picture',
    make: () => spoilt('[Content_Types].xml', '<Types><Default Extension="xml" ContentType="image/png"/></Types>'),
    verdict: 'table.not_workbook',
  },
  {
    name: 'styles without end',
    make: () =>
      spoilt('xl/styles.xml', `<styleSheet><cellXfs>${'<xf/>'.repeat(70_000)}</cellXfs></styleSheet>`, {
        sheets: plain,
        styles: ' ',
      } as never),
    verdict: 'table.structure',
  },

  { name: 'CSV: a quote over two megabytes', make: () => Buffer.from(`a,"${'b'.repeat(2 * MIB)}`), verdict: 'table.open_quote' },
  { name: 'CSV: a million columns', make: () => Buffer.from('a,'.repeat(1_000_000)), verdict: 'table.too_many_columns' },
  { name: 'CSV: nothing but separators', make: () => Buffer.from(','.repeat(1_000_000)), verdict: 'table.no_content' },
  { name: 'CSV: a line of five megabytes', make: () => Buffer.from('长'.repeat(1_700_000)), verdict: 'table.cell_too_long' },
]
