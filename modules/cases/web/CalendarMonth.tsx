import { Link } from 'react-router'
import { type CalendarDay, type DayKind, weeksOf } from './calendar.ts'

const weekdays = ['一', '二', '三', '四', '五', '六', '日']
/** The word on a day; working days and ordinary weekends need none. */
const marks: Readonly<Partial<Record<DayKind, string>>> = { off: '休', worked: '班' }

/** One month as a table; each day that a notice names carries its word, in large also the name of the holiday. */
export function CalendarMonth({
  days,
  today,
  href,
  large = false,
}: {
  days: readonly CalendarDay[]
  today: string
  /** Where the name of the month leads. */
  href?: string
  large?: boolean
}) {
  const month = `${Number(days[0]?.date.slice(5, 7))}月`
  return (
    <table className={large ? 'cases-month cases-month--large' : 'cases-month'}>
      <caption>{href ? <Link to={href}>{month}</Link> : month}</caption>
      <thead>
        <tr>
          {weekdays.map((day) => (
            <th key={day} scope="col">
              {day}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {weeksOf(days).map((week) => (
          <tr key={week.find(({ day }) => day)?.day?.date}>
            {week.map(({ weekday, day }) => (day ? <Day key={weekday} day={day} today={today} large={large} /> : <td key={weekday} />))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Day({ day, today, large }: { day: CalendarDay; today: string; large: boolean }) {
  const mark = marks[day.kind]
  const what = day.name && `${day.name}${day.kind === 'off' ? '放假' : '调休上班'}`
  return (
    <td className={`cases-day cases-day--${day.kind}`} aria-current={day.date === today ? 'date' : undefined} title={what ?? undefined}>
      <span className="cases-day-number">{Number(day.date.slice(8))}</span>
      {large
        ? what && <span className="cases-day-name">{what}</span>
        : mark && (
            <span className="cases-day-mark">
              <span aria-hidden="true">{mark}</span>
              <span className="tc-hidden">{what}</span>
            </span>
          )}
    </td>
  )
}
