import { ActError } from '@tongchou/ui'
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

interface FieldControl {
  id?: string
  'aria-describedby'?: string
}
