import { attributeText, textCell } from './cell-xml.ts'
import { columnName } from './refusals.ts'
import { deflated, type ZipEntry, zipPieces } from './zip.ts'

/** The cell styles of the workbooks that we write ourselves, by their index in `cellXfs`. */
export const style = { text: 1, date: 2, number: 3, head: 4, faulty: 5, opinion: 6 } as const

/** One cell of a row to write. Dates are serial numbers, numbers what stands in the file. */
export type WrittenCell = { column: number; style: number } & ({ text: string } | { number: string })

export interface WrittenRow {
  row: number
  /** Height in points; left to the program otherwise. */
  height?: number | undefined
  cells: readonly WrittenCell[]
}

export interface WrittenSheet {
  name: string
  /** Width of the columns in characters. */
  widths: readonly number[]
  /** Row of the headings, which stay in sight. */
  headRow: number
  rows: Iterable<WrittenRow>
  /** Lists to choose from, by column, from the row below the headings on. */
  choices?: readonly { column: number; values: readonly string[] }[]
}

/** What marks a faulty cell, and the red that tells our mark from any other (`mark-styles.ts` looks for it). */
export const FAULTY_COLOUR = 'FFFF9A9B'

const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006'
const TYPES = 'application/vnd.openxmlformats-officedocument.spreadsheetml'
const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
const ROWS_AT_ONCE = 200
/** Excel takes a list within the rule only up to here. */
const LONGEST_LIST = 255

const solid = (colour: string) =>
  `<fill><patternFill patternType="solid"><fgColor rgb="${colour}"/><bgColor indexed="64"/></patternFill></fill>`

/** Styles of a workbook that brings none, and of those that we write: text stays text also when somebody edits it. */
export const stylesXml = `${HEAD}<styleSheet xmlns="${MAIN}"><numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/></numFmts><fonts count="2"><font><sz val="11"/><name val="宋体"/><charset val="134"/></font><font><b/><sz val="11"/><name val="宋体"/><charset val="134"/></font></fonts><fills count="4"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>${solid('FFDDEBF7')}${solid(FAULTY_COLOUR)}</fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="7"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf><xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyAlignment="1"><alignment horizontal="left" vertical="top"/></xf><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0" applyAlignment="1"><alignment vertical="top"/></xf><xf numFmtId="49" fontId="1" fillId="2" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1" applyFill="1" applyAlignment="1"><alignment vertical="center" wrapText="1"/></xf><xf numFmtId="49" fontId="0" fillId="3" borderId="0" xfId="0" applyNumberFormat="1" applyFill="1" applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf><xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf></cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`

/** A workbook of these sheets. The same sheets give the same bytes. */
export async function workbookPieces(sheets: readonly WrittenSheet[]): Promise<Iterable<Buffer>> {
  const part = (at: number) => `xl/worksheets/sheet${at + 1}.xml`
  const entries: ZipEntry[] = [
    await deflated('[Content_Types].xml', [
      `${HEAD}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${TYPES}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="${TYPES}.styles+xml"/>${sheets.map((_sheet, at) => `<Override PartName="/${part(at)}" ContentType="${TYPES}.worksheet+xml"/>`).join('')}</Types>`,
    ]),
    await deflated('_rels/.rels', [
      `${HEAD}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    ]),
    await deflated('xl/workbook.xml', [
      `${HEAD}<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets>${sheets.map(({ name }, at) => `<sheet name="${attributeText(sheetName(name))}" sheetId="${at + 1}" r:id="rId${at + 1}"/>`).join('')}</sheets></workbook>`,
    ]),
    await deflated('xl/_rels/workbook.xml.rels', [
      `${HEAD}<Relationships xmlns="${PACKAGE}/relationships">${sheets.map((_sheet, at) => `<Relationship Id="rId${at + 1}" Type="${OFFICE}/worksheet" Target="worksheets/sheet${at + 1}.xml"/>`).join('')}<Relationship Id="rId${sheets.length + 1}" Type="${OFFICE}/styles" Target="styles.xml"/></Relationships>`,
    ]),
    await deflated('xl/styles.xml', [stylesXml]),
  ]
  for (const [at, sheet] of sheets.entries()) entries.push(await deflated(part(at), sheetPieces(sheet)))
  return zipPieces(entries)
}

/** Excel takes 31 characters and none of these, and no quote at either end. */
export function sheetName(name: string): string {
  return (
    name
      .replace(/[\\/?*[\]:\p{Cc}]/gu, '、')
      .replace(/^'|'$/g, '’')
      .slice(0, 31)
      .toWellFormed() || '表'
  )
}

function* sheetPieces({ widths, headRow, rows, choices = [] }: WrittenSheet): Generator<string> {
  const columns = widths.map((width, at) => `<col min="${at + 1}" max="${at + 1}" width="${width}" customWidth="1"/>`).join('')
  const frozen = `<pane ySplit="${headRow}" topLeftCell="A${headRow + 1}" activePane="bottomLeft" state="frozen"/>`
  yield `${HEAD}<worksheet xmlns="${MAIN}"><sheetViews><sheetView workbookViewId="0">${headRow > 0 ? frozen : ''}</sheetView></sheetViews>${columns ? `<cols>${columns}</cols>` : ''}<sheetData>`
  let held = ''
  let count = 0
  for (const { row, cells, height } of rows) {
    held += `<row r="${row}"${height === undefined ? '' : ` ht="${height}"`}>${cells.map((cell) => cellXml(row, cell)).join('')}</row>`
    count += 1
    if (count % ROWS_AT_ONCE > 0) continue
    yield held
    held = ''
  }
  const rules = choices.map((choice) => choiceXml(choice, headRow)).filter((rule) => rule !== '')
  yield `${held}</sheetData>${rules.length > 0 ? `<dataValidations count="${rules.length}">${rules.join('')}</dataValidations>` : ''}</worksheet>`
}

function cellXml(row: number, cell: WrittenCell): string {
  if ('text' in cell) return textCell(row, cell.column, cell.text, cell.style)
  return `<c r="${columnName(cell.column)}${row}" s="${cell.style}"><v>${cell.number}</v></c>`
}

/** A list to choose from; left out where the format has no room for it. Nothing is forbidden by it: codes may be typed as well. */
function choiceXml({ column, values }: { column: number; values: readonly string[] }, headRow: number): string {
  const list = values.join(',')
  if (list.length > LONGEST_LIST || values.length === 0 || values.some((value) => /[",\p{Cc}]/u.test(value))) return ''
  const letter = columnName(column)
  return `<dataValidation type="list" allowBlank="1" showErrorMessage="0" sqref="${letter}${headRow + 1}:${letter}1048576"><formula1>"${attributeText(list)}"</formula1></dataValidation>`
}
