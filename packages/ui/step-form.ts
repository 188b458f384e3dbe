// SPDX-License-Identifier: Apache-2.0
import { type MoneyUnit, parseMoney } from './money.ts'
import { type ReferenceKind, references } from './reference.ts'

interface FieldBase {
  id: string
  title: string
  required: boolean
  help: string | null
  /** In place of 选填 beside the title of a field that may be left open now: 提交审核前填写. */
  mark?: string
  /** Heading under which this field and the following ones stand. */
  group?: string
  /** Shares its row with a neighbour that also does. */
  half?: boolean
}

/** A field that stands alone or as a column of lines. */
export type PlainField = FieldBase &
  (
    | { type: 'text' | 'prose'; maxLength: number }
    | { type: 'money' | 'date' }
    | { type: 'count'; minimum: number; maximum: number }
    | { type: 'choice'; choices: readonly { value: string; title: string }[] }
    | { type: 'choices'; choices: readonly { value: string; title: string }[] }
    | { type: 'reference'; of: ReferenceKind }
  )

type KindOf<Field> = Field extends PlainField ? Omit<Field, keyof FieldBase> : never

/** A field as pages write it: required unless it says otherwise. */
export function field(id: string, title: string, kind: KindOf<PlainField> & Partial<Omit<FieldBase, 'id' | 'title'>>): PlainField {
  return { id, title, required: true, help: null, ...kind }
}

/** Words by their value as the choices of a field. */
export function choicesOf(words: Readonly<Record<string, string>>): { value: string; title: string }[] {
  return Object.entries(words).map(([value, title]) => ({ value, title }))
}

/** Lines (明细) of plain fields. */
export type LinesField = FieldBase & { type: 'lines'; fields: readonly FormField[]; maxLines: number }

/** One field of a step's form, as the procedure's pack gives it. Amounts are integer 分, dates civil dates. */
export type FormField = PlainField | LinesField

/** One line as it is being filled in. The key keeps a line's inputs together when others are removed. */
export interface FormLine {
  key: number
  values: FormValues
}

/** What is filled in so far, by field; a field without a value is absent. */
export type FormValues = Readonly<Record<string, unknown>>

/** Something wrong with what is filled in, at the path the server would name: `terms/0/amountFen`. */
export interface FieldTrouble {
  path: string
  message: string
}

let lineCount = 0

/** A line with a key of its own. */
export function newLine(values: FormValues = {}): FormLine {
  lineCount += 1
  return { key: lineCount, values }
}

/** Lines of a field's value; anything else counts as none. */
export function linesOf(value: unknown): readonly FormLine[] {
  return Array.isArray(value) ? (value as FormLine[]) : []
}

/** A line in which nothing is filled in; such lines are neither checked nor sent. */
export function isBlank(line: FormLine): boolean {
  return Object.values(line.values).every(isAbsent)
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0)
}

/** Neighbours that share a row (`half`) together, every other field alone; a heading begins a row. */
export function rowsOf(fields: readonly FormField[]): readonly (readonly FormField[])[] {
  const rows: FormField[][] = []
  for (const field of fields) {
    const last = rows.at(-1)
    if (field.half && !field.group && last?.at(-1)?.half) last.push(field)
    else rows.push([field])
  }
  return rows
}

/** Takes data of the API into the form: lines get their keys. */
export function toFormValues(fields: readonly FormField[], data: FormValues): FormValues {
  return Object.fromEntries(
    fields.flatMap((field) => {
      const value = data[field.id]
      if (value === undefined || value === null) return []
      return [[field.id, field.type === 'lines' && Array.isArray(value) ? value.map((one: FormValues) => newLine(one)) : value]]
    }),
  )
}

/** What is sent: values without keys, without empty fields and blank lines. */
export function toFormData(fields: readonly FormField[], values: FormValues): Record<string, unknown> {
  return Object.fromEntries(
    fields.flatMap((field) => {
      const value = values[field.id]
      if (field.type === 'lines') {
        const lines = linesOf(value).filter((line) => !isBlank(line))
        return lines.length === 0 ? [] : [[field.id, lines.map((line) => toFormData(field.fields, line.values))]]
      }
      return isAbsent(value) ? [] : [[field.id, value]]
    }),
  )
}

