// SPDX-License-Identifier: Apache-2.0
import { ApiProblem } from '@tongchou/api-client'
import { Button } from 'antd'
import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react'
import { ActError } from './ActError.tsx'
import { useAct } from './data.ts'
import { StepForm, type StepFormState, useStepForm } from './StepForm.tsx'
import type { FieldTrouble, FormField, FormValues } from './step-form.ts'

interface Sending {
  /** The act as a verb, on the button: 提交申请. */
  act: string
  /** Sends what is filled in; `key` makes a repeated click harmless. */
  send: (data: Record<string, unknown>, key: string) => Promise<unknown>
  onDone?: (() => void) | undefined
  /** What is known to be wrong before anything is sent: gaps of a saved draft. */
  problems?: readonly FieldTrouble[] | undefined
  /** The field at which a path of the server is shown, where the two differ. */
  fieldAt?: ((path: string) => string) | undefined
  /** Before the fields: what the act does. */
  children?: ReactNode
}

export interface ActFormProps extends Sending {
  fields: readonly FormField[]
  /** Read once. */
  initial?: FormValues
}

export interface FilledActProps extends Sending {
  form: StepFormState
}

/** One act as a form (办理事项): problems beside their fields, what is missing said when it is sent too early. */
export function ActForm({ fields, initial = {}, ...sending }: ActFormProps) {
  return <FilledAct form={useStepForm(fields, initial)} {...sending} />
}

/** `ActForm` for a page that holds the form itself, because its fields depend on what is filled in. */
export function FilledAct({ form, act, send, onDone, problems = [], fieldAt = asItIs, children }: FilledActProps) {
  const [tried, setTried] = useState(0)
  const missing = useId()
  const sending = useAct(async (data: Record<string, unknown>, key) => {
    await send(data, key)
    onDone?.()
  })
  const told = sending.error instanceof ApiProblem ? sending.error.fields : problems
  const errors = told.map((one) => ({ ...one, path: fieldAt(one.path) }))
  const shownAt = useFirstInvalid([tried, sending.error])
  const lacking = tried > 0 ? form.troubles : []
  return (
    <form
      ref={shownAt}
      noValidate
      onKeyDown={keepEnter}
      onSubmit={(event) => {
        event.preventDefault()
        if (sending.isPending) return
        setTried(tried + 1)
        if (form.troubles.length === 0) sending.mutate(form.data)
      }}
    >
      {children}
      <StepForm form={form} errors={errors} showMissing={tried > 0} />
      {lacking.length > 0 && (
        <div className="tc-lacking" role="alert" id={missing}>
          <p>
            {act}前还须补正 {lacking.length} 处：
          </p>
          <ul>
            {lacking.map((one) => (
              <li key={`${one.path} ${one.message}`}>{one.message}</li>
            ))}
          </ul>
        </div>
      )}
      <ActError error={sending.error} act={act} />
      <p className="tc-form-send">
        <Button type="primary" htmlType="submit" loading={sending.isPending} aria-describedby={lacking.length > 0 ? missing : undefined}>
          {act}
        </Button>
      </p>
    </form>
  )
}

/** Enter ends a date or a word; it does not hand in a form that is half filled in. The button does. */
function keepEnter(event: KeyboardEvent<HTMLFormElement>): void {
  if (event.key === 'Enter' && event.target instanceof HTMLInputElement) event.preventDefault()
}

const asItIs = (path: string) => path

/** After an attempt that failed the cursor stands in the first field that is wrong, wherever on a long form it is. */
function useFirstInvalid(attempts: readonly unknown[]) {
  const form = useRef<HTMLFormElement>(null)
  const before = useRef(attempts)
  useEffect(() => {
    if (attempts.every((one, index) => one === before.current[index])) return
    before.current = attempts
    const field = form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')
    field?.focus({ preventScroll: true })
    // Its label and its message too, and clear of the bar at the top.
    field?.closest('.tc-form-row, tr')?.scrollIntoView({ block: 'center' })
  })
  return form
}
