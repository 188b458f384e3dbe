// SPDX-License-Identifier: Apache-2.0
import { ApiProblem, type ListPage } from '@tongchou/api-client'
import { Select } from 'antd'
import { type CSSProperties, useState } from 'react'
import { useApi, useSettled } from './data.ts'
import {
  nameless,
  nothingFound,
  type ReferenceKind,
  type ReferenceLine,
  type ReferenceOption,
  referenceOptions,
  references,
} from './reference.ts'
import { reasonOf } from './states.tsx'

export interface ReferenceSelectProps {
  of: ReferenceKind
  /** Id of what is chosen. */
  value: string | undefined
  onChange: (value: string | undefined) => void
  id?: string
  'aria-label'?: string
  'aria-describedby'?: string
  'aria-required'?: boolean
  'aria-invalid'?: boolean
  placeholder?: string
  allowClear?: boolean
  style?: CSSProperties
  className?: string
}

/** How many are listed at once; who does not find theirs types more of the name. */
const LISTED = 20

/**
 * Chooses a thing of a register (选择单位、项目、信息系统): the list is searched on the server while one types, so it serves
 * ten thousand as well as ten. The chosen name stays when the list has moved on, and after a page was opened by its link.
 */
export function ReferenceSelect({
  of,
  value,
  onChange,
  placeholder = '输入名称查找',
  allowClear = true,
  style,
  className,
  ...named
}: ReferenceSelectProps) {
  const [open, setOpen] = useState(false)
  const [typed, setTyped] = useState('')
  const searched = useSettled(typed.trim())
  const list = useApi<ListPage<ReferenceLine>>(open ? references[of].path : null, { q: searched, limit: LISTED })
  const settled = searched === typed.trim() && list.data !== undefined
  const options = settled ? referenceOptions(list.data.items, searched) : []
  const [picked, setPicked] = useState<ReferenceOption>()
  const label = useReferenceName(of, value, picked?.value === value ? picked?.label : undefined)
  return (
    <Select<{ value: string; label: string }, ReferenceOption>
      {...named}
      labelInValue
      value={value ? { value, label } : null}
      options={options}
      optionRender={({ data }) => (
        <>
          {data.label}
          {data.note && <span className="tc-muted">（{data.note}）</span>}
        </>
      )}
      showSearch={{ filterOption: false, searchValue: typed, onSearch: setTyped }}
      placeholder={placeholder}
      allowClear={allowClear}
      status={named['aria-invalid'] ? 'error' : ''}
      popupMatchSelectWidth={false}
      {...(className === undefined ? {} : { className })}
      style={style ?? { width: '100%', maxWidth: 480 }}
      notFoundContent={<output>{list.error ? reasonOf(list.error) : settled ? nothingFound(of, searched) : '正在查找'}</output>}
      popupRender={(menu) => (
        <>
          {menu}
          {settled && list.data.nextCursor !== null && <p className="tc-select-more">仅列出前 {LISTED} 个，其余请输入名称查找。</p>}
        </>
      )}
      onOpenChange={(next) => {
        setOpen(next)
        if (!next) setTyped('')
      }}
      onChange={(next: { value: string; label: string } | null | undefined) => {
        setPicked(options.find((one) => one.value === next?.value))
        onChange(next?.value)
      }}
    />
  )
}

/** The name of one thing of a register, by its id: known already, or read. */
export function useReferenceName(of: ReferenceKind, id: string | undefined, known?: string): string {
  const read = useApi<ReferenceLine>(id && known === undefined ? `${references[of].path}/${encodeURIComponent(id)}` : null)
  if (known !== undefined) return known
  if (read.data) return read.data.name ?? read.data.content?.name
  if (read.error) return nameless(of, read.error instanceof ApiProblem && (read.error.status === 403 || read.error.status === 404))
  return '正在读取名称'
}
