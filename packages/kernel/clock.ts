import { parseCivilDate } from './civil-date.ts'

/** Where the present comes from. Nothing else in the product asks the machine for the time. */
export interface Clock {
  now(): Date
}

/** A clock that moves only when told to (测试时钟): tests and the making of the demo city run under it. */
export interface SettableClock extends Clock {
  /** Moves on by this many milliseconds (one by default) and returns the new instant. */
  tick(milliseconds?: number): Date
  advance(by: { days?: number; hours?: number; minutes?: number; seconds?: number }): Date
  set(instant: Date | string): Date
}

export function systemClock(): Clock {
  return { now: () => new Date() }
}

/** Stands still at `start` until it is moved. */
export function fixedClock(start: Date | string): SettableClock {
  let at = epochOf(start)
  const move = (to: number) => {
    at = to
    return new Date(at)
  }
  return {
    now: () => new Date(at),
    tick: (milliseconds = 1) => move(at + milliseconds),
    advance: ({ days = 0, hours = 0, minutes = 0, seconds = 0 }) => move(at + (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000),
    set: (instant) => move(epochOf(instant)),
  }
}

/**
 * Starts at `start` and ticks (`TONGCHOU_NOW`). Elapsed time is monotonic, so a corrected machine clock cannot make it run backwards.
 * @param elapsed milliseconds on a monotonic clock; given by tests only
 */
export function startingClock(start: Date | string, elapsed: () => number = () => performance.now()): Clock {
  const from = epochOf(start)
  const begun = elapsed()
  return { now: () => new Date(from + Math.floor(elapsed() - begun)) }
}

// Only a full instant with its offset counts: a bare date or a local time would mean another moment on every machine.
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/

function epochOf(instant: Date | string): number {
  if (typeof instant === 'string' && !INSTANT.test(instant))
    throw new RangeError(`起始时刻“${instant}”不是带时区的时刻，请写成2026-11-22T01:00:00Z的样子`)
  const epoch = instant instanceof Date ? instant.getTime() : Date.parse(instant)
  // Date.parse rolls February 30 over into March.
  const isDay = typeof instant !== 'string' || parseCivilDate(instant.slice(0, 10)) !== undefined
  if (Number.isNaN(epoch) || !isDay) throw new RangeError(`起始时刻“${String(instant)}”不存在，请写成2026-11-22T01:00:00Z的样子`)
  return epoch
}
