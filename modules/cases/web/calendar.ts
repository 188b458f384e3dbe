import type { FieldTrouble, FormLine, FormValues } from '@tongchou/ui'

/** A day that a notice names: off, or a Saturday or Sunday that is worked instead (调休上班). */
export interface HolidayDay {
  name: string
  date: string
  isOffDay: boolean
}

/** A year's notice, as `GET /api/v1/calendar/notices` gives it. */
export interface HolidayNotice {
  year: number
  isPublished: boolean
  version: number
  loadedBy: string | null
  loadedAt: string | null
  papers: string[]
  days: HolidayDay[]
}

/** Working hours of the city or of an organisation. */
export interface OfficeHours {
  id: string
  orgId: string | null
  orgName: string | null
  validFrom: string
  validTo: string | null
  week: Readonly<Record<string, readonly { from: string; to: string }[]>>
  version: number
  updatedBy: string
  updatedAt: string
}

/** What kind of day it is: 工作日, 双休日, 放假, 调休上班. */
export type DayKind = 'work' | 'weekend' | 'off' | 'worked'

export interface CalendarDay {
  date: string
  kind: DayKind
  /** The holiday that the notice names for it. */
  name: string | null
}

const DAY = 86_400_000
const at = (date: string) => Date.parse(`${date}T00:00:00Z`)
const civil = (time: number) => new Date(time).toISOString().slice(0, 10)
/** 1 is Monday. */
const weekdayOf = (date: string) => new Date(at(date)).getUTCDay() || 7

/** Every day of a year by what the notices say of it; a notice may also name days of the year before. */
export function daysOfYear(notices: readonly HolidayNotice[], year: number): CalendarDay[] {
  const named = new Map(notices.flatMap(({ days }) => days).map((day) => [day.date, day]))
  const days: CalendarDay[] = []
  for (let time = at(`${year}-01-01`); time < at(`${year + 1}-01-01`); time += DAY) {
    const date = civil(time)
    const day = named.get(date)
    const usual: DayKind = weekdayOf(date) > 5 ? 'weekend' : 'work'
    days.push({ date, kind: day ? (day.isOffDay ? 'off' : 'worked') : usual, name: day?.name ?? null })
  }
  return days
}

/** A place in a week; empty where the week reaches out of the month. */
export interface WeekPlace {
  weekday: number
  day: CalendarDay | null
}

/** The days of one month in weeks that begin on Monday. */
export function weeksOf(days: readonly CalendarDay[]): WeekPlace[][] {
  const lead = days[0] ? weekdayOf(days[0].date) - 1 : 0
  const cells: (CalendarDay | null)[] = [...Array<null>(lead).fill(null), ...days]
  while (cells.length % 7 > 0) cells.push(null)
  const places = cells.map((day, index) => ({ weekday: (index % 7) + 1, day }))
  return Array.from({ length: places.length / 7 }, (_, week) => places.slice(week * 7, week * 7 + 7))
}

/** How many days of each kind. */
export function countKinds(days: readonly CalendarDay[]): Record<DayKind, number> {
  const counts: Record<DayKind, number> = { work: 0, weekend: 0, off: 0, worked: 0 }
  for (const { kind } of days) counts[kind]++
  return counts
}

/** One holiday of a notice: from when to when it is, and which days are worked for it. */
export interface Arrangement {
  name: string
  from: string
  to: string
  dayCount: number
  worked: string[]
}

/** The holidays of a notice in their order; a holiday that falls into two stretches has two lines. */
export function arrangementsOf(days: readonly HolidayDay[]): Arrangement[] {
  const found: Arrangement[] = []
  for (const { name, date } of days.filter(({ isOffDay }) => isOffDay).toSorted((a, b) => a.date.localeCompare(b.date))) {
    const last = found.at(-1)
    if (last && last.name === name && at(date) - at(last.to) === DAY) {
      last.to = date
      last.dayCount++
    } else found.push({ name, from: date, to: date, dayCount: 1, worked: [] })
  }
  for (const { name, date } of days.filter(({ isOffDay }) => !isOffDay)) {
    const near = found
      .filter((one) => one.name === name)
      .toSorted((a, b) => Math.abs(at(a.from) - at(date)) - Math.abs(at(b.from) - at(date)))[0]
    near?.worked.push(date)
  }
  for (const one of found) one.worked.sort()
  return found
}

/** The form of a notice as it is typed: stretches that are off, and days that are worked instead. */
export function formOfNotice({ year, papers, days }: Pick<HolidayNotice, 'year' | 'papers' | 'days'>): FormValues {
  return {
    year,
    papers: papers.join('\n'),
    off: arrangementsOf(days).map(({ name, from, to }) => ({ name, from, to })),
    worked: days.filter(({ isOffDay }) => !isOffDay).map(({ name, date }) => ({ name, date })),
  }
}

