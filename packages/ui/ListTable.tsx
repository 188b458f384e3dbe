// SPDX-License-Identifier: Apache-2.0

import type { UseQueryResult } from '@tanstack/react-query'
import { ApiProblem, type ListPage } from '@tongchou/api-client'
import { Button } from 'antd'
import type { KeyboardEvent, ReactNode } from 'react'
import { ListColumnChooser, useHiddenColumns } from './ListColumnChooser.tsx'
import { ListExport } from './ListExport.tsx'
import { Hides, ListFilters } from './ListFilters.tsx'
import type { ListFilter, ListState } from './list-state.ts'
import { QueryView } from './QueryView.tsx'
import { SavedViews } from './SavedViews.tsx'
import { Sideways } from './Sideways.tsx'
import { Empty } from './states.tsx'

export interface ListColumn<T> {
  /** The same key as the column that the list's route declares for the export. */
  key: string
  title: string
  render: (row: T) => ReactNode
  align?: 'right'
  /** Holds sentences: never so narrow that a word stands in each line. */
  wide?: true
  /** The user may hide it; `hidden` is hidden until chosen. The first column always stays. */
  shown?: 'hidden'
  /** Holds buttons, not data: it is not exported. */
  act?: true
  /** The server sorts by it: value of `sort`, and `-` before it for the other way round. */
  sort?: string
}

export interface ListTableProps<T, Page extends ListPage<T>> {
  /** Name of the list in Chinese: 项目列表. Columns chosen and filters saved are kept under `id`. */
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
  /** operationId of the list: what is shown is exported by asking it again. */
  operation: string
  /** What the page itself asks of the list beside the filters, so that the export asks it too. */
  fixed?: Readonly<Record<string, string>>
  /** What stands in the list's address. */
  params?: Readonly<Record<string, string>>
}

/** A list: filters that say what they hide, columns of the user's choice, totals, export, 上一页 and 下一页. */
export function ListTable<T, Page extends ListPage<T>>(props: ListTableProps<T, Page>) {
  const { id, label, query, state, filters, columns, rowKey, totals, hides, empty } = props
  const { hidden, choose, keep } = useHiddenColumns(id, columns)
  const shown = columns.filter((column, index) => index === 0 || !hidden.includes(column.key))
  const filtered = filters.filter((filter) => state.values[filter.name])
  // Who may not read the list is not offered to filter, arrange or take it along.
  if (query.error instanceof ApiProblem && query.error.status === 403)
    return (
      <QueryView query={query} what={label}>
        {() => null}
      </QueryView>
    )
  return (
    <>
      <ListFilters
        label={label}
        filters={filters}
        state={state}
        end={
          <>
            {filters.length > 0 && <SavedViews id={id} state={state} />}
            <ListColumnChooser columns={columns} hidden={hidden} onChange={choose} onDone={keep} />
            <ListExport
              list={props.operation}
              params={props.params}
              query={{ ...props.fixed, ...state.values, ...(state.sort === '' ? {} : { sort: state.sort }) }}
              columns={shown.filter((column) => !column.act).map((column) => column.key)}
              disabled={query.data === undefined || (query.data.items.length === 0 && state.previous === undefined)}
            />
          </>
        }
      />
      <Hides filtered={filtered} state={state} hides={hides} />
      <QueryView
        query={query}
        what={label}
        isEmpty={(page) => page.items.length === 0}
        empty={filtered.length > 0 ? <NothingMatches onClear={state.clear} /> : <Empty {...empty} />}
      >
        {(page) => (
          <>
            <Sideways label={label}>
              <Rows label={label} columns={shown} rows={page.items} rowKey={rowKey} state={state} />
            </Sideways>
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

interface RowsProps<T> {
  label: string
  columns: readonly ListColumn<T>[]
  rows: readonly T[]
  rowKey: (row: T) => string
  state: ListState
}

/** Up and down move between the rows, Enter opens: the focus stands on the first thing of a row that can be opened. */
function Rows<T>({ label, columns, rows, rowKey, state }: RowsProps<T>) {
  return (
    <table className="tc-table tc-list" aria-label={label} onKeyDown={moveFocus}>
      <thead>
        <tr>
          {columns.map((column) => (
            <Heading key={column.key} column={column} state={state} />
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={rowKey(row)}>
            {columns.map((column) => (
              <Cell key={column.key} column={column} row={row} />
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** Words as short as 运行维护 stay in one line. On a phone a row is a card, and each value has its heading before it. */
function Cell<T>({ column, row }: { column: ListColumn<T>; row: T }) {
  const value = column.render(row)
  const short = typeof value === 'string' && value.length <= 6 ? 'tc-short' : undefined
  return (
    <td
      className={column.align === 'right' ? 'tc-right' : column.wide ? 'tc-wide' : short}
      data-label={column.act ? undefined : column.title}
    >
      {value}
    </td>
  )
}

function Heading<T>({ column, state }: { column: ListColumn<T>; state: ListState }) {
  const side = column.align === 'right' ? 'tc-right' : undefined
  const { sort } = column
  if (sort === undefined) {
    return (
      <th scope="col" className={side}>
        {column.title}
      </th>
    )
  }
  const order = state.sort === sort ? 'ascending' : state.sort === `-${sort}` ? 'descending' : 'none'
  return (
    <th scope="col" className={side} aria-sort={order}>
      <button type="button" className="tc-sort" onClick={() => state.sortBy(order === 'descending' ? sort : `-${sort}`)}>
        {column.title}
        <span aria-hidden="true">{{ ascending: ' ↑', descending: ' ↓', none: ' ↕' }[order]}</span>
      </button>
    </th>
  )
}

/** Keys that a field, an open choice or a dialog in a row wants for itself stay with it. */
function moveFocus(event: KeyboardEvent<HTMLTableElement>) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
  const target = event.target as HTMLElement
  if (step === undefined || target.closest('input, textarea, select, [role="combobox"], [role="dialog"], thead')) return
  const rows = [...event.currentTarget.querySelectorAll<HTMLElement>('tbody tr')]
  const now = rows.findIndex((row) => row.contains(target))
  if (now < 0) return
  event.preventDefault()
  const next = rows[Math.min(Math.max(now + step, 0), rows.length - 1)]
  next?.querySelector<HTMLElement>('a, button')?.focus()
}

function NothingMatches({ onClear }: { onClear: () => void }) {
  return <Empty what="没有符合筛选条件的记录" hint="可以放宽或清除筛选条件。" act={<Button onClick={onClear}>清除筛选</Button>} />
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
