import { addMonths, compareCivilDates, daysBetween, todayInShanghai, type WorkingDayCalendar } from '@tongchou/kernel'
import type { Deadlines } from '@tongchou/procedure'

const HOUR = 60 * 60 * 1000
const inCalendar = { 'work-day': 'working-day', day: 'day', month: 'month' } as const

/** The limits of procedures counted on the city's calendar (时限计算). Days end with the day, hours with their minute. */
export function deadlinesOn(calendar: WorkingDayCalendar): Deadlines {
  return {
    due(start, amount, unit) {
      if (unit === 'hour') return { due: new Date(Date.parse(start) + amount * HOUR).toISOString(), provisional: false }
      if (unit === 'work-hour') throw new Error('the city has no calendar of working hours')
      const { dueAt, provisional } = calendar.deadline(new Date(start), amount, inCalendar[unit])
      return { due: dueAt.toISOString(), provisional }
    },
    left(from, due, unit) {
      if (unit === 'hour') return (Date.parse(due) - Date.parse(from)) / HOUR
      if (unit === 'work-hour') throw new Error('the city has no calendar of working hours')
      const [start, end] = [todayInShanghai(new Date(from)), todayInShanghai(new Date(due))]
      if (unit === 'work-day') return calendar.countWorkingDays(start, end).count
      return unit === 'day' ? daysBetween(start, end) : monthsBetween(start, end)
    },
  }
}

/** Whole months only: a month that has begun is lost, as it is when somebody counts on paper. */
function monthsBetween(from: string, to: string): number {
  let months = 0
  while (compareCivilDates(addMonths(from, months + 1), to) <= 0) months += 1
  return compareCivilDates(from, to) > 0 ? -1 : months
}
