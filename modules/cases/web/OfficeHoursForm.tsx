import { apiPost, apiPut } from '@tongchou/api-client'
import {
  choicesOf,
  FilledAct,
  Forbidden,
  type FormField,
  field,
  holdsDuty,
  isBlank,
  linesOf,
  Missing,
  Page,
  QueryView,
  useAllPages,
  useSession,
  useStepForm,
} from '@tongchou/ui'
import { useNavigate, useParams } from 'react-router'
import { calendarKeepers } from './CalendarPage.tsx'
import { linesOfWeek, type OfficeHours, spanDayWords, timeTroubles, todayOf, weekOfLines } from './calendar.ts'

const fields: readonly FormField[] = [
  field('orgId', '单位', {
    type: 'reference',
    of: 'organisation',
    required: false,
    mark: '不选为全市',
    help: '单位的办公时间先于全市的。',
  }),
  field('validFrom', '自', { type: 'date' }),
  field('validTo', '至', { type: 'date', required: false, mark: '不填为长期', help: '当日起不再适用。' }),
  {
    ...{ id: 'spans', title: '办公时间', type: 'lines', required: true, maxLines: 42 },
    help: '上午、下午各填一行，例如周一至周五 08:30 至 12:00。',
    fields: [
      field('days', '星期', {
        type: 'choice',
        choices: ['workdays', '1', '2', '3', '4', '5', '6', '7'].flatMap((value) =>
          choicesOf(spanDayWords).filter((one) => one.value === value),
        ),
      }),
      field('from', '开始', { type: 'text', maxLength: 5 }),
      field('to', '结束', { type: 'text', maxLength: 5 }),
    ],
  },
]

/** 登记办公时间 of the city or of an organisation. */
export function NewOfficeHoursPage() {
  const session = useSession()
  return (
    <Page title="登记办公时间" breadcrumb={[{ label: '工作日历', href: '/calendar' }, { label: '登记办公时间' }]}>
      {holdsDuty(session, calendarKeepers) ? (
        <HoursForm
          act="登记办公时间"
          initial={{ validFrom: todayOf(session.now) }}
          send={(body, key) => apiPost('/api/v1/calendar/office-hours', body, { idempotencyKey: key })}
        />
      ) : (
        <Forbidden duty={calendarKeepers} act="登记办公时间" />
      )}
    </Page>
  )
}

/** 更改办公时间, or end them with a day. */
export function ChangeOfficeHoursPage() {
  const { id = '' } = useParams()
  const session = useSession()
  const query = useAllPages<OfficeHours>('/api/v1/calendar/office-hours')
  return (
    <Page title="更改办公时间" breadcrumb={[{ label: '工作日历', href: '/calendar' }, { label: '更改办公时间' }]}>
      {holdsDuty(session, calendarKeepers) ? (
        <QueryView query={query} what="办公时间">
          {(all) => {
            const hours = all.find((one) => one.id === id)
            return hours ? <ChangeHours hours={hours} /> : <Missing what="这项办公时间" />
          }}
        </QueryView>
      ) : (
        <Forbidden duty={calendarKeepers} act="更改办公时间" />
      )}
    </Page>
  )
}

function ChangeHours({ hours: { id, orgId, validFrom, validTo, week, version } }: { hours: OfficeHours }) {
  return (
    <HoursForm
      act="保存更改"
      initial={{ orgId, validFrom, validTo, spans: linesOfWeek(week) }}
      send={(body, key) => apiPut(`/api/v1/calendar/office-hours/${id}`, { ...body, version }, { idempotencyKey: key })}
    />
  )
}

interface HoursFormProps {
  act: string
  initial: Record<string, unknown>
  send: (body: object, key: string) => Promise<unknown>
}

function HoursForm({ act, initial, send }: HoursFormProps) {
  const navigate = useNavigate()
  const form = useStepForm(fields, initial)
  return (
    <FilledAct
      form={form}
      act={act}
      problems={timeTroubles(linesOf(form.values.spans).filter((line) => !isBlank(line)))}
      fieldAt={(path) => (path.startsWith('week') ? 'spans' : path)}
      send={async ({ orgId = null, validFrom, validTo = null, spans }, key) => {
        const week = weekOfLines((spans ?? []) as { days: string; from: string; to: string }[])
        await send({ orgId, validFrom, validTo, week }, key)
        void navigate('/calendar')
      }}
    >
      <p className="tc-muted">登记后开始的期限按新的办公时间计算，已在计算的期限不变。</p>
    </FilledAct>
  )
}
