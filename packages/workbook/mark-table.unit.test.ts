import { Workbook } from '@cj-tech-master/excelts'
import { describe, expect, test } from 'vitest'
import { FAULTY_COLOUR } from './book-xml.ts'
import { openArchive } from './child/archive.ts'
import { type Marks, markFile } from './child/mark.ts'
import { type Frame, frameReader } from './frames.ts'
import { defaultLimits, type Table } from './index.ts'
import { opinionOf, type TableFinding } from './opinion.ts'
import { givenBook, givenParts, readHere, stylesOf, textRows, textXml, zipOf, zipParts } from './workbook.given.ts'

/** Marks in this process what the child would mark. */
async function mark(bytes: Buffer, marks: Partial<Marks>, more: Partial<Marks>[] = []): Promise<Buffer> {
  const frames: Frame[] = []
  const reader = frameReader()
  const all = [marks, ...more].map((one) => ({ sheet: '表', cells: [], opinions: [], ...one }))
  await markFile(bytes, { limits: defaultLimits, marks: all }, (frame) => void frames.push(...reader.push(frame)))
  return Buffer.concat(frames.flatMap((frame) => ('bytes' in frame ? [frame.bytes] : [])))
}

async function partsOf(bytes: Buffer): Promise<Map<string, string>> {
  const archive = await openArchive(bytes, defaultLimits)
  const parts = new Map<string, string>()
  for (const { fileName } of archive.entries) {
    let text = ''
    for await (const piece of archive.inflate(fileName)) text += piece.toString('utf8')
    parts.set(fileName, text)
  }
  return parts
}

/** Red cells by another library's eyes. */
async function redCells(bytes: Buffer, sheet = 0): Promise<string[]> {
  const book = new Workbook()
  await book.xlsx.load(bytes)
  const red: string[] = []
  book.worksheets[sheet]?.eachRow({ includeEmpty: true }, (row) =>
    row.eachCell({ includeEmpty: true }, (cell) => {
      if (JSON.stringify(cell.style.fill ?? null).includes(FAULTY_COLOUR)) red.push(cell.address)
    }),
  )
  return red
}

const textsOf = ({ sheets }: Table, sheet = 0) =>
  Object.fromEntries(
    (sheets[sheet]?.rows ?? []).flatMap(({ cells }) => cells.map(({ row, column, text }) => [`${'ABCDEFGHIJ'[column - 1]}${row}`, text])),
  )

const rows = textRows([
  ['名称', '代码'],
  ['民政局', '001'],
  ['卫健委', '2'],
])
const opinion = '【错误】B 列 代码应为三位。请补足前导零。（R05）'

