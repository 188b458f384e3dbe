// SPDX-License-Identifier: Apache-2.0
import { ApiProblem, Unreachable } from '@tongchou/api-client'
import { Alert } from 'antd'
import { hasPlace } from './anchor.ts'
import { FindingList, type FindingListProps } from './Finding.tsx'
import { reasonOf } from './states.tsx'

export interface ActErrorProps {
  /** What `useAct` failed with; nothing is shown for null. */
  error: unknown
  /** The act as a verb: 提交审核. */
  act: string
  cureOf?: FindingListProps['cureOf']
  factValues?: FindingListProps['factValues']
  /** What was typed is kept in this browser: said when no answer came. */
  kept?: boolean
  /** Items of the form beside which problems are shown; the others are listed here. */
  fields?: readonly { id: string }[]
}

/** Why an act did not happen, beside its button. A refusal by rules is its findings, anything else one sentence. */
export function ActError({ error, act, cureOf, factValues, kept = false, fields: items = [] }: ActErrorProps) {
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
  const list = (fields.length > 1 || fields.some((one) => !hasPlace(items, one.path))) && fields.length > 0 && (
    <ul>
      {fields.map((field) => (
        <li key={`${field.path} ${field.message}`}>{field.message}</li>
      ))}
    </ul>
  )
  const held = kept && error instanceof Unreachable && '填写的内容已保存在本机，恢复网络后再次办理即可，不会重复。'
  return (
    <Alert
      className="tc-act-error"
      type="error"
      showIcon
      title={`${act}未成：${reasonOf(error)}`}
      description={held || list || undefined}
    />
  )
}
