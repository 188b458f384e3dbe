import { ApiProblem } from '@tongchou/api-client'
import { ActError, field, LabelledField, type ReferenceKind, StepForm, type StepFormState, useAct } from '@tongchou/ui'
import { Button, Modal } from 'antd'
import { cloneElement, type FormEvent, type ReactElement, type ReactNode, useId, useState } from 'react'

export interface ActDialogProps {
  title: string
  /** The act as a verb, on the button: 更名. */
  act: string
  /** What is still missing, as a sentence; the button says it and does nothing else until it is cured. */
  lacks: string | null
  pending: boolean
  error: unknown
  onSubmit: () => void
  onClose: () => void
  children: ReactNode
}

/** One act as a form in a dialog: Enter submits, Escape leaves, what is missing is said in place. */
export function ActDialog({ title, act, lacks, pending, error, onSubmit, onClose, children }: ActDialogProps) {
  const [tried, setTried] = useState(false)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (lacks === null) onSubmit()
  }
  return (
    <Modal open title={title} onCancel={onClose} footer={null} destroyOnHidden>
      <form className="tc-org-form" onSubmit={submit} noValidate>
        {children}
        {tried && lacks !== null && (
          <p className="tc-field-error" role="alert">
            {lacks}
          </p>
        )}
        <ActError act={act} error={error} />
        <div className="tc-org-end">
          <Button onClick={onClose}>取消</Button>
          <Button type="primary" htmlType="submit" loading={pending}>
            {act}
          </Button>
        </div>
      </form>
    </Modal>
  )
}

/**
 * The same for a form of items (`useStepForm`): the shared inputs with their checks (统一社会信用代码 with its check character, dates,
 * organisations of the register), what is wrong beside its item, also what the server says.
 */
export function ItemsDialog({
  form,
  act,
  send,
  onClose,
  title,
  children,
}: Pick<ActDialogProps, 'title' | 'act' | 'onClose'> & {
  form: StepFormState
  send: (data: Record<string, unknown>, key: string) => Promise<unknown>
  children?: ReactNode
}) {
  const [tried, setTried] = useState(false)
  const sending = useAct(async (data: Record<string, unknown>, key) => {
    await send(data, key)
    onClose()
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (form.troubles.length === 0) sending.mutate(form.data)
  }
  return (
    <Modal open title={title} onCancel={onClose} footer={null} destroyOnHidden>
      <form className="tc-org-form" onSubmit={submit} noValidate>
        {children}
        <StepForm form={form} errors={sending.error instanceof ApiProblem ? sending.error.fields : []} showMissing={tried} />
        <ActError act={act} error={sending.error} fields={form.fields} />
        <div className="tc-org-end">
          <Button onClick={onClose}>取消</Button>
          <Button type="primary" htmlType="submit" loading={sending.isPending}>
            {act}
          </Button>
        </div>
      </form>
    </Modal>
  )
}

/** A labelled field of such a form; the hint describes the field and is no part of its name. */
export function Field({ label, hint, children }: { label: string; hint?: string; children: ReactElement<FieldControl> }) {
  const id = useId()
  return (
    <div className="tc-org-field">
      <label htmlFor={id}>{label}</label>
      {cloneElement(children, { id, ...(hint ? { 'aria-describedby': `${id}h` } : {}) })}
      {hint && (
        <span id={`${id}h`} className="tc-field-hint">
          {hint}
        </span>
      )}
    </div>
  )
}

interface ItemProps {
  label: string
  hint?: string | undefined
  value: string
  onChange: (value: string) => void
  /** 选填. */
  optional?: boolean
}

/** A line of text of such a form: the shared item, so that label, hint and box are those of every form. */
export function TextField({ label, hint, value, onChange, optional = false, maxLength }: ItemProps & { maxLength: number }) {
  return (
    <LabelledField
      field={field('text', label, { type: 'text', maxLength, required: !optional, help: hint ?? null })}
      value={value}
      unit="元"
      error={undefined}
      onChange={(text) => onChange(typeof text === 'string' ? text : '')}
    />
  )
}

/** A date of such a form, typed in the ways offices write it or picked. */
export function DateField({ label, hint, value, onChange, optional = false }: ItemProps) {
  return (
    <LabelledField
      field={field('date', label, { type: 'date', required: !optional, help: hint ?? null })}
      value={value}
      unit="元"
      error={undefined}
      onChange={(date) => onChange(typeof date === 'string' ? date : '')}
    />
  )
}

/** A thing of a register in such a form, found by typing part of its name. */
export function ReferenceField({ label, hint, value, onChange, optional = false, of }: ItemProps & { of: ReferenceKind }) {
  return (
    <LabelledField
      field={field('reference', label, { type: 'reference', of, required: !optional, help: hint ?? null })}
      value={value}
      unit="元"
      error={undefined}
      onChange={(id) => onChange(typeof id === 'string' ? id : '')}
    />
  )
}

interface FieldControl {
  id?: string
  'aria-describedby'?: string
}
