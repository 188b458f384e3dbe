import type { Writable } from 'node:stream'
import type { Cell } from './cell.ts'

/** A column of the sheet: its heading and how Excel shows it. */
export interface SheetColumn {
  title: string
  format: string | null
  width: number
}

/** A workbook that is written while it is read: rows go out as they come in, nothing but the row at hand is kept. */
export interface WorkbookSheet {
  row(cells: readonly Cell[]): void
  /** Closes the list, adds the sheet that says what it is, and ends the stream. */
  end(about: readonly (readonly [string, string])[]): Promise<void>
}

/** The library is used in this file alone, and loaded by who needs it first: it holds some 70 MiB, and most days of most servers begin without an export. */
const library = () => import('@cj-tech-master/excelts')

/** Begins a workbook with one list on its first sheet. */
export async function beginWorkbook(out: Writable, name: string, columns: readonly SheetColumn[], at: Date): Promise<WorkbookSheet> {
  const { WorkbookWriter } = await library()
  const writer = new WorkbookWriter({ stream: out, useStyles: true, useSharedStrings: false })
  writer.created = at
  writer.modified = at
  const sheet = writer.addWorksheet(sheetName(name), { views: [{ state: 'frozen', ySplit: 1 }] })
  sheet.columns = columns.map(({ title, format, width }) => ({ header: title, width, ...(format ? { style: { numFmt: format } } : {}) }))
  const head = sheet.getRow(1)
  head.font = { bold: true }
  head.commit()
  return {
    row: (cells) => sheet.addRow([...cells]).commit(),
    end: async (about) => {
      sheet.commit()
      const facts = writer.addWorksheet('导出说明')
      facts.columns = [{ width: 18 }, { width: 80 }]
      for (const line of about) facts.addRow([...line]).commit()
      facts.commit()
      await writer.commit()
    },
  }
}

/** Reads a workbook back, sheet by sheet as rows of cells: for tests of what was written. */
export async function readWorkbook(content: Buffer): Promise<{ name: string; rows: { value: unknown; format: string | undefined }[][] }[]> {
  const { Workbook } = await library()
  const book = new Workbook()
  await book.xlsx.load(content)
  return book.worksheets.map((sheet) => {
    const rows: { value: unknown; format: string | undefined }[][] = []
    sheet.eachRow({ includeEmpty: true }, (row) => {
      const cells: { value: unknown; format: string | undefined }[] = []
      for (let at = 1; at <= sheet.columnCount; at++) {
        const cell = row.getCell(at)
        cells.push({ value: cell.value ?? null, format: typeof cell.numFmt === 'string' ? cell.numFmt : undefined })
      }
      rows.push(cells)
    })
    return { name: sheet.name, rows }
  })
}

/** Excel takes 31 characters and none of these. */
function sheetName(name: string): string {
  return name.replace(/[\\/?*[\]:]/g, '、').slice(0, 31)
}
