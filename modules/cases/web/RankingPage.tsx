import { withQuery } from '@tongchou/api-client'
import { CivilDate, Empty, type ListFilter, ListFilters, Page, QueryView, useApi, useListState } from '@tongchou/ui'
import { Link } from 'react-router'
import type { OfficeStanding, Ranking } from './oversight-api.ts'

const filters: ListFilter[] = [
  { name: 'from', label: '自（年-月-日）', kind: 'text', width: 150 },
  { name: 'to', label: '至（年-月-日）', kind: 'text', width: 150 },
]

/** 单位排名: how each office kept its limits in a period, with how it is worked out. */
export function RankingPage() {
  const state = useListState(filters)
  const query = useApi<Ranking>('/api/v1/oversight/offices', { from: state.values.from, to: state.values.to })
  return (
    <Page
      title="单位办理时限排名"
      lead="按期间内办结的、有办理时限的环节统计；不填期间的，为最近 90 天。"
      breadcrumb={[{ label: '电子监察', href: '/oversight' }]}
    >
      <ListFilters label="统计期间" filters={filters} state={state} />
      <QueryView
        query={query}
        what="单位排名"
        isEmpty={({ items }) => items.length === 0}
        empty={<Empty what="期间内没有可统计的办件" hint="有办理时限的环节办结后即计入排名。" />}
      >
        {({ from, to, items }) => (
          <>
            <p>
              统计期间 <CivilDate value={from} /> 至 <CivilDate value={to} />
              。按时率 = 按时办结 ÷（按时办结 + 逾期办结）；按时率相同的名次相同，先列逾期少的； 平均用时为收到次日至办结日的工作日数。
            </p>
            <div className="tc-scroll">
              <table className="tc-table" aria-label="单位排名">
                <thead>
                  <tr>
                    {['名次', '单位', '按时率', '按时办结', '逾期办结', '平均用时（工作日）', '目前逾期', '黄牌', '红牌'].map((title) => (
                      <th key={title} scope="col">
                        {title}
                      </th>
                    ))}
                  </tr>
                </thead>
                <tbody>
                  {items.map((row) => (
                    <OfficeRow key={row.orgId ?? row.orgName} row={row} from={from} to={to} />
                  ))}
                </tbody>
              </table>
            </div>
          </>
        )}
      </QueryView>
    </Page>
  )
}

function OfficeRow({ row, from, to }: { row: OfficeStanding; from: string; to: string }) {
  const { orgId } = row
  const rows = (count: number, query: Record<string, string>) =>
    orgId === null || count === 0 ? count : <Link to={withQuery('/oversight', { ...query, orgId })}>{count}</Link>
  const cards = (count: number, colour: string) =>
    orgId === null || count === 0 ? count : <Link to={withQuery('/oversight/cards', { colour, orgId })}>{count}</Link>
  return (
    <tr>
      <td className="tc-number">{row.rank ?? '—'}</td>
      <td>{row.orgName}</td>
      <td className="tc-number">{row.inTimePermille === null ? '—' : `${(row.inTimePermille / 10).toFixed(1)}%`}</td>
      <td className="tc-number">{rows(row.doneInTime, { standing: 'done-in-time', from, to })}</td>
      <td className="tc-number">{rows(row.doneLate, { standing: 'done-late', from, to })}</td>
      <td className="tc-number">{row.averageDays ?? '—'}</td>
      <td className="tc-number">{rows(row.lateNow, { standing: 'late' })}</td>
      <td className="tc-number">{cards(row.yellowCount, 'yellow')}</td>
      <td className="tc-number">{cards(row.redCount, 'red')}</td>
    </tr>
  )
}
