import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { workingDayCalendar } from './calendar.ts'
import { noticesWith, officeCalendar, type TimeUnit, usualCalendar } from './office-calendar.ts'
import { type OfficeHours, problemOfWeek } from './office-hours.ts'

const at = (text: string) => new Date(`${text}+08:00`)
const shown = (instant: Date) => new Date(instant.getTime() + 8 * 3_600_000).toISOString().slice(0, 16)
const dueOf = (start: string, amount: number, unit: TimeUnit, orgId: string | null = null) =>
  shown(usualCalendar.due(at(start), amount, unit, orgId).dueAt)

describe('working hours', () => {
  test('four of them from Friday 16:30 end at noon of the Saturday that is worked instead', () => {
    expect(dueOf('2026-05-08T16:30:00', 4, 'work-hour')).toBe('2026-05-09T12:00')
  })

  test.each([
    ['at night they begin in the morning', '2026-03-02T22:00:00', 1, '2026-03-03T10:00'],
    ['in the break they begin after it', '2026-03-02T13:00:00', 1, '2026-03-02T15:00'],
    ['to the end of a stretch they end there and not after the break', '2026-03-02T09:00:00', 3, '2026-03-02T12:00'],
    ['over a holiday they wait', '2026-09-30T17:00:00', 1, '2026-10-08T09:30'],
    ['half of one is half an hour', '2026-03-02T09:00:00', 0.5, '2026-03-02T09:30'],
  ])('%s', (_why, start, amount, due) => {
    expect(dueOf(start, amount, 'work-hour')).toBe(due)
  })

  test('an emergency runs through the night and the holiday', () => {
    expect(dueOf('2026-09-30T17:00:00', 24, 'hour')).toBe('2026-10-01T17:00')
  })

  test('are those of the organisation while it has some, and the city’s otherwise', () => {
    const summer: OfficeHours = {
      orgId: null,
      validFrom: '2026-06-01',
      validTo: '2026-09-01',
      week: {
        1: [
          { from: '08:30', to: '12:00' },
          { from: '15:00', to: '18:00' },
        ],
      },
    }
    const hall: OfficeHours = {
      ...summer,
      orgId: 'service-hall',
      validFrom: '2026-01-01',
      validTo: null,
      week: { 1: [{ from: '09:00', to: '17:00' }] },
    }
    const calendar = officeCalendar(usualCalendar.days, [summer, hall])
    const dueFor = (start: string, orgId: string | null) => shown(calendar.due(at(start), 4, 'work-hour', orgId).dueAt)
    expect(dueFor('2026-06-01T08:00:00', null)).toBe('2026-06-01T15:30')
    expect(dueFor('2026-06-01T08:00:00', 'civil-affairs')).toBe('2026-06-01T15:30')
    expect(dueFor('2026-06-01T08:00:00', 'service-hall')).toBe('2026-06-01T13:00')
    expect(dueFor('2026-05-25T08:00:00', null)).toBe('2026-05-25T15:00')
    // From September on the usual hours hold again.
    expect(dueFor('2026-09-07T08:00:00', null)).toBe('2026-09-07T15:00')
    // A Saturday that is worked instead goes by Monday.
    expect(dueFor('2026-05-09T08:00:00', 'service-hall')).toBe('2026-05-09T13:00')
  })

  test('a week that overlaps, runs backwards or is never worked is told where it is wrong', () => {
    expect(problemOfWeek({})).toMatchObject({ weekday: '1' })
    expect(problemOfWeek({ 2: [{ from: '12:00', to: '09:00' }] })).toMatchObject({ weekday: '2' })
    expect(
      problemOfWeek({
        3: [
          { from: '09:00', to: '12:00' },
          { from: '11:00', to: '17:00' },
        ],
      }),
    ).toMatchObject({ weekday: '3' })
    expect(problemOfWeek({ 1: [{ from: '00:00', to: '24:00' }] })).toBeNull()
  })
})

