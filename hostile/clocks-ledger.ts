import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

// What is to happen, worked out without a line of the product's calendar: minutes and days since the epoch, counted one by one.
// Everything here is local time of the city (UTC+8) in minutes.

export const MINUTE = 60_000
const DAY = 1440
const SHIFT = 8 * 60
const OPENING = 9 * 60

export const limits = {
  short: { work: 4 * 60 },
  urgent: { minutes: 24 * 60 },
  usual: { workDays: 10 },
  plain: { days: 15 },
  long: { months: 2 },
} as const
export type Class = keyof typeof limits
export const classes = Object.keys(limits) as Class[]

interface HolidayDay {
  date: string
  isOffDay: boolean
}

/** Working days by the shipped notices, read as data, and those that are loaded during the run. */
export function dayBook(folder: string) {
  const special = new Map<number, boolean>()
  const known = new Set<number>()
  const add = (year: number, days: readonly HolidayDay[]) => {
    if (days.length > 0) known.add(year)
    for (const { date, isOffDay } of days) special.set(Date.parse(`${date}T00:00:00Z`) / 86_400_000, !isOffDay)
  }
  for (const name of readdirSync(folder).filter((file) => /^\d{4}\.json$/.test(file))) {
    const { year, days } = JSON.parse(readFileSync(join(folder, name), 'utf8'))
    add(year, days)
  }
  // 1970-01-01 was a Thursday.
  const works = (day: number) => special.get(day) ?? ![6, 0].includes((day + 4) % 7)
  return { add, works, isKnown: (day: number) => known.has(new Date(day * 86_400_000).getUTCFullYear()) }
}
export type DayBook = ReturnType<typeof dayBook>

const dayOf = (minute: number) => Math.floor(minute / DAY)
export const localMinute = (iso: string | number | Date) => new Date(iso).getTime() / MINUTE + SHIFT
export const instantOf = (minute: number) => new Date(Math.round((minute - SHIFT) * MINUTE))

function atWork(book: DayBook, minute: number): boolean {
  const time = minute % DAY
  return ((time >= 540 && time < 720) || (time >= 840 && time < 1050)) && book.works(dayOf(minute))
}

/** The end of a limit in milliseconds (local), and whether it went through a year that nobody has published. */
export function endOf(book: DayBook, start: number, kind: Class, left: number): { end: number; provisional: boolean } {
  let provisional = false
  if (kind === 'urgent') return { end: Math.round((start + left) * MINUTE), provisional }
  if (kind === 'short') {
    let minute = start
    for (let remaining = left; remaining > 0; minute++) {
      if (!book.isKnown(dayOf(minute))) provisional = true
      if (atWork(book, minute)) remaining--
    }
    return { end: minute * MINUTE, provisional }
  }
  let day = dayOf(start)
  if (kind === 'plain') day += left
  else if (kind === 'long') day = monthsLater(day, left)
  else
    for (let remaining = left; remaining > 0; ) {
      day++
      if (!book.isKnown(day)) provisional = true
      if (book.works(day)) remaining--
    }
  return { end: (day + 1) * DAY * MINUTE - 1, provisional }
}

/** The last moment of the n-th working day after the day of `start`, in local milliseconds. */
export function workDaysLater(book: DayBook, start: number, days: number): number {
  return endOf(book, start, 'usual', days).end
}

/** What is left at `now` of a limit that ends at `end`, in its own unit. */
export function leftAt(book: DayBook, now: number, end: number, kind: Class): number {
  // An extension ends with its day, one millisecond before the next: hours that run through keep it.
  if (kind === 'urgent') return end / MINUTE - now
  const endMinute = Math.round(end / MINUTE)
  if (kind === 'short') {
    let left = 0
    for (let minute = now; minute < endMinute; minute++) if (atWork(book, minute)) left++
    return left
  }
  const [today, last] = [dayOf(now), dayOf(end / MINUTE)]
  if (kind === 'plain') return last - today
  if (kind === 'long') {
    let whole = 0
    while (monthsLater(today, whole + 1) <= last) whole++
    return whole + (last - monthsLater(today, whole)) / 31
  }
  let left = 0
  for (let day = today + 1; day <= last; day++) if (book.works(day)) left++
  return left
}

function monthsLater(day: number, months: number): number {
  const from = new Date(day * 86_400_000)
  const whole = Math.floor(months)
  const first = Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + whole, 1) / 86_400_000
  return first + Math.min(from.getUTCDate(), lengthOf(first)) - 1 + Math.round((months - whole) * 31)
}

function lengthOf(first: number): number {
  let length = 28
  while (new Date((first + length) * 86_400_000).getUTCMonth() === new Date(first * 86_400_000).getUTCMonth()) length++
  return length
}

export type Kind = 'yellow' | 'red' | 'escalation'

/** When each kind fires for an end, in local milliseconds. `since` is when the task was opened. */
export function firingsOf(book: DayBook, since: number, end: number, kind: Class): Map<Kind, number> {
  const firings = new Map<Kind, number>([['red', end + 1]])
  const last = dayOf(end / MINUTE)
  let reported = last + 1
  while (!book.works(reported)) reported++
  firings.set('escalation', (reported * DAY + OPENING) * MINUTE)
  const yellow = yellowOf(book, end, kind, last)
  if (yellow > since * MINUTE && yellow < end) firings.set('yellow', yellow)
  return firings
}

// A fifth of each limit is left: 48 minutes at work, 288 minutes, 2 working days, 3 days, 0.4 months.
function yellowOf(book: DayBook, end: number, kind: Class, last: number): number {
  const opening = (day: number) => (day * DAY + (book.works(day) ? OPENING : 0)) * MINUTE
  if (kind === 'urgent') return end - 288 * MINUTE
  if (kind === 'plain') return opening(last - 3)
  if (kind === 'long') return opening(monthsLater(last, -0.4))
  if (kind === 'short') {
    let minute = Math.round(end / MINUTE)
    for (let remaining = 48; remaining > 0; minute--) if (atWork(book, minute - 1)) remaining--
    return minute * MINUTE
  }
  let day = last
  for (let counted = 0; counted < 2; day--) if (book.works(day)) counted++
  while (!book.works(day)) day--
  return opening(day)
}

/** The whole of a limit, in the unit that `leftAt` counts in. */
export const wholeOf: Record<Class, number> = { short: 240, urgent: 1440, usual: 10, plain: 15, long: 2 }
