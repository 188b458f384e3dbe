import { describe, expect, test } from 'vitest'
import { cellFinder, type Sheet } from './index.ts'
import { givenBook, givenParts, readHere, stylesOf, textRows, zipParts } from './workbook.given.ts'

/** The cells of the first sheet as `A1 type text [flags]`. */
async function cellsOf(book: Parameters<typeof givenBook>[0]): Promise<string[]> {
  const { sheets } = await readHere(givenBook(book))
  return (sheets[0]?.rows ?? []).flatMap(({ cells }) =>
    cells.map(({ row, column, type, text, flags }) => [`${'ABCDEFGH'[column - 1]}${row}`, type, text, ...flags].join(' ')),
  )
}

const sheetOf = async (bytes: Buffer): Promise<Sheet> => (await readHere(bytes)).sheets[0] as Sheet

describe('what a cell holds', () => {
  test('text comes from shared strings, from the cell itself and in runs; readings beside it are left out', async () => {
    const rows =
      '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="inlineStr"><is><t>直接</t></is></c><c r="C1" t="s"><v>1</v></c><c r="D1" t="str"><f>A1</f><v>结果</v></c></row>'
    const strings = [
      '<t xml:space="preserve"> 共享 </t>',
      '<r><rPr><b/></rPr><t>富</t></r><r><t>文本</t></r><rPh sb="0" eb="1"><t>フ</t></rPh>',
    ]
    expect(await cellsOf({ sheets: [{ rows }], strings })).toEqual([
      'A1 text  共享 ',
      'B1 text 直接',
      'C1 text 富文本',
      'D1 text 结果 formula',
    ])
  })

  test('what XML cannot hold comes back, and an escape that is meant as text stays text', async () => {
    const strings = ['<t>a_x000D_&#10;b</t>', '<t>_x005F_x0041_</t>', '<t>_x4E2D_</t>']
    const rows = '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="s"><v>2</v></c></row>'
    expect(await cellsOf({ sheets: [{ rows }], strings })).toEqual(['A1 text a\r\nb', 'B1 text _x0041_', 'C1 text 中'])
  })

  test('numbers are shown without an exponent and without the dust of binary fractions', async () => {
    const numbers = ['28.300000000000001', '0.1', '1E-7', '1.5E3', '-0', '123456789012345', '0.30000000000000004', '1E+15', '.5', '00']
    const rows = `<row r="1">${numbers
      .slice(0, 8)
      .map((v, at) => `<c r="${'ABCDEFGH'[at]}1"><v>${v}</v></c>`)
      .join('')}</row><row r="2">${numbers
      .slice(8)
      .map((v, at) => `<c r="${'AB'[at]}2"><v>${v}</v></c>`)
      .join('')}</row>`
    expect((await cellsOf({ sheets: [{ rows }] })).map((cell) => cell.split(' ').slice(2).join(' '))).toEqual([
      '28.3',
      '0.1',
      '0.0000001',
      '1500',
      '0',
      '123456789012345',
      '0.3',
      '1000000000000000 lost-digits',
      '0.5',
      '0',
    ])
  })

  test('a number of eighteen digits has lost its last ones and says so; it is never made up', async () => {
    const rows =
      '<row r="1"><c r="A1"><v>1.50302199001010008E+17</v></c><c r="B1"><v>150302199001010000</v></c><c r="C1" t="inlineStr"><is><t>150302199001010011</t></is></c></row>'
    expect(await cellsOf({ sheets: [{ rows }] })).toEqual([
      'A1 number 150302199001010008 lost-digits',
      'B1 number 150302199001010000 lost-digits',
      'C1 text 150302199001010011',
    ])
  })

  test('a number in a pattern of zeros is the text that one sees', async () => {
    const formats = ['000000', '"No."0000', '0', '0.00', '[$-804]000000', '第0号', '0-0000;@']
    const rows = `<row r="1">${formats.map((_format, at) => `<c r="${'ABCDEFG'[at]}1" s="${at}"><v>123</v></c>`).join('')}</row>`
    expect(await cellsOf({ sheets: [{ rows }], styles: stylesOf(formats) })).toEqual([
      'A1 text 000123',
      'B1 text No.0123',
      'C1 number 123',
      'D1 number 123',
      'E1 text 000123',
      'F1 text 第123号',
      'G1 text 0-0123',
    ])
  })

  test('days and times are told by their number format', async () => {
    const formats = [
      14,
      'yyyy"年"m"月"d"日"',
      22,
      21,
      '[h]:mm',
      'General',
      '0.00E+00',
      31,
      'G/通用格式"天"',
      '[Red]#,##0;[Red]-#,##0',
      'mm:ss',
      'm"月"',
    ]
    const rows = formats.map((_format, at) => `<row r="${at + 1}"><c r="A${at + 1}" s="${at}"><v>45774.75</v></c></row>`).join('')
    expect(await cellsOf({ sheets: [{ rows }], styles: stylesOf(formats) })).toEqual([
      'A1 date 2025-04-27',
      'A2 date 2025-04-27',
      'A3 datetime 2025-04-27 18:00:00',
      'A4 time 18:00:00',
      'A5 time 1098594:00:00',
      'A6 number 45774.75',
      'A7 number 45774.75',
      'A8 date 2025-04-27',
      'A9 number 45774.75',
      'A10 number 45774.75',
      'A11 time 18:00:00',
      'A12 date 2025-04-27',
    ])
  })

  test.each([
    ['0', 'number 0 no-such-date'],
    ['1', 'date 1900-01-01'],
    ['59', 'date 1900-02-28'],
    ['60', 'number 60 no-such-date'],
    ['61', 'date 1900-03-01'],
    ['45773.999999', 'date 2025-04-27'],
    ['2958465', 'date 9999-12-31'],
    ['2958466', 'number 2958466 no-such-date'],
    ['-1', 'number -1 no-such-date'],
  ])('serial %s of the 1900 system is %s', async (serial, expected) => {
    const rows = `<row r="1"><c r="A1" s="0"><v>${serial}</v></c></row>`
    expect(await cellsOf({ sheets: [{ rows }], styles: stylesOf([14]) })).toEqual([`A1 ${expected}`])
  })

  test('a workbook that counts from 1904 says the same days by other numbers', async () => {
    const rows = '<row r="1"><c r="A1" s="0"><v>0</v></c><c r="B1" s="0"><v>44312</v></c></row>'
    expect(await cellsOf({ sheets: [{ rows }], styles: stylesOf([14]), since1904: true })).toEqual([
      'A1 date 1904-01-01',
      'B1 date 2025-04-27',
    ])
  })

  test('truth values, errors, formulas with and without a result', async () => {
    const rows =
      '<row r="1"><c r="A1" t="b"><v>1</v></c><c r="B1" t="e"><v>#N/A</v></c><c r="C1"><f>1+1</f><v>2</v></c><c r="D1"><f>1+1</f></c><c r="E1"/><c r="F1" t="e"><f>1/0</f><v>#DIV/0!</v></c><c r="G1" t="d"><v>2025-04-27T00:00:00Z</v></c></row>'
    expect(await cellsOf({ sheets: [{ rows }] })).toEqual([
      'A1 boolean TRUE',
      'B1 error #N/A',
      'C1 number 2 formula',
      'D1 empty  formula',
      'F1 error #DIV/0! formula',
      'G1 date 2025-04-27',
    ])
  })
})

