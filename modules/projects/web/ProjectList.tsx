// SPDX-License-Identifier: Apache-2.0
import type { ListPage } from '@tongchou/api-client'
import {
  CivilDate,
  holdsDuty,
  type ListColumn,
  type ListFilter,
  ListTable,
  Money,
  optionsOf,
  Page,
  StateWord,
  useApi,
  useListState,
  useSession,
} from '@tongchou/ui'
import { Button } from 'antd'
import { Link, useNavigate } from 'react-router'
import type { OrgRef, ProjectLine, ProjectListPage, Stage } from './project-api.ts'
import { kindWords, stageWords } from './words.ts'

const columns: readonly ListColumn<ProjectLine>[] = [
  { key: 'name', title: '项目名称', render: (row) => <Link to={`/projects/${row.id}`}>{row.name}</Link> },
  { key: 'kind', title: '类型', render: (row) => kindWords[row.kind] },
  { key: 'owner', title: '申报单位', render: (row) => <Link to={`/organisations/${row.owner.id}`}>{row.owner.name}</Link> },
  { key: 'builder', title: '建设单位', render: (row) => row.builder.name, shown: 'hidden' },
  { key: 'stage', title: '阶段', render: (row) => <StateWord {...stageWords[row.stage]} /> },
  { key: 'budget', title: '申报投资（万元）', align: 'right', sort: 'budget', render: (row) => <Money fen={row.budgetFen} unit={false} /> },
  {
    key: 'approved',
    title: '批复概算（万元）',
    align: 'right',
    render: (row) => (row.approvedFen === null ? <span className="tc-muted">未批复</span> : <Money fen={row.approvedFen} unit={false} />),
  },
  { key: 'updated', title: '更新', sort: 'updated', render: (row) => <CivilDate value={row.updatedAt} table /> },
]

/** Filters of the project list, with the organisations that may be chosen. */
function filtersOf(organisations: readonly OrgRef[]): ListFilter[] {
  const stages = Object.entries(stageWords) as [Stage, { text: string }][]
  return [
    { name: 'q', label: '项目名称', kind: 'text' },
    { name: 'stage', label: '阶段', kind: 'select', options: stages.map(([value, { text }]) => ({ value, label: text })) },
    { name: 'kind', label: '类型', kind: 'select', options: optionsOf(kindWords), width: 120 },
    {
      name: 'ownerOrgId',
      label: '申报单位',
      kind: 'select',
      options: organisations.map(({ id, name }) => ({ value: id, label: name })),
      width: 200,
    },
  ]
}

/** All projects that this post may see (项目列表). */
export function ProjectListView() {
  const navigate = useNavigate()
  const session = useSession()
  const organisations = useApi<ListPage<OrgRef>>('/api/v1/organisations', { limit: 200 })
  const filters = filtersOf(organisations.data?.items ?? [])
  const state = useListState(filters)
  const query = useApi<ProjectListPage>('/api/v1/projects', state.query)
  const apply = holdsDuty(session, ['applicant', 'district']) && (
    <Button type="primary" onClick={() => void navigate('/projects/new')}>
      新建申报
    </Button>
  )
  return (
    <Page title="项目" actions={apply}>
      <ListTable
        label="项目列表"
        id="projects"
        operation="listProjects"
        query={query}
        state={state}
        filters={filters}
        columns={columns}
        rowKey={(row) => row.id}
        totals={({ totals }) => [
          { label: '项目', value: `${totals.count} 个` },
          { label: '申报投资合计', value: <Money fen={totals.budgetFen} /> },
          { label: '批复概算合计', value: <Money fen={totals.approvedFen} /> },
        ]}
        empty={{ what: '尚无项目', hint: '本单位申报的项目，以及当前岗位可以查阅的项目列在这里。', act: apply || undefined }}
      />
    </Page>
  )
}
