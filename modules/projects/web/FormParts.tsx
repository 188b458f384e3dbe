// SPDX-License-Identifier: Apache-2.0
import { FindingList, type FindingListProps, FormRow } from '@tongchou/ui'
import { Input, Radio } from 'antd'
import type { ReactNode } from 'react'
import type { DraftField } from './proposal.ts'

/** Where a field of the proposal is on the page, for links from the summary. */
export function anchorOf(field: DraftField): string {
  return `field-${field}`
}

/** Shows a field and takes the keyboard to its first input. */
export function goToField(field: DraftField): void {
  const row = document.getElementById(anchorOf(field))
  row?.scrollIntoView({ block: 'center' })
  row?.querySelector<HTMLElement>('input, textarea, button')?.focus({ preventScroll: true })
}

export interface FieldFindings {
  findings: FindingListProps['findings']
  cureOf: FindingListProps['cureOf']
}

interface RowProps extends FieldFindings {
  field: DraftField
  label: string
  required?: boolean
  help?: ReactNode
  error?: string | undefined
}

/** A labelled input with what is wrong and what the rules say right below it. */
export function FieldRow({
  field,
  label,
  required = false,
  help,
  error,
  findings,
  cureOf,
  children,
}: RowProps & { children: (id: string) => ReactNode }) {
  const id = `${anchorOf(field)}-input`
  return (
    <div id={anchorOf(field)} className="tc-field-row">
      <FormRow id={id} label={label} required={required} help={help} error={error}>
        {children(id)}
      </FormRow>
      <FindingList findings={findings} cureOf={cureOf} compact label={`${label}：规则提示`} />
    </div>
  )
}

/** A group of choices under one heading. */
export function GroupRow({ field, label, required = false, help, error, findings, cureOf, children }: RowProps & { children: ReactNode }) {
  return (
    <fieldset id={anchorOf(field)} className="tc-group">
      <legend className="tc-form-label">
        {label}
        {!required && <span className="tc-muted">（选填）</span>}
      </legend>
      {help && <p className="tc-muted">{help}</p>}
      {children}
      {error && (
        <div className="tc-field-error" role="alert">
          {error}
        </div>
      )}
      <FindingList findings={findings} cureOf={cureOf} compact label={`${label}：规则提示`} />
    </fieldset>
  )
}

/** One of a few choices, all in sight. */
export function ChoiceRow<V extends string | boolean>({
  value,
  options,
  onChange,
  ...row
}: RowProps & { value: V | null; options: readonly { value: V; label: string }[]; onChange: (value: V) => void }) {
  return (
    <GroupRow {...row}>
      <Radio.Group aria-label={row.label} value={value} onChange={(event) => onChange(event.target.value)} options={[...options]} />
    </GroupRow>
  )
}

/** A line or a longer text. */
export function TextRow({
  value,
  onChange,
  maxLength,
  rows,
  ...row
}: RowProps & { value: string; onChange: (value: string) => void; maxLength: number; rows?: number }) {
  return (
    <FieldRow {...row}>
      {(id) =>
        rows === undefined ? (
          <Input
            id={id}
            value={value}
            maxLength={maxLength}
            autoComplete="off"
            aria-required={row.required}
            aria-describedby={`${id}h`}
            onChange={(event) => onChange(event.target.value)}
          />
        ) : (
          <Input.TextArea
            id={id}
            value={value}
            maxLength={maxLength}
            autoSize={{ minRows: rows, maxRows: 16 }}
            aria-required={row.required}
            aria-describedby={`${id}h`}
            onChange={(event) => onChange(event.target.value)}
          />
        )
      }
    </FieldRow>
  )
}

export const yesNo = [
  { value: true, label: '是' },
  { value: false, label: '否' },
] as const
