// SPDX-License-Identifier: Apache-2.0
import { ApiProblem } from '@tongchou/api-client'
import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from 'react'
import { useLocation } from 'react-router'
import { ActError } from './ActError.tsx'
import { goToPath } from './anchor.ts'
import { useAct } from './data.ts'
import { KeptNote } from './KeptNote.tsx'
import { type Kept, useKept } from './kept.ts'
import { SendBar } from './SendBar.tsx'
import { StepForm, type StepFormState, useStepForm } from './StepForm.tsx'
import { type FieldTrouble, type FormField, type FormValues, plainValues } from './step-form.ts'

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
  /** What is typed is not kept in this browser, because it holds a person's number. */
  confidential?: true
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

/** One act as a form (办理事项): problems beside their items, what is missing in view, what is typed kept until it is sent. */
export function ActForm({ fields, initial = {}, ...sending }: ActFormProps) {
  return <FilledAct form={useStepForm(fields, initial)} {...sending} />
}

/** `ActForm` for a page that holds the form itself, because its fields depend on what is filled in. */
export function FilledAct({ form, act, send, onDone, problems = [], fieldAt = asItIs, confidential, children }: FilledActProps) {
  const [tried, setTried] = useState(0)
  const { pathname } = useLocation()
  const { kept, start } = useKeptForm(confidential ? null : `${pathname} ${act}`, form)
  const sending = useAct(async (data: Record<string, unknown>, key) => {
    await send(data, key)
    kept.clear()
    onDone?.()
  })
  const told = sending.error instanceof ApiProblem ? sending.error.fields : problems
  const errors = told.map((one) => ({ ...one, path: fieldAt(one.path) }))
  const element = useRef<HTMLFormElement>(null)
  useFirstWrong(element, [tried, sending.error], [...form.troubles, ...errors][0]?.path)
  return (
    <form
      ref={element}
      noValidate
      onKeyDown={keepEnter}
      onSubmit={(event) => {
        event.preventDefault()
        if (sending.isPending) return
        setTried(tried + 1)
        if (form.troubles.length === 0) sending.mutate(form.data)
      }}
    >
      <KeptNote kept={kept} onClear={start} />
      {children}
      <StepForm form={form} errors={errors} showMissing={tried > 0} />
      <ActError error={sending.error} act={act} kept={kept.isKept} fields={form.fields} />
      <SendBar
        act={act}
        troubles={form.troubles}
        tried={tried > 0}
        pending={sending.isPending}
        onGoTo={(path) => element.current && goToPath(element.current, path)}
      />
    </form>
  )
}

/** Keeps a form while it is typed (`useKept`); `start` puts back what it began with. */
export function useKeptForm(name: string | null, form: StepFormState): { kept: Kept; start: () => void } {
  const [initial] = useState(form.values)
  const kept = useKept(name, plainValues(form.fields, form.values), (values) => form.fill({ ...initial, ...values }))
  return { kept, start: () => form.fill(initial) }
}

/** Enter ends a date or a word; it does not hand in a form that is half filled in. The button does. */
function keepEnter(event: KeyboardEvent<HTMLFormElement>): void {
  if (event.key === 'Enter' && event.target instanceof HTMLInputElement) event.preventDefault()
}

const asItIs = (path: string) => path

/** After an attempt that failed the cursor stands in the first item that is wrong, wherever on a long form it is. */
function useFirstWrong(form: { current: HTMLElement | null }, attempts: readonly unknown[], first: string | undefined) {
  const before = useRef(attempts)
  useEffect(() => {
    if (attempts.every((one, index) => one === before.current[index])) return
    before.current = attempts
    if (first !== undefined && form.current) goToPath(form.current, first)
  })
}
