// SPDX-License-Identifier: Apache-2.0
import { apiPost, type ListPage } from '@tongchou/api-client'
import { ActError, Moment, QueryView, Section, StateWord, type Tone, useAct, useApi } from '@tongchou/ui'
import { Button, Input } from 'antd'
import { useId, useState } from 'react'
import { reportStateNames } from '../words.ts'
import { hasReached } from './lifecycle.ts'
import type { Project } from './project-api.ts'
import type { SupplierReport } from './supplier-api.ts'

const tones: Readonly<Record<SupplierReport['state'], Tone>> = { submitted: 'soon', accepted: 'good', returned: 'bad' }

/** 承建单位报送: what the enterprises' agents handed in on this project, to be accepted or returned by the building unit (WH23-13). */
export function SupplierReportsSection({ project }: { project: Project }) {
  const reached = hasReached(project, 'building')
  const query = useApi<ListPage<SupplierReport>>(reached ? '/api/v1/supplier-reports' : null, { projectId: project.id, limit: 50 })
  if (!reached) return null
  return (
    <Section title="承建单位报送" id="supplier-reports">
      <QueryView
        query={query}
        what="承建单位报送的材料"
        lines={2}
        isEmpty={({ items }) => items.length === 0}
        empty={<p className="tc-muted">承建单位尚未报送材料。经办人报送的进展和里程碑材料列在这里，由建设单位审核。</p>}
      >
        {({ items }) => <ReportList reports={items} />}
      </QueryView>
    </Section>
  )
}

/** Reports, the newest first, each with its files and what was said to it. */
export function ReportList({ reports }: { reports: readonly SupplierReport[] }) {
  return (
    <ol className="tc-trail" aria-label="承建单位报送的材料">
      {reports.map((report) => (
        <li key={report.id}>
          <Moment at={report.submittedAt} />
          <div>
            {report.about}，合同 {report.contract.number} <StateWord text={reportStateNames[report.state]} tone={tones[report.state]} />
            <span className="tc-muted">（{report.submittedBy}）</span>
            <p>{report.text}</p>
            {report.files.length > 0 && (
              <ul className="tc-plain-list" aria-label={`${report.about}的材料`}>
                {report.files.map((file) => (
                  <li key={file.id}>
                    <a href={`/api/v1/attachments/${file.id}`} download={file.fileName}>
                      {file.fileName}
                    </a>
                  </li>
                ))}
              </ul>
            )}
            {report.decidedAt && (
              <p>
                {report.state === 'accepted' ? '接收' : '退回'}：{report.reason ?? '无补充意见'}
                <span className="tc-muted">
                  （{report.decidedBy}，<Moment at={report.decidedAt} />）
                </span>
              </p>
            )}
            {report.mayDecide && <Decide report={report} />}
          </div>
        </li>
      ))}
    </ol>
  )
}

function Decide({ report }: { report: SupplierReport }) {
  const id = useId()
  const [reason, setReason] = useState('')
  const [missing, setMissing] = useState(false)
  const act = useAct((outcome: 'accept' | 'return', key) =>
    apiPost(
      `/api/v1/supplier-reports/${report.id}/decision`,
      { outcome, ...(reason.trim() === '' ? {} : { reason: reason.trim() }) },
      { idempotencyKey: key },
    ),
  )
  const give = (outcome: 'accept' | 'return') => {
    const lacks = outcome === 'return' && reason.trim() === ''
    setMissing(lacks)
    if (!lacks) act.mutate(outcome)
  }
  return (
    <div>
      <label htmlFor={id}>审核意见（退回须写明原因）</label>
      <Input.TextArea
        id={id}
        value={reason}
        maxLength={1000}
        autoSize={{ minRows: 1, maxRows: 6 }}
        aria-invalid={missing}
        aria-describedby={missing ? `${id}e` : undefined}
        onChange={(event) => setReason(event.target.value)}
      />
      {missing && (
        <p id={`${id}e`} className="tc-field-error" role="alert">
          退回须写明原因，请填写后提交。
        </p>
      )}
      <ActError error={act.error} act="审核" />
      <div className="tc-acts">
        <Button type="primary" loading={act.isPending} onClick={() => give('accept')} aria-label={`接收：${report.about}`}>
          接收
        </Button>
        <Button loading={act.isPending} onClick={() => give('return')} aria-label={`退回：${report.about}`}>
          退回
        </Button>
      </div>
    </div>
  )
}
