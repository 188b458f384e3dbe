import type { ListPage } from '@tongchou/api-client'
import {
  ActLink,
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
import { faultWords, methodWords, standingWords } from '../words.ts'
import { doorReaders, type InterfaceLine, readers, standingTones } from './interfaces-api.ts'

/** 部门接口: interfaces of departments that granted queries pass through to, and how each of them does. */
export function InterfacesPage() {
  const session = useSession()
  return (
    <Page
      title="部门接口"
      lead="共享方式为接口的资源，由提供方的接口答复获得授权的单位。数据专员在目录页登记，市大数据中心核准后可以调用。"
      actions={holdsDuty(session, doorReaders) && <ActLink to="/interface-addresses">接口允许地址</ActLink>}
    >
      {holdsDuty(session, readers) ? <Interfaces /> : <Forbidden duty={readers} act="查看部门接口" />}
    </Page>
  )
}

const filters: ListFilter[] = [
  { name: 'standing', label: '状态', kind: 'select', options: optionsOf(standingWords) },
  { name: 'orgId', label: '提供单位', kind: 'reference', of: 'organisation' },
]

function Interfaces() {
  const state = useListState(filters)
  const query = useApi<ListPage<InterfaceLine>>('/api/v1/interfaces', state.query)
  return (
    <ListTable<InterfaceLine, ListPage<InterfaceLine>>
      label="部门接口清单"
      id="interfaces"
      operation="listInterfaces"
      query={query}
      state={state}
      filters={filters}
      rowKey={(row) => row.id}
      columns={[
        { key: 'title', title: '数据资源', render: (row) => <Link to={`/interfaces/${row.id}`}>{row.title}</Link> },
        { key: 'org', title: '提供单位', render: (row) => row.org.name },
        {
          key: 'standing',
          title: '状态',
          render: (row) => <StateWord text={standingWords[row.standing]} tone={standingTones[row.standing]} />,
        },
        { key: 'calls', title: '今日调用', align: 'right', render: (row) => row.callsToday },
        { key: 'faults', title: '今日故障', align: 'right', render: (row) => row.faultsToday },
        {
          key: 'last',
          title: '最近调用',
          render: (row) => (row.lastAt ? <Moment at={row.lastAt} /> : <span className="tc-muted">尚无</span>),
        },
        {
          key: 'fault',
          title: '最近调用的故障',
          render: (row) =>
            row.lastFault ? <StateWord text={faultWords[row.lastFault]} tone="bad" /> : <span className="tc-muted">无</span>,
        },
        { key: 'address', title: '接口地址', shown: 'hidden', render: (row) => row.address },
        { key: 'method', title: '方式', shown: 'hidden', render: (row) => methodWords[row.method] },
        { key: 'updated', title: '更新时间', shown: 'hidden', render: (row) => <Moment at={row.updatedAt} /> },
        { key: 'number', title: '接口编号', align: 'right', shown: 'hidden', render: (row) => row.number },
      ]}
      empty={{ what: '尚无部门接口', hint: '共享方式为接口的目录登记后，由提供方的数据专员在目录页登记接口。' }}
    />
  )
}
