// SPDX-License-Identifier: Apache-2.0

/** How a date is shown in its field, and the ways in which it may be typed. */
export const DATE_FORMATS = ['YYYY-MM-DD', 'YYYY/M/D', 'YYYY年M月D日', 'YYYYMMDD']

const SHANGHAI = new Intl.DateTimeFormat('en-CA', {
  timeZone: 'Asia/Shanghai',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
})

/** The civil date and clock time in Asia/Shanghai, wherever the browser stands. */
export function shanghai(at: string | Date): { date: string; time: string } {
  const parts = Object.fromEntries(SHANGHAI.formatToParts(new Date(at)).map((part) => [part.type, part.value]))
  return { date: `${parts.year}-${parts.month}-${parts.day}`, time: `${parts.hour}:${parts.minute}` }
}

/** 2026-11-22 → 2026年11月22日. */
export function longDate(civil: string): string {
  const [year, month, day] = civil.split('-')
  return `${Number(year)}年${Number(month)}月${Number(day)}日`
}

/** Civil date of either a civil date or an instant. */
export function civilOf(value: string): string {
  return value.length === 10 ? value : shanghai(value).date
}

/** Calendar days from one civil date to another; negative when the second lies before the first. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000)
}
