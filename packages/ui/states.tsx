// SPDX-License-Identifier: Apache-2.0
import { ApiProblem, Unreachable } from '@tongchou/api-client'
import { Button, Skeleton } from 'antd'
import type { ReactNode } from 'react'
import { Link } from 'react-router'
import { dutyName } from './duties.ts'

/** Who could do it instead. */
export interface DutyHolder {
  name: string
  organisation: string
  href?: string
}

/** The shape of what is coming, while it comes. `what` is read out. */
export function Loading({ what = '内容', lines = 6 }: { what?: string | undefined; lines?: number | undefined }) {
  return (
    <div role="status" aria-busy="true" className="tc-loading">
      <span className="tc-hidden">正在读取{what}</span>
      <Skeleton active title={false} paragraph={{ rows: lines }} />
    </div>
  )
}

/** Nothing yet: what will be here, and the first act. */
export function Empty({ what, hint, act }: { what: string; hint?: ReactNode; act?: ReactNode }) {
  return (
    <div className="tc-state">
      <p className="tc-state-title">{what}</p>
      {hint && <p>{hint}</p>}
      {act}
    </div>
  )
}

/** It could not be read: names the object, says why, offers to try again. */
export function ErrorState({ what, error, onRetry }: { what: string; error: unknown; onRetry?: (() => void) | undefined }) {
  return (
    <div className="tc-state" role="alert">
      <p className="tc-state-title">{what}未能读取</p>
      <p>{reasonOf(error)}</p>
      {onRetry && <Button onClick={onRetry}>重新读取</Button>}
    </div>
  )
}

/** It does not exist, or may not be known to this post; the two look the same on purpose. */
export function Missing({ what }: { what: string }) {
  return (
    <div className="tc-state" role="alert">
      <p className="tc-state-title">未找到{what}</p>
      <p>该内容不存在，或者不在当前岗位的查阅范围内。任职于多个单位的，可在右上角切换岗位后再试。</p>
      <Link to="/">返回工作台</Link>
    </div>
  )
}

/** Not for this post: which duty is needed and who holds it, never what is there. */
export function Forbidden({
  duty,
  holders = [],
  act = '办理此事项',
}: {
  duty: readonly string[]
  holders?: readonly DutyHolder[]
  act?: string
}) {
  return (
    <div className="tc-state" role="alert">
      <p className="tc-state-title">当前岗位不能{act}</p>
      <p>{duty.length > 0 ? `需要${duty.map((one) => `“${dutyName(one)}”`).join('或')}职责。` : '当前岗位没有相应职责。'}</p>
      {holders.length > 0 && (
        <>
          <p>可联系以下承担该职责的人员：</p>
          <ul>
            {holders.map((holder) => (
              <li key={`${holder.organisation} ${holder.name}`}>
                {holder.href ? <Link to={holder.href}>{holder.name}</Link> : holder.name}（{holder.organisation}）
              </li>
            ))}
          </ul>
        </>
      )}
      <Link to="/">返回工作台</Link>
    </div>
  )
}

/** The Chinese sentence for any failure, for a line beside the act that failed. */
export function reasonOf(error: unknown): string {
  if (error instanceof ApiProblem || error instanceof Unreachable) return error.message
  return '页面处理时出现意外情况，请重新读取；仍不成功的，请告知系统管理员。'
}
