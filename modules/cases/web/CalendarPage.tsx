import {
  ActLink,
  CivilDate,
  Empty,
  Figures,
  holdsDuty,
  Moment,
  Page,
  QueryView,
  Section,
  Sideways,
  useAllPages,
  useApi,
  useSession,
} from '@tongchou/ui'
import { Alert } from 'antd'
import { Link, useSearchParams } from 'react-router'
import { CalendarMonth } from './CalendarMonth.tsx'
import { type Arrangement, arrangementsOf, type CalendarDay, countKinds, daysOfYear, type HolidayNotice, todayOf } from './calendar.ts'
import { OfficeHoursSection } from './OfficeHoursSection.tsx'
import './calendar.css'

/** Who keeps the calendar. */
export const calendarKeepers = ['system-admin']
/** Who sees which limits a calendar has moved. */
export const limitOverseers = ['supervisor', 'vice-mayor', 'audit', 'big-data-center']
const FIRST_YEAR = 2007

/** 工作日历: which days are worked, which are off and by which notice; a year at a glance, a month in words. */
export function CalendarPage() {
  const session = useSession()
  const [params] = useSearchParams()
  const today = todayOf(session.now)
  const asked = Number(params.get('year'))
  const year = Number.isInteger(asked) && asked >= FIRST_YEAR && asked <= 2100 ? asked : Number(today.slice(0, 4))
  const month = Number(params.get('month')) || null
  const query = useAllPages<HolidayNotice>('/api/v1/calendar/notices')
  const notice = query.data?.find((one) => one.year === year)
  const keeps = holdsDuty(session, calendarKeepers)
  return (
    <Page
      title="工作日历"
      lead="办理时限的工作日和工作小时按本日历计算，收到当日不计。"
      state={query.data && (notice?.isPublished ? { text: `${year}年安排已公布`, tone: 'good' } : { text: `${year}年暂定`, tone: 'soon' })}
      actions={
        <>
          {year > FIRST_YEAR && <ActLink to={`/calendar?year=${year - 1}`}>{year - 1}年</ActLink>}
          <ActLink to={`/calendar?year=${year + 1}`}>{year + 1}年</ActLink>
          {keeps && (
            <ActLink to={`/calendar/notices/new?year=${year}`} first>
              {notice?.isPublished ? '更正节假日安排' : '登记节假日安排'}
            </ActLink>
          )}
        </>
      }
    >
      <QueryView query={query} what="节假日安排">
        {(notices) => (
          <>
            <Year year={year} month={month} days={daysOfYear(notices, year)} today={today} published={notice?.isPublished ?? false} />
            <Source year={year} notice={notice} />
          </>
        )}
      </QueryView>
      <OfficeHoursSection keeps={keeps} />
      {holdsDuty(session, [...calendarKeepers, ...limitOverseers]) && (
        <Recomputation year={year} mayList={holdsDuty(session, limitOverseers)} />
      )}
    </Page>
  )
}

interface YearProps {
  year: number
  month: number | null
  days: readonly CalendarDay[]
  today: string
  published: boolean
}

function Year({ year, month, days, today, published }: YearProps) {
  const daysOf = (number: number) => days.filter(({ date }) => Number(date.slice(5, 7)) === number)
  const shown = month === null ? days : daysOf(month)
  const { work, worked, off } = countKinds(shown)
  const months = Array.from({ length: 12 }, (_, index) => index + 1)
  return (
    <Section
      title={month === null ? `${year}年` : `${year}年${month}月`}
      extra={month !== null && <Link to={`/calendar?year=${year}`}>查看全年</Link>}
    >
      {!published && (
        <Alert
          type="warning"
          showIcon
          className="cases-provisional"
          title={`${year}年节假日安排尚未公布，本年只按周六、周日推算。期限经过本年的为暂定，安排公布并登记后自动重新计算。`}
        />
      )}
      <Figures
        items={[
          { label: published ? '工作日' : '工作日（暂定）', value: `${work + worked} 天` },
          { label: '放假', value: published ? `${off} 天` : '未公布' },
          { label: '调休上班', value: published ? `${worked} 天` : '未公布' },
        ]}
      />
      <Legend />
      {month === null ? (
        <div className="cases-year">
          {months.map((number) => (
            <CalendarMonth key={number} days={daysOf(number)} today={today} href={`/calendar?year=${year}&month=${number}`} />
          ))}
        </div>
      ) : (
        <>
          <CalendarMonth days={shown} today={today} large />
          <nav className="tc-paging" aria-label="翻页">
            {month > 1 && <ActLink to={`/calendar?year=${year}&month=${month - 1}`}>{month - 1}月</ActLink>}
            {month < 12 && <ActLink to={`/calendar?year=${year}&month=${month + 1}`}>{month + 1}月</ActLink>}
          </nav>
        </>
      )}
    </Section>
  )
}

