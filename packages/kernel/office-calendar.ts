import { type HolidayNotice, shippedHolidayNotices, type WorkingDayCalendar, workingDayCalendar } from './calendar.ts'
import { addDays, addMonths, type CivilDay, daysBetween, endOfDayInShanghai, startOfDayInShanghai, todayInShanghai } from './civil-date.ts'
import { type OfficeHours, type Stretch, stretchesOf } from './office-hours.ts'

/** 工作小时 (within working hours), 小时 (runs through, for emergencies), 工作日, 自然日, 个月. */
export type TimeUnit = 'work-hour' | 'hour' | 'work-day' | 'day' | 'month'

/** When a limit runs out, and whether that rests on a year whose calendar is not published (暂定). */
export interface Due {
  dueAt: Date
  provisional: boolean
}

/**
 * The calendar that limits are counted by: the State Council's notices and the working hours of each organisation
 * (of the city with `orgId` null). `left` is the inverse of `due`: what is left of a limit at an instant, begun anew at that
 * instant, ends when it would have ended.
 */
export interface OfficeCalendar {
  days: WorkingDayCalendar
  /** Days and months end with their last day, hours to the minute. The day of receipt is not counted. */
  due(start: Date, amount: number, unit: TimeUnit, orgId: string | null): Due
  /** Negative once it is over, in whole days or in hours. */
  left(from: Date, due: Date, unit: TimeUnit, orgId: string | null): number
  /** The first instant at which no more than `amount` is left: for days when the office opens, for hours to the minute. */
  before(due: Date, amount: number, unit: TimeUnit, orgId: string | null): Date
  /** Working hours between two instants; negative when `to` is earlier. */
  workHours(from: Date, to: Date, orgId: string | null): number
}

const HOUR = 3_600_000
// A limit of more than some ten years of working hours is a mistyped number; the bound keeps the walk through the days short.
const MOST_DAYS = 4_000
// Written as a fraction of a month, so that any day after the last whole month has one amount and no other.
const PARTS_OF_A_MONTH = 31

