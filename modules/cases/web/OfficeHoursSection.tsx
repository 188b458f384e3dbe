import { ActLink, CivilDate, Empty, QueryView, Section, Sideways, useAllPages } from '@tongchou/ui'
import { Link } from 'react-router'
import { type OfficeHours, weekText } from './calendar.ts'

/** 办公时间 of the city and of organisations; who keeps the calendar enters and changes them. */
export function OfficeHoursSection({ keeps }: { keeps: boolean }) {
  const query = useAllPages<OfficeHours>('/api/v1/calendar/office-hours')
  return (
    <Section title="办公时间" extra={keeps && <ActLink to="/calendar/office-hours/new">登记办公时间</ActLink>}>
      <p className="tc-muted">
        按工作小时计算的期限按承办单位的办公时间计算；单位没有登记的，按全市办公时间；全市没有登记的，按周一至周五
        09:00—12:00、14:00—17:30。调休上班日未单独登记的，按周一的办公时间。
      </p>
      <QueryView
        query={query}
        what="办公时间"
        lines={3}
        isEmpty={(all) => all.length === 0}
        empty={<Empty what="没有登记办公时间" hint="现按周一至周五 09:00—12:00、14:00—17:30 计算。" />}
      >
        {(all) => (
          <Sideways label="各单位时间">
            <table className="tc-table" aria-label="办公时间">
              <thead>
                <tr>
                  <th scope="col">单位</th>
                  <th scope="col">办公时间</th>
                  <th scope="col">自</th>
                  <th scope="col">至</th>
                  {keeps && (
                    <th scope="col">
                      <span className="tc-hidden">操作</span>
                    </th>
                  )}
                </tr>
              </thead>
              <tbody>
                {all.map((hours) => (
                  <Row key={hours.id} hours={hours} keeps={keeps} />
                ))}
              </tbody>
            </table>
          </Sideways>
        )}
      </QueryView>
    </Section>
  )
}

function Row({ hours, keeps }: { hours: OfficeHours; keeps: boolean }) {
  return (
    <tr>
      <td>{hours.orgName ?? (hours.orgId === null ? '全市' : hours.orgId)}</td>
      <td className="cases-times">{weekText(hours.week)}</td>
      <td>
        <CivilDate value={hours.validFrom} table />
      </td>
      <td>
        {hours.validTo === null ? (
          <span className="tc-muted">长期</span>
        ) : (
          <>
            <CivilDate value={hours.validTo} table /> 前
          </>
        )}
      </td>
      {keeps && (
        <td>
          <Link to={`/calendar/office-hours/${hours.id}`} aria-label={`更改${hours.orgName ?? '全市'}的办公时间`}>
            更改
          </Link>
        </td>
      )}
    </tr>
  )
}
