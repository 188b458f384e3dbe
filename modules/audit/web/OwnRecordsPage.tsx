import type { ListPage } from '@tongchou/api-client'
import { type ListFilter, ListTable, optionsOf, Page, useApi, useListState } from '@tongchou/ui'
import { Link } from 'react-router'
import { type AuditEvent, outcomeWords } from './audit-api.ts'
import { At, commonColumns, requestColumns, Thing } from './event-columns.tsx'
import './audit.css'

const filters: readonly ListFilter[] = [
  { name: 'outcome', label: '结果', kind: 'select', options: optionsOf(outcomeWords) },
  { name: 'from', label: '起始日期', kind: 'date' },
  { name: 'to', label: '截止日期', kind: 'date' },
]

/** 我的操作记录: one's own acts, refusals, looks and sign-ins. */
export function OwnRecordsPage() {
  const state = useListState(filters)
  const query = useApi<ListPage<AuditEvent>>('/api/v1/me/audit', state.query)
  return (
    <Page title="我的操作记录" lead="本人的办理、查阅和登录。发现不是本人所为的，请立即修改口令并告知安全管理员。">
      <ListTable<AuditEvent, ListPage<AuditEvent>>
        label="我的操作记录"
        id="own-records"
        operation="listOwnAuditEvents"
        query={query}
        state={state}
        filters={filters}
        rowKey={(event) => String(event.seq)}
        columns={[
          { key: 'at', title: '时间', render: (event) => <At event={event} /> },
          ...commonColumns,
          { key: 'org', title: '所在单位', render: (event) => event.orgName },
          { key: 'subject', title: '对象', render: (event) => <Thing event={event} linked /> },
          ...requestColumns,
          { key: 'receipt', title: '凭证', act: true, render: (event) => <Link to={`/evidence?event=${event.seq}`}>存证凭证</Link> },
        ]}
        empty={{ what: '尚无操作记录', hint: '登录后的办理和查阅列在这里。' }}
      />
    </Page>
  )
}
