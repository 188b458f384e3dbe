// SPDX-License-Identifier: Apache-2.0
import { AttachmentList, Moment, QueryView, Section } from '@tongchou/ui'
import { Link } from 'react-router'
import type { ProjectCase } from './lifecycle.ts'
import { useCaseLines } from './useProjectCases.ts'

/** Files handed in with the cases of a project (材料). */
export function FilesSection({ cases }: { cases: readonly ProjectCase[] }) {
  const query = useCaseLines(cases)
  return (
    <Section title="材料">
      <QueryView
        query={query}
        what="材料"
        lines={2}
        isEmpty={(lines) => lines.every((line) => line.documents.length === 0)}
        empty={<p className="tc-muted">尚未提交材料。随各环节办理提交的文件列在这里。</p>}
      >
        {(lines) =>
          lines
            .filter((line) => line.documents.length > 0)
            .map((line) => (
              <div key={`${line.caseId} ${line.seq}`} className="tc-files-of">
                <h3>
                  <Link to={`/cases/${line.caseId}`}>{line.caseTitle}</Link>：{line.stepTitle}，{line.person}，<Moment at={line.at} />
                </h3>
                <AttachmentList attachments={line.documents} label={`${line.caseTitle}${line.stepTitle}的材料`} />
              </div>
            ))
        }
      </QueryView>
    </Section>
  )
}

/** Opinions signed on the way (意见), newest first. */
export function OpinionsSection({ cases }: { cases: readonly ProjectCase[] }) {
  const query = useCaseLines(cases)
  return (
    <Section title="意见">
      <QueryView
        query={query}
        what="意见"
        lines={3}
        isEmpty={(lines) => lines.length === 0}
        empty={<p className="tc-muted">尚无签署的意见。</p>}
      >
        {(lines) => (
          <ol className="tc-trail" aria-label="意见">
            {lines.map((line) => (
              <li key={`${line.caseId} ${line.seq}`}>
                <Moment at={line.at} />
                <div>
                  {line.person}
                  <span className="tc-muted">（{line.organisation}）</span> {line.outcomeTitle}，
                  <Link to={`/cases/${line.caseId}`}>
                    {line.caseTitle}·{line.stepTitle}
                  </Link>
                  {line.opinion && <p>{line.opinion}</p>}
                </div>
              </li>
            ))}
          </ol>
        )}
      </QueryView>
    </Section>
  )
}
