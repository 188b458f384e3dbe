// SPDX-License-Identifier: Apache-2.0
import { Checkbox, DatePicker, Input, Radio, Select } from 'antd'
import dayjs from 'dayjs'
import { type ReactNode, useEffect, useState } from 'react'
import { ArticleChip } from './Article.tsx'
import { DATE_FORMATS } from './dates.ts'
import { EnterpriseInput } from './EnterpriseInput.tsx'
import { identifiers } from './identifier.ts'
import { MoneyInput } from './Money.tsx'
import type { MoneyUnit } from './money.ts'
import { ReferenceSelect } from './ReferenceSelect.tsx'
import { chosenOf, type PlainField, readDate } from './step-form.ts'

export interface FormRowProps {
  /** Id of the input inside, when it is one. */
  id: string
  label: string
  required?: boolean
  /** In place of 选填. */
  mark?: string | undefined
  help?: ReactNode
  error?: string | undefined
  /** The row holds several boxes to tick or pick from: a group with a legend instead of one input with a label. */
  group?: boolean
  children: ReactNode
}

/** A labelled row of a form with its help and its problem below. The input names `${id}h` as its description. */
export function FormRow({ id, label, required = false, mark = '选填', help, error, group = false, children }: FormRowProps) {
  const words = (
    <>
      {label}
      {!required && <span className="tc-muted">（{mark}）</span>}
    </>
  )
  const below = (
    <>
      {help && (
        <div id={`${id}h`} className="tc-muted">
          {help}
        </div>
      )}
      <div id={`${id}e`} className="tc-field-error" role={error ? 'alert' : undefined}>
        {error}
      </div>
    </>
  )
  if (group)
    return (
      <fieldset className="tc-form-row tc-form-set" aria-describedby={described(id, help, error)}>
        <legend className="tc-form-label">{words}</legend>
        {children}
        {below}
      </fieldset>
    )
  return (
    <div className="tc-form-row">
      <label htmlFor={id} className="tc-form-label">
        {words}
      </label>
      {children}
      {below}
    </div>
  )
}

/** What a screen reader reads after the name of the input: its help, and what is wrong. */
export function described(id: string, help: ReactNode, error: string | undefined): string | undefined {
  const parts = [...(help ? [`${id}h`] : []), ...(error ? [`${id}e`] : [])]
  return parts.length === 0 ? undefined : parts.join(' ')
}

/** Whether the field is drawn as boxes in a group rather than as one input. */
export function isGroup(field: PlainField): boolean {
  return field.type === 'choices' || (field.type === 'choice' && field.inSight === true)
}

export interface FieldInputProps {
  id?: string
  field: PlainField
  value: unknown
  unit: MoneyUnit
  invalid: boolean
  onChange: (value: unknown) => void
  /** Sets another field of the same form: what is chosen brings its number along. */
  setOther?: ((id: string, value: unknown) => void) | undefined
  /** Instead of a visible label: in a cell of a table. */
  label?: string
  /** Ids of what describes it. */
  describedBy?: string | undefined
}

