import { Temporal } from 'temporal-polyfill'
import { type Checked, problem, valid } from './numbers/checked.ts'

/** A civil date (日期) as `YYYY-MM-DD`, always read in Asia/Shanghai. Texts from outside become one only through `checkCivilDate` or `parseCivilDate`. */
export type CivilDay = string

const ZONE = 'Asia/Shanghai'
const SHAPE = /^(\d{4})-(\d{2})-(\d{2})$/

/** Strict: `2026-02-30` is refused and not rolled over, and no other notation is guessed at. */
export function checkCivilDate(text: string): Checked<CivilDay> {
  const parts = SHAPE.exec(text)
  if (!parts) return problem('date.malformed', '日期格式不符', '请按“年-月-日”填写，例如2026-01-09')
  const [year, month, day] = [Number(parts[1]), Number(parts[2]), Number(parts[3])]
  if (year < 1) return problem('date.no_such_year', '年份不能为0000', '请填写四位公历年份', 1)
  if (month < 1 || month > 12) return problem('date.no_such_month', `没有${parts[2]}月`, '月份请填写01至12', 6)
  const last = lastDayOf(year, month)
  if (day < 1 || day > last) return problem('date.no_such_day', `${year}年${month}月没有${parts[3]}日`, `当月共${last}天，请核对后填写`, 9)
  return valid(text)
}

/** By the Gregorian rule and not by Temporal: every date of every request comes through here. */
function lastDayOf(year: number, month: number): number {
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
  if (month === 2) return isLeap ? 29 : 28
  return [4, 6, 9, 11].includes(month) ? 30 : 31
}

/** The same strictness for callers that need no reason. */
export function parseCivilDate(text: string): CivilDay | undefined {
  const checked = checkCivilDate(text)
  return checked.ok ? checked.value : undefined
}

/** The day on the wall calendar in Wuhai at this instant, whatever the server's own time zone. */
export function todayInShanghai(instant: Date): CivilDay {
  const at = instant.getTime()
  if (!(at >= lastDay.from && at < lastDay.until)) lastDay = dayAround(at)
  return lastDay.day
}

/** The day that was asked for last, with its first millisecond and the next day's: every request asks for today. */
let lastDay = { day: '', from: 0, until: 0 }

function dayAround(at: number): typeof lastDay {
  const date = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(ZONE).toPlainDate()
  const startOf = (day: Temporal.PlainDate) => day.toZonedDateTime(ZONE).epochMilliseconds
  return { day: date.toString(), from: startOf(date), until: startOf(date.add({ days: 1 })) }
}

export function addDays(date: CivilDay, days: number): CivilDay {
  return plain(date).add({ days }).toString()
}

/** The same day of a later month; the month's last day where that day does not exist (1月31日 and one month: 2月28日). */
export function addMonths(date: CivilDay, months: number): CivilDay {
  return plain(date).add({ months }).toString()
}

/** Negative when `a` is earlier; for `sort`. */
export function compareCivilDates(a: CivilDay, b: CivilDay): number {
  return Temporal.PlainDate.compare(plain(a), plain(b))
}

/** Days from `from` to `to`; negative when `to` is earlier. */
export function daysBetween(from: CivilDay, to: CivilDay): number {
  return plain(from).until(plain(to)).days
}

/** Monday 1 to Sunday 7. */
export function weekdayOf(date: CivilDay): number {
  return plain(date).dayOfWeek
}

/** Official notation without padding, as GB/T 9704 has it: 2026年1月9日. */
export function formatChineseDate(date: CivilDay): string {
  const { year, month, day } = plain(date)
  return `${year}年${month}月${day}日`
}

export function startOfDayInShanghai(date: CivilDay): Date {
  return new Date(plain(date).toZonedDateTime(ZONE).epochMilliseconds)
}

/** The last millisecond of the day, so that the instant still falls on the date it stands for. */
export function endOfDayInShanghai(date: CivilDay): Date {
  return new Date(plain(date).add({ days: 1 }).toZonedDateTime(ZONE).epochMilliseconds - 1)
}

// A date that reaches this point was parsed before; a broken one is a bug and Temporal throws a RangeError.
function plain(date: CivilDay): Temporal.PlainDate {
  return Temporal.PlainDate.from(date, { overflow: 'reject' })
}
