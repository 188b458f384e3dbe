import { type CivilDay, startOfDayInShanghai, weekdayOf } from './civil-date.ts'

/** A stretch of one working day, `09:00` to `12:00`; the end is not worked any more. */
export interface WorkSpan {
  from: string
  to: string
}

/**
 * Working hours (办公时间) of an organisation, or of the city when `orgId` is null, from a day until before another one.
 * `week` gives the spans of each weekday, 1 is Monday; a day that is not named is not worked.
 */
export interface OfficeHours {
  orgId: string | null
  validFrom: CivilDay
  validTo: CivilDay | null
  week: Readonly<Partial<Record<Weekday, WorkSpan[]>>>
}

export type Weekday = '1' | '2' | '3' | '4' | '5' | '6' | '7'
export const weekdays: readonly Weekday[] = ['1', '2', '3', '4', '5', '6', '7']

const morningAndAfternoon: WorkSpan[] = [
  { from: '09:00', to: '12:00' },
  { from: '14:00', to: '17:30' },
]

/** What is worked where nobody has entered anything: Monday to Friday, 09:00–12:00 and 14:00–17:30. */
export const usualHours: OfficeHours = {
  orgId: null,
  validFrom: '1949-10-01',
  validTo: null,
  week: { 1: morningAndAfternoon, 2: morningAndAfternoon, 3: morningAndAfternoon, 4: morningAndAfternoon, 5: morningAndAfternoon },
}

/** A stretch of time in milliseconds since the epoch. */
export interface Stretch {
  from: number
  to: number
}

/**
 * What an organisation works on one working day: by its own hours where it has some that day, else by the city's.
 * A Saturday or Sunday that is worked instead (调休上班) goes by its own entry, or by Monday's.
 */
export function stretchesOf(hours: readonly OfficeHours[], date: CivilDay, orgId: string | null): Stretch[] {
  const inForce = (owner: string | null) =>
    hours.find((one) => one.orgId === owner && one.validFrom <= date && (one.validTo === null || date < one.validTo))
  const { week } = (orgId !== null && inForce(orgId)) || inForce(null) || usualHours
  const weekday = String(weekdayOf(date)) as Weekday
  const spans = week[weekday] ?? (weekday === '6' || weekday === '7' ? week['1'] : undefined) ?? []
  const midnight = startOfDayInShanghai(date).getTime()
  return spans.map((span) => ({ from: midnight + minutesOf(span.from) * MINUTE, to: midnight + minutesOf(span.to) * MINUTE }))
}

const MINUTE = 60_000

/** Minutes since midnight of a time of day, `24:00` included. */
export function minutesOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3))
}

/** Why these spans are no week of working hours, in Chinese; null when they are. */
export function problemOfWeek(week: OfficeHours['week']): { weekday: string; message: string } | null {
  if (!weekdays.some((weekday) => (week[weekday] ?? []).length > 0)) return { weekday: '1', message: '至少要有一天的办公时间' }
  for (const weekday of weekdays) {
    let end = -1
    for (const { from, to } of week[weekday] ?? []) {
      if (minutesOf(from) >= minutesOf(to)) return { weekday, message: `${from}—${to} 的结束时间不晚于开始时间` }
      if (minutesOf(from) < end) return { weekday, message: `${from}—${to} 与前一段重叠，或没有按先后填写` }
      end = minutesOf(to)
    }
  }
  return null
}
