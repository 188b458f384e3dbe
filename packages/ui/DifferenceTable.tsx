// SPDX-License-Identifier: Apache-2.0
import { Fragment } from 'react'
import { Sideways } from './Sideways.tsx'

interface DifferentField {
  title: string
  before: string
  after: string
}

/** What two versions of a thing say differently (版本差异): its own fields, and parts known by an id. */
export interface SubjectDifference {
  title: string
  fields: readonly DifferentField[]
  parts: readonly { id: string; name: string; changes: readonly string[]; fields: readonly DifferentField[] }[]
}

/** The difference as a table: what, before, after. Every row has its heading, so that it is heard as well as it is seen. */
export function DifferenceTable({ difference }: { difference: SubjectDifference }) {
  const { title, fields, parts } = difference
  if (fields.length + parts.length === 0) return <p>{title}：内容没有差异。</p>
  return (
    <Sideways label={title}>
      <table className="tc-table tc-difference">
        <caption>
          {title}：{summaryOf(difference)}
        </caption>
        <thead>
          <tr>
            <th scope="col">内容</th>
            <th scope="col">原</th>
            <th scope="col">现</th>
          </tr>
        </thead>
        <tbody>
          {fields.map((field) => (
            <Row key={field.title} field={field} />
          ))}
        </tbody>
        {parts.map((part) => (
          <tbody key={part.id}>
            <tr>
              <th scope="rowgroup" colSpan={3} className="tc-difference-part">
                {part.name} <span className="tc-muted">{part.id}</span>{' '}
                {part.changes.map((change) => (
                  <Fragment key={change}>
                    <span className="tc-word tc-word--soon">{change}</span>{' '}
                  </Fragment>
                ))}
              </th>
            </tr>
            {part.fields.map((field) => (
              <Row key={field.title} field={field} />
            ))}
          </tbody>
        ))}
      </table>
    </Sideways>
  )
}

function Row({ field }: { field: DifferentField }) {
  return (
    <tr>
      <th scope="row">{field.title}</th>
      <td>{field.before === '' ? <span className="tc-muted">空</span> : field.before}</td>
      <td>{field.after === '' ? <span className="tc-muted">空</span> : field.after}</td>
    </tr>
  )
}

/** How much differs, before the table is read: 2个字段，信息项新增1个、改名1个. */
function summaryOf({ fields, parts }: SubjectDifference): string {
  const counts = new Map<string, number>()
  for (const change of parts.flatMap((part) => part.changes)) counts.set(change, (counts.get(change) ?? 0) + 1)
  const said = [...counts].map(([change, count]) => `${change}${count}个`).join('、')
  return [fields.length > 0 && `${fields.length}个字段不同`, said !== '' && `信息项${said}`].filter(Boolean).join('，')
}