describe('the marked workbook', () => {
  test('has the cell red and the words in a last column, and everything else as it came', async () => {
    const original = givenBook({ sheets: [{ rows }, { rows }], styles: stylesOf(['General', '@']), strings: ['<t>x</t>'] })
    const marked = await mark(original, { cells: [[3, 2]], opinions: [[3, opinion]] })
    expect(textsOf(await readHere(marked))).toEqual({
      A1: '名称',
      B1: '代码',
      C1: '校验意见',
      A2: '民政局',
      B2: '001',
      A3: '卫健委',
      B3: '2',
      C3: opinion,
    })
    expect(await redCells(marked)).toEqual(['B3'])
    const [before, after] = [await partsOf(original), await partsOf(marked)]
    expect([...after.keys()]).toEqual([...before.keys()])
    for (const [name, text] of before) if (!/sheet1|styles/.test(name)) expect(after.get(name), name).toBe(text)
  })

  test('every character outside of the marks is the same, whatever the program wrote', async () => {
    const own =
      '<row r="1" spans="1:2" ht="20"><!-- <c r="B9"/> --><c r="A1"  t="inlineStr" ><is><t>名 &amp; &#x4EE3;</t></is></c>\n<c r="B1"><f>A1</f><v>1</v></c></row>\r\n<row r="2"><c r="A2" s="0"><v>5</v></c></row>'
    const parts = givenParts({
      sheets: [{ rows: own, before: '<?mso x?><sheetViews/>', after: '<extLst><ext><c r="A1"/></ext></extLst>' }],
    })
    const original = zipParts(parts)
    const marked = await mark(original, { cells: [[2, 1]], opinions: [[2, 'x']] })
    const text = (await partsOf(marked)).get('xl/worksheets/sheet1.xml') ?? ''
    const withoutMarks = text
      .replace(/<c r="C\d"[^>]*>.*?<\/c>/g, '')
      .replace(/<cols>.*?<\/cols>/, '')
      .replace('<row r="1" ht="20">', '<row r="1" spans="1:2" ht="20">')
      .replace('<c r="A2" s="5">', '<c r="A2" s="0">')
    expect(withoutMarks).toBe(parts.get('xl/worksheets/sheet1.xml'))
  })

  test('marks cells and rows that the sheet does not have, in their order', async () => {
    const original = givenBook({
      sheets: [
        {
          rows: `${textRows([['名称', '代码', '类型']])}<row r="3">${textXml('A3', 'a')}${textXml('C3', 'c')}</row><row r="5"/><row r="9">${textXml('A9', 'z')}</row>`,
        },
      ],
    })
    const marked = await mark(original, {
      cells: [
        [2, 1],
        [3, 2],
        [5, 2],
        [12, 1],
      ],
      opinions: [
        [3, '三'],
        [12, '十二'],
        [5, '五'],
        [2, '二'],
      ],
    })
    expect(textsOf(await readHere(marked))).toEqual({
      A1: '名称',
      B1: '代码',
      C1: '类型',
      D1: '校验意见',
      D2: '二',
      A3: 'a',
      C3: 'c',
      D3: '三',
      D5: '五',
      A9: 'z',
      D12: '十二',
    })
    expect(await redCells(marked)).toEqual(['A2', 'B3', 'B5', 'A12'])
  })

  test('a sheet without rows, with prefixes and without its own places', async () => {
    const parts = givenParts({ sheets: [{ rows: '' }] })
    const sheet =
      '<x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:dimension ref="A1:B1"/><x:sheetData><x:row><x:c><x:v>1</x:v></x:c><x:c><x:v>2</x:v></x:c></x:row></x:sheetData></x:worksheet>'
    const marked = await mark(zipParts(new Map([...parts, ['xl/worksheets/sheet1.xml', sheet]])), {
      cells: [[1, 2]],
      opinions: [[4, '四']],
    })
    expect(textsOf(await readHere(marked))).toEqual({ A1: '1', B1: '2', C1: '校验意见', C4: '四' })
    expect((await partsOf(marked)).get('xl/worksheets/sheet1.xml')).toContain('<x:dimension ref="A1:C4"/><x:cols><x:col')
    const empty = new Map([
      ...givenParts({ sheets: [{ rows: '' }, { rows }] }),
      ['xl/worksheets/sheet1.xml', '<worksheet><sheetData/></worksheet>'],
    ])
    expect(textsOf(await readHere(await mark(zipParts(empty), { opinions: [[2, '二']] })))).toEqual({ A2: '二' })
  })

  test('keeps the style of a red cell: its number format shows the same', async () => {
    const original = givenBook({
      sheets: [{ rows: `${textRows([['日期']])}<row r="2"><c r="A2" s="1"><v>45774</v></c></row>` }],
      styles: stylesOf([0, 14]),
    })
    const marked = await mark(original, { cells: [[2, 1]], opinions: [[2, 'x']] })
    expect((await readHere(marked)).sheets[0]?.rows[1]?.cells[0]).toMatchObject({ type: 'date', text: '2025-04-27' })
    expect(await redCells(marked)).toEqual(['A2'])
  })

  test('makes a row tall enough for its words, and never lower than it was', async () => {
    const original = givenBook({
      sheets: [{ rows: `${textRows([['名称']])}<row r="2" ht="20"/><row r="3" ht="300" customHeight="1"/><row r="4"/>` }],
    })
    const words = '两行\n'.concat('长'.repeat(30))
    const marked = await mark(original, {
      opinions: [
        [2, words],
        [3, words],
        [4, '一行'],
        [9, words],
      ],
    })
    const text = (await partsOf(marked)).get('xl/worksheets/sheet1.xml') ?? ''
    expect(text.match(/<row [^>]*>/g)).toEqual([
      '<row r="1">',
      '<row r="2" ht="45">',
      '<row r="3" ht="300" customHeight="1">',
      '<row r="4">',
      '<row r="9" ht="45">',
    ])
  })

  test('marks the first cell of a merged range, which is the one that is seen', async () => {
    const original = givenBook({ sheets: [{ rows, after: '<mergeCells><mergeCell ref="A2:A3"/><mergeCell ref="B1:D1"/></mergeCells>' }] })
    const marked = await mark(original, { cells: [[3, 1]], opinions: [[3, 'x']] })
    expect(await redCells(marked)).toEqual(['A2'])
    // The headings are merged to D: the opinions stand behind them.
    expect(textsOf(await readHere(marked))).toMatchObject({ E1: '校验意见', E3: 'x' })
  })

  test.each([
    [
      '<cols><col min="1" max="2" width="9"/></cols>',
      '<cols><col min="1" max="2" width="9"/><col min="3" max="3" width="60" customWidth="1"/></cols>',
    ],
    [
      '<cols><col min="2" max="16384" width="0" hidden="1"></col></cols>',
      '<cols><col min="2" max="2" width="0" hidden="1"/><col min="3" max="3" width="60" customWidth="1"/><col min="4" max="16384" width="0" hidden="1"/></cols>',
    ],
    [
      '<cols><col min="9" max="9" width="1"/></cols>',
      '<cols><col min="3" max="3" width="60" customWidth="1"/><col min="9" max="9" width="1"/></cols>',
    ],
    ['<cols/>', '<cols><col min="3" max="3" width="60" customWidth="1"/></cols>'],
    ['', '<cols><col min="3" max="3" width="60" customWidth="1"/></cols>'],
  ])('gives its column a width and lets it be seen: %s', async (before, expected) => {
    const marked = await mark(givenBook({ sheets: [{ rows, before }] }), { opinions: [[2, 'x']] })
    expect((await partsOf(marked)).get('xl/worksheets/sheet1.xml')).toContain(`${expected}<sheetData>`)
  })

  test('a second round takes the marks of the first away', async () => {
    const original = givenBook({ sheets: [{ rows }], styles: stylesOf(['General']) })
    const first = await mark(original, {
      cells: [
        [2, 1],
        [3, 2],
      ],
      opinions: [
        [2, '一'],
        [3, '二'],
      ],
    })
    const second = await mark(first, { cells: [[2, 1]], opinions: [[2, '又']] })
    expect(await redCells(second)).toEqual(['A2'])
    expect(textsOf(await readHere(second))).toEqual({
      A1: '名称',
      B1: '代码',
      C1: '校验意见',
      A2: '民政局',
      B2: '001',
      C2: '又',
      A3: '卫健委',
      B3: '2',
    })
  })

  test('several sheets, some without marks', async () => {
    const original = givenBook({ sheets: [{ rows }, { rows }, { rows }] })
    const marked = await mark(original, { sheet: '表3', opinions: [[2, '三']] }, [{ sheet: '表', opinions: [[2, '一']] }])
    const table = await readHere(marked)
    expect([0, 1, 2].map((at) => textsOf(table, at).C2)).toEqual(['一', undefined, '三'])
  })

  test('words that begin like a formula are text for every program', async () => {
    const marked = await mark(givenBook({ sheets: [{ rows }] }), { opinions: [[2, '=HYPERLINK("http://127.0.0.1")\n+1']] })
    const book = new Workbook()
    await book.xlsx.load(marked)
    expect(book.worksheets[0]?.getCell('C2').value).toBe('=HYPERLINK("http://127.0.0.1")\n+1')
  })

  test('no room on the right, and a sheet that is not there, are said', async () => {
    const wide = givenBook({ sheets: [{ rows: '<row r="1"><c r="XFD1"><v>1</v></c></row>' }] })
    const marked = markFile(
      wide,
      { limits: { ...defaultLimits, columns: 20_000 }, marks: [{ sheet: '表', cells: [], opinions: [[1, 'x']] }] },
      () => undefined,
    )
    await expect(marked).rejects.toMatchObject({ code: 'table.no_room' })
    await expect(mark(givenBook({ sheets: [{ rows }] }), { sheet: '无' })).rejects.toMatchObject({ code: 'table.no_such_sheet' })
  })

  test('what other entries hold is copied as it stands, inflated or not', async () => {
    const parts = [...givenParts({ sheets: [{ rows }] })].map(([name, data]) => ({ name, data }))
    const picture = Buffer.from([0x89, 0x50, 0, 1, 2, 255])
    const marked = await mark(zipOf([...parts, { name: 'xl/media/image1.png', data: picture, stored: true }]), { opinions: [[2, 'x']] })
    const archive = await openArchive(marked, defaultLimits)
    const pieces: Buffer[] = []
    for await (const piece of archive.inflate('xl/media/image1.png')) pieces.push(piece)
    expect(Buffer.concat(pieces)).toEqual(picture)
  })
})