/** A calendar over these notices and working hours. */
export function officeCalendar(days: WorkingDayCalendar, hours: readonly OfficeHours[]): OfficeCalendar {
  const worked = (date: CivilDay, orgId: string | null) => (days.isWorkingDay(date) ? stretchesOf(hours, date, orgId) : [])
  const isKnown = (date: CivilDay) => days.isPublished(Number(date.slice(0, 4)))

  function afterWorkHours(start: Date, amount: number, orgId: string | null): Due {
    let remaining = Math.round(amount * HOUR)
    let date = todayInShanghai(start)
    let provisional = false
    if (remaining === 0) return { dueAt: start, provisional }
    for (let walked = 0; walked < MOST_DAYS; walked++, date = addDays(date, 1)) {
      provisional ||= !isKnown(date)
      for (const stretch of worked(date, orgId)) {
        const from = Math.max(stretch.from, start.getTime())
        if (from + remaining <= stretch.to) return { dueAt: new Date(from + remaining), provisional }
        remaining -= Math.max(0, stretch.to - from)
      }
    }
    throw new RangeError(`期限${amount}个工作小时过长`)
  }

  function beforeWorkHours(due: Date, amount: number, orgId: string | null): Date {
    let remaining = Math.round(amount * HOUR)
    let date = todayInShanghai(due)
    if (remaining === 0) return due
    for (let walked = 0; walked < MOST_DAYS; walked++, date = addDays(date, -1)) {
      for (const stretch of worked(date, orgId).toReversed()) {
        const to = Math.min(stretch.to, due.getTime())
        if (to - remaining >= stretch.from) return new Date(to - remaining)
        remaining -= Math.max(0, to - stretch.from)
      }
    }
    throw new RangeError(`期限${amount}个工作小时过长`)
  }

  function workHours(from: Date, to: Date, orgId: string | null): number {
    // -0 would not equal 0 for a caller that compares with Object.is.
    if (from > to) return 0 - workHours(to, from, orgId)
    let sum = 0
    for (let date = todayInShanghai(from); date <= todayInShanghai(to); date = addDays(date, 1))
      for (const stretch of worked(date, orgId)) sum += overlap(stretch, from.getTime(), to.getTime())
    return sum / HOUR
  }

  function openingOf(date: CivilDay, orgId: string | null): Date {
    return new Date(worked(date, orgId)[0]?.from ?? startOfDayInShanghai(date).getTime())
  }

  function dayBefore(dueOn: CivilDay, amount: number): CivilDay {
    let date = dueOn
    for (let counted = 0; counted < amount; date = addDays(date, -1)) if (days.isWorkingDay(date)) counted++
    // No less is left on a working day than on the days off that follow it, so the walk ends on the working day itself.
    while (!days.isWorkingDay(date)) date = addDays(date, -1)
    return date
  }

  return {
    days,
    workHours,
    due(start, amount, unit, orgId) {
      requireAmount(amount)
      if (unit === 'work-hour') return afterWorkHours(start, amount, orgId)
      if (unit === 'hour') return { dueAt: new Date(start.getTime() + Math.round(amount * HOUR)), provisional: false }
      const from = todayInShanghai(start)
      if (unit === 'day') return { dueAt: endOfDayInShanghai(addDays(from, amount)), provisional: false }
      if (unit === 'month') return { dueAt: endOfDayInShanghai(laterByMonths(from, amount)), provisional: false }
      const { date, provisional } = days.addWorkingDays(from, amount)
      return { dueAt: endOfDayInShanghai(date), provisional }
    },
    left(from, due, unit, orgId) {
      if (unit === 'work-hour') return workHours(from, due, orgId)
      if (unit === 'hour') return (due.getTime() - from.getTime()) / HOUR
      const [today, dueOn] = [todayInShanghai(from), todayInShanghai(due)]
      if (unit === 'day') return daysBetween(today, dueOn)
      return unit === 'month' ? monthsBetween(today, dueOn) : days.countWorkingDays(today, dueOn).count
    },
    before(due, amount, unit, orgId) {
      requireAmount(amount)
      if (unit === 'work-hour') return beforeWorkHours(due, amount, orgId)
      if (unit === 'hour') return new Date(due.getTime() - Math.round(amount * HOUR))
      const dueOn = todayInShanghai(due)
      if (unit === 'work-day') return openingOf(dayBefore(dueOn, amount), orgId)
      return openingOf(unit === 'day' ? addDays(dueOn, -Math.ceil(amount)) : laterByMonths(dueOn, -amount), orgId)
    },
  }
}

const shipped = shippedHolidayNotices()

/** The calendar of the shipped notices and the usual hours. */
export const usualCalendar: OfficeCalendar = officeCalendar(workingDayCalendar(shipped), [])

/** The shipped notices with those that the city has loaded since; a loaded one takes the place of the shipped one of its year. */
export function noticesWith(loaded: readonly HolidayNotice[]): HolidayNotice[] {
  const years = new Set(loaded.map((notice) => notice.year))
  return [...shipped.filter((notice) => !years.has(notice.year)), ...loaded]
}

function overlap(stretch: Stretch, from: number, to: number): number {
  return Math.max(0, Math.min(stretch.to, to) - Math.max(stretch.from, from))
}

function laterByMonths(date: CivilDay, months: number): CivilDay {
  const whole = Math.floor(months)
  return addDays(addMonths(date, whole), Math.round((months - whole) * PARTS_OF_A_MONTH))
}

function monthsBetween(from: CivilDay, to: CivilDay): number {
  let whole = (Number(to.slice(0, 4)) - Number(from.slice(0, 4))) * 12 + Number(to.slice(5, 7)) - Number(from.slice(5, 7))
  if (addMonths(from, whole) > to) whole--
  return whole + daysBetween(addMonths(from, whole), to) / PARTS_OF_A_MONTH
}

function requireAmount(amount: number): void {
  if (!(amount >= 0)) throw new RangeError(`期限${amount}不是不小于0的数`)
}
