import type { ListPage } from '@tongchou/api-client'
import { purposeWords } from '@tongchou/metadata'
import { type ListColumn, type ListFilter, ListTable, Moment, Page, useApi, useListState } from '@tongchou/ui'
import { groundWords } from '../words.ts'
import type { OwnLook } from './libraries-api.ts'

const filters: readonly ListFilter[] = [
  { name: 'org', label: '查阅单位', kind: 'text' },
  { name: 'purpose', label: '用途', kind: 'select', options: Object.entries(purposeWords).map(([value, label]) => ({ value, label })) },
  { name: 'from', label: '开始日期', kind: 'date' },
  { name: 'to', label: '截止日期', kind: 'date' },
]

const untold = <span className="tc-muted">未记录</span>

const columns: readonly ListColumn<OwnLook>[] = [
  { key: 'at', title: '时间', render: (look) => <Moment at={look.at} /> },
  { key: 'org', title: '查阅单位', render: (look) => look.orgName },
  { key: 'post', title: '岗位', render: (look) => look.postTitle ?? untold },
  { key: 'duties', title: '职责', shown: 'hidden', render: (look) => look.duties ?? untold },
  { key: 'resource', title: '数据资源', render: (look) => look.resource },
  { key: 'items', title: '信息项', wide: true, render: (look) => `${look.items.join('、')}${look.masked ? '（号码已脱敏）' : ''}` },
  { key: 'masked', title: '号码显示', shown: 'hidden', render: (look) => (look.masked ? '已脱敏' : '全部显示') },
  { key: 'purpose', title: '用途', render: (look) => purposeWords[look.purpose] },
  { key: 'note', title: '事由', wide: true, render: (look) => look.note ?? untold },
  { key: 'ground', title: '依据', wide: true, render: (look) => (look.ground ? groundWords[look.ground] : untold) },
]

/** 谁查看了我的数据: which office looked at the citizen's own records, when, at which items and what for. */
export function OwnLooksPage() {
  const state = useListState(filters)
  const list = useApi<ListPage<OwnLook>>('/api/v1/record-looks/own', state.query)
  return (
    <Page title="谁查看了我的数据" lead="各单位在本平台查阅本人数据的记录，最近的在前。每次查阅都须说明用途和事由。">
      <ListTable
        label="查阅记录"
        id="own-looks"
        operation="listOwnLooks"
        query={list}
        state={state}
        filters={filters}
        columns={columns}
        rowKey={(look) => look.id}
        empty={{ what: '没有查阅记录', hint: '本人的数据在本平台未被查阅过，或平台上没有本人的数据。' }}
      />
    </Page>
  )
}
