const DAY_MS = 86_400_000
const DAY_S = 86_400
/** 9999-12-31 in either system. */
const LAST_YEAR = 9999
/** The day that the 1900 system counts and that never was (1900-02-29). */
const NO_DAY = 60

/** A serial number as text; undefined when no such day exists. */
export function serialText(serial: number, as: 'date' | 'datetime' | 'time' | 'span', since1904: boolean): string | undefined {
  if (!(serial >= 0 && serial < 3_000_000)) return undefined
  let day = Math.floor(serial)
  // The part of a day is a binary fraction: rounded to the second, and a full one is the next day's.
  let seconds = Math.round((serial - day) * DAY_S)
  if (seconds === DAY_S) {
    day += 1
    seconds = 0
  }
  if (as === 'span') return clock(day * DAY_S + seconds)
  if (as === 'time') return clock(seconds)
  const date = civilDay(day, since1904)
  if (date === undefined || as === 'date' || seconds === 0) return date
  return `${date} ${clock(seconds)}`
}

/** The day of a whole serial number as `YYYY-MM-DD`. */
function civilDay(day: number, since1904: boolean): string | undefined {
  if (!since1904 && (day === 0 || day === NO_DAY)) return undefined
  const from = since1904 ? Date.UTC(1904, 0, 1) : Date.UTC(1899, 11, day < NO_DAY ? 31 : 30)
  const date = new Date(from + day * DAY_MS)
  return date.getUTCFullYear() > LAST_YEAR ? undefined : date.toISOString().slice(0, 10)
}

function clock(seconds: number): string {
  const two = (number: number) => String(number).padStart(2, '0')
  return `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`
}
