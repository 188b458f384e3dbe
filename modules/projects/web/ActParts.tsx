// SPDX-License-Identifier: Apache-2.0
import type { Finding } from '@tongchou/api-client'
import { ArticleChip, type Attachment, AttachmentDrop, FindingList, QueryView, Section, useApi } from '@tongchou/ui'
import { cureOf } from './cures.ts'
import type { ProcedureStart, Project } from './project-api.ts'

/** What the rules say of an act before it is done (预检). Nothing is decided here: the act itself is judged again. */
export function Precheck({ project, guard, title }: { project: Project; guard: string; title: string }) {
  const query = useApi<{ findings: Finding[] }>(`/api/v1/projects/${project.id}/check`, { act: guard })
  return (
    <Section title="预检">
      <QueryView
        query={query}
        what={`${title}的预检`}
        lines={2}
        isEmpty={({ findings }) => findings.length === 0}
        empty={<p>经预检，未发现不符合规定之处。</p>}
      >
        {({ findings }) => (
          <>
            <p>{sentenceOf(findings, title)}</p>
            <FindingList findings={findings} cureOf={(finding) => cureOf(finding, project)} label="预检结果" />
          </>
        )}
      </QueryView>
    </Section>
  )
}

function sentenceOf(findings: readonly Finding[], title: string): string {
  if (findings.some((one) => one.effect === 'exempt')) return '本项目不适用本办法，理由如下。'
  const stopping = findings.filter((one) => one.mode === 'enforce' && one.effect !== 'warn')
  if (stopping.length === 0) return `有以下提示，不阻止${title}。`
  return `现在${title}将被拦截，须先处理以下 ${stopping.length} 项。`
}

/** What the procedure asks for with its first step, and by which article. */
export function ProcedureNote({ start }: { start: ProcedureStart }) {
  return (
    <div className="tc-basis">
      <div className="tc-acts">
        {start.articles.map((article) => (
          <ArticleChip key={article} article={article} />
        ))}
      </div>
      {start.note !== null && <p className="tc-muted">{start.note}</p>}
    </div>
  )
}

export type FilesByKind = Readonly<Record<string, readonly Attachment[]>>

/** Documents of a step (材料), one place each. */
export function Documents({
  needs,
  files,
  onChange,
  showMissing,
}: {
  needs: ProcedureStart['step']['documents']
  files: FilesByKind
  onChange: (files: FilesByKind) => void
  showMissing: boolean
}) {
  if (needs.length === 0) return null
  return (
    <Section title="材料">
      <p className="tc-muted">可接收 PDF、Word（docx）、Excel（xlsx）、OFD、PNG、JPEG、文本。请勿上传涉及国家秘密的内容。</p>
      <div className="tc-form tc-narrow">
        {needs.map((need) => (
          <div key={need.kind} data-path={`documents/${need.kind}`}>
            <div className="tc-form-label">
              {need.title}
              {!need.required && <span className="tc-muted">（选填）</span>}
            </div>
            <AttachmentDrop
              label={need.title}
              fields={{ secrecy: 'false' }}
              value={files[need.kind] ?? []}
              onChange={(list) => onChange({ ...files, [need.kind]: list })}
            />
            {showMissing && need.required && (files[need.kind] ?? []).length === 0 && (
              <div className="tc-field-error" role="alert">
                请上传{need.title}
              </div>
            )}
          </div>
        ))}
      </div>
    </Section>
  )
}

/** Required documents that are not there yet. */
export function missingDocuments(needs: ProcedureStart['step']['documents'], files: FilesByKind): { path: string; message: string }[] {
  return needs
    .filter((need) => need.required && (files[need.kind] ?? []).length === 0)
    .map((need) => ({ path: `documents/${need.kind}`, message: need.title }))
}

export function documentsOf(files: FilesByKind): { kind: string; id: string }[] {
  return Object.entries(files).flatMap(([kind, list]) => list.map((file) => ({ kind, id: file.id })))
}
