import { Input, Select } from 'antd'
import { useId } from 'react'
import { purposeWords } from '../words.ts'

/** What a look is for, as it is being said. */
export interface Said {
  purpose: keyof typeof purposeWords | undefined
  note: string
}

/** As the API takes it: nothing until both are said. */
export function purposeOf({ purpose, note }: Said): { purpose?: { kind: keyof typeof purposeWords; note: string } } {
  return purpose && note.trim() ? { purpose: { kind: purpose, note: note.trim() } } : {}
}

/** 用途、事由: what a look at personal records is for. */
export function PurposeInputs({ purpose, note, onChange }: Said & { onChange: (said: Said) => void }) {
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
        options={Object.entries(purposeWords).map(([value, label]) => ({ value: value as keyof typeof purposeWords, label }))}
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
