import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatWanYuan, formatYuan, parseFen, percentOfFen, shareOfFen, sumFen } from './money.ts'

test.each([
  ['123.45', 12_345],
  ['1,234.5', 123_450],
  ['0', 0],
  ['0.01', 1],
  ['1234567', 123_456_700],
  ['12,345,678.90', 1_234_567_890],
  [' 5 ', 500],
  ['90071992547409.91', Number.MAX_SAFE_INTEGER],
])('%s is %i 分', (text, fen) => {
  expect(parseFen(text)).toEqual({ ok: true, value: fen })
})

test.each([
  ['1.234', 'money.too_many_decimals'],
  ['1.230', 'money.too_many_decimals'],
  ['90071992547409.92', 'money.too_large'],
  ['9'.repeat(400), 'money.too_large'],
  ['', 'money.malformed'],
  ['12,34', 'money.malformed'],
  ['1,2345', 'money.malformed'],
  ['1,234,', 'money.malformed'],
  ['-5', 'money.malformed'],
  ['+5', 'money.malformed'],
  ['007', 'money.malformed'],
  ['.5', 'money.malformed'],
  ['5.', 'money.malformed'],
  ['1e3', 'money.malformed'],
  ['0x10', 'money.malformed'],
  ['１２３', 'money.malformed'],
  ['1，234', 'money.malformed'],
  ['¥5', 'money.malformed'],
  ['5万', 'money.malformed'],
  ['NaN', 'money.malformed'],
])('%s is refused', (text, code) => {
  expect(parseFen(text)).toMatchObject({ ok: false, problem: { code } })
})

test('more than two decimals are refused with the place of the third', () => {
  expect(parseFen('123.456')).toEqual({
    ok: false,
    problem: { code: 'money.too_many_decimals', message: '金额以元计，小数超过2位', cure: '金额精确到分，请核对小数点的位置', position: 7 },
  })
})

test('amounts in 万元 are read exactly', () => {
  expect(parseFen('123.456789', 'wan-yuan')).toEqual({ ok: true, value: 123_456_789 })
  expect(parseFen('0.1', 'wan-yuan')).toEqual({ ok: true, value: 100_000 })
  expect(parseFen('1.2345678', 'wan-yuan')).toMatchObject({ ok: false, problem: { code: 'money.too_many_decimals' } })
})

test('amounts are shown exactly in 元 and 万元', () => {
  expect([0, 1, 100, 123_456_789, -5].map(formatYuan)).toEqual(['0.00', '0.01', '1.00', '1,234,567.89', '-0.05'])
  expect([0, 1, 100_000_000, 123_456_789, 123_456_700_000_000].map(formatWanYuan)).toEqual([
    '0.00',
    '0.000001',
    '100.00',
    '123.456789',
    '123,456,700.00',
  ])
})

test('what is shown reads back as the same amount', () => {
  fc.assert(
    fc.property(fc.maxSafeNat(), (fen) => {
      expect(parseFen(formatYuan(fen))).toEqual({ ok: true, value: fen })
      expect(parseFen(formatWanYuan(fen), 'wan-yuan')).toEqual({ ok: true, value: fen })
    }),
  )
})

test('sums are exact and never leave the safe range', () => {
  expect(sumFen([])).toBe(0)
  expect(sumFen([10, 20])).toBe(30)
  expect(() => sumFen([Number.MAX_SAFE_INTEGER, 1])).toThrow(RangeError)
  expect(() => sumFen([0.5])).toThrow(RangeError)
  expect(() => formatYuan(0.5)).toThrow(RangeError)
})

test('percentages are rounded half up from exact integers', () => {
  expect(percentOfFen(1, 3)).toBe('33.3%')
  expect(percentOfFen(2, 3)).toBe('66.7%')
  expect(percentOfFen(1, 8, 2)).toBe('12.50%')
  expect(percentOfFen(1005, 100_000, 1)).toBe('1.0%')
  expect(percentOfFen(1050, 100_000, 1)).toBe('1.1%')
  // 1.005 is less than 1.005 as a float; exact arithmetic rounds it up.
  expect(percentOfFen(1005, 100_000, 2)).toBe('1.01%')
  expect(percentOfFen(-1, 8, 0)).toBe('-13%')
  expect(percentOfFen(5, 5, 0)).toBe('100%')
  expect(percentOfFen(1, 0)).toBeUndefined()
})

test('the share of a contract is rounded half up to the 分', () => {
  expect(shareOfFen(100_000, 3000)).toBe(30_000)
  expect(shareOfFen(1, 5000)).toBe(1)
  expect(shareOfFen(1, 4999)).toBe(0)
  expect(shareOfFen(Number.MAX_SAFE_INTEGER, 10_000)).toBe(Number.MAX_SAFE_INTEGER)
  expect(() => shareOfFen(1, 0.5)).toThrow(RangeError)
})
