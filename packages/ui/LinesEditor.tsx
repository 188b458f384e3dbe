// SPDX-License-Identifier: Apache-2.0
import { Button } from 'antd'
import { type ClipboardEvent, useState } from 'react'
import { FieldInput } from './FormField.tsx'
import { Money } from './Money.tsx'
import type { MoneyUnit } from './money.ts'
import {
  type FieldTrouble,
  type FormField,
  type FormLine,
  isBlank,
  type LinesField,
  newLine,
  type Pasted,
  pasteLines,
  readSheet,
} from './step-form.ts'

export interface LinesEditorProps {
  field: LinesField
  lines: readonly FormLine[]
  onChange: (lines: readonly FormLine[]) => void
  unit: MoneyUnit
  /** At `${field.id}` or `${field.id}/0/amountFen`; the number counts filled lines, as the server sees them. */
  errors: readonly FieldTrouble[]
  onUnreadable: (path: string, error: string | undefined) => void
}

/** Lines (明细) as a table: typed, or pasted from Excel at the cell where the cursor is; amounts are summed. */
export function LinesEditor({ field, lines, onChange, unit, errors, onUnreadable }: LinesEditorProps) {
  const [pasted, setPasted] = useState<Pasted | null>(null)
  // Shown while there is no line yet, so that the first one is typed without a click.
  const [blank, setBlank] = useState(() => newLine())
  const shown = lines.length > 0 ? lines : [blank]
  const full = lines.length >= field.maxLines
  const setValue = (line: FormLine, id: string, value: unknown) => {
    setPasted(null)
    onChange(shown.map((one) => (one === line ? { key: one.key, values: { ...one.values, [id]: value } } : one)))
  }
  const paste = (event: ClipboardEvent, line: number, column: number) => {
    const text = event.clipboardData.getData('text/plain')
    if (!/[\t\n]/.test(text.trim())) return
    event.preventDefault()
    const result = pasteLines(field, lines, readSheet(text), { line: Math.min(line, lines.length), column }, unit)
    onChange(result.lines)
    setPasted(result)
  }
  const remove = (line: FormLine) => {
    for (const column of field.fields) onUnreadable(`${field.id}/#${line.key}/${column.id}`, undefined)
    setPasted(null)
    setBlank(newLine())
    onChange(lines.filter((one) => one !== line))
  }
  const own = errors.find((one) => one.path === field.id)
  return (
    <fieldset className={field.fields.length > 5 ? 'tc-lines tc-lines--wide' : 'tc-lines'}>
      <legend className="tc-form-label">
        {field.title}
        {!field.required && <span className="tc-muted">（{field.mark ?? '选填'}）</span>}
      </legend>
      {field.help && <p className="tc-muted">{field.help}</p>}
      <div className="tc-scroll">
        <table className="tc-table tc-lines-table" aria-label={field.title}>
          <thead>
            <tr>
              <th scope="col">行</th>
              {field.fields.map((column) => (
                <th key={column.id} scope="col" className={column.type === 'money' ? 'tc-right' : undefined}>
                  {column.title}
                  {column.type === 'money' && `（${unit}）`}
                </th>
              ))}
              <th scope="col">
                <span className="tc-hidden">移除</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {shown.map((line, index) => (
              <tr key={line.key}>
                <td className="tc-num tc-muted">{index + 1}</td>
                {field.fields.map((column, at) => (
                  <td key={column.id} className={`tc-lines-${column.type}`} onPaste={(event) => paste(event, index, at)}>
                    <Cell
                      field={field}
                      column={column}
                      line={line}
                      number={index + 1}
                      unit={unit}
                      error={errorOf(errors, field, shown, line, column)}
                      onChange={(value) => setValue(line, column.id, value)}
                      onUnreadable={onUnreadable}
                    />
                  </td>
                ))}
                <td>
                  <Button size="small" onClick={() => remove(line)} disabled={lines.length === 0} aria-label={`移除第 ${index + 1} 行`}>
                    移除
                  </Button>
                </td>
              </tr>
            ))}
          </tbody>
          <Sums field={field} lines={lines} />
        </table>
      </div>
      <div className="tc-lines-foot">
        <Button size="small" onClick={() => onChange([...shown, newLine()])} disabled={full}>
          增加一行
        </Button>
        <span className="tc-muted">
          {full
            ? `最多 ${field.maxLines} 行，已到上限。`
            : `可从 Excel 复制多行，在起始单元格中粘贴；列的顺序为${field.fields.map((one) => one.title).join('、')}。`}
        </span>
      </div>
      {own && (
        <p className="tc-field-error" role="alert">
          {own.message}
        </p>
      )}
      {pasted && <PasteReport pasted={pasted} field={field} />}
    </fieldset>
  )
}

interface CellProps {
  field: LinesField
  column: FormField
  line: FormLine
  number: number
  unit: MoneyUnit
  error: string | undefined
  onChange: (value: unknown) => void
  onUnreadable: LinesEditorProps['onUnreadable']
}

function Cell({ field, column, line, number, unit, error, onChange, onUnreadable }: CellProps) {
  if (column.type === 'lines') return null
  return (
    <>
      <FieldInput
        field={column}
        value={line.values[column.id]}
        unit={unit}
        invalid={error !== undefined}
        label={`第 ${number} 行${column.title}`}
        onChange={onChange}
        onUnreadable={(message) =>
          onUnreadable(`${field.id}/#${line.key}/${column.id}`, message && `第 ${number} 行${column.title}：${message}`)
        }
      />
      {error && (
        <div className="tc-field-error" role="alert">
          {error}
        </div>
      )}
    </>
  )
}

/** The server counts the lines it was sent: blank ones were not. */
function errorOf(
  errors: readonly FieldTrouble[],
  field: LinesField,
  lines: readonly FormLine[],
  line: FormLine,
  column: FormField,
): string | undefined {
  const index = lines.filter((one) => !isBlank(one)).indexOf(line)
  return errors.find((one) => one.path === `${field.id}/${index}/${column.id}`)?.message
}

function Sums({ field, lines }: { field: LinesField; lines: readonly FormLine[] }) {
  if (!field.fields.some((column) => column.type === 'money')) return null
  return (
    <tfoot>
      <tr>
        <th scope="row">合计</th>
        {field.fields.map((column) => (
          <td key={column.id} className={column.type === 'money' ? 'tc-right' : undefined}>
            {column.type === 'money' && <Money fen={sumOf(lines, column.id)} />}
          </td>
        ))}
        <td />
      </tr>
    </tfoot>
  )
}

function sumOf(lines: readonly FormLine[], id: string): number {
  return lines.reduce((total, line) => {
    const value = line.values[id]
    return typeof value === 'number' ? total + value : total
  }, 0)
}

function PasteReport({ pasted, field }: { pasted: Pasted; field: LinesField }) {
  if (pasted.unread.length === 0 && pasted.left === 0) {
    return (
      <p className="tc-muted" role="status">
        已粘贴，请核对。
      </p>
    )
  }
  return (
    <div className="tc-field-error" role="alert">
      {pasted.unread.length > 0 && <p>以下单元格未能读入，请补填：</p>}
      <ul>
        {pasted.unread.map((one) => (
          <li key={`${one.line} ${one.field.id}`}>
            第 {one.line + 1} 行{one.field.title}：{one.error}
          </li>
        ))}
      </ul>
      {pasted.left > 0 && (
        <p>
          “{field.title}”最多 {field.maxLines} 行，有 {pasted.left} 行未粘贴。
        </p>
      )}
    </div>
  )
}
