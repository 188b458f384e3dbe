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
import { attentionWords, subscriptionWords } from '../words.ts'
import { readers, type SubscriptionLine, subscriptionTones } from './exchange-api.ts'

/** 数据订阅: who receives what was granted to him, how far he is, and why he stopped. */
export function SubscriptionsPage() {
  const session = useSession()
  if (!holdsDuty(session, readers))
    return (
      <Page title="数据订阅">
        <Forbidden duty={readers} act="查看数据订阅" />
      </Page>
    )
  return <Subscriptions />
}

const filters: ListFilter[] = [
  { name: 'orgId', label: '接收单位', kind: 'reference', of: 'organisation' },
  { name: 'providerId', label: '提供单位', kind: 'reference', of: 'organisation' },
  { name: 'attention', label: '需关注', kind: 'select', options: optionsOf(attentionWords) },
]

const none = <span className="tc-muted">尚无</span>

function Subscriptions() {
  const state = useListState(filters)
  const query = useApi<ListPage<SubscriptionLine>>('/api/v1/subscriptions', state.query)
  return (
    <Page title="数据订阅" lead="接收单位的前置程序按授权接收数据。授权暂停、收回或者到期的，接收随即停止。">
      <ListTable<SubscriptionLine, ListPage<SubscriptionLine>>
        label="数据订阅清单"
        id="subscriptions"
        operation="listSubscriptions"
        query={query}
        state={state}
        filters={filters}
        rowKey={(row) => row.id}
        columns={[
          { key: 'resource', title: '数据资源', render: (row) => <Link to={`/sharing/grants/${row.id}`}>{row.resource.title}</Link> },
          { key: 'org', title: '接收单位', render: (row) => row.org.name },
          { key: 'provider', title: '提供单位', render: (row) => row.provider.name },
          {
            key: 'state',
            title: '状态',
            render: (row) =>
              row.refusal !== null && row.state !== 'ended' ? (
                <StateWord text={attentionWords.refused} tone="bad" />
              ) : (
                <StateWord text={subscriptionWords[row.state]} tone={subscriptionTones[row.state]} />
              ),
          },
          { key: 'seen', title: '最近接收', render: (row) => (row.seenAt ? <Moment at={row.seenAt} /> : none) },
          { key: 'position', title: '已接收变更', align: 'right', render: (row) => row.position },
          {
            key: 'behind',
            title: '待接收变更',
            align: 'right',
            render: (row) => row.behind ?? <span className="tc-muted">{row.loadedAt === null ? '未完成加载' : '不显示'}</span>,
          },
          { key: 'refusal', title: '停止原因', render: (row) => row.refusal?.message ?? '' },
          {
            key: 'valid',
            title: '授权有效期至',
            render: (row) => (row.validUntil ? <CivilDate value={row.validUntil} table /> : <span className="tc-muted">已失效</span>),
          },
          { key: 'number', title: '订阅编号', align: 'right', shown: 'hidden', render: (row) => row.number },
        ]}
        empty={{ what: '尚无数据订阅', hint: '取得订阅方式的授权后，接收单位的前置程序首次接收时列在这里。' }}
      />
    </Page>
  )
}