describe('where a cell stands', () => {
  test('rows and cells without their own place follow the one before', async () => {
    const rows =
      '<row><c t="inlineStr"><is><t>a</t></is></c><c r="C1"><v>1</v></c><c><v>2</v></c></row><row r="5"/><row><c><v>3</v></c></row>'
    expect(await cellsOf({ sheets: [{ rows }] })).toEqual(['A1 text a', 'C1 number 1', 'D1 number 2', 'A6 number 3'])
  })

  test('what is merged, hidden rows, columns and sheets are known and not left out', async () => {
    const bytes = givenBook({
      sheets: [
        {
          rows: '<row r="1"><c r="A1"><v>1</v></c></row><row r="2" hidden="1"><c r="B2"><v>2</v></c></row>',
          before: '<cols><col min="2" max="3" hidden="1"/><col min="4" max="4" width="0"/></cols>',
          after: '<mergeCells><mergeCell ref="A1:A3"/></mergeCells>',
        },
        { rows: '<row r="1"><c r="A1"><v>1</v></c></row>', state: 'veryHidden' },
      ],
    })
    const { sheets } = await readHere(bytes)
    expect(sheets.map(({ hidden }) => hidden)).toEqual([false, true])
    expect(sheets[0]?.rows.map(({ hidden }) => hidden)).toEqual([false, true])
    expect(sheets[0]?.hiddenColumns).toEqual([[2, 4]])
    const cellAt = cellFinder(sheets[0] as Sheet)
    expect(cellAt(3, 1)?.text).toBe('1')
    expect(cellAt(4, 1)).toBeUndefined()
  })

  test('names with a prefix, additions of other programs and parts in other letters are read all the same', async () => {
    const parts = givenParts({ sheets: [{ rows: '' }] })
    parts.set(
      'xl/worksheets/sheet1.xml',
      '<x:worksheet xmlns:x="http://purl.oclc.org/ooxml/spreadsheetml/main"><x:sheetData><x:row r="1"><x:c r="A1"><x:v>7</x:v><x:extLst><x:ext><x:v>8</x:v></x:ext></x:extLst></x:c></x:row></x:sheetData><x:extLst><x:ext><sheetData><row r="9"/></sheetData></x:ext></x:extLst></x:worksheet>',
    )
    const renamed = new Map(
      [...parts].map(([name, data]) => [name === 'xl/worksheets/sheet1.xml' ? 'xl/Worksheets/Sheet1.XML' : name, data]),
    )
    const sheet = await sheetOf(zipParts(renamed))
    expect(sheet.rows.map(({ cells }) => cells.map(({ text }) => text))).toEqual([['7']])
  })

  test('a thousand rows come in their order', async () => {
    const sheet = await sheetOf(givenBook({ sheets: [{ rows: textRows(Array.from({ length: 1000 }, (_, at) => [`第${at}行`])) }] }))
    expect(sheet.rows.map(({ row, cells }) => [row, cells[0]?.text])).toEqual(
      Array.from({ length: 1000 }, (_, at) => [at + 1, `第${at}行`]),
    )
  })
})
