import { readdirSync, readFileSync } from 'node:fs'
import { addDays, addMonths, type CivilDay, compareCivilDates, endOfDayInShanghai, todayInShanghai, weekdayOf } from './civil-date.ts'

/** One year's State Council notice on holidays, in the layout of the shipped files. No days means: not published. */
export interface HolidayNotice {
  year: number
  /** `isOffDay: false` is a Saturday or Sunday that is worked instead (调休上班). */
  days: { name: string; date: CivilDay; isOffDay: boolean }[]
  /** Addresses of the notice itself (通知原文). */
  papers?: readonly string[]
}

/** A day that was counted out. Provisional (暂定) when the count went through a year whose calendar is not published. */
export interface CountedDay {
  date: CivilDay
  provisional: boolean
}

export interface WorkingDayCount {
  count: number
  provisional: boolean
}

/** A time limit: the last day, the last instant of that day, and whether it is still provisional (暂定). */
export interface Deadline {
  dueOn: CivilDay
  dueAt: Date
  provisional: boolean
}

/** 工作日, 自然日, 个月. */
export type DeadlineUnit = 'working-day' | 'day' | 'month'

/** The working-day calendar (工作日历). Days are civil days in Asia/Shanghai; the day of receipt is never counted. */
export interface WorkingDayCalendar {
  /** Whether the year's notice is loaded. Without it only weekends are known, and every count through it is provisional. */
  isPublished(year: number): boolean
  isWorkingDay(date: CivilDay): boolean
  /** The name of the holiday on that day, also on its bridging days off; none on an ordinary weekend. */
  holidayName(date: CivilDay): string | undefined
  /** The `n`-th working day after `start`. With 0 it is `start` itself, working day or not. */
  addWorkingDays(start: CivilDay, n: number): CountedDay
  /** Working days after `from` up to and including `to`; negative when `to` is earlier (已逾期). The inverse of `addWorkingDays`. */
  countWorkingDays(from: CivilDay, to: CivilDay): WorkingDayCount
  /** The limit that begins to run on the day of `startInstant`. */
  deadline(startInstant: Date, amount: number, unit: DeadlineUnit): Deadline
}

const SATURDAY = 6

/** A calendar over these notices. When a year's notice comes out, a new calendar with it recomputes what was provisional. */
export function workingDayCalendar(notices: readonly HolidayNotice[]): WorkingDayCalendar {
  const published = new Set(notices.filter((notice) => notice.days.length > 0).map((notice) => notice.year))
  // A notice may name days of the neighbouring year (2011-12-31 was worked by the notice for 2012), so days are kept apart from years.
  const special = new Map(notices.flatMap((notice) => notice.days.map((day) => [day.date, day] as const)))

  const isPublished = (year: number) => published.has(year)
  const isKnown = (date: CivilDay) => isPublished(Number(date.slice(0, 4)))
  const isWorkingDay = (date: CivilDay) => {
    const day = special.get(date)
    return day ? !day.isOffDay : weekdayOf(date) < SATURDAY
  }

  function addWorkingDays(start: CivilDay, n: number): CountedDay {
    requireCount(n)
    let date = addDays(start, 0)
    let provisional = false
    for (let counted = 0; counted < n; ) {
      date = addDays(date, 1)
      provisional ||= !isKnown(date)
      if (isWorkingDay(date)) counted++
    }
    return { date, provisional }
  }

  function countWorkingDays(from: CivilDay, to: CivilDay): WorkingDayCount {
    if (compareCivilDates(from, to) > 0) {
      const late = countWorkingDays(to, from)
      // -0 would not equal 0 for a caller that compares with Object.is.
      return { count: late.count === 0 ? 0 : -late.count, provisional: late.provisional }
    }
    let count = 0
    let provisional = false
    for (let date = addDays(from, 1); date <= to; date = addDays(date, 1)) {
      provisional ||= !isKnown(date)
      if (isWorkingDay(date)) count++
    }
    return { count, provisional }
  }

  function deadline(startInstant: Date, amount: number, unit: DeadlineUnit): Deadline {
    const start = todayInShanghai(startInstant)
    const { date, provisional } =
      unit === 'working-day' ? addWorkingDays(start, amount) : { date: later(start, amount, unit), provisional: false }
    return { dueOn: date, dueAt: endOfDayInShanghai(date), provisional }
  }

  return {
    isPublished,
    isWorkingDay,
    holidayName: (date) => {
      const day = special.get(date)
      return day?.isOffDay ? day.name : undefined
    },
    addWorkingDays,
    countWorkingDays,
    deadline,
  }
}

/** The notices shipped with the product (国务院办公厅节假日安排), one file a year, read once. */
export function shippedHolidayNotices(): HolidayNotice[] {
  const folder = new URL('./data/holidays/', import.meta.url)
  return readdirSync(folder)
    .filter((name) => /^\d{4}\.json$/.test(name))
    .sort()
    .map((name) => JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as HolidayNotice)
}

/** The calendar of the shipped notices. */
export const workingDays: WorkingDayCalendar = workingDayCalendar(shippedHolidayNotices())

function later(start: CivilDay, amount: number, unit: Exclude<DeadlineUnit, 'working-day'>): CivilDay {
  requireCount(amount)
  return unit === 'day' ? addDays(start, amount) : addMonths(start, amount)
}

// A limit of more than some forty years is a mistyped number; the bound keeps the loop above short.
const MOST_DAYS = 10_000

function requireCount(n: number): void {
  if (!Number.isInteger(n) || n < 0 || n > MOST_DAYS) throw new RangeError(`期限${n}不是0至${MOST_DAYS}的整数`)
}
