import { hash } from 'node:crypto'
import { type Check, checkOf, type ValueProblem } from './check.ts'
import type { ResourceDefinition } from './definition.ts'
import { qualityOf } from './quality.ts'

/** A record that passed every check: canonical texts in the order of the definition's items. */
export interface CheckedRow {
  /** What identifies it (主键): the one key value, or several as a JSON array. */
  key: string
  values: readonly (string | null)[]
  /** 32 hexadecimal digits over the ids and values of the items that have one, so that a new item does not make every record a changed one. */
  hash: string
}

/** Checks rows of one definition whose values stand in the order of `items`. */
export interface RowReader {
  /** The record, or everything that is wrong with it. */
  read(values: readonly unknown[]): CheckedRow | ValueProblem[]
  /** The key of a record that is to go, from its key values in the definition's order. */
  readKey(values: readonly unknown[]): CheckedKey | ValueProblem[]
  /** The key of a record of which something else is wrong; null when it is the key. */
  keyOf(values: readonly unknown[]): string | null
}

export interface CheckedKey {
  key: string
  values: readonly string[]
}

/** @param items ids of the definition's items, in the order in which rows bring their values */
export function rowReader(definition: ResourceDefinition, items: readonly string[]): RowReader {
  const at = new Map(items.map((id, position) => [id, position]))
  const columns = definition.items.map((item) => ({ id: item.id, check: checkOf(item), position: at.get(item.id) ?? -1 }))
  const keyColumns = definition.key.map((id) => definition.items.findIndex((item) => item.id === id))
  const quality = definition.rules && definition.rules.length > 0 ? qualityOf(definition) : undefined
  const keyChecks = keyColumns.flatMap((column) => columns[column]?.check ?? [])
  return {
    read(values) {
      const canonical = new Array<string | null>(columns.length)
      let problems: ValueProblem[] | undefined
      let text = ''
      for (let i = 0; i < columns.length; i++) {
        // biome-ignore lint/style/noNonNullAssertion: within the length, once for every value of every record
        const { id, check, position } = columns[i]!
        const value = check(position < 0 ? null : values[position])
        if (typeof value === 'string') {
          canonical[i] = value
          // With its length: no value can look like the beginning of the next.
          text += `${id}:${value.length}:${value}`
        } else if (value === null) canonical[i] = null
        else {
          problems ??= []
          problems.push(value)
        }
      }
      if (problems) return problems
      const faults = quality?.(canonical)
      if (faults && faults.length > 0) return faults
      return {
        key: keyText(keyColumns.map((column) => canonical[column] ?? '')),
        values: canonical,
        hash: hash('sha256', text, 'hex').slice(0, 32),
      }
    },
    readKey: (values) => checkedKey(keyChecks, values),
    keyOf(values) {
      const found = checkedKey(
        keyChecks,
        definition.key.map((id) => values[at.get(id) ?? -1]),
      )
      return Array.isArray(found) ? null : found.key
    },
  }
}

function checkedKey(checks: readonly Check[], raw: readonly unknown[]): CheckedKey | ValueProblem[] {
  const found = checks.map((check, i) => check(raw[i]))
  const problems = found.filter((one) => typeof one === 'object' && one !== null)
  if (problems.length > 0) return problems
  const values = found.filter((one) => typeof one === 'string')
  return { key: keyText(values), values }
}

/** One key value stands for itself; several are told apart whatever they contain. */
export function keyText(values: readonly string[]): string {
  const [only = ''] = values
  return values.length === 1 ? only : JSON.stringify(values)
}

const ESCAPED = /[\\\t\n\r]/
const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' }

/** A field of PostgreSQL's COPY in text format. */
export function copyField(value: string | null): string {
  if (value === null) return '\\N'
  return ESCAPED.test(value) ? value.replace(/[\\\t\n\r]/g, (one) => ESCAPES[one] ?? one) : value
}
