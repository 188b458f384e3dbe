// SPDX-License-Identifier: Apache-2.0
import { Input } from 'antd'
import { useId, useState } from 'react'
import { editMoney, formatWan, formatYuan, type MoneyUnit, parseMoney } from './money.ts'

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
  value?: number | null | undefined
  /** Called with 分, or null while the text is empty or is no amount; then `error` says why. */
  onChange?: ((fen: number | null, error?: string) => void) | undefined
  unit?: MoneyUnit
  id?: string | undefined
  disabled?: boolean
  placeholder?: string
  'aria-label'?: string
}

/** An amount typed as text in 元 or 万元 and kept as exact 分: a floating point number never touches it. */
export function MoneyInput({ value, onChange, unit = '万元', id, disabled = false, placeholder = '', ...aria }: MoneyInputProps) {
  const hintId = useId()
  const [typed, setTyped] = useState<string | null>(null)
  const shown = typed ?? (value === null || value === undefined ? '' : editMoney(value, unit))
  const read = shown.trim() === '' ? null : parseMoney(shown, unit)
  const error = read !== null && 'error' in read ? read.error : undefined
  const change = (text: string) => {
    setTyped(text)
    const next = text.trim() === '' ? null : parseMoney(text, unit)
    if (next === null) onChange?.(null)
    else if ('error' in next) onChange?.(null, next.error)
    else onChange?.(next.fen)
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
        disabled={disabled}
        placeholder={placeholder}
        status={error ? 'error' : ''}
        aria-invalid={error !== undefined}
        aria-describedby={hintId}
        onChange={(event) => change(event.target.value)}
        onBlur={() => error === undefined && setTyped(null)}
      />
      <span id={hintId} className={`tc-field-hint ${error ? 'tc-field-error' : 'tc-muted'}`} role={error ? 'alert' : undefined}>
        {error ?? (read !== null && 'fen' in read && unit === '万元' ? `${formatYuan(read.fen)} 元` : '')}
      </span>
    </>
  )
}
