// SPDX-License-Identifier: Apache-2.0
import { Button } from 'antd'
import { type ClipboardEvent, Fragment, useId, useState } from 'react'
import { FieldInput, FormRow, isGroup } from './FormField.tsx'
import { Money } from './Money.tsx'
import type { MoneyUnit } from './money.ts'
import { type Pasted, pasteLines, readSheet } from './paste-lines.ts'
import { Sideways } from './Sideways.tsx'
import { type FieldTrouble, type FormField, type FormLine, formTroubles, isBlank, type LinesField, newLine } from './step-form.ts'

export interface LinesEditorProps {
  field: LinesField
  lines: readonly FormLine[]
  onChange: (lines: readonly FormLine[]) => void
  unit: MoneyUnit
  /** At `${field.id}` or `${field.id}/0/amountFen`; the number counts filled lines, as the server sees them. */
  errors: readonly FieldTrouble[]
}

/** Lines (明细) as a table: typed, or pasted from Excel at the cell where the cursor is; amounts are summed. */
export function LinesEditor({ field, lines, onChange, unit, errors }: LinesEditorProps) {
  const [pasted, setPasted] = useState<(Pasted & { before: readonly FormLine[] }) | null>(null)
  // Shown while there is no line yet, so that the first one is typed without a click.
  const [blank, setBlank] = useState(() => newLine())
  const shown = lines.length > 0 ? lines : [blank]
  const full = lines.length >= field.maxLines
  const columns = field.fields.filter((one) => !one.aside && !one.hidden)
  const typed = { ...field, fields: field.fields.filter((one) => !one.hidden) }
  const asides = typed.fields.filter((one) => one.aside)
  const [open, setOpen] = useState<ReadonlySet<number>>(new Set())
  const setValue = (line: FormLine, id: string, value: unknown) => {
    onChange(shown.map((one) => (one === line ? { key: one.key, values: { ...one.values, [id]: value } } : one)))
  }
  const paste = (event: ClipboardEvent, line: number, column: number) => {
    const text = event.clipboardData.getData('text/plain')
    if (!/[\t\n]/.test(text.trim())) return
    event.preventDefault()
    const result = pasteLines(typed, lines, readSheet(text), { line: Math.min(line, lines.length), column }, unit)
    onChange(result.lines)
    setPasted({ ...result, before: lines })
  }
  const remove = (line: FormLine) => {
    setPasted(null)
    setBlank(newLine())
    onChange(lines.filter((one) => one !== line))
  }
  const own = errors.find((one) => one.path === field.id)
  return (
    <fieldset className={columns.length > 5 ? 'tc-lines tc-lines--wide' : 'tc-lines'}>
      <legend className="tc-form-label">
        {field.title}
        {!field.required && <span className="tc-muted">（{field.mark ?? '选填'}）</span>}
      </legend>
      {field.help && <p className="tc-muted">{field.help}</p>}
      <Sideways label={field.title}>
        <table className="tc-table tc-lines-table" aria-label={field.title}>
          <thead>
            <tr>
              <th scope="col">行</th>
              {columns.map((column) => (
                <th key={column.id} scope="col" className={column.type === 'money' ? 'tc-right' : undefined}>
                  {column.title}
                  {column.type === 'money' && `（${unit}）`}
                </th>
              ))}
              <th scope="col">
                <span className="tc-hidden">{asides.length > 0 ? '详细和移除' : '移除'}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {shown.map((line, index) => {
              const place = `${field.id}/${indexOf(shown, line)}`
              const wrong = asides.some((aside) => errorOf(errors, field, shown, line, aside) !== undefined)
              const opened = wrong || open.has(line.key)
              return (
                <Fragment key={line.key}>
                  <tr data-path={place}>
                    <td className="tc-num tc-muted">{index + 1}</td>
                    {columns.map((column, at) => (
                      <td
                        key={column.id}
                        data-path={`${place}/${column.id}`}
                        className={`tc-lines-${column.type}`}
                        onPaste={(event) => paste(event, index, at)}
                      >
                        <Cell
                          column={column}
                          line={line}
                          number={index + 1}
                          unit={unit}
                          error={errorOf(errors, field, shown, line, column)}
                          onChange={(value) => setValue(line, column.id, value)}
                        />
                      </td>
                    ))}
                    <td className="tc-lines-acts">
                      {asides.length > 0 && (
                        <Button
                          size="small"
                          aria-expanded={opened}
                          aria-label={`第 ${index + 1} 行详细`}
                          disabled={wrong}
                          onClick={() => setOpen(toggled(open, line.key))}
                        >
                          详细
                        </Button>
                      )}
                      <Button size="small" onClick={() => remove(line)} disabled={lines.length === 0} aria-label={`移除第 ${index + 1} 行`}>
                        移除
                      </Button>
                    </td>
                  </tr>
                  {opened && (
                    <tr className="tc-lines-more">
                      <td />
                      <td colSpan={columns.length + 1}>
                        <Details
                          asides={asides}
                          line={line}
                          number={index + 1}
                          place={place}
                          unit={unit}
                          errorAt={(aside) => errorOf(errors, field, shown, line, aside)}
                          onChange={(id, value) => setValue(line, id, value)}
                        />
                      </td>
                    </tr>
                  )}
                </Fragment>
              )
            })}
          </tbody>
          <Sums field={field} lines={lines} />
        </table>
      </Sideways>
      <div className="tc-lines-foot">
        <Button size="small" onClick={() => onChange([...shown, newLine()])} disabled={full}>
          增加一行
        </Button>
        <span className="tc-muted">
          {full
            ? `最多 ${field.maxLines} 行，已到上限。`
            : `可从 Excel 复制多行，在起始单元格中粘贴；列的顺序为${columns.map((one) => one.title).join('、')}。`}
        </span>
      </div>
      {own && (
        <p className="tc-field-error" role="alert">
          {own.message}
        </p>
      )}
      {pasted && (
        <PasteReport
          pasted={pasted}
          field={field}
          onUndo={() => {
            onChange(pasted.before)
            setPasted(null)
          }}
          onClose={() => setPasted(null)}
        />
      )}
    </fieldset>
  )
}

