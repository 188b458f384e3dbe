import { apiPost } from '@tongchou/api-client'
import {
  FilledAct,
  Forbidden,
  type FormField,
  field,
  holdsDuty,
  isBlank,
  linesOf,
  Page,
  QueryView,
  useAllPages,
  useSession,
  useStepForm,
} from '@tongchou/ui'
import { useRef } from 'react'
import { useNavigate, useSearchParams } from 'react-router'
import { calendarKeepers } from './CalendarPage.tsx'
import { formOfNotice, type HolidayNotice, noticeOfForm, stretchTroubles, todayOf } from './calendar.ts'

const name = field('name', '节日', { type: 'text', maxLength: 40 })
const fields: readonly FormField[] = [
  field('year', '年度', { type: 'count', minimum: 2007, maximum: 2100 }),
  field('papers', '通知网址', {
    type: 'prose',
    maxLength: 3000,
    help: '国务院办公厅通知在 gov.cn 的网址，每行一个。',
  }),
  {
    ...{ id: 'off', title: '放假', type: 'lines', required: true, help: '每个节日一行；放假止为放假的最后一天。', maxLines: 30 },
    fields: [name, field('from', '放假起', { type: 'date' }), field('to', '放假止', { type: 'date' })],
  },
  {
    ...{ id: 'worked', title: '调休上班', type: 'lines', required: false, help: '改为上班的周六、周日，每天一行。', maxLines: 30 },
    fields: [name, field('date', '上班日', { type: 'date' })],
  },
]

/** 登记节假日安排: a year's notice as it is written, stretch by stretch; a further one of the same year takes its place. */
export function NewNoticePage() {
  const session = useSession()
  const [params] = useSearchParams()
  const year = Number(params.get('year')) || Number(todayOf(session.now).slice(0, 4)) + 1
  const allowed = holdsDuty(session, calendarKeepers)
  return (
    <Page
      title={`登记${year}年节假日安排`}
      breadcrumb={[{ label: '工作日历', href: `/calendar?year=${year}` }, { label: '登记节假日安排' }]}
    >
      {allowed ? <Known year={year} /> : <Forbidden duty={calendarKeepers} act="登记节假日安排" />}
    </Page>
  )
}

/** A year that is known already begins with what is known, so that a correction changes one line. */
function Known({ year }: { year: number }) {
  const query = useAllPages<HolidayNotice>('/api/v1/calendar/notices')
  return (
    <QueryView query={query} what="节假日安排">
      {(notices) => <NoticeForm known={notices.find((one) => one.year === year) ?? { year, papers: [], days: [] }} />}
    </QueryView>
  )
}

function NoticeForm({ known }: { known: Pick<HolidayNotice, 'year' | 'papers' | 'days'> }) {
  const navigate = useNavigate()
  const form = useStepForm(fields, formOfNotice(known))
  // The server names days; each stands in a line of the form.
  const places = useRef<string[]>([])
  return (
    <FilledAct
      form={form}
      act="登记安排"
      problems={stretchTroubles(linesOf(form.values.off).filter((line) => !isBlank(line)))}
      fieldAt={(path) => {
        const [kind, index] = path.split('/')
        return kind === 'days' ? (places.current[Number(index)] ?? 'off') : (kind ?? path)
      }}
      send={async (data, key) => {
        const { notice, places: made } = noticeOfForm(data)
        places.current = made
        await apiPost('/api/v1/calendar/notices', notice, { idempotencyKey: key })
        void navigate(`/calendar?year=${notice.year}`)
      }}
    >
      <p className="tc-muted">
        {known.days.length > 0
          ? `${known.year}年的安排已经登记，现从已登记的内容改起；登记后以本次为准，以前的登记留存备查。`
          : '按国务院办公厅通知填写。登记后，暂定期限按本安排自动重新计算，并通知承办人员。'}
      </p>
    </FilledAct>
  )
}
