// SPDX-License-Identifier: Apache-2.0
import { civilOf, longDate, shanghai } from './dates.ts'

/** A date in Asia/Shanghai: 2026年11月22日 in text, 2026-11-22 in tables. Takes a civil date or an instant. */
export function CivilDate({ value, table = false }: { value: string | null | undefined; table?: boolean }) {
  if (!value) return <span className="tc-muted">未定</span>
  const civil = civilOf(value)
  return (
    <time dateTime={civil} className="tc-num">
      {table ? civil : longDate(civil)}
    </time>
  )
}

/** A moment in Asia/Shanghai, to the minute; `text` within a sentence, where a date is written out. */
export function Moment({ at, text = false }: { at: string; text?: boolean }) {
  const { date, time } = shanghai(at)
  return (
    <time dateTime={at} className="tc-num">
      {text ? longDate(date) : date} {time}
    </time>
  )
}
