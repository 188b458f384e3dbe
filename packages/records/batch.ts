import { hash } from 'node:crypto'
import type { ValueProblem } from './check.ts'
import type { ResourceDefinition } from './definition.ts'
import { type CheckedRow, copyField, rowReader } from './row.ts'

/**
 * The first line of a batch (批次): in which order the values of each following line stand. Then a line per record: `[…]` its values, or
 * `{"delete":[…]}` with the key values of one that is gone. Lines end with a line feed; the text is UTF-8.
 */
export interface BatchHeader {
  format: 1
  /** The version of the resource's structure that the sender knows. */
  schema: number
  items: readonly string[]
}

/** How much one batch may hold. */
export const batchLimits = { rows: 20_000, bytes: 64 * 1024 * 1024, line: 1024 * 1024 } as const

/** A line that is not taken (问题数据), to be kept with its reasons until somebody has mended it. */
export interface BadLine {
  /** In the batch, from 1, the header included: what a text editor shows. */
  line: number
  text: string
  key: string | null
  /** What the source calls the record (主键原值) where that is no key: two lines about the same one are known by it. */
  rawKey: string | null
  isDeletion: boolean
  problems: readonly ValueProblem[]
}

/** What a batch asks for, each key once: the last line about a key is the one that counts. Parallel lists, because there are many. */
export interface PreparedBatch {
  schema: number
  rows: number
  /** Lines that a later one about the same key replaced. */
  superseded: number
  upserts: { keys: string[]; hashes: string[]; copies: string[]; logs: string[]; lines: number[] }
  deletes: { keys: string[]; logs: string[]; lines: number[] }
  bad: BadLine[]
  /** Ids of items in the order of each line's values, as the header has it. */
  items: readonly string[]
  /** SM3 of the whole text, in hexadecimal digits. */
  digest: string
}

/** The batch as a whole cannot be read: nothing of it is taken. */
export class BatchProblem extends Error {
  readonly code: string
  readonly line: number | undefined
  constructor(code: string, message: string, line?: number) {
    super(message)
    this.code = code
    this.line = line
  }
}

/** Reads the header alone, for whoever must find the definition first. @throws BatchProblem */
export function batchHeader(text: string): BatchHeader {
  const end = text.indexOf('\n')
  const first = parsed(end < 0 ? text : text.slice(0, end))
  if (typeof first !== 'object' || first === null || Array.isArray(first)) throw new BatchProblem('header', '首行应为批次说明', 1)
  const { format, schema, items } = first as Record<string, unknown>
  if (format !== 1) throw new BatchProblem('format', '批次格式版本应为 1，请升级发送端', 1)
  if (!Number.isSafeInteger(schema) || (schema as number) < 1) throw new BatchProblem('header', '批次说明缺少资源结构版本', 1)
  if (!Array.isArray(items) || !items.every((id) => typeof id === 'string')) throw new BatchProblem('header', '批次说明缺少信息项次序', 1)
  if (new Set(items).size !== items.length) throw new BatchProblem('header', '批次说明中信息项重复', 1)
  return { format, schema: schema as number, items }
}

/**
 * Checks every line of a batch against the definition that its header names. A bad line is set aside and harms no other.
 * @param digest SM3 of the text, where the caller has made it from the same bytes
 * @throws BatchProblem when the batch is no batch: no header, an unknown item, too many lines
 */
export function prepareBatch(text: string, definition: ResourceDefinition, digest = hash('sm3', text, 'hex')): PreparedBatch {
  const header = batchHeader(text)
  const known = new Set(definition.items.map(({ id }) => id))
  if (header.schema > definition.version)
    throw new BatchProblem('newer-structure', `发送端按第 ${header.schema} 版结构发送，中心现为第 ${definition.version} 版`, 1)
  const foreign = header.items.find((id) => !known.has(id))
  if (foreign !== undefined)
    throw new BatchProblem('unknown-item', `资源“${definition.title}”没有信息项 ${foreign}，请更新发送端的对应关系`, 1)
  const absent = definition.key.find((id) => !header.items.includes(id))
  if (absent !== undefined) throw new BatchProblem('no-key', `批次中没有主键信息项 ${absent}`, 1)
  const gathered = gatherLines(text, definition, header)
  return { ...gathered, items: header.items, schema: header.schema, digest }
}

