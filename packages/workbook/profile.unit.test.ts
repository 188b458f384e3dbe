import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Profile, type ProfileRow, readWith, type TableFinding, writeTable, writeTemplate } from './index.ts'
import { givenBook, readHere, stylesOf, textRows, textXml } from './workbook.given.ts'

const profile: Profile = {
  sheet: '目录',
  columns: [
    { item: 'name', title: '信息资源名称', aliases: ['资源名称'], required: true },
    {
      item: 'share',
      title: '共享类型',
      required: true,
      codes: [
        { code: '1', label: '无条件共享' },
        { code: '2', label: '有条件共享' },
        { code: '3', label: '不予共享' },
      ],
    },
    { item: 'since', title: '发布日期', kind: 'date' },
    { item: 'count', title: '记录总数', kind: 'number' },
    { item: 'abstract', title: '信息资源摘要' },
  ],
}

const plainText = fc
  .oneof(
    fc.string({ unit: 'binary', minLength: 1, maxLength: 60 }),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }),
    fc.constantFrom(
      '=1+1',
      '+86',
      '-3',
      '@SUM(A1)',
      '\t=1',
      '\r=1',
      '001',
      '150302199001010011',
      '1E5',
      'TRUE',
      '#N/A',
      '2025-04-27',
      ' a ',
      '\n',
      'a\r\nb',
      '_x0041_',
      '_x005F_x000D_',
      "'a",
      '<b>&amp;',
      ']]>',
      '\ufeff',
      '\u0085\u2028',
      '\ufffe\uffff',
      '\u{20BB7}',
    ),
  )
  .filter((text) => !text.includes('\0'))
const day = fc
  .date({ min: new Date('0001-01-01T00:00:00Z'), max: new Date('9999-12-31T00:00:00Z'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10))
const number = fc.oneof(
  fc.integer().map(String),
  fc.double({ noNaN: true, min: -1e12, max: 1e12 }).map((value) => value.toFixed(3)),
  fc.stringMatching(/^[1-9]\d{15,30}$/),
  fc.stringMatching(/^0\d{1,10}$/),
)
const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined })

const row: fc.Arbitrary<ProfileRow> = fc
  .record({
    name: plainText.filter((text) => text.trim() !== ''),
    share: fc.constantFrom('1', '2', '3'),
    since: optional(day),
    count: optional(number),
    abstract: optional(plainText),
  })
  .map((values) => Object.fromEntries(Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined)))

test('what is written is what is read, for any text, number, day and code', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 8 }), async (rows) => {
      const read = readWith(profile, await readHere(await writeTable(profile, rows)))
      expect(read.findings).toEqual([])
      expect(read.rows.map(({ values }) => ({ ...values }))).toEqual(rows)
    }),
    { numRuns: 300 },
  )
})

test('the same rows give the same bytes, and what begins like a formula is text', async () => {
  const rows = [{ name: '=HYPERLINK("x")', share: '1' }]
  const bytes = await writeTable(profile, rows)
  expect(bytes.equals(await writeTable(profile, rows))).toBe(true)
  const { sheets } = await readHere(bytes)
  expect(sheets[0]?.rows[1]?.cells[0]).toMatchObject({ type: 'text', text: '=HYPERLINK("x")', flags: [] })
})

test.each([
  ['NUL', { name: 'a\0', share: '1' }],
  ['half a surrogate pair', { name: 'a\ud800', share: '1' }],
  ['more than a cell holds', { name: 'a'.repeat(32_768), share: '1' }],
  ['a code that is none', { name: 'a', share: '9' }],
])('%s is not written', async (_what, values) => {
  await expect(writeTable(profile, [values])).rejects.toMatchObject({ code: 'table.cannot_write', status: 422 })
})

