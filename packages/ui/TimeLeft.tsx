// SPDX-License-Identifier: Apache-2.0
import { useContext } from 'react'
import { civilOf, daysBetween, shanghai } from './dates.ts'
import { StateWord, type Tone } from './StateWord.tsx'
import { SessionContext } from './session.ts'

export interface TimeLeftProps {
  /** Last day, civil date or instant. */
  dueOn?: string | null | undefined
  /** Working days left as the server counts them, negative when overdue; without it calendar days are shown. */
  workingDaysLeft?: number | null | undefined
  /** The clock rests, and why: 补正, 公示, 专家评审. */
  paused?: string | null | undefined
  /** When it was done. */
  doneAt?: string | null | undefined
  /** The calendar of that year is not published yet (暂定). */
  provisional?: boolean | undefined
}

/** How long is left, in words and colour: red only when overdue, amber when two days or less are left. */
export function TimeLeft(props: TimeLeftProps) {
  const now = useContext(SessionContext)?.now
  const { text, tone } = describeTimeLeft(props, shanghai(now ?? new Date()).date)
  return (
    <span title={props.dueOn ? `办理期限 ${civilOf(props.dueOn)}` : undefined}>
      <StateWord text={text} tone={tone} />
    </span>
  )
}

/** The words and the colour, without the screen. */
export function describeTimeLeft(props: TimeLeftProps, today: string): { text: string; tone: Tone } {
  if (props.doneAt) return { text: `已办结 ${civilOf(props.doneAt)}`, tone: 'good' }
  if (props.paused) return { text: `计时暂停：${props.paused}`, tone: 'plain' }
  const working = typeof props.workingDaysLeft === 'number'
  const left = working ? Number(props.workingDaysLeft) : props.dueOn ? daysBetween(today, civilOf(props.dueOn)) : null
  if (left === null) return { text: '无办理时限', tone: 'plain' }
  const unit = working ? '个工作日' : '天'
  const tail = props.provisional ? '（暂定）' : ''
  if (left < 0) return { text: `已逾期 ${-left} ${unit}${tail}`, tone: 'bad' }
  if (left === 0) return { text: `今天到期${tail}`, tone: 'soon' }
  return { text: `剩 ${left} ${unit}${tail}`, tone: left <= 2 ? 'soon' : 'plain' }
}
