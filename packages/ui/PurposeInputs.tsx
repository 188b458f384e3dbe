// SPDX-License-Identifier: Apache-2.0
import { Input, Select } from 'antd'
import { useId } from 'react'

/** What a look is for, as it is being said. */
export interface Said<P extends string> {
  purpose: P | undefined
  note: string
}

/** As the API takes it: nothing until both are said. */
export function purposeOf<P extends string>({ purpose, note }: Said<P>): { purpose?: { kind: P; note: string } } {
  return purpose && note.trim() ? { purpose: { kind: purpose, note: note.trim() } } : {}
}

/** 用途、事由: what a look at personal records is for. */
export function PurposeInputs<P extends string>({
  words,
  purpose,
  note,
  onChange,
}: Said<P> & { words: Readonly<Record<P, string>>; onChange: (said: Said<P>) => void }) {
  const [purposeId, noteId] = [useId(), useId()]
  return (
    <>
      <label htmlFor={purposeId}>用途</label>
      <Select
        id={purposeId}
        style={{ width: 160 }}
        placeholder="请选择"
        allowClear
        value={purpose}
        options={Object.entries<string>(words).map(([value, label]) => ({ value: value as P, label }))}
        onChange={(value) => onChange({ purpose: value, note })}
      />
      <label htmlFor={noteId}>事由</label>
      <Input
        id={noteId}
        style={{ width: 260 }}
        maxLength={200}
        value={note}
        placeholder="如：2026年第四季度低保复核"
        onChange={(event) => onChange({ purpose, note: event.target.value })}
      />
    </>
  )
}
