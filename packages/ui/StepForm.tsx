// SPDX-License-Identifier: Apache-2.0
import { Button, Radio } from 'antd'
import { Fragment, type ReactNode, useId, useState } from 'react'
import { ArticleChip } from './Article.tsx'
import type { AnchoredFinding } from './anchor.ts'
import { type Cure, FindingList } from './Finding.tsx'
import { described, FieldInput, FormRow, isGroup } from './FormField.tsx'
import { LinesEditor } from './LinesEditor.tsx'
import type { MoneyUnit } from './money.ts'
import {
  type FieldTrouble,
  type FormField,
  type FormValues,
  formTroubles,
  linesOf,
  type PlainField,
  rowsOf,
  toFormData,
  withLines,
} from './step-form.ts'

/** A form being filled in: its values, what is wrong with them, and what to send. */
export interface StepFormState {
  fields: readonly FormField[]
  values: FormValues
  set: (id: string, value: unknown) => void
  /** Puts other values in place of all: what was kept is taken up again. */
  fill: (values: FormValues) => void
  unit: MoneyUnit
  setUnit: (unit: MoneyUnit) => void
  /** What the server would refuse; empty when the form may be handed in. Paths are relative to the form. */
  troubles: readonly FieldTrouble[]
  /** What to send as `form`. */
  data: Record<string, unknown>
}

/**
 * Holds what is filled into a step's form. `initial` is read once. Fields may follow from what is filled in: what was typed into
 * a field that has gone is kept in case it comes back, and not sent.
 */
export function useStepForm(
  given: readonly FormField[] | ((values: FormValues) => readonly FormField[]),
  initial: FormValues = {},
): StepFormState {
  const fieldsOf = (filled: FormValues) => (typeof given === 'function' ? given(filled) : given)
  const [values, setValues] = useState<FormValues>(() => withLines(initial))
  const fields = fieldsOf(values)
  const [unit, setUnit] = useState<MoneyUnit>('万元')
  return {
    fields,
    values,
    set: (id, value) => setValues((all) => ({ ...all, [id]: value })),
    fill: (next) => setValues(withLines(next)),
    unit,
    setUnit,
    troubles: formTroubles(fields, values, unit),
    data: toFormData(fields, values),
  }
}

/** Something said of an item that does not stand against handing in. */
export interface ItemRemark {
  path: string
  message: string
}

/** What stands beside an item besides its own problem. */
export interface ItemNotes {
  findings?: readonly AnchoredFinding[]
  remarks?: readonly ItemRemark[]
  /** Cures that the form itself can carry out. */
  cureOf?: (finding: AnchoredFinding['finding']) => Cure | undefined
  /** Items taken over from elsewhere and not looked at yet (沿用、待核对), with the act that says they are right. */
  copied?: { paths: readonly string[]; onConfirm: (path: string) => void }
}

export interface StepFormProps {
  form: StepFormState
  /** Problems of the server, at paths such as `form/terms/0/amountFen`. */
  errors?: readonly FieldTrouble[] | undefined
  /** Shows what is still missing: after the first attempt to hand in. */
  showMissing?: boolean
  notes?: ItemNotes
}

/** A form (表单) of a step or a register: every kind of item, problems and rules beside the item, lines with paste from Excel. */
export function StepForm({ form, errors = [], showMissing = false, notes = {} }: StepFormProps) {
  const shown = [...errors.map((one) => ({ ...one, path: one.path.replace(/^\/?(?:form\/)?/, '') })), ...(showMissing ? form.troubles : [])]
  const hasMoney = form.fields.some(
    (field) => field.type === 'money' || (field.type === 'lines' && field.fields.some((one) => one.type === 'money')),
  )
  const drawn = (field: FormField) => (
    <div key={field.id} data-path={field.id} className="tc-form-item">
      {field.type === 'lines' ? (
        <LinesEditor
          field={field}
          lines={linesOf(form.values[field.id])}
          onChange={(lines) => form.set(field.id, lines)}
          unit={form.unit}
          errors={shown.filter((one) => one.path === field.id || one.path.startsWith(`${field.id}/`))}
        />
      ) : (
        <LabelledField
          field={field}
          value={form.values[field.id]}
          unit={form.unit}
          // The amount says itself that it cannot be read, as soon as it is typed.
          error={field.type === 'money' && typeof form.values[field.id] === 'string' ? undefined : messageAt(shown, field)}
          onChange={(value) => form.set(field.id, value)}
          setOther={form.set}
        />
      )}
      <Beside field={field} notes={notes} fields={form.fields} />
    </div>
  )
  return (
    <div className="tc-form">
      {hasMoney && <UnitChoice unit={form.unit} onChange={form.setUnit} />}
      {rowsOf(form.fields).map((row) => (
        <Fragment key={row[0]?.id}>
          {row[0]?.group && (
            <h2 className="tc-form-group">
              {row[0].group} {row[0].groupArticle && <ArticleChip article={row[0].groupArticle} />}
            </h2>
          )}
          {row.length > 1 ? <div className="tc-form-pairs">{row.map(drawn)}</div> : row.map(drawn)}
        </Fragment>
      ))}
    </div>
  )
}

