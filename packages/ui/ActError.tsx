// SPDX-License-Identifier: Apache-2.0
import { ApiProblem } from '@tongchou/api-client'
import { Alert } from 'antd'
import { FindingList, type FindingListProps } from './Finding.tsx'
import { reasonOf } from './states.tsx'

export interface ActErrorProps {
  /** What `useAct` failed with; nothing is shown for null. */
  error: unknown
  /** The act as a verb: 提交审核. */
  act: string
  cureOf?: FindingListProps['cureOf']
  factValues?: FindingListProps['factValues']
}

/** Why an act did not happen, beside its button. A refusal by rules is its findings, anything else one sentence. */
export function ActError({ error, act, cureOf, factValues }: ActErrorProps) {
  if (!error) return null
  const findings = error instanceof ApiProblem ? error.findings : []
  const fields = error instanceof ApiProblem ? error.fields : []
  if (findings.length > 0) {
    return (
      <div className="tc-act-error" role="alert">
        <p>{act}未成，原因如下：</p>
        <FindingList findings={findings} cureOf={cureOf} factValues={factValues} />
      </div>
    )
  }
  const list = fields.length > 1 && (
    <ul>
      {fields.map((field) => (
        <li key={`${field.path} ${field.message}`}>{field.message}</li>
      ))}
    </ul>
  )
  return <Alert className="tc-act-error" type="error" showIcon title={`${act}未成：${reasonOf(error)}`} description={list || undefined} />
}