function Legend() {
  return (
    <ul className="cases-legend" aria-label="图例">
      <li>
        <span className="cases-day cases-day--work">8</span>工作日
      </li>
      <li>
        <span className="cases-day cases-day--weekend">8</span>双休日
      </li>
      <li>
        <span className="cases-day cases-day--off">休</span>放假
      </li>
      <li>
        <span className="cases-day cases-day--worked">班</span>调休上班，计为工作日
      </li>
    </ul>
  )
}

/** The notice that the year rests on: each holiday, and where the text stands. */
function Source({ year, notice }: { year: number; notice: HolidayNotice | undefined }) {
  if (!notice?.isPublished)
    return (
      <Section title="放假和调休安排">
        <Empty what={`${year}年的安排尚未公布`} hint="国务院办公厅一般在上一年十一月前后公布，由系统管理员登记。" />
      </Section>
    )
  return (
    <Section title="放假和调休安排">
      <p className="cases-source">
        依据国务院办公厅{year}年部分节假日安排的通知：
        {notice.papers.length === 0 && <span className="tc-muted">未登记网址</span>}
        {notice.papers.map((paper) => (
          <a key={paper} href={paper} target="_blank" rel="noreferrer">
            {paper.replace(/^https:\/\/(www\.)?/, '')}
          </a>
        ))}
        <span className="tc-muted">{notice.loadedAt === null ? '（随系统发布）' : <Loaded notice={notice} />}</span>
      </p>
      <Sideways label={`${year}年安排`}>
        <table className="tc-table" aria-label={`${year}年放假和调休安排`}>
          <thead>
            <tr>
              <th scope="col">节日</th>
              <th scope="col">放假</th>
              <th scope="col" className="tc-right">
                天数
              </th>
              <th scope="col">调休上班</th>
            </tr>
          </thead>
          <tbody>
            {arrangementsOf(notice.days).map((one) => (
              <tr key={one.from}>
                <td>{one.name}</td>
                <td className="cases-times">
                  <Stretch {...one} />
                </td>
                <td className="tc-right">{one.dayCount}</td>
                <td className="cases-times">{one.worked.length === 0 ? <span className="tc-muted">无</span> : one.worked.join('、')}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Sideways>
    </Section>
  )
}

function Loaded({ notice: { loadedBy, loadedAt, version } }: { notice: HolidayNotice }) {
  return (
    <>
      （{loadedBy} 于 <Moment at={loadedAt ?? ''} /> 登记，第 {version} 次）
    </>
  )
}

function Stretch({ from, to }: Arrangement) {
  return (
    <>
      <CivilDate value={from} table />
      {to !== from && (
        <>
          {' '}
          至 <CivilDate value={to} table />
        </>
      )}
    </>
  )
}

/** How many limits of the year are provisional still, and which were worked out again. */
function Recomputation({ year, mayList }: { year: number; mayList: boolean }) {
  const query = useApi<{ provisional: number; recomputed: number }>('/api/v1/calendar/recomputation', { year })
  return (
    <Section title="暂定期限">
      <QueryView query={query} what="暂定期限" lines={2}>
        {({ provisional, recomputed }) => (
          <>
            <Figures
              items={[
                { label: `${year}年到期、仍为暂定`, value: `${provisional} 件` },
                {
                  label: `原在${year}年到期、已重新计算`,
                  value: mayList ? <Link to={`/calendar/recomputed?year=${year}`}>{recomputed} 件</Link> : `${recomputed} 件`,
                },
              ]}
            />
            <p className="tc-muted">安排登记后，暂定期限逐件重新计算，并通知承办人员；原期限留存备查。</p>
          </>
        )}
      </QueryView>
    </Section>
  )
}
