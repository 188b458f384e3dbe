import {
  Figures,
  Forbidden,
  holdsDuty,
  type ListFilter,
  ListFilters,
  Page,
  QueryView,
  Section,
  Sideways,
  useApi,
  useListState,
  useSession,
} from '@tongchou/ui'
import { Link } from 'react-router'
import { readers, type Statistics } from './audit-api.ts'
import './audit.css'

const filters: readonly ListFilter[] = [
  { name: 'from', label: '起始日期', kind: 'date' },
  { name: 'to', label: '截止日期', kind: 'date' },
]

/** 审计统计: plain figures of a period. */
export function StatisticsPage() {
  const session = useSession()
  const state = useListState(filters)
  const allowed = holdsDuty(session, readers)
  const query = useApi<Statistics>(allowed ? '/api/v1/audit/statistics' : null, { from: state.values.from, to: state.values.to })
  if (!allowed) {
    return (
      <Page title="审计统计">
        <Forbidden duty={readers} act="查看审计统计" />
      </Page>
    )
  }
  return (
    <Page title="审计统计" lead="不填日期时统计最近三十日。工作时间之外指周末和每日 20 时至次日 7 时。">
      <ListFilters label="审计统计" filters={filters} state={state} />
      <QueryView query={query} what="审计统计">
        {(figures) => (
          <>
            <Figures
              items={[
                { label: '办理', value: figures.totals.done },
                { label: '被拒绝', value: figures.totals.refused },
                { label: '查阅', value: figures.totals.looked },
              ]}
            />
            <Offices figures={figures} />
            <People figures={figures} />
            <Hours figures={figures} />
            <Days figures={figures} />
          </>
        )}
      </QueryView>
    </Page>
  )
}

interface Row {
  key: string
  first: React.ReactNode
  cells: readonly React.ReactNode[]
}

function FigureTable({ title, heads, rows }: { title: string; heads: readonly string[]; rows: readonly Row[] }) {
  return (
    <Section title={title}>
      {rows.length === 0 ? (
        <p className="tc-muted">本期没有记录。</p>
      ) : (
        <Sideways label={title}>
          <table className="tc-table" aria-label={title}>
            <thead>
              <tr>
                {heads.map((head, index) => (
                  <th key={head} scope="col" className={index === 0 ? undefined : 'tc-right'}>
                    {head}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={row.key}>
                  <td>{row.first}</td>
                  {row.cells.map((cell, index) => (
                    <td key={heads[index + 1]} className="tc-right">
                      {cell}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </Sideways>
      )}
    </Section>
  )
}

function Offices({ figures }: { figures: Statistics }) {
  const rows = figures.offices.map((office) => ({
    key: office.orgId,
    first: <Link to={`/audit?orgId=${office.orgId}&outcome=refused&from=${figures.from}&to=${figures.to}`}>{office.orgName}</Link>,
    cells: [office.refused, office.done, office.looked],
  }))
  return <FigureTable title="各单位被拒绝次数" heads={['单位', '被拒绝', '办理', '查阅']} rows={rows} />
}

function People({ figures }: { figures: Statistics }) {
  const rows = figures.people.map((person) => ({
    key: `${person.orgName} ${person.personName}`,
    first: (
      <Link to={`/audit?person=${encodeURIComponent(person.personName)}&from=${figures.from}&to=${figures.to}`}>
        {person.personName}（{person.orgName}）
      </Link>
    ),
    cells: [person.outsideHours, person.count, person.refused],
  }))
  return <FigureTable title="工作时间之外操作较多的人员" heads={['人员', '工作时间之外', '全部', '被拒绝']} rows={rows} />
}

function Hours({ figures }: { figures: Statistics }) {
  const rows = figures.hours.map((hour) => ({
    key: String(hour.hour),
    first: `${hour.hour} 时`,
    cells: [hour.done, hour.refused, hour.looked],
  }))
  return <FigureTable title="按时段" heads={['时段', '办理', '被拒绝', '查阅']} rows={rows} />
}

function Days({ figures }: { figures: Statistics }) {
  const rows = figures.days.map((day) => ({
    key: day.on,
    first: <Link to={`/audit?from=${day.on}&to=${day.on}`}>{day.on}</Link>,
    cells: [day.done, day.refused, day.looked],
  }))
  return <FigureTable title="按日（最近三十一日有记录的）" heads={['日期', '办理', '被拒绝', '查阅']} rows={rows} />
}
