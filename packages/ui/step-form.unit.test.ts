// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest'
import { pasteLines, readCell, readSheet } from './paste-lines.ts'
import {
  choicesOf,
  type FormField,
  field,
  formTroubles,
  type LinesField,
  newLine,
  plainValues,
  readDate,
  rowsOf,
  toFormData,
  withLines,
} from './step-form.ts'

const terms: LinesField = {
  id: 'terms',
  title: '付款约定',
  type: 'lines',
  required: true,
  help: null,
  maxLines: 3,
  fields: [
    { id: 'title', title: '期次', type: 'text', required: true, maxLength: 20, help: null },
    { id: 'amountFen', title: '金额', type: 'money', required: true, help: null },
    { id: 'dueOn', title: '应付日期', type: 'date', required: false, help: null },
  ],
}
const fields: readonly FormField[] = [
  { id: 'number', title: '合同编号', type: 'text', required: true, maxLength: 5, help: null },
  { id: 'year', title: '预算年度', type: 'count', required: false, minimum: 2000, maximum: 2100, help: null },
  terms,
]
const START = { line: 0, column: 0 }

test('a table from Excel lands in the lines, with a heading or without, in the unit of the form or of the cell', () => {
  const rows = readSheet('期次\t金额（万元）\t应付日期\r\n首付款\t1,234.5678\t2026/3/5\r\n"尾\n款"\t600元\t\r\n')
  const { lines, unread, left } = pasteLines(terms, [], rows, START, '元')
  expect({ unread, left }).toEqual({ unread: [], left: 0 })
  expect(toFormData([terms], { terms: lines })).toEqual({
    terms: [
      { title: '首付款', amountFen: 1_234_567_800, dueOn: '2026-03-05' },
      { title: '尾 款', amountFen: 60_000 },
    ],
  })
})

test('without a heading the columns count from the cell where the cursor stands, and earlier values stay', () => {
  const first = newLine({ title: '首付款' })
  const { lines } = pasteLines(terms, [first], [['3.5'], ['4']], { line: 0, column: 1 }, '元')
  expect(lines.map((line) => line.values)).toEqual([{ title: '首付款', amountFen: 350 }, { amountFen: 400 }])
  expect(lines[0]?.key).toBe(first.key)
})

test('what cannot be read is named with its row and its text stays in the cell; rows beyond the limit are counted, not cut in silence', () => {
  const { lines, unread, left } = pasteLines(
    terms,
    [],
    [
      ['一', '1.005'],
      ['二', '2', '2026-02-30'],
      ['三', '3'],
      ['四', '4'],
    ],
    START,
    '元',
  )
  expect(unread).toMatchObject([
    { line: 0, field: { id: 'amountFen' }, error: '金额不能有三位小数，最多两位，精确到分' },
    { line: 1, field: { id: 'dueOn' } },
  ])
  expect(left).toBe(1)
  expect(lines[0]?.values).toEqual({ title: '一', amountFen: '1.005' })
  expect(formTroubles([terms], { terms: lines }, '元')).toMatchObject([
    { path: 'terms/0/amountFen', message: '第 1 行金额：金额不能有三位小数，最多两位，精确到分' },
    { path: 'terms/1/dueOn', message: '第 2 行应付日期：“2026-02-30”不是存在的日期' },
  ])
})

test('a heading with stars, units and columns in another order is understood; row numbers, sums and foreign columns are left out and named', () => {
  const rows = readSheet('序号\t金额（单位：万元）*\t备注\t期次：\n1\t80\t无\t首付款\n\n2\t１２万\t\t尾款\n合 计\t92\t\t\n')
  const { lines, foreign, sums, unread } = pasteLines(terms, [], rows, { line: 0, column: 1 }, '元')
  expect({ foreign, sums, unread }).toEqual({ foreign: ['备注'], sums: 1, unread: [] })
  expect(toFormData([terms], { terms: lines })).toEqual({
    terms: [
      { title: '首付款', amountFen: 80_000_000 },
      { title: '尾款', amountFen: 12_000_000 },
    ],
  })
})

test('a table’s own numbering before the first column is not taken for the first column', () => {
  const { lines } = pasteLines(terms, [], readSheet('1\t首付款\t3\n2\t尾款\t4'), START, '元')
  expect(lines.map((line) => line.values)).toEqual([
    { title: '首付款', amountFen: 300 },
    { title: '尾款', amountFen: 400 },
  ])
})

test('an amount that was typed and cannot be read is named in the unit of the form, and again when the unit changes under it', () => {
  const money = field('amountFen', '金额', { type: 'money' })
  expect(formTroubles([money], { amountFen: '1.005' }, '元')).toEqual([
    { path: 'amountFen', message: '金额：金额不能有三位小数，最多两位，精确到分' },
  ])
  expect(formTroubles([money], { amountFen: '1.005' }, '万元')).toEqual([
    { path: 'amountFen', message: '金额：“1.005”的金额单位已更改，请重新填写' },
  ])
})

