import type { ListPage } from '@tongchou/api-client'
import { type ListFilter, ListTable, Moment, Page, StateWord, useApi, useListState } from '@tongchou/ui'
import { Link } from 'react-router'

interface Recomputed {
  id: string
  caseId: string
  title: string
  stepTitle: string
  orgName: string
  wasDueAt: string
  dueAt: string
  provisional: boolean
  isOpen: boolean
  at: string
  mayReadCase: boolean
}

const filters: ListFilter[] = [
  { name: 'year', label: '原期限年度', kind: 'text', width: 130 },
  { name: 'orgId', label: '承办单位', kind: 'reference', of: 'organisation' },
]

/** 重新计算的期限: provisional limits that a published calendar has settled, with both ends. */
export function RecomputedPage() {
  const state = useListState(filters)
  const query = useApi<ListPage<Recomputed>>('/api/v1/calendar/recomputed-deadlines', state.query)
  return (
    <Page
      title="重新计算的期限"
      lead="节假日安排公布后，原为暂定的期限按新的日历重新计算，最近的在前。"
      breadcrumb={[{ label: '工作日历', href: '/calendar' }, { label: '重新计算的期限' }]}
    >
      <ListTable<Recomputed, ListPage<Recomputed>>
        label="重新计算的期限"
        id="recomputed"
        operation="listRecomputedDeadlines"
        query={query}
        state={state}
        filters={filters}
        rowKey={(row) => row.id}
        columns={[
          {
            key: 'title',
            title: '办件',
            render: (row) => (row.mayReadCase ? <Link to={`/cases/${row.caseId}`}>{row.title}</Link> : row.title),
          },
          { key: 'step', title: '环节', render: (row) => row.stepTitle },
          { key: 'org', title: '承办单位', render: (row) => row.orgName },
          { key: 'was', title: '原期限', render: (row) => <Moment at={row.wasDueAt} /> },
          { key: 'due', title: '新期限', render: (row) => <Moment at={row.dueAt} /> },
          {
            key: 'provisional',
            title: '是否暂定',
            render: (row) => (row.provisional ? <StateWord text="仍为暂定" tone="soon" /> : '不再暂定'),
          },
          { key: 'at', title: '重新计算', render: (row) => <Moment at={row.at} /> },
          { key: 'open', title: '办理状态', render: (row) => (row.isOpen ? '在办' : '已办结') },
        ]}
        empty={{ what: '没有重新计算的期限', hint: '节假日安排登记后，暂定期限重新计算的结果列在这里。' }}
      />
    </Page>
  )
}
