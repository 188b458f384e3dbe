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
import { alarmWords, differing, stateWords } from '../words.ts'
import { Alarms } from './Alarms.tsx'
import { type ChannelLine, keepers, readers, stateTones, watchers } from './exchange-api.ts'
import { LastReconciled } from './LastReconciled.tsx'

/** 交换通道: by which machines records come in, and how each of them does. */
export function ChannelsPage() {
  const session = useSession()
  if (!holdsDuty(session, readers))
    return (
      <Page title="交换通道">
        <Forbidden duty={readers} act="查看交换通道" />
      </Page>
    )
  return <Channels mayKeep={holdsDuty(session, keepers)} mayWatch={holdsDuty(session, watchers)} />
}

const none = <span className="tc-muted">尚无</span>

function Channels({ mayKeep, mayWatch }: { mayKeep: boolean; mayWatch: boolean }) {
  const filters: ListFilter[] = [
    { name: 'q', label: '通道名称', kind: 'text', width: 200 },
    { name: 'state', label: '状态', kind: 'select', options: optionsOf(stateWords) },
    { name: 'alarm', label: '告警', kind: 'select', options: optionsOf(alarmWords) },
    { name: 'orgId', label: '提供单位', kind: 'reference', of: 'organisation' },
  ]
  const state = useListState(filters)
  const query = useApi<ListPage<ChannelLine>>('/api/v1/channels', state.query)
  const create = (
    <ActLink first to="/channels/new">
      建立通道
    </ActLink>
  )
  return (
    <Page
      title="交换通道"
      lead="提供单位的前置程序经通道报送数据。更新周期为目录所承诺的，逾期按工作日历计算。"
      actions={
        <>
          {mayWatch && <ActLink to="/channel-monitor">通道监控</ActLink>}
          {mayKeep && create}
        </>
      }
    >
      <ListTable<ChannelLine, ListPage<ChannelLine>>
        label="交换通道清单"
        id="channels"
        operation="listChannels"
        query={query}
        state={state}
        filters={filters}
        rowKey={(row) => row.id}
        columns={[
          { key: 'name', title: '通道名称', render: (row) => <Link to={`/channels/${row.id}`}>{row.name}</Link> },
          { key: 'org', title: '提供单位', render: (row) => row.org.name },
          { key: 'resource', title: '数据资源', render: (row) => row.resource.title },
          { key: 'state', title: '状态', render: (row) => <StateWord text={stateWords[row.state]} tone={stateTones[row.state]} /> },
          { key: 'alarms', title: '告警', render: (row) => <Alarms alarms={row.alarms} isSuspended={row.state === 'suspended'} /> },
          { key: 'last', title: '最近接收', sort: 'last', render: (row) => (row.lastAt ? <Moment at={row.lastAt} /> : none) },
          { key: 'rows', title: '今日行数', align: 'right', render: (row) => row.rowsToday },
          { key: 'open', title: '问题数据', align: 'right', render: (row) => row.openLines },
          { key: 'refused', title: '今日退回批次', align: 'right', shown: 'hidden', render: (row) => row.refusedToday },
          { key: 'cycle', title: '更新周期', shown: 'hidden', render: (row) => row.cycle ?? <span className="tc-muted">未承诺</span> },
          {
            key: 'due',
            title: '应更新时间',
            render: (row) => (row.dueAt ? <Moment at={row.dueAt} /> : <span className="tc-muted">不限</span>),
          },
          {
            key: 'confirmed',
            title: '最近更新',
            shown: 'hidden',
            render: (row) => (row.confirmedAt ? <Moment at={row.confirmedAt} /> : none),
          },
          { key: 'reconciled', title: '最近对账', shown: 'hidden', render: (row) => <LastReconciled of={row.reconciliation} /> },
          {
            key: 'differing',
            title: '对账差异',
            align: 'right',
            shown: 'hidden',
            render: (row) => differing(row.reconciliation) ?? <span className="tc-muted">尚未对账</span>,
          },
          { key: 'failed', title: '退回自', shown: 'hidden', render: (row) => (row.failedAt ? <Moment at={row.failedAt} /> : none) },
          { key: 'updated', title: '更新时间', shown: 'hidden', render: (row) => <Moment at={row.updatedAt} /> },
          { key: 'number', title: '通道编号', sort: 'number', align: 'right', shown: 'hidden', render: (row) => row.number },
        ]}
        empty={{
          what: '尚无交换通道',
          hint: '目录登记并建库后，由市大数据中心为提供单位建立通道。',
          ...(mayKeep ? { act: create } : {}),
        }}
      />
    </Page>
  )
}