/** What the server would refuse, said before it is asked; the same sentences. Paths count filled lines only. */
export function formTroubles(fields: readonly FormField[], values: FormValues, at = ''): FieldTrouble[] {
  return fields.flatMap((field) => {
    const path = `${at}${field.id}`
    const wrong = (message: string): FieldTrouble[] => [{ path, message: `${field.title}：${message}` }]
    const value = values[field.id]
    if (field.type === 'lines') return linesTroubles(field, linesOf(value), path)
    if (isAbsent(typeof value === 'string' ? value.trim() : value)) return field.required ? wrong('必须填写') : []
    const message = plainTrouble(field, value)
    return message === undefined ? [] : wrong(message)
  })
}

function linesTroubles(field: LinesField, lines: readonly FormLine[], path: string): FieldTrouble[] {
  const filled = lines.filter((line) => !isBlank(line))
  if (filled.length === 0) return field.required ? [{ path, message: `${field.title}：至少填写一行` }] : []
  if (filled.length > field.maxLines) return [{ path, message: `${field.title}：不得超过 ${field.maxLines} 行` }]
  return filled.flatMap((line, index) =>
    formTroubles(field.fields, line.values, `${path}/${index}/`).map((one) => ({ ...one, message: `第 ${index + 1} 行${one.message}` })),
  )
}

function plainTrouble(field: PlainField, value: unknown): string | undefined {
  switch (field.type) {
    case 'text':
    case 'prose':
      return String(value).length > field.maxLength ? `不得超过 ${field.maxLength} 个字` : undefined
    case 'count':
      return typeof value === 'number' && Number.isInteger(value) && value >= field.minimum && value <= field.maximum
        ? undefined
        : `应为 ${field.minimum} 至 ${field.maximum} 的整数`
    case 'money':
      return typeof value === 'number' && value <= MAX_FEN ? undefined : '金额超出可填写的范围'
    case 'date':
      return typeof value === 'string' && readDate(value) === value ? undefined : '应为存在的日期，格式 YYYY-MM-DD'
    case 'choice':
      return field.choices.some((choice) => choice.value === value) ? undefined : '不在可选范围之内'
    case 'choices':
      return chosenOf(value).every((one) => field.choices.some((choice) => choice.value === one)) ? undefined : '不在可选范围之内'
    // Whether it exists and may be named is known to the server alone.
    case 'reference':
      return undefined
  }
}

/** The values of a field of several choices. */
export function chosenOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []
}

/** Where a line's field stands for the server: `terms/#12/amountFen` names the line by its key, the result by its number. */
export function placeOf(path: string, values: FormValues): string {
  const match = /^([^/]+)\/#(\d+)\/(.+)$/.exec(path)
  if (!match) return path
  const filled = linesOf(values[match[1] ?? '']).filter((line) => !isBlank(line))
  return `${match[1]}/${filled.findIndex((line) => line.key === Number(match[2]))}/${match[3]}`
}

/** The largest amount the server takes, in 分. */
const MAX_FEN = 10_000_000_000_000

/** A table as spreadsheets put it on the clipboard: tabs between cells, quotes around cells that hold line breaks. */
export function readSheet(text: string): string[][] {
  const rows: string[][] = [[]]
  let cell = ''
  let quoted = false
  const plain = text.replace(/\r\n?/g, '\n').replace(/\n+$/, '')
  const endCell = () => {
    rows.at(-1)?.push(cell.trim())
    cell = ''
  }
  for (let index = 0; index < plain.length; index += 1) {
    const character = plain[index]
    if (quoted && character === '"' && plain[index + 1] === '"') {
      cell += '"'
      index += 1
    } else if (character === '"' && (quoted || cell === '')) quoted = !quoted
    else if (!quoted && character === '\t') endCell()
    else if (!quoted && character === '\n') {
      endCell()
      rows.push([])
    } else cell += character
  }
  endCell()
  return rows
}

/** Reads one pasted cell as a field's value, or says why it cannot. Nothing is guessed and nothing rounded. */
export function readCell(field: FormField, text: string, unit: MoneyUnit): { value: unknown } | { error: string } {
  const plain = text.trim()
  if (plain === '') return { value: undefined }
  switch (field.type) {
    case 'money':
      return readMoney(plain, unit)
    case 'count': {
      const digits = plain.normalize('NFKC').replaceAll(',', '').replace(/%$/, '')
      return /^\d{1,15}$/.test(digits) ? { value: Number(digits) } : { error: `“${plain}”不是整数` }
    }
    case 'date': {
      const date = readDate(plain)
      return date === undefined ? { error: `“${plain}”不是存在的日期` } : { value: date }
    }
    case 'choice': {
      const choice = field.choices.find((one) => one.title === plain || one.value === plain)
      return choice ? { value: choice.value } : { error: `“${plain}”不在可选范围之内` }
    }
    case 'choices':
      return readChoices(field.choices, plain)
    case 'reference':
      return { error: `“${plain}”请从${references[field.of].word}中查找选择` }
    case 'lines':
      return { error: '不能粘贴到明细中' }
    default:
      return { value: field.type === 'text' ? plain.replaceAll('\n', ' ') : plain }
  }
}

