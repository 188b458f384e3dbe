import type { CatalogFinding } from '@tongchou/metadata'
import { Moment, reasonOf, type SaveStanding, StateWord } from '@tongchou/ui'
import type { ReactNode } from 'react'
import type { TypedReport } from './entry-report.ts'

export interface EntrySummaryProps {
  standing: SaveStanding
  report: TypedReport
  onGoTo: (path: string) => void
  children: ReactNode
}

/** How far it is saved, what stands against handing in, what is only said: in view while the form is typed (校验结果). */
export function EntrySummary({ standing, report, onGoTo, children }: EntrySummaryProps) {
  return (
    <aside className="tc-summary" aria-label="目录核对">
      <Standing standing={standing} />
      {children}
      <Findings title="提交审核前补正" none="未发现须补正之处。" findings={report.errors} onGoTo={onGoTo} />
      {report.warnings.length > 0 && <Findings title="提示" none="" findings={report.warnings} onGoTo={onGoTo} />}
      <p className="tc-muted">重名、关联资源和提供方，提交时由系统按登记信息核对。</p>
    </aside>
  )
}

function Standing({ standing }: { standing: SaveStanding }) {
  return (
    <div role="status">
      {standing.kind === 'saving' && <>正在保存…</>}
      {standing.kind === 'saved' && (
        <>
          <StateWord text="已保存" tone="good" /> <Moment at={standing.at} />
        </>
      )}
      {standing.kind === 'kept' && (
        <>
          <StateWord text="尚未保存" /> 填写资源名称、改正不能读入的内容后自动保存；填写的内容已保存在本机。
        </>
      )}
      {standing.kind === 'offline' && (
        <>
          <StateWord text="网络不通" tone="soon" /> {reasonOf(standing.error)}填写的内容已保存在本机，恢复后自动送达。
        </>
      )}
      {standing.kind === 'refused' && (
        <>
          <StateWord text="未保存" tone="bad" /> {reasonOf(standing.error)}
        </>
      )}
    </div>
  )
}

interface FindingsProps {
  title: string
  none: string
  findings: readonly CatalogFinding[]
  onGoTo: (path: string) => void
}

const SHOWN = 12

function Findings({ title, none, findings, onGoTo }: FindingsProps) {
  return (
    <section aria-label={title}>
      <h2>
        {title} {findings.length} 处
      </h2>
      {findings.length === 0 && <p className="tc-muted">{none}</p>}
      <ul className="tc-lacks">
        {findings.slice(0, SHOWN).map((finding) => (
          <li key={`${finding.rule} ${finding.path} ${finding.message}`}>
            <button type="button" className="tc-linklike" onClick={() => onGoTo(finding.path)}>
              {finding.message}
            </button>{' '}
            <RuleSource finding={finding} />
          </li>
        ))}
      </ul>
      {findings.length > SHOWN && <p className="tc-muted">另有 {findings.length - SHOWN} 处。</p>}
    </section>
  )
}

/** Which rule speaks, and what it rests on: R01 国发〔2016〕51号. */
export function RuleSource({ finding }: { finding: Pick<CatalogFinding, 'rule' | 'basis' | 'verified'> }) {
  return (
    <span className="tc-muted">
      {finding.rule} {finding.basis}
      {!finding.verified && finding.basis !== '推论' && '（未核对原文）'}
    </span>
  )
}
