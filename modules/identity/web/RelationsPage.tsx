import type { ListPage } from '@tongchou/api-client'
import { CivilDate, type ListColumn, type ListFilter, ListTable, Page, StateWord, useApi, useListState } from '@tongchou/ui'
import { Link } from 'react-router'

interface Relation {
  id: string
  kind: { id: string; title: string }
  subject: { kind: string; id: string; name: string }
  person: { id: string; name: string; username: string | null }
  within: { id: string; name: string } | null
  validFrom: string
  validTo: string | null
  state: 'standing' | 'coming' | 'ended'
  grantedBy: string
  endReason: string | null
}

const filters: readonly ListFilter[] = [
  { name: 'q', label: '姓名、用户名或单位', kind: 'text' },
  {
    name: 'state',
    label: '状态',
    kind: 'select',
    options: [
      { value: 'standing', label: '有效' },
      { value: 'coming', label: '未生效' },
      { value: 'ended', label: '已终止' },
    ],
  },
]

const columns: readonly ListColumn<Relation>[] = [
  { key: 'person', title: '姓名', render: (row) => row.person.name },
  { key: 'username', title: '用户名', render: (row) => row.person.username ?? '未开通' },
  { key: 'kind', title: '类别', render: (row) => row.kind.title },
  { key: 'subject', title: '所属单位', render: (row) => <Subject subject={row.subject} /> },
  { key: 'within', title: '范围', render: (row) => (row.within ? `仅限${row.within.name}` : '全部合同') },
  { key: 'validFrom', title: '生效日期', render: (row) => <CivilDate value={row.validFrom} table /> },
  { key: 'validTo', title: '终止日期', render: (row) => (row.validTo ? <CivilDate value={row.validTo} table /> : '长期') },
  { key: 'state', title: '状态', render: (row) => <RelationState state={row.state} /> },
  { key: 'grantedBy', title: '授权人', render: (row) => row.grantedBy },
  { key: 'endReason', title: '终止原因', render: (row) => row.endReason ?? '', shown: 'hidden' },
]

/** 外部经办人: who acts for an enterprise here, granted by whom. Granted and ended on the page of the enterprise. */
export function RelationsPage() {
  const state = useListState(filters)
  const list = useApi<ListPage<Relation>>('/api/v1/relations', state.query)
  return (
    <Page
      title="外部经办人"
      lead="不在政务部门任职、代表企业办理的人员。经办关系在企业页面授予和终止；各单位看本单位授权的，市大数据中心看全部。"
    >
      <ListTable
        label="外部经办人"
        id="relations"
        operation="listRelations"
        query={list}
        state={state}
        filters={filters}
        columns={columns}
        rowKey={(row) => row.id}
        empty={{ what: '尚无外部经办人', hint: '在企业名录中打开承建单位，授予经办关系。', act: <Link to="/enterprises">企业名录</Link> }}
      />
    </Page>
  )
}

function Subject({ subject }: { subject: Relation['subject'] }) {
  return subject.kind === 'enterprise' ? <Link to={`/enterprises/${subject.id}`}>{subject.name}</Link> : subject.name
}

function RelationState({ state }: { state: Relation['state'] }) {
  if (state === 'standing') return <StateWord text="有效" tone="good" />
  return state === 'coming' ? <StateWord text="未生效" tone="soon" /> : <StateWord text="已终止" />
}