/** Several choices in one cell, as offices write them: 市级财政、自有收入. */
function readChoices(choices: readonly { value: string; title: string }[], text: string): { value: unknown } | { error: string } {
  const named = text.split(/[、，,；;\s]+/).filter((one) => one !== '')
  const read = named.map((one) => choices.find(({ value, title }) => title === one || value === one)?.value)
  const unknown = named.find((_one, index) => read[index] === undefined)
  return unknown === undefined ? { value: read } : { error: `“${unknown}”不在可选范围之内` }
}

/** A cell that names its own unit keeps it, whatever the form's unit is. */
function readMoney(text: string, unit: MoneyUnit): { value: number } | { error: string } {
  const own = /(万元|元)$/.exec(text)
  const bare = text.replace(/(万元|元)$/, '').replace(/^[¥￥]/, '')
  const read = parseMoney(bare, own?.[1] === '元' ? '元' : own?.[1] === '万元' ? '万元' : unit)
  return 'fen' in read ? { value: read.fen } : { error: read.error }
}

/** A civil date in the ways offices write it: 2026-11-22, 2026/11/22, 2026.11.22, 2026年11月22日. */
export function readDate(text: string): string | undefined {
  const match = /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$/.exec(text.trim().normalize('NFKC'))
  if (!match) return undefined
  const civil = `${match[1]}-${match[2]?.padStart(2, '0')}-${match[3]?.padStart(2, '0')}`
  const date = new Date(`${civil}T00:00:00Z`)
  return Number.isNaN(date.getTime()) || date.toISOString().slice(0, 10) !== civil ? undefined : civil
}

/** What a paste changed: the lines, and the cells that could not be read, by line and field. */
export interface Pasted {
  lines: FormLine[]
  unread: { line: number; field: FormField; error: string }[]
  /** Rows that found no place. */
  left: number
}

/** A column of a pasted table: its field, and the unit its heading names. */
interface PastedColumn {
  field: FormField | undefined
  unit: MoneyUnit
}

/** Lays a pasted table over the lines, from a line and a column on. A first row of column titles decides columns and units. */
export function pasteLines(
  field: LinesField,
  lines: readonly FormLine[],
  rows: readonly (readonly string[])[],
  at: { line: number; column: number },
  unit: MoneyUnit,
): Pasted {
  const heading = headingOf(field, rows[0] ?? [], unit)
  const body = heading ? rows.slice(1) : rows
  const columns = heading ?? field.fields.slice(at.column).map((one) => ({ field: one, unit }))
  const result = [...lines]
  const unread: Pasted['unread'] = []
  const taken = body.slice(0, Math.max(0, field.maxLines - at.line))
  taken.forEach((row, offset) => {
    const line = at.line + offset
    const before = result[line] ?? newLine()
    const { values, wrong } = pasteRow(columns, row, before.values)
    result[line] = { ...before, values }
    unread.push(...wrong.map((one) => ({ line, ...one })))
  })
  return { lines: result, unread, left: body.length - taken.length }
}

function pasteRow(columns: readonly PastedColumn[], row: readonly string[], before: FormValues) {
  const values: Record<string, unknown> = { ...before }
  const wrong: { field: FormField; error: string }[] = []
  columns.forEach(({ field, unit }, index) => {
    const text = row[index]
    if (!field || text === undefined) return
    const read = readCell(field, text, unit)
    values[field.id] = 'value' in read ? read.value : undefined
    if ('error' in read) wrong.push({ field, error: read.error })
  })
  return { values, wrong }
}

/** The columns when the row is a heading: at least one cell is a column's title, alone or with a unit in brackets. */
function headingOf(field: LinesField, row: readonly string[], unit: MoneyUnit): PastedColumn[] | undefined {
  const columns = row.map((cell): PastedColumn => {
    const [, title, own] = /^(.*?)(?:[（(](?:单位[:：])?(万元|元)[）)])?$/.exec(cell) ?? []
    return { field: field.fields.find((one) => one.title === title), unit: own === '元' || own === '万元' ? own : unit }
  })
  return columns.some((column) => column.field !== undefined) ? columns : undefined
}
