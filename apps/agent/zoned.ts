/** How far clocks of a zone are ahead of UTC at a moment, in milliseconds. */
type Offset = (at: number) => number

const offsets = new Map<string, Offset>()

function offsetOf(zone: string): Offset {
  let offset = offsets.get(zone)
  if (!offset) {
    const format = new Intl.DateTimeFormat('en-US', {
      ...{ timeZone: zone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric' },
      ...{ hour: 'numeric', minute: 'numeric', second: 'numeric', era: 'short' },
    })
    offset = (at) => {
      const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]))
      const shown = new Date(0)
      shown.setUTCFullYear(Number(parts.year), Number(parts.month) - 1, Number(parts.day))
      shown.setUTCHours(Number(parts.hour), Number(parts.minute), Number(parts.second))
      return shown.getTime() - Math.floor(at / 1000) * 1000
    }
    offsets.set(zone, offset)
  }
  return offset
}

const LOCAL = /^(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2})(?::(\d{2})(\.\d{1,9})?)?$/

/**
 * A time stamp without a zone as the moment that it means in a zone, RFC 3339 in UTC; anything else as it is. The years of summer time in China (1986–1991) are
 * the zone's, not ours; of an hour that the clocks showed twice the first is meant.
 */
export function instantIn(text: string, zone: string): string {
  const [whole, year, month, day, hour, minute, second = '00', fraction = ''] = LOCAL.exec(text) ?? []
  if (whole === undefined) return text
  const local = new Date(0)
  local.setUTCFullYear(Number(year), Number(month) - 1, Number(day))
  local.setUTCHours(Number(hour), Number(minute), Number(second))
  // 31 February and 25 o'clock are left for the center to refuse.
  if (local.toISOString().slice(0, 19) !== `${year}-${month}-${day}T${hour}:${minute}:${second}`) return text
  const offset = offsetOf(zone)
  const DAY_MS = 86_400_000
  // The offset before and after: a moment that shows these figures by one of them is the one that is meant.
  const moments = [local.getTime() - DAY_MS, local.getTime() + DAY_MS].map((about) => local.getTime() - offset(about))
  const moment = moments.find((one) => one + offset(one) === local.getTime()) ?? moments[0] ?? local.getTime()
  return `${new Date(moment).toISOString().slice(0, 19)}${fraction.slice(0, 7)}Z`
}

/** Whether a time stamp can be told from others by its moment. */
export function isInstant(text: string, zone: string): boolean {
  return /^\d{4}-\d{2}-\d{2}[T ]/.test(text) && !Number.isNaN(Date.parse(instantIn(text, zone)))
}

/** The moment some time before a time stamp, written as that one is: with `T` or without, by its zone or in UTC. */
export function shownLike(text: string, zone: string, earlierMs: number): string {
  const at = Date.parse(instantIn(text, zone)) - earlierMs
  if (!LOCAL.test(text)) return `${new Date(at).toISOString().slice(0, 19)}Z`
  const local = localIn(at, zone)
  return text[10] === 'T' ? local : local.replace('T', ' ')
}

/** What clocks of a zone show at a moment, without the zone. */
export function localIn(at: number, zone: string): string {
  return new Date(at + offsetOf(zone)(at)).toISOString().slice(0, 19)
}
