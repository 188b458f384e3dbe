// SPDX-License-Identifier: Apache-2.0
import { Button, Input } from 'antd'
import { useContext, useId, useState } from 'react'
import { SessionContext } from './session.ts'

export interface OpinionBoxProps {
  value: string
  onChange: (text: string) => void
  /** Phrases of the office for this kind of decision. */
  phrases: readonly string[]
  /** Own phrases are kept under this name: review, acceptance. */
  kind: string
  label?: string
  required?: boolean
  error?: string | undefined
}

/** An opinion (意见): phrases go into the text, where they are edited; one's own can be kept. */
export function OpinionBox({ value, onChange, phrases, kind, label = '办理意见', required = false, error }: OpinionBoxProps) {
  const id = useId()
  const [own, keep] = useOwnPhrases(kind)
  const add = (phrase: string) => onChange(value.trim() === '' ? phrase : `${value.trimEnd()}\n${phrase}`)
  const text = value.trim()
  return (
    <div>
      <label htmlFor={id}>
        {label}
        {required && <span className="tc-muted">（必填）</span>}
      </label>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset would ask for a legend that repeats the label */}
      <div className="tc-phrases" role="group" aria-label="常用语">
        {[...phrases, ...own].map((phrase) => (
          <Button key={phrase} size="small" onClick={() => add(phrase)} title={phrase}>
            {phrase.length > 14 ? `${phrase.slice(0, 13)}…` : phrase}
          </Button>
        ))}
      </div>
      <Input.TextArea
        id={id}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        autoSize={{ minRows: 4, maxRows: 12 }}
        maxLength={2000}
        status={error ? 'error' : ''}
        aria-invalid={error !== undefined}
        aria-describedby={`${id}e`}
        aria-required={required}
      />
      <div id={`${id}e`} className="tc-field-error" role={error ? 'alert' : undefined}>
        {error}
      </div>
      {own.includes(text) ? (
        <Button type="link" size="small" onClick={() => keep(own.filter((one) => one !== text))}>
          从常用语中移除
        </Button>
      ) : (
        text !== '' &&
        text.length <= 100 &&
        !phrases.includes(text) && (
          <Button type="link" size="small" onClick={() => keep([...own, text])}>
            存为常用语
          </Button>
        )
      )}
    </div>
  )
}

function useOwnPhrases(kind: string): [readonly string[], (next: readonly string[]) => void] {
  const person = useContext(SessionContext)?.person.id ?? ''
  const name = `tongchou.phrases.${kind}.${person}`
  const [own, setOwn] = useState<readonly string[]>(() => readList(name))
  return [
    own,
    (next) => {
      setOwn(next)
      localStorage.setItem(name, JSON.stringify(next))
    },
  ]
}

function readList(name: string): string[] {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(name) ?? '[]')
    return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []
  } catch {
    return []
  }
}