/** The input of one field, by its type: the one component per kind of item (表单项). */
export function FieldInput({ id, field, value, unit, invalid, onChange, setOther, label, describedBy }: FieldInputProps) {
  const named = { ...(id === undefined ? {} : { id }), ...(label === undefined ? {} : { 'aria-label': label }) }
  const said = {
    'aria-invalid': invalid,
    'aria-required': field.required,
    ...(describedBy === undefined ? {} : { 'aria-describedby': describedBy }),
  }
  const status = invalid ? 'error' : ''
  const text = typeof value === 'string' ? value : ''
  const alone = label === undefined
  switch (field.type) {
    case 'text':
    case 'identifier': {
      const number = field.type === 'identifier' ? identifiers[field.of] : undefined
      return (
        <Input
          {...named}
          {...said}
          value={text}
          status={status}
          maxLength={number?.maxLength ?? (field.type === 'text' ? field.maxLength : undefined)}
          autoComplete="off"
          {...(number ? { style: { maxWidth: 320 }, placeholder: number.example } : {})}
          onChange={(event) => onChange(event.target.value)}
        />
      )
    }
    case 'enterprise':
      return (
        <EnterpriseInput
          {...named}
          {...said}
          value={text}
          maxLength={field.maxLength}
          onChange={onChange}
          onCode={(code) => setOther?.(field.code, code)}
        />
      )
    case 'prose':
      return (
        <Input.TextArea
          {...named}
          {...said}
          value={text}
          status={status}
          maxLength={field.maxLength}
          autoSize={alone ? { minRows: 3, maxRows: 16 } : { minRows: 1, maxRows: 6 }}
          onChange={(event) => onChange(event.target.value)}
        />
      )
    case 'money':
      return (
        <div className={alone ? 'tc-money-field' : undefined}>
          <MoneyInput
            {...named}
            value={typeof value === 'number' || typeof value === 'string' ? value : null}
            unit={unit}
            invalid={invalid}
            required={field.required}
            describedBy={describedBy}
            onChange={onChange}
          />
        </div>
      )
    case 'count':
      return <CountInput named={{ ...named, ...said }} value={value} status={status} onChange={onChange} />
    case 'date':
      return (
        <DatePicker
          {...named}
          {...said}
          style={{ width: '100%', maxWidth: alone ? 200 : undefined }}
          value={readDate(text) === text ? dayjs(text) : null}
          status={status}
          format={DATE_FORMATS}
          // Enter takes the date that was typed; the form is not handed in by it.
          onKeyDown={(event) => event.key === 'Enter' && event.preventDefault()}
          onChange={(date) => onChange(date ? date.format('YYYY-MM-DD') : undefined)}
        />
      )
    case 'choice':
      return field.inSight && alone ? (
        <Radio.Group
          {...said}
          aria-label={field.title}
          value={text === '' ? null : text}
          onChange={(event) => onChange(event.target.value)}
          options={field.choices.map((choice) => ({ value: choice.value, label: choice.title }))}
        />
      ) : (
        <Select
          {...named}
          {...said}
          value={text === '' ? null : text}
          status={status}
          placeholder="请选择"
          allowClear={!field.required}
          {...(field.search ? { showSearch: { optionFilterProp: 'label' } } : {})}
          popupMatchSelectWidth={false}
          style={{ width: '100%', maxWidth: alone && !field.search ? 360 : undefined }}
          options={field.choices.map((choice) => ({ value: choice.value, label: choice.title }))}
          onChange={(next: string | null | undefined) => onChange(next ?? undefined)}
        />
      )
    case 'choices':
      return <ChoicesInput field={field} value={chosenOf(value)} label={label} onChange={onChange} />
    case 'reference':
      return (
        <ReferenceSelect
          {...named}
          {...said}
          of={field.of}
          value={text === '' ? undefined : text}
          allowClear={!field.required}
          onChange={onChange}
          {...(alone ? {} : { style: { width: '100%' } })}
        />
      )
  }
}

/** Several codes to tick; those of a hierarchical list under their headings, with the articles that speak of them. */
function ChoicesInput({
  field,
  value,
  label,
  onChange,
}: {
  field: Extract<PlainField, { type: 'choices' }>
  value: readonly string[]
  label: string | undefined
  onChange: (value: unknown) => void
}) {
  const optionsOf = (values: readonly string[]) =>
    field.choices.filter((choice) => values.includes(choice.value)).map((choice) => ({ value: choice.value, label: choice.title }))
  if (!field.headings)
    return (
      <Checkbox.Group
        // Alone it stands in a fieldset, whose legend names it.
        {...(label === undefined ? {} : { role: 'group', 'aria-label': label })}
        value={[...value]}
        options={optionsOf(field.choices.map((choice) => choice.value))}
        onChange={(next) => onChange(next.map(String))}
      />
    )
  return (
    <>
      {field.headings.map((heading) => (
        <fieldset key={heading.title} className="tc-checks">
          <legend>
            {heading.title}{' '}
            {heading.articles.map((article) => (
              <ArticleChip key={article} article={article} />
            ))}
          </legend>
          <Checkbox.Group
            value={value.filter((one) => heading.values.includes(one))}
            options={optionsOf(heading.values)}
            onChange={(next) => onChange([...value.filter((one) => !heading.values.includes(one)), ...next.map(String)])}
          />
        </fieldset>
      ))}
    </>
  )
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
