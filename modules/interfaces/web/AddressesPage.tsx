import { apiPost, type ListPage } from '@tongchou/api-client'
import { ActForm, Forbidden, field, holdsDuty, ListTable, Moment, Page, Section, useApi, useListState, useSession } from '@tongchou/ui'
import { Button } from 'antd'
import { useState } from 'react'
import { type AddressLine, doorKeepers, doorReaders } from './interfaces-api.ts'

/** 接口允许地址: where departments' interfaces may be; nothing else is ever connected to. */
export function AddressesPage() {
  const session = useSession()
  return (
    <Page
      title="接口允许地址"
      lead="平台只连接清单中的地址，每次调用时按实际连接的 IP 地址核对。未登记的、本机和链路本地的地址一律不连接；后两类只能按单个地址登记。"
      breadcrumb={[{ label: '部门接口', href: '/interfaces' }, { label: '接口允许地址' }]}
    >
      {holdsDuty(session, doorReaders) ? (
        <Addresses mayKeep={holdsDuty(session, doorKeepers)} />
      ) : (
        <Forbidden duty={doorReaders} act="查看接口允许地址" />
      )}
    </Page>
  )
}

function Addresses({ mayKeep }: { mayKeep: boolean }) {
  const state = useListState([])
  const query = useApi<ListPage<AddressLine>>('/api/v1/interface-addresses', state.query)
  const [leaving, setLeaving] = useState<AddressLine>()
  return (
    <>
      {mayKeep && !leaving && <Permit />}
      {leaving && <Withdraw line={leaving} onDone={() => setLeaving(undefined)} />}
      <ListTable<AddressLine, ListPage<AddressLine>>
        label="接口允许地址清单"
        id="interface-addresses"
        operation="listInterfaceAddresses"
        query={query}
        state={state}
        filters={[]}
        rowKey={(row) => row.id}
        columns={[
          { key: 'address', title: '地址', render: (row) => row.address },
          { key: 'network', title: '网段', render: (row) => row.network },
          { key: 'reason', title: '事由', render: (row) => row.reason },
          { key: 'addedBy', title: '登记人', render: (row) => row.addedBy },
          { key: 'added', title: '登记时间', render: (row) => <Moment at={row.addedAt} /> },
          ...(mayKeep
            ? [
                {
                  key: 'acts',
                  title: '办理',
                  act: true as const,
                  render: (row: AddressLine) => (
                    <Button size="small" onClick={() => setLeaving(row)}>
                      撤销
                    </Button>
                  ),
                },
              ]
            : []),
        ]}
        empty={{ what: '尚无允许地址', hint: '没有登记地址时，任何部门接口都不能核准和调用。由安全管理员登记。' }}
      />
    </>
  )
}

function Permit() {
  const [round, setRound] = useState(0)
  return (
    <Section title="登记允许地址">
      <ActForm
        key={round}
        act="登记地址"
        fields={[
          field('address', '地址', {
            type: 'text',
            maxLength: 300,
            help: 'IP:端口，例如 10.20.3.4:8443；网段，例如 10.20.0.0/16；或者主机名:端口。',
          }),
          field('network', '主机名的网段', {
            type: 'text',
            maxLength: 60,
            required: false,
            help: '填写主机名的，须说明只允许解析到的网段。',
          }),
          field('reason', '事由', { type: 'text', maxLength: 200 }),
        ]}
        onDone={() => setRound(round + 1)}
        send={({ network = null, ...data }, idempotencyKey) =>
          apiPost('/api/v1/interface-addresses', { ...data, network }, { idempotencyKey })
        }
      />
    </Section>
  )
}

function Withdraw({ line, onDone }: { line: AddressLine; onDone: () => void }) {
  return (
    <Section
      title={`撤销允许地址 ${line.address}`}
      extra={
        <Button size="small" onClick={onDone}>
          返回
        </Button>
      }
    >
      <ActForm
        act="撤销地址"
        fields={[field('reason', '事由', { type: 'text', maxLength: 200 })]}
        onDone={onDone}
        send={(data, idempotencyKey) => apiPost(`/api/v1/interface-addresses/${line.id}/withdrawal`, data, { idempotencyKey })}
      >
        <p className="tc-muted">撤销后不再连接该地址，在该地址的部门接口即不能调用。</p>
      </ActForm>
    </Section>
  )
}
