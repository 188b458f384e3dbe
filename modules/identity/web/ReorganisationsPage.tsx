import type { ListPage } from '@tongchou/api-client'
import {
  ActLink,
  CivilDate,
  Forbidden,
  holdsDuty,
  type ListColumn,
  ListTable,
  Page,
  StateWord,
  useApi,
  useListState,
  useSession,
} from '@tongchou/ui'
import { Link } from 'react-router'
import { kindWords, type Reorganisation } from './reorganisation-api.ts'
import './identity.css'

const names = (sides: readonly { name: string }[]) => sides.map((side) => side.name).join('、')

const columns: readonly ListColumn<Reorganisation>[] = [
  {
    key: 'effective',
    title: '生效日期',
    render: (row) => (
      <Link to={`/reorganisations/${row.id}`}>
        <CivilDate value={row.effectiveOn} table />
      </Link>
    ),
  },
  { key: 'kind', title: '方式', render: (row) => kindWords[row.kind] },
  { key: 'from', title: '原机构', render: (row) => names(row.from) },
  { key: 'to', title: '调整后', render: (row) => names(row.to) },
  { key: 'document', title: '文号', render: (row) => row.documentNumber },
  { key: 'state', title: '状态', render: (row) => <ReorganisationState state={row.state} /> },
  { key: 'moved', title: '移交事项', align: 'right', render: (row) => row.moved },
  { key: 'reason', title: '事由', shown: 'hidden', render: (row) => row.reason },
  { key: 'by', title: '办理人', shown: 'hidden', render: (row) => row.plannedBy },
]

/** 组织调整: what has been adjusted and what is to come. */
export function ReorganisationsPage() {
  const session = useSession()
  const state = useListState([])
  const allowed = holdsDuty(session, ['system-admin', 'audit-admin'])
  const list = useApi<ListPage<Reorganisation>>(allowed ? '/api/v1/reorganisations' : null, state.query)
  const order = holdsDuty(session, ['system-admin']) && (
    <ActLink to="/reorganisations/new" first>
      办理组织调整
    </ActLink>
  )
  return (
    <Page
      title="组织调整"
      lead="机构更名、改隶、合并、拆分、撤销，依文号办理，自生效日期起生效。此前的签名和意见仍显示原机构名称。"
      actions={order}
    >
      {allowed ? (
        <ListTable
          label="组织调整列表"
          id="reorganisations"
          operation="listReorganisations"
          query={list}
          state={state}
          filters={[]}
          columns={columns}
          rowKey={(row) => row.id}
          empty={{ what: '尚无组织调整', hint: '机构改革文件印发后，在此办理，事项随之移交。', act: order }}
        />
      ) : (
        <Forbidden duty={['system-admin', 'audit-admin']} act="查看组织调整" />
      )}
    </Page>
  )
}

/** 待生效, 已生效, 已撤销. */
export function ReorganisationState({ state }: { state: Reorganisation['state'] }) {
  if (state === 'coming') return <StateWord text="待生效" tone="soon" />
  return state === 'done' ? <StateWord text="已生效" tone="good" /> : <StateWord text="已撤销" />
}
