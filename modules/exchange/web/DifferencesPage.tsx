import { apiPost, type ListPage } from '@tongchou/api-client'
import { type Purpose, purposeWords } from '@tongchou/metadata'
import {
  ActError,
  holdsDuty,
  type ListFilter,
  ListTable,
  optionsOf,
  Page,
  PurposeInputs,
  purposeOf,
  QueryView,
  type Said,
  useAct,
  useApi,
  useListState,
  useSession,
} from '@tongchou/ui'
import { Button } from 'antd'
import { type FormEvent, useState } from 'react'
import { useParams } from 'react-router'
import { differenceWords } from '../words.ts'
import type { Channel, DifferenceLine } from './exchange-api.ts'
import './exchange.css'

/** 对账差异: records that differed between a channel's source and the center's copy, each by its key. */
export function DifferencesPage() {
  const { id = '', reconciliation = '' } = useParams()
  const query = useApi<Channel>(`/api/v1/channels/${id}`)
  return (
    <QueryView query={query} what="交换通道" page>
      {(channel) => <Shown channel={channel} run={reconciliation} />}
    </QueryView>
  )
}

const filters: ListFilter[] = [{ name: 'kind', label: '差异', kind: 'select', options: optionsOf(differenceWords) }]

function Shown({ channel, run }: { channel: Channel; run: string }) {
  const state = useListState(filters)
  const query = useApi<ListPage<DifferenceLine>>(`/api/v1/channels/${channel.id}/reconciliations/${run}/differences`, state.query)
  const [said, setSaid] = useState<Said<Purpose>>({ purpose: undefined, note: '' })
  const looking = useAct((body: object) =>
    apiPost<{ items: DifferenceLine[] }>(`/api/v1/channels/${channel.id}/reconciliations/${run}/looks`, body),
  )
  const known = new Map(looking.data?.items.map(({ number, key }) => [number, key]))
  const hidden = (query.data?.items ?? []).filter(({ number, withheld }) => withheld && !known.has(number))
  const mayLook = holdsDuty(useSession(), ['data-steward', 'big-data-center'])
  const submit = (event: FormEvent) => {
    event.preventDefault()
    looking.mutate({ ...purposeOf(said), numbers: hidden.map(({ number }) => number) })
  }
  return (
    <Page
      title={`${channel.name}：对账差异`}
      lead="只列主键，不列内容，至多5000条，保留180天。主键指向个人的，填写用途和事由后查看，每次查看逐人留痕。"
      breadcrumb={[
        { label: '交换通道', href: '/channels' },
        { label: channel.name, href: `/channels/${channel.id}` },
        { label: '对账', href: `/channels/${channel.id}/reconciliations` },
        { label: '差异' },
      ]}
    >
      {mayLook && hidden.length > 0 && (
        <form className="tc-difference-look" onSubmit={submit} noValidate>
          <PurposeInputs words={purposeWords} {...said} onChange={setSaid} />
          <Button htmlType="submit" loading={looking.isPending}>
            查看本页主键
          </Button>
        </form>
      )}
      <ActError act="查看本页主键" error={looking.error} />
      <ListTable<DifferenceLine, ListPage<DifferenceLine>>
        label="对账差异清单"
        id="reconciliation-differences"
        operation="listReconciliationDifferences"
        params={{ id: channel.id, reconciliation: run }}
        query={query}
        state={state}
        filters={filters}
        rowKey={(row) => String(row.number)}
        columns={[
          { key: 'number', title: '次序', sort: 'number', render: (row) => row.number },
          { key: 'kind', title: '差异', render: (row) => differenceWords[row.kind] },
          { key: 'key', title: '主键', render: (row) => row.key ?? known.get(row.number) ?? <span className="tc-muted">不列</span> },
        ]}
        empty={{ what: '没有差异', hint: '来源与中心的副本一致，或差异已超过保留期。' }}
      />
    </Page>
  )
}
