// SPDX-License-Identifier: Apache-2.0

import { Button, Input, Select } from 'antd'
import { type CSSProperties, lazy, type ReactNode, Suspense, useState } from 'react'
import type { ListFilter, ListState } from './list-state.ts'
import { ReferenceSelect, useReferenceName } from './ReferenceSelect.tsx'
import type { ReferenceKind } from './reference.ts'

const DateFilter = lazy(async () => ({ default: (await import('./DateFilter.tsx')).DateFilter }))

/** The filters of a list in one row; `end` stands at its end. */
export function ListFilters({
  label,
  filters,
  state,
  count,
  end,
}: {
  label: string
  filters: readonly ListFilter[]
  state: ListState
  /** How many rows are shown, where filters only narrow: with no row and no filter there is nothing to filter, and none is offered. */
  count?: number | undefined
  end?: ReactNode
}) {
  const filtered = filters.some(({ name }) => state.values[name])
  if (count === 0 && !filtered && state.previous === undefined) return null
  return (
    // biome-ignore lint/a11y/useSemanticElements: the filters act at once, there is nothing to submit
    <div className="tc-filters" role="search" aria-label={`${label}的筛选`}>
      {filters.map((filter) => (
        <FilterField
          key={filter.name}
          filter={filter}
          value={state.values[filter.name] ?? ''}
          onChange={(value) => state.set(filter.name, value)}
        />
      ))}
      {end && <div className="tc-filters-end">{end}</div>}
    </div>
  )
}

/** How wide a field is at a desk; the styles know better on a phone. */
function widthOf(width: number): CSSProperties {
  return { '--tc-filter': `${width}px` } as CSSProperties
}

function FilterField({ filter, value, onChange }: { filter: ListFilter; value: string; onChange: (value: string) => void }) {
  if (filter.kind === 'select') {
    return (
      <Select
        aria-label={filter.label}
        value={value === '' ? null : value}
        placeholder={filter.label}
        allowClear
        className="tc-filter"
        style={widthOf(filter.width ?? 140)}
        popupMatchSelectWidth={false}
        options={(filter.options ?? []).map((option) => ({ ...option }))}
        onChange={(next: string | null | undefined) => onChange(next ?? '')}
      />
    )
  }
  if (filter.kind === 'reference') {
    return (
      <ReferenceSelect
        of={filter.of}
        aria-label={filter.label}
        placeholder={filter.label}
        value={value === '' ? undefined : value}
        className="tc-filter tc-filter--reference"
        style={widthOf(filter.width ?? 200)}
        onChange={(next) => onChange(next ?? '')}
      />
    )
  }
  if (filter.kind === 'date') {
    return (
      <Suspense fallback={<span className="tc-filter tc-filter--text" style={widthOf(filter.width ?? 210)} />}>
        <DateFilter label={filter.label} style={widthOf(filter.width ?? 210)} value={value} onChange={onChange} />
      </Suspense>
    )
  }
  return <TextFilter key={value} filter={filter} value={value} onChange={onChange} />
}

/** Searches when asked to (Enter, button, leaving the field), not at every key: input methods type in between. */
function TextFilter({ filter, value, onChange }: { filter: ListFilter; value: string; onChange: (value: string) => void }) {
  const [text, setText] = useState(value)
  const apply = (next: string) => next.trim() !== value && onChange(next.trim())
  return (
    <Input
      aria-label={filter.label}
      placeholder={filter.label}
      value={text}
      allowClear
      className="tc-filter tc-filter--text"
      style={widthOf(filter.width ?? 200)}
      onChange={(event) => {
        setText(event.target.value)
        if (event.target.value === '' && event.type === 'click') apply('')
      }}
      onPressEnter={() => apply(text)}
      onBlur={() => apply(text)}
    />
  )
}

/** What the filters leave out, in words. */
export function Hides({ filtered, state, hides }: { filtered: readonly ListFilter[]; state: ListState; hides?: ReactNode }) {
  if (filtered.length === 0 && !hides) return null
  return (
    <p className="tc-hides" role="status">
      {filtered.length > 0 && (
        <span>
          只显示
          {filtered.map((filter, index) => (
            <span key={filter.name}>
              {index > 0 && '、'}
              {filter.label}为“
              <FilterWord filter={filter} value={state.values[filter.name] ?? ''} />”
            </span>
          ))}
          的，其余未显示。
        </span>
      )}
      {hides}
      {filtered.length > 0 && (
        <Button type="link" size="small" onClick={state.clear}>
          清除筛选
        </Button>
      )}
    </p>
  )
}

/** The chosen value as the reader knows it. */
function FilterWord({ filter, value }: { filter: ListFilter; value: string }) {
  if (filter.kind === 'reference') return <ReferenceWord of={filter.of} id={value} />
  return filter.kind === 'select' ? (filter.options?.find((option) => option.value === value)?.label ?? value) : value
}

function ReferenceWord({ of, id }: { of: ReferenceKind; id: string }) {
  return useReferenceName(of, id)
}
