import { expect, test } from 'vitest'
import { fixedClock, startingClock, systemClock } from './clock.ts'

test('a fixed clock stands still until it is moved', () => {
  const clock = fixedClock('2026-11-22T01:00:00Z')
  expect(clock.now()).toEqual(clock.now())
  expect(clock.tick().toISOString()).toBe('2026-11-22T01:00:00.001Z')
  expect(clock.tick(999).toISOString()).toBe('2026-11-22T01:00:01.000Z')
  expect(clock.advance({ days: 1, hours: 2, minutes: 3, seconds: 4 }).toISOString()).toBe('2026-11-23T03:03:05.000Z')
  expect(clock.set(new Date(0)).toISOString()).toBe('1970-01-01T00:00:00.000Z')
  expect(clock.now().getTime()).toBe(0)
})

test('what a caller does to a date it was given does not move the clock', () => {
  const clock = fixedClock('2026-11-22T01:00:00Z')
  clock.now().setFullYear(1999)
  expect(clock.now().toISOString()).toBe('2026-11-22T01:00:00.000Z')
})

test('a starting clock begins where it is told and ticks', () => {
  let elapsed = 5000
  const clock = startingClock('2026-11-22T01:00:00Z', () => elapsed)
  expect(clock.now().toISOString()).toBe('2026-11-22T01:00:00.000Z')
  elapsed += 1500.7
  expect(clock.now().toISOString()).toBe('2026-11-22T01:00:01.500Z')
})

test('the system clock gives the present', () => {
  const before = Date.now()
  const now = systemClock().now().getTime()
  expect(now).toBeGreaterThanOrEqual(before)
  expect(now).toBeLessThanOrEqual(Date.now())
})

test.each(['2026-11-22', '2026-11-22T01:00:00', 'tomorrow', '', '2026-13-22T01:00:00Z', '2026-02-30T01:00:00Z'])(
  'the start %j is refused: it names no instant',
  (start) => {
    expect(() => fixedClock(start)).toThrow(RangeError)
    expect(() => startingClock(start)).toThrow(RangeError)
  },
)

test('an offset other than Z is read as the instant it means', () => {
  expect(fixedClock('2026-11-22T09:00:00+08:00').now().toISOString()).toBe('2026-11-22T01:00:00.000Z')
})
