import type { ListPage } from '@tongchou/api-client'
import {
  CivilDate,
  Forbidden,
  holdsDuty,
  type ListFilter,
  ListTable,
  Moment,
  optionsOf,
  Page,
  StateWord,
  useApi,
  useListState,
  useSession,
} from '@tongchou/ui'
import { Link } from 'react-router'
import { sideWords, standingWords, wayWords } from '../words.ts'
import { type GrantLine, readers, standingTones } from './sharing-api.ts'

const filters: ListFilter[] = [
  { name: 'side', label: '范围', kind: 'select', options: optionsOf(sideWords) },
  { name: 'standing', label: '状态', kind: 'select', options: optionsOf(standingWords) },
  { name: 'orgId', label: '使用单位', kind: 'reference', of: 'organisation' },
  { name: 'providerId', label: '提供方', kind: 'reference', of: 'organisation' },
  { name: 'until', label: '截止日期不晚于', kind: 'date' },
]

/** 授权清单: who may use what of whom, until when, and how much it was used. */
export function GrantsPage() {
  const session = useSession()
  if (!holdsDuty(session, readers))
    return (
      <Page title="授权清单">
        <Forbidden duty={readers} act="查看授权清单" />
      </Page>
    )
  return <Grants />
}

function Grants() {
  const state = useListState(filters)
  const query = useApi<ListPage<GrantLine>>('/api/v1/sharing/grants', state.query)
  return (
    <Page title="授权清单" lead="本单位取得的和给出的授权，监管部门看全部。查询次数和提供条数据实记录。">
      <ListTable<GrantLine, ListPage<GrantLine>>
        label="授权清单"
        id="sharing-grants"
        operation="listSharingGrants"
        query={query}
        state={state}
        filters={filters}
        rowKey={(row) => row.id}
        columns={[
          { key: 'resource', title: '数据资源', render: (row) => <Link to={`/sharing/grants/${row.id}`}>{row.resource.name}</Link> },
          { key: 'org', title: '使用单位', render: (row) => row.org.name },
          { key: 'provider', title: '提供方', render: (row) => row.provider.name },
          { key: 'way', title: '方式', render: (row) => wayWords[row.way] },
          { key: 'items', title: '信息项', align: 'right', render: (row) => row.itemCount },
          { key: 'purpose', title: '用途', render: (row) => row.purpose },
          {
            key: 'standing',
            title: '状态',
            render: (row) => <StateWord text={standingWords[row.standing]} tone={standingTones[row.standing]} />,
          },
          { key: 'from', title: '起始日期', shown: 'hidden', render: (row) => <CivilDate value={row.validFrom} table /> },
          { key: 'until', title: '截止日期', render: (row) => <CivilDate value={row.validUntil} table /> },
          { key: 'queries', title: '查询次数', align: 'right', render: (row) => row.queries },
          { key: 'records', title: '提供条数', align: 'right', render: (row) => row.records },
          {
            key: 'used',
            title: '最近使用',
            render: (row) => (row.lastUsedAt ? <Moment at={row.lastUsedAt} /> : <span className="tc-muted">未使用</span>),
          },
          { key: 'number', title: '授权编号', align: 'right', shown: 'hidden', render: (row) => row.number },
        ]}
        empty={{ what: '尚无授权', hint: '提供方同意共享后，授权列在这里。' }}
      />
    </Page>
  )
}