function messageAt(shown: readonly FieldTrouble[], field: FormField): string | undefined {
  return shown.find((one) => one.path === field.id || one.path.startsWith(`${field.id}/`))?.message
}

/** What the rules say of an item, and that it was taken over and is still to be looked at. */
function Beside({ field, notes, fields }: { field: FormField; notes: ItemNotes; fields: readonly FormField[] }) {
  const own = (notes.findings ?? []).filter((one) => one.path === field.id)
  const titles = [...new Set(own.flatMap((one) => one.others))].map((path) => fields.find((one) => one.id === path)?.title)
  const also = titles.filter((title): title is string => title !== undefined && title !== field.title)
  const remarks = (notes.remarks ?? []).filter(({ path }) => path === field.id || path.startsWith(`${field.id}/`))
  return (
    <>
      {remarks.length > 0 && (
        <ul className="tc-remarks" aria-label={`${field.title}：提示`}>
          {remarks.map(({ path, message }) => (
            <li key={`${path} ${message}`}>
              <span className="tc-word tc-word--soon">提示</span> {message}
            </li>
          ))}
        </ul>
      )}
      {notes.copied?.paths.includes(field.id) && (
        <p className="tc-copied">
          <span className="tc-word tc-word--soon">沿用，待核对</span>{' '}
          <Button size="small" onClick={() => notes.copied?.onConfirm(field.id)} aria-label={`已核对：${field.title}`}>
            已核对
          </Button>
        </p>
      )}
      {own.length > 0 && (
        <div className="tc-form-rules">
          <FindingList findings={own.map((one) => one.finding)} cureOf={notes.cureOf} compact label={`${field.title}：规则提示`} />
          {also.length > 0 && <p className="tc-muted">同时涉及：{also.join('、')}</p>}
        </div>
      )}
    </>
  )
}

/** In which unit amounts are typed on this form; what is kept is 分 either way. */
function UnitChoice({ unit, onChange }: { unit: MoneyUnit; onChange: (unit: MoneyUnit) => void }) {
  const label = useId()
  return (
    <div className="tc-form-unit">
      <span id={label}>金额单位</span>
      <Radio.Group
        size="small"
        optionType="button"
        value={unit}
        options={[
          { value: '万元', label: '万元' },
          { value: '元', label: '元' },
        ]}
        onChange={(event) => onChange(event.target.value)}
        aria-labelledby={label}
      />
    </div>
  )
}

interface LabelledFieldProps {
  field: PlainField
  value: unknown
  unit: MoneyUnit
  error: string | undefined
  onChange: (value: unknown) => void
  setOther?: (id: string, value: unknown) => void
}

/** One item with its label, hint and problem, whatever its kind. Also for a page whose form is a single item. */
export function LabelledField({ field, value, unit, error, onChange, setOther }: LabelledFieldProps): ReactNode {
  const id = useId()
  return (
    <FormRow id={id} label={field.title} required={field.required} mark={field.mark} help={field.help} error={error} group={isGroup(field)}>
      <FieldInput
        id={id}
        field={field}
        value={value}
        unit={unit}
        invalid={error !== undefined}
        describedBy={described(id, field.help, error)}
        onChange={onChange}
        setOther={setOther}
      />
    </FormRow>
  )
}
