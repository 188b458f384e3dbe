const dayMs = 86_400_000

/** The civil day so many days before. */
export function dayBefore(on: string, days: number): string {
  return new Date(Date.parse(`${on}T00:00:00Z`) - days * dayMs).toISOString().slice(0, 10)
}

/** A moment of that day in the city's time. */
export function clock(on: string, daysBefore: number, second: number): string {
  const [hours, minutes, seconds] = [Math.floor(second / 3600), Math.floor(second / 60) % 60, second % 60].map((n) =>
    String(n).padStart(2, '0'),
  )
  return `${dayBefore(on, daysBefore)}T${hours}:${minutes}:${seconds}+08:00`
}

/** The last whole months before a day, the newest first. */
export function monthsBefore(on: string, count: number): string[] {
  const [year = 0, month = 0] = on.split('-').map(Number)
  return Array.from({ length: count }, (_, i) => new Date(Date.UTC(year, month - 2 - i, 1)).toISOString().slice(0, 7))
}

/** Whole years between two days. */
export function yearsBetween(from: string, to: string): number {
  const years = Number(to.slice(0, 4)) - Number(from.slice(0, 4))
  return to.slice(5) < from.slice(5) ? years - 1 : years
}
