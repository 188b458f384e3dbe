// SPDX-License-Identifier: Apache-2.0
import { Radio } from 'antd'
import { Fragment, useId, useState } from 'react'
import { FieldInput, FormRow } from './FormField.tsx'
import { LinesEditor } from './LinesEditor.tsx'
import type { MoneyUnit } from './money.ts'
import {
  type FieldTrouble,
  type FormField,
  type FormValues,
  formTroubles,
  linesOf,
  type PlainField,
  placeOf,
  rowsOf,
  toFormData,
  toFormValues,
} from './step-form.ts'

/** A form being filled in: its values, what is wrong with them, and what to send. */
export interface StepFormState {
  fields: readonly FormField[]
  values: FormValues
  set: (id: string, value: unknown) => void
  /** Amounts that were typed and cannot be read, by path; they are kept on the screen and never sent as absent. */
  unreadable: Readonly<Record<string, string>>
  setUnreadable: (path: string, error: string | undefined) => void
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
  const [values, setValues] = useState<FormValues>(() => ({ ...initial, ...toFormValues(fieldsOf(initial), initial) }))
  const fields = fieldsOf(values)
  const [unreadable, setErrors] = useState<Readonly<Record<string, string>>>({})
  const [unit, setUnit] = useState<MoneyUnit>('万元')
  const wrong = Object.entries(unreadable).map(([path, message]) => ({ path: placeOf(path, values), message }))
  return {
    fields,
    values,
    set: (id, value) => setValues((all) => ({ ...all, [id]: value })),
    unreadable,
    setUnreadable: (path, error) =>
      setErrors((all) => {
        if (all[path] === error) return all
        const { [path]: _gone, ...rest } = all
        return error === undefined ? rest : { ...rest, [path]: error }
      }),
    unit,
    setUnit,
    troubles: [...formTroubles(fields, values).filter((one) => !wrong.some(({ path }) => path === one.path)), ...wrong],
    data: toFormData(fields, values),
  }
}

export interface StepFormProps {
  form: StepFormState
  /** Problems of the server, at paths such as `form/terms/0/amountFen`. */
  errors?: readonly FieldTrouble[] | undefined
  /** Shows what is still missing: after the first attempt to hand in. */
  showMissing?: boolean
}

/** The form of a step as the pack defines it (表单): every kind of field, problems beside the field, lines with paste from Excel. */
export function StepForm({ form, errors = [], showMissing = false }: StepFormProps) {
  const shown = [...errors.map((one) => ({ ...one, path: one.path.replace(/^form\//, '') })), ...(showMissing ? form.troubles : [])]
  const hasMoney = form.fields.some(
    (field) => field.type === 'money' || (field.type === 'lines' && field.fields.some((one) => one.type === 'money')),
  )
  const drawn = (field: FormField) =>
    field.type === 'lines' ? (
      <LinesEditor
        key={field.id}
        field={field}
        lines={linesOf(form.values[field.id])}
        onChange={(lines) => form.set(field.id, lines)}
        unit={form.unit}
        errors={shown.filter((one) => one.path === field.id || one.path.startsWith(`${field.id}/`))}
        onUnreadable={form.setUnreadable}
      />
    ) : (
      <LabelledField
        key={field.id}
        field={field}
        value={form.values[field.id]}
        unit={form.unit}
        error={shown.find((one) => one.path === field.id)?.message}
        onChange={(value) => form.set(field.id, value)}
        onUnreadable={(error) => form.setUnreadable(field.id, error && `${field.title}：${error}`)}
      />
    )
  return (
    <div className="tc-form">
      {hasMoney && <UnitChoice unit={form.unit} onChange={form.setUnit} />}
      {rowsOf(form.fields).map((row) => (
        <Fragment key={row[0]?.id}>
          {row[0]?.group && <h2 className="tc-form-group">{row[0].group}</h2>}
          {row.length > 1 ? <div className="tc-form-pairs">{row.map(drawn)}</div> : row.map(drawn)}
        </Fragment>
      ))}
    </div>
  )
}

/** In which unit amounts are typed on this form; what is kept is 分 either way. */
export function UnitChoice({ unit, onChange }: { unit: MoneyUnit; onChange: (unit: MoneyUnit) => void }) {
  return (
    <div className="tc-form-unit">
      <span id="tc-form-unit">金额单位</span>
      <Radio.Group
        size="small"
        optionType="button"
        value={unit}
        options={[
          { value: '万元', label: '万元' },
          { value: '元', label: '元' },
        ]}
        onChange={(event) => onChange(event.target.value)}
        aria-labelledby="tc-form-unit"
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
  onUnreadable: (error: string | undefined) => void
}

function LabelledField({ field, value, unit, error, onChange, onUnreadable }: LabelledFieldProps) {
  const id = useId()
  return (
    <FormRow id={id} label={field.title} required={field.required} mark={field.mark} help={field.help} error={error}>
      <FieldInput
        id={id}
        field={field}
        value={value}
        unit={unit}
        invalid={error !== undefined}
        onChange={onChange}
        onUnreadable={onUnreadable}
      />
    </FormRow>
  )
}
