import { addDays, type CivilDay, daysBetween, StartupProblem, startOfDayInShanghai, todayInShanghai, workingDays } from '@tongchou/kernel'

/**
 * The working time of the demo city from the day its measure took effect to the last working day before the present, as one number:
 * whole working days since the beginning, and how far that office day has come (0 to 1).
 */
export interface Timeline {
  /** Everything happens before this position. */
  end: number
  /** How much faster than written the history is told: 1, or less where there is less room. */
  pace: number
  /** The year that is being planned at the present. */
  lastPlanYear: number
  /** Working time of a day of the calendar that the demo city was written on; see `CALENDAR_PRESENT`. */
  positionOf(calendarDay: CivilDay): number
  dayAt(position: number): CivilDay
  at(position: number): Date
}

/** The present of the calendar on which the demo city was written. The whole history moves along so that it ends at the real present. */
const CALENDAR_PRESENT = '2026-11-22'
const CALENDAR_BEGIN = '2023-09-18'
/** Less working time than this cannot hold a project from its plan to its evaluation. */
const FEWEST_DAYS = 400
/** Office hours 8:30 to 12:00 and 14:30 to 17:30. */
const MORNING_MINUTES = 210
const DAY_MINUTES = 390
const OPENING = 510
const LUNCH = 150

/** @param measureFrom first day of the measure: nothing can be judged before it */
export function demoTimeline(now: Date, measureFrom: CivilDay): Timeline {
  const today = todayInShanghai(now)
  const days = workingDaysBetween(addDays(measureFrom, 1), today)
  if (days.length < FEWEST_DAYS)
    throw new StartupProblem(
      'demo.too_early',
      `当前时间为 ${today}，演示城市依据的办法自 ${measureFrom} 起才有，容不下一个完整的项目过程。`,
      '请核对本机时间，或用 TONGCHOU_NOW 指定较晚的时间。',
    )
  // With less room than the written history takes, it is told faster.
  const pace = Math.min(1, daysBetween(addDays(measureFrom, 2), today) / daysBetween(CALENDAR_BEGIN, CALENDAR_PRESENT))
  return {
    end: days.length,
    pace,
    lastPlanYear: Number(addDays(today, -45).slice(0, 4)) + 1,
    positionOf: (calendarDay) => {
      const day = addDays(today, Math.round(daysBetween(CALENDAR_PRESENT, calendarDay) * pace))
      const found = days.findIndex((workingDay) => workingDay >= day)
      return found < 0 ? days.length : found
    },
    dayAt: (position) => dayOf(days, position),
    at: (position) => {
      const minutes = (position - Math.floor(position)) * DAY_MINUTES
      const sinceMidnight = OPENING + minutes + (minutes < MORNING_MINUTES ? 0 : LUNCH)
      return new Date(startOfDayInShanghai(dayOf(days, position)).getTime() + Math.floor(sinceMidnight * 60) * 1000)
    },
  }
}

function dayOf(days: readonly CivilDay[], position: number): CivilDay {
  const day = days[Math.floor(position)]
  if (day === undefined) throw new RangeError(`演示时间轴上没有位置 ${position}`)
  return day
}

/** From `from` up to the day before `to`. */
function workingDaysBetween(from: CivilDay, to: CivilDay): CivilDay[] {
  const days: CivilDay[] = []
  for (let day = from; day < to; day = addDays(day, 1)) if (workingDays.isWorkingDay(day)) days.push(day)
  return days
}
