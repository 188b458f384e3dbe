// SPDX-License-Identifier: Apache-2.0
import type { ReactNode } from 'react'
import { Section } from './Page.tsx'
import { Sideways } from './Sideways.tsx'
import { Empty } from './states.tsx'

export interface SectionColumn<T> {
  title: string
  align?: 'right'
  /** As narrow as it may become (`12em`), for names that would else stand a few characters to the line. */
  least?: string
  render: (row: T) => ReactNode
}

export interface SectionTableProps<T> {
  title: string
  /** Name of the table, where it is not the section's. */
  label?: string
  rows: readonly T[]
  columns: readonly SectionColumn<T>[]
  rowKey: (row: T, place: number) => string
  /** What will be here; without it the section of no rows is left out. */
  empty?: { what: string; hint: string }
  extra?: ReactNode
}

/** A section of a thing's page that is a table: all there is of it, without filters, sorting or pages. */
export function SectionTable<T>({ title, label = title, rows, columns, rowKey, empty, extra }: SectionTableProps<T>) {
  if (rows.length === 0)
    return empty ? (
      <Section title={title}>
        <Empty {...empty} />
      </Section>
    ) : null
  const side = ({ align }: SectionColumn<T>) => (align === 'right' ? 'tc-right' : undefined)
  return (
    <Section title={title} extra={extra}>
      <Sideways label={label}>
        <table className="tc-table" aria-label={label}>
          <thead>
            <tr>
              {columns.map((column) => (
                <th key={column.title} scope="col" className={side(column)} style={{ minWidth: column.least }}>
                  {column.title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, place) => (
              <tr key={rowKey(row, place)}>
                {columns.map((column) => (
                  <td key={column.title} className={side(column)}>
                    {column.render(row)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </Sideways>
    </Section>
  )
}
