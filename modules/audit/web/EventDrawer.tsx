import { Facts, QueryView, useApi } from '@tongchou/ui'
import { Button, Drawer } from 'antd'
import { Link } from 'react-router'
import type { AuditEventPage } from './audit-api.ts'
import { Outcome, Thing } from './event-columns.tsx'

interface EventDrawerProps {
  seq: number | null
  linked: boolean
  onOpen: (seq: number) => void
  onClose: () => void
}

/** One record with all that it holds: detail, place in the chain, what else its request did. */
export function EventDrawer({ seq, linked, onOpen, onClose }: EventDrawerProps) {
  const query = useApi<AuditEventPage>(seq === null ? null : `/api/v1/audit/events/${seq}`)
  return (
    <Drawer open={seq !== null} onClose={onClose} title="审计记录" size={560} destroyOnHidden>
      <QueryView query={query} what="审计记录" lines={8}>
        {(event) => (
          <>
            <Facts
              items={[
                { label: '时间', value: toTheSecond(event.at) },
                { label: '操作', value: event.title },
                { label: '结果', value: <Outcome outcome={event.outcome} /> },
                { label: '人员', value: event.personName },
                { label: '单位', value: event.orgName },
                { label: '对象', value: <Thing event={event} linked={linked} />, wide: true },
                { label: '请求编号', value: <span className="tc-audit-id">{event.requestId}</span>, wide: true },
                { label: '链上位置', value: event.seal ? event.seal.position : '待入链' },
                ...(event.seal
                  ? [{ label: '散列值（SM3）', value: <span className="tc-audit-id">{event.seal.hash}</span>, wide: true }]
                  : []),
              ]}
            />
            <p>
              <Link to={`/evidence?event=${event.seq}`}>存证凭证</Link>
            </p>
            <Detail detail={event.detail} />
            {event.sameRequest.length > 0 && (
              <>
                <h3>同一请求的其他记录</h3>
                <ul>
                  {event.sameRequest.map((other) => (
                    <li key={other.seq}>
                      <Button type="link" size="small" className="tc-audit-open" onClick={() => onOpen(other.seq)}>
                        {other.title}
                      </Button>{' '}
                      <Outcome outcome={other.outcome} />
                    </li>
                  ))}
                </ul>
              </>
            )}
          </>
        )}
      </QueryView>
    </Drawer>
  )
}

/** In Shanghai, with the seconds that the list leaves out. */
function toTheSecond(at: string): string {
  return new Date(at).toLocaleString('sv-SE', { timeZone: 'Asia/Shanghai' })
}

function Detail({ detail }: { detail: Record<string, unknown> }) {
  const told = Object.entries(detail).filter(([, value]) => !(Array.isArray(value) && value.length === 0))
  if (told.length === 0) return <p className="tc-muted">本记录没有附加内容。</p>
  return (
    <>
      <h3>附加内容</h3>
      <dl className="tc-audit-detail">
        {told.map(([key, value]) => (
          <div key={key}>
            <dt>{detailWords[key] ?? key}</dt>
            <dd>{typeof value === 'string' ? value : JSON.stringify(value)}</dd>
          </div>
        ))}
      </dl>
    </>
  )
}

/** Keys of details as an auditor calls them; one that is not here is shown as it is written. */
const detailWords: Readonly<Record<string, string>> = {
  caseId: '办件',
  procedure: '流程',
  step: '环节',
  outcome: '办理结果',
  pack: '制度版本',
  warnings: '提示规则',
  code: '拒绝原因',
  rules: '拦截规则',
  count: '次数',
  since: '自',
  filters: '查询条件',
  name: '名称',
  reason: '理由',
  from: '由',
  to: '改为',
  version: '版本',
  projectId: '项目',
  amountFen: '金额（分）',
  year: '年度',
  rows: '条数',
  sha256: '文件摘要（SHA-256）',
  list: '列表',
  columns: '列',
  dueOn: '期限',
}
