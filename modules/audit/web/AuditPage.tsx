import type { ListPage } from '@tongchou/api-client'
import { Forbidden, holdsDuty, type ListFilter, ListTable, optionsOf, Page, useApi, useListState, useSession } from '@tongchou/ui'
import { Button } from 'antd'
import { useState } from 'react'
import { type AuditAction, type AuditEvent, outcomeWords, readers } from './audit-api.ts'
import { ChainLine } from './ChainLine.tsx'
import { EventDrawer } from './EventDrawer.tsx'
import { At, commonColumns, requestColumns, Thing } from './event-columns.tsx'
import './audit.css'

/** 审计日志: who did, who was refused, who looked. */
export function AuditPage() {
  const session = useSession()
  if (!holdsDuty(session, readers)) {
    return (
      <Page title="审计日志">
        <Forbidden duty={readers} act="查看审计日志" />
      </Page>
    )
  }
  return <EventList linked={holdsDuty(session, ['audit'])} />
}

function EventList({ linked }: { linked: boolean }) {
  const [opened, setOpened] = useState<number | null>(null)
  const actions = useApi<ListPage<AuditAction>>('/api/v1/audit/actions')
  const filters = filtersOf(actions.data?.items ?? [])
  const state = useListState(filters)
  const query = useApi<ListPage<AuditEvent>>('/api/v1/audit/events', state.query)
  return (
    <Page title="审计日志" lead="办理、被拒绝和查阅均有记录。查询条件和打开的记录同样记入日志。">
      <ChainLine />
      <ListTable<AuditEvent, ListPage<AuditEvent>>
        label="审计日志"
        id="audit-events"
        operation="listAuditEvents"
        query={query}
        state={state}
        filters={filters}
        rowKey={(event) => String(event.seq)}
        columns={[
          {
            key: 'at',
            title: '时间',
            render: (event) => (
              <Button type="link" size="small" className="tc-audit-open" onClick={() => setOpened(event.seq)}>
                <At event={event} />
              </Button>
            ),
          },
          { key: 'person', title: '人员', render: (event) => event.personName ?? '未登录' },
          { key: 'org', title: '单位', render: (event) => event.orgName },
          ...commonColumns,
          { key: 'subject', title: '对象', render: (event) => <Thing event={event} linked={linked} /> },
          ...requestColumns,
        ]}
        empty={{ what: '没有审计记录', hint: '每一次办理、被拒绝和查阅都记在这里。' }}
      />
      <EventDrawer seq={opened} linked={linked} onOpen={setOpened} onClose={() => setOpened(null)} />
    </Page>
  )
}

function filtersOf(actions: readonly AuditAction[]): ListFilter[] {
  const modules = Object.fromEntries(actions.map(({ module, moduleName }) => [module, moduleName]))
  const titles = actions.map(({ action, title, moduleName }) => ({ value: action, label: `${title}（${moduleName}）` }))
  return [
    { name: 'person', label: '人员姓名', kind: 'text', width: 120 },
    { name: 'orgId', label: '单位', kind: 'reference', of: 'organisation', width: 160 },
    { name: 'module', label: '业务', kind: 'select', options: optionsOf(modules) },
    { name: 'action', label: '操作', kind: 'select', width: 180, options: titles },
    { name: 'outcome', label: '结果', kind: 'select', width: 100, options: optionsOf(outcomeWords) },
    { name: 'from', label: '起始日期', kind: 'date' },
    { name: 'to', label: '截止日期', kind: 'date' },
    { name: 'subjectId', label: '对象编号', kind: 'text', width: 150 },
    { name: 'requestId', label: '请求编号', kind: 'text', width: 150 },
  ]
}
