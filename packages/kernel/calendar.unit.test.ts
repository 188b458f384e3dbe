import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { shippedHolidayNotices, workingDayCalendar, workingDays } from './calendar.ts'
import { addDays } from './civil-date.ts'

describe('the shipped calendar', () => {
  test('knows 2007 to 2026; 2027 and the years before are not published', () => {
    for (let year = 2007; year <= 2026; year++) expect(workingDays.isPublished(year), String(year)).toBe(true)
    expect([2006, 2027, 2028].map(workingDays.isPublished)).toEqual([false, false, false])
  })

  test('a Sunday that is worked instead is a working day, a holiday on a weekday is not', () => {
    expect(workingDays.isWorkingDay('2025-09-28')).toBe(true)
    expect(workingDays.isWorkingDay('2025-10-11')).toBe(true)
    expect(workingDays.isWorkingDay('2026-01-04')).toBe(true)
    expect(workingDays.isWorkingDay('2026-02-14')).toBe(true)
    expect(workingDays.isWorkingDay('2025-10-08')).toBe(false)
    expect(workingDays.isWorkingDay('2026-11-22')).toBe(false)
    expect(workingDays.isWorkingDay('2026-11-23')).toBe(true)
    expect(workingDays.isWorkingDay('2011-12-31')).toBe(true)
  })

  test('names the holiday', () => {
    expect(workingDays.holidayName('2026-02-17')).toBe('春节')
    expect(workingDays.holidayName('2026-02-14')).toBeUndefined()
    expect(workingDays.holidayName('2026-11-22')).toBeUndefined()
  })
})

describe('counting', () => {
  test.each([
    ['2025-09-26', 5, '2025-10-10'],
    ['2026-02-10', 15, '2026-03-09'],
    ['2026-11-20', 1, '2026-11-23'],
    ['2026-11-22', 0, '2026-11-22'],
  ])('received on %s, %i working days end on %s', (start, n, date) => {
    expect(workingDays.addWorkingDays(start, n)).toEqual({ date, provisional: false })
  })

  test('a limit that reaches into 2027 is provisional and counts weekends only', () => {
    expect(workingDays.addWorkingDays('2026-12-30', 3)).toEqual({ date: '2027-01-04', provisional: true })
    expect(workingDays.addWorkingDays('2026-12-30', 1)).toEqual({ date: '2026-12-31', provisional: false })
  })

  test('a year before the first notice is provisional too', () => {
    expect(workingDays.addWorkingDays('2006-09-29', 1)).toEqual({ date: '2006-10-02', provisional: true })
    // Published again at the end, but the count went through days nobody announced.
    expect(workingDays.addWorkingDays('2006-12-28', 4)).toEqual({ date: '2007-01-04', provisional: true })
    expect(workingDays.countWorkingDays('2006-12-28', '2007-01-04')).toEqual({ count: 4, provisional: true })
  })

  test('the remaining working days are counted without the first day, and negative once the limit has passed', () => {
    expect(workingDays.countWorkingDays('2025-09-26', '2025-10-10')).toEqual({ count: 5, provisional: false })
    expect(workingDays.countWorkingDays('2025-10-10', '2025-09-26')).toEqual({ count: -5, provisional: false })
    expect(workingDays.countWorkingDays('2026-11-23', '2026-11-23')).toEqual({ count: 0, provisional: false })
    expect(workingDays.countWorkingDays('2026-11-22', '2026-11-21')).toEqual({ count: 0, provisional: false })
    expect(workingDays.countWorkingDays('2026-12-31', '2027-01-04')).toEqual({ count: 2, provisional: true })
  })

  test('counting is the inverse of adding, and the limit always falls on a working day', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 7300 }), fc.integer({ min: 1, max: 120 }), (offset, n) => {
        const start = addDays('2007-01-01', offset)
        const { date, provisional } = workingDays.addWorkingDays(start, n)
        expect(workingDays.isWorkingDay(date)).toBe(true)
        expect(workingDays.countWorkingDays(start, date)).toEqual({ count: n, provisional })
      }),
      { numRuns: 200 },
    )
  })

  test.each([-1, 1.5, Number.NaN, 10_001])('%d working days are refused', (n) => {
    expect(() => workingDays.addWorkingDays('2026-11-22', n)).toThrow(RangeError)
    expect(() => workingDays.deadline(new Date('2026-11-22T01:00:00Z'), n, 'month')).toThrow(RangeError)
  })
})

describe('deadlines', () => {
  test('end with the last working day in Shanghai', () => {
    expect(workingDays.deadline(new Date('2025-09-26T01:00:00Z'), 5, 'working-day')).toEqual({
      dueOn: '2025-10-10',
      dueAt: new Date('2025-10-10T15:59:59.999Z'),
      provisional: false,
    })
  })

  test('the day of receipt is that of Shanghai: after 16:00 UTC it is already tomorrow', () => {
    expect(workingDays.deadline(new Date('2026-11-24T15:59:00Z'), 1, 'working-day').dueOn).toBe('2026-11-25')
    expect(workingDays.deadline(new Date('2026-11-24T16:00:00Z'), 1, 'working-day').dueOn).toBe('2026-11-26')
  })

  test('days and months are civil days and months and never provisional', () => {
    const start = new Date('2026-12-31T01:00:00Z')
    expect(workingDays.deadline(start, 10, 'day')).toMatchObject({ dueOn: '2027-01-10', provisional: false })
    expect(workingDays.deadline(start, 2, 'month')).toMatchObject({ dueOn: '2027-02-28', provisional: false })
  })

  test('a provisional deadline is worked out again once the notice is out', () => {
    const notice = { year: 2027, days: [{ name: '元旦', date: '2027-01-01', isOffDay: true }] }
    const later = workingDayCalendar([...shippedHolidayNotices().filter(({ year }) => year !== 2027), notice])
    const start = new Date('2026-12-30T01:00:00Z')
    expect(workingDays.deadline(start, 2, 'working-day')).toMatchObject({ dueOn: '2027-01-01', provisional: true })
    expect(later.deadline(start, 2, 'working-day')).toMatchObject({ dueOn: '2027-01-04', provisional: false })
  })
})
