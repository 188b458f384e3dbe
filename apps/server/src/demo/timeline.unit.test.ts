import { StartupProblem, todayInShanghai } from '@tongchou/kernel'
import { describe, expect, test } from 'vitest'
import { demoTimeline } from './timeline.ts'

const MEASURE = '2023-09-07'
const at = (now: string) => demoTimeline(new Date(now), MEASURE)

describe('the timeline of the demo city', () => {
  test('begins with the measure and ends on the last working day before the present', () => {
    const timeline = at('2026-11-22T01:00:00Z')
    expect(timeline.dayAt(0)).toBe('2023-09-08')
    expect(timeline.dayAt(timeline.end - 1)).toBe('2026-11-20')
    expect(timeline.lastPlanYear).toBe(2027)
  })

  test('keeps office hours: the morning, then the afternoon, never lunch', () => {
    const timeline = at('2026-11-22T01:00:00Z')
    const clock = new Intl.DateTimeFormat('zh-CN', { timeZone: 'Asia/Shanghai', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
    const times = [0, 0.5, 0.54, 0.999].map((part) => clock.format(timeline.at(timeline.end - 1 + part)))
    expect(times).toEqual(['08:30', '11:45', '14:30', '17:29'])
  })

  test('knows holidays: nothing happens in the first week of October', () => {
    const timeline = at('2026-11-22T01:00:00Z')
    const days = Array.from({ length: timeline.end }, (_, position) => timeline.dayAt(position))
    expect(days.filter((day) => /^202[345]-10-0[1-6]$/.test(day))).toEqual([])
  })

  test('moves with the present, and the year that is planned with it', () => {
    const timeline = at('2028-11-22T01:00:00Z')
    expect(timeline.lastPlanYear).toBe(2029)
    expect(timeline.dayAt(timeline.positionOf('2026-11-12')).slice(0, 7)).toBe('2028-11')
    expect(at('2027-01-05T01:00:00Z').lastPlanYear).toBe(2027)
  })

  test('is told faster where there is less room, in the same order', () => {
    const timeline = at('2025-06-10T01:00:00Z')
    const positions = ['2023-09-18', '2023-12-08', '2024-09-18', '2025-12-08', '2026-11-12'].map(timeline.positionOf)
    expect(positions).toEqual(positions.toSorted((a, b) => a - b))
    expect(positions[0]).toBeGreaterThanOrEqual(0)
    expect(positions.at(-1)).toBeLessThan(timeline.end)
    expect(todayInShanghai(timeline.at(timeline.end - 1)) < '2025-06-10').toBe(true)
  })

  test('refuses a present that leaves no room, with its cure', () => {
    for (const now of ['2024-03-01T01:00:00Z', '2020-01-01T01:00:00Z']) expect(() => at(now)).toThrow(StartupProblem)
  })
})
