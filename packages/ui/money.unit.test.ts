// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { editMoney, formatWan, formatYuan, parseMoney } from './money.ts'

test('an amount typed in 元 or 万元 is kept exactly in 分', () => {
  expect(parseMoney('1,234.5', '元')).toEqual({ fen: 123450 })
  expect(parseMoney('０．２９', '元')).toEqual({ fen: 29 })
  expect(parseMoney('1，000', '元')).toEqual({ fen: 100000 })
  expect(parseMoney('4.35', '万元')).toEqual({ fen: 4350000 })
  expect(parseMoney('0.000001', '万元')).toEqual({ fen: 1 })
  expect(parseMoney('1.50000000', '万元')).toEqual({ fen: 1500000 })
})

test('an amount that is none, or finer than 分, is refused with the rule', () => {
  expect(parseMoney('1.005', '元')).toEqual({ error: '金额最多两位小数（精确到分）' })
  expect(parseMoney('0.0000001', '万元')).toEqual({ error: '以万元填写时最多六位小数（精确到分）' })
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
