// SPDX-License-Identifier: Apache-2.0
import type { ListPage } from '@tongchou/api-client'
import {
  ActLink,
  CivilDate,
  type ListColumn,
  type ListFilter,
  ListTable,
  Money,
  Page,
  StateWord,
  useApi,
  useListState,
  useSession,
} from '@tongchou/ui'
import { Link } from 'react-router'
import type { OrgRef, PlanEntry, PlanEntryPage, PlanEntryState } from './project-api.ts'
import { entryStateWords, kindWords } from './words.ts'

const columns: readonly ListColumn<PlanEntry>[] = [
  { key: 'name', title: '项目名称', render: (row) => <Link to={`/projects/${row.project.id}`}>{row.project.name}</Link> },
  { key: 'year', title: '年度', render: (row) => row.year },
  { key: 'kind', title: '类型', render: (row) => kindWords[row.project.kind] },
  { key: 'owner', title: '申报单位', render: (row) => <Link to={`/organisations/${row.owner.id}`}>{row.owner.name}</Link> },
  { key: 'state', title: '状态', render: (row) => <StateWord {...entryStateWords[row.state]} /> },
  {
    key: 'budget',
    title: '申报投资（万元）',
    align: 'right',
    sort: 'budget',
    render: (row) => <Money fen={row.project.budgetFen} unit={false} />,
  },
  { key: 'om', title: '年运维费（万元）', align: 'right', sort: 'om', render: (row) => <Money fen={row.project.omCostFen} unit={false} /> },
  {
    key: 'plan',
    title: '全市计划',
    render: (row) =>
      row.cityPlanId === null ? <span className="tc-muted">未列入</span> : <Link to={`/city-plans/${row.cityPlanId}`}>查看</Link>,
  },
  { key: 'filedBy', title: '报送人', render: (row) => row.filedBy, shown: 'hidden' },
  { key: 'filed', title: '报送日期', sort: 'filed', render: (row) => <CivilDate value={row.filedAt} table /> },
  {
    key: 'acts',
    title: '操作',
    act: true,
    render: (row) =>
      row.mayContinue && (
        <Link to={`/projects/new?copyFrom=${row.project.id}`} aria-label={`沿用到${row.year + 1}年：${row.project.name}`}>
          沿用到{row.year + 1}年
        </Link>
      ),
  },
]

/** Years that may be chosen: three back, two ahead of the city's clock. */
export function planYears(now: string): { value: string; label: string }[] {
  const year = Number(now.slice(0, 4))
  return [2, 1, 0, -1, -2, -3].map((offset) => ({ value: String(year + offset), label: `${year + offset}年` }))
}

/** Projects that the departments filed into a year's plan (年度计划申报项目). */
export function PlanEntryListView() {
  const { now } = useSession()
  const organisations = useApi<ListPage<OrgRef>>('/api/v1/organisations', { limit: 200 })
  const states = Object.entries(entryStateWords) as [PlanEntryState, { text: string }][]
  const filters: ListFilter[] = [
    { name: 'year', label: '年度', kind: 'select', options: planYears(now), width: 110 },
    { name: 'state', label: '状态', kind: 'select', options: states.map(([value, { text }]) => ({ value, label: text })) },
    {
      name: 'ownerOrgId',
      label: '申报单位',
      kind: 'select',
      options: (organisations.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name })),
      width: 200,
    },
  ]
  const state = useListState(filters)
  const query = useApi<PlanEntryPage>('/api/v1/plan-entries', state.query)
  return (
    <Page
      title="年度计划申报项目"
      lead="上年已申报、下一年度继续列入的，从该项沿用申报内容填写。"
      actions={<ActLink to="/city-plans">全市年度计划</ActLink>}
    >
      <ListTable
        label="年度计划申报项目"
        id="plan-entries"
        operation="listPlanEntries"
        query={query}
        state={state}
        filters={filters}
        columns={columns}
        rowKey={(row) => row.id}
        totals={({ totals }) => [
          { label: '申报', value: `${totals.count} 项` },
          { label: '申报投资合计', value: <Money fen={totals.budgetFen} /> },
          { label: '年运维费合计', value: <Money fen={totals.omCostFen} /> },
        ]}
        empty={{ what: '尚无年度计划申报', hint: '各单位从项目申报页面报送年度计划后，列在这里。' }}
      />
    </Page>
  )
}
