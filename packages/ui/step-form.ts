// SPDX-License-Identifier: Apache-2.0
import { type IdentifierKind, readIdentifier } from './identifier.ts'
import { type MoneyUnit, readAmount } from './money.ts'
import type { ReferenceKind } from './reference.ts'

interface FieldBase {
  id: string
  title: string
  required: boolean
  help: string | null
  /** In place of 选填 beside the title of a field that may be left open now: 提交审核前填写. */
  mark?: string
  /** Heading under which this field and the following ones stand. */
  group?: string
  /** The article that the heading rests on, as a chip beside it. */
  groupArticle?: string
  /** Shares its row with a neighbour that also does. */
  half?: boolean
  /** Of lines: stands below the line, where it is opened (详细), and not as a column. Comes after the columns. */
  aside?: true
  /** Of lines: nothing that a person types, such as the id of what the line was. Sent along; comes last. */
  hidden?: true
}

/** A field that stands alone or as a column of lines. */
export type PlainField = FieldBase &
  (
    | { type: 'text' | 'prose'; maxLength: number }
    /** 企业 by name; choosing one fills in its code in the field `code`. */
    | { type: 'enterprise'; maxLength: number; code: string }
    | { type: 'money' | 'date' }
    | { type: 'count'; minimum: number; maximum: number }
    /** One code of a few (`inSight`: all shown) or of a list; of a long one by typing a part of its words. */
    | { type: 'choice'; choices: readonly Choice[]; inSight?: boolean; search?: boolean }
    /** Several codes; a hierarchical code list says under which headings they stand. */
    | { type: 'choices'; choices: readonly Choice[]; headings?: readonly ChoiceHeading[] }
    | { type: 'identifier'; of: IdentifierKind }
    | { type: 'reference'; of: ReferenceKind }
  )

/** One code of a code list (代码) and its word. */
export interface Choice {
  value: string
  title: string
}

/** A heading of a hierarchical code list, the articles that speak of it and the codes below it. */
export interface ChoiceHeading {
  title: string
  articles: readonly string[]
  values: readonly string[]
}

type KindOf<Field> = Field extends PlainField ? Omit<Field, keyof FieldBase> : never

/** A field as pages write it: required unless it says otherwise. */
export function field(id: string, title: string, kind: KindOf<PlainField> & Partial<Omit<FieldBase, 'id' | 'title'>>): PlainField {
  return { id, title, required: true, help: null, ...kind }
}