test('the template has the headings, required ones starred, and is read as a table without rows', async () => {
  const table = await readHere(await writeTemplate(profile))
  expect(table.sheets[0]?.rows[0]?.cells.map(({ text }) => text)).toEqual([
    '*信息资源名称',
    '*共享类型',
    '发布日期',
    '记录总数',
    '信息资源摘要',
  ])
  expect(readWith(profile, table).rows).toEqual([])
})

describe('a table that somebody filled in', () => {
  const head = ['信息资源名称', '共享类型', '发布日期', '记录总数']
  const readRows = async (rows: string, after = '', styles?: string) =>
    readWith(
      profile,
      await readHere(givenBook({ sheets: [{ name: '目录', rows: textRows([head]) + rows, after }], ...(styles ? { styles } : {}) })),
    )
  const said = (findings: readonly TableFinding[]) => findings.map(({ rule, severity, row: at, column }) => [rule, severity, at, column])

  test('label or code, days and numbers in the notations that people use', async () => {
    const rows = textRows(
      [
        ['a', '有条件共享', '2025/4/27', '1,234'],
        ['b', '2', '2025年4月7日', '１２'],
        ['c', ' 2 有条件共享 ', '20250427', '3.50'],
        ['d', '有条件共享（2）', '2025.4.27', ''],
      ],
      2,
    )
    const read = await readRows(rows)
    expect(read.findings).toEqual([])
    expect(read.rows.map(({ values }) => Object.values(values))).toEqual([
      ['a', '2', '2025-04-27', '1234'],
      ['b', '2', '2025-04-07', '12'],
      ['c', '2', '2025-04-27', '3.50'],
      ['d', '2', '2025-04-27'],
    ])
  })

  test('a wrong cell is a finding with its place, its value is left out, the others are read', async () => {
    const read = await readRows(
      textRows(
        [
          ['a', '共享', '2025-02-30', '三'],
          ['', '1', '27/4/2025', '1,23'],
        ],
        2,
      ),
    )
    expect(said(read.findings)).toEqual([
      ['table.no_such_code', 'error', 2, 2],
      ['table.no_such_date', 'error', 2, 3],
      ['table.no_such_number', 'error', 2, 4],
      ['table.required', 'error', 3, 1],
      ['table.no_such_date', 'error', 3, 3],
      ['table.no_such_number', 'error', 3, 4],
    ])
    expect(read.rows.map(({ values }) => ({ ...values }))).toEqual([{ name: 'a' }, { share: '1' }])
    expect(read.findings[0]?.fix).toBe('请填写：无条件共享、有条件共享、不予共享')
  })

  test('lost digits, errors, formulas and days that are none are never taken as they look', async () => {
    const cells = [
      '<c r="A2"><v>1.50302199001010008E+17</v></c><c r="B2" t="e"><v>#N/A</v></c><c r="C2" s="1"><v>60</v></c><c r="D2"><f>1+1</f><v>2</v></c>',
      '<c r="A3"><f>B1</f></c>',
    ]
    const rows = `<row r="2">${cells[0]}</row><row r="3">${cells[1]}${textXml('B3', '1')}</row>`
    const read = await readRows(rows, '', stylesOf([0, 14]))
    expect(said(read.findings)).toEqual([
      ['table.lost_digits', 'error', 2, 1],
      ['table.error_cell', 'error', 2, 2],
      ['table.no_such_date', 'error', 2, 3],
      ['table.formula', 'warning', 2, 4],
      ['table.formula_without_result', 'error', 3, 1],
    ])
    expect(read.rows.map(({ values }) => ({ ...values }))).toEqual([{ count: '2' }, { share: '1' }])
  })

  test('a value merged over rows is each row’s; one merged over columns is the first’s only', async () => {
    const rows = `<row r="2">${textXml('A2', '低保家庭')}${textXml('B2', '1')}</row><row r="3">${textXml('B3', '2')}</row><row r="4">${textXml('A4', '跨列')}</row>`
    const read = await readRows(rows, '<mergeCells><mergeCell ref="A2:A3"/><mergeCell ref="A4:B4"/></mergeCells>')
    expect(read.rows.map(({ values }) => ({ ...values }))).toEqual([
      { name: '低保家庭', share: '1' },
      { name: '低保家庭', share: '2' },
      { name: '跨列' },
    ])
    expect(said(read.findings)).toEqual([['table.required', 'error', 4, 2]])
  })

  test('hidden rows, columns and sheets, headings in between and unknown columns are said', async () => {
    const bytes = givenBook({
      sheets: [
        {
          name: '目录',
          before: '<cols><col min="2" max="2" hidden="1"/></cols>',
          rows: `${textRows([['信息资源名称', '共享类型', '联系人']])}<row r="2" hidden="1">${textXml('A2', 'a')}${textXml('B2', '1')}</row>${textRows([['信息资源名称', '共享类型', '联系人']], 3)}${textRows([['', '', '只有备注']], 4)}`,
        },
        { name: '目录', rows: textRows([['x']]), state: 'hidden' },
      ],
    })
    const read = readWith(profile, await readHere(bytes))
    expect(said(read.findings)).toEqual([
      ['table.unknown_column', 'warning', 1, 3],
      ['table.hidden_column', 'warning', 1, 2],
      ['table.hidden_sheet', 'warning', 1, undefined],
      ['table.hidden_row', 'warning', 2, undefined],
      ['table.header_again', 'error', 3, undefined],
    ])
    expect(read.rows.map(({ row: at }) => at)).toEqual([2])
  })

  test('which sheet: the one with the headings, by its name where two have them; hidden ones never', async () => {
    const rows = textRows([
      ['信息资源名称', '共享类型'],
      ['a', '1'],
    ])
    const table = async (...sheets: { name: string; state?: string }[]) => {
      const read = await readHere(givenBook({ sheets: sheets.map((sheet) => ({ ...sheet, rows })) }))
      return { ...read, sheets: read.sheets.map((sheet, at) => ({ ...sheet, name: sheets[at]?.name ?? '' })) }
    }
    expect(readWith(profile, await table({ name: '说明' })).sheet).toBe('说明')
    expect(readWith(profile, await table({ name: '甲' }, { name: '目录' })).sheet).toBe('目录')
    expect(readWith(profile, await table({ name: '甲', state: 'hidden' }, { name: '乙' })).sheet).toBe('乙')
    const two = await table({ name: '甲' }, { name: '乙' })
    expect(() => readWith(profile, two)).toThrow(expect.objectContaining({ code: 'table.several_sheets' }))
    expect(readWith(profile, two, { sheet: '乙' }).sheet).toBe('乙')
    expect(() => readWith(profile, two, { sheet: '丙' })).toThrow(expect.objectContaining({ code: 'table.no_such_sheet' }))
  })

  test('a table without its headings, or with doubtful ones, is refused with their names', async () => {
    const table = (heading: string[]) => readHere(givenBook({ sheets: [{ name: '目录', rows: textRows([heading, ['a', 'b', 'c']]) }] }))
    const refusal = async (heading: string[]) => {
      const read = await table(heading)
      try {
        return readWith(profile, read).sheet
      } catch (error) {
        return error instanceof Error ? error.message : error
      }
    }
    expect(await refusal(['姓名', '性别', '年龄'])).toBe(
      '没有找到表头（应有：信息资源名称、共享类型）。请使用下载的模板，保留表头行后重新上传。',
    )
    expect(await refusal(['信息资源名称', '发布日期'])).toBe(
      '工作表“目录”第 1 行：表头缺少列：共享类型。请补上缺少的列，或者使用下载的模板。',
    )
    expect(await refusal(['信息资源名称', '共享类型', '共享类型'])).toBe(
      '工作表“目录”第 1 行：表头有歧义：B、C 列与“共享类型”。请删除或者改名重复的列后重新上传。',
    )
  })
})
