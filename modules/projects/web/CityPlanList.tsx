// SPDX-License-Identifier: Apache-2.0
import type { ListPage } from '@tongchou/api-client'
import {
  CivilDate,
  holdsDuty,
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
import { Button } from 'antd'
import { Link, useNavigate } from 'react-router'
import { planYears } from './PlanEntryList.tsx'
import type { CityPlan } from './project-api.ts'
import { cityPlanStateWords } from './words.ts'

const columns: readonly ListColumn<CityPlan>[] = [
  { key: 'title', title: '计划名称', render: (row) => <Link to={`/city-plans/${row.id}`}>{row.title}</Link> },
  { key: 'year', title: '年度', render: (row) => row.year },
  { key: 'state', title: '状态', render: (row) => <StateWord {...cityPlanStateWords[row.state]} /> },
  { key: 'count', title: '项目数', align: 'right', render: (row) => row.entryCount },
  { key: 'budget', title: '申报投资（万元）', align: 'right', render: (row) => <Money fen={row.budgetFen} unit={false} /> },
  { key: 'by', title: '编制人', render: (row) => row.compiledBy },
  { key: 'joint', title: '联合审查', render: (row) => dateOr(row.jointReviewedAt) },
  { key: 'approved', title: '市政府批准', render: (row) => dateOr(row.approvedAt) },
]

function dateOr(at: string | null) {
  return at === null ? <span className="tc-muted">未到</span> : <CivilDate value={at} table />
}

/** The city's plans by year (全市政务信息化项目年度预算计划). */
export function CityPlanListView() {
  const session = useSession()
  const navigate = useNavigate()
  const filters: ListFilter[] = [{ name: 'year', label: '年度', kind: 'select', options: planYears(session.now), width: 110 }]
  const state = useListState(filters)
  const query = useApi<ListPage<CityPlan>>('/api/v1/city-plans', state.query)
  const compile = holdsDuty(session, ['big-data-center']) && (
    <Button type="primary" onClick={() => void navigate('/city-plans/new')}>
      编制年度计划
    </Button>
  )
  return (
    <Page title="全市年度计划" actions={compile || <Link to="/plans">申报项目</Link>}>
      <ListTable
        label="全市年度计划"
        id="city-plans"
        operation="listCityPlans"
        query={query}
        state={state}
        filters={filters}
        columns={columns}
        rowKey={(row) => row.id}
        totals={(page) => [
          { label: '计划', value: `${page.items.length} 个` },
          { label: '列入项目', value: `${page.items.reduce((sum, plan) => sum + plan.entryCount, 0)} 个` },
          { label: '申报投资合计', value: <Money fen={page.items.reduce((sum, plan) => sum + plan.budgetFen, 0)} /> },
        ]}
        empty={{
          what: '尚无全市年度计划',
          hint: '市大数据中心从初审通过的申报项目中统筹编制；申报单位在市政府批准后可以查阅。',
          act: compile || undefined,
        }}
      />
    </Page>
  )
}
