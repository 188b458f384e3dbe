// SPDX-License-Identifier: Apache-2.0
import { DatePicker } from 'antd'
import dayjs from 'dayjs'
import type { CSSProperties } from 'react'
import { DATE_FORMATS } from './dates.ts'
import { readDate } from './step-form.ts'

/** A day to filter by, typed in the ways offices write it or picked; '' is none. In a part of its own: most pages have no such filter. */
export function DateFilter({
  label,
  value,
  style,
  onChange,
}: {
  label: string
  value: string
  style: CSSProperties
  onChange: (day: string) => void
}) {
  return (
    <DatePicker
      aria-label={label}
      prefix={label}
      placeholder="年-月-日"
      className="tc-filter tc-filter--text"
      style={style}
      value={readDate(value) === value ? dayjs(value) : null}
      format={DATE_FORMATS}
      onChange={(date) => onChange(date ? date.format('YYYY-MM-DD') : '')}
    />
  )
}
