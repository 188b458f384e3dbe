import { withQuery } from '@tongchou/api-client'
import { CivilDate, type ListFilter, ListTable, Page, useApi, useListState } from '@tongchou/ui'
import { Link } from 'react-router'
import type { OfficeStanding, Ranking } from './oversight-api.ts'

const filters: ListFilter[] = [
  { name: 'from', label: '统计自', kind: 'date' },
  { name: 'to', label: '统计至', kind: 'date' },
]

/** 单位排名: how each office kept its limits in a period, with how it is worked out. */
export function RankingPage() {
  const state = useListState(filters)
  const query = useApi<Ranking>('/api/v1/oversight/offices', state.query)
  const period = query.data ? { from: query.data.from, to: query.data.to } : {}
  return (
    <Page
      title="单位办理时限排名"
      lead="按期间内办结的、有办理时限的环节统计；不填期间的，为最近 90 天。"
      breadcrumb={[{ label: '电子监察', href: '/oversight' }]}
    >
      <p>按时率 = 按时办结 ÷（按时办结 + 逾期办结）；按时率相同的名次相同，先列逾期少的；平均用时为收到次日至办结日的工作日数。</p>
      <ListTable<OfficeStanding, Ranking>
        label="单位排名"
        id="office-ranking"
        operation="rankOffices"
        query={query}
        state={state}
        filters={filters}
        rowKey={(row) => row.orgId ?? row.orgName}
        columns={[
          { key: 'org', title: '单位', render: (row) => row.orgName },
          { key: 'rank', title: '名次', align: 'right', render: (row) => row.rank ?? '—' },
          {
            key: 'share',
            title: '按时率',
            align: 'right',
            render: (row) => (row.inTimePermille === null ? '—' : `${(row.inTimePermille / 10).toFixed(1)}%`),
          },
          {
            key: 'inTime',
            title: '按时办结',
            align: 'right',
            render: (row) => rows(row, row.doneInTime, { standing: 'done-in-time', ...period }),
          },
          {
            key: 'late',
            title: '逾期办结',
            align: 'right',
            render: (row) => rows(row, row.doneLate, { standing: 'done-late', ...period }),
          },
          { key: 'days', title: '平均用时（工作日）', align: 'right', render: (row) => row.averageDays ?? '—' },
          { key: 'lateNow', title: '目前逾期', align: 'right', render: (row) => rows(row, row.lateNow, { standing: 'late' }) },
          { key: 'yellow', title: '黄牌', align: 'right', render: (row) => cards(row, row.yellowCount, 'yellow') },
          { key: 'red', title: '红牌', align: 'right', render: (row) => cards(row, row.redCount, 'red') },
        ]}
        totals={({ from, to }) => [
          {
            label: '统计期间',
            value: (
              <>
                <CivilDate value={from} /> 至 <CivilDate value={to} />
              </>
            ),
          },
        ]}
        empty={{ what: '期间内没有可统计的办件', hint: '有办理时限的环节办结后即计入排名。' }}
      />
    </Page>
  )
}

/** A figure that opens its rows. */
function rows({ orgId }: OfficeStanding, count: number, query: Record<string, string>) {
  return orgId === null || count === 0 ? count : <Link to={withQuery('/oversight', { ...query, orgId })}>{count}</Link>
}

function cards({ orgId }: OfficeStanding, count: number, colour: string) {
  return orgId === null || count === 0 ? count : <Link to={withQuery('/oversight/cards', { colour, orgId })}>{count}</Link>
}
