import { Moment } from '@tongchou/ui'
import { differing } from '../words.ts'
import type { Reconciliation } from './exchange-api.ts'

/** When source and copy were last held against each other, and whether they were alike (最近对账). */
export function LastReconciled({ of: last }: { of: Reconciliation | null }) {
  if (!last?.endedAt) return <span className="tc-muted">尚未对账</span>
  const count = differing(last)
  return (
    <>
      <Moment at={last.endedAt} />，{count === 0 ? '一致' : `${count} 条不一致`}
    </>
  )
}
