// SPDX-License-Identifier: Apache-2.0

import type { Amount } from './procedure.ts'

const EIGHT_HOURS = 8 * 60 * 60 * 1000
const CIVIL_DATE = /^\d{4}-\d{2}-\d{2}$/
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/

/** The instant a date of the record runs out: itself, or the last moment of a civil date in Asia/Shanghai. Null for what is neither. */
export function deadlineOf(value: string): string | null {
  if (INSTANT.test(value)) return existing(value.slice(0, 10)) && !Number.isNaN(Date.parse(value)) ? value : null
  return CIVIL_DATE.test(value) && existing(value) ? `${value}T15:59:59.999Z` : null
}

/** An amount of the record such as `4 work-hour`. Null for what is none. */
export function amountOf(value: string): Amount | null {
  const [, amount, unit] = /^([1-9]\d{0,3}) (work-hour|hour|work-day|day|month)$/.exec(value) ?? []
  return amount === undefined ? null : { amount: Number(amount), unit: unit as Amount['unit'] }
}

/** An instant as an office writes it, in Asia/Shanghai, which has had no summer time since 1992. */
export function inWords(at: string): string {
  const time = Date.parse(at)
  if (Number.isNaN(time)) return at
  const local = new Date(time + EIGHT_HOURS)
  const minute = `${local.getUTCHours()}`.padStart(2, '0').concat(':', `${local.getUTCMinutes()}`.padStart(2, '0'))
  return `${local.getUTCFullYear()}年${local.getUTCMonth() + 1}月${local.getUTCDate()}日${minute}`
}

/** JavaScript reads 30 February as 2 March; a deadline must not. */
function existing(date: string): boolean {
  const time = Date.parse(date)
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(date)
}
