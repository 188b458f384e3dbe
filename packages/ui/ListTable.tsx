// SPDX-License-Identifier: Apache-2.0

import type { UseQueryResult } from '@tanstack/react-query'
import type { ListPage } from '@tongchou/api-client'
import { Button, Checkbox, Input, Popover, Select } from 'antd'
import { type ReactNode, useEffect, useState } from 'react'
import type { ListFilter, ListState } from './list-state.ts'
import { QueryView } from './QueryView.tsx'
import { ReferenceSelect, useReferenceName } from './ReferenceSelect.tsx'
import type { ReferenceKind } from './reference.ts'
import { Empty } from './states.tsx'

export interface ListColumn<T> {
  key: string
  title: string
  render: (row: T) => ReactNode
  align?: 'right'
  /** The user may hide it; `hidden` is hidden until chosen. The first column always stays. */
  shown?: 'hidden'
}

export interface ListTableProps<T, Page extends ListPage<T>> {
  /** Name of the list in Chinese: 项目列表. Columns chosen are kept under `id`. */
  label: string
  id: string
  query: UseQueryResult<Page, Error>
  state: ListState
  filters: readonly ListFilter[]
  columns: readonly ListColumn<T>[]
  rowKey: (row: T) => string
  /** Totals for what is filtered, from the answer. */
  totals?: ((page: Page) => readonly { label: string; value: ReactNode }[]) | undefined
  /** What the list leaves out besides the filters: 默认不含已终止项目（12 个）. */
  hides?: ReactNode
  empty: { what: string; hint?: ReactNode; act?: ReactNode }
  /** Exports exactly what is shown; the button is left out without it. */
  onExport?: (() => void) | undefined
}

/** A list: filters that say what they hide, columns of the user's choice, totals, 上一页 and 下一页. */
export function ListTable<T, Page extends ListPage<T>>(props: ListTableProps<T, Page>) {
  const { label, query, state, filters, columns, rowKey, totals, hides, empty, onExport } = props
  const [hidden, setHidden] = useHiddenColumns(props.id, columns)
  const shown = columns.filter((column, index) => index === 0 || !hidden.includes(column.key))
  const filtered = filters.filter((filter) => state.values[filter.name])
  return (
    <>
      {/* biome-ignore lint/a11y/useSemanticElements: the filters act at once, there is nothing to submit */}
      <div className="tc-filters" role="search" aria-label={`${label}的筛选`}>
        {filters.map((filter) => (
          <FilterField
            key={filter.name}
            filter={filter}
            value={state.values[filter.name] ?? ''}
            onChange={(value) => state.set(filter.name, value)}
          />
        ))}
        <div className="tc-filters-end">
          <ColumnChooser columns={columns} hidden={hidden} onChange={setHidden} />
          {onExport && <Button onClick={onExport}>导出当前列表</Button>}
        </div>
      </div>
      <Hides filtered={filtered} state={state} hides={hides} />
      <QueryView
        query={query}
        what={label}
        isEmpty={(page) => page.items.length === 0}
        empty={filtered.length > 0 ? <NothingMatches onClear={state.clear} /> : <Empty {...empty} />}
      >
        {(page) => (
          <>
            <div className="tc-scroll">
              <Rows label={label} columns={shown} rows={page.items} rowKey={rowKey} />
            </div>
            {totals && (
              <div className="tc-totals">
                {totals(page).map((total) => (
                  <span key={total.label}>
                    {total.label} <strong>{total.value}</strong>
                  </span>
                ))}
              </div>
            )}
            <Paging state={state} nextCursor={page.nextCursor} count={page.items.length} />
          </>
        )}
      </QueryView>
    </>
  )
}

function Rows<T>({
  label,
  columns,
  rows,
  rowKey,
}: {
  label: string
  columns: readonly ListColumn<T>[]
  rows: readonly T[]
  rowKey: (row: T) => string
}) {
  return (
    <table className="tc-table" aria-label={label}>
      <thead>
        <tr>
          {columns.map((column) => (
            <th key={column.key} scope="col" className={column.align === 'right' ? 'tc-right' : undefined}>
              {column.title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={rowKey(row)}>
            {columns.map((column) => (
              <td key={column.key} className={column.align === 'right' ? 'tc-right' : undefined}>
                {column.render(row)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function FilterField({ filter, value, onChange }: { filter: ListFilter; value: string; onChange: (value: string) => void }) {
  if (filter.kind === 'select') {
    return (
      <Select
        aria-label={filter.label}
        value={value === '' ? null : value}
        placeholder={filter.label}
        allowClear
        style={{ minWidth: filter.width ?? 140 }}
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
        style={{ minWidth: filter.width ?? 200, maxWidth: 320 }}
        onChange={(next) => onChange(next ?? '')}
      />
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
      style={{ width: filter.width ?? 200 }}
      onChange={(event) => {
        setText(event.target.value)
        if (event.target.value === '' && event.type === 'click') apply('')
      }}
      onPressEnter={() => apply(text)}
      onBlur={() => apply(text)}
    />
  )
}

function Hides({ filtered, state, hides }: { filtered: readonly ListFilter[]; state: ListState; hides: ReactNode }) {
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

function NothingMatches({ onClear }: { onClear: () => void }) {
  return <Empty what="没有符合筛选条件的记录" hint="可以放宽或清除筛选条件。" act={<Button onClick={onClear}>清除筛选</Button>} />
}

function ColumnChooser<T>({
  columns,
  hidden,
  onChange,
}: {
  columns: readonly ListColumn<T>[]
  hidden: readonly string[]
  onChange: (hidden: readonly string[]) => void
}) {
  const toggle = (key: string) => onChange(hidden.includes(key) ? hidden.filter((one) => one !== key) : [...hidden, key])
  const boxes = (
    <div className="tc-columns">
      {columns.slice(1).map((column) => (
        <Checkbox key={column.key} checked={!hidden.includes(column.key)} onChange={() => toggle(column.key)}>
          {column.title}
        </Checkbox>
      ))}
    </div>
  )
  return (
    <Popover content={boxes} title="显示的列" trigger="click" placement="bottomRight">
      <Button>选择列</Button>
    </Popover>
  )
}

function Paging({ state, nextCursor, count }: { state: ListState; nextCursor: string | null; count: number }) {
  const next = nextCursor === null ? undefined : () => state.next(nextCursor)
  if (!next && !state.previous) return null
  return (
    <nav className="tc-paging" aria-label="翻页">
      <Button onClick={state.previous} disabled={!state.previous}>
        上一页
      </Button>
      <Button onClick={next} disabled={!next}>
        下一页
      </Button>
      <span className="tc-muted">本页 {count} 条</span>
    </nav>
  )
}

function useHiddenColumns<T>(id: string, columns: readonly ListColumn<T>[]): [readonly string[], (hidden: readonly string[]) => void] {
  const name = `tongchou.columns.${id}`
  const [hidden, setHidden] = useState<readonly string[]>(() => {
    const stored = localStorage.getItem(name)
    return stored === null ? columns.filter((column) => column.shown === 'hidden').map((column) => column.key) : stored.split(',')
  })
  useEffect(() => localStorage.setItem(name, hidden.join(',')), [name, hidden])
  return [hidden, setHidden]
}