test('a CSV comes back as a workbook of text, with its marks', async () => {
  const csv = Buffer.from('名称,代码\n\n=1+1,001\n"a\r\nb",150302199001010011\n')
  const marked = await mark(csv, {
    sheet: 'CSV',
    cells: [
      [3, 1],
      [4, 3],
    ],
    opinions: [[3, opinion]],
  })
  const table = await readHere(marked)
  expect(textsOf(table)).toEqual({
    A1: '名称',
    B1: '代码',
    D1: '校验意见',
    A3: '=1+1',
    B3: '001',
    D3: opinion,
    A4: 'a\r\nb',
    B4: '150302199001010011',
  })
  expect(table.sheets[0]?.rows.flatMap(({ cells }) => cells.map(({ type }) => type)).every((type) => type === 'text')).toBe(true)
  expect(await redCells(marked)).toEqual(['A3', 'C4'])
})

test('the words of a row name rule, place and cure of each finding, from left to right, and end before a cell does', () => {
  const finding = (column: number, message: string): TableFinding => ({
    rule: 'R01',
    severity: 'error',
    sheet: '表',
    row: 2,
    column,
    value: '',
    message,
    fix: '请填写共享条件',
  })
  expect(opinionOf([finding(28, '有条件共享应写明条件'), { ...finding(1, '与第 3 行重名。'), severity: 'warning' }])).toBe(
    '【提醒】A 列 与第 3 行重名。请填写共享条件。（R01）\n【错误】AB 列 有条件共享应写明条件。请填写共享条件。（R01）',
  )
  const long = opinionOf(Array.from({ length: 100 }, (_, at) => finding(at + 1, '长'.repeat(1000))))
  expect(long.length).toBeLessThan(32_767)
  expect(long).toMatch(/\n另有 \d+ 条意见未列出。$/)
})