/** Words by their value as the choices of a field. */
export function choicesOf(words: Readonly<Record<string, string>>): Choice[] {
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

/** Takes data of the API into the form: arrays of objects are lines and get their keys. */
export function withLines(data: FormValues): FormValues {
  return Object.fromEntries(
    Object.entries(data).flatMap(([id, value]) => {
      if (value === undefined || value === null) return []
      const isLines = Array.isArray(value) && value.some((one) => typeof one === 'object' && one !== null)
      return [[id, isLines ? value.map((one: FormValues | FormLine) => (isLine(one) ? one : newLine(one))) : value]]
    }),
  )
}

function isLine(value: FormValues | FormLine): value is FormLine {
  return typeof value.key === 'number' && typeof value.values === 'object'
}

/** What is sent: values without keys, without empty fields and blank lines; numbers in the form in which they are kept. */
export function toFormData(fields: readonly FormField[], values: FormValues): Record<string, unknown> {
  return Object.fromEntries(
    fields.flatMap((field) => {
      const value = values[field.id]
      if (field.type === 'lines') {
        const lines = linesOf(value).filter((line) => !isBlank(line))
        return lines.length === 0 ? [] : [[field.id, lines.map((line) => toFormData(field.fields, line.values))]]
      }
      return isAbsent(value) ? [] : [[field.id, field.type === 'identifier' ? keptNumber(field.of, String(value)) : value]]
    }),
  )
}

/** The values as plain data, lines without keys: what is kept of a form that is not sent yet. `withLines` takes them back. */
export function plainValues(fields: readonly FormField[], values: FormValues): FormValues {
  const lines = new Set(fields.filter((field) => field.type === 'lines').map((field) => field.id))
  return Object.fromEntries(
    Object.entries(values).flatMap(([id, value]) => {
      if (value === undefined) return []
      return [[id, lines.has(id) ? linesOf(value).map((line) => line.values) : value]]
    }),
  )
}

function keptNumber(of: IdentifierKind, text: string): string {
  const read = readIdentifier(of, text)
  return 'value' in read ? read.value : text
}

/**
 * What the server would refuse, said before it is asked; the same sentences. Paths count filled lines only.
 * @param unit in which amounts are typed: what cannot be read is kept as the text it is, and named
 */
export function formTroubles(fields: readonly FormField[], values: FormValues, unit: MoneyUnit = '元', at = ''): FieldTrouble[] {
  return fields.flatMap((field) => {
    const path = `${at}${field.id}`
    const wrong = (message: string): FieldTrouble[] => [{ path, message: `${field.title}：${message}` }]
    const value = values[field.id]
    if (field.type === 'lines') return linesTroubles(field, linesOf(value), path, unit)
    if (isAbsent(typeof value === 'string' ? value.trim() : value)) return field.required ? wrong('必须填写') : []
    const message = plainTrouble(field, value, unit)
    return message === undefined ? [] : wrong(message)
  })
}

function linesTroubles(field: LinesField, lines: readonly FormLine[], path: string, unit: MoneyUnit): FieldTrouble[] {
  const filled = lines.filter((line) => !isBlank(line))
  if (filled.length === 0) return field.required ? [{ path, message: `${field.title}：至少填写一行` }] : []
  if (filled.length > field.maxLines) return [{ path, message: `${field.title}：不得超过 ${field.maxLines} 行` }]
  return filled.flatMap((line, index) =>
    formTroubles(field.fields, line.values, unit, `${path}/${index}/`).map((one) => ({
      ...one,
      message: `第 ${index + 1} 行${one.message}`,
    })),
  )
}

function plainTrouble(field: PlainField, value: unknown, unit: MoneyUnit): string | undefined {
  switch (field.type) {
    case 'text':
    case 'prose':
    case 'enterprise':
      return String(value).length > field.maxLength ? `不得超过 ${field.maxLength} 个字` : undefined
    case 'count':
      return typeof value === 'number' && Number.isInteger(value) && value >= field.minimum && value <= field.maximum
        ? undefined
        : `应为 ${field.minimum} 至 ${field.maximum} 的整数`
    case 'money':
      return typeof value === 'string' ? unreadAmount(value, unit) : Number(value) <= MAX_FEN ? undefined : '金额超出可填写的范围'
    case 'date':
      return typeof value === 'string' && readDate(value) === value ? undefined : `“${String(value)}”不是存在的日期`
    case 'choice':
      return field.choices.some((choice) => choice.value === value) ? undefined : '不在可选范围之内'
    case 'choices':
      return Array.isArray(value) && value.every((one) => field.choices.some((choice) => choice.value === one))
        ? undefined
        : '不在可选范围之内'
    case 'identifier': {
      const read = readIdentifier(field.of, String(value))
      return 'error' in read ? read.error : undefined
    }
    // Whether it exists and may be named is known to the server alone.
    case 'reference':
      return undefined
  }
}

/** The values of a field of several choices. */
export function chosenOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []
}

/** Why an amount that was kept as text is none. One that would be read in the unit chosen since then has to be typed again. */
function unreadAmount(text: string, unit: MoneyUnit): string {
  const read = readAmount(text, unit)
  return 'error' in read ? read.error : `“${text}”的金额单位已更改，请重新填写`
}

/** The largest amount the server takes, in 分. */
const MAX_FEN = 10_000_000_000_000

/** A civil date in the ways offices write it: 2026-11-22, 2026/11/22, 2026.11.22, 2026年11月22日. */
export function readDate(text: string): string | undefined {
  const match = /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$/.exec(text.trim().normalize('NFKC'))
  if (!match) return undefined
  const civil = `${match[1]}-${match[2]?.padStart(2, '0')}-${match[3]?.padStart(2, '0')}`
  const date = new Date(`${civil}T00:00:00Z`)
  return Number.isNaN(date.getTime()) || date.toISOString().slice(0, 10) !== civil ? undefined : civil
}