test('a number that names something is checked by its own digits and sent in its one form', () => {
  const code = field('providerCode', '代码', { type: 'identifier', of: 'social-credit-code' })
  const number = field('documentNumber', '批复文号', { type: 'identifier', of: 'document-number' })
  expect(formTroubles([code], { providerCode: '111503009001300031' })[0]?.message).toContain('第18位校验码与前17位不符')
  expect(formTroubles([code], { providerCode: '111503009001300030' })).toEqual([])
  expect(toFormData([number], { documentNumber: '乌海发改字[2026]12号' })).toEqual({ documentNumber: '乌海发改字〔2026〕12号' })
  expect(formTroubles([number], { documentNumber: '乌海发改字〔2026〕第12号' })[0]?.message).toContain('序号前有“第”字')
})

test('what is kept of a form comes back with its lines, also the half-typed ones', () => {
  const values = { number: 'A-1', terms: [newLine({ title: '首付款', amountFen: '1.005' })] }
  const kept = JSON.parse(JSON.stringify(plainValues(fields, values)))
  expect(plainValues(fields, withLines(kept))).toEqual({ number: 'A-1', terms: [{ title: '首付款', amountFen: '1.005' }] })
})

test('blank lines are neither checked nor sent; problems count the lines that are sent', () => {
  const values = { number: 'A-1', terms: [newLine({ title: '' }), newLine({ title: '首付款' })] }
  expect(formTroubles(fields, values)).toEqual([{ path: 'terms/0/amountFen', message: '第 1 行金额：必须填写' }])
  expect(toFormData(fields, values)).toEqual({ number: 'A-1', terms: [{ title: '首付款' }] })
})

test('what the server would refuse is said before it is asked', () => {
  const values = { number: '123456', year: 1999, terms: [] }
  expect(formTroubles(fields, values).map((one) => one.message)).toEqual([
    '合同编号：不得超过 5 个字',
    '预算年度：应为 2000 至 2100 的整数',
    '付款约定：至少填写一行',
  ])
})

test('stored lines come back as they were', () => {
  const stored = { number: 'A-1', terms: [{ title: '首付款', amountFen: 1 }] }
  expect(toFormData(fields, withLines(stored))).toEqual(stored)
})

test('dates are read as offices write them, and only when they exist', () => {
  expect(['2026-11-22', '2026/1/2', '2026年1月2日', '2026.01.02'].map(readDate)).toEqual([
    '2026-11-22',
    '2026-01-02',
    '2026-01-02',
    '2026-01-02',
  ])
  expect(['2026-02-30', '2026', '22/11/2026'].map(readDate)).toEqual([undefined, undefined, undefined])
})

const funding = field('funding', '资金来源', { type: 'choices', choices: choicesOf({ city: '市级财政', own: '自有收入' }) })
const unit = field('unitId', '使用单位', { type: 'reference', of: 'organisation' })

test('several choices are one field: none chosen is missing, a foreign one is refused, a cell of Excel names them in words', () => {
  expect(formTroubles([funding], { funding: [] })).toEqual([{ path: 'funding', message: '资金来源：必须填写' }])
  expect(formTroubles([funding], { funding: ['city', 'stolen'] })).toEqual([{ path: 'funding', message: '资金来源：不在可选范围之内' }])
  expect(formTroubles([funding], { funding: ['city'] })).toEqual([])
  expect(toFormData([funding], { funding: [] })).toEqual({})
  expect(readCell(funding, '市级财政、自有收入', '元')).toEqual({ value: ['city', 'own'] })
  expect(readCell(funding, '市级财政，捐赠', '元')).toEqual({ error: '“捐赠”不在可选范围之内' })
})

test('a unit is sent by its id; its name cannot be pasted, because two units may share it', () => {
  expect(formTroubles([unit], {})).toEqual([{ path: 'unitId', message: '使用单位：必须填写' }])
  expect(toFormData([unit], { unitId: 'civil-affairs' })).toEqual({ unitId: 'civil-affairs' })
  expect(readCell(unit, '市民政局', '元')).toEqual({ error: '“市民政局”请从单位中查找选择' })
})

test('short neighbours share a row, and a heading begins one', () => {
  const half = (id: string, group?: string) => field(id, id, { type: 'date', half: true, ...(group ? { group } : {}) })
  const long = field('long', 'long', { type: 'date' })
  const rows = rowsOf([half('a'), half('b'), long, half('c'), half('d', '责任'), half('e')])
  expect(rows.map((row) => row.map((one) => one.id))).toEqual([['a', 'b'], ['long'], ['c'], ['d', 'e']])
})
