// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { editMoney, formatWan, formatYuan, parseMoney, readAmount } from './money.ts'

test('an amount typed in 元 or 万元 is kept exactly in 分', () => {
  expect(parseMoney('1,234.5', '元')).toEqual({ fen: 123450 })
  expect(parseMoney('０．２９', '元')).toEqual({ fen: 29 })
  expect(parseMoney('1，000', '元')).toEqual({ fen: 100000 })
  expect(parseMoney('4.35', '万元')).toEqual({ fen: 4350000 })
  expect(parseMoney('0.000001', '万元')).toEqual({ fen: 1 })
  expect(parseMoney('1.50000000', '万元')).toEqual({ fen: 1500000 })
})

test('an amount that is none, or finer than 分, is refused with the rule', () => {
  expect(parseMoney('1.005', '元')).toEqual({ error: '金额不能有三位小数，最多两位，精确到分' })
  expect(parseMoney('0.0000001', '万元')).toEqual({ error: '以万元填写不能有七位小数，最多六位，精确到分' })
  for (const text of ['-1', '1e3', '一百', '1.2.3', '.5', '']) expect(parseMoney(text, '元')).toHaveProperty('error')
  expect(parseMoney('99999999999999999', '元')).toEqual({ error: '金额超出可填写的范围' })
})

test('what is shown for editing reads back as the same amount, in both units', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }), fc.constantFrom('元' as const, '万元' as const), (fen, unit) => {
      expect(parseMoney(editMoney(fen, unit), unit)).toEqual({ fen })
      expect(parseMoney(formatYuan(fen), '元')).toEqual({ fen })
    }),
  )
})

test('万元 is rounded half up to two decimals and grouped', () => {
  expect(formatWan(123456789012)).toBe('123,456.79')
  expect(formatWan(5000)).toBe('0.01')
  expect(formatWan(4999)).toBe('0.00')
  expect(formatWan(-123456789)).toBe('-123.46')
  expect(formatYuan(123456789)).toBe('1,234,567.89')
})

test('an amount is read as offices write it: units, full width, currency signs, capitals; a unit in the cell goes first', () => {
  const read = (text: string) => readAmount(text, '元')
  expect(read('１２万')).toEqual({ fen: 12_000_000 })
  expect(read('3.5亿元')).toEqual({ fen: 35_000_000_000 })
  expect(read('￥ 1,200.50')).toEqual({ fen: 120_050 })
  expect(read('600元整')).toEqual({ fen: 60_000 })
  expect(readAmount('600 元', '万元')).toEqual({ fen: 60_000 })
  expect(readAmount('80', '万元')).toEqual({ fen: 80_000_000 })
  expect(read('人民币壹拾贰万伍仟元整')).toEqual({ fen: 12_500_000 })
  expect(read('叁佰零伍元贰角壹分')).toEqual({ fen: 30_521 })
  expect(read('壹亿贰仟万元整')).toEqual({ fen: 12_000_000_000 })
  for (const text of ['约80万', '80-90万', '一百', '-5元', '整', '']) expect(read(text)).toHaveProperty('error')
  expect(read('1.005元')).toEqual({ error: '金额不能有三位小数，最多两位，精确到分' })
})
