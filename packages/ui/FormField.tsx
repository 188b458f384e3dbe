// SPDX-License-Identifier: Apache-2.0
import { Checkbox, DatePicker, Input, Select } from 'antd'
import dayjs from 'dayjs'
import { type ReactNode, useEffect, useState } from 'react'
import { MoneyInput } from './Money.tsx'
import type { MoneyUnit } from './money.ts'
import { ReferenceSelect } from './ReferenceSelect.tsx'
import { chosenOf, type PlainField } from './step-form.ts'

export interface FormRowProps {
  /** Id of the input inside, when it is one. */
  id: string
  label: string
  required?: boolean
  /** In place of 选填. */
  mark?: string | undefined
  help?: ReactNode
  error?: string | undefined
  children: ReactNode
}

/** A labelled row of a form with its help and its problem below. The input names `${id}h` as its description. */
export function FormRow({ id, label, required = false, mark = '选填', help, error, children }: FormRowProps) {
  return (
    <div className="tc-form-row">
      <label htmlFor={id} className="tc-form-label">
        {label}
        {!required && <span className="tc-muted">（{mark}）</span>}
      </label>
      {children}
      <div id={`${id}h`} className={error ? 'tc-field-error' : 'tc-muted'} role={error ? 'alert' : undefined}>
        {error ?? help}
      </div>
    </div>
  )
}

export interface FieldInputProps {
  id?: string
  field: PlainField
  value: unknown
  unit: MoneyUnit
  invalid: boolean
  onChange: (value: unknown) => void
  onUnreadable: (error: string | undefined) => void
  /** Instead of a visible label: in a cell of a table. */
  label?: string
}

/** The input of one field, by its type. */
export function FieldInput({ id, field, value, unit, invalid, onChange, onUnreadable, label }: FieldInputProps) {
  const named = { ...(id === undefined ? {} : { id }), ...(label === undefined ? {} : { 'aria-label': label }) }
  const described = {
    'aria-invalid': invalid,
    'aria-required': field.required,
    ...(id === undefined ? {} : { 'aria-describedby': `${id}h` }),
  }
  const status = invalid ? 'error' : ''
  const text = typeof value === 'string' ? value : ''
  switch (field.type) {
    case 'text':
      return (
        <Input
          {...named}
          {...described}
          value={text}
          status={status}
          maxLength={field.maxLength}
          autoComplete="off"
          onChange={(event) => onChange(event.target.value)}
        />
      )
    case 'prose':
      return (
        <Input.TextArea
          {...named}
          {...described}
          value={text}
          status={status}
          maxLength={field.maxLength}
          autoSize={label === undefined ? { minRows: 3, maxRows: 12 } : { minRows: 1, maxRows: 6 }}
          onChange={(event) => onChange(event.target.value)}
        />
      )
    case 'money':
      return (
        <MoneyInput
          {...named}
          value={typeof value === 'number' ? value : null}
          unit={unit}
          onChange={(fen, error) => {
            onChange(fen ?? undefined)
            onUnreadable(error)
          }}
        />
      )
    case 'count':
      return <CountInput named={{ ...named, ...described }} value={value} status={status} onChange={onChange} />
    case 'date':
      return (
        <DatePicker
          {...named}
          {...described}
          style={{ width: '100%', maxWidth: label === undefined ? 200 : undefined }}
          value={text === '' ? null : dayjs(text)}
          status={status}
          format={['YYYY-MM-DD', 'YYYY/M/D', 'YYYY年M月D日', 'YYYYMMDD']}
          // Enter takes the date that was typed; the form is not handed in by it.
          onKeyDown={(event) => event.key === 'Enter' && event.preventDefault()}
          onChange={(date) => onChange(date ? date.format('YYYY-MM-DD') : undefined)}
        />
      )
    case 'choice':
      return (
        <Select
          {...named}
          {...described}
          value={text === '' ? null : text}
          status={status}
          placeholder="请选择"
          allowClear={!field.required}
          popupMatchSelectWidth={false}
          style={{ width: '100%', maxWidth: label === undefined ? 360 : undefined }}
          options={field.choices.map((choice) => ({ value: choice.value, label: choice.title }))}
          onChange={(next: string | null | undefined) => onChange(next ?? undefined)}
        />
      )
    case 'choices':
      return (
        <Checkbox.Group
          {...named}
          {...described}
          role="group"
          value={[...chosenOf(value)]}
          options={field.choices.map((choice) => ({ value: choice.value, label: choice.title }))}
          onChange={(next) => onChange(next.map(String))}
        />
      )
    case 'reference':
      return (
        <ReferenceSelect
          {...named}
          {...described}
          of={field.of}
          value={text === '' ? undefined : text}
          allowClear={!field.required}
          onChange={onChange}
          {...(label === undefined ? {} : { style: { width: '100%' } })}
        />
      )
  }
}

/** A whole number typed as text; what is no number stays on the screen and is kept as text, so that it is named as wrong. */
function CountInput({
  named,
  value,
  status,
  onChange,
}: {
  named: Record<string, unknown>
  value: unknown
  status: '' | 'error'
  onChange: (value: unknown) => void
}) {
  const [typed, setTyped] = useState(value === undefined || value === null ? '' : String(value))
  useEffect(() => setTyped(value === undefined || value === null ? '' : String(value)), [value])
  const change = (text: string) => {
    setTyped(text)
    const plain = text.trim().normalize('NFKC')
    onChange(plain === '' ? undefined : /^\d{1,15}$/.test(plain) ? Number(plain) : text)
  }
  return (
    <Input
      {...named}
      value={typed}
      status={status}
      inputMode="numeric"
      autoComplete="off"
      style={{ maxWidth: 200 }}
      onChange={(event) => change(event.target.value)}
    />
  )
}
