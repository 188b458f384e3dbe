import { usualCalendar } from '@tongchou/kernel'
import { expect, test } from 'vitest'
import { deadlinesOn } from './deadlines.ts'

const { due, left } = deadlinesOn(usualCalendar)
const START = '2026-09-29T02:00:00Z'

test('working days go around the holiday and through the day that is worked instead, days and months do not', () => {
  expect(due(START, 3, 'work-day', null)).toEqual({ due: '2026-10-09T15:59:59.999Z', provisional: false })
  expect(due(START, 3, 'day', null).due).toBe('2026-10-02T15:59:59.999Z')
  expect(due('2026-12-31T02:00:00Z', 2, 'month', null).due).toBe('2027-02-28T15:59:59.999Z')
  expect(due(START, 36, 'hour', null).due).toBe('2026-09-30T14:00:00.000Z')
})

test('a limit past the published calendar is provisional', () => {
  expect(due('2026-12-31T02:00:00Z', 1, 'work-day', null).provisional).toBe(true)
})

test('what is left of a limit, counted from later, ends when the limit does', () => {
  for (const unit of ['work-hour', 'hour', 'work-day', 'day', 'month'] as const) {
    const end = due(START, 6, unit, null).due
    const later = '2026-09-29T05:00:00Z'
    expect(due(later, left(later, end, unit, null), unit, null).due, unit).toBe(end)
  }
})

test('a limit that has passed has less than nothing left', () => {
  for (const unit of ['hour', 'work-day', 'day', 'month'] as const)
    expect(left('2026-09-29T02:00:00Z', '2026-09-24T15:59:59.999Z', unit, null), unit).toBeLessThan(0)
})
