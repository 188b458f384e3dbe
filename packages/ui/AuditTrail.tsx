// SPDX-License-Identifier: Apache-2.0
import { Button } from 'antd'
import type { ReactNode } from 'react'
import { Moment } from './Dates.tsx'
import { useTrail } from './data.ts'
import { Section } from './Page.tsx'
import { QueryView } from './QueryView.tsx'
import { StateWord } from './StateWord.tsx'
import { Empty } from './states.tsx'
import { nameOfAction, withoutEcho } from './trail.ts'

/** One line of an audit trail (办理记录), as the API gives it. */
export interface TrailLine {
  seq: string | number
  at: string
  personName: string | null
  orgName: string | null
  action: string
  outcome: 'done' | 'refused'
  detail: Record<string, unknown>
}

export interface AuditTrailProps {
  lines: readonly TrailLine[]
  /** The Chinese verb of an action: `acceptance.applied` → 申请验收. */
  actionName: (action: string, detail: TrailLine['detail']) => string
  /** What of the detail is worth a line. */
  detailOf?: ((line: TrailLine) => ReactNode) | undefined
}

/** Who did what, newest first; refused attempts stand among them. */
export function AuditTrail({ lines, actionName, detailOf }: AuditTrailProps) {
  if (lines.length === 0) return <Empty what="尚无办理记录" hint="每一次办理，包括被拦截的，都记在这里。" />
  return (
    <ol className="tc-trail" aria-label="办理记录">
      {lines.map((line) => {
        const detail = detailOf?.(line)
        return (
          <li key={line.seq}>
            <Moment at={line.at} />
            <div>
              {line.personName ?? '系统'}
              {line.orgName && <span className="tc-muted">（{line.orgName}）</span>}{' '}
              {nameOfAction(line.action, actionName(line.action, line.detail))}{' '}
              {line.outcome === 'refused' && <StateWord text="被拦截" tone="bad" />}
              {detail && <p>{detail}</p>}
            </div>
          </li>
        )
      })}
    </ol>
  )
}

export interface TrailSectionProps extends Pick<AuditTrailProps, 'actionName' | 'detailOf'> {
  /** Address of the trail: `/api/v1/systems/…/trail`. */
  path: string
  title?: string
}

/** The section 办理记录 at the end of a page, read from its address; what is older is read when asked for. */
export function TrailSection({ path, title = '办理记录', actionName, detailOf }: TrailSectionProps) {
  const { query, more, loadingMore } = useTrail<TrailLine>(path)
  return (
    <Section title={title}>
      <QueryView query={query} what={title} lines={4}>
        {(lines) => (
          <>
            <AuditTrail lines={withoutEcho(lines)} actionName={actionName} detailOf={detailOf} />
            {more && (
              <Button onClick={more} loading={loadingMore}>
                显示更早的记录
              </Button>
            )}
          </>
        )}
      </QueryView>
    </Section>
  )
}
