import type { ListPage } from '@tongchou/api-client'
import {
  Forbidden,
  holdsDuty,
  type ListFilter,
  ListTable,
  Moment,
  OUTSIDE_DUTIES,
  optionsOf,
  Page,
  StateWord,
  useApi,
  useListState,
  useSession,
} from '@tongchou/ui'
import { Link } from 'react-router'
import { amendmentKindWords, amendmentStateWords, withdrawalGroundWords } from '../words.ts'
import { type AmendmentLine, amendmentTones, readers } from './catalog-api.ts'

const filters: ListFilter[] = [
  { name: 'kind', label: '事项', kind: 'select', options: optionsOf(amendmentKindWords) },
  { name: 'state', label: '状态', kind: 'select', options: optionsOf(amendmentStateWords) },
  { name: 'orgId', label: '提供方', kind: 'reference', of: 'organisation' },
]

/** 目录变更和撤销: what is under way on published entries, and what was done to them. */
export function AmendmentsPage() {
  const session = useSession()
  const state = useListState(filters)
  const query = useApi<ListPage<AmendmentLine>>('/api/v1/catalog/amendments', state.query)
  const breadcrumb = [{ label: '资源目录', href: '/catalog' }, { label: '变更和撤销' }]
  if (holdsDuty(session, OUTSIDE_DUTIES)) {
    return (
      <Page title="目录变更和撤销" breadcrumb={breadcrumb}>
        <Forbidden duty={readers} act="查看目录变更和撤销" />
      </Page>
    )
  }
  return (
    <Page
      title="目录变更和撤销"
      lead="已登记目录的变更和撤销，供所属单位、使用单位和监管部门查阅。变更发布前，现行目录继续有效。"
      breadcrumb={breadcrumb}
    >
      <ListTable<AmendmentLine, ListPage<AmendmentLine>>
        label="目录变更和撤销清单"
        id="catalog-amendments"
        operation="listCatalogAmendments"
        query={query}
        state={state}
        filters={filters}
        rowKey={(row) => row.id}
        columns={[
          { key: 'entry', title: '资源名称', render: (row) => <Link to={`/catalog/amendments/${row.id}`}>{row.entry.name}</Link> },
          { key: 'code', title: '资源代码', render: (row) => row.entry.code ?? <span className="tc-muted">未赋码</span> },
          { key: 'org', title: '提供方', render: (row) => row.org.name },
          { key: 'kind', title: '事项', render: (row) => amendmentKindWords[row.kind] },
          {
            key: 'state',
            title: '状态',
            render: (row) => <StateWord text={amendmentStateWords[row.state]} tone={amendmentTones[row.state]} />,
          },
          { key: 'ground', title: '撤销理由', shown: 'hidden', render: (row) => row.ground && withdrawalGroundWords[row.ground] },
          { key: 'reason', title: '说明', render: (row) => row.reason },
          {
            key: 'submitted',
            title: '提交时间',
            render: (row) => (row.submittedAt ? <Moment at={row.submittedAt} /> : <span className="tc-muted">未提交</span>),
          },
          {
            key: 'settled',
            title: '办结时间',
            render: (row) => (row.settledAt ? <Moment at={row.settledAt} /> : <span className="tc-muted">未办结</span>),
          },
          { key: 'number', title: '编号', align: 'right', shown: 'hidden', render: (row) => row.number },
        ]}
        empty={{ what: '尚无变更和撤销', hint: '已登记的目录需要变更或撤销的，在该目录的页面办理，列在这里。' }}
      />
    </Page>
  )
}
