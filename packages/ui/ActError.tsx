// SPDX-License-Identifier: Apache-2.0
import { ApiProblem, Unreachable } from '@tongchou/api-client'
import { Alert } from 'antd'
import { type RefObject, useEffect, useRef } from 'react'
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
export function ActError(props: ActErrorProps) {
  const { error, act, cureOf, factValues } = props
  const place = useRef<HTMLDivElement>(null)
  const findings = error instanceof ApiProblem ? error.findings : []
  useShown(place, error, findings.length > 0)
  if (!error) return null
  if (findings.length === 0)
    return (
      <div className="tc-act-error" ref={place}>
        <Sentence {...props} />
      </div>
    )
  return (
    <div className="tc-act-error" role="alert" ref={place} tabIndex={-1}>
      <p>{act}未成，原因如下：</p>
      <FindingList findings={findings} cureOf={cureOf} factValues={factValues} />
    </div>
  )
}

function Sentence({ error, act, kept = false, fields: items = [] }: ActErrorProps) {
  const fields = error instanceof ApiProblem ? error.fields : []
  const list = (fields.length > 1 || fields.some((one) => !hasPlace(items, one.path))) && fields.length > 0 && (
    <ul>
      {fields.map((field) => (
        <li key={`${field.path} ${field.message}`}>{field.message}</li>
      ))}
    </ul>
  )
  const held = kept && error instanceof Unreachable && '填写的内容已保存在本机，恢复网络后再次办理即可，不会重复。'
  return <Alert type="error" showIcon title={`${act}未成：${reasonOf(error)}`} description={held || list || undefined} />
}

/**
 * Brings why an act failed into view, whole, above the bar at the end of its form. The keyboard goes to findings, from where the next stop
 * is their cure; after anything else it stays on the button, which tries again.
 */
function useShown(place: RefObject<HTMLElement | null>, error: unknown, takesKeyboard: boolean): void {
  useEffect(() => {
    const element = place.current
    if (!error || !element) return
    const bar = element.parentElement?.querySelector<HTMLElement>(':scope > .tc-send')
    // The page keeps clear of a bar of one line by itself; on a phone and in large letters it is higher.
    element.style.scrollMarginBottom = `${bar?.offsetHeight ?? 0}px`
    element.scrollIntoView({ block: 'nearest' })
    if (takesKeyboard) element.focus({ preventScroll: true })
  }, [place, error, takesKeyboard])
}
