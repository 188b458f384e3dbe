import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  addDays,
  addMonths,
  checkCivilDate,
  compareCivilDates,
  daysBetween,
  endOfDayInShanghai,
  formatChineseDate,
  parseCivilDate,
  startOfDayInShanghai,
  todayInShanghai,
  weekdayOf,
} from './civil-date.ts'

test.each(['2026-01-09', '2024-02-29', '2000-02-29', '0001-01-01', '9999-12-31'])('%s is a date', (text) => {
  expect(checkCivilDate(text)).toEqual({ ok: true, value: text })
  expect(parseCivilDate(text)).toBe(text)
})

test.each([
  ['2026-02-30', 'date.no_such_day', 9],
  ['2026-02-29', 'date.no_such_day', 9],
  ['1900-02-29', 'date.no_such_day', 9],
  ['2026-04-31', 'date.no_such_day', 9],
  ['2026-01-00', 'date.no_such_day', 9],
  ['2026-13-01', 'date.no_such_month', 6],
  ['2026-00-01', 'date.no_such_month', 6],
  ['0000-01-01', 'date.no_such_year', 1],
])('%s is refused as %s', (text, code, position) => {
  expect(checkCivilDate(text)).toMatchObject({ ok: false, problem: { code, position } })
})

test.each([
  '',
  '2026-1-9',
  '2026/01/09',
  '20260109',
  '201819',
  '２０２６-01-09',
  '2026-01-09T00:00:00Z',
  ' 2026-01-09',
  '2026年1月9日',
  '+02026-01-09',
  '2026-01-09\n',
])('the notation %j is not guessed at', (text) => {
  expect(checkCivilDate(text)).toMatchObject({ ok: false, problem: { code: 'date.malformed' } })
  expect(parseCivilDate(text)).toBeUndefined()
})

test('the refusal says how many days the month has', () => {
  expect(checkCivilDate('2026-02-30')).toMatchObject({
    ok: false,
    problem: { message: '2026年2月没有30日', cure: '当月共28天，请核对后填写' },
  })
})

test('today is the day in Shanghai, whatever the zone of the server', () => {
  expect(todayInShanghai(new Date('2026-11-21T15:59:59.999Z'))).toBe('2026-11-21')
  expect(todayInShanghai(new Date('2026-11-21T16:00:00Z'))).toBe('2026-11-22')
  // Summer time ran in 1986: midnight came an hour earlier in UTC.
  expect(todayInShanghai(new Date('1986-07-01T15:00:00Z'))).toBe('1986-07-02')
})

test('dates are shown without padding', () => {
  expect(formatChineseDate('2026-01-09')).toBe('2026年1月9日')
  expect(formatChineseDate('2026-11-22')).toBe('2026年11月22日')
})

test('days and months are counted over the ends of months and years', () => {
  expect(addDays('2026-12-31', 1)).toBe('2027-01-01')
  expect(addDays('2024-03-01', -1)).toBe('2024-02-29')
  expect(addMonths('2026-01-31', 1)).toBe('2026-02-28')
  expect(daysBetween('2026-02-01', '2026-03-01')).toBe(28)
  expect(daysBetween('2026-03-01', '2026-02-01')).toBe(-28)
  expect(weekdayOf('2026-11-22')).toBe(7)
})

test('comparison orders dates as days', () => {
  expect(['2026-10-01', '2025-12-31', '2026-02-01'].sort(compareCivilDates)).toEqual(['2025-12-31', '2026-02-01', '2026-10-01'])
})

test('a day begins at 16:00 UTC of the day before, and its end still falls on it', () => {
  expect(startOfDayInShanghai('2026-11-22').toISOString()).toBe('2026-11-21T16:00:00.000Z')
  expect(endOfDayInShanghai('2026-11-22').toISOString()).toBe('2026-11-22T15:59:59.999Z')
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 40_000 }), (offset) => {
      const date = addDays('1970-01-01', offset)
      return todayInShanghai(startOfDayInShanghai(date)) === date && todayInShanghai(endOfDayInShanghai(date)) === date
    }),
  )
})

test('a broken date that slipped past the parser is a bug and throws', () => {
  expect(() => addDays('2026-02-30', 1)).toThrow(RangeError)
})
