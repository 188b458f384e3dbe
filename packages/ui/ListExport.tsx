// SPDX-License-Identifier: Apache-2.0

import { useQuery } from '@tanstack/react-query'
import { apiGet, apiPost } from '@tongchou/api-client'
import { Button } from 'antd'
import { useEffect, useState } from 'react'
import { createPortal } from 'react-dom'
import { Link } from 'react-router'
import { useAct } from './data.ts'
import { reasonOf } from './states.tsx'

/** An export (导出), as the API shows it. */
export interface ExportView {
  id: string
  title: string
  filters: readonly { title: string; value: string }[]
  state: 'running' | 'ready' | 'cancelled' | 'failed' | 'expired'
  totalCount: number | null
  doneCount: number
  failure: string | null
  fileName: string
  requestedAt: string
  expiresAt: string
}

/** Where the file of an export is; a plain link, so that the browser keeps it as it keeps every file. */
export function exportFileHref(id: string): string {
  return `/api/v1/exports/${id}/file`
}

export interface ListExportProps {
  list: string
  /** What stands in the list's address. */
  params?: Readonly<Record<string, string>> | undefined
  query: Readonly<Record<string, string>>
  columns: readonly string[]
  disabled: boolean
}

/** 导出当前列表: a short list is a download at once, a long one goes on in the background with its progress in view. */
export function ListExport({ list, params = {}, query, columns, disabled }: ListExportProps) {
  const [followed, setFollowed] = useState<ExportView>()
  const start = useAct(async (wish: object, idempotencyKey) => {
    const made = await apiPost<ExportView>('/api/v1/exports', wish, { idempotencyKey, timeoutMs: 60_000 })
    if (made.state === 'ready') save(made)
    else setFollowed(made)
    return made
  })
  const filled = Object.fromEntries(Object.entries(query).filter(([, value]) => value !== ''))
  return (
    <>
      <Button
        loading={start.isPending}
        disabled={disabled}
        onClick={() => start.mutate({ list, params, query: filled, columns: [...columns] })}
      >
        导出当前列表
      </Button>
      {start.error && (
        <span className="tc-field-error" role="alert">
          未能导出：{reasonOf(start.error)}
        </span>
      )}
      {followed && <ExportProgress begun={followed} onClose={() => setFollowed(undefined)} />}
    </>
  )
}

function save({ id, fileName }: ExportView): void {
  const link = document.createElement('a')
  link.href = exportFileHref(id)
  link.download = fileName
  document.body.append(link)
  link.click()
  link.remove()
}

/** How far a long export is: what is done, what is left, and a way to stop. It goes on when this or the whole page is closed. */
function ExportProgress({ begun, onClose }: { begun: ExportView; onClose: () => void }) {
  const { data } = useQuery({
    queryKey: ['export', begun.id],
    queryFn: ({ signal }) => apiGet<ExportView>(`/api/v1/exports/${begun.id}`, { signal }),
    refetchInterval: ({ state }) => (state.data && state.data.state !== 'running' ? false : 1000),
  })
  const now = data ?? begun
  const stop = useAct((_: null, idempotencyKey) => apiPost(`/api/v1/exports/${begun.id}/cancellation`, {}, { idempotencyKey }))
  const [saved, setSaved] = useState(false)
  useEffect(() => {
    if (now.state !== 'ready' || saved) return
    setSaved(true)
    save(now)
  }, [now, saved])
  return createPortal(
    <section className="tc-progress" aria-label="导出进度">
      <output>{progressWords(now)}</output>
      {now.state === 'running' && <ExportBar done={now.doneCount} total={now.totalCount} />}
      {stop.error && (
        <span className="tc-field-error" role="alert">
          未能停止：{reasonOf(stop.error)}
        </span>
      )}
      <div className="tc-progress-acts">
        {now.state === 'running' && (
          <Button loading={stop.isPending} onClick={() => stop.mutate(null)}>
            停止
          </Button>
        )}
        {now.state === 'ready' && (
          <a href={exportFileHref(now.id)} download={now.fileName}>
            再次下载
          </a>
        )}
        <Link to="/exports">导出记录</Link>
        <Button type="text" onClick={onClose}>
          关闭
        </Button>
      </div>
    </section>,
    document.body,
  )
}

/** A bar with its numbers; without a total it only shows that work is going on. */
export function ExportBar({ done, total }: { done: number; total: number | null }) {
  return total === null ? (
    <progress aria-label="已导出条数" />
  ) : (
    <progress aria-label="已导出条数" value={Math.min(done, total)} max={Math.max(total, 1)} />
  )
}

/** Where an export stands, in one sentence. */
export function progressWords({ title, state, doneCount, totalCount, failure }: ExportView): string {
  switch (state) {
    case 'running': {
      const left = totalCount === null ? '' : `，共 ${totalCount} 条，还剩 ${Math.max(totalCount - doneCount, 0)} 条`
      return `正在导出“${title}”：已写入 ${doneCount} 条${left}。关闭本页后继续导出，完成后发送消息。`
    }
    case 'ready':
      return `“${title}”已导出，共 ${doneCount} 条。`
    case 'cancelled':
      return `“${title}”的导出已停止，没有生成文件。`
    case 'failed':
      return `“${title}”未能导出：${failure ?? ''}`
    case 'expired':
      return `“${title}”的导出文件已过保留期。`
  }
}
