// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest'
import {
  type FormField,
  formTroubles,
  type LinesField,
  newLine,
  pasteLines,
  placeOf,
  readDate,
  readSheet,
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
