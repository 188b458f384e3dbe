import { ApiProblem } from '@tongchou/api-client'
import { ActError, type FormField, type FormValues, StepForm, useAct, useStepForm } from '@tongchou/ui'
import { Button } from 'antd'
import { type ReactNode, useState } from 'react'

export interface ActFormProps {
  /** The act as a verb, on the button: 提交申请. */
  act: string
  fields: readonly FormField[]
  initial?: FormValues
  /** Sends what is filled in; `key` makes a repeated click harmless. */
  send: (data: Record<string, unknown>, key: string) => Promise<unknown>
  onDone?: () => void
  /** Before the fields: what the act does. */
  children?: ReactNode
}

/** One act as a form: problems beside their fields, what is missing said when it is sent too early. */
export function ActForm({ act, fields, initial = {}, send, onDone, children }: ActFormProps) {
  const form = useStepForm(fields, initial)
  const [tried, setTried] = useState(false)
  const sending = useAct(async (data: Record<string, unknown>, key) => {
    await send(data, key)
    onDone?.()
  })
  const errors = sending.error instanceof ApiProblem ? sending.error.fields : []
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        setTried(true)
        if (form.troubles.length === 0) sending.mutate(form.data)
      }}
    >
      {children}
      <StepForm form={form} errors={errors} showMissing={tried} />
      {tried && form.troubles.length > 0 && (
        <p className="tc-field-error" role="alert">
          还需：{form.troubles.map((one) => one.message).join('；')}。
        </p>
      )}
      <ActError error={sending.error} act={act} />
      <Button type="primary" htmlType="submit" loading={sending.isPending}>
        {act}
      </Button>
    </form>
  )
}