type Gathered = Omit<PreparedBatch, 'schema' | 'digest' | 'items'>

function gatherLines(text: string, definition: ResourceDefinition, { items }: BatchHeader): Gathered {
  const reader = rowReader(definition, items)
  const last = new Map<string, Line>()
  const bad: BadLine[] = []
  let rows = 0
  let superseded = 0
  for (let from = text.indexOf('\n') + 1, number = 2; from > 0 && from < text.length; number++) {
    const found = text.indexOf('\n', from)
    const end = found < 0 ? text.length : found
    if (end > from) {
      if (++rows > batchLimits.rows) throw new BatchProblem('too-many-rows', `一个批次至多 ${batchLimits.rows} 条`, number)
      const line = lineOf(text.slice(from, end), number, items, reader, definition.key)
      if ('problems' in line) bad.push(line)
      else {
        // Put in anew: a key stands where its last line stands, so that the order of what happened is kept.
        if (last.delete(line.key)) superseded++
        last.set(line.key, line)
      }
    }
    from = end + 1
  }
  return { rows, superseded, ...parted(last), bad }
}

type Line = { key: string; number: number; row: CheckedRow; isPlain: boolean } | { key: string; number: number; gone: string }

function lineOf(
  text: string,
  number: number,
  items: readonly string[],
  reader: ReturnType<typeof rowReader>,
  keyItems: readonly string[],
): Line | BadLine {
  const bad = (rule: string, message: string): BadLine => ({
    ...{ line: number, text: text.slice(0, 2000), key: null, rawKey: null, isDeletion: false },
    problems: [{ item: '', rule, message }],
  })
  if (text.length > batchLimits.line) return bad('line', `一条记录至多 ${batchLimits.line} 字节`)
  const value = parsed(text)
  if (Array.isArray(value)) {
    if (value.length !== items.length) return bad('shape', `应有 ${items.length} 个值，实有 ${value.length} 个`)
    const row = reader.read(value)
    // JSON writes with a backslash whatever COPY would.
    if (!Array.isArray(row)) return { key: row.key, number, row, isPlain: !text.includes('\\') }
    const key = reader.keyOf(value)
    const rawKey = key === null ? rawKeyOf(keyItems.map((id) => value[items.indexOf(id)])) : null
    return { line: number, text, key, rawKey, isDeletion: false, problems: row }
  }
  if (typeof value === 'object' && value !== null && 'delete' in value && Array.isArray(value.delete)) {
    const found = reader.readKey(value.delete)
    if (Array.isArray(found)) return { line: number, text, key: null, rawKey: rawKeyOf(value.delete), isDeletion: true, problems: found }
    return { key: found.key, number, gone: JSON.stringify(['d', ...found.values]) }
  }
  return bad('shape', '不是一条记录')
}

/** Long ones are no keys of any source, and stand in an index. */
const LONGEST_RAW_KEY = 500

function rawKeyOf(values: readonly unknown[]): string | null {
  if (values.some((value) => value === null || value === undefined || value === '')) return null
  const text = JSON.stringify(values)
  return text.length > LONGEST_RAW_KEY ? null : text
}

function parted(last: ReadonlyMap<string, Line>): Pick<PreparedBatch, 'upserts' | 'deletes'> {
  const upserts: PreparedBatch['upserts'] = { keys: [], hashes: [], copies: [], logs: [], lines: [] }
  const deletes: PreparedBatch['deletes'] = { keys: [], logs: [], lines: [] }
  for (const line of last.values()) {
    if ('gone' in line) {
      deletes.keys.push(line.key)
      deletes.logs.push(line.gone)
      deletes.lines.push(line.number)
      continue
    }
    const { key, hash: digest, values } = line.row
    upserts.keys.push(key)
    upserts.hashes.push(digest)
    upserts.copies.push(line.isPlain ? plainLine(values) : values.map(copyField).join('\t'))
    upserts.lines.push(line.number)
    upserts.logs.push(`["u",${JSON.stringify(values).slice(1)}`)
  }
  return { upserts, deletes }
}

function plainLine(values: readonly (string | null)[]): string {
  let text = values[0] ?? '\\N'
  for (let i = 1; i < values.length; i++) text += `\t${values[i] ?? '\\N'}`
  return text
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