interface DetailsProps {
  asides: readonly FormField[]
  line: FormLine
  number: number
  /** Path of the line. */
  place: string
  unit: MoneyUnit
  errorAt: (aside: FormField) => string | undefined
  onChange: (id: string, value: unknown) => void
}

/** What of a line stands below it (详细), each with its label. */
function Details({ asides, line, number, place, unit, errorAt, onChange }: DetailsProps) {
  const id = useId()
  return (
    <fieldset className="tc-lines-details" aria-label={`第 ${number} 行详细`}>
      {asides.map((aside) => {
        if (aside.type === 'lines') return null
        const error = errorAt(aside)
        const own = `${id}${aside.id}`
        return (
          <div key={aside.id} data-path={`${place}/${aside.id}`}>
            <FormRow id={own} label={aside.title} required={aside.required} help={aside.help} error={error} group={isGroup(aside)}>
              <FieldInput
                id={own}
                field={aside}
                value={line.values[aside.id]}
                unit={unit}
                invalid={error !== undefined}
                describedBy={error === undefined ? undefined : `${own}e`}
                onChange={(value) => onChange(aside.id, value)}
              />
            </FormRow>
          </div>
        )
      })}
    </fieldset>
  )
}

function toggled(open: ReadonlySet<number>, key: number): ReadonlySet<number> {
  const next = new Set(open)
  if (!next.delete(key)) next.add(key)
  return next
}

interface CellProps {
  column: FormField
  line: FormLine
  number: number
  unit: MoneyUnit
  error: string | undefined
  onChange: (value: unknown) => void
}

function Cell({ column, line, number, unit, error, onChange }: CellProps) {
  const id = useId()
  if (column.type === 'lines') return null
  const value = line.values[column.id]
  // An amount says itself that it cannot be read; what else is kept as text because it could not be read is named at once.
  const unread =
    value === undefined || column.type === 'money'
      ? undefined
      : formTroubles([{ ...column, required: false }], { [column.id]: value })[0]?.message
  const message = column.type === 'money' && typeof value === 'string' ? undefined : (error ?? unread)
  return (
    <>
      <FieldInput
        field={column}
        value={value}
        unit={unit}
        invalid={message !== undefined}
        label={`第 ${number} 行${column.title}`}
        describedBy={message === undefined ? undefined : id}
        onChange={onChange}
      />
      {message && (
        <div id={id} className="tc-field-error" role="alert">
          {message}
        </div>
      )}
    </>
  )
}

/** The server counts the lines it was sent: blank ones were not. */
function indexOf(lines: readonly FormLine[], line: FormLine): number {
  return lines.filter((one) => !isBlank(one)).indexOf(line)
}

function errorOf(
  errors: readonly FieldTrouble[],
  field: LinesField,
  lines: readonly FormLine[],
  line: FormLine,
  column: FormField,
): string | undefined {
  const index = indexOf(lines, line)
  return errors.find((one) => one.path === `${field.id}/${index}/${column.id}`)?.message
}

function Sums({ field, lines }: { field: LinesField; lines: readonly FormLine[] }) {
  if (!field.fields.some((column) => column.type === 'money')) return null
  return (
    <tfoot>
      <tr>
        <th scope="row">合计</th>
        {field.fields
          .filter((column) => !column.aside && !column.hidden)
          .map((column) => (
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

/** What a paste did, what of it could not be read and where, and the way back. */
function PasteReport({ pasted, field, onUndo, onClose }: { pasted: Pasted; field: LinesField; onUndo: () => void; onClose: () => void }) {
  const { unread, left, foreign, sums } = pasted
  return (
    <div className="tc-paste" role="status">
      <p>
        {unread.length === 0 ? '已粘贴，请核对。' : `已粘贴，有 ${unread.length} 个单元格未能读入，原文留在单元格中，请改正：`}
        <Button size="small" onClick={onUndo}>
          撤销粘贴
        </Button>
        <Button size="small" onClick={onClose}>
          收起
        </Button>
      </p>
      {unread.length > 0 && (
        <ul className="tc-field-error">
          {unread.map((one) => (
            <li key={`${one.line} ${one.field.id}`}>
              第 {one.line + 1} 行{one.field.title}：{one.error}
            </li>
          ))}
        </ul>
      )}
      {foreign.length > 0 && <p className="tc-muted">表中的“{foreign.join('”“')}”列在此没有对应的填写项，未粘贴。</p>}
      {sums > 0 && <p className="tc-muted">表中的合计行未粘贴，合计由系统计算。</p>}
      {left > 0 && (
        <p className="tc-field-error">
          “{field.title}”最多 {field.maxLines} 行，有 {left} 行未粘贴。
        </p>
      )}
    </div>
  )
}
