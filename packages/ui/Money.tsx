// SPDX-License-Identifier: Apache-2.0
import { Input } from 'antd'
import { useId, useState } from 'react'
import { editMoney, formatWan, formatYuan, type MoneyUnit, readAmount } from './money.ts'

/** An amount in 万元; the exact 元 on hover and for screen readers. Null is 未填写. */
export function Money({ fen, unit = true }: { fen: number | null | undefined; unit?: boolean }) {
  if (fen === null || fen === undefined) return <span className="tc-muted">未填写</span>
  return (
    <span className="tc-num" title={`${formatYuan(fen)} 元`}>
      {formatWan(fen)}
      {unit && ' 万元'}
    </span>
  )
}

export interface MoneyInputProps {
  /** 分, or a text that was typed or pasted and is no amount. */
  value?: number | string | null | undefined
  /** Called with 分, with the text itself while it is no amount, with undefined while there is none. */
  onChange: (value: number | string | undefined) => void
  unit?: MoneyUnit
  id?: string | undefined
  invalid?: boolean
  required?: boolean
  /** What describes the input besides the exact amount. */
  describedBy?: string | undefined
  'aria-label'?: string
}

/** An amount typed as text in 元 or 万元 and kept as exact 分: a floating point number never touches it, and nothing typed is lost. */
export function MoneyInput({
  value,
  onChange,
  unit = '万元',
  id,
  invalid = false,
  required = false,
  describedBy,
  ...aria
}: MoneyInputProps) {
  const hintId = useId()
  const [typed, setTyped] = useState<string | null>(null)
  const kept = typeof value === 'number' ? editMoney(value, unit) : (value ?? '')
  const shown = typed ?? kept
  const read = shown.trim() === '' ? null : readAmount(shown, unit)
  const error = read !== null && 'error' in read ? read.error : undefined
  const change = (text: string) => {
    setTyped(text)
    const next = text.trim() === '' ? null : readAmount(text, unit)
    onChange(next === null ? undefined : 'error' in next ? text : next.fen)
  }
  return (
    <>
      <Input
        {...aria}
        {...(id === undefined ? {} : { id })}
        value={shown}
        inputMode="decimal"
        autoComplete="off"
        suffix={unit}
        status={error || invalid ? 'error' : ''}
        aria-invalid={error !== undefined || invalid}
        aria-required={required}
        aria-describedby={describedBy === undefined ? hintId : `${hintId} ${describedBy}`}
        onChange={(event) => change(event.target.value)}
        onBlur={() => setTyped(null)}
      />
      <span id={hintId} className={`tc-field-hint ${error ? 'tc-field-error' : 'tc-muted'}`} role={error ? 'alert' : undefined}>
        {error ?? (read !== null && 'fen' in read && unit === '万元' ? `${formatYuan(read.fen)} 元` : '')}
      </span>
    </>
  )
}