/** What is sent of such a form, and for each day the item of the form that it came from. */
export function noticeOfForm(data: FormValues): { notice: { year: number; papers: string[]; days: HolidayDay[] }; places: string[] } {
  const days: HolidayDay[] = []
  const places: string[] = []
  const rows = (id: string) => (Array.isArray(data[id]) ? (data[id] as Record<string, string>[]) : [])
  rows('off').forEach(({ name = '', from = '', to = '' }, index) => {
    for (let time = at(from); time <= at(to) && time - at(from) < LONGEST * DAY; time += DAY) {
      days.push({ name, date: civil(time), isOffDay: true })
      places.push(`off/${index}/from`)
    }
  })
  rows('worked').forEach(({ name = '', date = '' }, index) => {
    days.push({ name, date, isOffDay: false })
    places.push(`worked/${index}/date`)
  })
  const papers = String(data.papers ?? '')
    .split(/\s+/)
    .filter((line) => line !== '')
  return { notice: { year: Number(data.year), papers, days }, places }
}

// Longer than any holiday has been; what is longer is a mistyped year.
const LONGEST = 31

/** What is wrong with stretches before they are sent: their end lies before their beginning, or too far behind it. */
export function stretchTroubles(lines: readonly FormLine[]): FieldTrouble[] {
  return lines.flatMap(({ values: { from, to } }, index) => {
    if (typeof from !== 'string' || typeof to !== 'string') return []
    const path = `off/${index}/to`
    if (to < from) return [{ path, message: `第 ${index + 1} 行放假止：不得早于放假起` }]
    return at(to) - at(from) < LONGEST * DAY ? [] : [{ path, message: `第 ${index + 1} 行放假止：一次放假不超过 ${LONGEST} 天` }]
  })
}

/** The civil day in Asia/Shanghai of an instant. */
export function todayOf(now: string): string {
  return civil(Date.parse(now) + 8 * 3_600_000)
}

const weekdayWords = { 1: '周一', 2: '周二', 3: '周三', 4: '周四', 5: '周五', 6: '周六', 7: '周日' } as const
export const spanDayWords: Readonly<Record<string, string>> = { workdays: '周一至周五', ...weekdayWords }
const MONDAY_TO_FRIDAY = ['1', '2', '3', '4', '5'] as const

type Span = { from: string; to: string }
const sameSpans = (one: readonly Span[] | undefined, other: readonly Span[] | undefined) =>
  JSON.stringify(one ?? []) === JSON.stringify(other ?? [])

/** Working hours in words: 周一至周五 09:00—12:00、14:00—17:30. */
export function weekText(week: OfficeHours['week']): string {
  return linesOfWeek(week)
    .reduce<{ days: string; spans: string[] }[]>((found, { days, from, to }) => {
      const last = found.at(-1)
      if (last?.days === days) last.spans.push(`${from}—${to}`)
      else found.push({ days, spans: [`${from}—${to}`] })
      return found
    }, [])
    .map(({ days, spans }) => `${spanDayWords[days]} ${spans.join('、')}`)
    .join('；')
}

/** A week as lines of a form; Monday to Friday are one where they are alike. */
export function linesOfWeek(week: OfficeHours['week']): { days: string; from: string; to: string }[] {
  const alike = MONDAY_TO_FRIDAY.every((day) => sameSpans(week[day], week['1'])) && (week['1'] ?? []).length > 0
  const keys = alike ? ['workdays', '6', '7'] : [...MONDAY_TO_FRIDAY, '6', '7']
  return keys.flatMap((days) => (week[days === 'workdays' ? '1' : days] ?? []).map(({ from, to }) => ({ days, from, to })))
}

/** The week that such lines say; spans of one day in their order. */
export function weekOfLines(lines: readonly { days?: string; from?: string; to?: string }[]): Record<string, Span[]> {
  const week: Record<string, Span[]> = {}
  for (const { days = '', from = '', to = '' } of lines)
    for (const day of days === 'workdays' ? MONDAY_TO_FRIDAY : [days]) {
      week[day] ??= []
      week[day].push({ from: timeOf(from) ?? from, to: timeOf(to) ?? to })
    }
  for (const spans of Object.values(week)) spans.sort((a, b) => a.from.localeCompare(b.from))
  return week
}

/** A time of day as offices write it, 8:30 or 8：30, in the form in which it is kept; undefined when it is none. */
export function timeOf(text: string): string | undefined {
  const match = /^(\d{1,2})[:：](\d{2})$/.exec(text.trim().normalize('NFKC'))
  if (!match) return undefined
  const [hour, minute] = [Number(match[1]), Number(match[2])]
  const valid = (hour < 24 && minute < 60) || (hour === 24 && minute === 0)
  return valid ? `${String(hour).padStart(2, '0')}:${match[2]}` : undefined
}

/** What is wrong with times before they are sent. */
export function timeTroubles(lines: readonly FormLine[]): FieldTrouble[] {
  return lines.flatMap(({ values }, index) =>
    (['from', 'to'] as const).flatMap((id) => {
      const text = values[id]
      if (typeof text !== 'string' || text === '' || timeOf(text)) return []
      const title = id === 'from' ? '开始' : '结束'
      return [{ path: `spans/${index}/${id}`, message: `第 ${index + 1} 行${title}：“${text}”不是时刻，应如 08:30` }]
    }),
  )
}
