// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest'
import {
  choicesOf,
  type FormField,
  field,
  formTroubles,
  type LinesField,
  newLine,
  pasteLines,
  placeOf,
  readCell,
  readDate,
  readSheet,
  rowsOf,
  toFormData,
  toFormValues,
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

test('what cannot be read is named with its row and stays empty; rows beyond the limit are counted, not cut in silence', () => {
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
    { line: 0, field: { id: 'amountFen' }, error: '金额最多两位小数（精确到分）' },
    { line: 1, field: { id: 'dueOn' } },
  ])
  expect(left).toBe(1)
  expect(lines[0]?.values).toEqual({ title: '一' })
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

test('a mistake in a line is named by the line’s number among the filled ones, whatever was removed before it', () => {
  const line = newLine({ title: '尾款' })
  const values = { terms: [newLine(), line] }
  expect(placeOf(`terms/#${line.key}/amountFen`, values)).toBe('terms/0/amountFen')
  expect(placeOf('number', values)).toBe('number')
})

test('stored lines come back as they were', () => {
  const stored = { number: 'A-1', terms: [{ title: '首付款', amountFen: 1 }] }
  expect(toFormData(fields, toFormValues(fields, stored))).toEqual(stored)
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
