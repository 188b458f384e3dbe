// SPDX-License-Identifier: Apache-2.0
import { Button } from 'antd'
import { type DragEvent, useId, useRef, useState } from 'react'

export interface FileDropProps {
  /** What the chooser is called. */
  label: string
  /** Beside the button: what is taken, and how much. */
  hint: string
  /** Endings the file chooser offers; the server decides by content. */
  accept: string
  multiple?: boolean
  primary?: boolean
  disabled?: boolean
  onFiles: (files: readonly File[]) => void
}

/** Where files are chosen or dropped (选择文件); what becomes of them is the caller's. */
export function FileDrop({ label, hint, accept, multiple = false, primary = false, disabled = false, onFiles }: FileDropProps) {
  const [over, setOver] = useState(false)
  const chooser = useRef<HTMLInputElement>(null)
  const id = useId()
  const drop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    if (!disabled) onFiles([...event.dataTransfer.files])
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is an extra; the button inside does the same
    <div
      className={`tc-drop${over ? ' tc-drop--over' : ''}`}
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <Button type={primary ? 'primary' : 'default'} disabled={disabled} onClick={() => chooser.current?.click()} aria-describedby={id}>
        选择文件
      </Button>
      <span id={id} className="tc-muted">
        {hint}
      </span>
      <input
        ref={chooser}
        type="file"
        multiple={multiple}
        hidden
        accept={accept}
        aria-label={label}
        onChange={(event) => {
          onFiles([...(event.target.files ?? [])])
          event.target.value = ''
        }}
      />
    </div>
  )
}