describe('limits', () => {
  test.each([
    ['2026-02-10T09:00:00', 15, 'work-day', '2026-03-09T23:59'],
    ['2026-01-31T09:00:00', 1, 'month', '2026-02-28T23:59'],
    ['2026-02-27T09:00:00', 3, 'day', '2026-03-02T23:59'],
  ] as const)('from %s, %i %s end at %s', (start, amount, unit, due) => {
    expect(dueOf(start, amount, unit)).toBe(due)
  })

  test('through a year that is not published are provisional, and are not any more once its notice is loaded', () => {
    expect(usualCalendar.due(at('2026-12-30T09:00:00'), 3, 'work-day', null)).toMatchObject({ provisional: true })
    expect(usualCalendar.due(at('2026-12-31T17:00:00'), 1, 'work-hour', null)).toMatchObject({ provisional: true })
    expect(usualCalendar.due(at('2026-12-31T17:00:00'), 1, 'hour', null)).toMatchObject({ provisional: false })
    const notice = { year: 2027, days: [{ name: '元旦', date: '2027-01-01', isOffDay: true }] }
    const later = officeCalendar(workingDayCalendar(noticesWith([notice])), [])
    const due = later.due(at('2026-12-31T17:00:00'), 1, 'work-hour', null)
    expect([shown(due.dueAt), due.provisional]).toEqual(['2027-01-04T09:30', false])
  })

  test.each([-1, Number.NaN])('of %d are refused', (amount) => {
    for (const unit of ['work-hour', 'hour', 'work-day', 'day', 'month'] as const)
      expect(() => usualCalendar.due(at('2026-03-02T09:00:00'), amount, unit, null)).toThrow(RangeError)
  })
})

// Any minute from 2008 to 2025, in and outside working hours.
const minute = fc.integer({ min: Date.UTC(2008, 0, 1) / 60_000, max: Date.UTC(2025, 11, 1) / 60_000 }).map((n) => new Date(n * 60_000))
const limit = fc.oneof(
  fc.record({ unit: fc.constant<TimeUnit>('work-hour'), amount: fc.integer({ min: 1, max: 4000 }).map((n) => n / 60) }),
  fc.record({ unit: fc.constant<TimeUnit>('hour'), amount: fc.integer({ min: 1, max: 9000 }).map((n) => n / 60) }),
  fc.record({ unit: fc.constantFrom<TimeUnit>('work-day', 'day', 'month'), amount: fc.integer({ min: 0, max: 40 }) }),
)

describe('what is left of a limit', () => {
  test('right after the start is the whole limit', () => {
    fc.assert(
      fc.property(minute, limit, (start, { amount, unit }) => {
        const { dueAt } = usualCalendar.due(start, amount, unit, null)
        expect(usualCalendar.left(start, dueAt, unit, null)).toBeCloseTo(amount, 9)
      }),
      { numRuns: 300 },
    )
  })

  test('begun anew at any instant before the end, ends when the limit would have ended', () => {
    fc.assert(
      fc.property(minute, limit, fc.double({ min: 0, max: 1, noNaN: true }), (start, { amount, unit }, share) => {
        const { dueAt } = usualCalendar.due(start, amount, unit, null)
        const paused = new Date(Math.round(start.getTime() + (dueAt.getTime() - start.getTime()) * share))
        const left = usualCalendar.left(paused, dueAt, unit, null)
        // On a day off after the last working day nothing is left, and nothing more ends there.
        if (unit === 'work-hour' && left === 0) return
        expect(usualCalendar.due(paused, left, unit, null).dueAt).toEqual(dueAt)
      }),
      { numRuns: 300 },
    )
  })

  test('is no more than what a warning asks for from the instant of the warning on, and more just before it', () => {
    fc.assert(
      fc.property(minute, limit, fc.double({ min: 0, max: 1, noNaN: true }), (start, { amount, unit }, share) => {
        const { dueAt } = usualCalendar.due(start, amount, unit, null)
        const most = unit.endsWith('hour') ? amount * share : Math.floor(amount * share)
        const warned = usualCalendar.before(dueAt, most, unit, null)
        expect(warned.getTime()).toBeLessThanOrEqual(dueAt.getTime())
        if (unit === 'month') return
        expect(usualCalendar.left(warned, dueAt, unit, null)).toBeLessThanOrEqual(most + 1e-6)
        const dayBefore = new Date(warned.getTime() - 24 * 3_600_000)
        expect(usualCalendar.left(dayBefore, dueAt, unit, null)).toBeGreaterThanOrEqual(most - 1e-6)
      }),
      { numRuns: 300 },
    )
  })

  test('is negative once it is over', () => {
    const due = usualCalendar.due(at('2026-03-02T09:00:00'), 5, 'work-day', null).dueAt
    expect(usualCalendar.left(at('2026-03-12T09:00:00'), due, 'work-day', null)).toBe(-3)
    expect(usualCalendar.left(at('2026-03-03T10:00:00'), at('2026-03-02T16:30:00'), 'work-hour', null)).toBe(-2)
  })
})
