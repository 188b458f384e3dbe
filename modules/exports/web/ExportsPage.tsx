// SPDX-License-Identifier: Apache-2.0
import { useQueryClient } from '@tanstack/react-query'
import { apiPost, type ListPage } from '@tongchou/api-client'
import {
  ActError,
  ExportBar,
  type ExportView,
  exportFileHref,
  type ListColumn,
  ListTable,
  Moment,
  Page,
  StateWord,
  type Tone,
  useAct,
  useApi,
  useListState,
} from '@tongchou/ui'
import { Button } from 'antd'
import { useEffect } from 'react'

const path = '/api/v1/exports'
const stateWords: Readonly<Record<ExportView['state'], { text: string; tone: Tone }>> = {
  running: { text: '导出中', tone: 'now' },
  ready: { text: '已完成', tone: 'good' },
  cancelled: { text: '已停止', tone: 'plain' },
  failed: { text: '未完成', tone: 'bad' },
  expired: { text: '已过期', tone: 'plain' },
}

const columns: readonly ListColumn<ExportView>[] = [
  { key: 'title', title: '列表', render: (row) => row.title },
  { key: 'filters', title: '筛选条件', render: (row) => <Filters row={row} /> },
  { key: 'state', title: '状态', render: (row) => <State row={row} /> },
  { key: 'rows', title: '条数', align: 'right', render: (row) => row.doneCount },
  { key: 'requested', title: '导出时间', render: (row) => <Moment at={row.requestedAt} /> },
  { key: 'expires', title: '保留至', render: (row) => (row.state === 'ready' || row.state === 'expired') && <Moment at={row.expiresAt} /> },
  { key: 'acts', title: '办理', act: true, render: (row) => <Acts row={row} /> },
]

/** 导出记录: what one has taken along at the current post, and what is still being made. */
export function ExportsPage() {
  const state = useListState([])
  const query = useApi<ListPage<ExportView>>(path, state.query)
  const running = query.data?.items.some((row) => row.state === 'running') ?? false
  useRefresh(running)
  return (
    <Page title="导出记录" lead="本人在当前岗位导出的列表。文件保留七天；正在进行的导出在关闭网页后继续。">
      <ListTable
        label="导出记录"
        id="exports"
        operation="listExports"
        query={query}
        state={state}
        filters={[]}
        columns={columns}
        rowKey={(row) => row.id}
        empty={{ what: '还没有导出', hint: '在任一列表上选择“导出当前列表”，导出的文件和进度列在这里。' }}
      />
    </Page>
  )
}

/** Looks again every second while something is under way. */
function useRefresh(running: boolean): void {
  const queries = useQueryClient()
  useEffect(() => {
    if (!running) return
    const timer = setInterval(() => void queries.invalidateQueries({ queryKey: [path] }), 1000)
    return () => clearInterval(timer)
  }, [running, queries])
}

function Filters({ row }: { row: ExportView }) {
  if (row.filters.length === 0) return <span className="tc-muted">无</span>
  return row.filters.map((filter) => `${filter.title}：${filter.value}`).join('；')
}

function State({ row }: { row: ExportView }) {
  return (
    <>
      <StateWord {...stateWords[row.state]} />
      {row.state === 'running' && <ExportBar done={row.doneCount} total={row.totalCount} />}
      {row.failure && <p>{row.failure}</p>}
    </>
  )
}

function Acts({ row }: { row: ExportView }) {
  const stop = useAct((_: null, idempotencyKey) => apiPost(`${path}/${row.id}/cancellation`, {}, { idempotencyKey }))
  if (row.state === 'ready')
    return (
      <a className="tc-act" href={exportFileHref(row.id)} download={row.fileName}>
        下载
      </a>
    )
  if (row.state !== 'running') return null
  return (
    <>
      <Button size="small" loading={stop.isPending} onClick={() => stop.mutate(null)}>
        停止
      </Button>
      <ActError error={stop.error} act="停止导出" />
    </>
  )
}
