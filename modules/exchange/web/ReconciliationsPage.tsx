import type { ListPage } from '@tongchou/api-client'
import { ListTable, Moment, Page, QueryView, StateWord, type Tone, useApi, useListState } from '@tongchou/ui'
import { Link, useParams } from 'react-router'
import { differing, mannerWords, repairWords } from '../words.ts'
import type { Channel, Reconciliation } from './exchange-api.ts'

/** 对账: each time that a channel's source was held against the center's copy, what was found and whether it was mended. */
export function ReconciliationsPage() {
  const { id = '' } = useParams()
  const query = useApi<Channel>(`/api/v1/channels/${id}`)
  return (
    <QueryView query={query} what="交换通道" page>
      {(channel) => <Shown channel={channel} />}
    </QueryView>
  )
}

const unfinished = <span className="tc-muted">未完成</span>
const orUnfinished = (count: number | null) => count ?? unfinished

function Shown({ channel }: { channel: Channel }) {
  const state = useListState([])
  const query = useApi<ListPage<Reconciliation>>(`/api/v1/channels/${channel.id}/reconciliations`, state.query)
  return (
    <Page
      title={`${channel.name}：对账`}
      lead="前置程序按摘要核对来源与中心的副本，不传记录；不一致的按常规重报，随后复核。报送途中的变动不算差异。"
      breadcrumb={[{ label: '交换通道', href: '/channels' }, { label: channel.name, href: `/channels/${channel.id}` }, { label: '对账' }]}
    >
      <ListTable<Reconciliation, ListPage<Reconciliation>>
        label="对账清单"
        id="reconciliations"
        operation="listReconciliations"
        params={{ id: channel.id }}
        query={query}
        state={state}
        filters={[]}
        rowKey={(row) => row.id}
        columns={[
          { key: 'begun', title: '开始时间', render: (row) => <Moment at={row.begunAt} /> },
          { key: 'ended', title: '完成时间', render: (row) => (row.endedAt ? <Moment at={row.endedAt} /> : unfinished) },
          { key: 'seq', title: '比到日志序号', align: 'right', render: (row) => orUnfinished(row.seq) },
          { key: 'compared', title: '来源记录', align: 'right', render: (row) => orUnfinished(row.compared) },
          { key: 'onlySource', title: '只在来源', align: 'right', render: (row) => orUnfinished(row.onlySource) },
          { key: 'onlyCenter', title: '只在中心', align: 'right', render: (row) => orUnfinished(row.onlyCenter) },
          { key: 'different', title: '内容不同', align: 'right', render: (row) => orUnfinished(row.different) },
          { key: 'quarantined', title: '问题数据', align: 'right', render: (row) => orUnfinished(row.quarantined) },
          { key: 'moving', title: '变动中', align: 'right', shown: 'hidden', render: (row) => orUnfinished(row.moving) },
          { key: 'by', title: '核对方式', shown: 'hidden', render: (row) => mannerWords[row.by] },
          { key: 'repair', title: '修复', render: (row) => <Outcome run={row} /> },
          {
            key: 'repaired',
            title: '修复后一致',
            shown: 'hidden',
            render: (row) => (row.repairedAt ? <Moment at={row.repairedAt} /> : <span className="tc-muted">无</span>),
          },
          {
            key: 'keys',
            title: '差异主键',
            act: true,
            render: (row) =>
              (differing(row) ?? 0) > 0 && (
                <Link to={`/channels/${channel.id}/reconciliations/${row.id}`} aria-label={`第 ${row.number} 次对账的差异`}>
                  差异
                </Link>
              ),
          },
          { key: 'number', title: '对账次序', sort: 'number', align: 'right', shown: 'hidden', render: (row) => row.number },
        ]}
        empty={{ what: '尚未对账', hint: '前置程序每日与中心对账一次；也可停止前置程序后执行 tongchou agent reconcile。' }}
      />
    </Page>
  )
}

function Outcome({ run }: { run: Reconciliation }) {
  if (run.repair === null) return unfinished
  if (run.repair === 'none') return <StateWord text="一致" tone="good" />
  const tone: Tone = run.repair === 'held' ? 'bad' : 'soon'
  return run.repairedAt ? <StateWord text="已修复" tone="good" /> : <StateWord text={repairWords[run.repair]} tone={tone} />
}
